// What nobody may lose by a deployment that is refused, or that fails: on the real engine, without a preview, with its protection
// ignored, and while customers go on calling. Each test builds on the one before it.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ClientCredentials,
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { startTenantProcess, type TenantProcess } from "../../packages/local-cloud/src/tenant-process";
import { startEngine } from "./engine-process";
import { changesOf, openTestCloud, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
let tenant: TenantProcess;
let url: string;

beforeAll(async () => {
  system = await openTestCloud({
    config: { protect: { value: "true" } },
    startTenant: async (directory) => {
      tenant = await startTenantProcess(directory);
      return tenant;
    },
  });
  await system.stack.up();
  url = readOutput<string>(await system.stack.outputs(), "url");
});
afterAll(() => system?.close());

const file = (id: string) => join(system.customers, `${id}.yaml`);
const read = (id: string) => readFileSync(file(id), "utf8");
const edit = (id: string, change: (text: string) => string) => writeFileSync(file(id), change(read(id)));
const preview = () => changesOf((options) => system.stack.preview(options));

/** Without a preview, and without the engine's own protection. */
const up = (...more: string[]) =>
  startEngine(system.stack, ["up", "--yes", "--skip-preview", "--ignore-protect", ...more]).ended;

async function handedOut(customer: string, client = "default"): Promise<ClientCredentials> {
  const found = readOutput<Credentials>(await system.stack.outputs(), "credentials")[customer]?.[client];
  if (!found) throw new Error(`no credentials of ${customer}/${client}`);
  return found;
}

const tokenOf = (credentials: ClientCredentials) => getToken(system.cloud.fetch, credentials);

async function call(token: string): Promise<number> {
  return (await fetch(`${url}/orders`, { headers: { authorization: `Bearer ${token}` } })).status;
}

/** Calls with a fresh token each time, of which API Gateway remembers no answer, for as long as the work takes. */
async function callDuring(credentials: ClientCredentials, work: () => Promise<unknown>): Promise<number[]> {
  const answers: number[] = [];
  let isDone = false;
  const running = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    // Auth0 gives no token any more once the client has gone.
    const token = await tokenOf(credentials).catch(() => undefined);
    if (token !== undefined) answers.push(await call(token));
    await sleep(50);
  }
  await running;
  return answers;
}

/** What must be the same after a deployment that was refused. */
async function everything() {
  const { deployment } = await system.stack.exportStack();
  const resources: { urn: string; id?: string; modified?: string; outputs?: object }[] = deployment.resources;
  return {
    tenant: await readTenant(system),
    resources: resources.map(({ urn, id, modified }) => ({ urn, id, modified })),
    outputs: await system.stack.outputs(),
  };
}

/** Deploys what must be refused, twice, and demands that nothing at all has changed. @returns what the engine said */
async function refused(): Promise<string> {
  const before = await everything();
  let said = "";
  for (const _ of [1, 2]) {
    const { code, output } = await up();
    expect({ code, output }).not.toMatchObject({ code: 0 });
    said = output;
    expect(await everything()).toEqual(before);
  }
  return said;
}

/** Runs with changed files, which are as they were afterwards. */
async function withFiles<T>(
  changes: Record<string, ((text: string) => string) | "deleted">,
  run: () => Promise<T>,
) {
  const before = Object.keys(changes).map((id) => ({ id, text: read(id) }));
  for (const [id, change] of Object.entries(changes)) {
    if (change === "deleted") rmSync(file(id));
    else edit(id, change);
  }
  try {
    return await run();
  } finally {
    for (const { id, text } of before) writeFileSync(file(id), text);
  }
}

test("a suspended customer whose file is deleted stays suspended, and nothing changes, before, during and after", async () => {
  const credentials = await handedOut("initech");
  const old = await tokenOf(credentials);
  expect(await call(old)).toBe(403);
  let said = "";
  const answers = await withFiles({ initech: "deleted" }, () =>
    callDuring(credentials, async () => {
      said = await refused();
    }),
  );
  expect(said).toContain("protect: initech cannot be deleted because it is protected");
  expect(said).toContain("npx customers remove initech");
  expect(new Set(answers)).toEqual(new Set([403]));
  expect(await call(await tokenOf(credentials))).toBe(403);
  expect(await preview()).toEqual({});
});

test("nor does a new name without the old one change anything, nor an active status on the way out", async () => {
  const text = read("initech").replace(/^status:.*\n/m, "");
  writeFileSync(file("initech-eu"), text);
  const said = await withFiles({ initech: "deleted" }, refused);
  rmSync(file("initech-eu"));
  expect(said).toMatch(/If initech has a new id .*, add "previously: initech" to \S+initech-eu\.yaml\./);
});

