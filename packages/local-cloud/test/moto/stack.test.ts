// The program's AWS resources, as the real engine wants them, made in moto through the AWS SDK: an independent check of
// what local/aws takes for good. Auth0's resources are made in the local tenant.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ConfigMap, ConfigValue, Stack } from "@pulumi/pulumi/automation";
import { changesOf } from "../../../../test/support/changes-of";
import { variants } from "../../../../test/support/variants";
import { Account } from "../../src/aws/account";
import { AwsProvider } from "../../src/aws/aws-provider";
import { type Cloud, startCloud } from "../../src/cloud";
import { findCommand } from "../../src/engine/command";
import { type RunningProvider, serveProvider } from "../../src/engine/provider-server";
import { openLocalStack } from "../../src/local-stack";
import { exampleConfig } from "../../testing/example-config";
import { MotoProvider } from "./moto-provider";
import { type Moto, startMoto } from "./server";
import { rows } from "./services/types-in-moto";
import { type Clients, clientsOf, region } from "./type";

const project = resolve(__dirname, "../../../..");
const directory = mkdtempSync(join(tmpdir(), "moto-"));
const document = join(directory, "openapi.yaml");
const closers: (() => unknown)[] = [() => rmSync(directory, { recursive: true })];
let stack: Stack;
/** Where the local cloud is, as the stack's settings have it. */
let address: ConfigMap;
let provider: MotoProvider;
let aws: Clients;

