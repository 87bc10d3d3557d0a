// The way out of the protection that a stack was deployed with.
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation";
import { readState } from "./stored-state";

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
