// Where a tenant is otherwise than the files say. Each case begins with a tenant that is as they say.
import { generateKeyPairSync } from "node:crypto";
import {
  declareApi,
  declareAuthentication,
  declareClient,
  declareGrant,
  declareOrganization,
  declareScopes,
} from "../../src/auth0/declaration";
import { clientFile, customerFile } from "../../src/customers/customer-schema";
import { generationsOf } from "../../src/customers/generations";
import type { TenantImports } from "../../src/customers/import-data";
import { type CustomerDeclaration, parseCustomers, type Stacks } from "../../src/customers/load-customers";
import { thumbprintOf } from "../../src/customers/public-key";
import { type DriftRequest, type Finding, findDrift, wantedDetails } from "../../src/reconcile/find-drift";
import type { Tenant, TenantDetails, TenantKey, TenantMember } from "../../src/tenant/tenant";
import { audience, client, grant, organization } from "../customers/tenants";

const api = {
  name: "Orders API",
  identifier: audience,
  scopes: { "read:orders": "Read orders", "write:orders": "Write orders" },
  tokenLifetime: 3600,
};

const files = {
  "acme.yaml": "displayName: Acme\nclients:\n  ci:\n    scopes: [read:orders]\n",
  "globex.yaml":
    "displayName: Globex\nmetadata: {plan: gold}\nclients:\n  ci:\n    scopes: [read:orders, write:orders]\n",
};

function declare(texts: Record<string, string> = files, stacks?: Stacks): CustomerDeclaration[] {
  const all = Object.entries(texts).map(([name, text]) => ({ name, text }));
  const { customers, problems } = parseCustomers("customers", all, Object.keys(api.scopes), stacks);
  expect(problems).toEqual([]);
  return customers;
}

/** As a deployment leaves it. */
function deployed(customers: readonly CustomerDeclaration[]): Tenant {
  const all = customers.flatMap((customer) =>
    customer.clients
      .flatMap(generationsOf)
      .map((one) => ({ customer, one, key: `${customer.id}/${one.key}` })),
  );
  const idOf = (id: string) => `org_${id}`;
  return {
    domain: "example.eu.auth0.com",
    api: { id: "api", ...declareApi(api), scopes: declareScopes(api.scopes) },
    organizations: customers.map((customer) =>
      organization(customer.id, {
        ...declareOrganization(customer),
        grants: all.filter((each) => each.customer === customer).map(({ key }) => `grant ${key}`),
      }),
    ),
    clients: all.map(({ customer, one, key }) =>
      client(key, {
        id: key,
        ...declareClient(customer, one, idOf(customer.id)),
        authenticationMethod: declareAuthentication(one).authenticationMethod,
        ...(one.publicKey !== undefined && { keyIds: [`key of ${key}`] }),
      }),
    ),
    grants: all.map(({ customer, one, key }) =>
      grant(key, { id: `grant ${key}`, ...declareGrant(customer, one) }),
    ),
  };
}

/** What must be read beside it, as a deployment leaves it. */
function detailsOf(customers: readonly CustomerDeclaration[]): TenantDetails {
  const keyed = customers.flatMap(({ id, clients }) =>
    clients.flatMap(({ name, publicKey, retiringPublicKey }): [string, TenantKey[]][] => {
      const pems = [publicKey, retiringPublicKey].flatMap((pem) => pem ?? []);
      const keys = pems.map((pem) => ({ kid: thumbprintOf(pem), algorithm: "RS256" }));
      return keys.length === 0 ? [] : [[`${id}/${name}`, keys]];
    }),
  );
  const members = customers.map(({ id, members = [] }): [string, TenantMember[]] => [
    `org_${id}`,
    members.map((email) => ({ userId: `auth0|${email}`, email: email.toLowerCase() })),
  ]);
  return { keys: new Map(keyed), members: new Map(members) };
}

