// What a customer's change is called: one line for each, from the engine's events on.

import { type Context, describeCustomer } from "../../../src/review/comment/describe-customer";
import { importedClients } from "../../../src/review/comment/imported-clients";
import { changesOfCustomers } from "../../../src/review/customer-changes";
import { customer, plan, step } from "../../../testing/preview-events";

type Events = Parameters<typeof plan>;

function said(events: Events, context: Partial<Context> = {}): string[] {
  const planned = plan(...events);
  const imported = importedClients(planned);
  return changesOfCustomers(planned).flatMap((change) =>
    describeCustomer(change, { lastSeen: {}, imported, ...context }).map(({ sentence }) => sentence),
  );
}

const kept: [string[], string[]] = [["read:orders"], ["read:orders"]];
const renamed = (id: string, was: string) => [
  step("Customer", id, {
    was,
    outputs: { old: { status: "active" }, new: { status: "active" } },
  }),
  step("Organization", id, {
    was,
    op: "update",
    old: { displayName: "Globex", name: was },
    new: { displayName: "Globex", name: id },
    diffs: ["name"],
  }),
  step("Client", `${id}/ci`, { was: `${was}/ci`, op: "update", old: {}, new: {}, diffs: ["name"] }),
];
const replaced = (kind: "Organization" | "Client", name: string) => [
  step(kind, name, { op: "create-replacement", old: {}, new: {}, diffs: ["appType"] }),
  step(kind, name, { op: "replace", old: {}, new: {} }),
  step(kind, name, { op: "delete-replaced", old: {} }),
];
const active = (id: string) =>
  step("Customer", id, { outputs: { old: { status: "active" }, new: { status: "active" } } });

