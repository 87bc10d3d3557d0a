// `npm run ci:preview`: what a deployment would do, in the customers' words, and whether anything refuses it.
import { availableParallelism } from "node:os";
import { mainOf, plainName, shardStacks } from "../customers/shards";
import { readOptions, runCommand } from "../problems/command";
import { sideBySide } from "../pulumi/side-by-side";
import { openBlankStacks } from "../review/blank-states/blank-stacks";
import { comparePullRequest } from "../review/changes/compare-pull-request";
import type { Shards } from "../review/comment/comment-text";
import { type Previewed, writePreviewed } from "../review/comment/plan-file";
import { pullRequestUsage, reportReview } from "../review/comment/report";
import { policyConfigFile, refusePolicyConfig } from "../review/guards/policy-config";
import { preview, type Target } from "../stacks/engine";
import type { Plan } from "../stacks/plan";
import { concernedShards, readCompany } from "../stacks/shard-company";
import { readStack } from "../stacks/stack-settings";
import { targetOf, targetOptions, targetUsage } from "./options";

const usage = `Usage: npm run ci:preview -- --stack NAME [OPTIONS]

Previews the stack with the policy pack, and says in Markdown what a deployment would do and what refuses it. Ends with 0 if nothing
refuses it, and with 1 if something does or if there is no plan. If the stack's customers are split into shards, the command previews
these too, side by side, and reports all of it as one.

  --changed-since REF   of the shards, only those that the differences from the Git commit concern
  --comment FILE    write the Markdown here, for \`npm run ci:comment\`, and not to the output
  --state DIR       preview without secrets, with what \`npm run ci:state\` wrote
  --plan FILE       write the plan here, for \`npm run ci:review\`, and check nothing; ends with 0 if there is a plan
${targetUsage}${pullRequestUsage}`;

const options = {
  ...targetOptions,
  comment: { type: "string" },
  "changed-since": { type: "string" },
  state: { type: "string" },
  plan: { type: "string" },
} as const;

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  const named = targetOf(values);
  // The states without secrets are in a backend of their own, which has no organizations.
  const target = values.state === undefined ? named : { ...named, stack: plainName(named.stack) };
  const shards = shardsOf(target, values["changed-since"]);
  const previewed = values.state === undefined ? target : await openBlankStacks(values.state, target);
  const { main, others } = await previewAll(previewed, shards?.concerned ?? []);
  const found: Previewed = { main, others, ...(shards && { shards }) };
  const base = process.env.PR_BASE || values["changed-since"] || "HEAD^1";
  if (values.plan === undefined) {
    return reportReview({
      previewed: found,
      changes: comparePullRequest({ ...target, base }),
      policy: refusePolicyConfig(target.policyConfig ?? policyConfigFile(target.stack)),
      comment: values.comment,
      folder: target.project,
    });
  }
  writePreviewed(values.plan, found);
  if (main.errors.length > 0) process.exitCode = 1;
}

/** Absent if the stack has none, or is one. */
function shardsOf({ stack, project }: Target, since: string | undefined): Shards | undefined {
  if (mainOf(stack) !== undefined) return undefined;
  // What is wrong with the settings, the preview says.
  if (!(Number(readStack(stack, [], project).shards) > 1)) return undefined;
  const company = readCompany(stack, project);
  const all = shardStacks(company);
  return { number: all.length, concerned: since === undefined ? all : concernedShards(company, since) };
}

/**
 * As processes side by side, starting with those that take longest. Each shard would report again what is wrong with the main stack,
 * so its plans are dropped if the main stack has errors.
 */
async function previewAll(
  target: Target,
  shards: readonly string[],
): Promise<{ main: Plan; others: Plan[] }> {
  const targets = [...shards.map((stack) => ({ ...target, stack, prefix: `[${stack}] ` })), target];
  const others = await sideBySide(targets, availableParallelism(), preview);
  const main = others.pop();
  if (!main) throw new RangeError("there is no plan of the stack itself");
  return { main, others: main.errors.length > 0 ? [] : others };
}

void runCommand(usage, 1, main);
