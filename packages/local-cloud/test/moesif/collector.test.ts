// Moesif's intake: who may write, how a record of API Gateway becomes an event, what is kept.
import { appendFileSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { accessLogFormat } from "../../../customers-as-code/src/gateway/observability/log-format";
import type { Properties } from "../../src/engine/provider";
import { type RunningCollector, startCollector } from "../../src/moesif/start-collector";
import { call, Fixture, proxied, securedBy, startBackend } from "../../testing/fixture";
import { authorizerCode, wish } from "../../testing/wishes";
import { streamInputs } from "../aws/rows/firehose-rows";

const accessKey = "application-id";
let directory: string;
let collector: RunningCollector;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "moesif-"));
  collector = await startCollector({ directory, accessKey });
});

afterEach(async () => {
  await collector.close();
  await rm(directory, { recursive: true, force: true });
});

/** As API Gateway logs a request, in the program's format. */
const record: Properties = {
  apiId: "abc",
  requestId: "11111111-2222-4333-8444-555555555555",
  requestTime: "24/Nov/2026:16:08:00 +0100",
  protocol: "HTTP/1.1",
  httpMethod: "GET",
  resourcePath: "/orders/{orderId}",
  requestHostHeader: "api.example",
  requestUserAgentHeader: "curl/8",
  status: "200",
  responseLength: "17",
  durationMs: "25",
  ip: "203.0.113.9",
  principalId: "client_1",
  companyId: "org_1",
};

interface Request {
  key?: string;
  gzip?: boolean;
  body?: string;
}

async function deliver(data: string[], { key = accessKey, gzip = false, body }: Request = {}) {
  const requestId = "delivery-1";
  const records = data.map((text) => ({ data: Buffer.from(text).toString("base64") }));
  const text = body ?? JSON.stringify({ requestId, timestamp: 1, records });
  return call(`${collector.url}/v1/logs`, {
    method: "POST",
    headers: {
      "X-Amz-Firehose-Request-Id": requestId,
      "X-Amz-Firehose-Access-Key": key,
      ...(gzip ? { "Content-Encoding": "gzip" } : {}),
    },
    body: gzip ? gzipSync(text) : text,
  });
}

const line = (more: Properties = {}) => `${JSON.stringify({ ...record, ...more })}\n`;

// https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
describe("a delivery", () => {
  it.each([false, true])("is answered with its id, gzip or not (%s)", async (gzip) => {
    const { status, json } = await deliver([line()], { gzip });
    expect({ status, json }).toEqual({
      status: 200,
      json: { requestId: "delivery-1", timestamp: expect.any(Number) },
    });
    expect(collector.events()).toHaveLength(1);
  });

  it.each(["", "another", `${accessKey} `.repeat(2)])("with the access key %j is refused", async (key) => {
    const { status, json } = await deliver([line()], { key });
    expect(status).toBe(401);
    expect(json).toMatchObject({
      requestId: "delivery-1",
      errorMessage: expect.stringContaining("access key"),
    });
    expect(collector.events()).toEqual([]);
  });

  it.each([
    ["is no JSON", "{"],
    ["has no records", "{}"],
    ["has a record without data", '{"records":[{}]}'],
  ])("whose body %s is refused", async (_title, body) => {
    expect((await deliver([], { body })).status).toBe(400);
  });

  it("that claims to be packed and is not is refused", async () => {
    const headers = { "X-Amz-Firehose-Access-Key": accessKey, "Content-Encoding": "gzip" };
    expect((await call(collector.url, { method: "POST", headers, body: "plain" })).status).toBe(400);
  });

  it("of nothing is none: another method gets 404", async () => {
    expect((await call(collector.url, { method: "PUT" })).status).toBe(404);
  });
});

