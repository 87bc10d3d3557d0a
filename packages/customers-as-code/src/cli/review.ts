// `npm run ci:review`: the comment on a plan that another job has made with the pull request's own code, and what refuses it.
import { readOptions, runCommand, UsageError } from "../problems/command";
import { comparePullRequest } from "../review/changes/compare-pull-request";
import { readPreviewed } from "../review/comment/plan-file";
import { pullRequestUsage, reportReview } from "../review/comment/report";
import { policyConfigFile, refusePolicyConfigAt } from "../review/guards/policy-config";
import { targetOf } from "./options";

const usage = `Usage: npm run ci:review -- --stack NAME --plan FILE [OPTIONS]

Says in Markdown what the plan would do and what refuses it. Run it from the base's code: of the pull request it reads the plan and, in
Git, the files, and runs nothing. Ends with 0 if nothing refuses the plan, and with 1 if something does or if there is no plan.

  --plan FILE       what \`npm run ci:preview -- --plan FILE\` wrote
  --comment FILE    write the Markdown here, for \`npm run ci:comment\`, and not to the output
  --stack NAME      the stack (default PULUMI_STACK)
  --help
${pullRequestUsage}`;

const text = { type: "string" } as const;
const options = {
  stack: text,
  plan: text,
  comment: text,
  help: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.plan === undefined) throw new UsageError("Name the plan: --plan FILE");
  const { stack } = targetOf({ ...values, project: "." });
  const { PR_CHANGES, PR_BASE } = process.env;
  const head = PR_CHANGES || "HEAD";
  const changes = comparePullRequest({ stack, project: ".", base: PR_BASE || `${head}^1`, head });
  await reportReview({
    previewed: readPreviewed(values.plan, stack),
    changes,
    policy: refusePolicyConfigAt(head, policyConfigFile(stack)),
    comment: values.comment,
    folder: ".",
  });
}

void runCommand(usage, 1, main);
