// The alarms: on metrics that there are, each with a word on what to do.
import { readFileSync } from "node:fs";
import { compileConfig } from "../../../../../authorizer/build/compile";
import { createHandler } from "../../../../../authorizer/src/handler";
import { decisionLine } from "../../../../../authorizer/src/log";
import { faultReasons, type Reason } from "../../../../../authorizer/src/reason";
import { settings, statuses } from "../../../../../authorizer/testing/fixture";
import { makeKey } from "../../../../../authorizer/testing/tokens";
import { alarmsSchema, planAlarms } from "../../../src/gateway/observability/alarms";
import type { WatchedResources } from "../../../src/gateway/observability/metrics";
import { emittedMetrics, metricKey } from "../emitted-metrics";

const topicArns = ["arn:aws:sns:eu-central-1:123456789012:on-call"];
const { thresholds } = alarmsSchema.parse({ topicArns });
const name = "Bestellübersicht (prod)";
const authorizer = { functionName: "authorizer-1", name };
const rest: WatchedResources<string> = {
  api: { type: "rest", name: "gateway-1", stage: "v1" },
  authorizer,
  stream: "amazon-apigateway-orders-prod",
};
const http: WatchedResources<string> = {
  api: { type: "http", id: "a1b2c3d4e5", stage: "$default" },
  authorizer,
};
const jwt: WatchedResources<string> = { api: http.api };

type Plan = ReturnType<typeof planAlarms>[string];

/** As CloudWatch names them: the metrics that an alarm is on. */
function metricsOf({ namespace, metricName, dimensions, metricQueries }: Plan): string[] {
  if (metricQueries) {
    return metricQueries.flatMap(({ metric }) => (metric ? [metricKey(metric)] : []));
  }
  return [metricKey({ namespace, metricName, dimensions } as Parameters<typeof metricKey>[0])];
}

const metricsByAlarm = (watched: WatchedResources<string>) =>
  Object.fromEntries(
    Object.entries(planAlarms(watched, thresholds)).map(([key, plan]) => [key, metricsOf(plan)]),
  );

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
// https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
test("a REST API has alarms on API Gateway's, the authorizer's, Lambda's and Firehose's metrics", () => {
  const api = "Api=Bestell\\u00fcbersicht (prod)";
  const stream = "DeliveryStreamName=amazon-apigateway-orders-prod";
  expect(metricsByAlarm(rest)).toEqual({
    "server-errors": [
      "AWS/ApiGateway 5XXError ApiName=gateway-1 Stage=v1",
      "AWS/ApiGateway Count ApiName=gateway-1 Stage=v1",
    ],
    "authorizer-faults": [
      `CustomersAsCode/Authorizer Decisions ${api} Reason=keys_unavailable`,
      `CustomersAsCode/Authorizer Decisions ${api} Reason=suspensions_unavailable`,
      `CustomersAsCode/Authorizer Decisions ${api} Reason=event_unknown`,
      `CustomersAsCode/Authorizer Decisions ${api} Reason=internal_error`,
    ],
    "authorizer-throttles": ["AWS/Lambda Throttles FunctionName=authorizer-1"],
    "keys-age": [`CustomersAsCode/Authorizer KeysAge ${api}`],
    "failed-deliveries": [`AWS/Firehose DeliveryToHttpEndpoint.Success ${stream}`],
    "late-deliveries": [`AWS/Firehose DeliveryToHttpEndpoint.DataFreshness ${stream}`],
    "stream-throttles": [`AWS/Firehose ThrottledRecords ${stream}`],
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
test("an HTTP API has other names of the same, by its id; without a function there is nothing else to watch", () => {
  const errors = [
    "AWS/ApiGateway 5xx ApiId=a1b2c3d4e5 Stage=$default",
    "AWS/ApiGateway Count ApiId=a1b2c3d4e5 Stage=$default",
  ];
  expect(metricsByAlarm(http)["server-errors"]).toEqual(errors);
  expect(Object.keys(metricsByAlarm(http))).toEqual([
    "server-errors",
    "authorizer-faults",
    "authorizer-throttles",
    "keys-age",
  ]);
  expect(metricsByAlarm(jwt)).toEqual({ "server-errors": errors });
});

/** What the authorizer's log emits: by the handler itself, and by the line that it writes for each reason. */
async function emitted(): Promise<Set<string>> {
  const lines: string[] = [];
  const config = compileConfig(settings(makeKey("key-1"), { name }));
  await createHandler(config, (line) => lines.push(line))({ Records: [] }).catch(() => {});
  for (const reason of Object.keys(statuses) as Reason[]) {
    const facts = { reason, microseconds: 1, keysAgeSeconds: 1, isColdStart: false };
    lines.push(decisionLine(facts, { Api: name }, Date.now()));
  }
  return new Set(lines.flatMap(emittedMetrics));
}

test("every alarm on the authorizer's own metrics is on one that its log really emits", async () => {
  const own = Object.values(metricsByAlarm(rest))
    .flat()
    .filter((metric) => metric.startsWith("CustomersAsCode/"));
  expect(own).toHaveLength(5);
  const known = await emitted();
  expect(own.filter((metric) => !known.has(metric))).toEqual([]);
  // By the handler itself, not only by its parts.
  const lines: string[] = [];
  const config = compileConfig(settings(makeKey("key-1"), { name }));
  await createHandler(config, (line) => lines.push(line))({ Records: [] }).catch(() => {});
  expect(lines.flatMap(emittedMetrics)).toEqual(
    expect.arrayContaining([
      own.find((one) => one.includes("event_unknown")),
      own.find((one) => one.includes("KeysAge")),
    ]),
  );
});

test("the alarm on faults is on all reasons for which callers get a 500 status, and on no other", () => {
  const faults = Object.entries(statuses).flatMap(([reason, status]) => (status === 500 ? [reason] : []));
  expect([...faultReasons].sort()).toEqual(faults.sort());
});

test("each threshold of the settings is that of one alarm", () => {
  const changed = {
    serverErrorPercent: 2,
    authorizerFaults: 3,
    authorizerThrottles: 4,
    keysAgeSeconds: 5,
    failedDeliveryPercent: 75,
    deliveryDelaySeconds: 7,
    streamThrottles: 8,
  };
  expect(Object.keys(changed)).toEqual(Object.keys(thresholds));
  const plans = planAlarms(rest, changed);
  const limits = Object.entries(plans).map(([key, { threshold, comparisonOperator }]) => [
    key,
    comparisonOperator,
    threshold,
  ]);
  expect(limits).toEqual([
    ["server-errors", "GreaterThanThreshold", 2],
    ["authorizer-faults", "GreaterThanThreshold", 3],
    ["authorizer-throttles", "GreaterThanThreshold", 4],
    ["keys-age", "GreaterThanThreshold", 5],
    ["failed-deliveries", "LessThanThreshold", 0.25],
    ["late-deliveries", "GreaterThanThreshold", 7],
    ["stream-throttles", "GreaterThanThreshold", 8],
  ]);
});

test("each alarm says where it is written what to do, and docs/how-to/operations.md has that place", () => {
  const anchors = [...readFileSync("docs/how-to/operations.md", "utf8").matchAll(/^#+ (.+)$/gm)].map(
    ([, title = ""]) => title.toLowerCase().replaceAll(" ", "-"),
  );
  for (const [key, { alarmDescription }] of Object.entries(planAlarms(rest, thresholds))) {
    expect(alarmDescription).toMatch(new RegExp(`docs/how-to/operations\\.md#${key}$`));
    expect(anchors).toContain(key);
  }
});
