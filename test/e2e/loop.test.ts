// The life of a stack on the real engine: each step builds on the one before it.
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ClientCredentials,
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { changesOf, openTestCloud, pulumiScopes, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
let emptyTenant: Record<string, string[]>;

beforeAll(async () => {
  system = await openTestCloud();
  emptyTenant = await readTenant(system);
});

afterAll(() => system?.close());

const up = () => changesOf((options) => system.stack.up(options));
const preview = () => changesOf((options) => system.stack.preview(options));
const file = (id: string) => join(system.customers, `${id}.yaml`);

async function call(credentials: ClientCredentials, path: string) {
  const { stack, cloud } = system;
  const token = await getToken(cloud.fetch, credentials);
  const url = readOutput<string>(await stack.outputs(), "url");
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function credentialsOf(customer: string, client: string): Promise<ClientCredentials> {
  const found = readOutput<Credentials>(await system.stack.outputs(), "credentials")[customer]?.[client];
  if (!found) throw new Error(`no credentials of ${customer}/${client}`);
  return found;
}

test("wrong files fail before anything is touched, with every problem in the engine's output", async () => {
  const acme = readFileSync(file("acme"), "utf8");
  writeFileSync(file("acme"), `${acme.replace("read:orders", "read:order")}organisation: acme\n`);
  const failure = await system.stack.up().then(() => "", String);
  expect(failure).toContain(
    'acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API.',
  );
  expect(failure).toContain('acme.yaml:6:1  "organisation" is not a known key. Did you mean "organization"?');
  expect(failure).toContain("2 problems in 1 of 4 files");
  expect(failure).not.toContain("    at ");
  expect(await readTenant(system)).toEqual(emptyTenant);
  writeFileSync(file("acme"), acme);
});

test("the page about deployments names the scopes with which all of this is done", () => {
  const [, section = ""] =
    /A client of Auth0 for Pulumi\n([\s\S]*?)```sh/.exec(readFileSync("docs/how-to/deploy.md", "utf8")) ?? [];
  const named = [...section.matchAll(/`(\w+:\w+)`/g)].map(([, scope]) => scope);
  expect(named).toEqual(pulumiScopes);
});

test("a preview creates nothing", async () => {
  const changes = await preview();
  expect(changes["Organization acme"]).toBe("create");
  expect(await readTenant(system)).toEqual(emptyTenant);
});

test("up creates everything, and the API answers by each customer's rights", async () => {
  const changes = await up();
  expect(new Set(Object.values(changes))).toEqual(new Set(["create"]));
  const outputs = await system.stack.outputs();
  const customers = readOutput<Customers>(outputs, "customers");
  expect(Object.entries(outputs).map(([name, { secret }]) => [name, secret])).toEqual(
    expect.arrayContaining([
      ["url", false],
      ["customers", false],
      ["credentials", true],
      ["portalEnv", true],
    ]),
  );
  const allowed = await call(await credentialsOf("acme", "default"), "/orders");
  expect(allowed).toMatchObject({ status: 200, body: { organization: customers.acme?.organizationId } });
  expect(await call(await credentialsOf("globex", "bookkeeping"), "/orders")).toMatchObject({
    status: 403,
    body: { error: "insufficient_scope" },
  });
  expect(await call(await credentialsOf("initech", "default"), "/orders")).toMatchObject({
    status: 403,
    body: { error: "access_denied" },
  });
});

test("then a preview has no changes", async () => {
  expect(await preview()).toEqual({});
});

test("the state can be exported and imported, and still there are no changes", async () => {
  await system.stack.importStack(await system.stack.exportStack());
  expect(await preview()).toEqual({});
});

test("no secret is in the state in clear", async () => {
  const credentials = readOutput<Credentials>(await system.stack.outputs(), "credentials");
  const secrets = Object.values(credentials).flatMap((clients) =>
    Object.values(clients).flatMap(({ clientSecret }) => clientSecret ?? []),
  );
  const folder = join(system.directory, "engine", "state");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
  expect(secrets).toHaveLength(4);
  expect(texts.some((text) => text.includes("urn:pulumi:local::customers-as-code::"))).toBe(true);
  expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
});

test("changing one customer changes its resources only", async () => {
  writeFileSync(
    file("globex"),
    readFileSync(file("globex"), "utf8").replace("[read:invoices]", "[read:invoices, read:orders]"),
  );
  expect(await up()).toEqual({ "ClientGrant globex/bookkeeping": "update" });
  expect(await call(await credentialsOf("globex", "bookkeeping"), "/orders")).toMatchObject({ status: 200 });
});

test("adding one creates its resources only", async () => {
  writeFileSync(file("umbrella"), "displayName: Umbrella\nclients:\n  default:\n    scopes: [read:orders]\n");
  expect(await up()).toEqual({
    "Customer umbrella": "create",
    "Organization umbrella": "create",
    "Client umbrella/default": "create",
    "ClientCredentials umbrella/default": "create",
    "ClientGrant umbrella/default": "create",
    "OrganizationClientGrant umbrella/default": "create",
  });
  expect(await call(await credentialsOf("umbrella", "default"), "/orders")).toMatchObject({ status: 200 });
});

test("suspending one updates the authorizer only, and takes effect at once", async () => {
  appendFileSync(file("umbrella"), "status: suspended\n");
  expect(await up()).toEqual({ "Function gateway-authorizer": "update" });
  expect(await call(await credentialsOf("umbrella", "default"), "/orders")).toMatchObject({ status: 403 });
});

test("removing one deletes its resources only", async () => {
  const { clientId } = await credentialsOf("umbrella", "default");
  rmSync(file("umbrella"));
  const changes = await up();
  expect(Object.keys(changes).filter((name) => !name.includes("umbrella"))).toEqual([]);
  expect(changes["Organization umbrella"]).toBe("delete");
  expect((await readTenant(system)).clients?.join()).not.toContain(clientId);
});

test("a refresh finds the tenant and AWS as they were declared", async () => {
  const { summary } = await system.stack.refresh();
  expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
});

test("a change that somebody made in the tenant is found by a refresh and undone by the next up", async () => {
  const { organizationId } = readOutput<Customers>(await system.stack.outputs(), "customers").acme ?? {};
  const { domain, clientId, clientSecret } = system.cloud.address.tenant;
  const audience = `https://${domain}/api/v2/`;
  const tokenUrl = `https://${domain}/oauth/token`;
  const token = await getToken(system.cloud.fetch, {
    clientId,
    clientSecret,
    tokenUrl,
    audience,
    scopes: [],
  });
  await system.cloud.fetch(`${audience}organizations/${organizationId}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ display_name: "Someone's own" }),
  });
  await system.stack.refresh();
  expect(await up()).toEqual({ "Organization acme": "update" });
});

test("destroy leaves nothing in the tenant", async () => {
  await system.stack.destroy();
  expect(await readTenant(system)).toEqual(emptyTenant);
});
