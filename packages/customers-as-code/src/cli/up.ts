import { appendFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { describePlan, isRefused, logRefusals, ownClientId } from "../review/comment/report";
import { checkDeploymentPlan } from "../review/guards/guards";
import { refusePolicySettings } from "../review/guards/policy-config";
import { deployStack, previewStack } from "../stacks/pulumi-cli";
import { commonOptions, describeEnvironment, describeExamples, targetOf } from "./options";

export const upCommand = new Command("up")
  .description(
    "Previews the stack again, because things may have changed since the pull request's preview, and deploys it unless something refuses it. Ends with 0 if everything is deployed, and with 1 if not.",
  )
  .option("--summary <file>", "file to which a report in Markdown is appended, such as GITHUB_STEP_SUMMARY")
  .addOption(commonOptions.stackOfJob)
  .addOption(commonOptions.project)
  .addOption(commonOptions.policy)
  .addHelpText(
    "after",
    describeEnvironment({
      AUTH0_CLIENT_ID: "the client with which Pulumi manages the tenant (docs/how-to/deploy.md, step 1)",
      AUTH0_CLIENT_SECRET: "its secret",
      MOESIF_MANAGEMENT_API_KEY: "key to ask Moesif when it last saw the customers that are removed",
    }),
  )
  .addHelpText("after", describeExamples("up --stack dev"))
  .action(async ({ summary, ...options }) => {
    const target = targetOf(options);
    const before = await previewStack(target);
    const refusals = [...checkDeploymentPlan(before, ownClientId(before)), ...refusePolicySettings(target)];
    logRefusals(refusals);
    const isDone = !isRefused(before, refusals);
    const plan = isDone ? await deployStack(target) : before;
    const report = await describePlan({ plan, refusals, isDone }, target.project);
    if (summary === undefined) console.log(`\n${report}`);
    else appendFileSync(summary, report);
    if (isRefused(plan, refusals)) process.exitCode = 1;
  });
