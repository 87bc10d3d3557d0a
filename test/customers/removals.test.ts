import { checkRemovals, type Removals, readDeployed } from "../../customers/removals";

type Declared = Removals["declared"][number];

const client = (name: string, previously?: string) => ({
  name,
  scopes: ["read:orders"],
  closing: false,
  rotation: "1",
  ...(previously !== undefined && { previously }),
});

function declared(id: string, more: Partial<Declared> = {}): Declared {
  return { id, status: "active", clients: [client("default")], ...more };
}

/** A deployment of customers `c1` to `cN`, all active but those of another status. */
function deployed(count: number, statuses: Record<string, string> = {}) {
  const ids = Array.from({ length: count }, (_, index) => `c${index + 1}`);
  return Object.fromEntries(
    ids.map((id) => [id, { status: statuses[id] ?? "active", clients: { default: `client-${id}` } }]),
  );
}

function problems(before: Removals["deployed"], after: Declared[], more: Partial<Removals> = {}): string[] {
  const args = { limit: "25%", ownClientId: "client-of-pulumi", file: "Pulumi.dev.yaml", ...more };
  return checkRemovals({ deployed: before, declared: after, ...args }).map(({ message }) => message);
}

/** Whether the deployment is refused that keeps the last of the customers. */
const keeping = (count: number, kept: number, limit: string) =>
  problems(
    deployed(count),
    Object.keys(deployed(count))
      .slice(count - kept)
      .map((id) => declared(id)),
    { limit },
  ).length > 0;

const limits: [count: number, kept: number, limit: string, isRefused: boolean][] = [
  [8, 8, "25%", false],
  [8, 6, "25%", false],
  [8, 5, "25%", true],
  [7, 6, "25%", false],
  [7, 5, "25%", true],
  [3, 2, "25%", false],
  [3, 1, "25%", true],
  [1, 0, "25%", false],
  [4, 3, "0%", false],
  [4, 0, "100%", false],
  [8, 3, "5", false],
  [8, 2, "5", true],
  [8, 7, "0", true],
  [0, 0, "0", false],
];

test.each(limits)(
  "of %i customers, %i may be kept with the limit %p: refused is %p",
  (count, kept, limit, isRefused) => {
    expect(keeping(count, kept, limit)).toBe(isRefused);
  },
);

test("the refusal names customers, numbers, limit and the way out", () => {
  expect(problems(deployed(3), [declared("c1"), declared("c3", { status: "closing" })])).toEqual([
    "removalLimit: this deployment removes c2 and closes c3: 2 of 3 customers, where at most 1 may go at once (25%). Deploy it in steps; or, if it is meant: pulumi config set removalLimit 2",
  ]);
});

test("of many customers it names ten", () => {
  const [message] = problems(deployed(20), []);
  expect(message).toContain("removes c1, c2, c3, c4, c5, c6, c7, c8, c9, c10 and 10 more: 20 of 20");
});

test("who was closing already does not close again, but goes when its file does", () => {
  const before = deployed(3, { c1: "closing", c2: "closing" });
  const closing = [declared("c1", { status: "closing" }), declared("c2", { status: "closing" })];
  expect(problems(before, [...closing, declared("c3")])).toEqual([]);
  expect(problems(before, [declared("c3")])).toHaveLength(1);
});

test("who is suspended counts as who is closed does, and new customers do not count, whatever their status", () => {
  const suspended = ["c1", "c2"].map((id) => declared(id, { status: "suspended" }));
  const after = [
    ...suspended,
    declared("c3", { status: "closing" }),
    declared("c4", { status: "suspended" }),
  ];
  expect(problems(deployed(3), after)).toEqual([
    "removalLimit: this deployment closes c3 and suspends c1, c2: 3 of 3 customers, where at most 1 may go at once (25%). Deploy it in steps; or, if it is meant: pulumi config set removalLimit 3",
  ]);
  const before = deployed(3, { c1: "suspended", c2: "suspended", c3: "closing" });
  expect(problems(before, after, { limit: "0" })).toEqual([]);
});

