// A company with many customers on the local cloud: the engine's runs, each with its time, its memory and what Auth0 was asked.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { shardStacks, stackOf } from "../../packages/customers-as-code/src/customers/shard-placement";
import { type Cloud, startCloud } from "../../packages/local-cloud/src/cloud";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import {
  readProcessTree,
  type TreeUsage,
  watchUsage,
} from "../../packages/local-cloud/src/engine/process-tree";
import { openLocalStack } from "../../packages/local-cloud/src/local-stack";
import { startTenantProcess } from "../../packages/local-cloud/src/tenant-process";
import { exampleConfig } from "../../packages/local-cloud/testing/example-config";
import { writeCustomer, writeCustomers } from "./customer-files";

const project = resolve(__dirname, "../..");

export interface CompanyOptions {
  customers: number;
  /** 1: all in one stack. */
  shards: number;
  /** With the rate limits of an enterprise plan, and so many new customers a minute. */
  newCustomersPerMinute?: number;
}

export interface Run extends TreeUsage {
  seconds: number;
  /** Ended before it was done, since it took too long. */
  isCutShort: boolean;
  /** Requests of the Management API. */
  calls: number;
  /** How many of them were refused since there were too many. */
  refused: number;
}

export interface Company {
  /** Runs a command of the project, as a person or CI does. @throws with all that it printed where it fails */
  shards(command: string, ...args: string[]): Promise<Run>;
  /** The comment on a pull request with all changes since the beginning: `customers preview`, with the policy pack. */
  previewPullRequest(): Promise<Run>;
  /** `pulumi up` of the main stack alone, which is killed after so many seconds. */
  up(limitSeconds: number): Promise<Run>;
  /** @returns the stack that has the customer */
  changeOne(): string;
  /** Of all stacks. */
  stateMegabytes(): number;
  close(): Promise<void>;
}

export async function openCompany({
  customers,
  shards,
  newCustomersPerMinute,
}: CompanyOptions): Promise<Company> {
  const directory = mkdtempSync(join(tmpdir(), "customers-as-code-scale-"));
  const folder = join(directory, "customers");
  writeCustomers(folder, customers);
  const author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
  const git = (...args: string[]) => execFileSync("git", [...author, ...args], { cwd: directory });
  git("init", "--quiet");
  git("add", "customers");
  git("commit", "--quiet", "--message", "Customers");
  const command = await findCommand((line) => console.error(line));
  const limits = newCustomersPerMinute === undefined ? [] : ["--rate-limits", "enterprise"];
  const cloud: Cloud = await startCloud(directory, {
    startTenant: (at) => startTenantProcess(at, limits),
  });
  const { workspace, name } = await openLocalStack({
    ...{ command, project, directory, address: cloud.address },
    config: {
      ...exampleConfig(cloud.address),
      customers: { value: folder },
      // As the policy pack demands.
      protect: { value: "true" },
      shards: { value: String(shards) },
      newCustomersPerMinute: { value: String(newCustomersPerMinute ?? 0) },
    },
  });
  const { PATH = "", ...variables } = workspace.envVars;
  const environment = {
    ...process.env,
    ...variables,
    PATH: [dirname(workspace.pulumiCommand.command), PATH].join(delimiter),
  };

  async function run(
    program: string,
    args: readonly string[],
    limitSeconds = Number.POSITIVE_INFINITY,
  ): Promise<Run> {
    const before = requests(directory);
    const started = performance.now();
    const child = spawn(program, args, { cwd: workspace.workDir, env: environment });
    const stop = watchUsage(child.pid ?? 0);
    let isCutShort = false;
    const cutShort = () => {
      isCutShort = true;
      for (const { pid } of readProcessTree(child.pid ?? 0)) process.kill(pid, "SIGKILL");
    };
    const limit = Number.isFinite(limitSeconds) ? setTimeout(cutShort, limitSeconds * 1000) : undefined;
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (said += chunk));
    }
    const code = await new Promise((end) => child.on("close", end));
    clearTimeout(limit);
    const seconds = (performance.now() - started) / 1000;
    const usage = stop();
    if (code !== 0 && !isCutShort) throw new Error(`${args.join(" ")} ended with ${code}:\n${said}`);
    const after = requests(directory);
    return {
      ...{ seconds, isCutShort, ...usage },
      calls: after.calls - before.calls,
      refused: after.refused - before.refused,
    };
  }

  const policy = join(directory, "policy.json");
  writeFileSync(policy, JSON.stringify({ "public-routes": { allowed: ["GET /health"] } }));
  const runCustomers = (command: string, ...args: string[]) =>
    run(process.execPath, [
      join(project, "packages/customers-as-code/bin.cjs"),
      ...[command, "--stack", name, ...args],
    ]);

  return {
    shards: (...args) => runCustomers("shards", ...args),
    previewPullRequest: () => runCustomers("preview", "--policy", policy, "--changed-since", "HEAD"),
    up: (limitSeconds) =>
      run("pulumi", ["up", "--yes", "--skip-preview", "--stack", name, "--non-interactive"], limitSeconds),
    changeOne() {
      const n = Math.floor(customers / 2);
      writeCustomer(folder, n, "read:orders");
      return stackOf({ id: `customer-${n}` }, { main: name, shards });
    },
    stateMegabytes() {
      const stacks = [name, ...shardStacks({ main: name, shards })];
      const files = join(directory, "engine", "state", ".pulumi", "stacks", "customers-as-code");
      const sizes = [...readdirSync(files)]
        .filter((file) => stacks.includes(file.replace(/\.json$/, "")))
        .map((file) => statSync(join(files, file)).size);
      return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
    },
    async close() {
      await cloud.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** What the tenant has been asked so far. */
function requests(directory: string): { calls: number; refused: number } {
  const text = readFileSync(join(directory, "tenant", "requests.jsonl"), "utf8");
  const calls = text.match(/"path":"\/api\/v2\/[^\n]*/g) ?? [];
  return { calls: calls.length, refused: calls.filter((call) => call.includes('"status":429')).length };
}
