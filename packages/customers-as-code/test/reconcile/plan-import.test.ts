import { join } from "node:path";
import * as fc from "fast-check";
import { parse } from "yaml";
import type { AllImports } from "../../src/customers/import-data";
import { parseImports } from "../../src/customers/imports";
import { parseCustomers, type Stacks } from "../../src/customers/load-customers";
import { problemCodes } from "../../src/problems/codes";
import type { Left } from "../../src/reconcile/candidates";
import {
  type ImportPlan,
  type ImportRequest,
  leftMembers,
  planImport,
} from "../../src/reconcile/plan-import";
import type { Tenant } from "../../src/tenant/tenant";
import { audience, client, grant, organization, tenant, wayne } from "../customers/tenants";
import { expectGolden } from "../problems/golden";

const scopes = ["read:orders", "write:orders", "read:invoices"];
const domain = "example.eu.auth0.com";

interface Options {
  /** By the name of the file. */
  files?: Record<string, string>;
  imports?: AllImports;
  api?: ImportRequest["api"];
  stacks?: Stacks;
}

function take(from: Tenant, { files = {}, imports = {}, api, stacks }: Options = {}): ImportPlan {
  const texts = Object.entries(files).map(([name, text]) => ({ name, text }));
  const { customers } = parseCustomers("customers", texts, scopes);
  return planImport({
    tenant: from,
    audience,
    reader: "pulumi",
    existing: { folder: "customers", files: texts, scopes, ...(stacks && { stacks }) },
    declared: customers,
    imports,
    schema: "schema.json",
    ...(api && { api }),
  });
}

