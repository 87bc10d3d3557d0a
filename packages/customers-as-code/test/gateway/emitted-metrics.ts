// The metrics that CloudWatch finds in a line of the embedded metric format.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
import { isRecord } from "../../src/problems/record";

/** Each as {@link metricKey} names it. */
export function emittedMetrics(line: string): string[] {
  const document: unknown = JSON.parse(line);
  if (!isRecord(document) || !isRecord(document._aws)) return [];
  return listOf(document._aws.CloudWatchMetrics).flatMap(({ Namespace, Dimensions, Metrics }) =>
    (Array.isArray(Dimensions) ? Dimensions : []).flatMap((names: string[]) =>
      listOf(Metrics).map(({ Name }) =>
        metricKey({
          namespace: String(Namespace),
          metricName: String(Name),
          dimensions: Object.fromEntries(names.map((name) => [name, String(document[name])])),
        }),
      ),
    ),
  );
}

/** The same for the same metric. */
export function metricKey(metric: {
  namespace: string;
  metricName: string;
  dimensions: Record<string, unknown>;
}): string {
  const dimensions = Object.entries(metric.dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return [metric.namespace, metric.metricName, ...dimensions].join(" ");
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
