import { decisionLine, metricsNamespace } from "../../../authorizer/src/log";
import {
  apiMetrics,
  authorizerMetrics,
  functionMetrics,
  type Metric,
  streamMetrics,
} from "../../../packages/customers-as-code/src/gateway/observability/metrics";
import { code, renderTable } from "./markdown";

/** Where a metric comes from, and when there is one. */
const sources = {
  "REST API": Object.values(apiMetrics({ type: "rest", name: "API", stage: "STAGE" })),
  "HTTP API": Object.values(apiMetrics({ type: "http", id: "ID", stage: "STAGE" })),
  "authorizer's log": Object.values(authorizerMetrics<string>("API")).map((metric) =>
    typeof metric === "function" ? metric("REASON") : metric,
  ),
  "authorizer's function": Object.values(functionMetrics("NAME")),
  "stream to Moesif": Object.values(streamMetrics("NAME")),
} satisfies Record<string, Metric<string>[]>;

/** The metrics that alarms and dashboard read, by what reports them. */
export function renderMetrics(): string {
  const units = readUnits();
  return renderTable(
    ["Of the", "Namespace", "Metric", "Unit", "Dimensions"],
    Object.entries(sources).flatMap(([source, metrics]) =>
      metrics.map(({ namespace, metricName, dimensions }) => [
        source,
        code(namespace),
        code(metricName),
        namespace === metricsNamespace ? units.get(metricName) : undefined,
        Object.keys(dimensions).map(code).join(", "),
      ]),
    ),
  );
}

/** The units of the authorizer's own metrics, as its log declares them. */
function readUnits(): Map<string, string> {
  const facts = { reason: "allowed", microseconds: 1, keysAgeSeconds: 1, isColdStart: false } as const;
  const line: { _aws: { CloudWatchMetrics: { Metrics: { Name: string; Unit: string }[] }[] } } = JSON.parse(
    decisionLine(facts, { Api: "API" }, 0),
  );
  return new Map(
    line._aws.CloudWatchMetrics.flatMap(({ Metrics }) =>
      Metrics.map(({ Name, Unit }): [string, string] => [Name, Unit]),
    ),
  );
}
