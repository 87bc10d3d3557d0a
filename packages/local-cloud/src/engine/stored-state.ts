// Where the engine keeps the state of local stacks.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Has a folder for each project, and in that a file for each stack. @param directory of the engine */
export function stacksFolder(directory: string): string {
  return join(directory, "state", ".pulumi", "stacks");
}

/** @param directory of the engine @returns JSON of the stack as the last deployment left it; empty without one */
export function readState(directory: string, stack: string): string {
  const stacks = stacksFolder(directory);
  if (!existsSync(stacks)) return "";
  // There are several projects if the company has renamed its own.
  const files = readdirSync(stacks).map((project) => join(stacks, project, `${stack}.json`));
  return files.flatMap((file) => (existsSync(file) ? [readFileSync(file, "utf8")] : [])).join("\n");
}
