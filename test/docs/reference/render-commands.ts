import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createCommand } from "../../../packages/create-customers-as-code/src/command-line";
import { commands } from "../../../packages/customers-as-code/src/cli/main";
import { code, linkPages, renderTable } from "./markdown";

type AnyCommand = ReturnType<(typeof commands)[number]["load"]>;

/** The commands of `npx customers`, by the groups of its help. */
export function renderCustomersCommands(page: string): string {
  const groups = new Map<string, string[]>();
  for (const { name, group, hasOwnHelp, load } of commands) {
    if (hasOwnHelp) continue;
    const section = renderCommand(load(), `customers ${name}`, "###", page);
    groups.set(group, [...(groups.get(group) ?? []), section]);
  }
  return [...groups]
    .flatMap(([group, sections]) => [`## ${group.replace(/:$/, "")}`, ...sections])
    .join("\n\n");
}

/** The help of `npx customers local`, and of each of its commands. */
export function renderLocalCommands(): string {
  const bin = "customers-as-code/bin.cjs";
  const own = readHelp(bin, "local");
  const [, list = ""] = /\nCommands:\n([\s\S]*?)\n\n/.exec(own) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name);
  return [
    renderHelp("##", "customers local", own),
    ...names.map((name) => renderHelp("###", `customers local ${name}`, readHelp(bin, "local", name))),
  ].join("\n\n");
}

/** The options of `npm create customers-as-code`. */
export function renderCreateCommand(page: string): string {
  return renderCommand(createCommand(), "create-customers-as-code", "##", page);
}

/** The help of the program `auth0-tenant`, which parses its command line itself. */
export function renderTenantProgram(): string {
  const bin = "auth0-tenant/bin.cjs";
  return [
    renderHelp("##", "auth0-tenant", readHelp(bin)),
    renderHelp("###", "auth0-tenant compare", readHelp(bin, "compare")),
  ].join("\n\n");
}

function readHelp(bin: string, ...args: string[]): string {
  const path = join(__dirname, "../../../packages", bin);
  return execFileSync(process.execPath, [path, ...args, "--help"], { encoding: "utf8" }).trim();
}

function renderHelp(level: string, name: string, text: string): string {
  return `${level} ${name}\n\n\`\`\`text\n${text}\n\`\`\``;
}

function renderCommand(command: AnyCommand, name: string, level: string, page: string): string {
  const help = command.createHelp();
  const argumentRows = help
    .visibleArguments(command)
    .map((argument) => [
      code(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
      help.argumentDescription(argument),
    ]);
  const optionRows = command.options
    .filter(({ hidden, long }) => !hidden && long !== "--help")
    .map((option) => [
      code(option.flags),
      // A flag that is absent is false, which needs no mention.
      `${help.optionDescription(option).replace(" (default: false)", "")}${option.mandatory ? " (required)" : ""}`,
    ]);
  const rows = [...argumentRows, ...optionRows].map(([term, description = ""]) => [
    term,
    linkPages(description, page),
  ]);
  return [
    `${level} ${name}`,
    linkPages(help.commandDescription(command), page),
    ...(rows.length > 0 ? [renderTable(["Argument or option", "Meaning"], rows)] : []),
    ...readSectionsAfterHelp(command).map((text) => `\`\`\`text\n${text}\n\`\`\``),
  ].join("\n\n");
}

/** What a command's help prints after its options, such as its examples. */
function readSectionsAfterHelp(command: AnyCommand): string[] {
  let printed = "";
  command.configureOutput({
    writeOut: (text) => {
      printed += text;
    },
  });
  command.outputHelp();
  return printed
    .slice(command.helpInformation().length)
    .split(/\n{2,}/)
    .map((section) => section.trim())
    .filter((section) => section !== "");
}
