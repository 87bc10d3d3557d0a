// How much time the local gateway takes for a call that its authorizer's cache allows, beside a bare Node proxy.
// npm run bench -- gateway [--check] [--json FILE]
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { median } from "./authorizer/median";
import type { Load, Measured } from "./gateway/load-client";
import { processorSeconds, type Started, startProcess } from "./tenant/process";

const rounds = 5;
const bars = { overheadMilliseconds: 1, requestsPerSecond: 2000 };

interface Contestant {
  name: string;
  url: string;
  pid: number;
  /** By turns, a request at a time and many at once. */
  alone: Measured[];
  busy: Measured[];
  /** Of the process on a processor, for each call of many at once; empty if the system does not report it. */
  microseconds: number[];
}

export async function benchmarkGateway(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean", default: false }, json: { type: "string" } },
  });
  const started: Started[] = [];
  const start = async (script: string, argument = "", core?: number) => {
    const one = await startProcess(
      ["--conditions=@customers-as-code/source", "--import", "tsx", script, argument],
      core,
    );
    started.push(one);
    return one;
  };
  try {
    const backend = await start("bench/gateway/backend.ts", "", elsewhere);
    const proxy = await start("bench/gateway/proxy.ts", backend.line, own);
    const gateway = await start("bench/gateway/local-gateway.ts", backend.line, own);
    const { url, token }: { url: string; token: string } = JSON.parse(gateway.line);
    const contestants: Contestant[] = [
      { name: "the backend itself", url: backend.line, pid: backend.pid },
      { name: "bare Node proxy", url: proxy.line, pid: proxy.pid },
      { name: "local gateway", url, pid: gateway.pid },
    ].map((one) => ({ ...one, url: `${one.url}/orders`, alone: [], busy: [], microseconds: [] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { url, pid, alone, busy, microseconds } of contestants) {
        const load = { url, headers: { Authorization: `Bearer ${token}`, "User-Agent": "bench" } };
        alone.push(await measure({ ...load, connections: 1 }));
        const before = processorSeconds(pid);
        const measured = await measure({ ...load, connections: 32 });
        const after = processorSeconds(pid);
        busy.push(measured);
        if (before !== undefined && after !== undefined) {
          microseconds.push(((after - before) / measured.calls) * 1e6);
        }
      }
    }
    report(contestants, options);
  } finally {
    for (const { end } of started.reverse()) await end();
  }
}

/** One core for whom is measured, another for the others; undefined where the system cannot bind a process to one. */
const [own, elsewhere] = cores();

function cores(): [number, number] | [] {
  try {
    execFileSync("taskset", ["-c", "0,1", "true"], { stdio: "ignore" });
    return [0, 1];
  } catch {
    return [];
  }
}

async function measure(load: Omit<Load, "milliseconds">): Promise<Measured> {
  const milliseconds = { warmUp: 500, measured: 1000 };
  const args = [
    "--conditions=@customers-as-code/source",
    "--import",
    "tsx",
    "bench/gateway/load-client.ts",
    JSON.stringify({ ...load, milliseconds }),
  ];
  const { line, end } = await startProcess(args, elsewhere);
  await end();
  return JSON.parse(line) as Measured;
}

function report(contestants: Contestant[], options: { check: boolean; json?: string | undefined }): void {
  const rows = contestants.map(({ name, alone, busy, microseconds }) => ({
    name,
    microseconds: median(microseconds),
    p50: median(alone.map(({ milliseconds }) => milliseconds.p50)),
    p99: median(alone.map(({ milliseconds }) => milliseconds.p99)),
    requestsPerSecond: median(busy.map(({ requestsPerSecond }) => requestsPerSecond)),
  }));
  const [backend, proxy, gateway] = rows;
  if (!backend || !proxy || !gateway) throw new Error("somebody was not measured");
  // Within a round, so that a busy machine slows both alike.
  const [, proxies, gateways] = contestants;
  const ratio = median(
    (gateways?.busy ?? []).map(
      (one, round) => one.requestsPerSecond / (proxies?.busy[round]?.requestsPerSecond ?? 0),
    ),
  );
  const results = [
    {
      name: "overhead of an allowed, cached call, p50 beyond the backend's",
      value: gateway.p50 - backend.p50,
      bar: bars.overheadMilliseconds,
      unit: "ms",
      isMet: gateway.p50 - backend.p50 < bars.overheadMilliseconds,
    },
    {
      name: "calls on one core",
      value: gateway.requestsPerSecond,
      bar: bars.requestsPerSecond,
      unit: "a second",
      isMet: gateway.requestsPerSecond >= bars.requestsPerSecond,
    },
  ];
  console.table(
    Object.fromEntries(
      rows.map(({ name, p50, p99, requestsPerSecond, microseconds }) => [
        name,
        {
          "p50, ms": p50.toFixed(3),
          "p99, ms": p99.toFixed(3),
          "beyond the backend": (p50 - backend.p50).toFixed(3),
          "calls/s, 32 at once": Math.round(requestsPerSecond),
          "µs of processor a call": Math.round(microseconds),
        },
      ]),
    ),
  );
  console.log(`The gateway serves ${ratio.toFixed(2)} times as many calls as the proxy.`);
  if (own === undefined) console.log("Not bound to one core: this system has no taskset, or a single core.");
  for (const { name, value, bar, unit, isMet } of results) {
    console.log(`  ${isMet ? "met" : "MISSED"}  ${name}: ${value.toPrecision(3)} ${unit} (bar: ${bar})`);
  }
  if (options.json !== undefined) {
    const measured = { node: process.version, date: new Date().toISOString(), rows, ratio, results };
    writeFileSync(options.json, `${JSON.stringify(measured, undefined, 2)}\n`);
  }
  const missed = results.filter(({ isMet }) => !isMet);
  if (!options.check || missed.length === 0) return;
  console.error(`Missed: ${missed.map(({ name }) => name).join("; ")}`);
  process.exitCode = 1;
}
