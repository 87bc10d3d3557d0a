// `npm run ci:issue -- --title TITLE FILE`: one issue for what is the matter, kept up to date and closed when it is over.
import { existsSync, readFileSync } from "node:fs";
import { readArguments, runCommand, UsageError } from "../diagnostics/command";
import { repositoryOf } from "./github";
import { codeBlock } from "./markdown";
import { redact } from "./redact";
import { trackIssue } from "./tracked-issue";
import { withoutCommands } from "./workflow-commands";

const usage = `Usage: npm run ci:issue -- --title TITLE FILE

Opens an issue with what is in the file, or updates the open one of this title. Where there is no such file, it closes the issue.
A file whose name does not end in .md is put in as it is, without its Markdown.

GITHUB_TOKEN        with the permission issues: write
GITHUB_REPOSITORY   such as example/customers
GITHUB_API_URL      (default https://api.github.com)
`;

async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    options: { title: { type: "string" } },
    allowPositionals: true,
  });
  const [file, ...more] = positionals;
  if (!values.title || file === undefined || more.length > 0) {
    throw new UsageError("Give a title and one file.");
  }
  const text = read(file);
  // All of it, of which the issue may have a part.
  if (text !== undefined) console.log(withoutCommands(text));
  console.log(await trackIssue(repositoryOf(process.env), values.title, text));
}

function read(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = redact(readFileSync(file, "utf8"), process.env).trimEnd();
  return file.endsWith(".md") ? text : codeBlock(text, "text");
}

void runCommand(usage, 1, main);
