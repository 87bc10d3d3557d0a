// The state of an alarm by what the local services have measured.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
import type { StoredResource } from "./account";
import { evaluateExpression, type Values } from "./metric-math";
import type { MetricName, Metrics } from "./metrics";
import { isObject } from "./property";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** @param now milliseconds since 1970; the period that it is in counts too, as far as it has come */
export function alarmState({ inputs }: StoredResource, metrics: Metrics, now: number): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, comparisonOperator, threshold, treatMissingData } = inputs;
  const periods = Number(evaluationPeriods);
  const queries = queriesOf(inputs);
  const period = Math.max(...queries.map((query) => query.period ?? 0));
  const length = period * 1000;
  const last = Math.floor(now / length) * length;
  const times = Array.from({ length: periods }, (_, index) => last - (periods - 1 - index) * length);
  const values = valuesOf(queries, metrics, times, period);
  const breaches = times.map((time) => {
    const value = values.get(time);
    return value === undefined ? undefined : exceeds(String(comparisonOperator), value, Number(threshold));
  });
  if (treatMissingData === "missing" && breaches.every((breach) => breach === undefined)) {
    return "INSUFFICIENT_DATA";
  }
  const breaching = breaches.filter((breach) => breach ?? treatMissingData === "breaching").length;
  return breaching >= Number(datapointsToAlarm ?? periods) ? "ALARM" : "OK";
}

interface Query {
  id: string;
  metric?: MetricName;
  stat?: string;
  period?: number;
  expression?: string;
  isReturned: boolean;
}

function queriesOf(inputs: Record<string, unknown>): Query[] {
  const metricOf = ({ namespace, metricName, dimensions }: Record<string, unknown>): MetricName => ({
    namespace: String(namespace),
    metricName: String(metricName),
    dimensions: Object.fromEntries(
      Object.entries(isObject(dimensions) ? dimensions : {}).map(([name, value]) => [name, String(value)]),
    ),
  });
  if (!Array.isArray(inputs.metricQueries)) {
    const { statistic, period } = inputs;
    return [
      {
        id: "m",
        metric: metricOf(inputs),
        stat: String(statistic),
        period: Number(period),
        isReturned: true,
      },
    ];
  }
  return inputs.metricQueries.filter(isObject).map(({ id, metric, expression, returnData }) => ({
    id: String(id),
    isReturned: returnData === true,
    ...(isObject(metric)
      ? { metric: metricOf(metric), stat: String(metric.stat), period: Number(metric.period) }
      : { expression: String(expression) }),
  }));
}

/** Of the query on which the alarm is. */
function valuesOf(queries: Query[], metrics: Metrics, times: number[], period: number): Values {
  const [from = 0] = times;
  const to = (times.at(-1) ?? 0) + period * 1000;
  const series = new Map<string, Values>();
  let returned: Values = new Map();
  for (const { id, metric, stat = "Sum", expression = "", isReturned } of queries) {
    const values = metric
      ? new Map(
          metrics.statistics(metric, { stat, period, from, to }).map(({ time, value }) => [time, value]),
        )
      : evaluateExpression(expression, series, times);
    series.set(id, values);
    if (isReturned) returned = values;
  }
  return returned;
}

function exceeds(operator: string, value: number, threshold: number): boolean {
  switch (operator) {
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "LessThanThreshold":
      return value < threshold;
    default:
      return value <= threshold;
  }
}
