// What a company with the packages installs and runs, beside a fork of this repository as companies had it before: npm run bench -- fork
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { startCloud } from "../packages/local-cloud/src/cloud";
import { findCommand } from "../packages/local-cloud/src/engine/command";
import { openLocalStack } from "../packages/local-cloud/src/local-stack";
import { exampleConfig } from "../packages/local-cloud/testing/example-config";
import { type PackageSource, runIn, servePackages } from "../scripts/serve-packages";
import { median } from "./authorizer/median";

/** The last commit before there were packages. */
const fork = "fac20bbe192552fe2599ec13000aef6f68cc6b5f";
const repository = resolve(__dirname, "..");

const bars = { installSize: 0.5, installSeconds: 0.5, previewSeconds: 0.75 };

interface Measured {
  name: string;
  megabytes: number;
  installSeconds: number;
  /** Of all processes of a preview together, on a processor. */
  previewSeconds?: number;
}

export async function benchmarkFork(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "3" }, check: { type: "boolean", default: false } },
  });
  const rounds = Number(options.rounds);
  const work = mkdtempSync(join(tmpdir(), "bench-fork-"));
  const packages = await servePackages();
  try {
    const before = join(work, "fork");
    execFileSync("git", ["worktree", "add", "--detach", "--quiet", before, fork], { cwd: repository });
    const after = join(work, "company");
    writeCompany(after);
    await lock(after, packages);
    const installs: Record<string, number[]> = { before: [], after: [], deployed: [] };
    const sizes: Record<string, number> = {};
    for (let round = 0; round < rounds; round += 1) {
      // The last of the company's is the one with the dev dependency, which the preview needs.
      for (const [name, folder, option] of [
        ["before", before, "--ignore-scripts"],
        ["deployed", after, "--omit=dev"],
        ["after", after, "--ignore-scripts"],
      ] as const) {
        installs[name]?.push(await install(folder, packages, "ci", option));
        sizes[name] = megabytesOf(join(folder, "node_modules"));
      }
    }
    const previews = { before: await preview(before, rounds), after: await preview(after, rounds) };
    const row = (name: string, key: string, previewSeconds?: number): Measured => ({
      name,
      megabytes: sizes[key] ?? Number.NaN,
      installSeconds: median(installs[key] ?? []),
      ...(previewSeconds !== undefined && { previewSeconds }),
    });
    report(
      [
        row("a fork", "before", median(previews.before)),
        row("the company", "after", median(previews.after)),
        row("the company, without its dev dependency", "deployed"),
      ],
      options.check,
    );
  } finally {
    await packages.close();
    rmSync(work, { recursive: true });
    execFileSync("git", ["worktree", "prune"], { cwd: repository });
  }
}

/** The example company's files, in a repository of their own. */
function writeCompany(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const path of ["index.ts", "Pulumi.yaml", "Pulumi.dev.yaml", "openapi.yaml", "customers", "policy"]) {
    cpSync(join(repository, path), join(folder, path), { recursive: true });
  }
  const manifest = {
    name: "company",
    private: true,
    type: "module",
    dependencies: { "customers-as-code": "latest" },
    devDependencies: { "customers-as-code-local": "latest" },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
}

/** Writes the lock file of the company's installation, with the addresses of packages as npm's own settings have it. */
async function lock(folder: string, packages: PackageSource): Promise<void> {
  const { status, stderr } = await runIn(folder, packages, ["npm", "install", "--package-lock-only"], {
    npm_config_omit_lockfile_registry_resolved: "false",
  });
  if (status !== 0) throw new Error(stderr);
}

/** @returns seconds */
async function install(folder: string, packages: PackageSource, ...args: string[]): Promise<number> {
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
  const started = performance.now();
  const { status, stderr } = await runIn(folder, packages, ["npm", ...args]);
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - started) / 1000;
}

function megabytesOf(folder: string): number {
  return Number(execFileSync("du", ["-sm", folder], { encoding: "utf8" }).split("\t")[0]);
}

/** Previews of a stack that is deployed, each by the CLI as people start it. @returns seconds on a processor, of all its processes */
async function preview(company: string, rounds: number): Promise<number[]> {
  const directory = mkdtempSync(join(tmpdir(), "bench-cloud-"));
  const command = await findCommand((line) => console.error(line));
  const cloud = await startCloud(directory);
  try {
    const stack = await openLocalStack({
      command,
      project: company,
      directory,
      address: cloud.address,
      config: exampleConfig(cloud.address),
    });
    await stack.up();
    const { envVars, workDir } = stack.workspace;
    const path = [dirname(command.path), envVars.PATH ?? process.env.PATH].join(delimiter);
    const script =
      "TIMEFORMAT='%U %S'; time pulumi preview --stack local --non-interactive > preview.log 2>&1";
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      seconds.push(await measure(script, workDir, { ...process.env, ...envVars, PATH: path }));
    }
    return seconds;
  } finally {
    await cloud.close();
    rmSync(directory, { recursive: true });
  }
}

/** Runs beside the cloud, which answers in this process. */
async function measure(script: string, workDir: string, env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)("bash", ["-c", script], { cwd: workDir, env });
    return stderr
      .trim()
      .split(" ")
      .map(Number)
      .reduce((sum, one) => sum + one, 0);
  } catch (error) {
    throw new Error(`the preview fails:\n${readFileSync(join(workDir, "preview.log"), "utf8")}`, {
      cause: error,
    });
  }
}

function report(rows: readonly Measured[], isChecked: boolean): void {
  const [before, after] = rows;
  if (!before || !after) return;
  console.log(`Node.js ${process.version}; medians of one run, side by side; npm's cache is warm\n`);
  console.log(`${"".padEnd(42)}node_modules     npm ci    preview`);
  for (const { name, megabytes, installSeconds, previewSeconds } of rows) {
    const shown = previewSeconds === undefined ? "" : `${previewSeconds.toFixed(2)} s`;
    console.log(
      `${name.padEnd(42)}${`${megabytes} MB`.padStart(12)}${`${installSeconds.toFixed(1)} s`.padStart(11)}${shown.padStart(11)}`,
    );
  }
  const ratios = {
    installSize: after.megabytes / before.megabytes,
    installSeconds: after.installSeconds / before.installSeconds,
    previewSeconds: (after.previewSeconds ?? Number.NaN) / (before.previewSeconds ?? Number.NaN),
  };
  console.log("");
  for (const [name, ratio] of Object.entries(ratios)) {
    const bar = bars[name as keyof typeof bars];
    console.log(
      `${ratio <= bar ? "met   " : "MISSED"} ${name}: ${ratio.toFixed(2)} of the fork's (at most ${bar})`,
    );
    if (isChecked && !(ratio <= bar)) process.exitCode = 1;
  }
}
