// A fork of the released version, as a company has it: the files of that commit, without its history.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** `git archive` of the commit that released/0.1.0.json names: a clone for a test may have no history. */
const tree = join(__dirname, "0.1.0.tar.gz");

/** @param folder that doesn't exist yet */
export function writeReleasedFork(folder: string): string {
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", tree], { cwd: folder });
  return folder;
}
