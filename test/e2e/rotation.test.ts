// A secret and a key pair rotated on the real engine, with protection on, while their clients go on calling the API.
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ClientCredentials,
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { askByKey, changesOf, openTestCloud, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
let url: string;

const newPair = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
const [firstPair, secondPair] = [newPair(), newPair()];

beforeAll(async () => {
  system = await openTestCloud({ config: { protect: { value: "true" } } });
  const pem = firstPair.publicKey.replaceAll(/^(?=.)/gm, "      ");
  appendFileSync(
    join(system.customers, "acme.yaml"),
    `  keyed:\n    scopes: [read:orders]\n    authentication: private_key_jwt\n    publicKey: |\n${pem}`,
  );
  await system.stack.up();
  url = readOutput<string>(await system.stack.outputs(), "url");
});

afterAll(() => system?.close());

const up = () => changesOf((options) => system.stack.up(options));

async function outputs() {
  const all = await system.stack.outputs();
  return {
    acme: readOutput<Credentials>(all, "credentials").acme ?? {},
    customers: readOutput<Customers>(all, "customers"),
  };
}

/** `npx customers`, over the customers of this stack. */
function customer(...args: string[]): string {
  const command = ["packages/customers-as-code/bin.cjs", ...args, "--customers", system.customers];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What a client does all day: gets a token, calls the API with it, and so on. */
class Caller {
  readonly answers: string[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private token: () => Promise<string>) {
    this.running = this.run();
  }

  /** From the next call on. */
  use(token: () => Promise<string>): void {
    this.token = token;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.answers.push(await this.call().catch(String));
      await sleep(20);
    }
  }

  private async call(): Promise<string> {
    const authorization = `Bearer ${await this.token()}`;
    const { status } = await fetch(`${url}/orders`, { headers: { authorization } });
    return String(status);
  }
}

function bySecret(
  credentials: ClientCredentials,
  secret: Pick<ClientCredentials, "clientId" | "clientSecret">,
) {
  return () => getToken(system.cloud.fetch, { ...credentials, ...secret });
}

function byKey(credentials: ClientCredentials, privateKey: string) {
  let requests = 0;
  return async () => {
    requests += 1;
    const response = await askByKey(system, credentials, privateKey, `${requests}-${Date.now()}`);
    const answer: unknown = await response.json();
    if (typeof answer === "object" && answer !== null && "access_token" in answer) {
      return String(answer.access_token);
    }
    throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  };
}

function credentialsOf(clients: Record<string, ClientCredentials>, name: string): ClientCredentials {
  const found = clients[name];
  if (!found) throw new Error(`no credentials of acme/${name}`);
  return found;
}

test("a client that calls all the time changes over to the new secret without one refusal", async () => {
  const before = credentialsOf((await outputs()).acme, "default");
  const caller = new Caller(bySecret(before, before));
  const today = new Date().toISOString().slice(0, 10);

  expect(customer("rotate", "acme", "default")).toContain("begins to rotate the secret of acme/default");
  expect(await up()).toEqual({
    [`Client acme/default/${today}`]: "create",
    [`ClientCredentials acme/default/${today}`]: "create",
    [`ClientGrant acme/default/${today}`]: "create",
    [`OrganizationClientGrant acme/default/${today}`]: "create",
  });
  const { acme, customers } = await outputs();
  const after = credentialsOf(acme, "default");
  expect(after).toMatchObject({
    rotation: today,
    scopes: before.scopes,
    retiring: { clientId: before.clientId, clientSecret: before.clientSecret },
  });
  expect(after.clientId).not.toBe(before.clientId);
  expect(customers.acme).toMatchObject({
    clients: { default: after.clientId },
    retiring: { default: before.clientId },
  });

  const byOld = caller.answers.length;
  caller.use(bySecret(after, after));
  customer("rotate", "acme", "default", "--finish");
  expect(await up()).toEqual({
    "Client acme/default": "delete",
    "ClientCredentials acme/default": "delete",
    "ClientGrant acme/default": "delete",
    "OrganizationClientGrant acme/default": "delete",
  });
  await sleep(500);
  await caller.stop();
  expect(new Set(caller.answers)).toEqual(new Set(["200"]));
  expect(byOld).toBeGreaterThan(10);
  expect(caller.answers.length - byOld).toBeGreaterThan(10);

  await expect(bySecret(before, before)()).rejects.toThrow("401");
  expect((await outputs()).acme.default).not.toHaveProperty("retiring");
  expect((await readTenant(system)).clients?.join()).not.toContain(before.clientId);
});

test("a client with a key pair stays the same client, and changes over to the new key without one refusal", async () => {
  const before = credentialsOf((await outputs()).acme, "keyed");
  const caller = new Caller(byKey(before, firstPair.privateKey));
  const pem = join(system.directory, "new.pem");
  writeFileSync(pem, secondPair.publicKey);

  expect(customer("rotate", "acme", "keyed", "--key", pem)).toContain(
    "begins to rotate the key of acme/keyed",
  );
  expect(await up()).toEqual({ "ClientCredentials acme/keyed": "update" });
  expect((await outputs()).acme.keyed).toEqual(before);
  // With two keys of one name, the provider would show a change here, in most runs.
  expect(await up()).toEqual({});
  expect(await changesOf((options) => system.stack.up({ ...options, refresh: true }))).toEqual({});
  const byOld = caller.answers.length;
  caller.use(byKey(before, secondPair.privateKey));
  await sleep(200);

  customer("rotate", "acme", "keyed", "--finish");
  expect(await up()).toEqual({ "ClientCredentials acme/keyed": "update" });
  expect(await up()).toEqual({});
  await sleep(500);
  await caller.stop();
  expect(new Set(caller.answers)).toEqual(new Set(["200"]));
  expect(byOld).toBeGreaterThan(10);
  expect(caller.answers.length - byOld).toBeGreaterThan(10);
  await expect(byKey(before, firstPair.privateKey)()).rejects.toThrow("401");
});

test("a secret whose rotation is changed by one line, without an overlap, is refused: nobody is cut off", async () => {
  const file = join(system.customers, "globex.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("  warehouse:\n", "  warehouse:\n    rotation: 2\n"));
  const preview = () => changesOf((options) => system.stack.preview(options));
  await expect(preview()).rejects.toThrow(/globex\/warehouse.* cannot be deleted\s+because it is protected/);
  writeFileSync(file, text.replace("  warehouse:\n", "  warehouse:\n    rotation: 2\n    retiring: 1\n"));
  expect(new Set(Object.values(await preview()))).toEqual(new Set(["create"]));
  writeFileSync(file, text);
  expect(await preview()).toEqual({});
});

test("the reminder asks the stack's state how old a credential is", async () => {
  const state = join(system.directory, "state.json");
  writeFileSync(state, JSON.stringify(await system.stack.exportStack()));
  const remind = (days: string) => {
    const args = ["rotation-due", "--customers", system.customers, "--state", state, "--days", days];
    return spawnSync(process.execPath, ["packages/customers-as-code/bin.cjs", ...args], {
      encoding: "utf8",
    });
  };
  expect(remind("1")).toMatchObject({ status: 0, stderr: "" });
  const exported = JSON.parse(readFileSync(state, "utf8"));
  for (const resource of exported.deployment.resources) resource.created = "2020-01-01T00:00:00Z";
  writeFileSync(state, JSON.stringify(exported));
  const { status, stdout } = remind("1000");
  expect(status).toBe(1);
  // Those of acme have been rotated today, as their file says.
  const lines = stdout.split("\n").filter((line) => line.startsWith("- [ ]"));
  expect(lines.map((line) => /`([\w/]+)`/.exec(line)?.[1]).sort()).toEqual([
    "globex/bookkeeping",
    "globex/warehouse",
    "initech/default",
  ]);
});

test("a client that gets a key pair instead of a rotated secret, or a secret again, keeps its id", async () => {
  const file = join(system.customers, "acme.yaml");
  const text = readFileSync(file, "utf8");
  const clientId = async () => (await outputs()).customers.acme?.clients.default;
  const before = await clientId();
  const today = new Date().toISOString().slice(0, 10);
  const line = `    rotation: ${today}\n`;
  const pem = firstPair.publicKey.replaceAll(/^(?=.)/gm, "      ");
  const pair = `    authentication: private_key_jwt\n    publicKey: |\n${pem}`;

  writeFileSync(file, text.replace(line, line + pair));
  expect(await up()).toEqual({ "Client acme/default": "update", "ClientCredentials acme/default": "update" });
  expect(await clientId()).toBe(before);
  expect(before).toBeDefined();

  writeFileSync(file, text.replace(line, ""));
  expect(await up()).toEqual({ "ClientCredentials acme/default": "update" });
  expect(await clientId()).toBe(before);
});

test("a rotation that is called off before its deployment leaves no trace", async () => {
  const file = join(system.customers, "globex.yaml");
  const text = readFileSync(file, "utf8");
  customer("rotate", "globex", "warehouse");
  expect(readFileSync(file, "utf8")).not.toBe(text);
  customer("rotate", "globex", "--client", "warehouse", "--cancel");
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(await changesOf((options) => system.stack.preview(options))).toEqual({});
});

test("a rotation that is called off after its deployment ends the new secret alone, without a refusal of the old one", async () => {
  const file = join(system.customers, "globex.yaml");
  const text = readFileSync(file, "utf8");
  const today = new Date().toISOString().slice(0, 10);
  const of = async () => {
    const all = await system.stack.outputs();
    return {
      credentials: credentialsOf(readOutput<Credentials>(all, "credentials").globex ?? {}, "warehouse"),
      customers: readOutput<Customers>(all, "customers").globex,
    };
  };
  const { credentials: before } = await of();
  const preview = () => changesOf((options) => system.stack.preview(options));
  const change = (operation: string) =>
    Object.fromEntries(
      ["Client", "ClientCredentials", "ClientGrant", "OrganizationClientGrant"].map((type) => [
        `${type} globex/warehouse/${today}`,
        operation,
      ]),
    );

  customer("rotate", "globex", "warehouse");
  expect(await up()).toEqual(change("create"));
  const { credentials: rotated } = await of();
  expect(rotated.clientId).not.toBe(before.clientId);

  // Its lines alone do not call it off: the new secret is protected, as it may be in use.
  const rotating = readFileSync(file, "utf8");
  customer("rotate", "globex", "warehouse", "--cancel");
  await expect(preview()).rejects.toThrow(/warehouse/);
  writeFileSync(file, rotating);

  const caller = new Caller(bySecret(before, before));
  expect(customer("rotate", "globex", "warehouse", "--cancel", "--deployed")).toContain("--finish");
  expect(await up()).toEqual({});
  const { credentials: back, customers } = await of();
  expect(back).toMatchObject({ clientId: before.clientId, clientSecret: before.clientSecret });
  expect(back.retiring).toMatchObject({ clientId: rotated.clientId, clientSecret: rotated.clientSecret });
  expect(customers).toMatchObject({
    clients: { warehouse: before.clientId },
    retiring: { warehouse: rotated.clientId },
  });
  await bySecret(rotated, rotated)();

  customer("rotate", "globex", "warehouse", "--finish");
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(await up()).toEqual(change("delete"));
  await sleep(300);
  await caller.stop();
  expect(new Set(caller.answers)).toEqual(new Set(["200"]));
  const { credentials: after } = await of();
  expect(after).toEqual(before);
  await expect(bySecret(rotated, rotated)()).rejects.toThrow("401");
  // The old one is as well protected as it was.
  writeFileSync(file, text.replace("  warehouse:\n", "  warehouse:\n    rotation: 7\n"));
  await expect(preview()).rejects.toThrow(/warehouse/);
  writeFileSync(file, text);
});

test("a key pair's rotation that is called off ends the new key alone, without a refusal of the old one", async () => {
  const before = credentialsOf((await outputs()).acme, "keyed");
  const caller = new Caller(byKey(before, secondPair.privateKey));
  const thirdPair = newPair();
  const pem = join(system.directory, "third.pem");
  writeFileSync(pem, thirdPair.publicKey);
  customer("rotate", "acme", "keyed", "--key", pem);
  expect(await up()).toEqual({ "ClientCredentials acme/keyed": "update" });
  await byKey(before, thirdPair.privateKey)();
  customer("rotate", "acme", "keyed", "--cancel");
  expect(await up()).toEqual({ "ClientCredentials acme/keyed": "update" });
  await sleep(300);
  await caller.stop();
  expect(new Set(caller.answers)).toEqual(new Set(["200"]));
  expect((await outputs()).acme.keyed).toEqual(before);
  await expect(byKey(before, thirdPair.privateKey)()).rejects.toThrow("401");
});
