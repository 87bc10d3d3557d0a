// The Pulumi CLI and the project's commands as processes, as a user or CI starts them: to be killed, and to be told apart.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stack } from "@pulumi/pulumi/automation";
import { commandOf, readProcessTree } from "../../packages/local-cloud/src/engine/process-tree";
import { project, type TestCloud } from "./local-cloud";

export interface Ended {
  /** Absent where a signal has ended it. */
  code: number | undefined;
  output: string;
}

export interface EngineProcess {
  ended: Promise<Ended>;
  /** Ends the CLI as `kill -9` does. */
  killEngine(): void;
  /** Ends the process that runs index.ts. @returns false where there is none yet */
  killProgram(): boolean;
}

export function startEngine(
  stack: Stack,
  args: readonly string[],
  environment: Record<string, string> = {},
): EngineProcess {
  const { workspace, name } = stack;
  const child = spawn(
    workspace.pulumiCommand.command,
    [...args, "--stack", name, "--non-interactive", "--color", "never"],
    { cwd: workspace.workDir, env: { ...process.env, ...workspace.envVars, ...environment } },
  );
  return {
    ended: end(child),
    killEngine: () => void child.kill("SIGKILL"),
    killProgram() {
      const program = readProcessTree(child.pid ?? 0).find(({ pid }) => commandOf(pid).includes("cmd/run"));
      return program !== undefined && process.kill(program.pid, "SIGKILL");
    },
  };
}

/** Where the stack's backend keeps its files. */
export const stateFolder = ({ workspace }: Stack): string =>
  fileURLToPath(workspace.envVars.PULUMI_BACKEND_URL ?? "");

/**
 * `pulumi up` with the state on a disk of its own, on which there is so much room left. What was written before it was full is
 * in the state's folder afterwards.
 */
export async function upOnFullDisk(stack: Stack, room: number): Promise<Ended> {
  const { workspace, name } = stack;
  const state = stateFolder(stack);
  const [before, after] = [`${state}.before`, `${state}.after`];
  cpSync(state, before, { recursive: true });
  // A mount namespace, so that only this engine sees the small disk; whoever is not root is it in a namespace of users too.
  const script = `set -e
size=$(( $(du -sk "${before}" | cut -f1) + ${Math.ceil(room / 1024)} ))k
mount -t tmpfs -o size=$size tmpfs "${state}"
cp -a "${before}/." "${state}/"
"$0" up --yes --skip-preview --stack ${name} --non-interactive --color never && code=0 || code=$?
cp -a "${state}/." "${after}"
exit $code`;
  const users = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  mkdirSync(after);
  const child = spawn(
    "unshare",
    [...users, "--mount", "bash", "-c", script, workspace.pulumiCommand.command],
    { cwd: workspace.workDir, env: { ...process.env, ...workspace.envVars } },
  );
  const ended = await end(child);
  rmSync(state, { recursive: true });
  cpSync(after, state, { recursive: true });
  for (const copy of [before, after]) rmSync(copy, { recursive: true });
  return ended;
}

export const startUp = (stack: Stack, environment: Record<string, string> = {}) =>
  startEngine(stack, ["up", "--yes", "--skip-preview"], environment);

/** `npx customers NAME`, in the folder where the stack has its settings. */
export function runCommand(
  { stack, cloud, environment }: TestCloud,
  name: string,
  args: readonly string[],
): Promise<Ended> {
  const { workspace } = stack;
  const { PATH = "", ...variables } = workspace.envVars;
  const child = spawn(
    process.execPath,
    [join(project, "packages/customers-as-code/bin.cjs"), name, "--stack", stack.name, ...args],
    {
      cwd: workspace.workDir,
      env: {
        ...process.env,
        ...variables,
        ...environment,
        PATH: `${PATH}:${dirname(workspace.pulumiCommand.command)}`,
        NODE_EXTRA_CA_CERTS: cloud.address.tenant.caFile,
      },
    },
  );
  return end(child);
}

function end(child: ChildProcess): Promise<Ended> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => (output += chunk));
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? undefined, output })));
}
