// What a broken-off deployment leaves, by how far it came: what is adopted, what is there twice, what is nobody's.
import { declareClient, declareOrganization, portalMark } from "../../auth0/declaration";
import type { Tenant } from "../../auth0/tenant";
import { generationsOf } from "../../customers/generations";
import { parseCustomers } from "../../customers/load";
import { planRepair } from "../../customers/plan-repair";
import { isHere, type Placement } from "../../customers/shards";
import { parseState, StateIds } from "../../customers/stack-state";
import { audience, client, grant, organization, tenant } from "./tenants";

const text = "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\n";
const { customers: declared } = parseCustomers("customers", [{ name: "acme.yaml", text }], ["read:orders"]);
const [acme] = declared;
const [generation] = (acme?.clients ?? []).flatMap(generationsOf);
if (!acme || !generation) throw new Error("the file declares no client");

/** As the program makes them. */
const made = {
  organization: organization("acme", declareOrganization(acme)),
  client: (id: string) => client("acme/default", { ...declareClient(acme, generation, "org_acme"), id }),
  grant: (id: string) => grant(id, { id: `cgr_${id}` }),
};

const types: Record<string, string> = {
  organization: "auth0:index/organization:Organization",
  client: "auth0:index/client:Client",
  credentials: "auth0:index/clientCredentials:ClientCredentials",
  grant: "auth0:index/clientGrant:ClientGrant",
  organizationGrant: "auth0:index/organizationClientGrant:OrganizationClientGrant",
};

/** The state's resources: `client acme/default one`. */
function stateOf(...resources: string[]): StateIds {
  const exported = resources.map((resource) => {
    const [type = "", name, id] = resource.split(" ");
    return {
      urn: `urn:pulumi:prod::customers-as-code::customers-as-code:auth0:Customer$${types[type]}::${name}`,
      type: types[type],
      id,
    };
  });
  return new StateIds(parseState(JSON.stringify({ version: 3, deployment: { resources: exported } })));
}

const everything = [
  "organization acme org_acme",
  "client acme/default one",
  "credentials acme/default one",
  "grant acme/default cgr_one",
  "organizationGrant acme/default org_acme::cgr_one",
];

const plan = (found: Partial<Tenant>, ...resources: string[]) =>
  planIn({ main: "prod", shards: 1 }, found, ...resources);

function planIn(placement: Placement, found: Partial<Tenant>, ...resources: string[]) {
  const repair = planRepair({
    tenant: tenant(found),
    declared,
    state: stateOf(...resources),
    placement,
    imports: { customers: {} },
    api: { name: "Orders", identifier: audience, scopes: {} },
  });
  return {
    ...repair,
    duplicates: repair.duplicates.map(({ id }) => id),
    undeclared: repair.undeclared.map(({ id }) => id),
  };
}

const nothing = { customers: {}, duplicates: [], undeclared: [], gone: [] };
const whole: Partial<Tenant> = {
  organizations: [{ ...made.organization, grants: ["cgr_one"] }],
  clients: [made.client("one")],
  grants: [made.grant("one")],
};

test("where the state knows all, nothing is to be done", () => {
  expect(plan(whole, ...everything)).toEqual(nothing);
});

test("where the state knows nothing, the whole customer is adopted as it is", () => {
  const adopted = {
    organization: { id: "org_acme", keeps: [] },
    clients: { default: { id: "one", keeps: [], grant: { id: "cgr_one", keeps: [] } } },
  };
  expect(plan(whole)).toEqual({ ...nothing, customers: { acme: adopted } });
});

test.each([
  ["the organization", { clients: [], grants: [], organizations: [made.organization] }, {}],
  [
    "the client",
    { ...whole, grants: [], organizations: [made.organization] },
    { default: { id: "one", keeps: [], lacks: ["organizationGrant"] } },
  ],
  [
    "the grant",
    { ...whole, organizations: [made.organization] },
    { default: { id: "one", keeps: [], grant: { id: "cgr_one", keeps: [] }, lacks: ["organizationGrant"] } },
  ],
])("what came after %s is still to be made", (_, found, clients) => {
  const organizationImport = { id: "org_acme", keeps: [] };
  expect(plan(found).customers).toEqual({ acme: { organization: organizationImport, clients } });
});

