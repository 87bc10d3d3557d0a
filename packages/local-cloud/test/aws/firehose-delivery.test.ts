// Delivery to HTTP endpoints: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Firehose } from "../../src/aws/firehose-delivery";
import { isObject } from "../../src/aws/property";
import { bucketDirectory } from "../../src/aws/services/s3";
import type { Properties } from "../../src/engine/provider";
import { type Backend, type Created, Fixture, fakeSetTimeout, startBackend } from "../../testing/fixture";
import { streamInputs } from "./rows/firehose-rows";

interface Delivery {
  headers: IncomingHttpHeaders;
  requestId: string;
  timestamp: unknown;
  records: string[];
}

let fixture: Fixture;
let endpoint: Backend;
let firehose: Firehose;
let bucket: Created;
let firehoseRole: Created;
let deliveries: Delivery[];
/** How the endpoint answers, one after the other; then as it should. Undefined: not at all. */
let answers: ((delivery: Delivery) => Answer | undefined)[];

interface Answer {
  status?: number;
  location?: string;
  body: string;
}

const accept = ({ requestId }: Delivery): Answer => ({ body: JSON.stringify({ requestId, timestamp: 1 }) });

beforeEach(async () => {
  deliveries = [];
  answers = [];
  fixture = await Fixture.start();
  endpoint = await startBackend(({ headers }, response, body) => {
    const bytes = Buffer.from(body, "latin1");
    const text = (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
    const { requestId, timestamp, records } = JSON.parse(text);
    const data = records.map((record: { data: string }) => Buffer.from(record.data, "base64").toString());
    const delivery: Delivery = { headers, requestId, timestamp, records: data };
    deliveries.push(delivery);
    const answer = (answers.shift() ?? accept)(delivery);
    if (!answer) return;
    response
      .writeHead(answer.status ?? 200, answer.location ? { Location: answer.location } : {})
      .end(answer.body);
  });
  firehose = new Firehose(fixture.aws.account, fixture.aws.metrics);
  bucket = await fixture.create("s3/bucket", { bucket: "backup" });
  firehoseRole = await fixture.role("firehose.amazonaws.com", "firehose");
});

afterEach(async () => {
  jest.useRealTimers();
  await firehose.close();
  await endpoint.close();
  await fixture.close();
});

function createStream(settings: Properties = {}, backup: Properties = {}): Promise<Created> {
  const { httpEndpointConfiguration } = streamInputs({ bucket, firehoseRole });
  if (!isObject(httpEndpointConfiguration)) throw new TypeError("no endpoint");
  const { s3Configuration, ...rest } = httpEndpointConfiguration;
  return fixture.create("kinesis/firehoseDeliveryStream", {
    name: "stream",
    destination: "http_endpoint",
    httpEndpointConfiguration: {
      ...rest,
      url: `${endpoint.url}/logs`,
      retryDuration: 0,
      s3Configuration: { ...(isObject(s3Configuration) ? s3Configuration : {}), ...backup },
      ...settings,
    },
  });
}

/** Objects of the backup bucket by key. */
function backedUp(): Record<string, string> {
  const directory = bucketDirectory(fixture.aws.account, "backup");
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const bytes = readFileSync(path);
      return [
        path.slice(directory.length + 1),
        (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString(),
      ];
    }),
  );
}