function drift(change: (tenant: Tenant) => void, more: Partial<DriftRequest> = {}): Finding[] {
  const { declared = declare() } = more;
  const tenant = deployed(declared);
  change(tenant);
  const details = detailsOf(declared);
  return findDrift({ tenant, declared, details, imports: { customers: {} }, hasPlans: true, api, ...more });
}

/** In one line. */
function told({ kind, object, name, isPortalMade, differences = [], note }: Finding): string {
  const properties = differences.map(({ property }) => property).join(", ");
  return [`${kind} ${object} ${name}`, properties, note ?? "", isPortalMade ? "portal" : ""]
    .filter(Boolean)
    .join(": ");
}

function only<T>(things: T[], index = 0): T {
  const found = things[index];
  if (found === undefined) throw new Error("there is none");
  return found;
}

const drop = <T>(things: T[], index = 0) => void things.splice(index, 1);

const cases: [what: string, change: (tenant: Tenant) => void, findings: string[]][] = [
  ["nothing", () => undefined, []],
  ["the API is gone", (tenant) => delete tenant.api, [`missing API ${audience}`]],
  [
    "the API's lifetime and scopes are others",
    ({ api: found }) =>
      found && Object.assign(found, { tokenLifetime: 7200, scopes: [{ name: "read:orders" }] }),
    [`different API ${audience}: tokenLifetime, scopes`],
  ],
  [
    "an organization is gone, and so are its clients and grants",
    (tenant) => {
      drop(tenant.organizations);
      drop(tenant.clients);
      drop(tenant.grants);
    },
    ["missing client acme/ci", "missing organization acme"],
  ],
  [
    "an organization has another name, display name and metadata",
    ({ organizations }) =>
      Object.assign(only(organizations, 1), {
        name: "globex-inc",
        displayName: "G",
        metadata: { customer: "globex" },
      }),
    ["different organization globex: name, displayName, metadata"],
  ],
  [
    "an organization has a quota, which a deployment would take away",
    ({ organizations }) => only(organizations).settings.push("token_quota"),
    ["different organization acme: token_quota"],
  ],
  [
    "a client has a quota of tokens that no file says",
    ({ clients }) =>
      Object.assign(only(clients), { tokenQuota: { clientCredentials: { enforce: true, perDay: 1 } } }),
    ["different client acme/ci: tokenQuota"],
  ],
  ["a client's grant is gone", (tenant) => drop(tenant.grants), ["missing client grant acme/ci"]],
  [
    "a grant has other scopes, and is for any organization",
    ({ grants }) =>
      Object.assign(only(grants), { scopes: ["read:orders", "write:orders"], allowAnyOrganization: true }),
    ["different client grant acme/ci: scopes, allowAnyOrganization"],
  ],
  [
    "a grant may be used by no organization",
    ({ organizations }) => Object.assign(only(organizations), { grants: [] }),
    ["different client grant acme/ci: organizations"],
  ],
  [
    "a grant may be used by another customer's organization",
    ({ organizations }) => only(organizations, 1).grants.push("grant acme/ci"),
    ["different client grant acme/ci: organizations"],
  ],
  [
    "a client is otherwise",
    ({ clients }) =>
      Object.assign(only(clients), {
        grantTypes: ["password"],
        authenticationMethod: "none",
        defaultOrganization: undefined,
        settings: ["callbacks"],
      }),
    ["different client acme/ci: grantTypes, defaultOrganization, authenticationMethod, callbacks"],
  ],
  [
    "a client has a grant on another API, and one for users",
    ({ grants }) =>
      grants.push(
        grant("acme/ci", { id: "x", audience: "https://other/" }),
        grant("acme/ci", { id: "y", subjectType: "user", scopes: [] }),
      ),
    [
      `undeclared client grant ${audience}: of client acme/ci, with no scopes`,
      "undeclared client grant https://other/: of client acme/ci, with read:orders",
    ],
  ],
  [
    "there is an organization that no file declares, and its client",
    ({ organizations, clients, grants }) => {
      organizations.push(organization("wayne", { displayName: "Wayne", grants: ["w"] }));
      clients.push(client("Warehouse", { id: "warehouse" }));
      grants.push(grant("warehouse", { id: "w" }));
    },
    ['undeclared client Warehouse: with read:orders, in "wayne"', 'undeclared organization wayne: "Wayne"'],
  ],
  [
    "the portal made an organization and a client",
    ({ organizations, clients, grants }) => {
      organizations.push(organization("janecustomerexample", { grants: ["j"] }));
      clients.push(
        client("jane@customer.example", {
          id: "jane",
          defaultOrganization: { organizationId: "org_janecustomerexample", flows: ["client_credentials"] },
        }),
      );
      grants.push(grant("jane", { id: "j" }));
    },
    [
      'undeclared client jane@customer.example: with read:orders, in "janecustomerexample": portal',
      "undeclared organization janecustomerexample: portal",
    ],
  ],
  ["there are clients that cannot call the API", ({ clients }) => clients.push(client("Website")), []],
  [
    "a client says that it is this program's, without any right",
    ({ clients }) => clients.push(client("lost", { clientMetadata: { customer: "gone", client: "ci" } })),
    ["undeclared client lost: marked as gone/ci, with no scopes"],
  ],
  [
    "a grant is of no client in particular",
    ({ grants }) => grants.push(grant("", { id: "all", clientId: undefined })),
    [`undeclared client grant ${audience}: of no client in particular, with read:orders`],
  ],
];

