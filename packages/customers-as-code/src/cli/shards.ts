import { availableParallelism } from "node:os";
import { Argument, Command, Option } from "@commander-js/extra-typings";
import { type MovePlan, planMoves, shardStacks } from "../customers/shard-placement";
import { UsageError } from "../problems/command";
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
import { collectValues, describeExamples, readCount, suggestChoices } from "./options";

const actions = ["list", "plan", "move", "preview", "up", "outputs"] as const;
type Action = (typeof actions)[number];

export const shardsCommand = new Command("shards")
  .description(
    'Works on a main stack and its shards. The setting "shards" of the stack NAME determines into how many stacks NAME-shard-1, NAME-shard-2 and so on its customers are split. docs/how-to/scale.md describes it.',
  )
  .addArgument(suggestChoices(new Argument("<action>", "what to do").choices(actions)))
  .requiredOption("--stack <name>", "the main stack")
  .addOption(
    new Option("--only <name>", "with preview and up: this one of the stacks; may be repeated")
      .argParser(collectValues)
      .conflicts("changedSince"),
  )
  .option(
    "--changed-since <commit>",
    "with preview and up: the main stack, and the shards that the changes since this Git commit affect: those of the changed customer files, and all of them if anything else changed",
  )
  .option(
    "--at-once <number>",
    "with preview and up: how many stacks are deployed at once (default: the machine's processors)",
    readCount,
  )
  .option(
    "--safe-checkpoints",
    "with up: write a shard's state at each step, and not only at its end; slower, and a kill needs no repair",
    false,
  )
  .option("--show-secrets", "with outputs: show secrets", false)
  .addHelpText(
    "after",
    `
Actions:
  list      print the names of the shards as JSON, for a matrix of CI
  plan      show which customers would move from which stack into which
  move      create stacks that are missing, and move customers from state to state; nothing in Auth0 changes
  preview   run pulumi preview on the main stack and on the shards
  up        run pulumi up on the main stack, then on the shards side by side, then on the main stack again:
            it learns from the shards which customers to deny. Without a preview, and so without the policy
            pack: customers up has both
  outputs   print the outputs of all of them, put together, as JSON`,
  )
  .addHelpText("after", describeExamples("shards plan --stack prod", "shards up --stack prod"))
  .action(async (action, options) => {
    refuseUnusedOptions(action, options);
    const { stack, only, changedSince, atOnce, safeCheckpoints, showSecrets } = options;
    const company = readCompany(stack);
    const { main } = company;
    const names = shardStacks(company);
    switch (action) {
      case "list":
        return console.log(JSON.stringify(names));
      case "plan":
        return console.log(describe(await plan(company)));
      case "move":
        return move(company);
      case "outputs": {
        const outputs = await joinOutputs([main, ...names], showSecrets);
        return console.log(JSON.stringify(outputs, null, 2));
      }
      case "preview":
      case "up": {
        const chosen = choose([main, ...names], company, only, changedSince);
        const number = atOnce ?? availableParallelism();
        const isAll = chosen.length === names.length + 1;
        return deploy(action, company, chosen, { atOnce: number, isSafe: safeCheckpoints, isAll });
      }
    }
  });

const deploying: readonly Action[] = ["preview", "up"];
/** The actions for which an option has a meaning; without a row: all of them. */
const actionsOf: Record<string, readonly Action[]> = {
  only: deploying,
  changedSince: deploying,
  atOnce: deploying,
  safeCheckpoints: ["up"],
  showSecrets: ["outputs"],
};

/** Such an option would be ignored, and the user believe otherwise. */
function refuseUnusedOptions(action: Action, given: Readonly<Record<string, unknown>>): void {
  const unused = Object.entries(actionsOf)
    .filter(([option, uses]) => Boolean(given[option]) && !uses.includes(action))
    .map(([option, uses]) => {
      const { long = option } = shardsCommand.options.find((one) => one.attributeName() === option) ?? {};
      return `${long} has no meaning with "${action}", but with "${uses.join('" and "')}".`;
    });
  if (unused.length > 0) throw new UsageError(unused.join("\n"));
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
  return lines.length === 0 ? "All customers are in the right shard." : lines.join("\n");
}

async function move(company: ShardCompany): Promise<void> {
  const { main, shards } = company;
  // A merge comes here each time: the state of a stack that never had shards stays untouched.
  if (shards === 1 && (await existingStacks(main)).length < 2) return console.log("There are no shards.");
  await ensureShards(main, shards);
  await carryOut(await plan(company), (line) => console.log(line));
  await correctOutputs(await existingStacks(main));
  console.log("All customers are in the right shard.");
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
 * A shard that has only what `npx customers repair` finds in Auth0 again writes its state once, at the end. What is in AWS is not
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
      `${describe(misplaced)}\nMove them first, which changes nothing in Auth0: npx customers shards move --stack ${main}`,
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
  if (failed.length > 0)
    throw new Error(`Failed: ${failed.join(", ")}. docs/how-to/runbook.md says what to do.`);
}
