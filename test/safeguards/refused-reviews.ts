// Rows of the table: what a pull request may not do, by its files, its author and the policy pack; and what import data may not name.
import { portalMark } from "../../packages/customers-as-code/src/auth0/declaration";
import type {
  Existing,
  ExistingClient,
} from "../../packages/customers-as-code/src/tenant/existing-resources";
import type { Company } from "../support/company";
import { assign, client, customer, operation, type RefusedRow, refused, set } from "./row";

type Edit = (company: Company) => void;
const rename = customer("acme", (one) => assign(one, ["displayName"], "Acme Inc."));
/** With a change of a customer, as if that were all. */
const besides =
  (edit: Edit): Edit =>
  (company) => {
    edit(company);
    rename(company);
  };
const program =
  (path: string, text = "// other\n"): Edit =>
  ({ program: files }) => {
    files[path] = text;
  };
const policy =
  (name: string, settings: unknown): Edit =>
  ({ policy: all }) => {
    all[name] = settings;
  };

const mixture = (what: string, edit: Edit, ...says: string[]) =>
  refused(
    "guards with customers",
    `a customer's change with ${what}`,
    besides(edit),
    "This pull request changes customers (customers/acme.yaml) together with what guards them.",
    "Open two pull requests: one for the guards, and one for the customers after that is deployed.",
    ...says,
  );

const mixtures: RefusedRow[] = [
  mixture("a higher limit", set("removalLimit", "100%"), 'removalLimit goes from "25%" to "100%"'),
  mixture("more who may be replaced", set("replaceable", ["acme", "globex"]), "replaceable goes from"),
  mixture("the end of the protection", set("protect", false), "protect goes from its default to false"),
  mixture(
    "more public routes",
    set("publicRoutes", ["GET /health", "GET /orders"]),
    "publicRoutes goes from",
  ),
  mixture(
    "a policy that is switched off",
    policy("granted-scopes", "disabled"),
    "policy/dev.json is part of the policy pack",
  ),
  mixture(
    "a policy's program",
    program("packages/customers-as-code/src/policy/protected-customers.ts"),
    "packages/customers-as-code/src/policy/protected-customers.ts is part of the policy pack",
  ),
  mixture(
    "other owners",
    program(".github/CODEOWNERS", "* @eve\n"),
    ".github/CODEOWNERS is the list of who must approve",
  ),
  mixture("another workflow", program(".github/workflows/up.yml"), ".github/workflows/up.yml is run by CI"),
  mixture(
    "another guard",
    program("packages/customers-as-code/src/review/guards/guards.ts"),
    "packages/customers-as-code/src/review/guards/guards.ts is part of the program",
  ),
  mixture(
    "another program",
    program("packages/customers-as-code/src/auth0/customer.ts"),
    "packages/customers-as-code/src/auth0/customer.ts is part of the program",
  ),
  mixture(
    "other dependencies",
    program("package.json", '{"dependencies":{"left-pad":"1"}}\n'),
    "package.json is part of the dependencies",
  ),
  mixture(
    "a default of Pulumi.yaml",
    ({ project }) => assign(project, ["config", "protect", "default"], false),
    "Pulumi.yaml is part of the program",
  ),
  mixture(
    "an environment of ESC",
    ({ stack }) => assign(stack, ["environment"], ["stranger/dev"]),
    "environment",
  ),
  mixture("a setting that nobody knows", set("protct", false), "protct goes from its default to false"),
];

const owners: RefusedRow[] = [
  refused(
    "owners",
    "a customer's change by a stranger",
    { edit: rename, author: "eve" },
    "customers/acme.yaml belongs to @example/platform, and eve is none of them",
    "Ask one of them to approve the pull request, and run the preview again",
  ),
  refused(
    "owners",
    "a stranger's limit that another stranger approves",
    { edit: set("removalLimit", "100%"), author: "eve", approvedBy: ["mallory"] },
    "Pulumi.dev.yaml belongs to @example/platform",
  ),
  refused(
    "owners",
    "a change by which its author becomes an owner",
    { edit: program(".github/CODEOWNERS", "* @eve\n"), author: "eve" },
    ".github/CODEOWNERS belongs to @example/platform, and eve is none of them",
  ),
  refused(
    "owners",
    "a removal of a customer whose owners nobody knows",
    {
      before: program(".github/CODEOWNERS", "* @example/unknown\n"),
      edit: ({ customers }) => {
        delete customers.umbrella;
      },
    },
    "customers/umbrella.yaml belongs to @example/unknown",
    "CODEOWNERS_TEAMS doesn't say who is in @example/unknown",
  ),
];