// https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
describe("a delivery", () => {
  it("is a request with all records that waited, in their order", async () => {
    const { id } = await createStream({
      accessKey: "application-id",
      requestConfiguration: {
        contentEncoding: "GZIP",
        commonAttributes: [{ name: "stage", value: "test" }],
      },
    });
    for (const record of ["one\n", "zwei: ü\n", "three\n"]) expect(firehose.put(id, record)).toBe(true);
    await firehose.flush();
    expect(deliveries).toEqual([
      {
        requestId: expect.stringMatching(/^[\da-f-]{36}$/),
        timestamp: expect.any(Number),
        records: ["one\n", "zwei: ü\n", "three\n"],
        headers: expect.objectContaining({
          "content-type": "application/json",
          "content-encoding": "gzip",
          "x-amz-firehose-protocol-version": "1.0",
          "x-amz-firehose-request-id": deliveries[0]?.requestId,
          "x-amz-firehose-source-arn": id,
          "x-amz-firehose-access-key": "application-id",
          "x-amz-firehose-common-attributes": '{"commonAttributes":{"stage":"test"}}',
        }),
      },
    ]);
  });

  it("is plain and without a key where the stream has neither", async () => {
    const { id } = await createStream();
    firehose.put(id, "one");
    await firehose.flush();
    for (const name of [
      "content-encoding",
      "x-amz-firehose-access-key",
      "x-amz-firehose-common-attributes",
    ]) {
      expect(deliveries[0]?.headers).not.toHaveProperty(name);
    }
  });

  it("is made of nothing that waits", async () => {
    await createStream();
    await firehose.flush();
    expect(deliveries).toEqual([]);
  });

  it("follows the one before", async () => {
    const { id } = await createStream({ retryDuration: 60 });
    answers.push(() => ({ status: 503, body: "" }));
    firehose.put(id, "first");
    const first = firehose.flush();
    firehose.put(id, "second");
    await Promise.all([first, firehose.flush()]);
    expect(deliveries.map(({ records }) => records)).toEqual([["first"], ["first"], ["second"]]);
  });

  it("has the stream's settings of its time", async () => {
    const stream = await createStream({ accessKey: "old" });
    firehose.put(stream.id, "one");
    const endpointSettings = stream.inputs.httpEndpointConfiguration;
    await fixture.update("kinesis/firehoseDeliveryStream", stream, {
      httpEndpointConfiguration: {
        ...(isObject(endpointSettings) ? endpointSettings : {}),
        accessKey: "new",
      },
    });
    await firehose.flush();
    expect(deliveries[0]?.headers["x-amz-firehose-access-key"]).toBe("new");
  });

  it("is not for a stream that is not there", async () => {
    const { id, outputs } = await createStream();
    await fixture.aws.provider.delete(
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      id,
      outputs,
    );
    expect(firehose.put(id, "late")).toBe(false);
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html#create-destination-http
describe("the buffer", () => {
  it.each([
    ["of the stream", 2, 60, 2_000],
    ["of the local cloud, where that is shorter", 60, 1, 1_000],
  ])("is delivered after the interval %s", async (_title, bufferingInterval, maxSeconds, milliseconds) => {
    fakeSetTimeout();
    firehose = new Firehose(fixture.aws.account, fixture.aws.metrics, { maxSeconds });
    const { id } = await createStream({ bufferingInterval });
    const delivered = endpoint.nextRequest("/logs");
    firehose.put(id, "one");
    jest.advanceTimersByTime(milliseconds - 1);
    firehose.put(id, "two");
    jest.advanceTimersByTime(1);
    await delivered;
    await firehose.flush();
    expect(deliveries.map(({ records }) => records)).toEqual([["one", "two"]]);
  });

  it("is delivered at once where it has the stream's size", async () => {
    fakeSetTimeout();
    const { id } = await createStream({ bufferingSize: 1 });
    const delivered = endpoint.nextRequest("/logs");
    // Two bytes each: it is bytes that count.
    firehose.put(id, "ü".repeat(256 * 1024));
    firehose.put(id, "ü".repeat(256 * 1024));
    await delivered;
    await firehose.flush();
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]?.records).toHaveLength(2);
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
// https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html for what becomes of failures
describe("an answer", () => {
  const wrong: [title: string, answer: (typeof answers)[number], code: string][] = [
    ["of another status", () => ({ status: 500, body: "broken" }), "HttpEndpoint.InvalidStatusCode"],
    ["of 201", (delivery) => ({ ...accept(delivery), status: 201 }), "HttpEndpoint.InvalidStatusCode"],
    [
      "that is a redirect",
      () => ({ status: 302, body: "", location: "/logs" }),
      "HttpEndpoint.InvalidStatusCode",
    ],
    ["that is no JSON", () => ({ body: "OK" }), "HttpEndpoint.ResponseFormatError"],
    ["without the request's id", () => ({ body: '{"timestamp":1}' }), "HttpEndpoint.ResponseFormatError"],
    [
      "with another id",
      () => ({ body: '{"requestId":"another","timestamp":1}' }),
      "HttpEndpoint.ResponseFormatError",
    ],
    [
      "without a timestamp",
      ({ requestId }) => ({ body: JSON.stringify({ requestId }) }),
      "HttpEndpoint.ResponseFormatError",
    ],
  ];
  it.each(wrong)(
    "%s is a failure, and the records are in the backup bucket",
    async (_title, answer, errorCode) => {
      const { id } = await createStream();
      answers.push(answer);
      firehose.put(id, "one\n");
      firehose.put(id, "two\n");
      await firehose.flush();
      expect(deliveries).toHaveLength(1);
      const [[key = "", content = ""] = [], ...others] = Object.entries(backedUp());
      expect(others).toEqual([]);
      expect(key).toMatch(/^http-endpoint-failed\/\d{4}\/\d\d\/\d\d\/\d\d\/stream-1-[\d-]+-[\da-f-]{36}$/);
      const records: Properties[] = content
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(records).toEqual(
        ["one\n", "two\n"].map((data) => ({
          attemptsMade: 1,
          arrivalTimestamp: expect.any(Number),
          attemptEndingTimestamp: expect.any(Number),
          errorCode,
          errorMessage: expect.any(String),
          rawData: Buffer.from(data).toString("base64"),
        })),
      );
    },
  );

  it("that does not come is a failure of the connection", async () => {
    const { id } = await createStream({ url: "http://127.0.0.1:1/" });
    firehose.put(id, "one");
    await firehose.flush();
    expect(Object.values(backedUp()).join()).toContain("HttpEndpoint.ConnectionFailed");
  });

  it("that is wrong is asked for again in the retry duration, with the same id", async () => {
    const { id } = await createStream({ retryDuration: 60 });
    answers.push(
      () => ({ status: 503, body: "" }),
      () => ({ body: "?" }),
    );
    firehose.put(id, "one");
    await firehose.flush();
    expect(deliveries.map(({ records }) => records)).toEqual([["one"], ["one"], ["one"]]);
    expect(new Set(deliveries.map(({ requestId }) => requestId)).size).toBe(1);
    expect(() => backedUp()).toThrow(/ENOENT/);
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
describe("the backup", () => {
  it("has all records in AllData mode, under the prefix, packed as the stream says", async () => {
    const { id } = await createStream(
      { s3BackupMode: "AllData" },
      { compressionFormat: "GZIP", prefix: "all/", errorOutputPrefix: "errors/" },
    );
    answers.push(() => ({ status: 500, body: "" }));
    firehose.put(id, "one\n");
    firehose.put(id, "two\n");
    await firehose.flush();
    const objects = Object.entries(backedUp()).sort();
    expect(objects.map(([key]) => key)).toEqual([
      expect.stringMatching(/^all\/\d{4}\/.*\.gz$/),
      expect.stringMatching(/^errors\/http-endpoint-failed\/\d{4}\/.*\.gz$/),
    ]);
    expect(objects[0]?.[1]).toBe("one\ntwo\n");
  });
});

// Local: AWS does not close.
describe("closing", () => {
  it("delivers what waits, with no second attempt", async () => {
    const { id } = await createStream({ retryDuration: 60 });
    answers.push(() => ({ status: 503, body: "" }));
    firehose.put(id, "one");
    await firehose.close();
    expect(deliveries).toHaveLength(1);
    expect(Object.values(backedUp()).join()).toContain(Buffer.from("one").toString("base64"));
  });

  it("gives up on an endpoint that does not answer, and keeps the records", async () => {
    fakeSetTimeout();
    const { id } = await createStream();
    answers.push(() => undefined);
    const asked = endpoint.nextRequest("/logs");
    firehose.put(id, "one");
    const closed = firehose.close();
    await asked;
    jest.advanceTimersByTime(2_000);
    await closed;
    expect(Object.values(backedUp()).join()).toContain(Buffer.from("one").toString("base64"));
  });
});
