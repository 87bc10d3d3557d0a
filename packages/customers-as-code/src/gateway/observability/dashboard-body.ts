// What the dashboard shows: pure, from what is watched to the body that CloudWatch takes.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
import { denyReasons, faultReasons, refusalReasons } from "#authorizer/reason";
import {
  apiMetrics,
  authorizerMetrics,
  functionMetrics,
  type Metric,
  streamMetrics,
  sumMetrics,
  type WatchedResources,
} from "./metrics";

export interface DashboardFacts {
  /** Of the API, for people. */
  title: string;
  region: string;
  watched: WatchedResources<string>;
  alarmArns: string[];
}

export interface DashboardBody {
  widgets: DashboardWidget[];
}

export type DashboardWidget = Place & (TextWidget | AlarmWidget | MetricWidget);

/** In a grid of 24 columns. */
interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface TextWidget {
  type: "text";
  properties: { markdown: string };
}

interface AlarmWidget {
  type: "alarm";
  properties: { title: string; alarms: string[] };
}

export interface MetricWidget {
  type: "metric";
  properties: {
    title: string;
    region: string;
    view: "timeSeries";
    /** Seconds. */
    period: number;
    metrics: MetricLine[];
    yAxis: Partial<Record<"left" | "right", Axis>>;
  };
}

interface Axis {
  min: 0;
  label: string;
  showUnits: false;
}

/** A metric by namespace, name, and dimensions by turns; or an expression over others. What comes last says how it looks. */
export type MetricLine = [...string[], LineStyle] | [Expression];

export interface LineStyle {
  id?: string;
  label?: string;
  stat?: string;
  visible?: boolean;
  color?: string;
  yAxis?: "right";
}

interface Expression extends LineStyle {
  expression: string;
}

const colors = { good: "#2ca02c", warning: "#ff7f0e", bad: "#d62728", calm: "#1f77b4", other: "#9467bd" };

export function renderDashboard(facts: DashboardFacts): DashboardBody {
  const { title, region, watched, alarmArns } = facts;
  const chart = (title: string, unit: string, metrics: MetricLine[], right?: string): MetricWidget => ({
    type: "metric",
    properties: {
      title,
      region,
      view: "timeSeries",
      period: 60,
      metrics,
      yAxis: { left: axis(unit), ...(right !== undefined && { right: axis(right) }) },
    },
  });
  const charts = [
    ...chartsOfApi(watched, chart),
    ...chartsOfAuthorizer(watched, chart),
    ...chartsOfStream(watched, chart),
  ];
  const head: DashboardWidget[] = [
    {
      type: "text",
      x: 0,
      y: 0,
      width: 24,
      height: 1,
      properties: { markdown: `# ${title}: calls, decisions, deliveries` },
    },
    ...(alarmArns.length === 0
      ? []
      : [
          {
            type: "alarm" as const,
            x: 0,
            y: 1,
            width: 24,
            height: 2,
            properties: { title: "Alarms", alarms: alarmArns },
          },
        ]),
  ];
  const top = head.reduce((sum, { height }) => sum + height, 0);
  return {
    widgets: [
      ...head,
      ...charts.map((widget, index) => ({
        ...widget,
        x: (index % 3) * 8,
        y: top + Math.floor(index / 3) * 6,
        width: 8,
        height: 6,
      })),
    ],
  };
}

function axis(label: string): Axis {
  return { min: 0, label, showUnits: false };
}

type Chart = (title: string, unit: string, metrics: MetricLine[], right?: string) => MetricWidget;

function chartsOfApi({ api }: WatchedResources<string>, chart: Chart): MetricWidget[] {
  const { requests, clientErrors, serverErrors, latency, integrationLatency } = apiMetrics(api);
  return [
    chart("Calls", "a minute", [line(requests, { label: "Calls", stat: "SampleCount", color: colors.calm })]),
    chart("Errors", "a minute", [
      line(clientErrors, { label: "4xx", stat: "Sum", color: colors.warning }),
      line(serverErrors, { label: "5xx", stat: "Sum", color: colors.bad }),
    ]),
    chart("Time to answer", "milliseconds", [
      line(latency, { label: "all, p50", stat: "p50", color: colors.calm }),
      line(latency, { label: "all, p99", stat: "p99", color: colors.bad }),
      line(integrationLatency, { label: "backend, p50", stat: "p50", color: colors.good }),
    ]),
  ];
}

function chartsOfAuthorizer({ authorizer }: WatchedResources<string>, chart: Chart): MetricWidget[] {
  if (!authorizer) return [];
  const { decisions, decisionTime, keysAge, coldStarts } = authorizerMetrics<string>(authorizer.name);
  const { invocations, throttles } = functionMetrics(authorizer.functionName);
  const sum = (id: string, reasons: readonly string[], look: LineStyle): MetricLine[] => {
    const ids = reasons.map((_, index) => `${id}${index}`);
    return [
      ...reasons.map((reason, index) =>
        line(decisions(reason), { id: ids[index] ?? "", stat: "Sum", visible: false }),
      ),
      [{ expression: sumMetrics(ids), id, ...look }],
    ];
  };
  return [
    chart("Decisions that the authorizer was asked for", "a minute", [
      line(decisions("allowed"), { label: "allowed", stat: "Sum", color: colors.good }),
      line(decisions("insufficient_scope"), {
        label: "insufficient scopes",
        stat: "Sum",
        color: colors.calm,
      }),
      ...sum("denied", denyReasons, { label: "suspended or revoked", color: colors.other }),
      ...sum("refused", refusalReasons, { label: "no good token", color: colors.warning }),
      ...sum("faults", faultReasons, { label: "our own faults", color: colors.bad }),
    ]),
    chart("Time to decide", "microseconds", [
      line(decisionTime, { label: "p50", stat: "p50", color: colors.calm }),
      line(decisionTime, { label: "p99", stat: "p99", color: colors.bad }),
    ]),
    chart("Age of Auth0's keys", "seconds", [
      line(keysAge, { label: "oldest", stat: "Maximum", color: colors.calm }),
    ]),
    chart("The authorizer's function", "a minute", [
      line(invocations, { label: "calls", stat: "Sum", color: colors.calm }),
      line(coldStarts, { label: "cold starts", stat: "Sum", color: colors.other }),
      line(throttles, { label: "throttled", stat: "Sum", color: colors.bad }),
    ]),
  ];
}

function chartsOfStream({ stream }: WatchedResources<string>, chart: Chart): MetricWidget[] {
  if (stream === undefined) return [];
  const { records, success, freshness, throttled } = streamMetrics(stream);
  return [
    chart("Calls on their way to Moesif", "a minute", [
      line(records, { label: "taken in", stat: "Sum", color: colors.calm }),
      line(throttled, { label: "throttled", stat: "Sum", color: colors.bad }),
    ]),
    chart(
      "Deliveries to Moesif",
      "share",
      [
        line(success, { label: "succeeded", stat: "Average", color: colors.good }),
        line(freshness, { label: "longest wait", stat: "Maximum", color: colors.warning, yAxis: "right" }),
      ],
      "seconds",
    ),
  ];
}

function line({ namespace, metricName, dimensions }: Metric<string>, look: LineStyle): MetricLine {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), look];
}
