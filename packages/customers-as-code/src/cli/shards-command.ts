// `npm run shards`: the stacks that share the customers of a company, deployed side by side.
import { availableParallelism } from "node:os";
import { type MovePlan, planMoves, shardStacks } from "../customers/shards";
import { readArguments, runCommand, UsageError } from "../problems/command";
import { sideBySide } from "../pulumi/side-by-side";
import { runPulumi } from "../stacks/pulumi-cli";
import { concernedShards, readCompany, type ShardCompany } from "../stacks/shard-company";
import {
  carryOut,
  correctOutputs,
  ensureShards,
  existingStacks,
  joinOutputs,
  locateCustomers,
  readResources,
  stacksOf,
} from "../stacks/shard-stacks";

const usage = `Usage: npm run shards -- COMMAND --stack NAME [OPTIONS]

NAME is the main stack; its setting "shards" says into how many stacks NAME-shard-1, NAME-shard-2 and so on its customers are
split. docs/scale.md has the whole of it.

  list       names of the shards as JSON, for a matrix of CI
  plan       who would move from which stack into which
  move       makes stacks that are missing, and moves: from state to state, nothing of Auth0 changes
  preview    pulumi preview of the main stack and of the shards
  up         pulumi up of the main stack, then of the shards side by side, then of the main stack again: it learns from the
             shards whom it is to deny. Without a preview, and so without the policy pack: ci:up has both
  outputs    the outputs of all of them, put together, as JSON

  --only NAME        this one of the stacks; may be given more than once
  --changed-since REF   the main stack, and the shards that what differs from the Git commit concerns: those of the customers
                     whose files do, and all of them where anything else does
  --at-once N        how many stacks are deployed at once (default: the machine's processors)
  --safe-checkpoints write a shard's state at each step, and not at its end only; slower, and a kill needs no repair
  --show-secrets     with outputs`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const options = {
  stack: text,
  only: { type: "string", multiple: true },
  "changed-since": text,
  "at-once": text,
  "safe-checkpoints": flag,
  "show-secrets": flag,
  help: flag,
} as const;

async function main(): Promise<void> {
  const { values, positionals } = readArguments({ options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help) return console.log(usage);
  if (command === undefined || rest.length > 0) throw new UsageError("Name one command.");
  if (values.stack === undefined) throw new UsageError("--stack is missing.");
  const company = readCompany(values.stack);
  const { main } = company;
  const names = shardStacks(company);
  switch (command) {
    case "list":
      return console.log(JSON.stringify(names));
    case "plan":
      return console.log(describe(await plan(company)));
    case "move":
      return move(company);
    case "outputs": {
      const outputs = await joinOutputs([main, ...names], values["show-secrets"]);
      return console.log(JSON.stringify(outputs, null, 2));
    }
    case "preview":
    case "up": {
      const chosen = choose([main, ...names], company, values.only, values["changed-since"]);
      const atOnce = Number(values["at-once"] ?? availableParallelism());
      if (!Number.isInteger(atOnce) || atOnce < 1)
        throw new UsageError("--at-once is a whole number from 1.");
      const isAll = chosen.length === names.length + 1;
      await deploy(command, company, chosen, { atOnce, isSafe: values["safe-checkpoints"], isAll });
      return;
    }
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

async function plan({ main, shards, declared }: ShardCompany): Promise<MovePlan> {
  const located = locateCustomers(await readResources(await existingStacks(main)));
  return planMoves(located, declared, { main, shards });
}

function describe({ moves, forgets }: MovePlan): string {
  const lines = moves.map(
    ({ from, to, customers }) => `${from} → ${to} (${customers.length}): ${customers.join(", ")}`,
  );
  lines.push(
    ...forgets.map(({ from, customers }) => `${from} forgets (${customers.length}): ${customers.join(", ")}`),
  );
  return lines.length === 0 ? "Everyone is where they belong." : lines.join("\n");
}

async function move(company: ShardCompany): Promise<void> {
  const { main, shards } = company;
  // A merge comes here each time: the state of a stack that never had shards stays untouched.
  if (shards === 1 && (await existingStacks(main)).length < 2) return console.log("There are no shards.");
  await ensureShards(main, shards);
  await carryOut(await plan(company), (line) => console.log(line));
  await correctOutputs(await existingStacks(main));
  console.log("Everyone is where they belong.");
}

function choose(
  stacks: readonly string[],
  company: ShardCompany,
  only: readonly string[] | undefined,
  since: string | undefined,
): string[] {
  const unknown = only?.find((name) => !stacks.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`There is no stack ${unknown}. There are: ${stacks.join(", ")}.`);
  if (only) return [...only];
  if (since === undefined) return [...stacks];
  return [company.main, ...concernedShards(company, since)];
}

/**
 * A shard that has only what `npm run repair` finds in Auth0 again writes its state once, at the end. What is in AWS is not
 * found so: the main stack, and a shard whose customers' secrets are delivered, write each step.
 */
async function deploy(
  command: "preview" | "up",
  company: ShardCompany,
  chosen: readonly string[],
  { atOnce, isSafe, isAll }: { atOnce: number; isSafe: boolean; isAll: boolean },
): Promise<void> {
  const { main, shards: count } = company;
  // For some of the stacks it is left to the program (packages/customers-as-code/src/deployment/placement.ts), since it takes a look into every state.
  const misplaced = isAll ? await plan(company) : { moves: [], forgets: [] };
  if (misplaced.moves.length + misplaced.forgets.length > 0) {
    throw new Error(
      `${describe(misplaced)}\nMove them first, which changes nothing in Auth0: npm run shards -- move --stack ${main}`,
    );
  }
  await ensureShards(main, count);
  const inAws = stacksOf(
    company.declared.filter(({ isDelivered }) => isDelivered),
    main,
    count,
  );
  const writesEachStep = (stack: string) => isSafe || stack === main || inAws.includes(stack);
  const failed: string[] = [];
  const run = async (stack: string) => {
    const args = command === "up" ? ["up", "--yes", "--skip-preview"] : ["preview"];
    const environment: Record<string, string> = writesEachStep(stack)
      ? {}
      : { PULUMI_SKIP_CHECKPOINTS: "true" };
    const code = await runPulumi([...args, "--stack", stack], { prefix: `[${stack}] `, environment });
    if (code !== 0) failed.push(stack);
  };
  const shards = chosen.filter((stack) => stack !== main);
  if (command === "preview") await sideBySide(chosen, atOnce, run);
  else {
    const hasMain = chosen.includes(main);
    if (hasMain) await run(main);
    if (failed.length === 0) await sideBySide(shards, atOnce, run);
    if (failed.length === 0 && hasMain && shards.length > 0) await run(main);
  }
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(", ")}. docs/runbook.md says what to do.`);
}

void runCommand(usage, 1, main);
