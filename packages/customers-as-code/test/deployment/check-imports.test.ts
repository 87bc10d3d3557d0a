// Which import data a deployment may use. Each row is one way to get at what is somebody else's.
import { portalMark } from "../../src/auth0/declaration";
import type { TenantImports } from "../../src/customers/import-data";
import { parseCustomers } from "../../src/customers/load-customers";
import { checkImports, deployedBeside } from "../../src/deployment/check-imports";
import type { DeployedCustomer } from "../../src/deployment/last-deployment";
import type {
  Existing,
  ExistingClient,
  ExistingGrant,
  ExistingOrganization,
} from "../../src/tenant/existing-resources";

const audience = "https://api.example.com/";
const file = "customers/imports.json";

function declare(text: string, name = "wayne.yaml") {
  const { customers, problems } = parseCustomers("customers", [{ name, text }], ["read:orders"]);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join());
  return customers;
}
const wayne = declare("displayName: Wayne\nclients: {warehouse: {scopes: [read:orders]}}\n");

const grant = (id: string, more: Partial<ExistingGrant> = {}): ExistingGrant => ({
  ...{ id, audience, subjectType: "client", settings: [] },
  ...more,
});
const client = (id: string, more: Partial<ExistingClient> = {}): ExistingClient => ({
  ...{ id, name: `Client ${id}`, appType: "non_interactive", isFirstParty: true },
  ...{ grantTypes: ["client_credentials"], metadata: {}, settings: [], grants: [grant(`cgr_${id}`)] },
  ...more,
});
const organization = (name: string, more: Partial<ExistingOrganization> = {}): ExistingOrganization => ({
  ...{ id: `org_${name}`, name, metadata: {}, grants: [] },
  ...more,
});

const existing = (clients: ExistingClient[], organizations: ExistingOrganization[]): Existing => ({
  clients: new Map(clients.map((one) => [one.id, one])),
  organizations: new Map(organizations.map((one) => [one.id, one])),
});

const imports: TenantImports = {
  customers: {
    wayne: {
      organization: { id: "org_wayne", keeps: [] },
      clients: { warehouse: { id: "abc", keeps: [], grant: { id: "cgr_abc", keeps: [] } } },
    },
  },
};
/** The organization with one client, and what is different about the two. */
const found = (ofClient: Partial<ExistingClient> = {}, ofOrganization: Partial<ExistingOrganization> = {}) =>
  existing([client("abc", ofClient)], [organization("wayne", { grants: ["cgr_abc"], ...ofOrganization })]);

type Request = Partial<Parameters<typeof checkImports>[0]>;
const check = (request: Request) =>
  checkImports({
    imports,
    placeOf: (path) => ({ file: `${file} ${path.join(".")}`, line: 1, column: 1 }),
    declared: wayne,
    deployed: {},
    existing: found(),
    audience,
    ownClientId: "pulumi",
    ...request,
  }).map((problem) => `${problem.file.slice(file.length + 1)}: ${problem.message}`);

const end = "Delete these lines; npx customers import writes what can be imported.";
const ofClient = (reason: string) => [
  `customers.wayne.clients.warehouse.id: client "Client abc" (abc) ${reason}. ${end}`,
];
const deployed = (more: Partial<DeployedCustomer> = {}): DeployedCustomer => ({
  ...{ status: "active", organizationId: "org_wayne", clients: { warehouse: "abc" } },
  ...more,
});
const marked = { customer: "wayne", client: "warehouse" };

test("what nobody has may be imported, and so may what this customer has already", () => {
  expect(check({})).toEqual([]);
  expect(check({ deployed: { wayne: deployed() } })).toEqual([]);
  const own = found({ metadata: marked }, { metadata: { customer: "wayne" } });
  expect(check({ existing: own, deployed: { wayne: deployed() } })).toEqual([]);
  const renamed = found({ metadata: marked }, { name: "wayne-enterprises", metadata: { customer: "wayne" } });
  expect(check({ existing: renamed, deployed: { wayne: deployed() } })).toEqual([]);
});

