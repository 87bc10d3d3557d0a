// The stacks that share the customers of a company, as they are: which there are, whom their states hold, what they output.
import { z } from "zod";
import type { CustomerDeclaration } from "../customers/load-customers";
import {
  isHere,
  isPlacement,
  type MovePlan,
  placementOf,
  plainName,
  shardStack,
} from "../customers/shard-placement";
import { listFirstIds } from "../deployment/removal-limit";
import { asRecord, isRecord } from "../problems/record";
import { pluralize } from "../problems/words";
import { type Checkpoint, checkpointSchema, notArrived, urnsOf, withoutCustomers } from "./forget-customers";
import { readPulumi } from "./pulumi-cli";
import { copySettings } from "./shard-settings";
import { exportState, parseState, readStates, type StateResource } from "./stack-state";

const customerType = "customers-as-code:auth0:Customer";
const rootType = "pulumi:pulumi:Stack";

/** Names of the stack and of its shards, as far as they exist, in the order of their numbers. */
export async function existingStacks(main: string): Promise<string[]> {
  const own = plainName(main);
  const organization = main.slice(0, -own.length - 1);
  const ofOrganization = organization === "" ? [] : ["--organization", organization];
  // The CLI leaves the organization out of a name where it is the one that is meant without any.
  const existing = z
    .array(z.object({ name: z.string().transform(plainName) }))
    .parse(JSON.parse(await readPulumi(["stack", "ls", "--json", ...ofOrganization])));
  const shards = existing.flatMap(({ name }) => {
    const placement = placementOf(name, Number.MAX_SAFE_INTEGER);
    return isPlacement(placement) && placement.main === own && placement.number !== undefined
      ? [placement.number]
      : [];
  });
  const names = existing.some(({ name }) => name === own) ? [main] : [];
  return [...names, ...shards.sort((a, b) => a - b).map((number) => shardStack(main, number))];
}

/** Makes the shards that are not there yet, each with the settings of the main stack. */
export async function ensureShards(main: string, shards: number): Promise<void> {
  if (shards === 1) return;
  const existing = await existingStacks(main);
  if (!existing.includes(main))
    throw new Error(`There is no stack ${main}. Create it with: pulumi stack init ${main}`);
  for (let number = 1; number <= shards; number += 1) {
    const name = shardStack(main, number);
    copySettings(main, name);
    if (!existing.includes(name)) await readPulumi(["stack", "init", name, "--no-select"]);
  }
}

/** By stack: the resources of its state. */
export async function readResources(stacks: readonly string[]): Promise<Map<string, StateResource[]>> {
  const resources = await readStates(stacks, parseState);
  return new Map(stacks.map((stack, at) => [stack, resources[at] ?? []]));
}

/** By stack: ids of the customers that its state holds. */
export function locateCustomers(
  states: ReadonlyMap<string, readonly StateResource[]>,
): Map<string, string[]> {
  return new Map(
    [...states].map(([stack, resources]) => [
      stack,
      resources.filter(({ type }) => type === customerType).map(({ name }) => name),
    ]),
  );
}

/** Carries out a plan: the states change, and nothing else. What was broken off before goes on. */
export async function carryOut(plan: MovePlan, say: (line: string) => void): Promise<void> {
  // One after the other: a move changes two states.
  for (const { from, to, customers } of plan.forgets) {
    say(`${from} forgets ${customers.length} that have arrived in ${to}`);
    const checkpoint = await readCheckpoint(from);
    const absent = notArrived(checkpoint, await readCheckpoint(to), customers);
    if (absent.length > 0) throw new Error(describeAbsent(absent, from, to));
    await writeCheckpoint(from, withoutCustomers(checkpoint, customers));
  }
  const states = await readResources([...new Set(plan.moves.map(({ from }) => from))]);
  for (const { from, to, customers } of plan.moves) {
    say(`${from} → ${to}: ${pluralize(customers.length, "customer")}`);
    const urns = urnsOf(states.get(from) ?? [], customers);
    await readPulumi(["state", "move", "--source", from, "--dest", to, "--yes", ...urns]);
  }
}

function describeAbsent(customers: readonly string[], from: string, to: string): string {
  const what = `${listFirstIds(customers)}: in the states of ${from} and of ${to}, but ${to} has another organization or none, as happens if ${to} was deployed before the move`;
  return `${what}. Remove from ${to} what is not in Auth0 (pulumi state delete URN --target-dependents --stack ${to}), and move again.`;
}

async function readCheckpoint(stack: string): Promise<Checkpoint> {
  return checkpointSchema.parse(JSON.parse(await exportState(stack)));
}

async function writeCheckpoint(stack: string, checkpoint: Checkpoint): Promise<void> {
  await readPulumi(["stack", "import", "--stack", stack], { input: JSON.stringify(checkpoint) });
}

/**
 * Has the outputs of each stack name the customers that its state holds, which a deployment is held against
 * (packages/customers-as-code/src/deployment/guard-removals.ts); moving resources does not.
 */
export async function correctOutputs(stacks: readonly string[]): Promise<void> {
  const checkpoints = new Map<string, Checkpoint>();
  const known: Record<string, unknown> = {};
  const clients: Record<string, unknown> = {};
  for (const stack of stacks) {
    const checkpoint = await readCheckpoint(stack);
    checkpoints.set(stack, checkpoint);
    const root = checkpoint.deployment.resources?.find(({ type }) => type === rootType);
    Object.assign(known, asRecord(root?.outputs?.customers));
    Object.assign(clients, asRecord(asRecord(root?.outputs?.lastDeployment).clients));
  }
  for (const [stack, checkpoint] of checkpoints) {
    const resources = checkpoint.deployment.resources ?? [];
    const root = resources.find(({ type }) => type === rootType);
    if (!root) continue;
    const held = parseState(JSON.stringify(checkpoint))
      .filter(({ type }) => type === customerType)
      .map(({ name }) => name);
    const before = Object.keys(asRecord(root.outputs?.customers));
    if (before.length === held.length && held.every((id) => before.includes(id))) continue;
    const customers = held.map((id) => [id, known[id] ?? { status: "active", clients: {} }]);
    const last = asRecord(root.outputs?.lastDeployment);
    const theirs = held.flatMap((id) => (Object.hasOwn(clients, id) ? [[id, clients[id]]] : []));
    root.outputs = {
      ...root.outputs,
      customers: Object.fromEntries(customers),
      lastDeployment: { ...last, clients: Object.fromEntries(theirs) },
    };
    await writeCheckpoint(stack, checkpoint);
  }
}

/** The outputs of the shards put together: of each customer, those of its own stack. */
export async function joinOutputs(
  stacks: readonly string[],
  withSecrets: boolean,
): Promise<Record<string, unknown>> {
  const together: Record<string, unknown> = {};
  for (const stack of stacks) {
    const args = ["stack", "output", "--json", "--stack", stack, ...(withSecrets ? ["--show-secrets"] : [])];
    for (const [name, value] of Object.entries(asRecord(JSON.parse(await readPulumi(args))))) {
      const before = together[name];
      together[name] = isRecord(before) && isRecord(value) ? { ...before, ...value } : (value ?? before);
    }
  }
  return together;
}

/** The stacks whose customers are among those. */
export function stacksOf(
  customers: readonly Pick<CustomerDeclaration, "id" | "previously">[],
  main: string,
  shards: number,
): string[] {
  const all = Array.from({ length: shards }, (_, n) => ({ main, number: n + 1, shards }));
  return all
    .filter((placement) => customers.some((customer) => isHere(customer, placement)))
    .map(({ number }) => shardStack(main, number));
}
