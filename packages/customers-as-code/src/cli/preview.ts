import { availableParallelism } from "node:os";
import { Command } from "@commander-js/extra-typings";
import { mainOf, plainName, shardStacks } from "../customers/shard-placement";
import { sideBySide } from "../pulumi/side-by-side";
import { openBlankStacks } from "../review/blank-states/blank-stacks";
import { comparePullRequest } from "../review/changes/compare-pull-request";
import type { Shards } from "../review/comment/comment-text";
import { type Previewed, writePreviewed } from "../review/comment/plan-file";
import { reportReview } from "../review/comment/report";
import { refusePolicySettings } from "../review/guards/policy-config";
import { effectiveSettings } from "../settings/effective-settings";
import type { Plan } from "../stacks/plan";
import { previewStack, type Target } from "../stacks/pulumi-cli";
import { concernedShards, readCompany } from "../stacks/shard-company";
import { readStack } from "../stacks/stack-settings";
import {
  commonOptions,
  describeEnvironment,
  describeExamples,
  pullRequestVariables,
  targetOf,
} from "./options";

export const previewCommand = new Command("preview")
  .description(
    "Previews the stack with the policy pack, and describes in Markdown what a deployment would do and what refuses it. Ends with 0 if nothing refuses it, and with 1 if something does or if there is no plan. If the stack's customers are split into shards, the command previews these too, side by side, and reports all of it as one.",
  )
  .addOption(commonOptions.stackOfJob)
  .addOption(commonOptions.project)
  .addOption(commonOptions.policy)
  .addOption(commonOptions.comment)
  .option("--changed-since <commit>", "only the shards that the changes since this Git commit affect")
  .option("--state <folder>", "preview without secrets, with what customers state wrote")
  .option(
    "--plan <file>",
    "write the plan for customers review, and check nothing; ends with 0 if there is a plan",
  )
  .addHelpText("after", describeEnvironment(pullRequestVariables))
  .addHelpText("after", describeExamples("preview --stack dev"))
  .action(async ({ changedSince, comment, plan, state, ...options }) => {
    const named = targetOf(options);
    // The states without secrets are in a backend of their own, which has no organizations.
    const target = state === undefined ? named : { ...named, stack: plainName(named.stack) };
    const shards = shardsOf(target, changedSince);
    const previewed = state === undefined ? target : await openBlankStacks(state, target);
    const { main, others } = await previewAll(previewed, shards?.concerned ?? []);
    const found: Previewed = { main, others, ...(shards && { shards }) };
    const base = process.env.PR_BASE || changedSince || "HEAD^1";
    if (plan === undefined) {
      return reportReview({
        previewed: found,
        changes: comparePullRequest({ ...target, base }),
        policy: refusePolicySettings(target),
        comment,
        folder: target.project,
      });
    }
    writePreviewed(plan, found);
    if (main.errors.length > 0) process.exitCode = 1;
  });

/** Absent if the stack doesn't have any, or is one. */
function shardsOf({ stack, project }: Target, since: string | undefined): Shards | undefined {
  if (mainOf(stack) !== undefined) return undefined;
  // What is wrong with the settings, the preview says.
  if (!(effectiveSettings(readStack(stack, [], project)).shards > 1)) return undefined;
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
  const others = await sideBySide(targets, availableParallelism(), previewStack);
  const main = others.pop();
  if (!main) throw new RangeError("there is no plan of the stack itself");
  return { main, others: main.errors.length > 0 ? [] : others };
}
