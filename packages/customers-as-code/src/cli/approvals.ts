import { Command } from "@commander-js/extra-typings";
import { repositoryOf, requireVariable } from "../review/github/github";
import { listApprovers, listReviews } from "../review/github/reviews";
import { describeEnvironment, describeExamples, githubVariables } from "./options";

export const approvalsCommand = new Command("approvals")
  .description(
    "Prints \"approved-by=\" and the logins of the people who approve the pull request's last commit, separated by spaces, as an output of a step of GitHub Actions. The author's own approval doesn't count.",
  )
  .addHelpText(
    "after",
    describeEnvironment({
      GITHUB_TOKEN: "token with the permission pull-requests: read",
      ...githubVariables,
      PR_NUMBER: "number of the pull request",
      PR_HEAD: "its last commit",
      PR_AUTHOR: "login of its author (default: none)",
    }),
  )
  .addHelpText("after", describeExamples('approvals >> "$GITHUB_OUTPUT"'))
  .action(async () => {
    const reviews = await listReviews(repositoryOf(process.env), requireVariable(process.env, "PR_NUMBER"));
    const approving = listApprovers(reviews, requireVariable(process.env, "PR_HEAD"), process.env.PR_AUTHOR);
    console.log(`approved-by=${approving.join(" ")}`);
  });