// Moesif/moesif-firehose-transform-lambda, API_GATEWAY_FIELDS and API_GATEWAY_MARKERS
describe("a record", () => {
  const eventOf = async (more: Properties = {}) => {
    await deliver([line(more)]);
    return collector.events().at(-1);
  };

  it("becomes an event of its company and its client", async () => {
    expect(await eventOf()).toEqual({
      request: {
        time: "2026-11-24T15:08:00.000Z",
        verb: "GET",
        uri: "/orders/{orderId}",
        ip_address: "203.0.113.9",
        headers: { Host: "api.example", "User-Agent": "curl/8" },
      },
      response: { time: "2026-11-24T15:08:00.025Z", status: 200 },
      user_id: "client_1",
      company_id: "org_1",
      duration_ms: 25,
      metadata: record,
    });
  });

  it.each([
    [{ companyId: "-" }, { company_id: undefined, user_id: "client_1" }],
    [{ companyId: "" }, { company_id: undefined, user_id: "client_1" }],
    [{ principalId: "-" }, { company_id: "org_1", user_id: undefined }],
    [{ principalId: null }, { company_id: "org_1", user_id: undefined }],
    // An API key's id hides the principal, which is why the program does not log it.
    [{ apiKeyId: "key_1" }, { user_id: "key_1" }],
    [{ apiKeyId: "-" }, { user_id: "client_1" }],
    [{ user: "user_1", apiKeyId: "key_1" }, { user_id: "user_1" }],
    [{ principalId: "-", caller: "caller_1" }, { user_id: "caller_1" }],
    [{ principalId: "-", caller: "caller_1", cognitoIdentityId: "c_1" }, { user_id: "c_1" }],
    [
      { requestUserAgentHeader: "-" },
      { request: expect.objectContaining({ headers: { Host: "api.example" } }) },
    ],
    [{ durationMs: "-" }, { duration_ms: undefined }],
  ])("with %j has %j", async (more, expected) => {
    const event = await eventOf(more);
    for (const [name, value] of Object.entries(expected)) {
      expect(event?.[name as keyof typeof event]).toEqual(value);
    }
  });

  const markers = Object.keys(record).slice(0, 11);
  it.each(markers)("without %s is passed over", async (marker) => {
    const { [marker]: _, ...rest } = record;
    const { status } = await deliver([JSON.stringify(rest), line({ requestId: "whole" })]);
    expect(status).toBe(200);
    expect(collector.events().map(({ metadata }) => metadata.requestId)).toEqual(["whole"]);
  });

  it("that has a marker without a value is one of API Gateway", async () => {
    expect(await eventOf({ resourcePath: "-" })).toMatchObject({ request: { uri: "" }, company_id: "org_1" });
  });

  it.each([
    ["lines", [line({ requestId: "1" }) + line({ requestId: "2" })]],
    [
      "a list",
      [
        JSON.stringify([
          { ...record, requestId: "1" },
          { ...record, requestId: "2" },
        ]),
      ],
    ],
    [
      "lines of which some are no JSON",
      [`${line({ requestId: "1" })}oops\n"text"\n${line({ requestId: "2" })}`],
    ],
    ["spread text", [JSON.stringify({ ...record, requestId: "1" }, null, 2), line({ requestId: "2" })]],
  ])("may hold several: %s", async (_title, data) => {
    await deliver(data);
    expect(collector.events().map(({ metadata }) => metadata.requestId)).toEqual(["1", "2"]);
  });

  it("in the program's format has every marker", () => {
    const fields = Object.keys(JSON.parse(accessLogFormat));
    expect(fields).toEqual(expect.arrayContaining(markers));
  });
});

describe("the events", () => {
  it("can be asked for by company", async () => {
    await deliver([line({ requestId: "1" }), line({ requestId: "2", companyId: "org_2" })]);
    const ids = async (query: string) => {
      const { text } = await call(`${collector.url}/events${query}`);
      const events: { metadata: { requestId: string } }[] = JSON.parse(text);
      return events.map(({ metadata }) => metadata.requestId);
    };
    expect(await ids("")).toEqual(["1", "2"]);
    expect(await ids("?company_id=org_2")).toEqual(["2"]);
    expect(await ids("?company_id=org_3")).toEqual([]);
  });

  it("can be waited for, whether they are there or not yet", async () => {
    await deliver([line({ requestId: "1" })]);
    const isSecond = ({ metadata }: { metadata: Properties }) => metadata.requestId === "2";
    expect(await collector.waitFor(({ company_id }) => company_id === "org_1", 5_000)).toMatchObject({
      user_id: "client_1",
    });
    const second = collector.waitFor(isSecond, 5_000);
    await deliver([line({ requestId: "2" })]);
    expect(await second).toMatchObject({ metadata: { requestId: "2" } });
    await expect(collector.waitFor(() => false, 1)).rejects.toThrow(
      "no such event came in 1 ms; the collector has 2 others",
    );
  });

  it("outlive a restart at the same address, but for what a crash left half written", async () => {
    await deliver([line({ requestId: "1" })]);
    const { url } = collector;
    const events = [...collector.events()];
    await collector.close();
    appendFileSync(join(directory, "events.jsonl"), '{"request":{"ti');
    collector = await startCollector({ directory, accessKey });
    expect(collector.url).toBe(url);
    expect(JSON.stringify(collector.events())).toBe(JSON.stringify(events));
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-logging-to-kinesis.html
it("has a call through the gateway as an event of the caller's organization", async () => {
  const backend = await startBackend();
  const fixture = await Fixture.start();
  const fn = await fixture.function(authorizerCode);
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  const bucket = await fixture.create("s3/bucket", { bucket: "backup" });
  const firehoseRole = await fixture.role("firehose.amazonaws.com", "firehose");
  const stream = await fixture.create("kinesis/firehoseDeliveryStream", {
    name: "amazon-apigateway-test",
    ...streamInputs(
      { bucket, firehoseRole },
      { url: collector.url, accessKey, requestConfiguration: { contentEncoding: "GZIP" } },
    ),
  });
  const operation = proxied(backend.url, {}, { security: [{ customers: [] }] });
  const { url } = await fixture.deploy(
    { openapi: "3.0.1", paths: { "/orders/{orderId}": { get: operation } }, components: securedBy(fn) },
    { accessLogSettings: { destinationArn: stream.outputs.arn, format: accessLogFormat } },
  );
  const token = wish({ principalId: "client_1", context: { org_id: "org_1" } });
  await call(`${url}/orders/7`, { headers: { Authorization: token, "User-Agent": 'a"b' } });
  await call(`${url}/orders/7`);
  await fixture.aws.flushLogs();
  expect(collector.events()).toMatchObject([
    {
      company_id: "org_1",
      user_id: "client_1",
      request: { uri: "/orders/{orderId}", headers: { "User-Agent": 'a"b' } },
      response: { status: 200 },
      metadata: { path: "/v1/orders/7" },
    },
    { company_id: undefined, user_id: undefined, response: { status: 401 } },
  ]);
  await fixture.close();
  await backend.close();
});