test.each(cases)("where %s, that is found", (_, change, findings) => {
  expect(drift(change).map(told)).toEqual(findings);
});

test("a difference has what is declared and what is found", () => {
  const [finding] = drift(({ grants }) => Object.assign(only(grants), { scopes: ["write:orders"] }));
  expect(finding).toEqual({
    kind: "different",
    object: "client grant",
    name: "acme/ci",
    id: "grant acme/ci",
    isPortalMade: false,
    differences: [{ property: "scopes", declared: ["read:orders"], found: ["write:orders"] }],
  });
});

test("findings come in the order of kinds, objects and names", () => {
  const findings = drift((tenant) => {
    tenant.organizations.push(organization("zeta"), organization("alpha"));
    drop(tenant.grants, 1);
    Object.assign(only(tenant.organizations), { displayName: "Other" });
  });
  expect(findings.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "different acme",
    "missing globex/ci",
    "undeclared alpha",
    "undeclared zeta",
  ]);
});

test("where nobody says how long a token lives, any lifetime will do", () => {
  const { tokenLifetime: _, ...unknown } = api;
  expect(
    drift(({ api: found }) => found && Object.assign(found, { tokenLifetime: 1 }), { api: unknown }),
  ).toEqual([]);
});

test("while something is being imported, what it keeps is as it should be, and nothing else", () => {
  const imports: TenantImports = {
    api: { id: "api", keeps: ["tokenLifetime"], scopes: { id: audience, keeps: ["scopes"] } },
    customers: {
      acme: {
        organization: { id: "org_acme", keeps: ["displayName"] },
        clients: {
          ci: {
            id: "acme/ci",
            keeps: ["name"],
            grant: { id: "grant acme/ci", keeps: ["organizationUsage"] },
          },
        },
      },
    },
  };
  const change = ({ api: found, organizations, clients, grants }: Tenant) => {
    if (found) Object.assign(found, { tokenLifetime: 1, scopes: [], signingAlg: "HS256" });
    Object.assign(only(organizations), { displayName: "other", metadata: {} });
    Object.assign(only(clients), { name: "other", description: "other" });
    Object.assign(only(grants), { organizationUsage: "allow", scopes: [] });
  };
  expect(drift(change, { imports }).map(told)).toEqual([
    `different API ${audience}: signingAlg`,
    "different client acme/ci: description",
    "different client grant acme/ci: scopes",
    "different organization acme: metadata",
  ]);
});

