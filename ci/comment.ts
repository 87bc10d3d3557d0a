// `npm run ci:comment -- FILE`: puts the Markdown under the pull request, in the place of what was there before.
import { readFileSync } from "node:fs";
import { runCommand, UsageError } from "../customers/target";
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
  const demand = (name: string): string => {
    const value = process.env[name];
    if (!value) throw new UsageError(`The environment has no ${name}.`);
    return value;
  };
  const pullRequest = {
    api: process.env.GITHUB_API_URL || "https://api.github.com",
    repository: demand("GITHUB_REPOSITORY"),
    number: demand("PR_NUMBER"),
    token: demand("GITHUB_TOKEN"),
  };
  console.log(await putComment(pullRequest, readFileSync(file, "utf8")));
}

void runCommand(usage, 1, main);