const textsOf = ({ taken }: ImportPlan) =>
  Object.fromEntries(
    taken.map(({ file }) => [file.name, file.text.replace(/^# yaml-language-server.*\n/, "")]),
  );
const importsOf = ({ imports = "{}" }: ImportPlan): AllImports => JSON.parse(imports);
const leftOf = ({ left }: ImportPlan) =>
  left.map(
    ({ kind, name, reasons }) => `${kind} ${name} ${reasons.map(({ message }) => message).join("; ")}`,
  );

describe("an organization that people made", () => {
  it("gets a file with its names, metadata and clients, in the order of their names", () => {
    const warehouse = client("Wayne Warehouse (EU)", { description: "Since 2019" });
    const bookkeeping = client("Bookkeeping");
    const found = tenant({
      organizations: [
        organization("wayne", {
          displayName: "Wayne Enterprises",
          metadata: { plan: "gold", contact: "api@wayne.example", number: "4711" },
          grants: ["cgr_1", "cgr_2"],
        }),
      ],
      clients: [warehouse, bookkeeping],
      grants: [
        grant(warehouse.id, { id: "cgr_1", scopes: ["write:orders", "read:orders"] }),
        grant(bookkeeping.id, { id: "cgr_2", scopes: ["read:invoices"] }),
      ],
    });
    const plan = take(found);
    expect(textsOf(plan)).toEqual({
      "wayne.yaml": `displayName: Wayne Enterprises
contact: api@wayne.example
metadata:
  plan: gold
  number: "4711"
clients:
  # Bookkeeping
  bookkeeping:
    scopes: [read:invoices]
  # Wayne Warehouse (EU): Since 2019
  warehouse-eu:
    scopes: [write:orders, read:orders]
`,
    });
    expect(plan).toMatchObject({ problems: [], left: [], taken: [{ isPortalMade: false }] });
  });

  it("is imported by ids, and keeps what the program would have otherwise", () => {
    const plan = take(
      wayne({
        client: {
          grantTypes: ["authorization_code", "implicit", "refresh_token", "client_credentials"],
        },
      }),
    );
    expect(importsOf(plan)).toEqual({
      [domain]: {
        customers: {
          wayne: {
            organization: { id: "org_wayne", keeps: ["metadata"] },
            clients: {
              warehouse: {
                id: "id-warehouse",
                keeps: [
                  ...["name", "description", "grantTypes", "defaultOrganization"],
                  ...["organizationUsage", "clientMetadata"],
                ],
                grant: { id: "cgr_id-warehouse", keeps: [] },
              },
            },
          },
        },
      },
    });
  });

  it("keeps the usage that its grant has, until names follow the files", () => {
    const imported = importsOf(take(wayne({ grant: { organizationUsage: "allow" } })));
    expect(imported[domain]?.customers.wayne?.clients.warehouse?.grant?.keeps).toEqual(["organizationUsage"]);
  });

  it("keeps the quota of tokens that a client has, which its file then says", () => {
    const tokenQuota = { clientCredentials: { enforce: true, perHour: 5 } };
    const plan = take(wayne({ client: { tokenQuota } }));
    const { clients } = parse(textsOf(plan)["wayne.yaml"] ?? "");
    expect(clients.warehouse.tokenQuota).toEqual({ enforce: true, perHour: 5 });
    expect(importsOf(plan)[domain]?.customers.wayne?.clients.warehouse?.keeps).not.toContain("tokenQuota");
  });

  it("goes on without a quota of tokens where the stack's default plan has one, until names follow the files", () => {
    const plans = { free: { tokenQuota: { enforce: true, perHour: 5 } } };
    const plan = take(wayne(), { stacks: { known: [], plans: { plans, defaultPlan: "free" } } });
    expect(importsOf(plan)[domain]?.customers.wayne?.clients.warehouse?.keeps).toContain("tokenQuota");
  });

  it("has its name in the report if it has no other", () => {
    const plan = take(wayne({ organization: { displayName: undefined } }));
    expect(textsOf(plan)["wayne.yaml"]).toContain("displayName: wayne\n");
    expect(importsOf(plan)[domain]?.customers.wayne?.organization.keeps).toEqual(["displayName", "metadata"]);
  });
});

describe("what the Developer Portal made", () => {
  const email = "Jane.Doe+api@customer-a.example";
  const name = "janedoeapicustomeraexample";
  const key = (id: string) =>
    client(email, {
      id,
      grantTypes: ["authorization_code", "implicit", "refresh_token", "client_credentials"],
      defaultOrganization: { organizationId: `org_${name}`, flows: ["client_credentials"] },
      organizationUsage: "require",
    });
  const portal = tenant({
    organizations: [organization(name, { grants: ["cgr_b", "cgr_a"] })],
    clients: [key("b"), key("a")],
    grants: [grant("b"), grant("a")],
  });

  it("is named after its user, whose clients of one name are told apart", () => {
    const plan = take(portal);
    expect(textsOf(plan)).toEqual({
      [`${name}.yaml`]: `displayName: ${email}
contact: ${email}
clients:
  # ${email}
  portal:
    scopes: [read:orders]
  # ${email}
  portal-2:
    scopes: [read:orders]
`,
    });
    expect(plan.taken[0]?.isPortalMade).toBe(true);
    const clients = importsOf(plan)[domain]?.customers[name]?.clients;
    expect([clients?.portal?.id, clients?.["portal-2"]?.id]).toEqual(["a", "b"]);
  });

  it("has no contact where the user's name only looks like an address", () => {
    const odd = { ...portal, clients: [{ ...key("a"), name: "jane@doe" }], grants: [grant("a")] };
    odd.organizations = [organization("janedoe", { grants: ["cgr_a"] })];
    const [one] = odd.clients;
    if (one) one.defaultOrganization = undefined;
    expect(textsOf(take(odd))["janedoe.yaml"]).not.toContain("contact");
  });
});

const email = "jane@customer.example";
const declared = "displayName: Wayne\nclients:\n  warehouse:\n    scopes: [read:orders]\n";
const many = Array.from({ length: 51 }, (_, n) => `cgr_${n}`);

const refused: [what: string, found: Tenant, left: string[], options?: Options][] = [
  [
    "a client without a grant on the API",
    tenant({ clients: [client("Website", { appType: "spa" })] }),
    [`client Website has no grant on ${audience}`],
  ],
  [
    "the client by which the tenant is read",
    tenant({ clients: [client("Pulumi", { id: "pulumi" })], grants: [grant("pulumi")] }),
    ["client Pulumi is the client with which this command reads the tenant"],
  ],
  [
    "a client of no organization",
    tenant({ clients: [client("Internal")], grants: [grant("id-internal")] }),
    ["client Internal has a grant that no organization can use"],
  ],
  [
    "a client for any organization",
    wayne({ grant: { allowAnyOrganization: true } }),
    [
      "client Warehouse has a grant for any organization",
      "organization wayne has no client that can be imported, and a file needs one",
    ],
  ],
  [
    "a client of two organizations",
    wayne({ more: { organizations: [organization("stark", { grants: ["cgr_id-warehouse"] })] } }),
    [
      "client Warehouse serves more than one organization: wayne, stark",
      "organization stark has no client that can be imported, and a file needs one",
      "organization wayne has no client that can be imported, and a file needs one",
    ],
  ],
  [
    "a client with another default organization",
    wayne({
      client: { defaultOrganization: { organizationId: "org_stark", flows: ["client_credentials"] } },
    }),
    [
      "client Warehouse has a default organization, org_stark, that is not the one that can use its grant",
      "organization wayne has no client that can be imported, and a file needs one",
    ],
  ],
  [
    "a client for people who log in, with every reason",
    wayne({
      client: {
        appType: "regular_web",
        isFirstParty: false,
        grantTypes: ["authorization_code", "password"],
        authenticationMethod: "client_secret_basic",
        settings: ["callbacks", "web_origins"],
        clientMetadata: { team: "a" },
      },
    }),
    [
      "client Warehouse is of the type regular_web, not non_interactive (machine to machine); belongs to a third party; does not have the grant type client_credentials; has other grant types, for which files have no key: authorization_code, password; authenticates by client_secret_basic, for which files have no key; has settings for which files have no key, so that a deployment would remove them: callbacks, web_origins, client_metadata.team",
      "organization wayne has no client that can be imported, and a file needs one",
    ],
  ],
  [
    "a client with a key pair",
    wayne({ client: { authenticationMethod: "private_key_jwt" } }),
    [
      "client Warehouse has a key pair, whose public key Auth0 does not return",
      "organization wayne has no client that can be imported, and a file needs one",
    ],
  ],
  [
    "a grant that says what a file cannot",
    wayne({ grant: { scopes: [], settings: ["allow_all_scopes"] } }),
    [
      "client Warehouse has a grant with allow_all_scopes; has a grant without scopes, and a file needs one",
      "organization wayne has no client that can be imported, and a file needs one",
    ],
  ],
  [
    "a scope that the document does not declare",
    wayne({ grant: { scopes: ["read:orders", "read:stock"] } }),
    [
      "client Warehouse has scopes that the OpenAPI document does not declare: read:stock",
      "organization wayne has no client that can be imported, and a file needs one",
    ],
  ],
  [
    "an organization with a quota, and its client with it",
    wayne({ organization: { settings: ["token_quota"] } }),
    [
      'client Warehouse is a client of the organization "wayne", which is not imported',
      "organization wayne has settings for which files have no key, so that a deployment would remove them: token_quota",
    ],
  ],
  [
    "an organization of which the provider would not see every grant",
    wayne({ organization: { grants: ["cgr_id-warehouse", ...many] } }),
    [
      'client Warehouse is a client of the organization "wayne", which is not imported',
      "organization wayne has 52 client grants, of which Pulumi's provider sees only the first 50",
    ],
  ],
  [
    "an organization with metadata that a file cannot say",
    wayne({ organization: { metadata: { contact: "Bruce", empty: "" } } }),
    [
      'client Warehouse is a client of the organization "wayne", which is not imported',
      "organization wayne cannot have a file: contact: must be an e-mail address; cannot have a file: metadata.empty: must not be empty",
    ],
  ],
  [
    "what is marked as this program's, of which there is no file here",
    wayne({
      organization: { metadata: { customer: "batman" } },
      client: { clientMetadata: { customer: "batman", client: "cave" } },
    }),
    [
      'client Warehouse is marked as the client "batman/cave" of this program, which has no file here; is a client of the organization "wayne", which is not imported',
      'organization wayne is marked as the customer "batman" of this program (metadata "customer"), which has no file here',
    ],
  ],
  [
    "an organization whose file's name another customer has",
    wayne(),
    [
      'client Warehouse is a client of the organization "wayne", which is not imported',
      'organization wayne would be the customer "wayne", but customers/wayne.yaml belongs to another customer',
    ],
    { files: { "wayne.yaml": `${declared}organization: wayne-eu\n` } },
  ],
  [
    "an organization of a name that a file has already, but that was not made from it",
    wayne(),
    [
      "client Warehouse is a client of the customer in customers/wayne.yaml, and import changes no existing file",
      "organization wayne has the name in customers/wayne.yaml, but was not created from it: rename that file and import again, or delete the organization",
    ],
    { files: { "wayne.yaml": declared } },
  ],
  [
    "a new client of a customer that has a file",
    wayne({ organization: { metadata: { customer: "wayne" } }, client: { name: email } }),
    [
      `client ${email} is a client of the customer in customers/wayne.yaml, and import changes no existing file`,
    ],
    { files: { "wayne.yaml": declared } },
  ],
  [
    "a grant for a group of clients",
    tenant({ grants: [grant("none", { clientId: undefined, settings: ["default_for"] })] }),
    [`client grant ${audience} belongs to no single client (default_for)`],
  ],
];

test.each(refused)("%s stays as it is, with the reason", (...[, found, left, options]) => {
  const plan = take(found, options);
  expect(leftOf(plan)).toEqual(left);
  expect(plan).toMatchObject({ taken: [], problems: [] });
  expect(plan.imports).toBeUndefined();
});

test("a client that cannot be imported does not keep its organization from it", () => {
  const web = client("Website", { appType: "spa" });
  const found = wayne({
    organization: { grants: ["cgr_id-warehouse", "cgr_id-website"] },
    more: { clients: [web], grants: [grant(web.id)] },
  });
  const plan = take(found);
  expect(Object.keys(textsOf(plan))).toEqual(["wayne.yaml"]);
  expect(leftOf(plan)).toEqual([
    "client Website is of the type spa, not non_interactive (machine to machine)",
  ]);
});

test("a taken client's grants on other APIs, and for users, are listed", () => {
  const others = [
    grant("id-warehouse", { id: "cgr_other", audience: "https://other/" }),
    grant("id-warehouse", { id: "cgr_user", subjectType: "user" }),
  ];
  expect(leftOf(take(wayne({ more: { grants: others } })))).toEqual([
    `client grant ${audience} of client "Warehouse" is for the subject type user: it stays as it is`,
    'client grant https://other/ of client "Warehouse" is on another API: it stays as it is',
  ]);
});

test("members of a taken organization stay, and are listed", () => {
  const { taken } = take(wayne());
  expect(leftMembers(taken, new Map())).toEqual([]);
  expect(leftMembers(taken, new Map([["org_wayne", []]]))).toEqual([]);
  const members = [
    { userId: "auth0|1", email: "robin@wayne.example" },
    { userId: "sms|2" },
    { userId: "auth0|3", email: "alfred@wayne.example" },
  ];
  expect(
    leftMembers(
      taken,
      new Map([
        ["org_wayne", members],
        ["org_other", members],
      ]),
    ),
  ).toEqual([
    {
      kind: "members of organization",
      name: "wayne",
      id: "org_wayne",
      reasons: [
        {
          code: "members-not-in-files",
          message: "stay as they are: alfred@wayne.example, robin@wayne.example, sms|2",
        },
      ],
    },
  ]);
});

test("the wording of what stays as it is, is that of the golden file", () => {
  const others = [grant("id-warehouse", { id: "cgr_other", audience: "https://other/" })];
  const managing = [grant("id-warehouse", { id: "cgr_api", audience: `https://${domain}/api/v2/` })];
  const { taken } = take(wayne());
  const members = new Map([["org_wayne", [{ userId: "auth0|1", email: "robin@wayne.example" }]]]);
  const left: Left[] = [
    ...refused.flatMap(([, found, , options]) => take(found, options).left),
    ...take(wayne({ more: { grants: others } })).left,
    ...take(wayne({ more: { grants: managing } })).left,
    ...leftMembers(taken, members),
  ];
  const problems = left.flatMap(({ kind, name, reasons }) =>
    reasons.map((reason) => ({ file: `${kind} "${name}"`, ...reason })),
  );
  const samples = Object.keys(problemCodes.tenant).map((code) => {
    const found = problems.filter((problem) => problem.code === code);
    return [code, () => found] as const;
  });
  expectGolden("tenant", join(__dirname, "__golden__/tenant.txt"), Object.fromEntries(samples));
});

test("a second time there is nothing to do, and entries of other tenants stay", () => {
  const others: AllImports = { "test.eu.auth0.com": { customers: {} } };
  const first = take(wayne(), { imports: others });
  expect(importsOf(first)["test.eu.auth0.com"]).toEqual({ customers: {} });
  const second = take(wayne(), { files: textsOf(first), imports: importsOf(first) });
  expect(second).toEqual({ taken: [], left: [], problems: [] });
});

describe("the API", () => {
  const api = {
    name: "Orders",
    identifier: audience,
    scopes: { "read:orders": "Read" },
    tokenLifetime: 3600,
  };
  const found = {
    id: "abc",
    name: "Orders",
    identifier: audience,
    signingAlg: "RS256",
    tokenLifetime: 7200,
    scopes: [{ name: "read:orders" }],
  };

  it("is imported if that is asked for, as it is", () => {
    expect(importsOf(take(tenant({ api: found }), { api }))[domain]?.api).toEqual({
      id: "abc",
      keeps: ["tokenLifetime"],
      scopes: { id: audience, keeps: ["scopes"] },
    });
    expect(take(tenant({ api: found })).imports).toBeUndefined();
    expect(take(tenant(), { api }).imports).toBeUndefined();
  });
});

const anyName = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 70 }).filter((name) => !/[<>]/.test(name)),
  fc.constantFrom("Wayne", "wayne/warehouse", "constructor", "-", "ÄÖ ü", "null", "jane@wayne.example"),
);

