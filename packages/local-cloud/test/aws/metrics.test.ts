// What the local services measure, in CloudWatch's names, and the alarms of the program by it.
import { decisionLine } from "../../../../authorizer/src/log";
import { alarmsSchema, planAlarms } from "../../../customers-as-code/src/gateway/observability/alarms";
import type { WatchedResources } from "../../../customers-as-code/src/gateway/observability/metrics";
import { type AlarmState, alarmState } from "../../src/aws/alarm-state";
import { evaluateExpression } from "../../src/aws/metric-math";
import { Metrics } from "../../src/aws/metrics";
import { type Backend, call, Fixture, proxied, startBackend } from "../../testing/fixture";
import { deployHttp, httpProxied } from "../../testing/http-fixture";
import { streamInputs } from "./rows/firehose-rows";

const minute = 60_000;
const name = { namespace: "N", metricName: "M", dimensions: { D: "1" } };

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
describe("statistics", () => {
  const metrics = new Metrics(() => 0);
  for (const [value, time] of [
    [1, 0],
    [2, 30_000],
    [9, minute],
    [4, minute],
    [100, 2 * minute],
  ] as const) {
    metrics.put(name, value, time);
  }
  const of = (stat: string, period = 60) =>
    metrics
      .statistics(name, { stat, period, from: 0, to: 2 * minute })
      .map(({ time, value }) => [time, value]);

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
  it.each([
    ["SampleCount", [2, 2]],
    ["Sum", [3, 13]],
    ["Average", [1.5, 6.5]],
    ["Minimum", [1, 4]],
    ["Maximum", [2, 9]],
    ["p50", [1, 4]],
    ["p99", [2, 9]],
  ])("%s is of each period by itself", (stat, [first, second]) => {
    expect(of(stat)).toEqual([
      [0, first],
      [minute, second],
    ]);
  });

  it("are of longer periods too, and there are none where there is no value", () => {
    expect(of("Sum", 120)).toEqual([[0, 16]]);
    expect(
      metrics.statistics({ ...name, dimensions: {} }, { stat: "Sum", period: 60, from: 0, to: minute }),
    ).toEqual([]);
    expect(() => of("IQM")).toThrow('no statistic "IQM"');
  });
});

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
describe("metric math", () => {
  const series = new Map([
    [
      "a",
      new Map([
        [0, 6],
        [60, 8],
      ]),
    ],
    [
      "b",
      new Map([
        [0, 2],
        [120, 0],
      ]),
    ],
  ]);
  it.each<[string, [number, number][]]>([
    ["100 * b / a", [[0, 100 / 3]]],
    ["a - b * 2", [[0, 2]]],
    [
      "(a - 1) * 2",
      [
        [0, 10],
        [60, 14],
      ],
    ],
    [
      "FILL(a, 0) + FILL(b, 1)",
      [
        [0, 8],
        [60, 9],
        [120, 0],
      ],
    ],
    ["a / FILL(b, 0)", [[0, 3]]],
  ])("computes %s where there are values", (expression, values) => {
    expect([...evaluateExpression(expression, series, [0, 60, 120])]).toEqual(values);
  });

  it.each(["SEARCH(a)", "a b", "FILL(1, 0)", "FILL(a 0)", "c", "1 + 1"])("refuses %s", (expression) => {
    expect(() => evaluateExpression(expression, series, [0])).toThrow(/local CloudWatch|lacks a|fills a/);
  });
});

