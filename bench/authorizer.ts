// How fast the authorizer decides, beside the libraries that it could have used and those of its predecessor.
// npm run bench -- authorizer [--check] [--json FILE]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { judge } from "./authorizer/bars";
import { measure } from "./authorizer/measure";
import { report } from "./authorizer/report";

export async function benchmarkAuthorizer(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean", default: false }, json: { type: "string" } },
  });
  const measured = await measure();
  const bars = judge(measured);
  console.log(report(measured, bars));
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ ...measured, bars }, undefined, 2)}\n`);
  }
  const missed = bars.filter(({ isMet }) => !isMet);
  if (!options.check || missed.length === 0) return;
  console.error(`Missed: ${missed.map(({ name }) => name).join("; ")}`);
  process.exitCode = 1;
}
