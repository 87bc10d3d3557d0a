import { readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { utcDateOf } from "../customers/check-rotation";
import {
  type CredentialTimes,
  findDue,
  readCredentialTimes,
  reminderAsJson,
  renderReminder,
  rotateEveryDays,
} from "../customers/due-credentials";
import { loadCustomers } from "../customers/load-customers";
import { mainOf, plainName, shardStacks } from "../customers/shard-placement";
import { loadDocument } from "../openapi/load-document";
import { ProblemsError, UsageError } from "../problems/command";
import type { Problem } from "../problems/problem";
import { effectiveSettings } from "../settings/effective-settings";
import { readStack } from "../stacks/stack-settings";
import { readStates } from "../stacks/stack-state";
import { collectValues, commonOptions, describeExamples, readCount } from "./options";

const { customers, json, openapi, stack } = commonOptions;

export const rotationDueCommand = new Command("rotation-due")
  .description(
    'Prints, in Markdown for an issue, which secrets and keys are older than the stack\'s rotateEveryDays, and which rotations were not finished. A "rotation" that is a date gives the age of a credential; the ages of others are in the state of the stack and of its shards. Ends with 0 if there are none, with 1 if there are some, and with 2 if it cannot find out.',
  )
  .addOption(stack)
  .option(
    "--state <file>",
    'read the state from a file that "pulumi stack export" wrote; repeat it for shards',
    collectValues,
  )
  .option("--days <number>", `instead of rotateEveryDays (default: ${rotateEveryDays})`, readCount)
  .addOption(customers)
  .addOption(openapi)
  .addOption(json)
  .addHelpText("after", describeExamples("rotation-due --stack dev"))
  .action(async (options) => {
    const problems: Problem[] = [];
    const given = options.stack === undefined ? {} : readStack(options.stack, problems);
    const settings = effectiveSettings(given);
    const days = Number(options.days ?? given.rotateEveryDays ?? settings.rotateEveryDays);
    if (!Number.isInteger(days) || days < 1)
      throw new UsageError(`rotateEveryDays "${given.rotateEveryDays}" is not a number of days.`);
    const document = loadDocument(options.openapi ?? settings.openapi, []);
    const scopes = Object.keys(document.api.scopes);
    // A preview reports what else is wrong with the document.
    if (scopes.length === 0) problems.push(...document.problems);
    const folder = options.customers ?? settings.customers;
    const declared = loadCustomers(folder, scopes, {
      stack: options.stack && plainName(options.stack),
    });
    problems.push(...declared.problems);
    if (problems.length > 0) throw new ProblemsError(problems, declared.files);

    const states = await statesOf(options, settings.shards);
    const state: Record<string, CredentialTimes> = Object.assign({}, ...states.map(readCredentialTimes));
    const today = utcDateOf(new Date());
    const reminder = findDue({ customers: declared.customers, state, rotateEveryDays: days, today });
    const rendered = renderReminder(reminder, days);
    if (options.json) console.log(JSON.stringify(reminderAsJson(reminder, days), null, 2));
    else console.log(rendered ?? `No secret or key is ${days} days old, and no rotation is unfinished.`);
    if (reminder.unknown.length > 0) {
      const why =
        "neither the file nor the stack's state has the age. Name the stack with --stack, or deploy it first";
      console.error(`Skipped ${reminder.unknown.join(", ")}: ${why}.`);
    }
    if (rendered !== undefined) process.exitCode = 1;
  });

/** Of those stacks that have customers. */
async function statesOf(
  { stack, state }: { stack?: string | undefined; state?: string[] | undefined },
  shards: number,
): Promise<unknown[]> {
  if (state !== undefined) return state.map((file) => JSON.parse(readFileSync(file, "utf8")));
  if (stack === undefined) return [];
  const stacks = shards === 1 || mainOf(stack) !== undefined ? [stack] : shardStacks({ main: stack, shards });
  return readStates(stacks, (text): unknown => JSON.parse(text));
}
