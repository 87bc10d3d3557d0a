// `npm run ci:state`: the states of a stack and of its shards without their secrets, for previews by whoever may not read these.

import { shardStacks } from "../customers/shards";
import { readOptions, runCommand, UsageError } from "../problems/command";
import { writeBlankStacks } from "../review/blank-states/blank-stacks";
import { readCompany } from "../stacks/shard-company";
import { targetOf } from "./options";

const usage = `Usage: npm run ci:state -- --stack NAME --out DIR

Writes into the folder what \`npm run ci:preview -- --state DIR\` needs, with a placeholder instead of each secret: the state of the
stack and of its shards, and the encrypted settings. Run it with access to the states' secrets.

  --out DIR         folder to write, which is new or empty, or has an earlier state
  --stack NAME      the stack (default PULUMI_STACK)
  --project DIR     folder of Pulumi.yaml (default .)
  --help
`;

const text = { type: "string" } as const;
const options = {
  stack: text,
  project: { ...text, default: "." },
  out: text,
  help: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const values = readOptions(options);
  if (values.help) {
    console.log(usage);
    return;
  }
  const { stack, project } = targetOf(values);
  if (values.out === undefined) throw new UsageError("Name the folder to write: --out DIR");
  const stacks = [stack, ...shardStacks(readCompany(stack, project))];
  const written = await writeBlankStacks(stacks, project, values.out);
  console.log(`Wrote ${written.join(", ")}, without secrets.`);
}

void runCommand(usage, 1, main);