test("guards a stack whose last version left nothing to compare with, too", async () => {
  const deployment = await system.stack.exportStack();
  const { resources } = deployment.deployment;
  const root = resources.find(({ type }: { type: string }) => type === "pulumi:pulumi:Stack");
  const { lastDeployment } = root.outputs;
  delete root.outputs.lastDeployment;
  await system.stack.importStack(deployment);
  expect(await withFiles({ initech: "deleted" }, refused)).toContain("protect: initech cannot be deleted");
  root.outputs.lastDeployment = lastDeployment;
  await system.stack.importStack(deployment);
});

test("of a customer whose secret rotates, a refused deployment leaves both secrets", async () => {
  const before = await handedOut("acme");
  edit("acme", (text) => text.replace("  default:\n", "  default:\n    rotation: 2\n    retiring: 1\n"));
  await system.stack.up();
  const after = await handedOut("acme");
  const said = await withFiles({ acme: "deleted" }, refused);
  expect(said).toContain("protect: acme cannot be deleted because it is protected");
  for (const credentials of [before, after]) expect(await call(await tokenOf(credentials))).toBe(200);
});

test("of a customer's clients, a refused deployment leaves those that may go, too", async () => {
  edit("globex", (text) => text.replace("  bookkeeping:\n", "  bookkeeping:\n    closing: true\n"));
  await system.stack.up();
  const credentials = await handedOut("globex", "bookkeeping");
  const onlyOther = (text: string) =>
    `${text.slice(0, text.indexOf("  # The warehouse"))}  other:\n    scopes: [read:orders]\n`;
  const said = await withFiles({ globex: onlyOther }, refused);
  expect(said).toContain("protect: the client globex/warehouse cannot be deleted because it is protected");
  expect(said).not.toContain("protect: the client globex/bookkeeping");
  await tokenOf(credentials);
  const rotated = (text: string) => text.replace("  warehouse:\n", "  warehouse:\n    rotation: 2\n");
  expect(await withFiles({ globex: rotated }, refused)).toContain(
    'add "retiring: 1" to a client with a secret',
  );
});

test("refuses a deletion or a dropped client with the customer's name, and no URN to unprotect", async () => {
  const rename = (text: string) => text.replace("  warehouse:\n", "  store:\n");
  const said = await withFiles({ acme: "deleted", globex: rename }, refused);
  expect(said).toContain('to the client of that name. To remove it, set "closing: true"');
  expect(said).toContain(
    'acme cannot be deleted because it is protected: it was deployed as "active" with 1 client',
  );
  expect(said).not.toMatch(/urn:pulumi|unprotect/);
});

test("another audience is refused, and once it is approved it replaces protected grants", async () => {
  const inForce = "https://api.example.com/";
  const audience = "https://other.example.com/";
  const old = await tokenOf(await handedOut("globex", "warehouse"));
  await system.stack.setConfig("removalLimit", { value: "100%" });
  await system.stack.setConfig("audience", { value: audience });
  const said = await refused();
  expect(said).toContain(
    `audience: "${audience}" instead of "${inForce}" changes the tokens of every customer: the API refuses the calls of acme, globex, initech`,
  );
  const [, approve = ""] = /(pulumi config set --path 'approvedChanges\[0\]' \S+)/.exec(said) ?? [];
  expect(approve).toBe(`pulumi config set --path 'approvedChanges[0]' audience=${audience}`);
  expect(said).not.toMatch(/urn:pulumi|unprotect/);
  await system.stack.removeConfig("removalLimit");
  await system.stack.setConfig("approvedChanges[0]", { value: `audience=${audience}` }, true);
  // With the engine's own protection.
  await system.stack.up();
  expect(await call(old)).toBe(401);
  expect(await call(await tokenOf(await handedOut("globex", "warehouse")))).toBe(200);
  expect(await preview()).toEqual({});
  const { deployment } = await system.stack.exportStack();
  const grants = deployment.resources.filter(({ type }: { type: string }) => type.endsWith("ClientGrant"));
  expect(grants.every(({ protect }: { protect?: boolean }) => protect !== true)).toBe(true);
  await system.stack.setConfig("audience", { value: inForce });
  expect(await refused()).toContain(`audience: "${inForce}" instead of "${audience}"`);
  await system.stack.setConfig("approvedChanges[0]", { value: `audience=${inForce}` }, true);
  await system.stack.up();
  await system.stack.removeConfig("approvedChanges");
  await system.stack.up();
  expect(await call(await tokenOf(await handedOut("globex", "warehouse")))).toBe(200);
});

test("whoever is cut off counts: suspensions, scopes, and a URL that changes for all", async () => {
  const suspend = (text: string) => `${text}status: suspended\n`;
  const said = await withFiles({ acme: suspend, globex: suspend }, refused);
  expect(said).toContain("removalLimit: this deployment suspends acme, globex: 2 of 3 customers");

  const withoutWriting = (text: string) => text.replace(", write:orders", "");
  const scopes = await withFiles({ acme: withoutWriting, globex: withoutWriting }, refused);
  expect(scopes).toContain("removalLimit: this deployment takes scopes from clients of acme, globex: 2 of 3");

  await system.stack.setConfig("stageName", { value: "v2" });
  const stage = await refused();
  await system.stack.removeConfig("stageName");
  expect(stage).toContain(
    `stageName: "v2" instead of "v1" changes the API's URL for every customer: acme, globex`,
  );
  expect(stage).toContain("pulumi config set --path 'approvedChanges[0]' stageName=v2");
});

