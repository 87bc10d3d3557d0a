import { generateKeyPairSync } from "node:crypto";
import { thumbprintOf } from "../../src/customers/public-key";
import { readDeployed, readLastDeployment } from "../../src/deployment/last-deployment";
import type { Removals } from "../../src/deployment/removal-limit";
import { checkRemovals } from "../../src/deployment/removals";

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
    "removalLimit: this deployment removes c2 and closes c3: 2 of 3 customers, and at most 1 may go at once (25%). Deploy it in steps; or, if you intend it: pulumi config set removalLimit 2",
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
    "removalLimit: this deployment closes c3 and suspends c1, c2: 3 of 3 customers, and at most 1 may go at once (25%). Deploy it in steps; or, if you intend it: pulumi config set removalLimit 3",
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
    `"previously: ${previously}" of ${who} renames nothing: both are deployed, and this deployment would delete ${previously}. Remove the line; close what you want to delete first.`;

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

const nothing = { unprotected: new Set<string>(), clients: {}, losses: [] };

describe("a customer that is protected", () => {
  const messages = (before: Removals["deployed"], after: Declared[], more: Partial<Removals> = {}) =>
    problems(before, after, { last: nothing, ...more });

  it("is refused to be deleted, with the file and all that can be done", () => {
    const args = { limit: "25%", ownClientId: undefined, file: "Pulumi.dev.yaml", folder: "customers" };
    const before = deployed(3, { c1: "suspended" });
    const after = [declared("c2"), declared("c3")];
    expect(checkRemovals({ deployed: before, declared: after, last: nothing, ...args })).toEqual([
      {
        file: "customers/c1.yaml",
        code: "customer-protected",
        message:
          'protect: c1 cannot be deleted because it is protected: it was deployed as "suspended" with 1 client, and no file declares it any more. Put its file back. To remove a customer, run "npx customers remove c1", merge and deploy that; then run it again, which deletes the file.',
      },
    ]);
  });

  it("is shown the new file that may be its own under another id", () => {
    const more = { file: "Pulumi.dev.yaml", folder: "customers" };
    const [one] = messages(deployed(2), [declared("c2"), declared("c1-eu")], more);
    expect(one).toContain(
      'Put its file back. If c1 has a new id (new here: customers/c1-eu.yaml), add "previously: c1" to customers/c1-eu.yaml. To remove',
    );
    const after = [declared("c3"), declared("a"), declared("b")];
    const [several] = messages(deployed(3), after, { ...more, limit: "100%" });
    expect(several).toContain(
      'If one of them has a new id (new here: customers/a.yaml, customers/b.yaml), add "previously: c1" to its file.',
    );
  });

  it("is refused if the folder has no customer at all, which may be the wrong folder", () => {
    const args = { limit: "25%", ownClientId: undefined, file: "Pulumi.dev.yaml", folder: "customers" };
    expect(checkRemovals({ deployed: deployed(2), declared: [], last: nothing, ...args })).toEqual([
      {
        file: "customers",
        code: "customers-none",
        message:
          'has no customer file, and this deployment would delete c1, c2 (2 clients), protected because they were not closing when deployed. Put their files back. To remove a customer, run "npx customers remove c1", merge and deploy that; then run it again, which deletes the file. If the files are in another folder: pulumi config set customers FOLDER',
      },
    ]);
    const closing = deployed(1, { c1: "closing" });
    expect(checkRemovals({ deployed: closing, declared: [], last: nothing, ...args })).toEqual([]);
    expect(checkRemovals({ deployed: {}, declared: [], last: nothing, ...args })).toEqual([]);
  });

  it("is refused together with others, of whom ten are named", () => {
    const [message, ...others] = messages(deployed(12), [declared("new")], { limit: "100%" });
    expect(message).toContain(
      "protect: c1, c2, c3, c4, c5, c6, c7, c8, c9, c10 and 2 more cannot be deleted because they are protected",
    );
    expect(others).toEqual([]);
  });

  it("is refused in one sentence if it is one of too many", () => {
    expect(messages(deployed(3, { c1: "closing" }), [declared("c3")])).toEqual([
      expect.stringMatching(
        /^removalLimit: this deployment removes c1, c2: 2 of 3 customers, .* removalLimit 2\. They are protected, too\. Put its file back\..* remove c2", merge and deploy/,
      ),
    ]);
  });

  it("goes once it is closing, is renamed, or was deployed without protection", () => {
    expect(messages(deployed(1, { c1: "closing" }), [])).toEqual([]);
    expect(messages(deployed(1), [declared("new", { previously: "c1" })])).toEqual([]);
    const last = { ...nothing, unprotected: new Set(["c1"]) };
    expect(messages(deployed(1), [], { last })).toEqual([]);
  });

  it("goes neither by a new status of a file that is no more, nor by being declared under another name", () => {
    expect(messages(deployed(1), [declared("c1-eu", { status: "closing" })])).toHaveLength(1);
  });
});

