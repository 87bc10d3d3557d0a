// index.ts where its customers are split into shards: what each of the stacks declares.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  isPlacement,
  placementOf,
  shardStack,
  stackOf,
} from "../packages/customers-as-code/src/customers/shard-placement";
import { readDeployed } from "../packages/customers-as-code/src/deployment/last-deployment";
import {
  checkKnown,
  checkPlacement,
  lastDeployed,
} from "../packages/customers-as-code/src/deployment/placement";
import { record, secretValue } from "./support/recorder";
import { runProgram as run } from "./support/run-program";

const two = { "customers-as-code:shards": "2" };
const customers = ["acme", "globex", "initech"];
const to = { main: "prod", shards: 2 };
const organizations = (ran: Awaited<ReturnType<typeof run>>) =>
  ran.recording.resources
    .filter(({ type }) => type === "auth0:index/organization:Organization")
    .map(({ name }) => name);

async function suspended(ran: Awaited<ReturnType<typeof run>>): Promise<unknown> {
  const { code } = ran.recording.find("aws:lambda/function:Function", "gateway-authorizer").inputs;
  return (await authorizerConfig(code)).suspended.organizations;
}

async function authorizerConfig(code: unknown) {
  const { assets } = code as { assets: Promise<Record<string, { text: Promise<string> }>> };
  return JSON.parse((await (await assets)["config.json"]?.text) ?? "");
}

/** As a stack reports customers that it has. */
const tells = (...ids: string[]) => ({
  customers: Object.fromEntries(
    ids.map((id) => [id, { status: "active", organizationId: `org_${id}`, clients: {} }]),
  ),
});

test("between them the shards have each customer once, and nothing but customers", async () => {
  const found: string[] = [];
  for (const number of [1, 2]) {
    const stack = shardStack("prod", number);
    const ran = await run(two, { stack });
    expect(organizations(ran)).toEqual(customers.filter((id) => stackOf({ id }, to) === stack));
    expect(Object.keys(ran.outputs.credentials)).toEqual(organizations(ran));
    // The engine warns of each output that has no value.
    expect(Object.keys(ran.program)).toEqual([
      "customers",
      "credentials",
      "deliveredSecrets",
      "lastDeployment",
    ]);
    const types = new Set(ran.recording.resources.map(({ type }) => type.split(":")[0]));
    expect([...types].filter((name) => name !== "auth0" && name !== "customers-as-code")).toEqual([]);
    found.push(...organizations(ran));
  }
  expect(found.sort()).toEqual(customers);
});

test("a shard's grants are on the audience of the settings", async () => {
  const stack = stackOf({ id: "acme" }, to);
  const { recording } = await run(two, { stack });
  expect(recording.find("auth0:index/clientGrant:ClientGrant", "acme/default").inputs.audience).toBe(
    "https://api.example.com/",
  );
});

