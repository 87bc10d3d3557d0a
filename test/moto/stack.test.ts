// The program's AWS resources, as the real engine wants them, made in moto through the AWS SDK: an independent check of
// what local/aws takes for good. Auth0's resources are made in the local tenant.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ConfigMap, ConfigValue, Stack } from "@pulumi/pulumi/automation";
import { Account } from "../../local/aws/account";
import { AwsProvider } from "../../local/aws/provider";
import { type Cloud, startCloud } from "../../local/cloud";
import { findCommand } from "../../local/engine/command";
import { type RunningProvider, serveProvider } from "../../local/engine/provider-server";
import { openLocalStack } from "../../local/local-stack";
import { changesOf } from "../e2e/local-cloud";
import { variants } from "../variants";
import { MotoProvider } from "./provider";
import { type Moto, startMoto } from "./server";
import { rows } from "./services";
import { type Clients, clientsOf, region } from "./type";

const project = resolve(__dirname, "../..");
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
    // From one variant to the next, all customers may go.
    config: { openapi: { value: document }, removalLimit: { value: "100%" } },
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
    return Object.entries(Object(parsed)).map(([name, part]) => [`${key}.${name}`, { value: String(part) }]);
  });
  return Object.fromEntries(entries);
}

/** Everything in moto, by type. */
async function everything(): Promise<Record<string, (string | undefined)[]>> {
  const lists = Object.entries(rows).map(async ([type, { list }]) => [type, await list(aws)] as const);
  return Object.fromEntries((await Promise.all(lists)).filter(([, found]) => found.length > 0));
}

test("moto is empty", async () => {
  expect(await everything()).toEqual({});
});

test("the local stack is created", async () => {
  const changes = await up();
  expect(changes).toMatchObject({ "RestApi gateway": "create", "Stage gateway": "create" });
});

test("nothing declared anew changes nothing", async () => {
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

const steps: Record<string, Record<string, string> | undefined> = {
  "as few settings as can be": variants["as few settings as can be"],
  Moesif: variants.Moesif,
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

test("once more, nothing declared anew changes nothing", async () => {
  expect(await up()).toEqual({});
});

test("destroy leaves nothing over", async () => {
  await stack.destroy();
  expect(await everything()).toEqual({});
});
