// The wording of every problem that only a deployment finds, in one file.
import { join } from "node:path";
import { record } from "../../../../test/support/recorder";
import { findMissingMembers } from "../../src/auth0/members";
import { parseImports } from "../../src/customers/imports";
import { parseCustomers } from "../../src/customers/load-customers";
import { checkImports } from "../../src/deployment/check-imports";
import { checkPlacement } from "../../src/deployment/placement";
import type { Removals } from "../../src/deployment/removal-limit";
import { checkRemovals } from "../../src/deployment/removals";
import type { Problem } from "../../src/problems/problem";
import { expectGolden } from "../problems/golden";

const [domain, audience] = ["example.eu.auth0.com", "https://api.example.com/"];
const file = "Pulumi.dev.yaml";
const scopes = ["read:orders"];
const acme = {
  name: "acme.yaml",
  text: "displayName: Acme\nclients:\n  default: { scopes: [read:orders] }\n",
};
const declared = parseCustomers("customers", [acme], scopes);

const others = parseCustomers("customers", [{ ...acme, name: "acme-eu.yaml" }], scopes).customers;

const client = { id: "abc", keeps: [], grant: { id: "cgr_1", keeps: [] } };
const imported = {
  api: { id: "api_1", keeps: [], scopes: { id: "api_1", keeps: [] } },
  customers: { acme: { organization: { id: "org_1", keeps: [] }, clients: { default: client } } },
};

/** Of import data for a tenant that has nothing of it but the client. */
function importNothing(): Problem[] {
  const text = `${JSON.stringify({ [domain]: imported }, null, 2)}\n`;
  const { imports, placeOf, problems } = parseImports("customers/imports.json", text, domain, declared);
  expect(problems).toEqual([]);
  const found = {
    ...{ id: "abc", name: "Shop", appType: "spa", isFirstParty: true, grantTypes: ["authorization_code"] },
    ...{ metadata: {}, settings: [], grants: [] },
  };
  return checkImports({
    ...{ imports, placeOf, audience, declared: declared.customers, deployed: {}, ownClientId: undefined },
    existing: { organizations: new Map(), clients: new Map([["abc", found]]) },
  });
}

/** Of a deployment after one of the customer `acme` with the clients `default` and `ci`. */
function removals(more: Partial<Removals>) {
  const mayGo: true = true;
  return () =>
    checkRemovals({
      deployed: { acme: { status: "active", clients: { default: "abc", ci: "def" } } },
      declared: declared.customers,
      last: {
        clients: { acme: { default: { scopes }, ci: { scopes, mayGo } } },
        ...{ unprotected: new Set(), losses: [] },
      },
      ...{ limit: "100%", ownClientId: undefined, file, folder: "customers" },
      ...more,
    });
}

/** The first of the customers that belongs into another shard. */
function placeInShard(): Problem[] {
  const placement = { main: "prod", number: 1, shards: 2 };
  const ids = ["acme", "globex", "initech", "umbrella"];
  const customers = declared.customers.flatMap((customer) => ids.map((id) => ({ ...customer, id })));
  const here = Object.fromEntries(ids.map((id) => [id, { status: "active", clients: {} }]));
  return checkPlacement(customers, here, placement, "Pulumi.prod.yaml");
}

test("the wording of a deployment's problems is that of the golden file", async () => {
  const nobody = () => {
    // The SDK reads the reason where gRPC has it.
    throw Object.assign(new Error(), { details: "No users found." });
  };
  await record({}, { "auth0:index/getUser:getUser": nobody });
  const missing = await findMissingMembers([{ id: "acme", members: ["jane@acme.example"] }], "customers");
  const address = { domain, audience };
  expectGolden("deployment", join(__dirname, "__golden__/deployment.txt"), {
    "member-not-found": () => missing,
    "imports-organization-refused": importNothing,
    "imports-client-refused": importNothing,
    "imports-grant-refused": importNothing,
    "imports-api-refused": importNothing,
    "removal-limit-exceeded": removals({ declared: [], limit: "0", last: undefined }),
    "customer-protected": removals({ declared: others }),
    "customers-none": removals({ declared: [] }),
    "client-protected": removals({
      last: { clients: { acme: { ci: { scopes } } }, unprotected: new Set(), losses: [] },
    }),
    "audience-protected": removals({
      last: {
        ...{ clients: {}, unprotected: new Set(), losses: [] },
        address: { ...address, audience: "https://old.example.com/" },
      },
      address,
    }),
    "address-changed": removals({
      last: {
        ...{ clients: {}, unprotected: new Set(), losses: [] },
        address: { ...address, domain: "old.eu.auth0.com" },
      },
      address,
    }),
    "own-client-deleted": removals({ ownClientId: "def" }),
    "customer-in-other-shard": placeInShard,
  });
});
