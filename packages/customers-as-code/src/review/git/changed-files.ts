// What two commits of the repository differ in, as data: nothing of them is checked out or run.
import { type FileKind, fileKinds } from "./files";
import { runGit } from "./run-git";

export interface ChangedFile {
  /** With `/` between folders, from the repository's root. A renamed file is two: one that goes, and one that comes. */
  path: string;
  /** Undefined if the commit before doesn't have it. */
  before?: FileKind;
  /** Undefined if the commit after doesn't have it. */
  after?: FileKind;
}

/** @throws if one of the commits is not there */
export function changedFiles(base: string, head: string, folder = "."): ChangedFile[] {
  // Names are unquoted and end with a zero byte, so that a name may have line breaks and quotation marks.
  const args = ["diff", "--raw", "-z", "--no-renames", "--no-ext-diff", base, head, "--"];
  const words = runGit(folder, args).split("\0");
  const changed: ChangedFile[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [before = "", after = ""] = words[at]?.slice(1).split(" ") ?? [];
    const [was, is] = [fileKinds[before], fileKinds[after]];
    changed.push({ path: words[at + 1] ?? "", ...(was && { before: was }), ...(is && { after: is }) });
  }
  return changed;
}

/** The commit's full name. @throws if there is no such commit */
export function commitOf(name: string, folder = "."): string {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  return runGit(folder, args).trim();
}
