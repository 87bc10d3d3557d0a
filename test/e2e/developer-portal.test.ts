// The Developer Portal in AWS on the real engine: switched on, looked at, changed and switched off. The local awsx stands
// for Pulumi's, and no container runs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import { portal, portalSecrets } from "../../packages/customers-as-code/testing/portal-blocks";
import type { StoredResource } from "../../packages/local-cloud/src/aws/account";
import { readOutput } from "../../packages/local-cloud/src/credentials";
import { changesOf, openTestCloud, type TestCloud } from "./local-cloud";

/** The block as `pulumi config set --path` writes it. */
function settingsOf(block: object, path = "portal"): ConfigMap {
  return Object.fromEntries(
    Object.entries(block).flatMap(([key, value]): [string, { value: string }][] =>
      typeof value === "object"
        ? Object.entries(settingsOf(value, `${path}.${key}`)).map(([name, of]) => [name, { value: of.value }])
        : [[`${path}.${key}`, { value: String(value) }]],
    ),
  );
}

const certificateArn = portal.certificateArn.replace("eu-central-1", "us-east-1");
const secretKeys = ["moesifManagementToken", "stripeApiKey"] as const;
const block: ConfigMap = {
  ...settingsOf({ ...portal, certificateArn, network: { natGateways: "onePerAz" } }),
  ...Object.fromEntries(secretKeys.map((key) => [key, { value: portalSecrets[key], secret: true }])),
};

let system: TestCloud;

beforeAll(async () => {
  system = await openTestCloud({ config: block, awsx: true });
  await system.stack.up();
});
afterAll(() => system?.close());

const ofType = (short: string): StoredResource[] => {
  const name = short.split("/")[1] ?? "";
  return system.cloud.aws.account.list(`aws:${short}:${name[0]?.toUpperCase()}${name.slice(1)}`);
};
const only = (short: string): StoredResource => {
  const [one, ...others] = ofType(short);
  if (!one || others.length > 0) throw new Error(`there are ${others.length + (one ? 1 : 0)} of ${short}`);
  return one;
};
const containers = (): {
  name: string;
  environment: { name: string; value: string }[];
  secrets?: { name: string; valueFrom: string }[];
}[] => JSON.parse(String(only("ecs/taskDefinition").inputs.containerDefinitions));

test("one block switches the portal on", async () => {
  const outputs = await system.stack.outputs();
  expect(readOutput<string>(outputs, "portalUrl")).toBe("https://portal.example.com");
  expect(readOutput<string>(outputs, "portalLoadBalancer")).toBe(only("lb/loadBalancer").outputs.dnsName);
});

test("its task has every variable of the .env, and the secret ones by reference", async () => {
  const api = containers().find(({ name }) => name === "api");
  const version = only("secretsmanager/secretVersion");
  const values = JSON.parse(String(version.inputs.secretString));
  const injected = (api?.secrets ?? []).map(({ name, valueFrom }) => {
    expect(valueFrom).toBe(`${version.outputs.arn}:${name}::${version.outputs.versionId}`);
    return { name, value: values[name] };
  });
  const env = Object.fromEntries(
    [...(api?.environment ?? []), ...injected].map(({ name, value }) => [name, value]),
  );
  const portalEnv = parseEnv(readOutput<string>(await system.stack.outputs(), "portalEnv"));
  expect(env).toMatchObject(portalEnv);
  expect(values).toMatchObject({ STRIPE_API_KEY: portalSecrets.stripeApiKey });
});

test("its network has a way out in each zone, and the world's way in ends at the load balancer", () => {
  const subnets = ofType("ec2/subnet");
  expect(subnets.map(({ inputs }) => `${inputs.availabilityZone} ${inputs.cidrBlock}`).sort()).toEqual([
    "us-east-1a 10.0.0.0/18",
    "us-east-1a 10.0.64.0/18",
    "us-east-1b 10.0.128.0/18",
    "us-east-1b 10.0.192.0/18",
  ]);
  expect(ofType("ec2/natGateway")).toHaveLength(2);
  const { networkConfiguration } = only("ecs/service").inputs as {
    networkConfiguration: { subnets: string[]; assignPublicIp: boolean };
  };
  expect(networkConfiguration.assignPublicIp).toBe(false);
  expect(
    networkConfiguration.subnets.map(
      (id) => subnets.find((one) => one.id === id)?.inputs.mapPublicIpOnLaunch,
    ),
  ).toEqual([false, false]);
  expect(only("lb/loadBalancer").inputs.subnets).toHaveLength(2);
  expect(
    ofType("lb/listener")
      .map(({ inputs }) => inputs.port)
      .sort(),
  ).toEqual([443, 80]);
});

test("what awsx makes has the stack's tags as well", () => {
  for (const type of [
    "ec2/vpc",
    "ec2/subnet",
    "ec2/eip",
    "ec2/natGateway",
    "lb/loadBalancer",
    "lb/targetGroup",
    "ecs/service",
    "ecs/taskDefinition",
  ]) {
    const found = ofType(type);
    expect(found.length).toBeGreaterThan(0);
    for (const { inputs } of found) {
      expect([type, inputs.tags]).toEqual([
        type,
        expect.objectContaining({ project: "customers-as-code", stack: "local", managedBy: "pulumi" }),
      ]);
    }
  }
});

test("its secrets are in no file of the engine's", () => {
  const folder = join(system.directory, "engine");
  const files = [...readdirSync(folder, { recursive: true, withFileTypes: true })].filter((file) =>
    file.isFile(),
  );
  const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8"));
  expect(texts.some((text) => text.includes("portal.example.com"))).toBe(true);
  for (const key of secretKeys) {
    expect(texts.filter((text) => text.includes(portalSecrets[key]))).toEqual([]);
  }
});

test("nothing changes where nothing is changed", async () => {
  expect(await changesOf((options) => system.stack.preview(options))).toEqual({});
});

test("a new key of Stripe starts new tasks, and changes nothing else", async () => {
  await system.stack.setAllConfig({ stripeApiKey: { value: "sk_test_2", secret: true } }, true);
  const changes = await changesOf((options) => system.stack.up(options));
  const steps = Object.entries(changes).map(([resource, operation]) => `${operation} ${resource}`);
  expect(steps.filter((step) => !/delete|replace/.test(step))).toEqual(["update Service portal"]);
  expect(steps.filter((step) => /delete|replace/.test(step)).sort()).toEqual([
    expect.stringContaining("SecretVersion portal"),
    expect.stringContaining("TaskDefinition portal"),
  ]);
  expect(JSON.parse(String(only("secretsmanager/secretVersion").inputs.secretString)).STRIPE_API_KEY).toBe(
    "sk_test_2",
  );
});

test("an empty block takes all of it away, and nothing of anything else", async () => {
  const before = ofType("lambda/function");
  await system.stack.removeConfig("portal");
  for (const key of secretKeys) await system.stack.removeConfig(key);
  const changes = await changesOf((options) => system.stack.up(options));
  expect([...new Set(Object.values(changes))]).toEqual(["delete"]);
  for (const type of [
    "ec2/vpc",
    "ec2/subnet",
    "ec2/securityGroup",
    "lb/loadBalancer",
    "lb/targetGroup",
    "ecs/cluster",
    "ecs/service",
    "secretsmanager/secret",
  ]) {
    expect([type, ofType(type)]).toEqual([type, []]);
  }
  expect(ofType("lambda/function")).toEqual(before);
});