test("a client whose secret rotates has both of its clients in Auth0", () => {
  const declared = declare({
    "acme.yaml":
      "displayName: Acme\nclients:\n  ci:\n    scopes: [read:orders]\n    rotation: 2\n    retiring: 1\n",
  });
  expect(drift(() => undefined, { declared })).toEqual([]);
  expect(drift((tenant) => drop(tenant.clients, 0), { declared }).map(told)).toEqual([
    "missing client acme/ci/2",
  ]);
});

test("a customer that is closing has no scopes, as it should be", () => {
  const declared = declare({ "acme.yaml": `status: closing\n${files["acme.yaml"]}` });
  expect(drift(() => undefined, { declared })).toEqual([]);
  const [finding] = drift(({ grants }) => Object.assign(only(grants), { scopes: ["read:orders"] }), {
    declared,
  });
  expect(finding?.differences).toEqual([{ property: "scopes", declared: [], found: ["read:orders"] }]);
});

test("quotas of tokens are compared where the plans are known, which may say them", () => {
  const quota = { perHour: 5, enforce: true };
  const declared = declare().map((customer) => ({
    ...customer,
    clients: customer.clients.map((client) => ({ ...client, tokenQuota: quota })),
  }));
  expect(drift(() => undefined, { declared })).toEqual([]);
  const unset = ({ clients }: Tenant) => delete only(clients).tokenQuota;
  expect(drift(unset, { declared }).map(told)).toEqual(["different client acme/ci: tokenQuota"]);
  expect(drift(unset, { declared, hasPlans: false })).toEqual([]);
});

describe("members", () => {
  const text = `members: [Jane@acme.example, joe@acme.example]\n${files["acme.yaml"]}`;
  const declared = declare({ ...files, "acme.yaml": text });
  const jane = { userId: "auth0|1", email: "jane@acme.example" };
  const joe = { userId: "auth0|2", email: "joe@acme.example" };
  const driftOf = (members: TenantMember[], customers = declared) =>
    drift(() => undefined, {
      declared: customers,
      details: { keys: new Map(), members: new Map([["org_acme", members]]) },
    });

  it("are compared by their addresses, in lower case as Auth0 keeps them", () => {
    expect(driftOf([joe, jane])).toEqual([]);
  });

  it("are missing where they do not belong to the organization", () => {
    expect(driftOf([jane])).toEqual([
      { kind: "missing", object: "member", name: "acme/joe@acme.example", isPortalMade: false },
    ]);
  });

  it("are undeclared where the file lists others, also where it lists none", () => {
    const eve = { userId: "auth0|3", email: "eve@evil.example" };
    const phone = { userId: "sms|4" };
    expect(driftOf([jane, eve, joe, phone])).toEqual([
      {
        kind: "undeclared",
        object: "member",
        name: "acme/eve@evil.example",
        id: "auth0|3",
        isPortalMade: false,
      },
      { kind: "undeclared", object: "member", name: "acme/sms|4", id: "sms|4", isPortalMade: false },
    ]);
    const none = declare({ ...files, "acme.yaml": `members: []\n${files["acme.yaml"]}` });
    expect(driftOf([jane], none).map(told)).toEqual(["undeclared member acme/jane@acme.example"]);
  });

  it("are the portal's where it made the organization for them", () => {
    const own = declare({ "janeacmeexample.yaml": `members: []\n${files["acme.yaml"]}` });
    const members = new Map([["org_janeacmeexample", [jane]]]);
    const details = { keys: new Map(), members };
    expect(drift(() => undefined, { declared: own, details }).map(told)).toEqual([
      "undeclared member janeacmeexample/jane@acme.example: portal",
    ]);
  });

  it("are nobody's business in a file that lists none", () => {
    expect(driftOf([jane], declare())).toEqual([]);
  });
});

