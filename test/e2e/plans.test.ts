// Plans on the real engine: what one customer uses up is no other's, and a change of a customer's plan is that customer's alone.
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { OutputMap } from "@pulumi/pulumi/automation";
import {
  type ClientCredentials,
  type Credentials,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { changesOf, managementApi, openTestCloud, type TestCloud } from "./local-cloud";

let system: TestCloud;
/** What the company's own service got. */
const received: IncomingHttpHeaders[] = [];
/** Everything that callers were answered. */
const answered: string[] = [];
const backend = createServer((request, response) => {
  received.push(request.headers);
  response.setHeader("content-type", "application/json").end("{}");
});

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  const { port } = backend.address() as AddressInfo;
  const settings: Record<string, string> = {
    backendUrl: `http://127.0.0.1:${port}`,
    // So slow to refill that it does not while the test runs.
    "plans.tight.throttle.rate": "0.001",
    "plans.tight.throttle.burst": "2",
    "plans.counted.quota.limit": "3",
    "plans.counted.quota.period": "month",
    "plans.counted.tokenQuota.perDay": "2",
    "plans.large.throttle.rate": "1000",
    "plans.large.throttle.burst": "1000",
    defaultPlan: "tight",
  };
  system = await openTestCloud({
    config: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value }])),
  });
  edit("globex", (text) => `${text}plan: large\n`);
  await up();
});

afterAll(async () => {
  await system?.close();
  await new Promise((resolve) => backend.close(resolve));
});

const file = (id: string) => join(system.customers, `${id}.yaml`);

function edit(id: string, change: (text: string) => string): void {
  writeFileSync(file(id), change(readFileSync(file(id), "utf8")));
}

let outputs: OutputMap;

async function up() {
  const changes = await changesOf((options) => system.stack.up(options));
  outputs = await system.stack.outputs();
  return changes;
}

function credentialsOf(customer: string, client: string): ClientCredentials {
  const found = readOutput<Credentials>(outputs, "credentials")[customer]?.[client];
  if (!found) throw new Error(`no credentials of ${customer}/${client}`);
  return found;
}

async function tokenOf(customer: string, client = "default"): Promise<string> {
  return getToken(system.cloud.fetch, credentialsOf(customer, client));
}

async function call(token: string, more: Record<string, string> = {}) {
  const url = readOutput<string>(outputs, "url");
  const response = await fetch(`${url}/orders`, { headers: { authorization: `Bearer ${token}`, ...more } });
  const text = await response.text();
  answered.push(JSON.stringify([...response.headers]), text);
  const { error } = JSON.parse(text) as { error?: string };
  return { status: response.status, error, retryAfter: response.headers.get("retry-after") };
}

async function statuses(token: string, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await call(token)).status);
  return found;
}

/** Values of all keys in the account. */
const keys = () =>
  system.cloud.aws.account
    .list("aws:apigateway/apiKey:ApiKey")
    .map(({ inputs, outputs }) => ({ name: String(inputs.name), value: String(outputs.value) }));

const tooMany = { status: 429, error: "too_many_requests", retryAfter: "1" };
const usedUp = { status: 429, error: "quota_exceeded", retryAfter: null };

test("beyond its plan's throttle a customer gets 429, while another goes on", async () => {
  const [acme, globex] = [await tokenOf("acme"), await tokenOf("globex", "warehouse")];
  expect(await statuses(acme, 2)).toEqual([200, 200]);
  expect(await call(acme)).toEqual(tooMany);
  expect(await statuses(globex, 10)).toEqual(Array(10).fill(200));
  expect(await call(acme)).toEqual(tooMany);
});

test("no other key that the caller sends is looked at", async () => {
  const globex = keys().find(({ name }) => name.startsWith("globex"))?.value ?? "";
  expect(globex).toMatch(/^\w{20,}$/);
  expect(await call(await tokenOf("acme"), { "x-api-key": globex })).toEqual(tooMany);
});

test("the authorizer refuses a suspended customer, which uses nothing up", async () => {
  const initech = await tokenOf("initech");
  expect(await statuses(initech, 4)).toEqual([403, 403, 403, 403]);
});

test("another plan changes that customer's resources only, and counts from the start", async () => {
  const acme = await tokenOf("acme");
  edit("acme", (text) => `${text}plan: counted\n`);
  expect(await changesOf((options) => system.stack.preview(options))).toEqual({
    "UsagePlanKey acme": expect.stringMatching(/replace/),
    "Client acme/default": "update",
  });
  expect(await up()).toEqual({
    "UsagePlanKey acme": expect.stringMatching(/replace/),
    "Client acme/default": "update",
  });
  expect(await changesOf((options) => system.stack.preview(options))).toEqual({});
  // With the same token, of which API Gateway remembers the answer: it names the same key.
  expect(await statuses(acme, 3)).toEqual([200, 200, 200]);
  expect(await call(acme)).toEqual(usedUp);
  expect((await call(await tokenOf("globex", "warehouse"))).status).toBe(200);
});

