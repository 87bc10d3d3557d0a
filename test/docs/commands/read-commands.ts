// The commands that README and docs show, in the order in which a reader meets them, and the output that they show.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(__dirname, "../../..");

interface ShownCommand {
  /** As a reader copies it, without a comment at its end. */
  text: string;
  line: number;
}

interface ShownOutput {
  /** Which command prints it: what `<!-- output of: COMMAND -->` before the block names. */
  of: string;
  lines: string[];
  line: number;
}

export interface Page {
  /** Of a page in docs/ only its own name, so that it may move between the folders. */
  name: string;
  path: string;
  commands: ShownCommand[];
  outputs: ShownOutput[];
  /** Lines that look like commands, in blocks that don't name the shell's language. */
  unmarked: ShownCommand[];
}

/** Pages with commands, README first. */
export function readPages(): Page[] {
  const names = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`);
  const docs = names("docs")
    .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
    .sort();
  return ["README.md", "CONTRIBUTING.md", ...packages.sort(), ...docs.map((path) => `docs/${path}`)]
    .map((path) => readPage(path, readFileSync(join(root, path), "utf8")))
    .filter(({ commands, outputs, unmarked }) => commands.length + outputs.length + unmarked.length > 0);
}

export function readPage(path: string, markdown: string): Page {
  const name = path.startsWith("docs/") ? path.slice(path.lastIndexOf("/") + 1) : path;
  const page: Page = { name, path, commands: [], outputs: [], unmarked: [] };
  for (const { language, name: block, of, lines, line } of readBlocks(markdown)) {
    if (of !== undefined) page.outputs.push({ of, lines, line });
    // `npm run test:readme` runs what has a name, as in packages/auth0-tenant/README.md.
    else if (shellLanguages.includes(language) && block === "") page.commands.push(...readBlock(lines, line));
    else if (language === "") page.unmarked.push(...readBlock(lines, line).filter(isLikeCommand));
  }
  return page;
}

const isLikeCommand = ({ text }: ShownCommand) =>
  /^(\$ |(npx?|pulumi|curl|git|aws|docker|node|python3|openssl|terraform|export|cd|mkdir) )/.test(text);

const shellLanguages = ["sh", "bash", "shell", "console", "zsh", "fish", "shell-session"];

interface Block {
  language: string;
  /** After the language. */
  name: string;
  /** Of an output. */
  of?: string;
  lines: string[];
  /** Of its first line of content. */
  line: number;
}

function readBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; indent: number; fence: string } | undefined;
  let of: string | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const [, indent = "", fence, language = "", name = ""] =
      /^(\s*)(`{3,}|~{3,})\s*([\w-]*)\s*(\S*)/.exec(line) ?? [];
    if (open) {
      if (line.trim() === open.fence) open = undefined;
      else open.block.lines.push(line.slice(open.indent));
    } else if (fence !== undefined) {
      const block: Block = { language, name, lines: [], line: index + 2, ...(of !== undefined && { of }) };
      blocks.push(block);
      open = { block, indent: indent.length, fence };
      of = undefined;
    } else {
      const [, named] = /^\s*<!-- output of: (.+) -->$/.exec(line) ?? [];
      if (named !== undefined) of = named;
      else if (line.trim() !== "") of = undefined;
    }
  }
  return blocks;
}

function readBlock(lines: readonly string[], first: number): ShownCommand[] {
  const commands: ShownCommand[] = [];
  let text = "";
  let line = first;
  for (const [index, content] of lines.entries()) {
    if (text === "") line = first + index;
    text += content;
    if (text.endsWith("\\")) text += "\n";
    else {
      const command = withoutComment(text);
      if (command !== "") commands.push({ text: command, line });
      text = "";
    }
  }
  return commands;
}

function withoutComment(text: string): string {
  const [command = ""] = /^(?:'[^']*'|"[^"]*"|[^'"])*?(?=(?:^|\s)#\s|$)/.exec(text) ?? [];
  return command.trim();
}

/** What differs from run to run: how long a step took. */
export function normalize(output: string): string[] {
  return output.split("\n").map((line) => line.replace(/ \d+\.\d s$/, "").trimEnd());
}
