// New names, key pairs and the two steps of a removal on the real engine, with protection on: each step builds on the one before it.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDecoder } from "fast-jwt";
import {
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { askByKey, changesOf, openTestCloud, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;

beforeAll(async () => {
  system = await openTestCloud({ config: { protect: { value: "true" } } });
  await system.stack.up();
});

afterAll(() => system?.close());

const up = () => changesOf((options) => system.stack.up(options));
const preview = () => changesOf((options) => system.stack.preview(options));
const file = (id: string) => join(system.customers, `${id}.yaml`);

function edit(id: string, change: (text: string) => string): void {
  writeFileSync(file(id), change(readFileSync(file(id), "utf8")));
}

/** Ids of organizations, clients and grants, without the names, which do change. */
async function idsInTenant() {
  const { organizations = [], clients = [], clientGrants = [] } = await readTenant(system);
  return [...organizations, ...clients, ...clientGrants].map((line) => line.split(" ").at(-1)).sort();
}

async function outputs() {
  const all = await system.stack.outputs();
  return {
    customers: readOutput<Customers>(all, "customers"),
    credentials: readOutput<Credentials>(all, "credentials"),
  };
}

/** Of a token that the customer gets now. */
async function scopesOfToken(customer: string) {
  const { default: credentials } = (await outputs()).credentials[customer] ?? {};
  if (!credentials) throw new Error(`no credentials of ${customer}/default`);
  const payload: unknown = createDecoder()(await getToken(system.cloud.fetch, credentials));
  const scope = typeof payload === "object" && payload !== null && "scope" in payload ? payload.scope : "";
  return String(scope)
    .split(" ")
    .filter((one) => one !== "");
}

test("a renamed customer, with a renamed client, keeps its organization, clients, grants and credentials", async () => {
  const before = { ids: await idsInTenant(), ...(await outputs()) };
  // A new name that begins like the old one is where a careless alias goes wrong.
  const command = ["packages/customers-as-code/bin.cjs", "rename", "globex", "globe"];
  execFileSync(process.execPath, [...command, "--customers", system.customers]);
  edit("globe", (text) => text.replace("warehouse:", "store:\n    previously: warehouse"));
  const renamed = {
    "Organization globe": "update",
    "Client globe/store": "update",
    "Client globe/bookkeeping": "update",
  };
  expect(await preview()).toEqual(renamed);
  expect(await up()).toEqual(renamed);
  expect(await idsInTenant()).toEqual(before.ids);
  const { customers, credentials } = await outputs();
  expect(customers.globe).toEqual({
    organization: "globe",
    organizationId: before.customers.globex?.organizationId,
    status: "active",
    clients: {
      store: before.customers.globex?.clients.warehouse,
      bookkeeping: before.customers.globex?.clients.bookkeeping,
    },
  });
  expect(credentials.globe?.store).toEqual(before.credentials.globex?.warehouse);
  expect((await readTenant(system)).organizations?.join()).toContain("globe org_");
});

test("once deployed, the line that names the old one may go", async () => {
  edit("globe", (text) =>
    text.replace("previously: globex\n", "").replace("    previously: warehouse\n", ""),
  );
  expect(await preview()).toEqual({});
});

test("an organization whose name is given keeps it when the file gets another", async () => {
  edit("acme", (text) => `${text}organization: acme\npreviously: acme\n`);
  renameSync(file("acme"), file("acme-corporation"));
  expect(await up()).toEqual({
    "Organization acme-corporation": "update",
    "Client acme-corporation/default": "update",
  });
  expect((await readTenant(system)).organizations?.join()).toMatch(/(^|,)acme org_/);
});

test("without a word of its old name, a renamed customer is refused as a removal is", async () => {
  renameSync(file("initech"), file("initech-eu"));
  const failure = await system.stack.preview().then(() => "", String);
  expect(failure).toContain("protect");
  renameSync(file("initech-eu"), file("initech"));
  expect(await preview()).toEqual({});
});

test("a client with a key pair has no secret, and gets a token by what its private key signs", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = String(publicKey.export({ type: "spki", format: "pem" })).replace(/^(?=.)/gm, "      ");
  const key = `    authentication: private_key_jwt\n    publicKey: |\n${pem}`;
  edit("globe", (text) => `${text}  keyed:\n    scopes: [read:orders]\n${key}`);
  expect(await up()).toEqual({
    "Client globe/keyed": "create",
    "ClientCredentials globe/keyed": "create",
    "ClientGrant globe/keyed": "create",
    "OrganizationClientGrant globe/keyed": "create",
  });
  const keyed = (await outputs()).credentials.globe?.keyed;
  if (!keyed) throw new Error("no credentials of globe/keyed");
  const { clientId, tokenUrl, audience } = keyed;
  expect(keyed).toEqual({ clientId, tokenUrl, audience, scopes: ["read:orders"] });
  const response = await askByKey(
    system,
    keyed,
    String(privateKey.export({ type: "pkcs8", format: "pem" })),
    "1",
  );
  expect(await response.json()).toMatchObject({ scope: "read:orders", token_type: "Bearer" });
  expect(await preview()).toEqual({});
});

test("a client is refused to be dropped, until it is closing", async () => {
  const whole = readFileSync(file("globe"), "utf8");
  const without = whole.slice(0, whole.indexOf("  keyed:"));
  writeFileSync(file("globe"), without);
  expect(await system.stack.up().then(() => "", String)).toContain("protect");
  writeFileSync(file("globe"), whole.replace("  keyed:\n", "  keyed:\n    closing: true\n"));
  expect(await up()).toEqual({});
  writeFileSync(file("globe"), without);
  expect(await up()).toEqual({
    "Client globe/keyed": "delete",
    "ClientCredentials globe/keyed": "delete",
    "ClientGrant globe/keyed": "delete",
    "OrganizationClientGrant globe/keyed": "delete",
  });
});

test("an active or suspended customer's file cannot be deleted; a closing one's can", async () => {
  const initech = readFileSync(file("initech"), "utf8");
  const { organizationId = "none" } = (await outputs()).customers.initech ?? {};
  expect(await scopesOfToken("initech")).toEqual(["read:orders"]);
  const ids = await idsInTenant();
  rmSync(file("initech"));
  expect(await system.stack.up().then(() => "", String)).toContain("protect");
  expect(await idsInTenant()).toEqual(ids);

  writeFileSync(file("initech"), initech.replace("status: suspended", "status: closing"));
  await system.stack.up();
  expect((await outputs()).customers.initech?.status).toBe("closing");
  expect(await scopesOfToken("initech")).toEqual([]);
  expect(await preview()).toEqual({});
  rmSync(file("initech"));
  const changes = await up();
  expect(changes).toEqual({
    "Customer initech": "delete",
    "Organization initech": "delete",
    "Client initech/default": "delete",
    "ClientCredentials initech/default": "delete",
    "ClientGrant initech/default": "delete",
    "OrganizationClientGrant initech/default": "delete",
  });
  // The authorizer goes on denying it: tokens from before are good until they expire.
  expect(await preview()).toEqual({});
  expect((await readTenant(system)).organizations?.join()).not.toContain(organizationId);
});
