// `npm run ci:comment -- FILE`: puts the Markdown under the pull request, in the place of what was there before.
import { readFileSync } from "node:fs";
import { runCommand, UsageError } from "../diagnostics/command";
import { demand, repositoryOf } from "./github";
import { putComment } from "./pull-request-comment";

const usage = `Usage: npm run ci:comment -- FILE

Creates the pull request's comment from the file that \`npm run ci:preview -- --comment FILE\` wrote, or updates the one that is
there already, which it knows by the file's first line.

GITHUB_TOKEN        with the permission pull-requests: write
GITHUB_REPOSITORY   such as example/customers
PR_NUMBER           of the pull request
GITHUB_API_URL      (default https://api.github.com)
`;

async function main(): Promise<void> {
  const [file, ...more] = process.argv.slice(2);
  if (file === "--help") return console.log(usage);
  if (file === undefined || more.length > 0) throw new UsageError("Name one file.");
  const number = demand(process.env, "PR_NUMBER");
  console.log(await putComment(repositoryOf(process.env), number, readFileSync(file, "utf8")));
}

void runCommand(usage, 1, main);
