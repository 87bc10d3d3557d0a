// `npm run ci:comment -- FILE`: posts the Markdown as the pull request's comment, or updates the comment.
import { readFileSync } from "node:fs";
import { runCommand, UsageError } from "../problems/command";
import { repositoryOf, requireVariable } from "../review/github/github";
import { putComment } from "../review/github/pull-request-comment";

const usage = `Usage: npm run ci:comment -- FILE

Posts the file that \`npm run ci:preview\` or \`npm run ci:review\` wrote with --comment. If the pull request has a comment with the
same first line by the token's owner, the command updates that one.

GITHUB_TOKEN        with the permission pull-requests: write
GITHUB_REPOSITORY   such as example/customers
PR_NUMBER           number of the pull request
GITHUB_API_URL      (default https://api.github.com)
`;

async function main(): Promise<void> {
  const [file, ...more] = process.argv.slice(2);
  if (file === "--help") return console.log(usage);
  if (file === undefined || more.length > 0) throw new UsageError("Name one file.");
  const number = requireVariable(process.env, "PR_NUMBER");
  console.log(await putComment(repositoryOf(process.env), number, readFileSync(file, "utf8")));
}

void runCommand(usage, 1, main);
