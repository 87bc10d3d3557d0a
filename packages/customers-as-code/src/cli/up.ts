// `npm run ci:up`: deploys what is merged unless something refuses it.
import { appendFileSync } from "node:fs";
import { readOptions, runCommand } from "../problems/command";
import { describePlan, isRefused, logRefusals, ownClientId } from "../review/comment/report";
import { checkDeploymentPlan } from "../review/guards/guards";
import { policyConfigFile, refusePolicyConfig } from "../review/guards/policy-config";
import { deploy, preview } from "../stacks/engine";
import { targetOf, targetOptions, targetUsage } from "./options";

const usage = `Usage: npm run ci:up -- --stack NAME [OPTIONS]

Previews the stack again, since much may have changed after the pull request's preview, and deploys it unless something refuses it.
Ends with 0 if everything is deployed, and with 1 if not.

  --summary FILE    file to which a report in Markdown is appended, such as GITHUB_STEP_SUMMARY
${targetUsage}`;

const options = { ...targetOptions, summary: { type: "string" } } as const;

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  const target = targetOf(values);
  const before = await preview(target);
  const refusals = [
    ...checkDeploymentPlan(before, ownClientId(before)),
    ...refusePolicyConfig(target.policyConfig ?? policyConfigFile(target.stack)),
  ];
  logRefusals(refusals);
  const isDone = !isRefused(before, refusals);
  const plan = isDone ? await deploy(target) : before;
  const said = await describePlan({ plan, refusals, isDone }, target.project);
  if (values.summary === undefined) console.log(`\n${said}`);
  else appendFileSync(values.summary, said);
  if (isRefused(plan, refusals)) process.exitCode = 1;
}

void runCommand(usage, 1, main);
