// The customers of a stack are split into shards, and into more of them, and come together again, on the real engine: Auth0
// notices nothing, and whoever could call the API still can. Each step builds on the one before it.
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { shardStack, stackOf } from "../../packages/customers-as-code/src/customers/shard-placement";
import { type Credentials, getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { commandOf, readProcessTree } from "../../packages/local-cloud/src/engine/process-tree";
import { runCommand, startEngine, startUp } from "./engine-process";
import { openTestCloud, project, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
let handedOut: Credentials;
let before: Record<string, string[]>;
const ids = ["acme", "globex", "initech", ...Array.from({ length: 7 }, (_, n) => `more-${n}`)];

beforeAll(async () => {
  system = await openTestCloud();
  for (const id of ids.slice(3)) addCustomer(id);
  await system.stack.up();
  handedOut = readOutput<Credentials>(await system.stack.outputs(), "credentials");
  before = await readTenant(system);
});
afterAll(() => system?.close());

function addCustomer(id: string, status = "active") {
  writeFileSync(
    join(system.customers, `${id}.yaml`),
    `displayName: ${id}\nstatus: ${status}\nclients:\n  default:\n    scopes: [read:orders]\n`,
  );
}

const shards = (command: string, ...args: string[]) => runCommand(system, "shards", [command, ...args]);
const setShards = (count: number) => system.stack.setConfig("shards", { value: String(count) });

async function succeed(command: string, ...args: string[]): Promise<string> {
  const { code, output: said } = await shards(command, ...args);
  expect({ code, said }).toMatchObject({ code: 0 });
  return said;
}

/** What the tenant has been asked so far. */
const requests = () =>
  readFileSync(join(system.directory, "tenant", "requests.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1);

/** What the tenant was asked to change while the action went on. */
async function changesDuring(action: () => Promise<unknown>): Promise<string[]> {
  const seen = requests().length;
  await action();
  return requests()
    .slice(seen)
    .map((line) => JSON.parse(line) as { method: string; path: string })
    .filter(({ method, path }) => method !== "GET" && path.startsWith("/api/v2/"))
    .map(({ method, path }) => `${method} ${path}`);
}

async function outputs(): Promise<{ credentials: Credentials; url: string }> {
  return JSON.parse(await succeed("outputs", "--show-secrets"));
}

async function call(customer: string): Promise<number> {
  const { credentials, url } = await outputs();
  const { default: client } = credentials[customer] ?? {};
  if (!client) throw new Error(`${customer} has no client`);
  const token = await getToken(system.cloud.fetch, client);
  return (await fetch(`${url}/orders`, { headers: { authorization: `Bearer ${token}` } })).status;
}

async function pulumi(...args: string[]): Promise<string> {
  const { pulumiCommand, workDir, envVars } = system.stack.workspace;
  const env = { ...process.env, ...envVars };
  return (await promisify(execFile)(pulumiCommand.command, args, { cwd: workDir, env })).stdout;
}

const exportOf = (stack: string) => pulumi("stack", "export", "--stack", stack);

async function importInto(stack: string, state: string): Promise<void> {
  const file = join(system.directory, "state.json");
  writeFileSync(file, state);
  await pulumi("stack", "import", "--stack", stack, "--file", file);
}

test("with more shards in the settings than there are, nothing is deployed before the customers have moved", async () => {
  await setShards(2);
  const up = await startEngine(system.stack, ["up", "--yes"]).ended;
  expect(up.code).not.toBe(0);
  expect(up.output).toContain("10 of the customers of this stack, such as acme, belong to other stacks now");
  const refused = await shards("up");
  expect(refused.code).toBe(1);
  expect(refused.output).toContain("npx customers shards move --stack local");
  expect(await readTenant(system)).toEqual(before);
});

test("the plan says who would move", async () => {
  const said = await succeed("plan");
  for (const id of ids) {
    expect(said).toMatch(
      new RegExp(`local → ${stackOf({ id }, { main: "local", shards: 2 })} .*\\b${id}\\b`),
    );
  }
});

test("a move, and the deployments after it, change nothing in Auth0", async () => {
  const old = await exportOf("local");
  const { url } = await system.stack.outputs();
  expect(await changesDuring(() => succeed("move"))).toEqual([]);
  // As if the command had been killed between the two states: customers are in both, and the authorizer knows one of them.
  await importInto("local", old);
  expect(await succeed("plan")).toContain("local forgets");
  expect(await changesDuring(() => succeed("move"))).toEqual([]);
  for (const id of ids) {
    const home = stackOf({ id }, { main: "local", shards: 2 });
    const last = JSON.parse(await pulumi("stack", "output", "lastDeployment", "--json", "--stack", home));
    expect(Object.keys(last.clients)).toContain(id);
  }
  expect(await succeed("plan")).toContain("All customers are in the right shard.");
  expect(await changesDuring(() => succeed("up"))).toEqual([]);
  expect(await readTenant(system)).toEqual(before);
  expect((await system.stack.outputs()).url).toEqual(url);
});

test("the outputs are those of all of them together, and everybody has the credentials that they had", async () => {
  const { credentials } = await outputs();
  expect(credentials).toEqual(handedOut);
  expect([await call("acme"), await call("initech")]).toEqual([200, 403]);
});

test("a new customer, suspended from its beginning, is denied once all is deployed", async () => {
  addCustomer("late", "suspended");
  const home = stackOf({ id: "late" }, { main: "local", shards: 2 });
  const said = await succeed("up");
  expect(said).toContain(`[${home}]`);
  expect(await call("late")).toBe(403);
  before = await readTenant(system);
});

test("a shard whose deployment is killed, and has written nothing, can be repaired under its own name", async () => {
  const home = shardStack("local", 1);
  const fresh = Array.from({ length: 20 }, (_, n) => `new-${n}`)
    .filter((id) => stackOf({ id }, { main: "local", shards: 2 }) === home)
    .slice(0, 4);
  for (const id of fresh) addCustomer(id);
  const seen = requests().length;
  const deployment = shards("up", "--only", home);
  while (
    requests()
      .slice(seen)
      .filter((line) => line.includes('"POST"')).length < 6
  )
    await delay(10);
  const isEngine = ({ pid }: { pid: number }) => /^\S*pulumi\0up\0/.test(commandOf(pid));
  const engine = readProcessTree(process.pid).find(isEngine);
  if (!engine) throw new Error("there is no pulumi up");
  process.kill(engine.pid, "SIGKILL");
  expect((await deployment).output).toContain(`Failed: ${home}. docs/how-to/runbook.md says what to do.`);
  const known = await exportOf(home);
  expect(fresh.filter((id) => known.includes(id))).toEqual([]);

  // As in a fresh clone: Git knows nothing of the copies of the settings.
  rmSync(join(system.stack.workspace.workDir, `Pulumi.${home}.yaml`));
  await pulumi("cancel", "--yes", "--stack", home);
  const repaired = await runCommand(system, "repair", [
    ...["--stack", home, "--delete-duplicates", "--openapi", join(project, "openapi.yaml")],
  ]);
  expect(repaired).toMatchObject({
    code: 0,
    output: expect.stringContaining("Created, but not in the state"),
  });
  await succeed("up", "--only", home);
  rmSync(join(system.customers, "imports.json"));

  // Each there once, and nobody else has changed.
  const after = await readTenant(system);
  const added = (kind: string) => after[kind]?.filter((one) => !before[kind]?.includes(one)) ?? [];
  expect(added("organizations").map((one) => one.split(" ")[0])).toEqual([...fresh].sort());
  expect(added("clients").map((one) => one.split(" ")[0])).toEqual(fresh.map((id) => `${id}/default`).sort());
  expect(added("clientGrants")).toHaveLength(fresh.length);
  for (const kind of Object.keys(before))
    expect(after[kind]).toEqual(expect.arrayContaining(before[kind] ?? []));
  expect(await Promise.all(fresh.map(call))).toEqual(fresh.map(() => 200));
  expect(await succeed("plan")).toContain("All customers are in the right shard.");
  ids.push(...fresh);
  handedOut = (await outputs()).credentials;
  before = after;
});

test("whoever closes too many at once is refused, and everybody can call as before", async () => {
  const closed = ids.slice(3);
  for (const id of closed) addCustomer(id, "closing");
  const { code, output: said } = await shards("up");
  expect(code).toBe(1);
  expect(said).toContain("removalLimit: this deployment closes more-0, more-1");
  expect(await call("more-0")).toBe(200);
  for (const id of closed) addCustomer(id);
});

test("a third shard takes some customers, and nobody else moves", async () => {
  await setShards(3);
  const moved = [...ids, "late"].filter(
    (id) => stackOf({ id }, { main: "local", shards: 3 }) === shardStack("local", 3),
  );
  expect(moved.length).toBeGreaterThan(0);
  const said = await succeed("plan");
  const planned = said
    .split("\n")
    .flatMap((line) => /→ local-shard-3 \(\d+\): (.*)/.exec(line)?.[1]?.split(", ") ?? []);
  expect(planned.sort()).toEqual(moved.sort());
  expect(said).not.toMatch(/→ local-shard-[12]/);

  // As if the command had been killed between the two states: a customer is in both.
  const [from = ""] = /local-shard-\d/.exec(said) ?? [];
  const old = await exportOf(from);
  expect(await changesDuring(() => succeed("move"))).toEqual([]);
  await importInto(from, old);
  expect(await succeed("plan")).toContain(`${from} forgets`);
  expect(await changesDuring(() => succeed("move"))).toEqual([]);

  expect(await changesDuring(() => succeed("up"))).toEqual([]);
  expect(await readTenant(system)).toEqual(before);
  expect((await outputs()).credentials).toMatchObject(handedOut);
});

test("with one shard they are all in the main stack again, and it has no changes", async () => {
  await setShards(1);
  expect(await changesDuring(() => succeed("move"))).toEqual([]);
  expect(await changesDuring(() => succeed("up"))).toEqual([]);
  expect(await readTenant(system)).toEqual(before);
  expect(readOutput<Credentials>(await system.stack.outputs(), "credentials")).toMatchObject(handedOut);
  expect(await call("acme")).toBe(200);
});

test("nor does one stack close too many without a preview, at the second time neither, and it does nothing else", async () => {
  for (const id of ids.slice(3)) addCustomer(id, "closing");
  await system.stack.setConfig("tokenLifetime", { value: "600" });
  for (const _ of [1, 2]) {
    const refused = startUp(system.stack).ended;
    expect(await changesDuring(() => refused)).toEqual([]);
    const { code, output: said } = await refused;
    expect(code).not.toBe(0);
    expect(said).toContain("removalLimit: this deployment closes more-0, more-1");
    expect(said).not.toContain("error serializing");
  }
  expect(await readTenant(system)).toEqual(before);
  expect(await call("more-0")).toBe(200);
});
