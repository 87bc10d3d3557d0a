import { checkDeploymentPlan } from "../../../src/review/guards/guards";
import { customer, plan, settings, step } from "../../../testing/preview-events";

type Events = Parameters<typeof plan>;

const refusals = (events: Events, ownClientId?: string) =>
  checkDeploymentPlan(plan(...events), ownClientId).map(({ guard, message }) => `${guard}: ${message}`);

const kept = (...ids: string[]) => ids.map((id) => customer(id, { before: "active", after: "active" }));
const limits = (limit: string) => settings({ "customers-as-code:removalLimit": limit });
const component = (id: string) =>
  step("Customer", id, { outputs: { old: { status: "active" }, new: { status: "active" } } });
const replacement = (kind: "Organization" | "Client", name: string, diffs = ["appType"]) => [
  step(kind, name, { op: "create-replacement", old: {}, new: {}, diffs }),
  step(kind, name, { op: "replace", old: {}, new: {}, diffs }),
  step(kind, name, { op: "delete-replaced", old: {} }),
];
const replacements = [
  component("acme"),
  ...replacement("Organization", "acme", ["name"]),
  ...replacement("Client", "acme/ci"),
];

test("a customer whose organization and client would be replaced is refused, with the reason and the way out", () => {
  expect(refusals([...replacements, ...kept("b", "c", "d", "e")])).toEqual([
    "replaced customers: The organization and the client \"ci\" of acme would be replaced because of name, appType: ids and secrets become others, and those that the customer has stop working. Undo what forces it; or, if you intend it: pulumi config set --path 'replaceable[0]' acme",
  ]);
});

test("a client alone, too", () => {
  const [message] = refusals([component("acme"), ...replacement("Client", "acme/ci")]);
  expect(message).toContain('The client "ci" of acme would be replaced because of appType:');
});

test("who is replaceable may be replaced, and nobody else", () => {
  const config = settings({ "customers-as-code:replaceable": '["acme"]' });
  expect(refusals([config, ...replacements])).toEqual([]);
  const other = [component("globex"), ...replacement("Client", "globex/ci")];
  expect(refusals([config, ...other])[0]).toContain("pulumi config set --path 'replaceable[1]' globex");
});

const numbers: [what: string, events: Events, isRefused: boolean][] = [
  ["one of three is removed", [customer("a", { before: "closing" }), ...kept("b", "c")], false],
  [
    "two of three are removed",
    [customer("a", { before: "closing" }), customer("b", { before: "closing" }), ...kept("c")],
    true,
  ],
  [
    "one is removed and one closed, of three",
    [
      customer("a", { before: "closing" }),
      customer("b", { before: "active", after: "closing" }),
      ...kept("c"),
    ],
    true,
  ],
  [
    "who was closing stays so",
    [
      customer("a", { before: "closing", after: "closing" }),
      customer("b", { before: "closing" }),
      ...kept("c"),
    ],
    false,
  ],
  [
    "two of eight",
    [
      customer("a", { before: "closing" }),
      customer("b", { before: "closing" }),
      ...kept("c", "d", "e", "f", "g", "h"),
    ],
    false,
  ],
  [
    "new customers do not count",
    [
      customer("a", { before: "closing" }),
      customer("b", { after: "closing" }),
      customer("c", { after: "active" }),
    ],
    false,
  ],
  [
    "one is removed where none may be",
    [limits("0"), customer("a", { before: "closing" }), ...kept("b")],
    true,
  ],
  [
    "two are removed where two may be",
    [limits("2"), customer("a", { before: "closing" }), customer("b", { before: "closing" })],
    false,
  ],
  ["a stack without customers", [], false],
];

test.each(numbers)("%s: refused is %p", (_, events, isRefused) => {
  expect(refusals(events).length > 0).toBe(isRefused);
});

test("a share is one of the stack's own customers: of a shard, the shard's", () => {
  const events = [customer("a", { before: "closing" }), customer("b", { before: "closing" }), ...kept("c")];
  const [refusal] = checkDeploymentPlan({ ...plan(...events), stack: "example/prod-shard-2" }, undefined);
  expect(refusal?.message).toMatch(
    /^a, b: 2 of 3 customers of example\/prod-shard-2 would be removed, closed or replaced, and at most 1/,
  );
});

test("those who are replaced count among those who go", () => {
  const replaceable = settings({ "customers-as-code:replaceable": '["acme"]' });
  expect(
    refusals([replaceable, ...replacements, customer("b", { before: "closing" }), ...kept("c")]),
  ).toEqual([
    "number of customers: acme, b: 2 of 3 customers would be removed, closed or replaced, and at most 1 may go at once (25%). Deploy it in steps; or, if you intend it: pulumi config set removalLimit 2",
  ]);
});

test("those who are suspended count among those who go", () => {
  const suspended = ["a", "b"].map((id) => customer(id, { before: "active", after: "suspended" }));
  expect(refusals([...suspended, ...kept("c")])).toEqual([
    "number of customers: a, b: 2 of 3 customers would be removed, closed, suspended or replaced, and at most 1 may go at once (25%). Deploy it in steps; or, if you intend it: pulumi config set removalLimit 2",
  ]);
  const already = customer("b", { before: "closing", after: "suspended" });
  expect(refusals([...suspended.slice(0, 1), already, ...kept("c")])).toEqual([]);
});

describe("the client with which Pulumi signs in", () => {
  const portal = (op: string) =>
    step("Client", "portal", { op, id: "own", old: {}, ...(op !== "delete" && { new: {} }) });

  it.each(["delete", "replace"])("is not to go by %s", (op) => {
    expect(refusals([portal(op)], "own")).toEqual([
      "Pulumi's own client: The client portal would be deleted, with which Pulumi itself signs in to Auth0. Give Pulumi another client first (auth0:clientId or AUTH0_CLIENT_ID).",
    ]);
  });

  it("may be updated, and others may go", () => {
    expect(refusals([portal("update")], "own")).toEqual([]);
    expect(refusals([portal("delete")], "another")).toEqual([]);
    expect(refusals([portal("delete")], undefined)).toEqual([]);
  });
});
