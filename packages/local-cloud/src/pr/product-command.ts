// The product's own commands, as CI runs them: processes of the installed program `customers`.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isRecord } from "../record";

export interface ProductRun {
  /** Where it runs. */
  folder: string;
  args: readonly string[];
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

export interface ProductResult {
  code: number;
  /** What it printed to both outputs. */
  printed: string;
}

/** Folder of the product that the company has installed. */
export function findProduct(company: string): string {
  return dirname(createRequire(join(company, "package.json")).resolve("customers-as-code/package.json"));
}

/** Runs it to its end. If the signal aborts, it and all that it started end first. @throws the signal's reason then */
export async function runProduct(product: string, run: ProductRun): Promise<ProductResult> {
  const { folder, args, environment, signal } = run;
  signal.throwIfAborted();
  // A process group of its own: Ctrl-C reaches it once, from here, on a terminal and without one.
  const child = spawn(process.execPath, [programOf(product), ...args], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const interrupt = () => signalGroup(child.pid, "SIGINT");
  signal.addEventListener("abort", interrupt);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject).on("close", (ended) => resolve(ended ?? 1));
    });
    if (signal.aborted) while (signalGroup(child.pid, 0)) await delay(50);
    signal.throwIfAborted();
    return { code, printed };
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/** @returns whether the group has a process */
function signalGroup(group: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (group === undefined) return false;
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

function programOf(product: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(product, "package.json"), "utf8"));
  const bin = isRecord(manifest) && isRecord(manifest.bin) ? manifest.bin.customers : undefined;
  if (typeof bin !== "string") throw new Error(`${product} has no program. Run: npm install`);
  return join(product, bin);
}

/** Leads to real clouds, or describes a pull request of a CI job in which this runs. */
const foreign = /^(AUTH0_|AWS_|GITHUB_|MOESIF_|PR_|PULUMI_)/;

/** The user's environment without what belongs to real clouds and pull requests. */
export function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name)));
}
