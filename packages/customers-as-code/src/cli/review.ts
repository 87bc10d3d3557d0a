import { Command } from "@commander-js/extra-typings";
import { comparePullRequest } from "../review/changes/compare-pull-request";
import { readPreviewed } from "../review/comment/plan-file";
import { reportReview } from "../review/comment/report";
import { refusePolicySettingsAt } from "../review/guards/policy-config";
import {
  commonOptions,
  describeEnvironment,
  describeExamples,
  pullRequestVariables,
  targetOf,
} from "./options";

export const reviewCommand = new Command("review")
  .description(
    "Describes in Markdown what a plan would do and what refuses it. Another job makes the plan, with the pull request's own code. Run this command from the base's code: of the pull request it reads the plan and, in Git, the files, and runs nothing. Ends with 0 if nothing refuses the plan, and with 1 if something does or if there is no plan.",
  )
  .requiredOption("--plan <file>", "what customers preview --plan FILE wrote")
  .addOption(commonOptions.comment)
  .addOption(commonOptions.stackOfJob)
  .addHelpText("after", describeEnvironment(pullRequestVariables))
  .addHelpText("after", describeExamples("review --stack dev --plan plan.json --comment preview.md"))
  .action(async ({ plan, comment, ...options }) => {
    const { stack } = targetOf({ ...options, project: "." });
    const { PR_CHANGES, PR_BASE } = process.env;
    const head = PR_CHANGES || "HEAD";
    const changes = comparePullRequest({ stack, project: ".", base: PR_BASE || `${head}^1`, head });
    await reportReview({
      previewed: readPreviewed(plan, stack),
      changes,
      policy: refusePolicySettingsAt(head, stack),
      comment,
      folder: ".",
    });
  });