beforeAll(async () => {
  cpSync(join(project, "openapi.yaml"), document);
  const command = await findCommand((line) => console.info(line));
  const moto: Moto = await startMoto();
  closers.push(() => moto.close());
  aws = clientsOf(moto.url);
  const account = Account.open(join(directory, "rules"), region);
  closers.push(() => account.close());
  provider = new MotoProvider(new AwsProvider(account), aws);
  const server: RunningProvider = await serveProvider(provider, "7.48.0");
  closers.push(() => server.close());
  const cloud: Cloud = await startCloud(join(directory, "cloud"));
  closers.push(() => cloud.close());
  const providers = { ...cloud.address.providers, aws: server.port };
  stack = await openLocalStack({
    command,
    project,
    directory,
    address: { ...cloud.address, providers },
    // From one variant to the next, all customers may go, and the API's URL may change.
    config: {
      ...exampleConfig(cloud.address),
      openapi: { value: document },
      removalLimit: { value: "100%" },
      "approvedChanges[0]": { value: "all" },
    },
  });
  const beside = ["moesifIngestUrl", "moesifApplicationId", "liveSuspensions"];
  address = Object.fromEntries(
    Object.entries(await stack.getAllConfig()).filter(([key]) => !beside.includes(key.replace(/^.*:/, ""))),
  );
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const up = () => changesOf((options) => stack.up(options));

/** Sets these beside those that say where the local cloud is, and no others. */
async function configure(settings: ConfigMap): Promise<void> {
  const current = await stack.getAllConfig();
  await stack.removeAllConfig(Object.keys(current));
  await stack.setAllConfig(inPaths({ ...address, ...settings }), true);
}

/** Structures by their parts, as the engine wants those that Pulumi.yaml gives a type; an empty one is none. */
function inPaths(settings: ConfigMap): ConfigMap {
  const entries = Object.entries(settings).flatMap(([key, { value, secret }]): [string, ConfigValue][] => {
    if (!/^[[{]/.test(value)) return [[key, { value, secret }]];
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed))
      return parsed.map((part, index) => [`${key}[${index}]`, { value: String(part) }]);
    return Object.entries(Object(parsed)).flatMap(([name, part]): [string, ConfigValue][] =>
      Array.isArray(part)
        ? part.map((one, index) => [`${key}.${name}[${index}]`, { value: String(one) }])
        : [[`${key}.${name}`, { value: String(part) }]],
    );
  });
  return Object.fromEntries(entries);
}

const listed = async (type: string) => (await rows[type]?.list(aws)) ?? [];

/** Everything in moto, by type. One after the other: moto loads a service at its first request, and two at once can fail. */
async function everything(): Promise<Record<string, (string | undefined)[]>> {
  const lists: [type: string, found: (string | undefined)[]][] = [];
  for (const [type, { list }] of Object.entries(rows)) lists.push([type, await list(aws)]);
  return Object.fromEntries(lists.filter(([, found]) => found.length > 0));
}

test("moto is empty", async () => {
  expect(await everything()).toEqual({});
});

test("the local stack is created", async () => {
  const changes = await up();
  expect(changes).toMatchObject({ "RestApi gateway": "create", "Stage gateway": "create" });
});

test("an unchanged program changes nothing", async () => {
  expect(await up()).toEqual({});
});

test("a changed document, customer and setting change what they should, in place where AWS can", async () => {
  const changed = readFileSync(document, "utf8").replace(
    "operationId: listOrders",
    "operationId: listAllOrders",
  );
  writeFileSync(document, changed);
  await stack.setAllConfig({ logRetentionDays: { value: "60" }, "tags.team": { value: "api" } }, true);
  const changes = await up();
  expect(changes).toMatchObject({
    "RestApi gateway": "update",
    "Stage gateway": "update",
    "LogGroup gateway-authorizer": "update",
    "FirehoseDeliveryStream gateway-access-logs": "update",
  });
});

// As the engine would have them made, beside the API that it has made.
test("a usage plan with a key is created for a stage, changed and deleted", async () => {
  const [restApi = ""] = await listed("aws:apigateway/restApi:RestApi");
  const apiStages = [{ apiId: restApi, stage: "v1" }];
  const plan = await provider.create(
    "aws:apigateway/usagePlan:UsagePlan",
    {
      apiStages,
      name: "gold",
      quotaSettings: { limit: 1000, period: "MONTH" },
      tags: { team: "api" },
      throttleSettings: { burstLimit: 20, rateLimit: 10 },
    },
    false,
  );
  const keyInputs = { enabled: true, name: "globex", value: "0123456789abcdefghij" };
  const key = await provider.create("aws:apigateway/apiKey:ApiKey", keyInputs, false);
  const member = await provider.create(
    "aws:apigateway/usagePlanKey:UsagePlanKey",
    { keyId: key.id, keyType: "API_KEY", usagePlanId: plan.id },
    false,
  );
  const changedPlan = await provider.update(
    "aws:apigateway/usagePlan:UsagePlan",
    plan.id,
    plan.outputs,
    { apiStages, name: "silver", throttleSettings: { burstLimit: 10, rateLimit: 5 } },
    false,
  );
  const changedKey = { ...keyInputs, enabled: false };
  await provider.update("aws:apigateway/apiKey:ApiKey", key.id, key.outputs, changedKey, false);
  expect(await listed("aws:apigateway/usagePlanKey:UsagePlanKey")).toEqual(["globex"]);
  await provider.delete("aws:apigateway/usagePlanKey:UsagePlanKey", member.id, member.outputs);
  await provider.delete("aws:apigateway/apiKey:ApiKey", key.id, { ...key.outputs, ...changedKey });
  await provider.delete("aws:apigateway/usagePlan:UsagePlan", plan.id, changedPlan);
  expect(Object.keys(await everything()).filter((type) => /usagePlan|apiKey/i.test(type))).toEqual([]);
});

const steps: Record<string, Record<string, string> | undefined> = {
  "as few settings as can be": variants["as few settings as can be"],
  Moesif: variants.Moesif,
  "alarms and a dashboard": {
    ...variants.Moesif,
    "customers-as-code:alarms": '{"topicArns":["arn:aws:sns:us-east-1:123456789012:on-call"]}',
    "customers-as-code:dashboard": "true",
  },
  "customers that read their secrets from accounts of their own": {
    "customers-as-code:deliveryKmsKeyArn":
      "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
    "customers-as-code:customers": "test/fixtures/delivered-customers",
  },
  "an HTTP API": { "customers-as-code:apiType": "http", "customers-as-code:liveSuspensions": "true" },
};

test.each(Object.entries(steps))("the stack becomes one of %s", async (_name, settings = {}) => {
  await configure(
    Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [key, { value, secret: /ApplicationId$/.test(key) }]),
    ),
  );
  await up();
});

test("an unchanged program changes nothing again", async () => {
  expect(await up()).toEqual({});
});

test("destroy leaves nothing over", async () => {
  await stack.destroy();
  expect(await everything()).toEqual({});
});
