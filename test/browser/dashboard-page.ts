// A dashboard as a page: pure, from its body and what was measured to HTML. Instead of CloudWatch's console.
import type {
  DashboardBody,
  DashboardWidget,
  LineStyle,
  MetricLine,
  MetricWidget,
} from "../../packages/customers-as-code/src/gateway/observability/dashboard-body";
import { evaluateExpression, type Values } from "../../packages/local-cloud/src/aws/metric-math";
import type { Metrics } from "../../packages/local-cloud/src/aws/metrics";

export interface DashboardPageArgs {
  body: DashboardBody;
  metrics: Metrics;
  /** By ARN: the alarm's name and its state. */
  alarms: ReadonlyMap<string, { name: string; state: string }>;
  /** Milliseconds since 1970, at the beginning of a period. */
  from: number;
  to: number;
  /** What the page says of itself. */
  caption: string;
}

/** Pixels of a cell of the grid. */
const cell = { width: 58, height: 38 };
const gap = 8;

export function renderDashboardPage(args: DashboardPageArgs): string {
  const height = Math.max(...args.body.widgets.map((widget) => widget.y + widget.height)) * cell.height;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><style>
    body { margin: 0; background: #f2f3f3; font: 12px "DejaVu Sans", sans-serif; color: #16191f; width: ${24 * cell.width + gap}px; }
    main { position: relative; height: ${height + gap}px; }
    section { position: absolute; background: #fff; border: 1px solid #d5dbdb; border-radius: 4px; box-sizing: border-box; padding: 8px 10px; overflow: hidden; }
    h1 { font-size: 18px; margin: 0; } h2 { font-size: 12.5px; margin: 0 0 4px; }
    .text { background: none; border: none; padding: 6px 2px; }
    .alarm { display: inline-block; margin: 2px 5px 0 0; padding: 4px 7px; font-size: 10.5px; border: 1px solid #d5dbdb; border-left: 5px solid #1d8102; border-radius: 3px; }
    .alarm.ALARM { border-left-color: #d13212; background: #fdf3f1; }
    .legend { font-size: 11px; } .legend span { margin-right: 10px; white-space: nowrap; } .legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 4px; }
    text { font-size: 10px; fill: #545b64; } footer { padding: 2px 12px 12px; color: #545b64; }
    </style><main>${args.body.widgets.map((widget) => renderWidget(widget, args)).join("")}</main><footer>${asHtml(args.caption)}</footer></html>`;
}

function renderWidget(widget: DashboardWidget, args: DashboardPageArgs): string {
  const width = widget.width * cell.width - gap;
  const height = widget.height * cell.height - gap;
  const style = `left:${widget.x * cell.width + gap}px;top:${widget.y * cell.height + gap}px;width:${width}px;height:${height}px`;
  const section = (content: string, kind = "") =>
    `<section class="${kind}" style="${style}">${content}</section>`;
  switch (widget.type) {
    case "text":
      return section(`<h1>${asHtml(widget.properties.markdown.replace(/^# /, ""))}</h1>`, "text");
    case "alarm": {
      const boxes = widget.properties.alarms.map((arn) => {
        const { name, state } = args.alarms.get(arn) ?? { name: arn, state: "INSUFFICIENT_DATA" };
        return `<span class="alarm ${state}">${asHtml(name)}: <b>${state}</b></span>`;
      });
      return section(`<h2>${asHtml(widget.properties.title)}</h2>${boxes.join("")}`);
    }
    case "metric":
      return section(renderChart(widget.properties, args, width - 22, height - 18));
  }
}

interface Curve {
  look: LineStyle;
  values: Values;
}

function renderChart(
  properties: MetricWidget["properties"],
  { metrics, from, to }: DashboardPageArgs,
  width: number,
  height: number,
): string {
  const curves = curvesOf(properties, metrics, from, to);
  const legend = curves
    .map(({ look, values }) => {
      const quiet = values.size === 0 ? " (none)" : "";
      return `<span><i style="background:${look.color}"></i>${asHtml(look.label ?? "")}${quiet}</span>`;
    })
    .join("");
  const box = {
    left: 46,
    right: properties.yAxis.right ? 46 : 10,
    top: 16,
    bottom: 18,
    width,
    height: height - 56,
  };
  const plot = { width: box.width - box.left - box.right, height: box.height - box.top - box.bottom };
  const sides = (["left", "right"] as const).flatMap((side) => {
    const axis = properties.yAxis[side];
    if (!axis) return [];
    const shown = curves.filter(({ look }) => (look.yAxis ?? "left") === side);
    const highest = Math.max(0, ...shown.flatMap(({ values }) => [...values.values()]));
    return [{ side, label: axis.label, shown, step: niceStep(highest) }];
  });
  const x = (time: number) => box.left + ((time - from) / (to - from)) * plot.width;
  const drawn = sides.map(({ side, label, shown, step }) => {
    const y = (value: number) => box.top + plot.height - (value / (step * 4)) * plot.height;
    const ticks = [0, 1, 2, 3, 4].map((count) => {
      const at = y(count * step);
      const isLeft = side === "left";
      const grid = isLeft
        ? `<line x1="${box.left}" x2="${box.left + plot.width}" y1="${at}" y2="${at}" stroke="#eaeded"/>`
        : "";
      return `${grid}<text x="${isLeft ? box.left - 5 : box.left + plot.width + 5}" y="${at + 3}" text-anchor="${isLeft ? "end" : "start"}">${brief(count * step)}</text>`;
    });
    const lines = shown.map(({ look, values }) => {
      const points = [...values].sort(([a], [b]) => a - b).map(([time, value]) => `${x(time)},${y(value)}`);
      return `<polyline points="${points.join(" ")}" fill="none" stroke="${look.color}" stroke-width="1.8"/>`;
    });
    const title = `<text x="${side === "left" ? 0 : box.width}" y="9" text-anchor="${side === "left" ? "start" : "end"}">${asHtml(label)}</text>`;
    return ticks.join("") + lines.join("") + title;
  });
  const minutes = Array.from({ length: 5 }, (_, index) => from + (index / 4) * (to - from)).map(
    (time, index) =>
      `<text x="${x(time)}" y="${box.height - 3}" text-anchor="${index === 4 ? "end" : "middle"}">${new Date(time).toISOString().slice(11, 16)}</text>`,
  );
  return `<h2>${asHtml(properties.title)}</h2><svg width="${box.width}" height="${box.height}">${drawn.join("")}${minutes.join("")}</svg><div class="legend">${legend}</div>`;
}

/** The lines to show. */
function curvesOf(
  { metrics: lines, period }: MetricWidget["properties"],
  metrics: Metrics,
  from: number,
  to: number,
): Curve[] {
  const length = period * 1000;
  const times = Array.from({ length: Math.ceil((to - from) / length) }, (_, index) => from + index * length);
  const named = new Map<string, Values>();
  return lines.flatMap((line) => {
    const look = lookOf(line);
    const values =
      "expression" in look
        ? evaluateExpression(look.expression, named, times)
        : new Map(
            metrics
              .statistics(nameOf(line), { stat: look.stat ?? "Average", period, from, to })
              .map(({ time, value }) => [time, value]),
          );
    if (look.id !== undefined) named.set(look.id, values);
    return look.visible === false ? [] : [{ look, values }];
  });
}

function lookOf(line: MetricLine): LineStyle | (LineStyle & { expression: string }) {
  const last = line.at(-1);
  return typeof last === "object" ? last : {};
}

function nameOf(line: MetricLine) {
  const [namespace = "", metricName = "", ...dimensions] = line.flatMap((part) =>
    typeof part === "string" ? [part] : [],
  );
  const pairs = dimensions.flatMap((name, index) => (index % 2 === 0 ? [[name, dimensions[index + 1]]] : []));
  return { namespace, metricName, dimensions: Object.fromEntries(pairs) as Record<string, string> };
}

/** A quarter of an axis that holds the value. */
function niceStep(highest: number): number {
  const least = (highest || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

function brief(value: number): string {
  if (value >= 1000) return `${Number((value / 1000).toFixed(1))}k`;
  return String(Number(value.toFixed(3)));
}

function asHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
