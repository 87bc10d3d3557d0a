// The Pulumi CLI and the project's commands as processes, as a user or CI starts them: to be killed, and to be told apart.
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { processTree } from "../../local/engine/process-tree";
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
      const program = processTree(child.pid ?? 0).find(({ command }) => command.includes("cmd/run"));
      return program !== undefined && process.kill(program.pid, "SIGKILL");
    },
  };
}

export const startUp = (stack: Stack, environment: Record<string, string> = {}) =>
  startEngine(stack, ["up", "--yes", "--skip-preview"], environment);

/** `npm run NAME`, in the folder where the stack has its settings. */
export function runCommand(
  { stack, cloud, customers, environment }: TestCloud,
  script: string,
  args: readonly string[],
): Promise<Ended> {
  const { workspace } = stack;
  const { PATH = "", ...variables } = workspace.envVars;
  const child = spawn(
    process.execPath,
    [
      ...["--import", require.resolve("tsx"), join(project, script), "--stack", stack.name],
      ...["--customers", customers, "--openapi", join(project, "openapi.yaml"), ...args],
    ],
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