const sentences: [what: string, events: Events, said: string[]][] = [
  ["nobody of whom nothing changes", [customer("acme", { before: "active", after: "active" })], []],
  [
    "a new customer with one client",
    [
      customer("globex", {
        after: "active",
        displayName: "Globex",
        clients: { ci: [undefined, ["read:orders"]] },
      }),
    ],
    ["adds customer `globex` (*Globex*) with 1 client (`read:orders`)"],
  ],
  [
    "a new customer with two, suspended from the start",
    [
      customer("globex", {
        after: "suspended",
        clients: { a: [undefined, ["read:orders", "write:orders"]], b: [undefined, ["read:invoices"]] },
      }),
    ],
    [
      "adds customer `globex` (*globex*) with 2 clients (`a` with `read:orders`, `write:orders`; `b` with `read:invoices`), suspended: its requests get 403",
    ],
  ],
  [
    "who is removed without having been closed",
    [
      customer("acme", {
        before: "active",
        clients: { a: [["read:orders"], undefined], b: [["x"], undefined] },
      }),
    ],
    [
      "removes `acme` (*acme*): its 2 clients stop working at once: no new tokens, and those that they have get 403",
    ],
  ],
  [
    "who is removed after having been closed",
    [customer("acme", { before: "closing", clients: { a: [[], undefined] } })],
    ["removes `acme` (*acme*): it was closed; its organization and 1 client are deleted for good"],
  ],
  [
    "who is suspended",
    [customer("acme", { before: "active", after: "suspended" })],
    ["suspends `acme` (*acme*): its 1 client gets 403"],
  ],
  [
    "who is closed, whose scopes go with it",
    [customer("acme", { before: "active", after: "closing", clients: { ci: [["read:orders"], []] } })],
    [
      "closes `acme` (*acme*): its 1 client gets 403, new tokens have no scopes, and a later change may remove it",
    ],
  ],
  [
    "who is suspended while a secret rotates",
    [
      customer("acme", {
        before: "active",
        after: "suspended",
        clients: { ci: kept, "ci/2": kept, b: kept },
      }),
    ],
    ["suspends `acme` (*acme*): its 2 clients get 403"],
  ],
  [
    "who is resumed",
    [customer("acme", { before: "suspended", after: "active" })],
    ["resumes `acme` (*acme*): its 1 client may call the API again"],
  ],
  [
    "who is renamed, without a word about what follows from it",
    renamed("globex-eu", "globex"),
    [
      "renames customer `globex` to `globex-eu` (*Globex*): nothing is deleted",
      "changes the organization's name of `globex-eu` (*Globex*)",
    ],
  ],
  [
    "scopes that come and go",
    [
      customer("acme", {
        before: "active",
        after: "active",
        clients: {
          ci: [
            ["a", "b"],
            ["b", "c"],
          ],
        },
      }),
    ],
    [
      "gives `c` to client `ci` of `acme` (*acme*)",
      "takes `a` from client `ci` of `acme` (*acme*): it keeps `b`, `c`",
    ],
  ],
  [
    "a client of which nothing is left to do",
    [customer("acme", { before: "active", after: "active", clients: { ci: [["a"], []] } })],
    ["takes `a` from client `ci` of `acme` (*acme*): it can do nothing"],
  ],
  [
    "a client that is added, and one that is removed",
    [
      customer("acme", {
        before: "active",
        after: "active",
        clients: { new: [undefined, ["a"]], old: [["b"], undefined] },
      }),
    ],
    [
      "adds client `new` of `acme` (*acme*) with `a`",
      "removes client `old` of `acme` (*acme*) (`b`): it stops working at once",
    ],
  ],
  [
    "a rotation that begins",
    [
      customer("acme", {
        before: "active",
        after: "active",
        clients: { ci: kept, "ci/2": [undefined, ["read:orders"]] },
      }),
    ],
    ["gives client `ci` of `acme` (*acme*) a new secret (`2`), beside the one that it has"],
  ],
  [
    "a rotation that ends",
    [
      customer("acme", {
        before: "active",
        after: "active",
        clients: { ci: [["read:orders"], undefined], "ci/2": kept },
      }),
    ],
    ["ends the old secret of client `ci` of `acme` (*acme*): whoever still uses it gets no more tokens"],
  ],
  [
    "an organization that is replaced",
    [active("acme"), ...replaced("Organization", "acme")],
    [
      "**replaces** the organization of `acme` (*acme*): its id is another one then, under which nobody knows the customer",
    ],
  ],
  [
    "a client that is replaced",
    [active("acme"), ...replaced("Client", "acme/ci")],
    [
      "**replaces** client `ci` of `acme` (*acme*): its id and secret stop working at once, and others have to be handed out",
    ],
  ],
  [
    "other credentials",
    [
      active("acme"),
      step("Client", "acme/ci", { old: {}, new: {} }),
      step("ClientCredentials", "acme/ci", { op: "update", old: {}, new: {} }),
    ],
    [
      "changes the credentials of client `ci` of `acme` (*acme*): who proves to be the client in another way gets its tokens",
    ],
  ],
  [
    "names and metadata",
    [
      active("acme"),
      step("Organization", "acme", {
        op: "update",
        old: { displayName: "Acme" },
        new: { displayName: "Acme Inc." },
        diffs: ["displayName", "metadata"],
      }),
      step("Client", "acme/ci", { op: "update", old: {}, new: {}, diffs: ["description"] }),
    ],
    ["changes the display name of `acme` (*Acme Inc.*)", "changes the metadata of `acme` (*Acme Inc.*)"],
  ],
  [
    "what is done to a client alone",
    [
      active("acme"),
      step("Client", "acme/ci", { op: "update", old: {}, new: {}, diffs: ["jwtConfiguration"] }),
    ],
    ["changes `jwtConfiguration` of client `ci` of `acme` (*acme*): what it means is not known here"],
  ],
  [
    "what else is a customer's",
    [active("acme"), step("Parameter", "acme/plan", { op: "update", old: {}, new: {} })],
    ["changes other resources of `acme` (*acme*): `update` Parameter `acme/plan`"],
  ],
  [
    "who is imported, with what Auth0 has of each client",
    [
      step("Customer", "wayne", { op: "create", outputs: { new: { status: "active" } } }),
      step("Organization", "wayne", {
        op: "import",
        old: { name: "wayne-inc", displayName: "Wayne Inc." },
        new: { name: "wayne", displayName: "Wayne" },
      }),
      step("Client", "wayne/ci", {
        op: "import",
        id: "client-7",
        old: { name: "Legacy app", defaultOrganization: { organizationId: "org_stark" } },
        new: {},
      }),
      step("ClientGrant", "wayne/ci", { op: "import", new: { scopes: ["read:orders"] } }),
    ],
    [
      "imports customer `wayne` (*Wayne*) from Auth0 with 1 client (`read:orders`)",
      "imports `client-7`, called *Legacy app*, of organization `wayne-inc` (`id-wayne`, *Wayne Inc.*), by default of organization `org_stark`, as client `ci` of `wayne` (*Wayne*) with `read:orders`: whoever has its secret is this customer then",
    ],
  ],
  [
    "an import with other scopes and another name than Auth0 has",
    [
      active("acme"),
      step("Organization", "acme", {
        op: "import",
        old: { name: "acme", displayName: "acme" },
        new: { name: "acme", displayName: "acme" },
        diffs: ["displayName"],
      }),
      step("Client", "acme/ci", { op: "import", id: "client-7", old: {}, new: {} }),
      step("ClientGrant", "acme/ci", {
        op: "import",
        old: { scopes: ["read:orders"] },
        new: { scopes: ["write:orders"] },
        diffs: ["scopes[0]"],
      }),
    ],
    [
      "imports customer `acme` (*acme*) from Auth0 with 1 client (`write:orders`): its organization is not as the files say, and is changed: `displayName`",
      "imports `client-7`, of organization `acme` (`id-acme`, *acme*), as client `ci` of `acme` (*acme*) with `write:orders`: whoever has its secret is this customer then; it is not as the files say, and is changed: `scopes`",
    ],
  ],
  [
    "a client that an import replaces",
    [active("acme"), step("Client", "acme/ci", { op: "import-replacement", old: {}, new: {} })],
    [
      "**replaces** client `ci` of `acme` (*acme*): its id and secret stop working at once, and others have to be handed out",
      "imports `id-acme/ci`, **instead of the client that it has, which is deleted**, as client `ci` of `acme` (*acme*) with no scope: whoever has its secret is this customer then",
    ],
  ],
];

