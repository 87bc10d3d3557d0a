// A stack with everything of the edge: its own domain name, alarms and a dashboard, on the real engine.
import { alarmState } from "../../packages/local-cloud/src/aws/alarm-state";
import { domainNameType, domainNameV2Type } from "../../packages/local-cloud/src/aws/services/domain-names";
import { resourceTypes } from "../../packages/local-cloud/src/aws/services/resource-types";
import {
  type Credentials,
  type Customers,
  getToken,
  readOutput,
} from "../../packages/local-cloud/src/credentials";
import { call } from "../../packages/local-cloud/testing/fixture";
import { changesOf, openTestCloud, readTenant, type TestCloud } from "./local-cloud";

const host = "api.example.com";
/** In the region of the local stack. */
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1a2b";
const domain = {
  "customDomain.name": { value: host },
  "customDomain.certificateArn": { value: certificateArn },
  "customDomain.basePath": { value: "shop" },
  // Whoever calls by the name is cut off without it, which is everybody.
  removalLimit: { value: "100%" },
};

let system: TestCloud;
let emptyTenant: Record<string, string[]>;
async function open(config: Parameters<typeof openTestCloud>[0] & object): Promise<void> {
  system = await openTestCloud(config);
  emptyTenant = await readTenant(system);
}

const up = () => changesOf((options) => system.stack.up(options));

/** One call with the token of a customer's client. */
async function ask(url: string, headers: Record<string, string> = {}) {
  const { stack, cloud } = system;
  const credentials = readOutput<Credentials>(await stack.outputs(), "credentials").acme?.default;
  if (!credentials) throw new Error("no credentials of acme/default");
  const authorization = `Bearer ${await getToken(cloud.fetch, credentials)}`;
  const { status, json } = await call(url, { headers: { authorization, ...headers } });
  return { status, body: json };
}

const organization = async () =>
  readOutput<Customers>(await system.stack.outputs(), "customers").acme?.organizationId;

async function expectNothingLeft(except: string[] = []): Promise<void> {
  await system.stack.destroy();
  expect(await readTenant(system)).toEqual(emptyTenant);
  const left = Object.keys(resourceTypes).flatMap((type) => system.cloud.aws.account.list(type));
  expect(left.map(({ id }) => id)).toEqual(except);
}