const foreign: [what: string, request: Request, problems: string[]][] = [
  [
    "a client that another customer of any stack has",
    { deployed: { globex: deployed({ organizationId: "org_globex" }) } },
    [`customers.wayne.clients.warehouse.id: client abc is globex/warehouse, which is deployed. ${end}`],
  ],
  [
    "the retiring client of another customer",
    {
      deployed: {
        globex: deployed({ organizationId: "org_g", clients: { ci: "new" }, retiring: { ci: "abc" } }),
      },
    },
    [`customers.wayne.clients.warehouse.id: client abc is globex/ci, which is deployed. ${end}`],
  ],
  [
    "another client of the same customer",
    { deployed: { wayne: deployed({ clients: { bookkeeping: "abc" } }) } },
    [`customers.wayne.clients.warehouse.id: client abc is wayne/bookkeeping, which is deployed. ${end}`],
  ],
  [
    "the organization of another customer",
    { deployed: { globex: deployed({ clients: {} }) } },
    [
      `customers.wayne.organization.id: organization org_wayne belongs to customer globex, which is deployed. ${end}`,
    ],
  ],
  [
    "a client that is marked as another customer's",
    { existing: found({ metadata: { customer: "globex", client: "default" } }) },
    ofClient("is marked as the client globex/default"),
  ],
  [
    "a client that is marked as another client of the customer",
    { existing: found({ metadata: { customer: "wayne", client: "bookkeeping" } }) },
    ofClient("is marked as the client wayne/bookkeeping"),
  ],
  [
    "a client that is marked as another rotation",
    { existing: found({ metadata: { ...marked, rotation: "2" } }) },
    ofClient("is marked as the client wayne/warehouse/2"),
  ],
  [
    "an organization that is marked as another customer's",
    { existing: found({}, { metadata: { customer: "globex" } }) },
    [
      `customers.wayne.organization.id: organization "wayne" (org_wayne) is marked as that of customer globex. ${end}`,
    ],
  ],
  [
    "an organization that the customer is not named after",
    { existing: found({}, { name: "stark" }) },
    [
      'customers.wayne.organization.id: organization org_wayne is named "stark", and customer wayne says "wayne". Write "organization: stark" in the customer\'s file, or delete these lines.',
    ],
  ],
  [
    "an organization of another stack's customer with the same id",
    { existing: found({}, { name: "wayne-test", metadata: { customer: "wayne" } }) },
    [
      'customers.wayne.organization.id: organization org_wayne is named "wayne-test", and customer wayne says "wayne". Write "organization: wayne-test" in the customer\'s file, or delete these lines.',
    ],
  ],
  [
    "the portal's application",
    { existing: found({ metadata: { [portalMark]: audience } }) },
    ofClient("is the application of the Developer Portal"),
  ],
  [
    "Pulumi's own client",
    { ownClientId: "abc" },
    [
      `customers.wayne.clients.warehouse.id: client abc is the one with which Pulumi signs in to Auth0. ${end}`,
    ],
  ],
  [
    "a client that manages the tenant",
    {
      existing: found({
        grants: [grant("cgr_abc"), grant("m", { audience: "https://t.eu.auth0.com/api/v2/" })],
      }),
    },
    ofClient("has a grant on the Auth0 Management API"),
  ],
  [
    "a client of another API",
    {
      imports: {
        customers: {
          wayne: {
            organization: { id: "org_wayne", keeps: [] },
            clients: { warehouse: { id: "abc", keeps: [], lacks: ["organizationGrant"] } },
          },
        },
      },
      existing: found({ metadata: marked, grants: [grant("other", { audience: "https://other/" })] }),
    },
    ofClient("has no grant on https://api.example.com/, but one on https://other/"),
  ],
  [
    "a client with other grant types",
    { existing: found({ grantTypes: ["client_credentials", "password"] }) },
    ofClient("has other grant types, for which files have no key: password"),
  ],
  [
    "an application with users",
    { existing: found({ appType: "regular_web", isFirstParty: false, settings: ["callbacks"] }) },
    [
      ...ofClient("is of the type regular_web, not non_interactive (machine to machine)"),
      ...ofClient("belongs to a third party"),
      ...ofClient("has callbacks, as only applications with users have"),
    ],
  ],
  [
    "a client of another organization, by its default",
    { existing: found({ defaultOrganizationId: "org_stark" }) },
    ofClient("has another default organization, org_stark"),
  ],
  [
    "a client of another organization, by its grant",
    { existing: found({}, { grants: [] }) },
    ofClient(
      `has no grant on ${audience} that organization org_wayne may use, or Pulumi's client lacks read:organization_client_grants`,
    ),
  ],
  [
    "a client whose grant is not named",
    {
      imports: {
        customers: {
          wayne: {
            organization: { id: "org_wayne", keeps: [] },
            clients: { warehouse: { id: "abc", keeps: [] } },
          },
        },
      },
    },
    [
      'customers.wayne.clients.warehouse.grant.id: client "Client abc" (abc) has client grant cgr_abc, which is not named here. Delete these lines, and have npx customers repair or npx customers import write them again.',
    ],
  ],
  [
    "a client whose organization has the grant that it is said to lack",
    {
      imports: {
        customers: {
          wayne: {
            organization: { id: "org_wayne", keeps: [] },
            clients: {
              warehouse: {
                ...{ id: "abc", keeps: [], grant: { id: "cgr_abc", keeps: [] } },
                lacks: ["organizationGrant"],
              },
            },
          },
        },
      },
    },
    [
      "customers.wayne.clients.warehouse.grant.id: organization org_wayne may use client grant cgr_abc, which this says it lacks. Delete these lines, and have npx customers repair or npx customers import write them again.",
    ],
  ],
  [
    "a grant of another client",
    { existing: found({ grants: [grant("cgr_other")] }, { grants: ["cgr_other"] }) },
    [
      `customers.wayne.clients.warehouse.grant.id: client grant cgr_abc is not one of client "Client abc" (abc). ${end}`,
    ],
  ],
  [
    "a grant for users",
    {
      existing: found({ grants: [grant("g"), grant("cgr_abc", { subjectType: "user" })] }, { grants: ["g"] }),
    },
    [`customers.wayne.clients.warehouse.grant.id: client grant cgr_abc is for the subject type user. ${end}`],
  ],
  [
    "a grant that says what a file cannot",
    { existing: found({ grants: [grant("cgr_abc", { settings: ["allow_all_scopes"] })] }) },
    [
      `customers.wayne.clients.warehouse.grant.id: client grant cgr_abc has allow_all_scopes, which a customer file cannot declare. ${end}`,
    ],
  ],
  [
    "what does not exist",
    { existing: existing([], []) },
    [
      `customers.wayne.organization.id: organization org_wayne does not exist in the tenant. ${end}`,
      `customers.wayne.clients.warehouse.id: client abc does not exist in the tenant. ${end}`,
    ],
  ],
  [
    "another API",
    {
      imports: { customers: {}, api: { id: "rs", keeps: [], scopes: { id: "https://other/", keeps: [] } } },
      existing: { ...found(), api: { identifier: "https://other/" } },
    },
    [
      `api.id: API rs is https://other/, and this stack's audience is https://api.example.com/. ${end}`,
      `api.scopes.id: scopes of https://other/ are not those of https://api.example.com/. ${end}`,
    ],
  ],
  [
    "an API that does not exist",
    { imports: { customers: {}, api: { id: "rs", keeps: [], scopes: { id: audience, keeps: [] } } } },
    [`api.id: API rs does not exist in the tenant. ${end}`],
  ],
];