describe("services", () => {
  let fixture: Fixture;
  let backend: Backend;
  let status = 200;
  let now = 0;

  beforeEach(async () => {
    now = 100 * 5 * minute;
    status = 200;
    fixture = await Fixture.start({ clock: () => now });
    backend = await startBackend((_, response) => {
      response.statusCode = status;
      response.end();
    });
  });

  afterEach(async () => {
    await fixture.close();
    await backend.close();
  });

  const sumOf = (metricName: string, dimensions: Record<string, string>, namespace = "AWS/ApiGateway") =>
    fixture.aws.metrics
      .statistics(
        { namespace, metricName, dimensions },
        { stat: "Sum", period: 60, from: 0, to: now + minute },
      )
      .map(({ value }) => value);

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
  it("count the calls of a REST API by its name and by its stage", async () => {
    const { restApi, url } = await fixture.deploy({
      openapi: "3.0.1",
      paths: { "/a": { get: proxied(backend.url) } },
    });
    await call(`${url}/a`);
    await call(`${url}/nowhere`);
    status = 500;
    await call(`${url}/a`);
    const ApiName = String(restApi.inputs.name);
    const both: Record<string, string>[] = [{ ApiName }, { ApiName, Stage: "v1" }];
    for (const dimensions of both) {
      expect(sumOf("Count", dimensions)).toEqual([3]);
      expect(sumOf("4XXError", dimensions)).toEqual([1]);
      expect(sumOf("5XXError", dimensions)).toEqual([1]);
    }
    const latencies = (metricName: string) =>
      fixture.aws.metrics.statistics(
        { namespace: "AWS/ApiGateway", metricName, dimensions: { ApiName } },
        { stat: "SampleCount", period: 60, from: 0, to: now + minute },
      );
    expect(latencies("Latency")[0]?.value).toBe(3);
    expect(latencies("IntegrationLatency")[0]?.value).toBe(2);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  it("count the calls of an HTTP API by its id and by its stage", async () => {
    const { api, url } = await deployHttp(fixture, {
      openapi: "3.0.1",
      paths: { "/a": { get: httpProxied(backend.url) } },
    });
    await call(`${url}/a`);
    await call(`${url}/nowhere`);
    status = 503;
    await call(`${url}/a`);
    const both: Record<string, string>[] = [{ ApiId: api.id }, { ApiId: api.id, Stage: "v1" }];
    for (const dimensions of both) {
      expect(sumOf("Count", dimensions)).toEqual([3]);
      expect(sumOf("4xx", dimensions)).toEqual([1]);
      expect(sumOf("5xx", dimensions)).toEqual([1]);
    }
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  it("count a function's invocations, errors and throttles, and take what it writes to its log", async () => {
    const line = JSON.stringify({
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          { Namespace: "Own", Dimensions: [["Api"]], Metrics: [{ Name: "Orders", Unit: "Count" }] },
        ],
      },
      Api: "a",
      Orders: 3,
    });
    const fn = await fixture.function(
      `export const handler = async ({ path }) => { console.log(${JSON.stringify(line)}); if (path === "/b") throw new Error(); return { statusCode: 200 }; };`,
    );
    await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/*");
    const integration = { type: "aws_proxy", httpMethod: "POST", uri: fn.outputs.invokeArn };
    const { url } = await fixture.deploy({
      openapi: "3.0.1",
      paths: { "/a": { get: proxied("", integration) }, "/b": { get: proxied("", integration) } },
    });
    await call(`${url}/a`);
    await call(`${url}/b`);
    const dimensions = { FunctionName: fn.id };
    expect(sumOf("Invocations", dimensions, "AWS/Lambda")).toEqual([2]);
    expect(sumOf("Errors", dimensions, "AWS/Lambda")).toEqual([1]);
    expect(sumOf("Throttles", dimensions, "AWS/Lambda")).toEqual([0]);
    await fixture.update("lambda/function", fn, { reservedConcurrentExecutions: 0 });
    await call(`${url}/a`);
    expect(sumOf("Invocations", dimensions, "AWS/Lambda")).toEqual([2]);
    expect(sumOf("Throttles", dimensions, "AWS/Lambda")).toEqual([1]);
    await fixture.aws.flushLogs();
    expect(sumOf("Orders", { Api: "a" }, "Own")).toEqual([6]);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
  describe("alarms", () => {
    const topicArns = ["arn:aws:sns:eu-central-1:123456789012:on-call"];
    const { thresholds } = alarmsSchema.parse({ topicArns });

    /** Declares the program's alarms, as packages/customers-as-code/src/gateway/observability/alarms.ts does. @returns what reads the state of one */
    async function declare(watched: WatchedResources<string>): Promise<(key: string) => AlarmState> {
      for (const [key, plan] of Object.entries(planAlarms(watched, thresholds))) {
        await fixture.create("cloudwatch/metricAlarm", {
          ...plan,
          name: key,
          treatMissingData: "notBreaching",
        });
      }
      const { account, metrics } = fixture.aws;
      return (key) => {
        const alarm = account.get("aws:cloudwatch/metricAlarm:MetricAlarm", key);
        if (!alarm) throw new Error(`no alarm ${key}`);
        return alarmState(alarm, metrics, now);
      };
    }

    it("on server errors goes off in two of three times five minutes, and ends", async () => {
      const { restApi, url } = await fixture.deploy({
        openapi: "3.0.1",
        paths: { "/a": { get: proxied(backend.url) } },
      });
      const stateOf = await declare({
        api: { type: "rest", name: String(restApi.inputs.name), stage: "v1" },
      });
      expect(stateOf("server-errors")).toBe("OK");
      status = 502;
      await call(`${url}/a`);
      expect(stateOf("server-errors")).toBe("OK");
      now += 5 * minute;
      await call(`${url}/a`);
      expect(stateOf("server-errors")).toBe("ALARM");
      status = 200;
      now += 5 * minute;
      for (let count = 0; count < 3; count += 1) await call(`${url}/a`);
      expect(stateOf("server-errors")).toBe("ALARM");
      now += 5 * minute;
      expect(stateOf("server-errors")).toBe("OK");
    });

    it("on the authorizer go off by the lines of its log", async () => {
      const api = "Orders (prod)";
      const stateOf = await declare({
        api: { type: "http", id: "a1b2c3d4e5", stage: "v1" },
        authorizer: { functionName: "authorizer", name: api },
      });
      const decide = (reason: "allowed" | "keys_unavailable", keysAgeSeconds: number) =>
        fixture.aws.logs.append(
          "authorizer",
          decisionLine({ reason, microseconds: 1, keysAgeSeconds, isColdStart: false }, { Api: api }, now),
        );
      decide("allowed", 3600);
      expect([stateOf("authorizer-faults"), stateOf("keys-age")]).toEqual(["OK", "OK"]);
      decide("allowed", 3601);
      expect([stateOf("authorizer-faults"), stateOf("keys-age")]).toEqual(["OK", "ALARM"]);
      decide("keys_unavailable", 86_401);
      expect([stateOf("authorizer-faults"), stateOf("keys-age")]).toEqual(["ALARM", "ALARM"]);
      now += 5 * minute;
      expect([stateOf("authorizer-faults"), stateOf("keys-age")]).toEqual(["OK", "OK"]);
    });

    it("on throttles go off at the first", async () => {
      const fn = await fixture.function("export const handler = async () => ({ statusCode: 200 });", {
        reservedConcurrentExecutions: 0,
      });
      await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/*");
      const integration = { type: "aws_proxy", httpMethod: "POST", uri: fn.outputs.invokeArn };
      const { url } = await fixture.deploy({
        openapi: "3.0.1",
        paths: { "/a": { get: proxied("", integration) } },
      });
      const stateOf = await declare({
        api: { type: "http", id: "a1b2c3d4e5", stage: "v1" },
        authorizer: { functionName: fn.id, name: "Orders" },
      });
      expect(stateOf("authorizer-throttles")).toBe("OK");
      await call(`${url}/a`);
      expect(stateOf("authorizer-throttles")).toBe("ALARM");
    });

    it("on deliveries goes off where Moesif takes nothing", async () => {
      status = 503;
      const bucket = await fixture.create("s3/bucket", { bucket: "backup", forceDestroy: true });
      const firehoseRole = await fixture.role("firehose.amazonaws.com", "firehose");
      const stream = await fixture.create("kinesis/firehoseDeliveryStream", {
        name: "amazon-apigateway-orders",
        ...streamInputs({ bucket, firehoseRole }, { url: backend.url, retryDuration: 0 }),
      });
      const { url } = await fixture.deploy(
        { openapi: "3.0.1", paths: { "/a": { get: proxied(backend.url) } } },
        { accessLogSettings: { destinationArn: stream.outputs.arn, format: "$context.requestId" } },
      );
      const stateOf = await declare({
        api: { type: "http", id: "a1b2c3d4e5", stage: "v1" },
        stream: String(stream.inputs.name),
      });
      expect(stateOf("failed-deliveries")).toBe("OK");
      await call(`${url}/a`);
      await fixture.aws.flushLogs();
      expect(stateOf("failed-deliveries")).toBe("ALARM");
      expect([stateOf("late-deliveries"), stateOf("stream-throttles")]).toEqual(["OK", "OK"]);
    });
  });
});
