// Taking in what the portal and people have made, on the real engine: each step builds on the one before it.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { ManagementClient } from "auth0-v4";
import { createApiKey, provisionUser } from "../../packages/auth0-tenant/testing/portal-plugin";
import type { Finding } from "../../packages/customers-as-code/src/reconcile/find-drift";
import {
  importedClients,
  readLastUse,
} from "../../packages/customers-as-code/src/review/comment/imported-clients";
import { readPlan } from "../../packages/customers-as-code/src/stacks/plan";
import {
  type ClientCredentials,
  type Credentials,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { changesOf, managementApi, openTestCloud, project, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
/** What the tenant made for each client before anyone imported anything. */
const keys: Record<string, ClientCredentials> = {};
let tokenFromBefore = "";

beforeAll(async () => {
  system = await openTestCloud({ config: { protect: { value: "true" } } });
  await system.stack.up();
  await fill();
});
afterAll(() => system?.close());

const up = () => changesOf((options) => system.stack.up(options));
const preview = () => changesOf((options) => system.stack.preview(options));
const importsFile = () => join(system.customers, "imports.json");

/** A user of the portal with two keys; an organization with a client, made by hand; and a client that is nobody's. */
async function fill() {
  const { cloud, stack } = system;
  const env = parseEnv(readOutput<string>(await stack.outputs(), "portalEnv"));
  const domain = env.PLUGIN_AUTH0_M2M_DOMAIN ?? "";
  const audience = env.PLUGIN_AUTH0_M2M_API_AUDIENCE ?? "";
  const access = { tokenUrl: `https://${domain}/oauth/token`, audience, scopes: [] };
  const management = new ManagementClient({
    domain,
    clientId: env.PLUGIN_AUTH0_M2M_CLIENT_ID ?? "",
    clientSecret: env.PLUGIN_AUTH0_M2M_CLIENT_SECRET ?? "",
    fetch: cloud.fetch,
  });
  const email = "jane@customer.example";
  const connection = "Username-Password-Authentication";
  await management.users.create({ connection, email, password: "correct horse" });
  await provisionUser(management, { email, customerId: "cus_1", subId: "sub_1" });
  const scope = ["read:orders", "read:invoices"];
  for (const name of ["one", "two"]) {
    keys[name] = { ...(await createApiKey(management, email, { audience, scope })), ...access };
  }

  const api = await managementApi(cloud);
  const organization = await api<{ id: string }>("organizations", {
    name: "wayne",
    display_name: "Wayne Enterprises",
    metadata: { plan: "gold", number: "4711" },
  });
  const client = await api<Record<"client_id" | "client_secret", string>>("clients", {
    name: "Wayne: Warehouse",
    description: "Since 2019",
    app_type: "non_interactive",
    grant_types: ["client_credentials"],
  });
  keys.wayne = { clientId: client.client_id, clientSecret: client.client_secret, ...access };
  const grant = await api<{ id: string }>("client-grants", {
    client_id: client.client_id,
    audience,
    scope: ["write:orders", "read:orders"],
    organization_usage: "allow",
  });
  await api(`organizations/${organization.id}/client-grants`, { grant_id: grant.id });
  await api("clients", { name: "Nobody's", app_type: "non_interactive" });
  tokenFromBefore = await getToken(cloud.fetch, keyOf("one"));
}

function keyOf(name: string): ClientCredentials {
  const key = keys[name];
  if (!key) throw new Error(`there is no key "${name}"`);
  return key;
}

async function run(name: string, ...args: string[]) {
  const command = ["packages/customers-as-code/bin.cjs", name, "--customers", system.customers, ...args];
  const child = spawn(process.execPath, [...command, "--audience", "https://api.example.com/"], {
    cwd: project,
    env: {
      ...process.env,
      ...system.environment,
      NODE_EXTRA_CA_CERTS: system.cloud.address.tenant.caFile,
    },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, output: text.replaceAll(system.customers, "customers") };
}

/** Every text that the run has left on the disk. */
function everyText(): string[] {
  const folders = [join(system.directory, "engine"), system.customers];
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")),
  );
}

async function call(credentials: ClientCredentials) {
  const token = await getToken(system.cloud.fetch, credentials);
  return callWith(token);
}

async function callWith(token: string) {
  const url = readOutput<string>(await system.stack.outputs(), "url");
  const response = await fetch(`${url}/orders`, { headers: { authorization: `Bearer ${token}` } });
  return response.status;
}

const importsOf = (customer: string, ...clients: string[]) =>
  Object.fromEntries([
    [`Customer ${customer}`, "create"],
    [`Organization ${customer}`, "import"],
    ...clients.flatMap((client) =>
      ["Client", "ClientCredentials", "ClientGrant", "OrganizationClientGrant"].map((type) => [
        `${type} ${customer}/${client}`,
        "import",
      ]),
    ),
  ]);

/** What `npx customers drift` finds, in the order in which it says it. */
async function drift(...args: string[]) {
  const { code, output: said } = await run("drift", "--json", ...args);
  const { findings = [], ignored } = code === 2 ? {} : JSON.parse(said);
  const lines = findings.map(
    ({ kind, object, name, differences = [] }: Finding) =>
      `${kind} ${object} ${name} ${differences.map(({ property }) => property).join(" ")}`,
  );
  return { code, ignored, findings: lines.map((line: string) => line.trim()), said };
}

const made = [
  "undeclared client Wayne: Warehouse",
  "undeclared client jane@customer.example",
  "undeclared client jane@customer.example",
  "undeclared organization janecustomerexample",
  "undeclared organization wayne",
];

test("drift names what the tenant has that no file declares, and nothing else", async () => {
  const found = await drift();
  expect(found).toMatchObject({ code: 1, findings: made, ignored: 0 });
  expect(
    Object.values(keys).filter(({ clientSecret = "none" }) => found.said.includes(clientSecret)),
  ).toEqual([]);
  expect(await drift("--ignore-portal", "--ignore", "wayne")).toMatchObject({
    code: 1,
    findings: ["undeclared client Wayne: Warehouse"],
    ignored: 4,
  });
  const { code, output: said } = await run("drift");
  expect(code).toBe(1);
  expect(said).toMatch(
    /^undeclared {2}client Wayne: Warehouse \(\w+\): with write:orders read:orders, in "wayne"$/m,
  );
  expect(said).toMatch(
    /^undeclared {2}organization janecustomerexample \(\w+\): .*made by the Developer Portal$/m,
  );
  expect(said).toMatch(/^The tenant \S+ differs from the customer files: 5 undeclared\.$/m);
});

test("the command writes a file for each organization, and says what it leaves", async () => {
  const { code, output: said } = await run("import");
  expect({ code, said }).toMatchObject({ code: 0 });
  expect(readFileSync(join(system.customers, "wayne.yaml"), "utf8").split("\n").slice(1).join("\n")).toBe(
    `displayName: Wayne Enterprises
metadata:
  plan: gold
  number: "4711"
clients:
  # Wayne: Warehouse: Since 2019
  warehouse:
    scopes: [write:orders, read:orders]
`,
  );
  expect(said).toContain(
    "janecustomerexample.yaml is written: jane@customer.example, made by the Developer Portal",
  );
  expect(said).toContain("imports 2 customers with 3 clients");
  expect(said).toMatch(
    /members of organization "janecustomerexample" \(\w+\) stay as they are: jane@customer\.example/,
  );
  expect(said).toMatch(/client "Nobody's" \(\w+\) has no grant on https:\/\/api.example.com\//);
  expect(Object.values(keys).filter(({ clientSecret = "none" }) => said.includes(clientSecret))).toEqual([]);
});

test("the next preview imports what is there and changes nothing", async () => {
  expect(await preview()).toEqual({
    ...importsOf("janecustomerexample", "portal", "portal-2"),
    ...importsOf("wayne", "warehouse"),
  });
});

test("a pull request's comment can name the clients that it imports, and their organizations", async () => {
  const events: EngineEvent[] = [];
  await system.stack.preview({ onEvent: (event) => events.push(event) });
  const plan = readPlan("local", events);
  const imported = importedClients(plan);
  expect(imported.map(({ customer, client }) => `${customer}/${client}`).sort()).toEqual([
    ...["janecustomerexample/portal", "janecustomerexample/portal-2", "wayne/warehouse"],
  ]);
  expect(imported.find(({ customer }) => customer === "wayne")).toEqual({
    ...{ customer: "wayne", client: "warehouse", clientId: keyOf("wayne").clientId },
    ...{ name: "Wayne: Warehouse", isReplacing: false },
    organization: { id: expect.stringMatching(/^org_/), name: "wayne", displayName: "Wayne Enterprises" },
  });
  const { clientId, clientSecret } = system.cloud.address.tenant;
  const rights = { AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret };
  const used = await readLastUse(imported, plan.settings["auth0:domain"], rights, system.cloud.fetch);
  expect(used).toEqual(new Map([[keyOf("one").clientId, expect.stringMatching(/^\d{4}-/)]]));
});

test("up imports it: no id, no secret and no token is another one", async () => {
  const before = await readTenant(system);
  expect(Object.values(await up()).sort()).toEqual(
    Object.values({
      ...importsOf("janecustomerexample", "portal", "portal-2"),
      ...importsOf("wayne", "warehouse"),
    }).sort(),
  );
  expect(await readTenant(system)).toEqual(before);
  expect(await preview()).toEqual({});
  const { credentials } = await outputs();
  const secrets = ["one", "two"].map((name) => keyOf(name).clientSecret).sort();
  const { portal, "portal-2": second } = credentials.janecustomerexample ?? {};
  expect([portal?.clientSecret, second?.clientSecret].sort()).toEqual(secrets);
  expect(credentials.wayne?.warehouse).toMatchObject({
    clientId: keyOf("wayne").clientId,
    clientSecret: keyOf("wayne").clientSecret,
    scopes: ["write:orders", "read:orders"],
  });
  expect([await call(keyOf("one")), await call(keyOf("two")), await callWith(tokenFromBefore)]).toEqual([
    200, 200, 200,
  ]);
});

async function outputs() {
  return { credentials: readOutput<Credentials>(await system.stack.outputs(), "credentials") };
}

test("no secret is on the disk in clear", () => {
  const texts = everyText();
  expect(texts.some((text) => text.includes("janecustomerexample/portal"))).toBe(true);
  const secrets = Object.values(keys).map(({ clientSecret }) => clientSecret ?? "none");
  expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
});

test("a second run finds nothing to do", async () => {
  const before = readFileSync(importsFile(), "utf8");
  const { code, output: said } = await run("import");
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining("Nothing to do") });
  expect(readFileSync(importsFile(), "utf8")).toBe(before);
});

test("once the file with the ids is gone, names and marks follow the files, and the customers notice nothing", async () => {
  rmSync(importsFile());
  const changes = await up();
  expect(changes).toEqual({
    "Organization janecustomerexample": "update",
    "Client janecustomerexample/portal": "update",
    "Client janecustomerexample/portal-2": "update",
    "Organization wayne": "update",
    "Client wayne/warehouse": "update",
    "ClientGrant wayne/warehouse": "update",
  });
  expect(await preview()).toEqual({});
  const { summary } = await system.stack.refresh();
  expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
  expect([await call(keyOf("one")), await call(keyOf("wayne")), await callWith(tokenFromBefore)]).toEqual([
    200, 200, 200,
  ]);
});

test("drift finds nothing any more, and then names what somebody changed by hand", async () => {
  expect(await drift()).toMatchObject({ code: 0, findings: [] });
  const api = await managementApi(system.cloud);
  const organizations = await api<{ id: string; name: string }[]>("organizations");
  const { id } = organizations.find(({ name }) => name === "wayne") ?? {};
  await api(`organizations/${id}`, { display_name: "Wayne & Sons" }, "PATCH");
  expect(await drift()).toMatchObject({ code: 1, findings: ["different organization wayne displayName"] });
  const { output: said } = await run("drift");
  expect(said).toContain('displayName is "Wayne & Sons", and should be "Wayne Enterprises"');
  await api(`organizations/${id}`, { display_name: "Wayne Enterprises" }, "PATCH");
});

test("drift ends with 2 if it cannot find out", async () => {
  expect(await drift("--domain", "localhost:1")).toMatchObject({
    code: 2,
    said: expect.stringContaining("Is AUTH0_DOMAIN right?"),
  });
});

test("what was imported is protected", async () => {
  const file = join(system.customers, "wayne.yaml");
  const text = readFileSync(file, "utf8");
  rmSync(file);
  expect(await system.stack.preview().then(() => "", String)).toContain("protect");
  writeFileSync(file, text);
});
