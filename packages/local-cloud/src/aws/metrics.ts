// What the local services measure, by the names that they have in CloudWatch.
import { isObject } from "./property";

export interface MetricName {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
}

interface Point {
  /** Milliseconds since 1970, where the period begins. */
  time: number;
  value: number;
}

interface TimeRange {
  /** Of CloudWatch: SampleCount, Sum, Average, Minimum, Maximum, or a percentile such as p99. */
  stat: string;
  /** Seconds. */
  period: number;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
}

/** All values since the start, of each metric the latest hundred thousand. */
export class Metrics {
  private readonly all = new Map<string, Series>();

  constructor(private readonly clock: () => number = Date.now) {}

  put(name: MetricName, value: number, time = this.clock()): void {
    this.series(name).put(value, time);
  }

  /** One metric, for those who put many values into it. */
  series(name: MetricName): Series {
    const key = keyOf(name);
    let series = this.all.get(key);
    if (!series) {
      series = new Series(name);
      this.all.set(key, series);
    }
    return series;
  }

  /** The names that have values. */
  list(): MetricName[] {
    return [...this.all.values()].flatMap(({ name, isEmpty }) => (isEmpty ? [] : [name]));
  }

  /** Of each period that has values; periods begin at whole multiples of their length. */
  statistics(name: MetricName, { stat, period, from, to }: TimeRange): Point[] {
    const groups = new Map<number, number[]>();
    const length = period * 1000;
    for (const { time, value } of this.all.get(keyOf(name))?.between(from, to) ?? []) {
      const begin = Math.floor(time / length) * length;
      const group = groups.get(begin);
      if (group) group.push(value);
      else groups.set(begin, [value]);
    }
    return [...groups]
      .sort(([a], [b]) => a - b)
      .map(([time, values]) => ({ time, value: statisticOf(values, stat) }));
  }

  /**
   * Takes the metrics out of a line of a log.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
   */
  readLine(line: string): void {
    if (!line.includes('"_aws"')) return;
    let document: unknown;
    try {
      document = JSON.parse(line);
    } catch {
      return;
    }
    if (!isObject(document) || !isObject(document._aws)) return;
    const { Timestamp, CloudWatchMetrics } = document._aws;
    for (const directive of objectsOf(CloudWatchMetrics)) {
      for (const names of Array.isArray(directive.Dimensions) ? directive.Dimensions : []) {
        const dimensions = dimensionsOf(document, names);
        if (!dimensions) continue;
        for (const { Name } of objectsOf(directive.Metrics)) {
          const value = document[String(Name)];
          if (typeof value !== "number") continue;
          const name = { namespace: String(directive.Namespace), metricName: String(Name), dimensions };
          this.put(name, value, Number(Timestamp));
        }
      }
    }
  }
}

const maxValues = 100_000;

/** The values of one metric, in the order of their coming. */
export class Series {
  private values: number[] = [];
  private times: number[] = [];

  constructor(readonly name: MetricName) {}

  get isEmpty(): boolean {
    return this.values.length === 0;
  }

  put(value: number, time: number): void {
    this.values.push(value);
    this.times.push(time);
    if (this.values.length < 2 * maxValues) return;
    this.values = this.values.slice(maxValues);
    this.times = this.times.slice(maxValues);
  }

  between(from: number, to: number): { time: number; value: number }[] {
    return this.times.flatMap((time, index) =>
      time >= from && time < to ? [{ time, value: this.values[index] ?? 0 }] : [],
    );
  }
}

function statisticOf(values: number[], stat: string): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (stat) {
    case "SampleCount":
      return values.length;
    case "Sum":
      return sum;
    case "Average":
      return sum / values.length;
    case "Minimum":
      return Math.min(...values);
    case "Maximum":
      return Math.max(...values);
  }
  const percent = Number(/^p(\d{1,2}(\.\d+)?)$/.exec(stat)?.[1]);
  if (Number.isNaN(percent)) throw new Error(`the local CloudWatch has no statistic "${stat}"`);
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

function keyOf({ namespace, metricName, dimensions }: MetricName): string {
  return JSON.stringify([namespace, metricName, ...Object.entries(dimensions).sort()]);
}

function dimensionsOf(document: Record<string, unknown>, names: unknown): Record<string, string> | undefined {
  if (!Array.isArray(names)) return undefined;
  const values = names.map((name) => [String(name), document[String(name)]]);
  return values.every(([, value]) => typeof value === "string") ? Object.fromEntries(values) : undefined;
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