const newKey = () =>
  generateKeyPairSync("rsa", { modulusLength: 2048 })
    .publicKey.export({ type: "spki", format: "pem" })
    .toString();
const [keyOfFile, otherKey] = [newKey(), newKey()];
const lines = (pem: string) => pem.trimEnd().split("\n").join("\n      ");
const withKey = (pem: string, more = "") =>
  `displayName: Acme\nclients:\n  ci:\n    scopes: [read:orders]\n    authentication: private_key_jwt\n    publicKey: |\n      ${lines(pem)}\n${more}`;

describe("keys", () => {
  const declared = declare({ "acme.yaml": withKey(keyOfFile) });
  const kid = thumbprintOf(keyOfFile);
  const driftOf = (...keys: TenantKey[]) =>
    drift(() => undefined, { declared, details: { members: new Map(), keys: new Map([["acme/ci", keys]]) } });

  it("are compared by their thumbprints", () => {
    expect(driftOf({ kid, algorithm: "RS256" })).toEqual([]);
    expect(driftOf({ kid: "other", algorithm: "RS256" })).toEqual([
      {
        kind: "different",
        object: "client",
        name: "acme/ci",
        id: "acme/ci",
        isPortalMade: false,
        differences: [
          {
            property: "publicKeys",
            declared: [{ kid, algorithm: "RS256" }],
            found: [{ kid: "other", algorithm: "RS256" }],
          },
        ],
      },
    ]);
  });

  it.each<[string, TenantKey[]]>([
    [
      "one has been added",
      [
        { kid, algorithm: "RS256" },
        { kid: "x", algorithm: "RS256" },
      ],
    ],
    ["it has been taken away", []],
    ["it is for another algorithm", [{ kid, algorithm: "PS256" }]],
    ["it ends", [{ kid, algorithm: "RS256", expiresAt: "2027-01-01T00:00:00.000Z" }]],
  ])("differ where %s", (_, keys) => {
    expect(driftOf(...keys).map(told)).toEqual(["different client acme/ci: publicKeys"]);
  });

  it("are the same in any order", () => {
    const two = declare({
      "acme.yaml": withKey(keyOfFile, `    retiringPublicKey: |\n      ${lines(otherKey)}\n`),
    });
    const keys = [kid, thumbprintOf(otherKey)].map((one) => ({ kid: one, algorithm: "RS256" }));
    for (const all of [keys, [...keys].reverse()]) {
      const details = { members: new Map(), keys: new Map([["acme/ci", all]]) };
      expect(drift(() => undefined, { declared: two, details })).toEqual([]);
    }
  });
});

test("reads details only of what the files declare", () => {
  const declared = declare({
    ...files,
    "keyed.yaml": withKey(keyOfFile).replace("Acme", "Keyed"),
    "open.yaml": `members: [jane@open.example]\n${files["acme.yaml"].replace("Acme", "Open")}`,
  });
  const tenant = deployed(declared);
  const { organizations, clients } = wantedDetails({ tenant, declared, imports: { customers: {} } });
  expect(organizations.map(({ name }) => name)).toEqual(["open"]);
  expect(clients.map(({ name }) => name)).toEqual(["keyed/ci"]);
});

/** What is said in `acme.yaml` before, and then; what of a tenant that is as before differs, or why there can be nothing. */
type FieldCase = [before: string, then: string, findings: string[] | "not in Auth0", stacks?: Stacks];
const acme = files["acme.yaml"];
const keyed = withKey(keyOfFile);
const quotas = { gold: { tokenQuota: { perDay: 5, enforce: true } } };

