// The measurements as text.
import type { Bar } from "./bars";
import type { Measured } from "./measure";
import type { WarmResult } from "./warm";

export function report(measured: Measured, bars: readonly Bar[]): string {
  const { node, processor, tokenBytes, miss, hit, cold, bundle } = measured;
  return [
    `Node ${node}, ${processor}; RS256 with 2048 bits, a token of ${tokenBytes} bytes`,
    "",
    ...table(["A new token each time", "ratio", "µs"], warmRows(miss)),
    "",
    ...table(["The same token again", "ratio", "µs"], warmRows(hit)),
    "",
    ...table(
      ["A new process", "ours", "seed", "seed / ours"],
      [
        comparison("first decision, ms", cold.ours.firstDecision, cold.seed.firstDecision),
        comparison("of this, loading the bundle, ms", cold.ours.load, cold.seed.load),
      ],
    ),
    `(an empty process takes ${cold.bareProcess.toFixed(1)} ms, which is not in these times)`,
    "",
    ...table(
      ["The bundle", "ours", "seed", "seed / ours"],
      [
        comparison("minified, KB", bundle.ours.bytes / 1000, bundle.seed.bytes / 1000),
        comparison("and gzipped, KB", bundle.ours.gzipped / 1000, bundle.seed.gzipped / 1000),
      ],
    ),
    "",
    ...table(
      ["Bar", "measured", "limit", ""],
      bars.map(({ name, measured: value, limit, unit, isMet }) => [
        name,
        `${value.toFixed(2)} ${unit}`,
        `${limit.toFixed(2)} ${unit}`,
        isMet ? "met" : "MISSED",
      ]),
    ),
  ].join("\n");
}

function warmRows(results: readonly WarmResult[]): string[][] {
  return results.map(({ name, ratio, microseconds }) => [name, ratio.toFixed(2), microseconds.toFixed(2)]);
}

function comparison(name: string, ours: number, seed: number): string[] {
  return [name, ours.toFixed(1), seed.toFixed(1), (seed / ours).toFixed(1)];
}

/** The first column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