describe("a REST API", () => {
  afterAll(() => system?.close());
  beforeAll(() =>
    open({
      config: {
        ...domain,
        "customDomain.hostedZoneId": { value: "Z0123456789ABCDEFGHIJ" },
        "alarms.topicArns[0]": { value: "arn:aws:sns:us-east-1:123456789012:on-call" },
        dashboard: { value: "true" },
      },
    }),
  );

  test("up makes its name, alarms and a dashboard", async () => {
    const changes = await up();
    expect(changes).toMatchObject({
      "DomainName gateway-domain": "create",
      "BasePathMapping gateway-domain": "create",
      "Record gateway-domain": "create",
      "Dashboard gateway": "create",
      "MetricAlarm gateway-server-errors": "create",
      "MetricAlarm gateway-authorizer-faults": "create",
      "MetricAlarm gateway-authorizer-throttles": "create",
      "MetricAlarm gateway-keys-age": "create",
      "MetricAlarm gateway-failed-deliveries": "create",
      "MetricAlarm gateway-late-deliveries": "create",
      "MetricAlarm gateway-stream-throttles": "create",
    });
    expect(readOutput<string>(await system.stack.outputs(), "url")).toBe(`https://${host}/shop`);
    expect(readOutput<string>(await system.stack.outputs(), "domainTarget")).toMatch(
      /^d-\w+\.execute-api\.us-east-1\./,
    );
  });

  test("customers call by the name, and no other way", async () => {
    const { url, account } = system.cloud.aws;
    expect(await ask(`${url}/shop/orders`, { host })).toMatchObject({
      status: 200,
      body: { organization: await organization() },
    });
    const [api] = account.list("aws:apigateway/restApi:RestApi");
    const forbidden = { status: 403, body: { message: "Forbidden" } };
    expect(await ask(`${url}/${api?.id}/v1/orders`)).toEqual(forbidden);
    expect(await ask(`${url}/orders`, { host })).toEqual(forbidden);
  });

  test("the alarms are on what the services and the deployed authorizer measure, and none goes off", async () => {
    const { aws } = system.cloud;
    await aws.flushLogs();
    const alarms = aws.account.list("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms).toHaveLength(7);
    const measured = new Set(aws.metrics.list().map((name) => JSON.stringify(name)));
    const named = alarms.flatMap(({ inputs }) =>
      inputs.metricName === undefined
        ? (inputs.metricQueries as { metric?: Named }[]).flatMap(({ metric }) => metric ?? [])
        : [inputs as unknown as Named],
    );
    const unmeasured = named.filter(
      ({ namespace, metricName, dimensions }) =>
        !measured.has(JSON.stringify({ namespace, metricName, dimensions })),
    );
    // What did not happen has no metric: faults.
    expect(unmeasured.map(({ dimensions }) => dimensions.Reason).sort()).toEqual([
      "event_unknown",
      "internal_error",
      "keys_unavailable",
      "suspensions_unavailable",
    ]);
    const states = alarms.map((alarm) => alarmState(alarm, aws.metrics, Date.now()));
    expect(new Set(states)).toEqual(new Set(["OK"]));
  });

  test("a second up has nothing to do, and a refresh finds what was declared", async () => {
    expect(await up()).toEqual({});
    expect(Object.keys((await system.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("a threshold changes one alarm, and the open endpoint deploys the stage again", async () => {
    const { stack } = system;
    await stack.setConfig("alarms.thresholds.keysAgeSeconds", { value: "7200" }, true);
    expect(await up()).toEqual({ "MetricAlarm gateway-keys-age": "update" });
    await stack.setConfig("customDomain.defaultEndpoint", { value: "true" }, true);
    expect(await up()).toMatchObject({ "RestApi gateway": "update", "Stage gateway": "update" });
    const { url, account } = system.cloud.aws;
    const [api] = account.list("aws:apigateway/restApi:RestApi");
    expect((await ask(`${url}/${api?.id}/v1/orders`)).status).toBe(200);
  });

  test("without its name, customers call the API at its own endpoint, which was off", async () => {
    const { stack, cloud } = system;
    await stack.setConfig("customDomain.defaultEndpoint", { value: "false" }, true);
    await up();
    await stack.removeConfig("customDomain");
    expect(await up()).toMatchObject({ "RestApi gateway": "update", "DomainName gateway-domain": "delete" });
    const url = readOutput<string>(await stack.outputs(), "url");
    expect(url).toContain(cloud.aws.url);
    expect((await ask(`${url}/orders`)).status).toBe(200);
    expect(await up()).toEqual({});
  });

  test("destroy leaves nothing", async () => {
    await expectNothingLeft();
  });
});

interface Named {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
}

describe("an HTTP API with mutual TLS", () => {
  afterAll(() => system?.close());
  beforeAll(async () => {
    await open({
      config: {
        ...domain,
        apiType: { value: "http" },
        moesifIngestUrl: { value: "" },
        moesifApplicationId: { value: "", secret: true },
        "alarms.topicArns[0]": { value: "arn:aws:sns:us-east-1:123456789012:on-call" },
        dashboard: { value: "true" },
        "customDomain.mutualTls.truststoreUri": { value: "s3://truststore/clients.pem" },
      },
    });
  });

  test("up waits for its truststore, which is somebody else's", async () => {
    const failure = await system.stack.up().then(() => "", String);
    expect(failure).toContain("Unable to read the truststore s3://truststore/clients.pem");
    const { provider } = system.cloud.aws;
    const bucket = "aws:s3/bucket:Bucket";
    const { inputs } = await provider.check(bucket, { bucket: "truststore" }, "urn::truststore", undefined);
    await provider.create(bucket, inputs, false);
    expect(await up()).toMatchObject({
      "DomainName gateway-domain": "create",
      "ApiMapping gateway-domain": "create",
    });
    const [name] = system.cloud.aws.account.list(domainNameV2Type);
    expect(name?.inputs).toMatchObject({
      domainName: host,
      mutualTlsAuthentication: { truststoreUri: "s3://truststore/clients.pem" },
    });
    expect(system.cloud.aws.account.list(domainNameType)).toEqual([]);
  });

  test("customers call by the name, and nobody goes by where no certificate is asked for", async () => {
    const { url, account } = system.cloud.aws;
    expect(await ask(`${url}/shop/orders`, { host })).toMatchObject({
      status: 200,
      body: { organization: await organization() },
    });
    const [api] = account.list("aws:apigatewayv2/api:Api");
    expect(await ask(`${url}/${api?.id}/v1/orders`)).toEqual({ status: 404, body: { message: "Not Found" } });
  });

  test("a second up has nothing to do; destroy leaves nothing of the stack", async () => {
    expect(await up()).toEqual({});
    await expectNothingLeft(["truststore"]);
  });
});