describe("a client of a protected customer", () => {
  const last = (clients: Record<string, { scopes: string[]; mayGo?: true }>, more = {}) => ({
    ...nothing,
    clients: { c1: clients },
    ...more,
  });
  const scopes = ["read:orders"];
  const before = { c1: { status: "active", clients: { default: "1", ci: "2" } } };
  const messages = (clients: Declared["clients"], known: ReturnType<typeof last>, id = "c1") =>
    problems(before, [declared(id, { clients, ...(id !== "c1" && { previously: "c1" }) })], { last: known });

  it("is refused to be deleted, unless it was closing", () => {
    const refusal = [
      'protect: the client c1/ci cannot be deleted because it is protected. Put its lines back. To remove it, set "closing: true", merge and deploy that; then delete its lines.',
    ];
    const known = last({ default: { scopes }, ci: { scopes } });
    expect(messages([client("default")], known)).toEqual(refusal);
    expect(messages([client("default")], known, "new")).toEqual([refusal[0]?.replace("c1/ci", "new/ci")]);
    expect(messages([client("default")], last({ default: { scopes }, ci: { scopes, mayGo: true } }))).toEqual(
      [],
    );
    expect(messages([client("default"), client("build", "ci")], known)).toEqual([]);
    expect(messages([client("default"), client("build")], known)).toEqual([
      refusal[0]?.replace(
        "lines back.",
        'lines back. If it has a new name (new here: build), add "previously: ci" to the client of that name.',
      ),
    ]);
  });

  it("is not ended by another rotation without an overlap", () => {
    const known = last({ default: { scopes }, "ci/2": { scopes }, ci: { scopes, mayGo: true } });
    const ci = (rotation: string, retiring?: string) => [
      client("default"),
      { ...client("ci"), rotation, ...(retiring !== undefined && { retiring }) },
    ];
    expect(messages(ci("3"), known)).toEqual([
      'protect: the client c1/ci/2 cannot be deleted because it is protected. Another "rotation" would end its credentials at once. Undo that; or add "retiring: 2" to a client with a secret, and the old one works until the next change.',
    ]);
    expect(messages(ci("3", "2"), known)).toEqual([]);
    expect(messages(ci("2"), known)).toEqual([]);
  });

  it("stays by a key pair instead of its secret, if its rotation is the same", () => {
    const known = last({ default: { scopes }, "ci/2": { scopes } });
    const keyed = (rotation: string) => [
      client("default"),
      { ...client("ci"), publicKey: "-----BEGIN PUBLIC KEY-----", rotation },
    ];
    expect(messages(keyed("2"), known)).toEqual([]);
    expect(messages(keyed("1"), known)).toHaveLength(1);
  });

  it("goes with a customer that was closing or is not protected, and if nothing is known of it", () => {
    const clients = [client("default")];
    const known = last({ default: { scopes }, ci: { scopes } });
    const closing = { c1: { ...before.c1, status: "closing" } };
    expect(problems(closing, [declared("c1", { status: "closing", clients })], { last: known })).toEqual([]);
    expect(messages(clients, last(known.clients.c1, { unprotected: new Set(["c1"]) }))).toEqual([]);
    expect(messages(clients, last({}))).toEqual([]);
  });
});

