// The dashboard: what it shows of which kind of API, in a form that CloudWatch takes.
import { decisionLine } from "../../../../../authorizer/src/log";
import type { Reason } from "../../../../../authorizer/src/reason";
import { statuses } from "../../../../../authorizer/testing/fixture";
import { resourceTypes } from "../../../../local-cloud/src/aws/services/resource-types";
import {
  type DashboardBody,
  type DashboardFacts,
  type MetricWidget,
  renderDashboard,
} from "../../../src/gateway/observability/dashboard-body";
import { emittedMetrics, metricKey } from "../emitted-metrics";

const authorizer = { functionName: "authorizer-1", name: "Orders API (prod)" };
const rest: DashboardFacts = {
  title: "Orders API",
  region: "eu-central-1",
  alarmArns: ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors"],
  watched: {
    api: { type: "rest", name: "gateway-1", stage: "v1" },
    authorizer,
    stream: "amazon-apigateway-orders-prod",
  },
};
const http: DashboardFacts = {
  ...rest,
  alarmArns: [],
  watched: { api: { type: "http", id: "a1b2c3d4e5", stage: "v1" }, authorizer },
};
const jwt: DashboardFacts = { ...http, watched: { api: http.watched.api } };

const charts = ({ widgets }: DashboardBody) =>
  widgets.flatMap((widget) => (widget.type === "metric" ? [widget.properties] : []));

/** As CloudWatch names them, without those that are computed. */
const metricsOf = ({ metrics }: MetricWidget["properties"]) =>
  metrics.flatMap((line) => {
    const [namespace, metricName, ...dimensions] = line.slice(0, -1).map(String);
    if (namespace === undefined || metricName === undefined) return [];
    const pairs = dimensions.flatMap((name, index) =>
      index % 2 === 0 ? [[name, dimensions[index + 1]]] : [],
    );
    return [metricKey({ namespace, metricName, dimensions: Object.fromEntries(pairs) })];
  });

test.each([
  ["a REST API", rest],
  ["an HTTP API", http],
  ["an HTTP API with a JWT authorizer", jwt],
])("that of %s is one that CloudWatch takes, with no widget over another", (_title, facts) => {
  const body = renderDashboard(facts);
  const problems: string[] = [];
  const dashboardBody = JSON.stringify(body);
  resourceTypes["aws:cloudwatch/dashboard:Dashboard"]?.check?.({ dashboardBody }, (_, problem) =>
    problems.push(problem),
  );
  expect(problems).toEqual([]);
  const cells = body.widgets.flatMap(({ x, y, width, height }) =>
    Array.from(
      { length: width * height },
      (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`,
    ),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...body.widgets.map(({ x, width }) => x + width))).toBe(24);
});

test("has calls, decisions and deliveries, as far as the kind of API has them", () => {
  const titles = (facts: DashboardFacts) => charts(renderDashboard(facts)).map(({ title }) => title);
  expect(titles(rest)).toEqual([
    "Calls",
    "Errors",
    "Time to answer",
    "Decisions that the authorizer was asked for",
    "Time to decide",
    "Age of Auth0's keys",
    "The authorizer's function",
    "Calls on their way to Moesif",
    "Deliveries to Moesif",
  ]);
  expect(titles(http)).toEqual(titles(rest).slice(0, 7));
  expect(titles(jwt)).toEqual(titles(rest).slice(0, 3));
});

test("has the alarms on top, where there are some", () => {
  const { widgets } = renderDashboard(rest);
  expect(widgets[1]).toMatchObject({ type: "alarm", properties: { alarms: rest.alarmArns } });
  expect(renderDashboard(http).widgets.map(({ type }) => type)).not.toContain("alarm");
});

test("names metrics of the authorizer that its log really emits, and every reason that it can give", () => {
  const reasons = Object.keys(statuses) as Reason[];
  const facts = { microseconds: 1, keysAgeSeconds: 1, isColdStart: false };
  const emitted = new Set(
    reasons.flatMap((reason) =>
      emittedMetrics(decisionLine({ ...facts, reason }, { Api: authorizer.name }, 0)),
    ),
  );
  const shown = charts(renderDashboard(rest))
    .flatMap(metricsOf)
    .filter((metric) => metric.startsWith("CustomersAsCode/"));
  expect(new Set(shown)).toEqual(emitted);
});

test("counts calls by the names of each kind of API", () => {
  const [calls, errors] = charts(renderDashboard(rest)).map(metricsOf);
  expect([calls, errors]).toEqual([
    ["AWS/ApiGateway Count ApiName=gateway-1 Stage=v1"],
    [
      "AWS/ApiGateway 4XXError ApiName=gateway-1 Stage=v1",
      "AWS/ApiGateway 5XXError ApiName=gateway-1 Stage=v1",
    ],
  ]);
  expect(charts(renderDashboard(http)).map(metricsOf)[1]).toEqual([
    "AWS/ApiGateway 4xx ApiId=a1b2c3d4e5 Stage=v1",
    "AWS/ApiGateway 5xx ApiId=a1b2c3d4e5 Stage=v1",
  ]);
});
