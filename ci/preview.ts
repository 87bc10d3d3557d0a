// `npm run ci:preview`: what a deployment would do, in the customers' words, and whether anything refuses it.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { concernedShards, readCompany } from "../customers/shard-company";
import { mainOf, shardStacks } from "../customers/shards";
import { sideBySide } from "../customers/side-by-side";
import { readStack } from "../customers/stack-settings";
import { readOptions, runCommand } from "../diagnostics/command";
import type { Shards } from "./comment-text";
import { preview, type Target } from "./engine";
import { checkImportedDeliveries } from "./guard-imports";
import { checkPlan } from "./guards";
import { targetOf, targetOptions, targetUsage } from "./options";
import { checkChangedFiles } from "./owners-of-changes";
import { joinPlans, type Plan } from "./plan";
import { describe, isRefused, logRefusals, ownClientId } from "./report";

const usage = `Usage: npm run ci:preview -- --stack NAME [OPTIONS]

Previews the stack with the policy pack, and says in Markdown what a deployment would do and what refuses it. Ends with 0 where
nothing does, and with 1 where something does, or where there is no plan. Where the stack's customers are split into shards,
these are previewed too, side by side, and all of it is told as one.

  --changed-since REF   of the shards only those that what differs from the Git commit concerns
  --comment FILE    write the Markdown here, for \`npm run ci:comment\`, and not to the output
${targetUsage}
PR_AUTHOR          login of the pull request's author; without it nobody's ownership of files is checked
PR_BASE            commit that the changes are against (default HEAD^1, the base of GitHub's merge commit)
PR_APPROVED_BY     logins of those who approve of it, with spaces between them
CODEOWNERS_TEAMS   JSON: logins by team, such as {"@example/platform": ["jane"]}
MOESIF_MANAGEMENT_API_KEY   with which Moesif is asked when it last saw those who go
`;

const options = {
  ...targetOptions,
  comment: { type: "string" },
  "changed-since": { type: "string" },
} as const;

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  const target = targetOf(values);
  const shards = shardsOf(target, values["changed-since"]);
  const { main, others } = await previewAll(target, shards?.concerned ?? []);
  const plan = joinPlans(main, others);
  const refusals = [
    // As the deployment will be checked: each stack by itself.
    ...[main, ...others].flatMap((one) => checkPlan(one, ownClientId(one))),
    ...checkChangedFiles(process.env),
    ...checkImportedDeliveries(
      process.env,
      readStack(target.stack, [], target.project).customers ?? "customers",
    ),
  ];
  logRefusals(refusals);
  const comment = await describe({ plan, refusals, ...(shards && { shards }) });
  if (values.comment === undefined) console.log(`\n${comment}`);
  else writeFileSync(values.comment, comment);
  if (isRefused(plan, refusals)) process.exitCode = 1;
}

/** Absent where the stack has none, or is one. */
function shardsOf({ stack, project }: Target, since: string | undefined): Shards | undefined {
  if (mainOf(stack) !== undefined) return undefined;
  // What is wrong with the settings, the preview says.
  if (!(Number(readStack(stack, [], project).shards) > 1)) return undefined;
  const company = readCompany(stack, project);
  const all = shardStacks(company);
  return { number: all.length, concerned: since === undefined ? all : concernedShards(company, since) };
}

/**
 * As processes side by side, those first that take longest. What the stack itself finds wrong each of the shards would tell again,
 * so that nothing of them is kept then.
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
