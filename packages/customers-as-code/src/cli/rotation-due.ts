// `npm run rotation:due`: reminds of credentials that are old, and of rotations that were begun and not finished.
import { readFileSync } from "node:fs";
import {
  type CredentialTimes,
  findDue,
  readCredentialTimes,
  renderReminder,
  rotateEveryDays,
} from "../customers/due-credentials";
import { loadCustomers } from "../customers/load-customers";
import { mainOf, plainName, shardStacks } from "../customers/shards";
import { loadDocument } from "../openapi/load-document";
import { ProblemsError, readOptions, runCommand, UsageError } from "../problems/command";
import { formatProblems, type Problem } from "../problems/problem";
import { readStack } from "../stacks/stack-settings";
import { readStates } from "../stacks/stack-state";

const usage = `Usage: npm run rotation:due -- [OPTIONS]

Prints, in Markdown for an issue, which secrets and keys are older than the stack's rotateEveryDays, and which rotations
were not finished. Ends with 0 if there are none, with 1 if there are some, and with 2 if it cannot tell.

A "rotation" that is a date says how old a credential is. The ages of others are in the stack's state.

  --stack NAME      the stack whose settings and state, from "pulumi stack export", are read; its shards' states, too
  --state FILE      read the state from a file that "pulumi stack export" wrote; repeat it for shards
  --days N          instead of rotateEveryDays (default ${rotateEveryDays})
  --customers DIR   folder of the customer files (default customers)
  --openapi FILE    the API's OpenAPI document (default openapi.yaml)
  --help
`;

const text = { type: "string" } as const;
const options = {
  ...{ stack: text, days: text, customers: text, openapi: text },
  state: { ...text, multiple: true },
  help: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  const problems: Problem[] = [];
  const settings = values.stack === undefined ? {} : readStack(values.stack, problems);
  const days = Number(values.days ?? settings.rotateEveryDays ?? rotateEveryDays);
  if (!Number.isInteger(days) || days < 1)
    throw new UsageError(`--days "${values.days}" is not a number of days.`);
  const document = loadDocument(values.openapi ?? settings.openapi ?? "openapi.yaml", []);
  const scopes = Object.keys(document.api.scopes);
  // What else is wrong with the document is for a preview to say.
  if (scopes.length === 0) problems.push(...document.problems);
  const folder = values.customers ?? settings.customers ?? "customers";
  const declared = loadCustomers(folder, scopes, {
    stack: values.stack && plainName(values.stack),
  });
  problems.push(...declared.problems);
  if (problems.length > 0) throw new ProblemsError(formatProblems(problems, declared.files));

  const states = await statesOf(values, Number(settings.shards ?? 1));
  const state: Record<string, CredentialTimes> = Object.assign({}, ...states.map(readCredentialTimes));
  const today = new Date().toISOString().slice(0, 10);
  const reminder = findDue({ customers: declared.customers, state, rotateEveryDays: days, today });
  const rendered = renderReminder(reminder, days);
  console.log(rendered ?? `No secret or key is ${days} days old, and no rotation is to be finished.`);
  if (reminder.unknown.length > 0) {
    const why =
      "neither the file nor the stack's state says how old it is; give --stack, or it is not deployed yet";
    console.error(`Passed over ${reminder.unknown.join(", ")}: ${why}.`);
  }
  if (rendered !== undefined) process.exitCode = 1;
}

/** Of those stacks that have customers. */
async function statesOf(
  { stack, state }: { stack?: string; state?: string[] },
  shards: number,
): Promise<unknown[]> {
  if (state !== undefined) return state.map((file) => JSON.parse(readFileSync(file, "utf8")));
  if (stack === undefined) return [];
  const stacks = shards === 1 || mainOf(stack) !== undefined ? [stack] : shardStacks({ main: stack, shards });
  return readStates(stacks, (text): unknown => JSON.parse(text));
}

void runCommand(usage, 2, main);