test("a plan's quota of tokens is each client's, and Auth0 reports it with each token", async () => {
  const { tokenUrl, clientId, clientSecret = "", audience } = credentialsOf("acme", "default");
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    audience,
  };
  const ask = () => system.cloud.fetch(tokenUrl, { method: "POST", body: new URLSearchParams(form) });
  const [first, second, third] = [await ask(), await ask(), await ask()];
  expect([first.status, second.status, third.status]).toEqual([200, 200, 429]);
  expect(first.headers.get("auth0-client-quota-limit")).toMatch(/^b=per_day;q=2;r=1;t=\d+$/);
  expect(await third.json()).toMatchObject({ error: "too_many_requests" });
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
  await expect(tokenOf("globex", "warehouse")).resolves.toMatch(/^ey/);
});

test("organizations without a file have the default plan, all of them together", async () => {
  const [one, two] = [await strangersToken("one"), await strangersToken("two")];
  expect(await statuses(one, 1)).toEqual([200]);
  expect(await statuses(two, 2)).toEqual([200, 429]);
  expect(await statuses(one, 1)).toEqual([429]);
  expect((await call(await tokenOf("globex", "warehouse"))).status).toBe(200);
});

test("a customer with a new id keeps its key and what it has used", async () => {
  renameSync(file("globex"), file("globex-europe"));
  edit("globex-europe", (text) => `${text}previously: globex\norganization: globex\n`);
  const changes = Object.entries(await up()).filter(([name]) => /ApiKey|UsagePlan|Function/.test(name));
  // Its description says whose it is.
  expect(Object.fromEntries(changes)).toEqual({ "ApiKey globex-europe": "update" });
});

test("a customer never sees a key: not in answers, outputs, logs or state, and neither does the backend", async () => {
  const { cloud, directory } = system;
  await cloud.aws.flushLogs();
  const texts = {
    outputs: JSON.stringify(outputs),
    answers: answered.join(),
    backend: JSON.stringify(received),
    moesif: JSON.stringify(cloud.moesif.events()),
    logs: textsOf(join(directory, "aws", "logs")),
    state: textsOf(join(directory, "engine", "state")),
  };
  const values = keys().map(({ value }) => value);
  expect(values).toHaveLength(4);
  for (const [where, text] of Object.entries(texts)) {
    expect([where, text.length > 100]).toEqual([where, true]);
    expect([where, values.filter((value) => text.includes(value))]).toEqual([where, []]);
  }
});

test("plans that are not enforced let everything through, and are ready for when they are", async () => {
  const token = await strangersToken("three");
  expect((await call(token)).status).toBe(429);
  await system.stack.setConfig("enforcePlans", { value: "false" });
  const changes = await up();
  expect(Object.keys(changes).filter((name) => /ApiKey|UsagePlan|Function/.test(name))).toEqual([]);
  expect(await statuses(token, 5)).toEqual(Array(5).fill(200));
  await system.stack.setConfig("enforcePlans", { value: "true" });
  await up();
  expect((await call(token)).status).toBe(429);
});

test("destroy leaves no key and no plan", async () => {
  await system.stack.destroy();
  for (const type of ["apiKey:ApiKey", "usagePlan:UsagePlan", "usagePlanKey:UsagePlanKey"]) {
    expect(system.cloud.aws.account.list(`aws:apigateway/${type}`)).toEqual([]);
  }
});

/** As the Developer Portal makes one: an organization of the tenant with a client, and its token. */
async function strangersToken(name: string): Promise<string> {
  const { cloud } = system;
  const api = await managementApi(cloud);
  const { tokenUrl, audience } = credentialsOf("acme", "default");
  const organization = await api<{ id: string }>("organizations", { name, display_name: name });
  const client = await api<{ client_id: string; client_secret: string }>("clients", {
    name,
    app_type: "non_interactive",
    grant_types: ["client_credentials"],
    organization_usage: "require",
    default_organization: { organization_id: organization.id, flows: ["client_credentials"] },
  });
  const { client_id } = client;
  const scope = ["read:orders"];
  const grant = await api<{ id: string }>("client-grants", {
    ...{ client_id, audience, scope, organization_usage: "require", allow_any_organization: false },
  });
  await api(`organizations/${organization.id}/client-grants`, { grant_id: grant.id });
  return getToken(cloud.fetch, {
    ...{ clientId: client_id, clientSecret: client.client_secret, tokenUrl, audience, scopes: scope },
  });
}

function textsOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"))
    .join("\n");
}
