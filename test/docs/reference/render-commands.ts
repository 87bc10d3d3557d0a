import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createCommand } from "../../../packages/create-customers-as-code/src/command-line";
import { commands } from "../../../packages/customers-as-code/src/cli/main";
import { createProgram as createLocalProgram } from "../../../packages/local-cloud/src/cli";
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

/** The commands of `npx customers local`, after the options that all of them have. */
export function renderLocalCommands(page: string): string {
  const program: AnyCommand = createLocalProgram();
  const own = renderCommand(program, "customers local", "##", page);
  const others = program.commands.map((command) =>
    renderCommand(command, `customers local ${command.name()}`, "###", page),
  );
  return [own, ...others].join("\n\n");
}

/** The options of `npm create customers-as-code`. */
export function renderCreateCommand(page: string): string {
  return renderCommand(createCommand(), "create-customers-as-code", "##", page);
}

/** The help of the program `auth0-tenant`, which parses its command line itself. */
export function renderTenantProgram(): string {
  const bin = join(__dirname, "../../../packages/auth0-tenant/bin.cjs");
  const help = (...args: string[]) =>
    execFileSync(process.execPath, [bin, ...args, "--help"], { encoding: "utf8" }).trim();
  const sections = [
    ["auth0-tenant", help()],
    ["auth0-tenant compare", help("compare")],
  ].map(([name, text]) => `### ${name}\n\n\`\`\`text\n${text}\n\`\`\``);
  return ["## auth0-tenant", ...sections].join("\n\n");
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