const policies: RefusedRow[] = [
  refused(
    "policy settings",
    "a misspelt policy",
    policy("granted-scope", "disabled"),
    'policy/dev.json:1:46  "granted-scope" is not a policy',
    'Did you mean "granted-scopes"?',
  ),
  refused(
    "policy settings",
    "a level that does not exist",
    policy("granted-scopes", "off"),
    "granted-scopes: must be an enforcement level",
    'Known: "advisory", "mandatory", "remediate", "disabled"',
  ),
  refused(
    "policy settings",
    "a setting that a policy does not have",
    policy("public-routes", { alowed: ["GET /health"] }),
    'public-routes: "alowed" is not a setting of the policy',
    'Did you mean "allowed"?',
  ),
  refused(
    "policy settings",
    "one route instead of a list",
    policy("public-routes", { allowed: "GET /health" }),
    'public-routes.allowed: must be a list such as ["GET /health"]',
  ),
  refused(
    "protected-customers",
    "customers without protection",
    set("protect", false),
    "The organization of customer acme is not protected.",
  ),
  refused(
    "granted-scopes",
    "a client that loses every scope",
    client("acme", "default", { scopes: [] }),
    "The client acme/default has no scope.",
  ),
  refused(
    "public-routes",
    "a public route that the settings allow, and the policy does not",
    (company) => {
      set("publicRoutes", ["GET /health", "GET /orders"])(company);
      operation("GET /orders", "security", [])(company);
    },
    "GET /orders is public, and not allowed to be.",
  ),
  refused(
    "public-routes",
    "a policy that allows less than there is",
    policy("public-routes", { allowed: [] }),
    "GET /health is public, and not allowed to be.",
  ),
];

const size: RefusedRow[] = [
  refused(
    "size of the review",
    "more grave changes than a comment has room for",
    ({ customers }) => {
      for (let number = 0; number < 400; number += 1) {
        customers[`customer-with-a-very-long-name-indeed-${number}`] = {
          displayName: `Customer ${number}`,
          members: ["eve@example.com"],
          clients: { ci: { scopes: ["read:orders"] } },
        };
      }
    },
    "There is too much to review at once",
    "Split the pull request",
  ),
];

const domain = "example.eu.auth0.com";
const audience = "https://api.example.com/";
const wayne = { displayName: "Wayne", clients: { ci: { scopes: ["read:orders"] } } };

/** A new customer whose organization and client are imported. */
const importing =
  (id = "abc", organization = "org_wayne", keeps: string[] = []): Edit =>
  ({ customers, imports }) => {
    customers.wayne = structuredClone(wayne);
    imports[domain] = {
      customers: {
        wayne: {
          organization: { id: organization, keeps: [] },
          clients: { ci: { id, keeps, grant: { id: "cgr_1", keeps: [] } } },
        },
      },
    };
  };

function tenant(more: Partial<ExistingClient> = {}, id = "abc"): Existing {
  const grant = { ...{ id: "cgr_1", audience, subjectType: "client" }, settings: [] };
  return {
    clients: new Map([
      [
        id,
        {
          ...{ id, name: "Warehouse", appType: "non_interactive", isFirstParty: true, metadata: {} },
          ...{ grantTypes: ["client_credentials"], settings: [], grants: [grant] },
          ...more,
        },
      ],
    ]),
    organizations: new Map([
      ["org_wayne", { id: "org_wayne", name: "wayne", metadata: {}, grants: ["cgr_1"] }],
    ]),
  };
}