test.each([...everything.keys()])("one resource that the state lacks is adopted (%d)", (missing) => {
  const known = everything.filter((_, at) => at !== missing);
  expect(Object.keys(plan(whole, ...known).customers)).toEqual(["acme"]);
});

test("of a client that is there twice, the one that the state has stays", () => {
  const twice = { ...whole, clients: [made.client("two"), made.client("one")] };
  expect(plan(twice, ...everything)).toEqual({ ...nothing, duplicates: ["two"] });
});

test("where the state has none of them, the one that lacks least is adopted", () => {
  const twice = { ...whole, clients: [made.client("two"), made.client("one"), made.client("three")] };
  const repair = plan(twice, "organization acme org_acme");
  expect(repair.customers.acme?.clients.default?.id).toBe("one");
  expect(repair.duplicates).toEqual(["two", "three"]);
});

test("a client of another organization, or without the program's mark, is nobody's duplicate", () => {
  const others = [
    client("acme/default", { ...declareClient(acme, generation, "org_other"), id: "other" }),
    client("acme/default", {
      id: "unmarked",
      defaultOrganization: { organizationId: "org_acme", flows: [] },
    }),
  ];
  expect(plan({ ...whole, clients: [...others, made.client("one")] }, ...everything)).toEqual(nothing);
});

test("an organization of the same name that people made is not taken", () => {
  expect(plan({ organizations: [organization("acme")] })).toEqual(nothing);
});

test("a client whose key was still to be set is adopted without credentials", () => {
  const key = "-----BEGIN PUBLIC KEY-----";
  const [withKey] = declared.map((one) => ({
    ...one,
    clients: one.clients.map((declaredClient) => ({ ...declaredClient, publicKey: key })),
  }));
  const repair = planRepair({
    tenant: tenant(whole),
    declared: withKey ? [withKey] : [],
    state: stateOf(),
    placement: { main: "prod", shards: 1 },
    imports: { customers: {} },
    api: { name: "Orders", identifier: audience, scopes: {} },
  });
  expect(repair.customers.acme?.clients.default).toMatchObject({
    id: "one",
    keeps: [],
    lacks: ["credentials"],
  });
});

test("what the files say otherwise since then stays until it is adopted", () => {
  const renamed = {
    ...whole,
    organizations: [{ ...made.organization, displayName: "ACME", grants: ["cgr_one"] }],
  };
  expect(plan(renamed).customers.acme?.organization.keeps).toEqual(["displayName"]);
});

test("an organization of a customer whose file has gone is named", () => {
  const gone = organization("globex", { metadata: { customer: "globex" } });
  expect(plan({ ...whole, organizations: [...(whole.organizations ?? []), gone] }, ...everything)).toEqual({
    ...nothing,
    undeclared: ["org_globex"],
  });
});

test("what the state has and the tenant has not is named", () => {
  expect(plan({ ...whole, clients: [], grants: [] }, ...everything).gone).toEqual([
    "client acme/default (one)",
  ]);
  expect(plan({}, ...everything).gone).toEqual(["organization acme (org_acme)"]);
});

test("the portal's client that is there twice is a duplicate; that of another API in the tenant is not", () => {
  const portals = [
    client("Moesif Developer Portal", { id: "known", clientMetadata: { [portalMark]: audience } }),
    client("Moesif Developer Portal", { id: "second", clientMetadata: { [portalMark]: audience } }),
    client("Moesif Developer Portal", {
      id: "staging",
      clientMetadata: { [portalMark]: "https://staging/" },
    }),
    client("Moesif Developer Portal", { id: "by-hand" }),
  ];
  expect(plan({ clients: portals }, "client portal known").duplicates).toEqual(["second"]);
});

test("what belongs into another shard is that one's business", () => {
  const gone = organization("globex", { metadata: { customer: "globex" } });
  const found = { ...whole, organizations: [...(whole.organizations ?? []), gone] };
  const shards = [1, 2, 3].map((number) => ({ main: "prod", number, shards: 3 }));
  for (const placement of shards) {
    const { customers, undeclared } = planIn(placement, found);
    expect(Object.keys(customers)).toEqual(isHere({ id: "acme" }, placement) ? ["acme"] : []);
    expect(undeclared).toEqual(isHere({ id: "globex" }, placement) ? ["org_globex"] : []);
  }
  expect(planIn({ main: "prod", shards: 3 }, whole)).toEqual(nothing);
});