test.each(sentences)("describes %s", (_, events, expected) => {
  expect(said(events)).toEqual(expected);
});

test("customers come in the order of their ids", () => {
  const events = ["b", "c", "a"].map((id) => customer(id, { before: "closing" }));
  expect(said(events).map((sentence) => sentence.slice(0, 11))).toEqual([
    "removes `a`",
    "removes `b`",
    "removes `c`",
  ]);
});

const seen: [what: Context["lastSeen"][string], end: string][] = [
  [{ at: "2026-11-20T13:37:00.123Z" }, "; last seen by Moesif 2026-11-20 13:37 UTC"],
  ["never", "; Moesif saw no call of it in the last year"],
  [{ unknown: "Moesif answered 500" }, "; when it last called the API is not known: Moesif answered 500"],
];

test.each(seen)("reports Moesif's %j of those who go", (answer, end) => {
  const context = { lastSeen: { org_acme: answer } };
  for (const after of [undefined, "closing", "suspended"] as const) {
    expect(said([customer("acme", { before: "active", after })], context)[0]?.endsWith(end)).toBe(true);
  }
  expect(said([customer("acme", { before: "suspended", after: "active" })], context)[0]).not.toContain(
    "Moesif",
  );
  expect(said([customer("acme", { before: "active" })], { lastSeen: {} })[0]).not.toContain("Moesif");
});
