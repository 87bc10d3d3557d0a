// What a change of the document or of the backends does to a REST API on the real engine: what must, and nothing else.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourceTypes } from "../../packages/local-cloud/src/aws/services/resource-types";
import { type Credentials, getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { archive, typeOf } from "../../packages/local-cloud/testing/fixture";
import { changesOf, openTestCloud, type TestCloud } from "./local-cloud";

let system: TestCloud;
let file: string;
let text = readFileSync("openapi.yaml", "utf8");

beforeAll(async () => {
  system = await openTestCloud();
  file = join(system.directory, "openapi.yaml");
  edit();
  await system.stack.setConfig("openapi", { value: file });
});

afterAll(() => system?.close());

/** Changes the document, in which each text is once. */
function edit(...changes: [before: string, after: string][]): void {
  for (const [before, after] of changes) {
    expect(text.split(before)).toHaveLength(2);
    text = text.replace(before, after);
  }
  writeFileSync(file, text);
}

const up = () => changesOf((options) => system.stack.up(options));

async function call(customer: string, client: string, route: string) {
  const { stack, cloud } = system;
  const [method = "", path = ""] = route.split(" ");
  const outputs = await stack.outputs();
  const credentials = readOutput<Credentials>(outputs, "credentials")[customer]?.[client];
  if (!credentials) throw new Error(`no credentials of ${customer}/${client}`);
  const headers = { authorization: `Bearer ${await getToken(cloud.fetch, credentials)}` };
  const response = await fetch(readOutput<string>(outputs, "url") + path, { method, headers });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> };
}

/** A new deployment, which the stage serves from now on; the old one goes. */
const redeployed = { "Deployment gateway": "delete-replaced", "Stage gateway": "update" };

test("up deploys the API", async () => {
  expect(await up()).toMatchObject({ "RestApi gateway": "create", "Deployment gateway": "create" });
  expect((await call("acme", "default", "GET /orders")).status).toBe(200);
});

test("changing nothing changes nothing", async () => {
  expect(await up()).toEqual({});
});

test("changing what the gateway does not serve changes nothing", async () => {
  edit(["The organization's orders.", "All orders of the organization."]);
  expect(await up()).toEqual({});
});

test("changing one operation's scope redeploys the stage and nothing else but the function that demands it", async () => {
  edit([
    "operationId: listOrders\n",
    "operationId: listOrders\n      security: [{ customers: [read:invoices] }]\n",
  ]);
  expect(await up()).toEqual({ "Function gateway-authorizer": "update", ...redeployed });
  // Which customer's token is that of before is remembered for a minute; this one's was not seen.
  expect((await call("globex", "bookkeeping", "GET /orders")).status).toBe(200);
  expect((await call("globex", "warehouse", "GET /orders")).status).toBe(403);
  expect(await up()).toEqual({});
});

test("wrong backends are reported with their places in the stack's own file, before anything is touched", async () => {
  const { stack } = system;
  await stack.setConfig("backends.warehouse.kind", { value: "vpcLink" }, true);
  edit(["  /invoices:\n", "  /invoices:\n    x-backend: warehous\n"]);
  const failure = await stack.up().then(() => "", String);
  expect(failure).toContain(
    'openapi.yaml:45:16  GET /invoices: x-backend: "warehous" is not a backend. Did you mean "warehouse"?',
  );
  expect(failure).toMatch(
    /Pulumi\.local\.yaml:\d+:\d+ {2}backends\.warehouse\.url is missing, which the kind "vpcLink" needs/,
  );
  expect(failure).toMatch(/Pulumi\.local\.yaml:\d+:\d+ {2}backends\.warehouse is not used/);
  expect(failure).toContain("3 problems in 2 of ");
  edit(["x-backend: warehous\n", "x-backend: warehouse\n"]);
});

test("an operation goes to another backend by a redeployment, and what that needs is made", async () => {
  const { stack } = system;
  const set = (path: string, value: string) => stack.setConfig(`backends.${path}`, { value }, true);
  await set("warehouse.url", "http://warehouse.internal/base");
  await set("warehouse.subnetIds[0]", "subnet-0a1b2c3d");
  await set(
    "warehouse.loadBalancerArn",
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/warehouse/0a1b2c3d4e5f6071",
  );
  await set("mailer.kind", "lambda");
  await set("mailer.functionArn", await createFunction());
  await set("planned.kind", "mock");
  await set("planned.statusCode", "202");
  edit(
    [
      "operationId: createOrder\n",
      "operationId: createOrder\n      x-backend: { name: mailer, timeoutMs: 5000 }\n",
    ],
    ["operationId: cancelOrder\n", "operationId: cancelOrder\n      x-backend: planned\n"],
  );
  expect(await up()).toEqual({
    "VpcLink gateway-warehouse": "create",
    "Permission gateway-mailer": "create",
    "RestApi gateway": "update",
    ...redeployed,
  });
  const bookkeeping = await call("globex", "bookkeeping", "GET /invoices");
  expect(bookkeeping).toMatchObject({ status: 200, body: { path: "/base/invoices" } });
  const { organization, client } = bookkeeping.body;
  expect([organization, client]).toEqual([expect.stringMatching(/^org_/), expect.any(String)]);
  const created = await call("globex", "warehouse", "POST /orders");
  expect(created).toEqual({ status: 201, body: { organization } });
  expect((await call("globex", "warehouse", "DELETE /orders/7")).status).toBe(202);
  expect(await up()).toEqual({});
});

/** The company's own function, which is not the stack's; answers with the organization in its event. */
async function createFunction(): Promise<string> {
  const { provider } = system.cloud.aws;
  const create = async (short: string, given: Record<string, unknown>) => {
    const type = typeOf(short);
    const { inputs, failures } = await provider.check(
      type,
      given,
      `urn:pulumi:s::p::${type}::mailer`,
      undefined,
    );
    expect(failures).toEqual([]);
    return provider.create(type, inputs, false);
  };
  const role = await create("iam/role", {
    name: "mailer",
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    },
  });
  const code = `export const handler = async ({ requestContext }) =>
    ({ statusCode: 201, body: JSON.stringify({ organization: requestContext.authorizer.org_id }) });`;
  const { id } = await create("lambda/function", {
    name: "mailer",
    role: role.outputs.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: archive(code),
  });
  const alias = await create("lambda/alias", { name: "live", functionName: id, functionVersion: "$LATEST" });
  return String(alias.outputs.arn);
}

test("backends that are given up go, and the operations go back to the default one", async () => {
  await system.stack.removeConfig("backends");
  edit(
    ["      x-backend: { name: mailer, timeoutMs: 5000 }\n", ""],
    ["      x-backend: planned\n", ""],
    ["    x-backend: warehouse\n", ""],
  );
  expect(await up()).toEqual({
    "VpcLink gateway-warehouse": "delete",
    "Permission gateway-mailer": "delete",
    "RestApi gateway": "update",
    ...redeployed,
  });
  expect((await call("globex", "warehouse", "POST /orders")).body).toMatchObject({ path: "/orders" });
});

test("destroy leaves nothing but what is the company's own", async () => {
  await system.stack.destroy();
  const left = Object.keys(resourceTypes).flatMap((type) => system.cloud.aws.account.list(type));
  expect(left.map(({ id }) => id).sort()).toEqual(["mailer", "mailer", "mailer:live"]);
});
