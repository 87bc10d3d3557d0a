// The rows of docs/how-to/runbook.md that no fault of faults.test.ts brings about: what is seen, and that what the row says to do helps.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Credentials, getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { startTenantProcess, type TenantProcess } from "../../packages/local-cloud/src/tenant-process";
import { runCommand, startEngine, startUp, stateFolder } from "./engine-process";
import { changesOf, managementApi, openTestCloud, project, type TestCloud } from "./local-cloud";

let system: TestCloud;
let tenant: TenantProcess;

beforeAll(async () => {
  system = await openTestCloud({
    startTenant: async (directory) => {
      tenant = await startTenantProcess(directory);
      return tenant;
    },
  });
  await system.stack.up();
});
afterAll(() => system?.close());

const importsFile = () => join(system.customers, "imports.json");
const fileOf = (id: string) => join(system.customers, `${id}.yaml`);
const addCustomer = (id: string) =>
  writeFileSync(fileOf(id), `displayName: ${id}\nclients:\n  default:\n    scopes: [read:orders]\n`);
const repair = (...args: string[]) =>
  runCommand(system, "repair", [...args, "--openapi", join(project, "openapi.yaml")]);
const credentials = async () => readOutput<Credentials>(await system.stack.outputs(), "credentials");
const preview = () => changesOf((options) => system.stack.preview(options));

/** Kills the engine while the tenant keeps it waiting for the answer to a client's creation. */
async function killWhileCreating(id: string): Promise<void> {
  await tenant.restart(["--fault", "POST /api/v2/clients slow delay=300000"]);
  addCustomer(id);
  const up = startUp(system.stack);
  for (let waited = 0; !(await isPending(`${id}/default`)); waited += 1) {
    if (waited > 100) throw new Error(`the client of ${id} was never begun`);
    await delay(500);
  }
  up.killEngine();
  await up.ended;
  await tenant.restart([]);
  await system.stack.cancel().catch(() => undefined);
}

async function isPending(name: string): Promise<boolean> {
  const { deployment } = await system.stack.exportStack();
  const operations: { resource: { urn: string } }[] = deployment.pending_operations ?? [];
  return operations.some(({ resource }) => resource.urn.endsWith(`::${name}`));
}

test("an up that was killed in the middle is warned of until its pending operations are cleared", async () => {
  await killWhileCreating("pending");
  expect((await repair("--delete-duplicates")).code).toBe(0);
  const up = await startUp(system.stack).ended;
  expect(up).toMatchObject({ code: 0 });
  expect(up.output).toMatch(
    /warning: Attempting to deploy or update resources with \d+ pending operations from previous deployment/,
  );
  rmSync(importsFile(), { force: true });
  const cleared = await startEngine(system.stack, ["refresh", "--clear-pending-creates", "--yes"]).ended;
  expect(cleared).toMatchObject({ code: 0 });
  const after = await startUp(system.stack).ended;
  expect(after).toMatchObject({ code: 0 });
  expect(after.output).not.toContain("pending operations");
  expect(await preview()).toEqual({});
});

test("what was made for a customer whose file has gone is named, and adopted once the file is back", async () => {
  await killWhileCreating("orphan");
  const text = readFileSync(fileOf("orphan"), "utf8");
  // The state forgets what it may have of it, as one that was never written would.
  const deployment = await system.stack.exportStack();
  const { resources = [] } = deployment.deployment;
  deployment.deployment.resources = resources.filter(({ urn }: { urn: string }) => !urn.includes("orphan"));
  deployment.deployment.pending_operations = [];
  await system.stack.importStack(deployment);
  rmSync(fileOf("orphan"));
  const { code, output: said } = await repair();
  expect(code).toBe(1);
  expect(said).toMatch(
    /^Created for a customer that has no file: .*\n {2}organization "orphan" \(org_\w+\)$/m,
  );
  writeFileSync(fileOf("orphan"), text);
  expect(await repair("--delete-duplicates")).toMatchObject({
    code: 0,
    output: expect.stringMatching(
      /Created, but not in the state: is written to .*\n {2}orphan: organization org_/,
    ),
  });
  expect(await startUp(system.stack).ended).toMatchObject({ code: 0 });
  rmSync(importsFile());
  expect(await preview()).toEqual({});
  const { orphan } = await credentials();
  if (!orphan?.default) throw new Error("orphan has no credentials");
  await getToken(system.cloud.fetch, orphan.default);
});

test("a client that somebody has deleted in Auth0 is named, and created again by a refresh, with another id and secret", async () => {
  const { acme: before } = await credentials();
  const api = await managementApi(system.cloud);
  await api(`clients/${before?.default?.clientId}`, undefined, "DELETE").catch(() => undefined);
  const { code, output: said } = await repair();
  expect(code).toBe(1);
  expect(said).toContain("In the state, but not in the tenant: pulumi up --refresh creates it again (1):");
  expect(said).toContain(`  client acme/default (${before?.default?.clientId})`);
  const up = await startEngine(system.stack, ["up", "--refresh", "--yes", "--skip-preview"]).ended;
  expect(up).toMatchObject({ code: 0 });
  const { acme: after } = await credentials();
  expect(after?.default?.clientId).not.toBe(before?.default?.clientId);
  expect(after?.default?.clientSecret).not.toBe(before?.default?.clientSecret);
  if (!after?.default) throw new Error("acme has no credentials");
  await getToken(system.cloud.fetch, after.default);
  expect(await repair()).toMatchObject({
    code: 0,
    output: expect.stringContaining("Nothing to repair"),
  });
});

test("an empty .attrs file beside the state, as a killed up leaves it, hides a state that is whole until it is deleted", async () => {
  const { name, workspace } = system.stack;
  const { name: projectName } = await workspace.projectSettings();
  const attributes = join(stateFolder(system.stack), ".pulumi/stacks", projectName, `${name}.json.attrs`);
  // The local cloud's backend writes none; one of plain file:// does.
  expect(existsSync(attributes)).toBe(false);
  const environment = { PULUMI_BACKEND_URL: `file://${stateFolder(system.stack)}` };
  writeFileSync(attributes, "");
  const refused = await startEngine(system.stack, ["stack", "export"], environment).ended;
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("failed to load checkpoint: EOF");
  rmSync(attributes);
  expect(await startEngine(system.stack, ["up", "--yes", "--skip-preview"], environment).ended).toMatchObject(
    {
      code: 0,
    },
  );
  expect(readFileSync(attributes, "utf8")).toContain("md5");
  rmSync(attributes);
  expect(await preview()).toEqual({});
});
