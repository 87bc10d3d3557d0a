// What can go wrong while a stack is deployed. After each fault the runbook's steps are taken; then nothing may be left over,
// twice, or lost, and whoever could call the API before can still. Another FAULT_SEED makes other moments and other faults.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { randomFraction, seededRandomness } from "../../packages/auth0-tenant/src";
import { readTenant as readAll } from "../../packages/customers-as-code/src/tenant/tenant-reader";
import {
  type ClientCredentials,
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { startTenantProcess, type TenantProcess } from "../../packages/local-cloud/src/tenant-process";
import { runCommand, startUp, upOnFullDisk } from "./engine-process";
import { changesOf, openTestCloud, project, type TestCloud } from "./local-cloud";

const seed = process.env.FAULT_SEED ?? "1";
const random = seededRandomness(`faults ${seed}`);

let system: TestCloud;
let tenant: TenantProcess;
/** What customers have in hand: it must go on working. */
let handedOut: InHand[] = [];
let number = 0;

interface InHand {
  /** Of the customer, and of the client with its rotation, such as `acme` and `default/2`. */
  id: string;
  key: string;
  credentials: ClientCredentials;
}

beforeAll(async () => {
  system = await openTestCloud({
    startTenant: async (directory) => {
      tenant = await startTenantProcess(directory);
      return tenant;
    },
  });
  await system.stack.up();
  handedOut = await inHand();
});
afterAll(() => system?.close());

async function inHand(): Promise<InHand[]> {
  const all = readOutput<Credentials>(await system.stack.outputs(), "credentials");
  return Object.entries(all).flatMap(([id, clients]) =>
    Object.entries(clients).flatMap(([name, current]) =>
      [current, ...(current.retiring ? [{ ...current, rotation: "1", ...current.retiring }] : [])].map(
        (one) => {
          const { rotation = "1", clientId, clientSecret, tokenUrl, audience, scopes } = one;
          const key = rotation === "1" ? name : `${name}/${rotation}`;
          return {
            id,
            key,
            credentials: { clientId, ...(clientSecret && { clientSecret }), tokenUrl, audience, scopes },
          };
        },
      ),
    ),
  );
}

interface Life {
  status?: "suspended" | "closing";
  scopes?: string;
  /** The lines of the client `default`. */
  rotation?: string[];
  /** Keys of the clients that there are then; none without a file. */
  keys: string[];
}

const one = { keys: ["default"] };
/** What a file says in the deployment in which it is new, in the next one, and in those after that. */
const lives: Record<string, [Life, Life, Life]> = {
  a: [one, one, one],
  b: [one, { scopes: "[read:orders, read:invoices]", ...one }, one],
  c: [
    one,
    { rotation: ["rotation: 2", "retiring: 1"], keys: ["default", "default/2"] },
    { rotation: ["rotation: 2"], keys: ["default/2"] },
  ],
  d: [one, { status: "suspended", ...one }, one],
  e: [one, { status: "closing", ...one }, { keys: [] }],
  f: [{ keys: ["default", "other"] }, { keys: ["default", "other"] }, { keys: ["default", "other"] }],
};

/** By the customer's id: what the files of these tests say now. */
function livesNow(): Map<string, Life> {
  const rounds = Array.from({ length: number }, (_, n) => n + 1);
  return new Map(
    rounds.flatMap((round) =>
      Object.entries(lives).map(([letter, life]): [string, Life] => [
        `fault-${round}${letter}`,
        life[Math.min(number - round, 2)] ?? one,
      ]),
    ),
  );
}

/** Six customers more; those of the last deployments get other scopes and secrets, are suspended, and go. */
function changeCustomers(): void {
  number += 1;
  for (const [id, { status = "active", scopes = "[read:orders]", rotation = [], keys }] of livesNow()) {
    const file = join(system.customers, `${id}.yaml`);
    if (keys.length === 0) {
      rmSync(file, { force: true });
      continue;
    }
    const lines = [
      `displayName: ${id}`,
      `status: ${status}`,
      "clients:",
      "  default:",
      `    scopes: ${scopes}`,
    ];
    lines.push(...rotation.map((line) => `    ${line}`));
    if (keys.includes("other")) lines.push("  other:", "    scopes: [read:invoices]");
    writeFileSync(file, `${lines.join("\n")}\n`);
  }
}

/** Waits until the tenant has answered so many requests more. */
async function untilRequests(count: number): Promise<void> {
  const read = () =>
    readFileSync(join(system.directory, "tenant", "requests.jsonl"), "utf8").split("\n").length;
  const until = read() + count;
  for (let waited = 0; read() < until; waited += 1) {
    if (waited > 20_000) throw new Error(`the tenant has not met ${count} requests`);
    await delay(10);
  }
}

/** Between the first requests of such a deployment and the last ones. */
const someRequests = () => 5 + Math.floor(randomFraction(random) * 75);

/** As the runbook says: the lock is taken away where the one that had it is gone, then repair, then up, then the file goes. */
async function recover(): Promise<void> {
  await system.stack.cancel().catch(() => undefined);
  const repaired = await runCommand(system, "repair", [
    "--delete-duplicates",
    ...["--openapi", join(project, "openapi.yaml")],
  ]);
  if (repaired.code !== 0)
    throw new Error(`npx customers repair ended with ${repaired.code}: ${repaired.output}`);
  const up = await startUp(system.stack).ended;
  if (up.code !== 0) throw new Error(`the next up ended with ${up.code}: ${up.output}`);
  rmSync(join(system.customers, "imports.json"), { force: true });
}

async function expectConverged(): Promise<void> {
  expect(await changesOf((options) => system.stack.preview(options))).toEqual({});
  const current = await inHand();
  const { domain } = system.cloud.address.tenant;
  const { AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret } = system.environment;
  const { fetch } = system.cloud;
  const all = await readAll({ domain, clientId, clientSecret, fetch }, "https://api.example.com/");
  // No orphan and no duplicate: just what the files say, and what the stack's outputs show.
  const now = livesNow();
  const wanted = [...now].flatMap(([id, { keys }]) => keys.map((key) => `${id}/${key}`));
  const names = current.map(({ id, key }) => `${id}/${key}`);
  expect(names.filter((name) => name.startsWith("fault-")).sort()).toEqual(wanted.sort());
  const marked = all.clients.filter(({ clientMetadata }) => clientMetadata?.customer !== undefined);
  expect(marked.map(({ name, id }) => `${name} ${id}`).sort()).toEqual(
    current.map(({ id, key, credentials }) => `${id}/${key} ${credentials.clientId}`).sort(),
  );
  expect(all.clients.filter(({ name }) => name === "Moesif Developer Portal")).toHaveLength(1);
  expect(all.organizations.map(({ name }) => name).sort()).toEqual(
    [...new Set(current.map(({ id }) => id))].sort(),
  );
  expect(all.organizations.every(({ grants }) => grants.length > 0)).toBe(true);
  // No lost secret: of whom the files have not ended, all have what they had.
  const had = handedOut.filter(({ id, key }) => now.get(id)?.keys.includes(key) ?? true);
  const unscoped = ({ id, key, credentials: { scopes: _, ...credentials } }: InHand) => ({
    id,
    key,
    credentials,
  });
  expect(current.map(unscoped)).toEqual(expect.arrayContaining(had.map(unscoped)));
  handedOut = current;
  const held = await Promise.all(
    current.map(async (one) => ({ ...one, token: await getToken(fetch, one.credentials) })),
  );
  expect(held.every(({ token }) => token.split(".").length === 3)).toBe(true);
  // Nobody cut off, and nobody let in.
  const outputs = await system.stack.outputs();
  const customers = readOutput<Customers>(outputs, "customers");
  const calls = held.filter(({ id, key }) => now.has(id) && key.startsWith("default"));
  const answers = await Promise.all(
    calls.map(async ({ id, key, token }) => {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await globalThis.fetch(`${readOutput<string>(outputs, "url")}/orders`, { headers });
      return `${id}/${key} ${customers[id]?.status} ${status}`;
    }),
  );
  expect(answers.sort()).toEqual(
    calls
      .map(({ id, key }) => {
        const status = now.get(id)?.status;
        return `${id}/${key} ${status ?? "active"} ${status === undefined ? 200 : 403}`;
      })
      .sort(),
  );
}

/** Runs a deployment of what has changed while the tenant has the faults. */
async function upWithFaults(...faults: string[]) {
  await tenant.restart(faults.flatMap((fault) => ["--fault", fault]));
  changeCustomers();
  const ended = await startUp(system.stack).ended;
  await tenant.restart([]);
  return ended;
}

const storm = (path: string, kind: string, probability: number) =>
  `${path} ${kind} probability=${probability} seed=${Math.floor(randomFraction(random) * 1e6)}`;

test("a storm of 429 and 5xx, and connections that are cut, is ridden out", async () => {
  const { code, output: said } = await upWithFaults(
    storm("* /api/v2/*", "429", 0.15),
    storm("* /api/v2/*", "503", 0.05),
    storm("* /api/v2/*", "500", 0.05),
    storm("* /api/v2/*", "reset", 0.05),
  );
  expect({ code, said }).toMatchObject({ code: 0 });
  await expectConverged();
});

test("a server that fails for long ends the deployment, and the next one goes on", async () => {
  const { code, output: said } = await upWithFaults("POST /api/v2/client-grants 503");
  expect(code).not.toBe(0);
  expect(said).toContain("503");
  await recover();
  await expectConverged();
});

test("creates that landed without a good answer are found, adopted, and there once", async () => {
  const { code } = await upWithFaults(
    storm("POST /api/v2/clients", "500-after", 0.5),
    storm("POST /api/v2/organizations", "500-after", 0.3),
    storm("POST /api/v2/client-grants", "500-after", 0.3),
    storm("POST /api/v2/organizations/*", "500-after", 0.3),
  );
  expect(code).not.toBe(0);
  await recover();
  await expectConverged();
});

test("so are those whose answer broke off", async () => {
  const { code } = await upWithFaults(
    "POST /api/v2/clients truncate count=2",
    "POST /api/v2/organizations truncate count=1",
    "POST /api/v2/client-grants truncate count=1",
  );
  expect(code).not.toBe(0);
  await recover();
  await expectConverged();
});

describe.each([
  ["that writes each step into the state", {}],
  ["that writes the state at its end only", { PULUMI_SKIP_CHECKPOINTS: "true" }],
])("kill -9 of the engine %s", (_, environment) => {
  test.each(["at one moment", "at another"])("%s", async () => {
    changeCustomers();
    const up = startUp(system.stack, environment);
    await untilRequests(someRequests());
    up.killEngine();
    expect((await up.ended).code).toBeUndefined();
    await recover();
    await expectConverged();
  });
});

test("kill -9 of the program", async () => {
  changeCustomers();
  const up = startUp(system.stack);
  await untilRequests(someRequests());
  expect(up.killProgram()).toBe(true);
  expect((await up.ended).code).not.toBe(0);
  await recover();
  await expectConverged();
});

test("kill -9 of the tenant", async () => {
  changeCustomers();
  const up = startUp(system.stack);
  await untilRequests(someRequests());
  await tenant.kill();
  expect((await up.ended).code).not.toBe(0);
  await tenant.restart();
  await recover();
  await expectConverged();
});

test("a disk that is full while the state is written", async () => {
  changeCustomers();
  const { code, output: said } = await upOnFullDisk(system.stack, 200_000);
  expect(code).not.toBe(0);
  expect(said).toContain("no space left on device");
  await recover();
  await expectConverged();
});

test("of two deployments at once, the second is refused and harms nothing", async () => {
  changeCustomers();
  const first = startUp(system.stack);
  await untilRequests(10);
  const second = await startUp(system.stack).ended;
  expect(second.code).not.toBe(0);
  expect(second.output).toContain("the stack is currently locked by 1 lock(s)");
  expect((await first.ended).code).toBe(0);
  await expectConverged();
});
