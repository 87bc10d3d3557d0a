// `npm run shards`: the stacks that share the customers of a company, deployed side by side.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { readArguments, runCommand, UsageError } from "../diagnostics/command";
import { formatProblems } from "../diagnostics/problem";
import { record } from "../diagnostics/record";
import { parseSource } from "../diagnostics/source";
import { type CustomerDeclaration, idOf, readCustomerFiles } from "./load";
import { runPulumi } from "./pulumi-cli";
import {
  carryOut,
  correctOutputs,
  ensureShards,
  existingStacks,
  joinOutputs,
  locate,
  readStates,
  stacksOf,
} from "./shard-stacks";
import { type MovePlan, planMoves, shardStack } from "./shards";

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
  --changed-since REF   only the shards whose customer files differ from those of the Git commit
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

interface Company {
  main: string;
  shards: number;
  folder: string;
  declared: (Pick<CustomerDeclaration, "id" | "previously"> & { isDelivered: boolean })[];
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments({ options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help) return console.log(usage);
  if (command === undefined || rest.length > 0) throw new UsageError("One command is wanted.");
  if (values.stack === undefined) throw new UsageError("--stack is missing.");
  const company = readCompany(values.stack);
  const { main, shards } = company;
  const names = shards === 1 ? [] : Array.from({ length: shards }, (_, n) => shardStack(main, n + 1));
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

/** By the settings of the main stack. */
function readCompany(stack: string): Company {
  const file = `Pulumi.${stack}.yaml`;
  if (!existsSync(file)) throw new Error(`${file} does not exist: name the main stack with --stack.`);
  const config = record(record(parseSource(file, readFileSync(file, "utf8")).value).config);
  const setting = (key: string, standard: string) => String(config[`customers-as-code:${key}`] ?? standard);
  const folder = setting("customers", "customers");
  const shards = Number(setting("shards", "1"));
  if (!Number.isInteger(shards) || shards < 1)
    throw new Error(`${file}: shards must be a whole number from 1.`);
  const { files, problems } = readCustomerFiles(folder);
  if (problems.length > 0) throw new Error(formatProblems(problems, 0));
  // Whether the files are right is for a preview to say: here their names are what matters.
  const declared = files.map(({ name, text }) => {
    const { previously } = record(parseSource(name, text).value);
    // For any stack: at worst its shard is written a little more often.
    const isDelivered = /^\s*delivery:/m.test(text);
    return { id: idOf(name), isDelivered, ...(typeof previously === "string" && { previously }) };
  });
  return { main: stack, shards, folder, declared };
}

async function plan({ main, shards, declared }: Company): Promise<MovePlan> {
  const located = locate(await readStates(await existingStacks(main)));
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

async function move(company: Company): Promise<void> {
  const { main, shards } = company;
  await ensureShards(main, shards);
  await carryOut(await plan(company), (line) => console.log(line));
  await correctOutputs(await existingStacks(main));
  console.log("Everyone is where they belong.");
}

function choose(
  stacks: readonly string[],
  { main, shards, folder, declared }: Company,
  only: readonly string[] | undefined,
  since: string | undefined,
): string[] {
  const unknown = only?.find((name) => !stacks.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`There is no stack ${unknown}. There are: ${stacks.join(", ")}.`);
  if (only) return [...only];
  if (since === undefined) return [...stacks];
  const changed = execFileSync("git", ["diff", "--name-only", since, "--", folder], { encoding: "utf8" });
  const ids = new Set(
    changed
      .split("\n")
      .filter(Boolean)
      .map((file) => idOf(basename(file))),
  );
  // A file that is gone says no longer what its customer was called before: it stays where its own name puts it.
  const touched = [
    ...declared.filter(({ id }) => ids.has(id)),
    ...[...ids].filter((id) => !declared.some((one) => one.id === id)).map((id) => ({ id })),
  ];
  return [main, ...stacksOf(touched, main, shards)];
}

/**
 * A shard that has only what `npm run repair` finds in Auth0 again writes its state once, at the end. What is in AWS is not
 * found so: the main stack, and a shard whose customers' secrets are delivered, write each step.
 */
async function deploy(
  command: "preview" | "up",
  company: Company,
  chosen: readonly string[],
  { atOnce, isSafe, isAll }: { atOnce: number; isSafe: boolean; isAll: boolean },
): Promise<void> {
  const { main, shards: count } = company;
  // For some of the stacks it is left to the program (auth0/placement.ts), since it takes a look into every state.
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
  const sideBySide = async (stacks: readonly string[]) => {
    const queue = stacks.values();
    const work = async () => {
      for (const stack of queue) await run(stack);
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, stacks.length) }, work));
  };
  const shards = chosen.filter((stack) => stack !== main);
  if (command === "preview") await sideBySide(chosen);
  else {
    const hasMain = chosen.includes(main);
    if (hasMain) await run(main);
    if (failed.length === 0) await sideBySide(shards);
    if (failed.length === 0 && hasMain && shards.length > 0) await run(main);
  }
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(", ")}. docs/runbook.md says what to do.`);
}

void runCommand(usage, 1, main);