test("a renamed customer is kept, and closes under its new name", () => {
  const renamed = declared("new", { previously: "c1" });
  expect(problems(deployed(1), [renamed], { limit: "0" })).toEqual([]);
  const [message] = problems(deployed(1), [{ ...renamed, status: "closing" }], { limit: "0" });
  expect(message).toContain("closes new: 1 of 1");
});

describe("an old name that is somebody's own hides no removal:", () => {
  const refusal = (who: string, previously: string) =>
    `"previously: ${previously}" of ${who} renames nothing: both are deployed, and this deployment would delete ${previously}. Drop the line; what is to go must be closing first.`;

  test("a customer's", () => {
    const after = [declared("c1", { previously: "c2" }), declared("c3", { previously: "c4" })];
    expect(problems(deployed(4), after, { limit: "100%" })).toEqual([
      refusal("the customer c1", "c2"),
      refusal("the customer c3", "c4"),
    ]);
  });

  test("a client's, under its customer's new id too", () => {
    const before = { c1: { status: "active", clients: { default: "client-c1", ci: "client-of-ci" } } };
    const clients = [client("default", "ci")];
    const expected = (id: string) => [refusal(`the client ${id}/default`, "ci")];
    expect(problems(before, [declared("c1", { clients })])).toEqual(expected("c1"));
    expect(problems(before, [declared("new", { previously: "c1", clients })])).toEqual(expected("new"));
  });

  test("the line that stays for a while after a rename is none", () => {
    const after = declared("c1", { previously: "old", clients: [client("default", "older")] });
    expect(problems(deployed(1), [after])).toEqual([]);
  });
});

describe("the client that Pulumi itself uses", () => {
  const own = { ownClientId: "client-c1" };

  it("must not go with its customer, nor by itself", () => {
    const message =
      'auth0:clientId: this deployment deletes the client "default" of c1, with which Pulumi itself signs in to Auth0. Give Pulumi another client first (auth0:clientId or AUTH0_CLIENT_ID).';
    expect(problems(deployed(2), [declared("c2")], own)).toEqual([message]);
    expect(problems(deployed(2), [declared("c1", { clients: [client("ci")] }), declared("c2")], own)).toEqual(
      [message],
    );
  });

  it("may be renamed, and stay", () => {
    expect(problems(deployed(1), [declared("c1")], own)).toEqual([]);
    expect(problems(deployed(1), [declared("new", { previously: "c1" })], own)).toEqual([]);
    expect(problems(deployed(1), [declared("c1", { clients: [client("ci", "default")] })], own)).toEqual([]);
  });

  it("must not end as a secret that was rotated, but may retire", () => {
    const rotating = { ...client("default"), rotation: "2", retiring: "1" };
    const { retiring: _, ...rotated } = rotating;
    expect(problems(deployed(1), [declared("c1", { clients: [rotating] })], own)).toEqual([]);
    const before = {
      c1: { status: "active", clients: { default: "client-new" }, retiring: { default: "client-c1" } },
    };
    expect(problems(before, [declared("c1", { clients: [rotating] })], own)).toEqual([]);
    expect(problems(before, [declared("c1", { clients: [rotated] })], own)).toEqual([
      expect.stringContaining('deletes the client "default" of c1, with which Pulumi itself signs in'),
    ]);
  });

  it("is not looked for where nobody says which it is", () => {
    const before = { c1: { status: "active", clients: {} } };
    expect(problems(before, [], { ownClientId: undefined })).toEqual([]);
  });
});

test("the stack's outputs are read, those before the first deployment too", () => {
  const customers = { acme: { organizationId: "org_1", status: "active", clients: { default: "abc" } } };
  expect(readDeployed({ customers, url: "https://x" })).toEqual({
    acme: { organizationId: "org_1", status: "active", clients: { default: "abc" } },
  });
  const rotating = { ...customers.acme, retiring: { default: "xyz" } };
  expect(readDeployed({ customers: { acme: rotating } })).toEqual({
    acme: {
      organizationId: "org_1",
      status: "active",
      clients: { default: "abc" },
      retiring: { default: "xyz" },
    },
  });
  for (const outputs of [{}, undefined, { customers: null }]) expect(readDeployed(outputs)).toEqual({});
});
