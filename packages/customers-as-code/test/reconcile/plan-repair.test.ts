// What a broken-off deployment leaves, by how far it came: what is adopted, what is there twice, what is nobody's.
import { declareClient, declareOrganization, portalMark } from "../../src/auth0/declaration";
import { generationsOf } from "../../src/customers/generations";
import { parseCustomers } from "../../src/customers/load-customers";
import { isHere, type Placement } from "../../src/customers/shard-placement";
import { planRepair } from "../../src/reconcile/plan-repair";
import { parseState, StateIds } from "../../src/stacks/stack-state";
import type { Tenant } from "../../src/tenant/tenant";
import { audience, client, grant, organization, tenant } from "../customers/tenants";

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
  return planOf({ placement, found, resources });
}

interface More {
  placement?: Placement;
  found?: Partial<Tenant>;
  resources?: string[];
  lastTokens?: ReadonlyMap<string, string>;
  files?: typeof declared;
}

function planOf(more: More) {
  const { placement = { main: "prod", shards: 1 }, found = {}, resources = [], files = declared } = more;
  const repair = planRepair({
    tenant: tenant(found),
    declared: files,
    state: stateOf(...resources),
    placement,
    reader: "pulumi",
    imports: { customers: {} },
    ...(more.lastTokens && { lastTokens: more.lastTokens }),
    api: { name: "Orders", identifier: audience, scopes: {} },
  });
  return {
    ...repair,
    duplicates: repair.duplicates.map(
      ({ client: one, kept, isUnused }) => `${one.id} beside ${kept.id}${isUnused ? ", unused" : ""}`,
    ),
    undeclared: repair.undeclared.map(({ id }) => id),
  };
}

const nothing = { customers: {}, duplicates: [], unfit: [], undeclared: [], gone: [] };
const whole: Partial<Tenant> = {
  organizations: [{ ...made.organization, grants: ["cgr_one"] }],
  clients: [made.client("one")],
  grants: [made.grant("one")],
};

test("if the state knows all, there is nothing to do", () => {
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
  expect(plan(twice, ...everything)).toEqual({ ...nothing, duplicates: ["two beside one, unused"] });
});

test("if the state knows none of them, the one that lacks least is adopted", () => {
  const twice = { ...whole, clients: [made.client("two"), made.client("one"), made.client("three")] };
  const repair = plan(twice, "organization acme org_acme");
  expect(repair.customers.acme?.clients.default?.id).toBe("one");
  expect(repair.duplicates).toEqual(["two beside one, unused", "three beside one, unused"]);
});

test("one that has a grant could be in use, and so could one in Auth0's logs", () => {
  const twice = {
    ...whole,
    clients: [made.client("two"), made.client("one")],
    grants: [made.grant("one"), made.grant("two")],
  };
  expect(plan(twice, ...everything)).toEqual({ ...nothing, duplicates: ["two beside one"] });
  const without = { ...twice, grants: [made.grant("one")] };
  const lastTokens = new Map([["two", "2026-11-20T10:00:00.000Z"]]);
  expect(planOf({ found: without, resources: everything, lastTokens }).duplicates).toEqual([
    "two beside one",
  ]);
});

test("if the state knows none of them, the one that got a token last is adopted, if Auth0's logs have it", () => {
  const twice = {
    ...whole,
    clients: [made.client("one"), made.client("two")],
    grants: [made.grant("one"), made.grant("two")],
  };
  const lastTokens = new Map([
    ["one", "2026-11-20T09:00:00.000Z"],
    ["two", "2026-11-20T10:00:00.000Z"],
  ]);
  const repair = planOf({ found: twice, resources: ["organization acme org_acme"], lastTokens });
  expect(repair.customers.acme?.clients.default?.id).toBe("two");
  expect(repair.duplicates).toEqual(["one beside two"]);
});

describe("with a state that is older than the tenant", () => {
  it("a client that is there under another id only is adopted, and never a duplicate", () => {
    const older = everything.map((resource) => resource.replace(/one$/, "old"));
    const repair = plan(whole, ...older);
    const adopted = { id: "one", keeps: [], grant: { id: "cgr_one", keeps: [] } };
    expect(repair).toEqual({
      ...nothing,
      customers: {
        acme: { organization: { id: "org_acme", keeps: [] }, clients: { default: adopted } },
      },
    });
  });

  it("so is an organization, with its clients", () => {
    const older = everything.map((resource) =>
      resource.replace(/one$/, "old").replace("org_acme", "org_old"),
    );
    const repair = plan(whole, ...older);
    expect(repair.customers.acme?.organization.id).toBe("org_acme");
    expect(repair.customers.acme?.clients.default?.id).toBe("one");
    expect(repair.gone).toEqual([]);
  });

  it("so is a grant that was made again", () => {
    const older = everything.map((resource) => resource.replace("cgr_one", "cgr_old"));
    expect(plan(whole, ...older).customers.acme?.clients.default).toEqual({
      ...{ id: "one", keeps: [], grant: { id: "cgr_one", keeps: [] } },
    });
  });
});

test("what the program refuses to import is named, and not written", () => {
  const wrong: [Partial<Tenant>, string][] = [
    [
      { ...whole, organizations: [{ ...made.organization, name: "acme-old", grants: ["cgr_one"] }] },
      'organization "acme-old" (org_acme) has name "acme-old", and its file has "acme"',
    ],
    [
      { ...whole, clients: [{ ...made.client("one"), settings: ["callbacks"] }] },
      'client "acme/default" (one) has callbacks, which a customer file cannot declare',
    ],
    [
      { ...whole, grants: [{ ...made.grant("one"), allowAnyOrganization: true }] },
      "client grant cgr_one has allowAnyOrganization true, and its file has false",
    ],
    [
      { ...whole, grants: [made.grant("one"), grant("one", { id: "m", audience: "https://t/api/v2/" })] },
      'client "acme/default" (one) has a grant on the Auth0 Management API',
    ],
    [
      { ...whole, clients: [made.client("pulumi")], grants: [] },
      'client "acme/default" (pulumi) is the one with which this command reads the tenant',
    ],
  ];
  for (const [found, sentence] of wrong) {
    const { customers, unfit } = plan(found);
    expect(customers).toEqual({});
    expect(unfit).toContain(sentence);
  }
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
    reader: "pulumi",
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

test("what the state has and the tenant lacks is named", () => {
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
  expect(plan({ clients: portals }, "client portal known").duplicates).toEqual([
    "second beside known, unused",
  ]);
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
