// Time to the first decision of a new process, and to load the code.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { signToken, tokenEvent } from "../../authorizer/testing/auth0-tokens";
import { median } from "./median";
import type { Workspace } from "./workspace";

/** Milliseconds. */
export interface ColdResult {
  /** From the start of the process to its end with one decision made, less that of a process that does nothing. */
  firstDecision: number;
  /** Of `require` alone, by the process's own clock. */
  load: number;
}

/** In the child: CommonJS, since it stands beside the bundles, outside of the project. */
const child = `
const [folder, event] = process.argv.slice(2);
const started = performance.now();
if (folder === "") process.exit(0);
const { handler } = require(folder);
const load = performance.now() - started;
handler(JSON.parse(event)).then(
  ({ policyDocument }) => {
    const allows = policyDocument.Statement.some(({ Effect }) => Effect === "Allow");
    console.log(JSON.stringify({ load }));
    process.exit(allows ? 0 : 1);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
`;

/** One process of each kind in each round, so that what else the machine does slows them all alike. */
export async function measureCold(
  { directory, ours, seed, key, jwksUri }: Workspace,
  rounds: number,
): Promise<{ ours: ColdResult; seed: ColdResult; bareProcess: number }> {
  const script = join(directory, "first-decision.cjs");
  writeFileSync(script, child);
  const run = (folder: string) =>
    runProcess(script, folder, JSON.stringify(tokenEvent(signToken(key))), jwksUri);
  const measured: Record<"bare" | "ours" | "seed", Run[]> = { bare: [], ours: [], seed: [] };
  for (let round = -1; round < rounds; round += 1) {
    const runs = { bare: await run(""), ours: await run(ours), seed: await run(seed) };
    if (round < 0) continue;
    measured.bare.push(runs.bare);
    measured.ours.push(runs.ours);
    measured.seed.push(runs.seed);
  }
  const result = (runs: readonly Run[]): ColdResult => ({
    firstDecision: median(
      runs.map(({ total }, round) => total - (measured.bare[round]?.total ?? Number.NaN)),
    ),
    load: median(runs.map(({ load }) => load)),
  });
  return {
    ours: result(measured.ours),
    seed: result(measured.seed),
    bareProcess: median(measured.bare.map(({ total }) => total)),
  };
}

interface Run {
  total: number;
  load: number;
}

async function runProcess(script: string, folder: string, event: string, jwksUri: string): Promise<Run> {
  const started = performance.now();
  const process_ = spawn(process.execPath, [script, folder, event], {
    env: { JWKS_URI: jwksUri },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  process_.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const exited = once(process_, "exit").then(([code]) => ({ code, total: performance.now() - started }));
  await once(process_.stdout, "end");
  const { code, total } = await exited;
  if (code !== 0) throw new Error(`${folder}: the process ended with ${code}, without an Allow`);
  const load = /\{"load":([\d.]+)\}\n$/.exec(output)?.[1];
  return { total, load: load === undefined ? Number.NaN : Number(load) };
}
