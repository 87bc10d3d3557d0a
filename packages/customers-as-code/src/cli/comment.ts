import { readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { demand, repositoryOf } from "../review/github/github";
import { putComment } from "../review/github/pull-request-comment";
import { describeEnvironment, describeExamples, githubVariables } from "./options";

export const commentCommand = new Command("comment")
  .description(
    "Posts the file that customers preview or customers review wrote with --comment. If the pull request has a comment with the same first line by the token's owner, the command updates that one.",
  )
  .argument("<file>", "Markdown")
  .addHelpText(
    "after",
    describeEnvironment({
      GITHUB_TOKEN: "token with the permission pull-requests: write",
      ...githubVariables,
      PR_NUMBER: "number of the pull request",
    }),
  )
  .addHelpText("after", describeExamples("comment preview.md"))
  .action(async (file) => {
    const number = demand(process.env, "PR_NUMBER");
    console.log(await putComment(repositoryOf(process.env), number, readFileSync(file, "utf8")));
  });
