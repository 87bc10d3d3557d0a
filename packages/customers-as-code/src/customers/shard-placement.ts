// Which stack has which customer, where the customers of a stack are split into shards: pure functions of ids and numbers.
import { createHash } from "node:crypto";
import { compareStrings, type Fault } from "../problems/problem";
import type { CustomerDeclaration } from "./load-customers";

/** What a stack is: by its name, and by how many shards there are. */
export interface Placement {
  /** Name of the stack that has the API, the portal's access and the gateway; and without shards the customers too. */
  main: string;
  /** Of this shard, from 1; absent for the main stack. */
  number?: number;
  /** How many stacks have customers: 1 where it is the main stack. */
  shards: number;
}

type Placed = Pick<CustomerDeclaration, "id" | "previously">;

/** `prod` of `example/prod`, whose first part is an organization of Pulumi Cloud's. */
export function plainName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** `prod-shard-3` is the third shard of `prod`. */
export function shardStack(main: string, number: number): string {
  return `${main}-shard-${number}`;
}

/** Names of all shards; none where the customers are the main stack's. */
export function shardStacks({ main, shards }: Omit<Placement, "number">): string[] {
  return shards === 1 ? [] : Array.from({ length: shards }, (_, n) => shardStack(main, n + 1));
}

/** Of which main stack it is a shard, by its name alone; absent where it is none. */
export function mainOf(stack: string): string | undefined {
  return shardName.exec(stack)?.[1];
}

const shardName = /^(.+)-shard-([1-9]\d*)$/;

/** @returns what is wrong instead, if the name does not go with the number of shards */
export function placementOf(stack: string, shards: number): Placement | Fault {
  const [, main, digits] = shardName.exec(stack) ?? [];
  if (main === undefined) return { main: stack, shards };
  const number = Number(digits);
  if (shards > 1 && number <= shards) return { main, number, shards };
  const message =
    shards > 1
      ? `shards is ${shards}, and this stack is shard ${number}. Move what it has: npx customers shards move --stack ${main}`
      : `shards is 1, and this stack is shard ${number} of ${main}. Set it in the settings of ${main}, or give the stack another name.`;
  return { code: "shards-invalid", message };
}

export function isPlacement(placed: Placement | Fault): placed is Placement {
  return "main" in placed;
}

/** Name of the stack that has the customer. A customer with a new id stays where it was under its old one. */
export function stackOf({ id, previously }: Placed, { main, shards }: Omit<Placement, "number">): string {
  return shards > 1 ? shardStack(main, 1 + jumpHash(keyOf(previously ?? id), shards)) : main;
}

export function isHere(customer: Placed, placement: Placement): boolean {
  const { main, number } = placement;
  return stackOf(customer, placement) === (number === undefined ? main : shardStack(main, number));
}

/**
 * Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm" (https://arxiv.org/abs/1406.2294): with one bucket
 * more, a key stays or goes into the new one, and of n + 1 buckets each gets as much.
 * @returns from 0
 */
export function jumpHash(key: bigint, buckets: number): number {
  let state = BigInt.asUintN(64, key);
  let bucket = -1;
  let next = 0;
  while (next < buckets) {
    bucket = next;
    state = BigInt.asUintN(64, state * 2862933555777941757n + 1n);
    next = Math.floor((bucket + 1) * (2 ** 31 / (Number(state >> 33n) + 1)));
  }
  return bucket;
}

function keyOf(id: string): bigint {
  return createHash("sha256").update(id).digest().readBigUInt64BE();
}

interface Move {
  from: string;
  to: string;
  /** Ids by which the state knows them, in the order of their names. */
  customers: string[];
}

export interface MovePlan {
  moves: Move[];
  /** Of moves that were broken off: the customers are where they belong, and the stacks that had them must forget them. */
  forgets: Move[];
}

/**
 * @param located ids of the customers in each stack's state
 * @param declared by the files. A customer that no file declares stays, to be removed where it is, unless its stack goes.
 */
export function planMoves(
  located: ReadonlyMap<string, readonly string[]>,
  declared: readonly Placed[],
  to: Omit<Placement, "number">,
): MovePlan {
  const byId = new Map(declared.flatMap((one) => [one.id, one.previously].map((id) => [id, one])));
  const stays = new Set(to.shards > 1 ? shardStacks(to) : [to.main]);
  const moves = new Map<string, Move>();
  const forgets = new Map<string, Move>();
  for (const [from, ids] of located) {
    for (const id of [...ids].sort(compareStrings)) {
      const customer = byId.get(id);
      if (!customer && stays.has(from)) continue;
      const target = stackOf(customer ?? { id }, to);
      if (target === from) continue;
      const planned = located.get(target)?.includes(id) ? forgets : moves;
      const key = `${from} ${target}`;
      const move = planned.get(key) ?? { from, to: target, customers: [] };
      move.customers.push(id);
      planned.set(key, move);
    }
  }
  return {
    moves: [...moves.values()],
    forgets: [...forgets.values()],
  };
}