const remedy = "Delete these lines; npx customers import writes what can be imported.";
const imports: RefusedRow[] = [
  refused(
    "imports",
    "an import of another customer's client",
    { edit: importing("acme_default"), existing: tenant({}, "acme_default") },
    "customers/imports.json:1:",
    "client acme_default is acme/default, which is deployed",
    remedy,
  ),
  refused(
    "imports",
    "an import of another customer's organization",
    { edit: importing("abc", "org_acme"), existing: tenant() },
    "organization org_acme belongs to customer acme, which is deployed",
    remedy,
  ),
  refused(
    "imports",
    "an import of Pulumi's own client",
    { edit: importing(), existing: tenant(), ownClientId: "abc" },
    "client abc is the one with which Pulumi signs in to Auth0",
    remedy,
  ),
  refused(
    "imports",
    "an import of a client that may manage the tenant",
    {
      edit: importing(),
      existing: tenant({
        grants: [{ id: "cgr_2", audience: `https://${domain}/api/v2/`, subjectType: "client", settings: [] }],
      }),
    },
    'client "Warehouse" (abc) has a grant on the Auth0 Management API',
    remedy,
  ),
  refused(
    "imports",
    "an import of an application of users",
    { edit: importing(), existing: tenant({ settings: ["callbacks"] }) },
    'client "Warehouse" (abc) has callbacks, as only applications with users have',
    remedy,
  ),
  refused(
    "imports",
    "an import of a client with other grant types",
    { edit: importing(), existing: tenant({ grantTypes: ["client_credentials", "password"] }) },
    'client "Warehouse" (abc)',
    "password",
    remedy,
  ),
  refused(
    "imports",
    "an import of the portal's application",
    { edit: importing(), existing: tenant({ metadata: { [portalMark]: "yes" } }) },
    'client "Warehouse" (abc) is the application of the Developer Portal',
    remedy,
  ),
  refused(
    "imports",
    "an import of a client that is marked as another's",
    { edit: importing(), existing: tenant({ metadata: { customer: "acme", client: "old" } }) },
    'client "Warehouse" (abc) is marked as the client acme/old',
    remedy,
  ),
  refused(
    "imports",
    "an import of what Auth0 does not have",
    { edit: importing("gone"), existing: tenant() },
    "client gone does not exist in the tenant",
    remedy,
  ),
  refused(
    "imports",
    "an import of an organization with another name",
    {
      edit: (company) => {
        importing()(company);
        customer("wayne", (one) => assign(one, ["organization"], "wayne-eu"))(company);
      },
      existing: tenant(),
    },
    'organization org_wayne is named "wayne", and customer wayne says "wayne-eu"',
    'Write "organization: wayne" in the customer\'s file, or delete these lines',
  ),
  refused(
    "imports",
    "an import of another organization than the state's",
    {
      before: ({ customers }) => {
        customers.wayne = structuredClone(wayne);
      },
      edit: importing("abc", "org_other"),
      existing: tenant(),
    },
    "customer wayne has organization org_wayne, which Auth0 still has, and not org_other: the deployment would delete it",
    "docs/how-to/import.md says how to change over",
  ),
  refused(
    "files",
    "an import that keeps more than import data can",
    importing("abc", "org_wayne", ["clientSecret"]),
    'keeps "clientSecret" of the client, which import data cannot keep',
    "Delete it",
  ),
  refused(
    "files",
    "an import for a customer without a file",
    (company) => {
      importing()(company);
      delete company.customers.wayne;
    },
    'customer "wayne" has no file',
    "If it is gone, delete its lines here",
  ),
  refused(
    "files",
    "import data with an unknown key",
    ({ imports: all }) => {
      all[domain] = { customers: {}, clients: {} };
    },
    "customers/imports.json:1:",
    'have "npx customers import" write it again',
  ),
  refused(
    "imports with delivery",
    "an import whose secret goes to the author's AWS account",
    {
      edit: (company) => {
        importing()(company);
        customer("wayne", (one) => assign(one, ["delivery"], { awsAccountId: "999999999999" }))(company);
      },
      existing: tenant(),
    },
    "customers/imports.json imports wayne, whose secrets go to the AWS account 999999999999",
    "Have an owner of each file approve, at least one of them not the author",
  ),
  refused(
    "imports with delivery",
    "a first delivery of a customer whose import is not over",
    {
      before: importing(),
      edit: customer("wayne", (one) => assign(one, ["delivery"], { awsAccountId: "999999999999" })),
      existing: tenant(),
    },
    "whose secrets go to the AWS account 999999999999",
    "Then run the preview again",
  ),
  refused(
    "imports with delivery",
    "an import with delivery in files that nobody owns",
    {
      before: program(".github/CODEOWNERS", "/docs/ @example/platform\n"),
      edit: (company) => {
        importing()(company);
        customer("wayne", (one) => assign(one, ["delivery"], { awsAccountId: "999999999999" }))(company);
      },
      existing: tenant(),
      approvedBy: ["sam"],
    },
    "CODEOWNERS gives customers/imports.json and customers/wayne.yaml to nobody",
    "import and deploy first",
  ),
];

export const reviewRows = [...mixtures, ...owners, ...policies, ...size, ...imports];