test("what is spread over two deployments of a day counts together, unless it was given back", async () => {
  const suspend = (text: string) => `${text}status: suspended\n`;
  const active = { acme: read("acme"), globex: read("globex") };
  edit("acme", suspend);
  await system.stack.up();
  expect(await withFiles({ globex: suspend }, refused)).toContain(
    "removalLimit: this deployment suspends globex, after acme within 24 hours: 2 of 3 customers",
  );
  writeFileSync(file("acme"), active.acme);
  edit("globex", suspend);
  await system.stack.up();
  expect(await call(await tokenOf(await handedOut("acme")))).toBe(200);
  expect(await call(await tokenOf(await handedOut("globex", "warehouse")))).toBe(403);
  writeFileSync(file("globex"), active.globex);
  await system.stack.up();
});

describe("without protection", () => {
  let credentials: ClientCredentials;
  let text: string;
  let organizationId: string;

  beforeAll(async () => {
    await system.stack.setConfig("protect", { value: "false" });
    await system.stack.setConfig("removalLimit", { value: "100%" });
    await system.stack.up();
    credentials = await handedOut("initech");
    text = read("initech");
    ({ organizationId = "" } =
      readOutput<Customers>(await system.stack.outputs(), "customers").initech ?? {});
  });

  test("a suspended customer is denied while Auth0 fails to delete it, and in the deployments after that", async () => {
    await tenant.restart(["--fault", "DELETE /api/v2/organizations/org_* 500"]);
    rmSync(file("initech"));
    for (const _ of [1, 2]) {
      const answers = await callDuring(credentials, async () => expect((await up()).code).not.toBe(0));
      expect(answers.filter((status) => status !== 403)).toEqual([]);
    }
    expect((await readTenant(system)).organizations?.join()).toContain(organizationId);
    expect(readOutput<Customers>(await system.stack.outputs(), "customers").initech).toBeUndefined();
    await tenant.restart([]);
  });

  test("if its file is back, and active, it may call again", async () => {
    writeFileSync(file("initech"), text.replace(/^status:.*\n/m, ""));
    expect((await up()).code).toBe(0);
    expect(await call(await tokenOf(await handedOut("initech")))).toBe(200);
    expect(readOutput<Customers>(await system.stack.outputs(), "customers").initech?.organizationId).toBe(
      organizationId,
    );
    writeFileSync(file("initech"), text);
    expect((await up()).code).toBe(0);
    expect(await preview()).toEqual({});
    credentials = await handedOut("initech");
  });

  test("it is denied until it has gone, and afterwards for as long as it may have tokens", async () => {
    const token = await tokenOf(credentials);
    rmSync(file("initech"));
    const answers = await callDuring(credentials, async () => expect((await up()).code).toBe(0));
    expect(answers.filter((status) => status !== 403)).toEqual([]);
    expect((await readTenant(system)).organizations?.join()).not.toContain(organizationId);
    expect(await call(token)).toBe(403);
    expect(await preview()).toEqual({});
  });

  test("once its tokens have expired, and Auth0 has it no more, it is forgotten", async () => {
    const { stack } = system;
    const deployment = await stack.exportStack();
    const root = deployment.deployment.resources.find(
      ({ type }: { type: string }) => type === "pulumi:pulumi:Stack",
    );
    root.outputs.lastDeployment.formerOrganizations[organizationId].since = "2020-01-01T00:00:00.000Z";
    await stack.importStack(deployment);
    expect(await preview()).toEqual({ "Function gateway-authorizer": "update" });
    expect((await up()).code).toBe(0);
    expect(await preview()).toEqual({});
    const { formerOrganizations } = readOutput<Record<string, unknown>>(
      await stack.outputs(),
      "lastDeployment",
    );
    expect(formerOrganizations).toEqual({});
  });

  test("destroy leaves nothing", async () => {
    await system.stack.destroy();
    const { organizations, clientGrants } = await readTenant(system);
    expect(organizations).toEqual([]);
    expect(clientGrants?.filter((name) => name.startsWith("https://api.example.com/"))).toEqual([]);
  });

  test("a company before its first customer has an API that refuses every call, and adds the customer later", async () => {
    const first = read("acme");
    for (const id of ["acme", "globex"]) rmSync(file(id));
    expect((await up()).code).toBe(0);
    const outputs = await system.stack.outputs();
    expect(readOutput<Customers>(outputs, "customers")).toEqual({});
    url = readOutput<string>(outputs, "url");
    expect((await fetch(`${url}/orders`)).status).toBe(401);
    expect(await preview()).toEqual({});
    writeFileSync(file("acme"), first);
    expect((await up()).code).toBe(0);
    expect(await call(await tokenOf(await handedOut("acme")))).toBe(200);
  });
});
