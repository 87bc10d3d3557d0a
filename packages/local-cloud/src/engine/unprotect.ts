// What the engine's state says before a command changes it, and the way out of its protection.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation";

/** @param directory of the engine @returns JSON of the stack as the last deployment left it; empty without one */
export function readState(directory: string, stack: string): string {
  const stacks = join(directory, "state", ".pulumi", "stacks");
  if (!existsSync(stacks)) return "";
  // Of several projects, if the company's has got another name.
  const files = readdirSync(stacks).map((project) => join(stacks, project, `${stack}.json`));
  return files.flatMap((file) => (existsSync(file) ? [readFileSync(file, "utf8")] : [])).join("\n");
}

/** Lets `destroy` delete what was deployed with `protect: true`. */
export async function unprotectAll({ name, workspace }: Stack): Promise<void> {
  const { pulumiCommand, workDir, envVars } = workspace;
  if (!/"protect": *true/.test(readState(dirname(workDir), name))) return;
  // The Automation API has no method for it.
  await promisify(execFile)(
    pulumiCommand.command,
    ["state", "unprotect", "--all", "--yes", "--stack", name, "--non-interactive"],
    { cwd: workDir, env: { ...process.env, ...envVars } },
  );
}