test("what a file says of the main stack holds in its shards", async () => {
  const folder = mkdtempSync(join(tmpdir(), "shards-"));
  try {
    writeFileSync(
      join(folder, "acme.yaml"),
      "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\nstacks:\n  dev:\n    displayName: Acme of dev\n",
    );
    const stack = stackOf({ id: "acme" }, { main: "dev", shards: 2 });
    const { recording } = await run({ ...two, "customers-as-code:customers": folder }, { stack });
    const { inputs } = recording.find("auth0:index/organization:Organization", "acme");
    expect(inputs.displayName).toBe("Acme of dev");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a shard asks about tags where a customer's delivery makes what can have them, and else spares the engine that", async () => {
  const folder = mkdtempSync(join(tmpdir(), "shards-"));
  const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  const settings = {
    ...two,
    "customers-as-code:customers": folder,
    "customers-as-code:deliveryKmsKeyArn": kmsKeyArn,
  };
  const customer = "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\n";
  const stack = stackOf({ id: "acme" }, to);
  const transform = jest.spyOn(pulumi.runtime, "registerResourceTransform");
  try {
    writeFileSync(join(folder, "acme.yaml"), customer);
    await run(settings, { stack });
    expect(transform).not.toHaveBeenCalled();
    writeFileSync(join(folder, "acme.yaml"), `${customer}delivery:\n  awsAccountId: "210987654321"\n`);
    const { recording } = await run(settings, { stack });
    expect(recording.find("aws:secretsmanager/secret:Secret", "acme/default").inputs.tags).toMatchObject({
      stack,
    });
  } finally {
    transform.mockRestore();
    rmSync(folder, { recursive: true });
  }
});

// API Gateway and its keys are the main stack's, organizations their shards'.
test("the main stack has a key for each customer, and names those whose organizations a shard has", async () => {
  const home = stackOf({ id: "initech" }, to);
  const plans = { "customers-as-code:plans": '{"free":{}}', "customers-as-code:defaultPlan": "free" };
  const ran = await run(
    { ...two, ...plans },
    { stack: "prod", outputsOf: (stack) => (stack === home ? tells("initech") : {}) },
  );
  const keys = ran.recording.resources.filter(
    ({ type }) => type === "aws:apigateway/usagePlanKey:UsagePlanKey",
  );
  expect(keys.map(({ name }) => name).sort()).toEqual([...customers, "gateway/others"].sort());
  const { code } = ran.recording.find("aws:lambda/function:Function", "gateway-authorizer").inputs;
  expect(Object.keys((await authorizerConfig(secretValue(code))).usageKeys.own)).toEqual(["org_initech"]);
});

test("the main stack has no customer, and denies those that are suspended in its shards", async () => {
  const home = stackOf({ id: "initech" }, to);
  const ran = await run(two, {
    stack: "prod",
    outputsOf: (stack) => (stack === home ? tells("initech") : {}),
  });
  expect(organizations(ran)).toEqual([]);
  expect(await suspended(ran)).toEqual(["org_initech"]);
  expect(ran.outputs.url).toContain("https://");
  expect(await ran.program.knownCustomers).toEqual(["initech"]);
  expect(Object.entries(ran.program).filter(([, value]) => value === undefined)).toEqual([]);
});

test("the main stack denies whoever has left a shard, deployed before the shard or after it", async () => {
  const unprotected = { lastDeployment: { protect: false } };
  const before = await run(two, {
    stack: "prod",
    outputsOf: (stack) => (stack === "prod-shard-1" ? { ...tells("gone"), ...unprotected } : {}),
  });
  expect(await suspended(before)).toEqual(["org_gone"]);

  const shard = await run(two, {
    stack: "prod-shard-1",
    outputsOf: () => ({ ...tells("gone"), ...unprotected }),
  });
  const left = { lastDeployment: await shard.recorder.known(shard.program.lastDeployment) };
  const after = await run(two, {
    stack: "prod",
    outputsOf: (stack) => (stack === "prod-shard-1" ? left : {}),
  });
  expect(await suspended(after)).toEqual(["org_gone"]);
  // Nobody asks a shard that is no more.
  const main = { lastDeployment: await after.recorder.known(after.program.lastDeployment) };
  const alone = await run({}, { stack: "prod", outputsOf: () => main });
  expect(await suspended(alone)).toEqual(["initech-id", "org_gone"]);
});

test("the main stack deploys nothing either if a shard's customer is protected and has no file any more", async () => {
  const outputsOf = (stack: string) => (stack === "prod-shard-1" ? tells("gone") : {});
  await expect(run(two, { stack: "prod", outputsOf })).rejects.toThrow(
    "protect: gone cannot be deleted because it is protected",
  );
});

test("before a shard is deployed there is nobody to deny", async () => {
  expect(await suspended(await run(two, { stack: "prod" }))).toEqual([]);
});

const declared = customers.map((id) => ({
  ...{ id, displayName: id, organization: id, status: "active" as const, metadata: {}, clients: [] },
}));

describe("a stack that has customers of another one still", () => {
  const check = (stack: string, ...here: string[]) => {
    const placement = placementOf(stack, 2);
    if (!isPlacement(placement)) throw new Error(placement.message);
    const deployed = readDeployed(tells(...here));
    return checkPlacement(declared, deployed, placement, "Pulumi.prod.yaml").map(({ message }) => message);
  };

  test.each(["prod", "prod-shard-1", "prod-shard-2"])("is %s: nothing is deployed", (stack) => {
    const [stranger = ""] = customers.filter((id) => stackOf({ id }, to) !== stack);
    const [message] = check(stack, stranger);
    expect(message).toContain(`1 of the customers of this stack, such as ${stranger}, belong to other`);
    expect(message).toContain("npx customers shards move --stack prod");
  });

  test("its own customers, and those that no file declares, are no reason", () => {
    for (const stack of ["prod-shard-1", "prod-shard-2"]) {
      const own = customers.filter((id) => stackOf({ id }, to) === stack);
      expect(check(stack, ...own, "gone")).toEqual([]);
    }
  });
});

describe("a main stack that knew customers whom no shard has now", () => {
  const check = (shards: number, known: string[], ...there: string[]) =>
    checkKnown(
      [{ id: "acme" }, { id: "initech-eu", previously: "initech" }, { id: "new" }],
      { known, everywhere: readDeployed(tells(...there)) },
      { main: "prod", shards },
      "Pulumi.prod.yaml",
    ).map(({ message }) => message);

  test("is not deployed: with fewer shards, and with none", () => {
    const known =
      "shards: 2 of the customers that this stack knew, such as acme, are not where they belong now";
    const [few] = check(4, ["acme", "initech"]);
    const home = stackOf({ id: "acme" }, { main: "prod", shards: 4 });
    expect(few).toContain(`${known} (${home})`);
    expect(few).toContain("npx customers shards move --stack prod.");
    expect(few).toContain(`npx customers shards up --stack prod --only ${home}`);
    const [none] = check(1, ["acme", "initech"]);
    expect(none).toContain(`${known} (prod)`);
    expect(none).toMatch(/npx customers shards move --stack prod$/);
  });

  test("is deployed once they are somewhere, by a new id or the old one", () => {
    expect(check(4, ["acme", "initech"], "acme", "initech")).toEqual([]);
    expect(check(4, ["acme", "initech"], "acme", "initech-eu")).toEqual([]);
    expect(check(4, ["acme", "initech-eu"], "acme", "initech")).toEqual([]);
  });

  test("misses none that is new, or that no file declares", () => {
    expect(check(4, [])).toEqual([]);
    expect(check(4, ["gone"])).toEqual([]);
  });

  test("misses whom a shard has without an organization", () => {
    const everywhere = { acme: { status: "active", clients: {} } };
    const known = { known: ["acme"], everywhere };
    expect(checkKnown([{ id: "acme" }], known, { main: "prod", shards: 2 }, "Pulumi.prod.yaml")).toHaveLength(
      1,
    );
  });

  test.each([1, 4])("by its own outputs, and those of its shards: %d", async (shards) => {
    const placement = { main: "prod", shards };
    const last = (outputs: Record<string, object>) => {
      const read = ({ name }: Record<string, unknown>) => ({
        outputs: outputs[String(name).replace("organization/customers-as-code/", "")] ?? {},
      });
      return record({}, { "pulumi:pulumi:readStackOutputs": read }, "prod").then(() =>
        lastDeployed(declared, { placement, file: "Pulumi.prod.yaml" }),
      );
    };
    const prod = { knownCustomers: ["initech"] };
    await expect(last({ prod })).rejects.toThrow("1 of the customers that this stack knew, such as initech,");
    const home = stackOf({ id: "initech" }, placement);
    await expect(last({ prod, [home]: { ...prod, ...tells("initech") } })).resolves.toMatchObject({
      everywhere: { initech: { organizationId: "org_initech" } },
    });
  });
});