describe("the limit counts", () => {
  const scopes = ["read:orders", "write:orders"];
  const ids = ["c1", "c2", "c3", "c4"];
  const last = (mayGo = false) => ({
    ...nothing,
    unprotected: new Set(ids),
    clients: Object.fromEntries(
      ids.map((id) => [id, { default: { scopes, ...(mayGo && { mayGo: true as const }) } }]),
    ),
  });
  const declaredWith = (more: object) =>
    ids.map((id) => declared(id, { clients: [{ ...client("default"), scopes, ...more }] }));

  test("clients that go while their customers stay", () => {
    const another = ids.map((id) => declared(id, { clients: [{ ...client("other"), scopes }] }));
    const refusal = [
      "removalLimit: this deployment takes away the clients c1/default, c2/default, c3/default, c4/default: 4 of 4 clients, and at most 1 may go at once (25%). Deploy it in steps; or, if you intend it: pulumi config set removalLimit 4",
    ];
    expect(problems(deployed(4), another, { last: last() })).toEqual(refusal);
    expect(problems(deployed(4), another)).toEqual(refusal);
    expect(problems(deployed(4), declaredWith({ closing: true }), { last: last() })).toEqual(refusal);
    expect(problems(deployed(4), declaredWith({ closing: true }), { last: last(true) })).toEqual([]);
    expect(problems(deployed(4), declaredWith({}), { last: last() })).toEqual([]);
  });

  test("scopes that are taken from clients which stay, under a new name and another rotation too", () => {
    const refusal = [
      "removalLimit: this deployment takes scopes from clients of c1, c2, c3, c4: 4 of 4 customers, and at most 1 may go at once (25%). Deploy it in steps; or, if you intend it: pulumi config set removalLimit 4",
    ];
    const less = { scopes: ["read:orders"] };
    expect(problems(deployed(4), declaredWith(less), { last: last() })).toEqual(refusal);
    expect(
      problems(deployed(4), declaredWith({ ...less, rotation: "2", retiring: "1" }), { last: last() }),
    ).toEqual(refusal);
    const renamed = declaredWith({ ...less, name: "ci", previously: "default" });
    expect(problems(deployed(4), renamed, { last: last() })).toEqual(refusal);
    expect(
      problems(deployed(4), declaredWith({ scopes: [...scopes, "read:invoices"] }), { last: last() }),
    ).toEqual([]);
    expect(problems(deployed(4), declaredWith(less), { last: nothing })).toEqual([]);
  });

  test("several kinds by one number that is enough for all of them", () => {
    const after = declaredWith({ scopes: ["read:orders"] }).map((one) =>
      one.id === "c4" || one.id === "c3" ? { ...one, status: "suspended" as const } : one,
    );
    const both = problems(deployed(4), after, { last: last(), limit: "1" });
    expect(both.map((message) => message.slice(message.lastIndexOf(" ")))).toEqual([" 2", " 2"]);
    expect(problems(deployed(4), after, { last: last(), limit: "2" })).toEqual([]);
  });
});