test.each(foreign)("%s may not be imported", (_, request, problems) => {
  expect(check(request)).toEqual(problems);
});

describe("another id than the state's", () => {
  const both = existing(
    [client("abc"), client("state", { metadata: marked })],
    [organization("wayne", { grants: ["cgr_abc"] }), organization("state")],
  );
  const change = "docs/how-to/import.md says how to change over";

  it("is refused, since the engine would delete what it has", () => {
    expect(
      check({ existing: both, deployed: { wayne: deployed({ organizationId: "org_state", clients: {} }) } }),
    ).toEqual([
      `customers.wayne.organization.id: customer wayne has organization org_state, which Auth0 still has, and not org_wayne: the deployment would delete it. Delete these lines; if org_wayne is the right one, ${change}.`,
    ]);
    expect(
      check({ existing: both, deployed: { wayne: deployed({ clients: { warehouse: "state" } }) } }),
    ).toEqual([
      `customers.wayne.clients.warehouse.id: wayne/warehouse is client state, which Auth0 still has, and not abc: the deployment would delete it. Delete these lines; if abc is the right one, ${change}.`,
    ]);
  });

  it("is accepted if Auth0 has the state's no more: that is how an older state is repaired", () => {
    const last = { wayne: deployed({ organizationId: "org_gone", clients: { warehouse: "gone" } }) };
    expect(check({ deployed: last })).toEqual([]);
  });

  it("is no other id if it is that of another rotation, or of a client that has a new name", () => {
    const rotated = declare(
      "displayName: Wayne\nclients: {warehouse: {scopes: [read:orders], rotation: 2, retiring: 1}}\n",
    );
    const named = (id: string) => ({ id, keeps: [], grant: { id: `cgr_${id}`, keeps: [] } });
    const clients = { "warehouse/2": named("new"), warehouse: named("abc") };
    const own = { organization: { id: "org_wayne", keeps: [] }, clients };
    const two = existing(
      [client("abc", { metadata: marked }), client("new", { metadata: { ...marked, rotation: "2" } })],
      [organization("wayne", { grants: ["cgr_abc", "cgr_new"] })],
    );
    const request = { declared: rotated, imports: { customers: { wayne: own } }, existing: two };
    expect(check({ ...request, deployed: { wayne: deployed() } })).toEqual([]);
    const renamed = declare(
      "displayName: Wayne\nclients: {depot: {scopes: [read:orders], previously: warehouse}}\n",
    );
    const depot = { ...own, clients: { depot: named("abc") } };
    expect(
      check({
        declared: renamed,
        imports: { customers: { wayne: depot } },
        existing: found({ metadata: marked }),
        deployed: { wayne: deployed() },
      }),
    ).toEqual([]);
  });

  it("is refused for a customer and a client with new names, too", () => {
    const [renamed] = declare(
      "displayName: Stark\npreviously: wayne\norganization: wayne\nclients: {depot: {scopes: [read:orders], previously: warehouse}}\n",
      "stark.yaml",
    );
    const own = {
      organization: { id: "org_wayne", keeps: [] },
      clients: { depot: { id: "abc", keeps: [], grant: { id: "cgr_abc", keeps: [] } } },
    };
    const problems = check({
      declared: renamed ? [renamed] : [],
      imports: { customers: { stark: own } },
      existing: both,
      deployed: { wayne: deployed({ clients: { warehouse: "state" } }) },
    });
    expect(problems).toEqual([expect.stringContaining("stark/depot is client state, which Auth0 still has")]);
  });
});

