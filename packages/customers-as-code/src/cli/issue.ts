// `npm run ci:issue -- --title TITLE FILE`: one issue for what is wrong, kept up to date and closed when nothing is.
import { existsSync, readFileSync } from "node:fs";
import { readArguments, runCommand, UsageError } from "../problems/command";
import { repositoryOf } from "../review/github/github";
import { redact } from "../review/github/redact";
import { trackIssue } from "../review/github/tracked-issue";
import { codeBlock } from "../review/markdown";

const usage = `Usage: npm run ci:issue -- --title TITLE FILE

Opens an issue with the file's content, or updates the open issue of this title. If the file doesn't exist, the command closes the
issue. Markdown is formatted only if the file's name ends in .md.

GITHUB_TOKEN        with the permission issues: write
GITHUB_REPOSITORY   such as example/customers
GITHUB_API_URL      (default https://api.github.com)
`;

async function main(): Promise<void> {
  const { values, positionals } = readArguments({
    options: { title: { type: "string" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const [file, ...more] = positionals;
  if (!values.title || file === undefined || more.length > 0) {
    throw new UsageError("Give a title and one file.");
  }
  const text = read(file);
  // All of it, of which the issue may have a part.
  if (text !== undefined) console.log(text);
  console.log(await trackIssue(repositoryOf(process.env), values.title, text));
}

function read(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = redact(readFileSync(file, "utf8"), process.env).trimEnd();
  return file.endsWith(".md") ? text : codeBlock(text, "text");
}

void runCommand(usage, 1, main);
