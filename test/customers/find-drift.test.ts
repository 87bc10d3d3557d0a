// Where a tenant is otherwise than the files say. Each case begins with a tenant that is as they say.
import {
  declareApi,
  declareAuthentication,
  declareClient,
  declareGrant,
  declareOrganization,
  declareScopes,
} from "../../auth0/declaration";
import type { Tenant } from "../../auth0/tenant";
import { type DriftRequest, type Finding, findDrift } from "../../customers/find-drift";
import { generationsOf } from "../../customers/generations";
import type { TenantImports } from "../../customers/imports";
import { type CustomerDeclaration, parseCustomers } from "../../customers/load";
import { audience, client, grant, organization } from "./tenants";

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

function declare(texts: Record<string, string> = files): CustomerDeclaration[] {
  const all = Object.entries(texts).map(([name, text]) => ({ name, text }));
  const { customers, problems } = parseCustomers("customers", all, Object.keys(api.scopes));
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
      }),
    ),
    grants: all.map(({ customer, one, key }) =>
      grant(key, { id: `grant ${key}`, ...declareGrant(customer, one) }),
    ),
  };
}

function drift(change: (tenant: Tenant) => void, more: Partial<DriftRequest> = {}): Finding[] {
  const { declared = declare() } = more;
  const tenant = deployed(declared);
  change(tenant);
  return findDrift({ tenant, declared, imports: { customers: {} }, hasPlans: true, api, ...more });
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

test("while something is being taken in, what it keeps is as it should be, and nothing else", () => {
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