test("for each imported customer, the ids of its last deployment are looked for too", () => {
  const last = {
    wayne: deployed({ clients: { warehouse: "current" }, retiring: { warehouse: "old" } }),
    globex: deployed({ organizationId: "org_globex" }),
  };
  expect(deployedBeside(imports, wayne, last)).toEqual({
    organizations: ["org_wayne"],
    clients: ["current", "old"],
  });
  expect(deployedBeside({ customers: {} }, wayne, last)).toEqual({ organizations: [], clients: [] });
});

test("a client that a broken-off deployment has made may lack its grants, but not one without the program's mark", () => {
  const lacking: TenantImports = {
    customers: {
      wayne: {
        organization: { id: "org_wayne", keeps: [] },
        clients: { warehouse: { id: "abc", keeps: [], lacks: ["organizationGrant"] } },
      },
    },
  };
  const without = (metadata: Record<string, string>, grants: ExistingGrant[]) =>
    check({ imports: lacking, existing: found({ metadata, grants }, { grants: [] }) });
  expect(without(marked, [])).toEqual([]);
  // Which the deployment after it has made.
  expect(without(marked, [grant("cgr_abc")])).toEqual([]);
  const done = found({ metadata: marked });
  expect(check({ imports: lacking, existing: done })).toEqual([]);
  const refused = expect.stringContaining("that organization org_wayne may use");
  expect(without({}, [])).toEqual([refused]);
  expect(without({}, [grant("cgr_abc")])).toContainEqual(refused);
});
