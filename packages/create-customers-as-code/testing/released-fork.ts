// A fork of the released version, as a company has it: the files of that commit, without its history.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const { commit }: { commit: string } = JSON.parse(
  readFileSync(join(__dirname, "../released/0.1.0.json"), "utf8"),
);

/** @param folder that doesn't exist yet */
export function writeReleasedFork(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const tree = execFileSync("git", ["archive", commit], {
    cwd: join(__dirname, "../../.."),
    maxBuffer: 256 * 1024 * 1024,
  });
  execFileSync("tar", ["-x"], { cwd: folder, input: tree });
  return folder;
}