test("whatever the names, every client has a valid one of its own, and the files say what the tenant has", () => {
  const found = fc.array(fc.record({ name: anyName, description: fc.string() }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(found, (clients) => {
      const own = clients.map(({ name, description }, n) => client(name, { id: `id${n}`, description }));
      const plan = take(
        tenant({
          organizations: [
            organization("wayne", { displayName: "W", grants: own.map(({ id }) => `cgr_${id}`) }),
          ],
          clients: own,
          grants: own.map(({ id }) => grant(id)),
        }),
      );
      expect(plan).toMatchObject({ problems: [], left: [] });
      const texts = textsOf(plan);
      const files = Object.entries(texts).map(([name, text]) => ({ name, text }));
      const loaded = parseCustomers("customers", files, scopes);
      expect(loaded.problems).toEqual([]);
      expect(Object.keys(parse(texts["wayne.yaml"] ?? "").clients)).toHaveLength(clients.length);
      const { imports, problems } = parseImports("imports.json", plan.imports ?? "", domain, loaded);
      expect(problems).toEqual([]);
      const imported = Object.values(imports.customers.wayne?.clients ?? {});
      expect(imported.map(({ id }) => id).sort()).toEqual(own.map(({ id }) => id).sort());
    }),
    { seed: 7, numRuns: 200 },
  );
});