const fields: Record<string, FieldCase> = {
  displayName: [
    acme,
    acme.replace("Acme", "Acme Inc"),
    ["different client acme/ci: description", "different organization acme: displayName"],
  ],
  organization: [acme, `organization: acme-eu\n${acme}`, ["different organization acme: name"]],
  contact: [acme, `contact: api@acme.example\n${acme}`, ["different organization acme: metadata"]],
  status: [acme, `status: closing\n${acme}`, ["different client grant acme/ci: scopes"]],
  plan: [
    acme,
    `plan: gold\n${acme}`,
    ["different client acme/ci: tokenQuota"],
    { known: [], plans: { plans: quotas, defaultPlan: undefined } },
  ],
  previously: [acme, `previously: acme-old\n${acme}`, "not in Auth0"],
  metadata: [acme, `metadata: {a: b}\n${acme}`, ["different organization acme: metadata"]],
  members: [acme, `members: [j@acme.example]\n${acme}`, ["missing member acme/j@acme.example"]],
  delivery: [acme, `delivery: {awsAccountId: "210987654321"}\n${acme}`, "not in Auth0"],
  clients: [acme, `${acme}  new:\n    scopes: [read:orders]\n`, ["missing client acme/new"]],
  stacks: [
    acme,
    `${acme}stacks: {prod: {organization: acme-prod}}\n`,
    ["different organization acme: name"],
    { known: [], stack: "prod" },
  ],
  "clients.scopes": [
    acme,
    acme.replace("read:orders", "write:orders"),
    ["different client grant acme/ci: scopes"],
  ],
  "clients.authentication": [acme, keyed, ["different client acme/ci: authenticationMethod"]],
  "clients.publicKey": [keyed, withKey(otherKey), ["different client acme/ci: publicKeys"]],
  "clients.retiringPublicKey": [
    keyed,
    withKey(otherKey, `    retiringPublicKey: |\n      ${lines(keyOfFile)}\n`),
    ["different client acme/ci: publicKeys"],
  ],
  "clients.rotation": [
    acme,
    `${acme}    rotation: 2\n`,
    ["missing client acme/ci/2", 'undeclared client acme/ci: marked as acme/ci, with read:orders, in "acme"'],
  ],
  "clients.retiring": [acme, `${acme}    rotation: 2\n    retiring: 1\n`, ["missing client acme/ci/2"]],
  "clients.cancelled": [acme, `${acme}    cancelled: 2\n`, ["missing client acme/ci/2"]],
  "clients.tokenQuota": [
    acme,
    `${acme}    tokenQuota: {perDay: 5}\n`,
    ["different client acme/ci: tokenQuota"],
  ],
  "clients.closing": [acme, `${acme}    closing: true\n`, "not in Auth0"],
  "clients.previously": [acme, `${acme}    previously: old\n`, "not in Auth0"],
};

test("every key that a file may have is looked at", () => {
  const keys = [
    ...Object.keys(customerFile.shape),
    ...Object.keys(clientFile.shape).map((key) => `clients.${key}`),
  ];
  expect(Object.keys(fields).sort()).toEqual(keys.sort());
});

test.each(Object.entries(fields))("a file that differs in %s is reported", (_, field) => {
  const [before, then, findings, stacks] = field;
  const old = declare({ "acme.yaml": before });
  const declared = declare({ "acme.yaml": then }, stacks);
  const found = findDrift({
    tenant: deployed(old),
    details: detailsOf(old),
    declared,
    imports: { customers: {} },
    hasPlans: true,
    api,
  });
  expect(found.map(told)).toEqual(findings === "not in Auth0" ? [] : findings);
});

test("another order of scopes is no difference, of a client grant and of the API", () => {
  const text = "displayName: Acme\nclients:\n  ci:\n    scopes: [read:orders, write:orders]\n";
  const declared = declare({ "acme.yaml": text });
  const reverse = (tenant: Tenant) => {
    tenant.api?.scopes.reverse();
    const found = only(tenant.grants);
    found.scopes = [...found.scopes].reverse();
  };
  expect(drift(reverse, { declared })).toEqual([]);
  const lose = (tenant: Tenant) => {
    only(tenant.grants).scopes = ["write:orders"];
  };
  expect(drift(lose, { declared }).map(told)).toEqual(["different client grant acme/ci: scopes"]);
});