describe("a change of the URL or the tokens, which cuts off every customer,", () => {
  const address = (stageName = "v1", audience = "https://a/") => ({
    ...{ domain: "example.eu.auth0.com", audience },
    gateway: { apiType: "rest", stageName },
  });
  const change = (after: Removals["address"], more: Partial<Removals> = {}, count = 4) =>
    checkRemovals({
      ...{ limit: "100%", ownClientId: undefined, file: "Pulumi.dev.yaml" },
      deployed: deployed(count),
      declared: Object.keys(deployed(count)).map((id) => declared(id)),
      last: { ...nothing, address: address() },
      address: after,
      ...more,
    });

  it("is refused whatever the removalLimit, with the customers and the ways out", () => {
    expect(change(address("v2"))).toEqual([
      {
        file: "Pulumi.dev.yaml",
        code: "address-changed",
        message:
          'stageName: "v2" instead of "v1" changes the API\'s URL for every customer: c1, c2, c3, c4 (4 clients) cannot call it until they use the new URL. Undo it: pulumi config set stageName v1. Or, if you intend it: pulumi config set --path \'approvedChanges[0]\' stageName=v2',
      },
    ]);
  });

  it("is refused of a single customer and without protection", () => {
    const last = { ...nothing, unprotected: new Set(["c1"]), address: address() };
    expect(change(address("v2"), { last }, 1)).toHaveLength(1);
  });

  it("is one problem for each setting, whose commands do not undo each other", () => {
    const both = change(address("v2", "https://b/"), { approvedChanges: ["apiType=http"] });
    expect(both.map(({ message }) => message.slice(message.indexOf("Or, ")))).toEqual([
      "Or, if you intend it: pulumi config set --path 'approvedChanges[1]' audience=https://b/",
      "Or, if you intend it: pulumi config set --path 'approvedChanges[2]' stageName=v2",
    ]);
  });

  it("needs the setting and its new value, or the word for all; another value approves nothing", () => {
    expect(change(address("v2"), { approvedChanges: ["stageName=v2"] })).toEqual([]);
    expect(change(address("v2"), { approvedChanges: ["all"] })).toEqual([]);
    expect(change(address("v3"), { approvedChanges: ["stageName=v2", "audience=v3"] })).toHaveLength(1);
  });

  it("concerns nobody before the first customer, nor those that are closing, and is unknown without outputs", () => {
    expect(change(address("v2"), {}, 0)).toEqual([]);
    expect(change(address("v2"), { deployed: deployed(2, { c1: "closing", c2: "closing" }) })).toEqual([]);
    expect(change(address("v2"), { last: nothing })).toEqual([]);
    expect(change(undefined)).toEqual([]);
  });

  it("replaces protected grants if it is the audience, and has its own code", () => {
    const [problem] = change(address("v1", "https://b/"));
    expect(problem).toMatchObject({
      code: "audience-protected",
      message:
        'audience: "https://b/" instead of "https://a/" changes the tokens of every customer: the API refuses the calls of c1, c2, c3, c4 (4 clients) until they request tokens with the new audience. Undo it: pulumi config set audience https://a/. Or, if you intend it: pulumi config set --path \'approvedChanges[0]\' audience=https://b/',
    });
    const last = { ...nothing, unprotected: new Set(["c1"]), address: address() };
    expect(change(address("v1", "https://b/"), { last }, 1)).toMatchObject([{ code: "address-changed" }]);
  });

  it("names the other ways of a tenant and of a domain name", () => {
    const [tenant] = change({ ...address(), domain: "other.eu.auth0.com" });
    expect(tenant?.message).toContain(
      "Undo it: pulumi config set auth0:domain example.eu.auth0.com. A different tenant needs a stack of its own: pulumi stack init NAME. If other.eu.auth0.com is the same tenant under a new name: pulumi config set --path 'approvedChanges[0]' auth0:domain=other.eu.auth0.com",
    );
    const customDomain = { name: "api.example.com", defaultEndpoint: false, mutualTls: false };
    const own = (more: object) => ({
      ...address(),
      gateway: { apiType: "rest", stageName: "v1", customDomain: { ...customDomain, ...more } },
    });
    const [certificates] = change(own({ mutualTls: true }), { last: { ...nothing, address: own({}) } });
    expect(certificates?.message).toMatch(
      /^customDomain\.mutualTls: .* cannot call the API until they send a certificate\. Undo the change of customDomain\. Or, .* customDomain\.mutualTls=required$/,
    );
  });
});

