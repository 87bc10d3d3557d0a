import { appendFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { describe, isRefused, logRefusals, ownClientId } from "../review/comment/report";
import { checkPlan } from "../review/guards/guards";
import { policyConfigFile, refusePolicyConfig } from "../review/guards/policy-config";
import { deployStack, previewStack } from "../stacks/pulumi-cli";
import { commonOptions, describeExamples, targetOf } from "./options";

export const upCommand = new Command("up")
  .description(
    "Previews the stack again, since much may have changed after the pull request's preview, and deploys it unless something refuses it. Ends with 0 if everything is deployed, and with 1 if not.",
  )
  .option("--summary <file>", "file to which a report in Markdown is appended, such as GITHUB_STEP_SUMMARY")
  .addOption(commonOptions.stackOfJob)
  .addOption(commonOptions.project)
  .addOption(commonOptions.policy)
  .addHelpText("after", describeExamples("up --stack dev"))
  .action(async ({ summary, ...options }) => {
    const target = targetOf(options);
    const before = await previewStack(target);
    const refusals = [
      ...checkPlan(before, ownClientId(before)),
      ...refusePolicyConfig(target.policyConfig ?? policyConfigFile(target.stack)),
    ];
    logRefusals(refusals);
    const isDone = !isRefused(before, refusals);
    const plan = isDone ? await deployStack(target) : before;
    const report = await describe({ plan, refusals, isDone }, target.project);
    if (summary === undefined) console.log(`\n${report}`);
    else appendFileSync(summary, report);
    if (isRefused(plan, refusals)) process.exitCode = 1;
  });
