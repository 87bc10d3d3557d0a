// A stack whose gateway is an HTTP API, and then one whose tokens API Gateway checks by itself, on the real engine.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Result } from "../../packages/customers-as-code/src/verify/run-claims";
import { resourceTypes } from "../../packages/local-cloud/src/aws/services/resource-types";
import {
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { runCommand } from "./engine-process";
import { changesOf, openTestCloud, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
let emptyTenant: Record<string, string[]>;

beforeAll(async () => {
  const config = {
    apiType: { value: "http" },
    moesifIngestUrl: { value: "" },
    moesifApplicationId: { value: "", secret: true },
  };
  system = await openTestCloud({ config });
  emptyTenant = await readTenant(system);
});

afterAll(() => system?.close());

const up = () => changesOf((options) => system.stack.up(options));
const set = (key: string, value: string) => system.stack.setConfig(key, { value });

async function call(customer: string, client: string, path: string) {
  const { stack, cloud } = system;
  const outputs = await stack.outputs();
  const credentials = readOutput<Credentials>(outputs, "credentials")[customer]?.[client];
  if (!credentials) throw new Error(`no credentials of ${customer}/${client}`);
  const token = await getToken(cloud.fetch, credentials);
  const headers = { authorization: `Bearer ${token}`, "x-org-id": "org_lie" };
  const response = await fetch(readOutput<string>(outputs, "url") + path, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("up makes an HTTP API, which decides by each customer's rights", async () => {
  const changes = await up();
  expect(changes["Api gateway"]).toBe("create");
  expect(Object.keys(changes).filter((name) => /RestApi|Deployment|Firehose/.test(name))).toEqual([]);
  const { acme } = readOutput<Customers>(await system.stack.outputs(), "customers");
  const organization = acme?.organizationId;
  expect(await call("acme", "default", "/orders")).toMatchObject({ status: 200, body: { organization } });
  const forbidden = { status: 403, body: { message: "Forbidden" } };
  expect(await call("globex", "bookkeeping", "/orders")).toEqual(forbidden);
  expect(await call("initech", "default", "/orders")).toEqual(forbidden);
});

/** What `npx customers verify` has to say but that a claim holds or is not tried. */
async function verify(...more: string[]) {
  const args = ["--customer", "acme", "--json", ...more];
  const { code, output } = await runCommand(system, "verify", args);
  const { results }: { results: Result[] } = JSON.parse(output);
  const others = results.filter(({ verdict }) => verdict !== "holds" && verdict !== "not tried");
  return { code, others, holds: results.filter(({ verdict }) => verdict === "holds").length };
}

test("customers verify finds its refusals as the docs have them", async () => {
  expect(await verify("--openapi", resolve("openapi.yaml"))).toEqual({
    code: 0,
    others: [],
    holds: expect.any(Number),
  });
});

test("its access log in CloudWatch names the caller", async () => {
  const { logs, account } = system.cloud.aws;
  await system.cloud.aws.flushLogs();
  const group = account.list("aws:cloudwatch/logGroup:LogGroup").find(({ id }) => /access-logs/.test(id));
  const lines = readFileSync(logs.fileOf(group?.id ?? ""), "utf8")
    .trimEnd()
    .split("\n");
  const { acme } = readOutput<Customers>(await system.stack.outputs(), "customers");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    companyId: acme?.organizationId,
    principalId: acme?.clients.default,
    status: "200",
    routeKey: "GET /orders",
  });
});

test("a second up has nothing to do, and a refresh finds what was declared", async () => {
  expect(await up()).toEqual({});
  expect(Object.keys((await system.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
});

test("one operation's other scopes change the function alone: routes do not know them", async () => {
  const document = join(system.directory, "openapi.yaml");
  const text = readFileSync("openapi.yaml", "utf8");
  // The same without scopes that are demanded together.
  writeFileSync(document, text.replace("[read:orders, write:invoices]", "[write:invoices]"));
  await set("openapi", document);
  expect(await up()).toEqual({ "Function gateway-authorizer": "update" });
});

test("a JWT authorizer is refused before anything is touched if it would accept who is denied", async () => {
  await set("httpAuthorizer", "jwt");
  const failure = await system.stack.up().then(() => "", String);
  expect(failure).toContain("liveSuspensions: a JWT authorizer knows tokens only");
  expect(failure).toContain("httpAuthorizer: jwt, with initech (suspended): ");
  expect(failure).toContain("2 problems in 1 of ");
});

test("then API Gateway checks tokens by itself: the function goes, and customers are served as before", async () => {
  await set("liveSuspensions", "false");
  rmSync(join(system.customers, "initech.yaml"));
  const changes = await up();
  expect(changes).toMatchObject({ "Api gateway": "update", "Function gateway-authorizer": "delete" });
  const allowed = await call("acme", "default", "/orders");
  // The backend reads the token; it gets nothing in the caller's own words.
  expect(allowed.status).toBe(200);
  expect(JSON.stringify(allowed.body)).not.toContain("org_lie");
  expect(await call("globex", "bookkeeping", "/orders")).toEqual({
    status: 403,
    body: { message: "Forbidden" },
  });
  expect(await up()).toEqual({});
});

test("customers verify finds the refusals of a JWT authorizer as the docs have them", async () => {
  expect(await verify()).toEqual({ code: 0, others: [], holds: expect.any(Number) });
});

test("destroy leaves nothing", async () => {
  await system.stack.destroy();
  expect(await readTenant(system)).toEqual(emptyTenant);
  const left = Object.keys(resourceTypes).flatMap((type) => system.cloud.aws.account.list(type));
  expect(left).toEqual([]);
});
