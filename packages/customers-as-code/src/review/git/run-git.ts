// Git as a reader: none of the commands that are used here runs one of the repository's own programs, such as a filter or a hook.
import { execFileSync } from "node:child_process";

/** @throws if Git fails */
export function runGit(folder: string, args: readonly string[], input = ""): string {
  return runGitForBytes(folder, args, input).toString("utf8");
}

/** @throws if Git fails */
export function runGitForBytes(folder: string, args: readonly string[], input = ""): Buffer {
  return execFileSync("git", args, {
    cwd: folder,
    input,
    maxBuffer: 2 ** 31 - 1,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** The folder of the repository that a folder belongs to. @throws if it belongs to none */
export function repositoryOfFolder(folder: string): string {
  return runGit(folder, ["rev-parse", "--show-toplevel"]).trim();
}
