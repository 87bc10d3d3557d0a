// One run of the Pulumi CLI, as a user types it, with its time and its memory.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { type Peak, watchMemory } from "../../local/engine/process-tree";

export interface EngineRun {
  seconds: number;
  peak: Peak;
  output: string;
}

/** @throws with all that was printed, where it fails */
export async function runEngine(
  stack: Stack,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<EngineRun> {
  const { workspace, name } = stack;
  const started = performance.now();
  const child = spawn(
    workspace.pulumiCommand.command,
    [...args, "--stack", name, "--non-interactive", "--color", "never"],
    { cwd: workspace.workDir, env: { ...process.env, ...workspace.envVars, ...environment } },
  );
  const stop = watchMemory(child.pid ?? 0);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk));
  }
  const code = await new Promise((resolve) => child.on("close", resolve));
  const peak = stop();
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
  return { seconds: (performance.now() - started) / 1000, peak, output };
}

/** Where the file backend keeps the stack's state. */
export function stateFile({ workspace, name }: Stack): string {
  const folder = (workspace.envVars.PULUMI_BACKEND_URL ?? "").replace("file://", "");
  return join(folder, ".pulumi", "stacks", "customers-as-code", `${name}.json`);
}