describe("what was lost in the last 24 hours", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
  const loss = (customer: string, hours: number, more = {}) => ({ at: hoursAgo(hours), customer, ...more });
  const suspended = (...ids: string[]) =>
    Object.keys(deployed(8)).map((id) =>
      declared(id, ids.includes(id) ? { status: "suspended" as const } : {}),
    );
  const messages = (after: Declared[], losses: ReturnType<typeof loss>[], more: Partial<Removals> = {}) =>
    problems(deployed(8, { c1: "suspended", c2: "suspended" }), after, {
      now,
      last: { ...nothing, losses },
      ...more,
    });

  it("counts together with what is lost now", () => {
    expect(messages(suspended("c1", "c2", "c3"), [loss("c1", 23), loss("c2", 1)])).toEqual([
      "removalLimit: this deployment suspends c3, after c1, c2 within 24 hours: 3 of 8 customers, and at most 2 may go at once (25%). Deploy it in steps, a day apart; or, if you intend it: pulumi config set removalLimit 3",
    ]);
  });

  it("counts no more after a day, nor once it is given back", () => {
    expect(messages(suspended("c1", "c2", "c3"), [loss("c1", 24), loss("c2", 1)])).toEqual([]);
    expect(messages(suspended("c2", "c3"), [loss("c1", 1), loss("c2", 1)])).toEqual([]);
  });

  it("refuses nothing by itself, and counts the same customer once", () => {
    const lost = [loss("c1", 1), loss("c2", 1), loss("c3", 1), loss("c9", 1)];
    expect(messages(suspended("c1", "c2"), lost)).toEqual([]);
    const closing = (id: string) => declared(id, { status: "closing" });
    const others = suspended().filter(({ id }) => id !== "c1" && id !== "c2");
    const twice = [loss("c1", 1), loss("c2", 1)];
    expect(messages([closing("c1"), closing("c2"), ...others], twice)).toEqual([]);
    expect(messages([...others.slice(1), closing("c3")], twice, { limit: "2" })).toHaveLength(1);
  });

  it("counts by kind: clients with clients, and scopes with scopes", () => {
    const two = { status: "active", clients: { default: "1", ci: "2" } };
    const before = { c1: two, c2: two };
    const known = { default: { scopes: ["read:orders"] }, ci: { scopes: ["read:orders"] } };
    const last = { ...nothing, unprotected: new Set(["c1", "c2"]), clients: { c1: known, c2: known } };
    const after = [declared("c1"), declared("c2", { clients: [client("default"), client("ci")] })];
    const check = (losses: ReturnType<typeof loss>[]) =>
      problems(before, after, { now, last: { ...last, losses } });
    expect(check([loss("c2", 1), loss("c2", 1, { client: "default", scope: "read:orders" })])).toEqual([]);
    expect(check([loss("c2", 1, { client: "old" })])).toEqual([
      expect.stringContaining("takes away the clients c1/ci, after c2/old within 24 hours: 2 of 5 clients"),
    ]);
    expect(check([loss("c2", 1, { client: "ci" })])).toEqual([]);
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
  const keyed = { ...customers.acme, keys: { default: { thumbprint: "customer" }, odd: null } };
  expect(readDeployed({ customers: { acme: keyed } })).toEqual({
    acme: { ...customers.acme, keys: { default: { thumbprint: "customer" } } },
  });
  for (const outputs of [{}, undefined, { customers: null }]) expect(readDeployed(outputs)).toEqual({});
});

test("keys that end for many clients at once are refused, and named as what they are", () => {
  const pair = () =>
    String(
      generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }),
    );
  const key = pair();
  const after = ["c1", "c2", "c3", "c4"].map((id) =>
    declared(id, { clients: [{ ...client("default"), publicKey: id < "c3" ? pair() : key }] }),
  );
  const clients = Object.fromEntries(
    Object.keys(deployed(4)).map((id) => [
      id,
      { default: { scopes: "read:orders", keys: thumbprintOf(key) } },
    ]),
  );
  const last = readLastDeployment({ lastDeployment: { clients } });
  expect(problems(deployed(4), after, { last })).toEqual([
    "removalLimit: this deployment ends the secrets or keys of the clients c1/default, c2/default at once: 2 of 4 clients, and at most 1 may go at once (25%). Deploy it in steps; or, if you intend it: pulumi config set removalLimit 2",
  ]);
});
