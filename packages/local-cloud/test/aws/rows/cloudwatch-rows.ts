import type { Properties } from "../../../src/engine/provider";
import { type Refusal, type Row, required } from "./row";

const single = { namespace: "AWS/Lambda", metricName: "Throttles", statistic: "Sum", period: 60 };
const alarm = {
  name: "row-alarm",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  evaluationPeriods: 3,
  dimensions: { FunctionName: "authorizer" },
  ...single,
};

const metric = { namespace: "AWS/ApiGateway", metricName: "Count", period: 60, stat: "Sum" };
/** The alarm on queries, instead of one metric. */
const onQueries = (metricQueries: Properties[]): Properties => ({
  ...Object.fromEntries([...Object.keys(single), "dimensions"].map((name) => [name, undefined])),
  metricQueries,
});
const queries = [
  { id: "requests", metric, returnData: false },
  { id: "percent", expression: "100 * requests", returnData: true },
];

/** With the one widget's properties, and its place, over those of a good one. */
const body = (properties: Properties, place: Properties = {}) =>
  JSON.stringify({
    widgets: [
      {
        type: "metric",
        ...place,
        properties: {
          region: "eu-central-1",
          metrics: [["AWS/Lambda", "Throttles", "FunctionName", "authorizer", { id: "m1" }]],
          ...properties,
        },
      },
    ],
  });

const alarms: Row = {
  type: "cloudwatch/metricAlarm",
  inputs: () => alarm,
  change: { threshold: 5 },
  replaced: ["name"],
  refused: {
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html": [
      ["comparisonOperator", "Above", /GreaterThanThreshold/],
      ["evaluationPeriods", undefined, /required/],
      ["threshold", undefined, /required/],
      ["period", 45, /10, 20, 30 or a multiple of 60/],
      ["statistic", "p99", /SampleCount, Average/],
      ["statistic", undefined, /required with metricName/],
      ["namespace", undefined, /required with metricName/],
      ["namespace", ":AWS", /no colon/],
      ["treatMissingData", "ok", /notBreaching/],
      ["datapointsToAlarm", 4, /at most evaluationPeriods/],
      {
        given: { period: 86_400, evaluationPeriods: 8 },
        property: "evaluationPeriods",
        message: /more than seven days/,
      },
      ["evaluationPeriods", 1441, /more than one day, as its period is under an hour/],
      ...["dimensions", "period", "statistic"].map(
        (name): Refusal => ({
          given: { ...onQueries(queries), [name]: alarm[name as keyof typeof alarm] },
          property: name,
          message: /no place beside metricQueries/,
        }),
      ),
      ["period", undefined, /required with metricName/],
      { given: { alarmActions: ["on-call"] }, property: "alarmActions[0]", message: /an action is an ARN/ },
      [
        "okActions",
        Array.from({ length: 6 }, (_, index) => `arn:aws:sns:eu-central-1:123456789012:${index}`),
        /five are the most/,
      ],
      { given: { metricQueries: queries }, property: "metricName", message: /or metricQueries in its place/ },
      {
        given: { ...onQueries(queries), namespace: "AWS/Lambda" },
        property: "namespace",
        message: /no place beside metricQueries/,
      },
      {
        given: onQueries(queries.map((query) => ({ ...query, returnData: false }))),
        property: "metricQueries",
        message: /just one with returnData.*0 have it/,
      },
      {
        given: onQueries([...queries, { id: "requests", metric, returnData: false }]),
        property: "metricQueries",
        message: /ids of their own/,
      },
      {
        given: onQueries([{ id: "percent", expression: "100 * requests", returnData: true }]),
        property: "metricQueries",
        message: /must not name "requests", which is the id of none/,
      },
      {
        given: onQueries([...queries, { id: "nothing", returnData: false }]),
        property: "metricQueries",
        message: /an expression or a metric, which "nothing" lacks/,
      },
      {
        given: onQueries([
          ...queries,
          ...Array.from({ length: 10 }, (_, index) => ({ id: `m${index}`, metric, returnData: false })),
        ]),
        property: "metricQueries",
        message: /at most ten metrics/,
      },
      {
        given: onQueries([{ id: "Requests", metric, returnData: true }]),
        property: "metricQueries[0].id",
        message: /lower-case letter/,
      },
      ...required("comparisonOperator"),
      ["alarmDescription", "x".repeat(1025), /at most 1024/],
      ["datapointsToAlarm", 0, /from 1 to/],
      ["evaluationPeriods", 0, /from 1 to/],
      ["insufficientDataActions[0]", "on-call", /an action is an ARN/],
      ["name", "x".repeat(256), /at most 255/],
      ["okActions[0]", "on-call", /an action is an ARN/],
      ["period", 9, /from 10 to/],
      ["dimensions.row", "x".repeat(1025), /at most 1024/],
      ["metricName", "x".repeat(256), /at most 255/],
    ],
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html": [
      ...required("metricQueries[0].id"),
      ["metricQueries[0].expression", "x".repeat(2049), /at most 2048/],
    ],
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Metric.html": [
      ...required("metricQueries[0].metric.period", "metricQueries[0].metric.stat"),
      ["metricQueries[0].metric.dimensions.row", "x".repeat(1025), /at most 1024/],
      ["metricQueries[0].metric.metricName", "x".repeat(256), /at most 255/],
      ["metricQueries[0].metric.namespace", ":AWS", /no colon/],
      ["metricQueries[0].metric.period", 9, /from 10 to/],
    ],
  },
};

const dashboards: Row = {
  type: "cloudwatch/dashboard",
  inputs: () => ({ dashboardName: "row-dashboard", dashboardBody: body({}) }),
  change: { dashboardBody: body({ title: "Throttles" }) },
  replaced: ["dashboardName"],
  refused: {
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html": [
      ["dashboardName", "an API", /letters, digits/],
      ...required("dashboardBody", "dashboardName"),
    ],
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html":
      [
        refusedBody("{", /no JSON/),
        refusedBody("{}", /required property "widgets"/),
        refusedBody(JSON.stringify({ widgets: Array.from({ length: 501 }, () => ({})) }), /500 are the most/),
        refusedBody(JSON.stringify({ widgets: [{ type: "text" }] }), /required property "properties"/),
        refusedBody(body({}, { type: "chart" }), /type should be one of text, alarm, metric/),
        refusedBody(body({}, { x: 24 }), /\/widgets\/0 x should be 0 to 23/),
        refusedBody(body({}, { width: 25 }), /width should be 1 to 24/),
        refusedBody(body({}, { height: 0 }), /height should be 1 to 1000/),
        refusedBody(body({}, { y: -1 }), /y should be 0 or more/),
        refusedBody(body({ region: undefined }), /required property "region"/),
        refusedBody(body({ metrics: ["AWS/Lambda"] }), /metrics\/0 should be a list/),
        refusedBody(
          body({ metrics: [["AWS/Lambda", "Throttles", "FunctionName"]] }),
          /dimensions with their values/,
        ),
        refusedBody(
          body({ metrics: [[{ expression: "FILL(m1, 0)" }]] }),
          /names "m1", which is the id of none/,
        ),
      ],
  },
};

function refusedBody(dashboardBody: string, message: RegExp): Refusal {
  return { given: { dashboardBody }, property: "dashboardBody", message };
}

export const cloudWatch: Row[] = [alarms, dashboards];
