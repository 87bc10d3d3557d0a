import fc from "fast-check";
import {
  isHere,
  isPlacement,
  jumpHash,
  mainOf,
  placementOf,
  plainName,
  planMoves,
  shardStack,
  shardStacks,
  stackOf,
} from "../../src/customers/shard-placement";

describe("the hash", () => {
  // From the tests of the implementation that others compare theirs with: https://github.com/dgryski/go-jump
  test.each([
    [1n, 1, 0],
    [42n, 57, 43],
    [0xdead10ccn, 1, 0],
    [0xdead10ccn, 666, 361],
    [256n, 1024, 520],
  ])("puts %d of %d buckets where Lamping and Veach put it", (key, buckets, bucket) => {
    expect(jumpHash(key, buckets)).toBe(bucket);
  });
});

const ids = Array.from({ length: 10_000 }, (_, n) => `customer-${n}`);
const placeAll = (shards: number) =>
  new Map(ids.map((id) => [id, stackOf({ id }, { main: "prod", shards })]));

test.each([2, 4, 20])("%d shards have about as many customers each", (shards) => {
  const sizes = new Map<string, number>();
  for (const stack of placeAll(shards).values()) sizes.set(stack, (sizes.get(stack) ?? 0) + 1);
  expect(sizes.size).toBe(shards);
  const fair = ids.length / shards;
  for (const size of sizes.values()) expect(Math.abs(size - fair) / fair).toBeLessThan(0.15);
});

test.each([2, 4, 9, 20])("one shard more than %d takes its share, and nobody else moves", (shards) => {
  const [before, after] = [placeAll(shards), placeAll(shards + 1)];
  const moved = ids.filter((id) => before.get(id) !== after.get(id));
  expect(new Set(moved.map((id) => after.get(id)))).toEqual(new Set([shardStack("prod", shards + 1)]));
  const share = ids.length / (shards + 1);
  expect(Math.abs(moved.length - share) / share).toBeLessThan(0.15);
});

test("a customer with a new id stays where it was under its old one", () => {
  for (const id of ids.slice(0, 100)) {
    const to = { main: "prod", shards: 20 };
    expect(stackOf({ id: `${id}-new`, previously: id }, to)).toBe(stackOf({ id }, to));
  }
});

test("a stack's name says what it is", () => {
  expect(placementOf("prod", 1)).toEqual({ main: "prod", shards: 1 });
  expect(placementOf("prod", 4)).toEqual({ main: "prod", shards: 4 });
  expect(placementOf("prod-shard-3", 4)).toEqual({ main: "prod", number: 3, shards: 4 });
  expect(placementOf("prod-shard-5", 4)).toEqual({
    code: "shards-invalid",
    message: expect.stringContaining("npx customers shards move --stack prod"),
  });
  expect(placementOf("prod-shard-1", 1)).toEqual({
    code: "shards-invalid",
    message: expect.stringContaining("this stack is shard 1 of prod"),
  });
});

test("each customer is in one stack of those that there are", () => {
  for (const shards of [1, 2, 7]) {
    const stacks = ["prod", ...Array.from({ length: shards }, (_, n) => shardStack("prod", n + 1))];
    const placements = stacks.map((stack) => placementOf(stack, shards));
    for (const id of ids.slice(0, 200)) {
      const here = placements.filter((one) => isPlacement(one) && isHere({ id }, one));
      expect(here).toHaveLength(1);
    }
  }
});

describe("the plan of moves", () => {
  const declaredOf = (names: readonly string[]) => names.map((id) => ({ id }));
  const locate = (names: readonly string[], shards: number) => {
    const located = new Map<string, string[]>();
    for (const id of names) {
      const stack = stackOf({ id }, { main: "prod", shards });
      located.set(stack, [...(located.get(stack) ?? []), id]);
    }
    return located;
  };
  /** What the states hold after the plan. */
  const carryOut = (located: Map<string, string[]>, plan: ReturnType<typeof planMoves>) => {
    const after = new Map([...located].map(([stack, held]) => [stack, new Set(held)]));
    for (const { from, to, customers } of plan.moves) {
      for (const id of customers) {
        after.get(from)?.delete(id);
        after.set(to, (after.get(to) ?? new Set()).add(id));
      }
    }
    for (const { from, customers } of plan.forgets) for (const id of customers) after.get(from)?.delete(id);
    return after;
  };

  test("brings everyone where they belong, and loses and doubles nobody, from any number to any other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (from, to) => {
        const some = ids.slice(0, 100);
        const located = locate(some, from);
        const plan = planMoves(located, declaredOf(some), { main: "prod", shards: to });
        const after = carryOut(located, plan);
        const held = [...after].flatMap(([stack, names]) => [...names].map((id) => `${id} ${stack}`));
        const wanted = some.map((id) => `${id} ${stackOf({ id }, { main: "prod", shards: to })}`);
        expect(held.sort()).toEqual(wanted.sort());
      }),
    );
  });

  test("is empty where everyone is where they belong", () => {
    const plan = planMoves(locate(ids, 8), declaredOf(ids), { main: "prod", shards: 8 });
    expect(plan).toEqual({ moves: [], forgets: [] });
  });

  test("goes on where a move was broken off: what has arrived is forgotten where it came from", () => {
    const to = { main: "prod", shards: 2 };
    const target = stackOf({ id: "acme" }, to);
    const located = new Map([
      ["prod", ["acme", "globex"]],
      [target, ["acme"]],
    ]);
    const plan = planMoves(located, declaredOf(["acme", "globex"]), to);
    expect(plan.forgets).toEqual([{ from: "prod", to: target, customers: ["acme"] }]);
    expect(plan.moves).toEqual([{ from: "prod", to: stackOf({ id: "globex" }, to), customers: ["globex"] }]);
  });

  test("leaves a customer that no file declares to be removed where it is, unless its stack goes", () => {
    const gone = new Map([["prod-shard-3", ["gone"]]]);
    expect(planMoves(gone, [], { main: "prod", shards: 3 }).moves).toEqual([]);
    const to = { main: "prod", shards: 2 };
    expect(planMoves(gone, [], to).moves).toEqual([
      { from: "prod-shard-3", to: stackOf({ id: "gone" }, to), customers: ["gone"] },
    ]);
  });

  test("knows a customer by the id that it had", () => {
    const to = { main: "prod", shards: 2 };
    const plan = planMoves(new Map([["prod", ["old"]]]), [{ id: "new", previously: "old" }], to);
    expect(plan.moves).toEqual([{ from: "prod", to: stackOf({ id: "old" }, to), customers: ["old"] }]);
  });
});

test("names of stacks, with an organization or without one", () => {
  expect(shardStacks({ main: "example/prod", shards: 2 })).toEqual([
    "example/prod-shard-1",
    "example/prod-shard-2",
  ]);
  expect(shardStacks({ main: "prod", shards: 1 })).toEqual([]);
  expect(["example/prod-shard-12", "prod-shard-1", "prod", "prod-shard-0"].map(mainOf)).toEqual([
    "example/prod",
    "prod",
    undefined,
    undefined,
  ]);
  expect(["example/prod", "prod"].map(plainName)).toEqual(["prod", "prod"]);
});
