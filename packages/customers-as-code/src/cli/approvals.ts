// `npm run ci:approvals`: who approves of the pull request as it is now, as an output of a step of GitHub Actions.
import { readOptions, runCommand } from "../problems/command";
import { repositoryOf, requireVariable } from "../review/github/github";
import { listApprovers, listReviews } from "../review/github/reviews";

const usage = `Usage: npm run ci:approvals

Prints "approved-by=" and the logins of those who approve of the pull request's last commit, separated by spaces. The author's own
approval doesn't count.

GITHUB_TOKEN        with the permission pull-requests: read
GITHUB_REPOSITORY   such as example/customers
PR_NUMBER           number of the pull request
PR_HEAD             its last commit
PR_AUTHOR           login of its author (default none)
GITHUB_API_URL      (default https://api.github.com)
`;

async function main(): Promise<void> {
  if (readOptions({ help: { type: "boolean" } }).help) return console.log(usage);
  const reviews = await listReviews(repositoryOf(process.env), requireVariable(process.env, "PR_NUMBER"));
  const approving = listApprovers(reviews, requireVariable(process.env, "PR_HEAD"), process.env.PR_AUTHOR);
  console.log(`approved-by=${approving.join(" ")}`);
}

void runCommand(usage, 1, main);
