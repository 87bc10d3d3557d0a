// Two commits of the repository as data: nothing of them is checked out, linked to or run.
import { execFileSync } from "node:child_process";

/** The files of a commit. */
export interface Tree {
  /** Undefined if the commit doesn't have the file, or has a link or a submodule by this name. */
  read(path: string): string | undefined;
  /** Of all files, links and submodules. */
  paths(): string[];
}

export interface ChangedFile {
  /** With `/` between folders, from the repository's root. A renamed file is two: one that goes, and one that comes. */
  path: string;
  /** Undefined if the commit before doesn't have it. */
  before?: FileKind;
  /** Undefined if the commit after doesn't have it. */
  after?: FileKind;
}

type FileKind = "file" | "link" | "submodule";

/** Git's modes: https://git-scm.com/docs/git-fast-import#_filemodify */
const kinds: Readonly<Record<string, FileKind>> = {
  "100644": "file",
  "100664": "file",
  "100755": "file",
  "120000": "link",
  "160000": "submodule",
};

const mostBytes = 64 * 2 ** 20;

export function treeOf(commit: string, folder = "."): Tree {
  return {
    read(path) {
      const entry = git(folder, "ls-tree", "-z", "--full-tree", commit, "--", `:(literal)${path}`);
      const [, mode, blob] = /^(\d{6}) blob ([0-9a-f]+)\t/.exec(entry) ?? [];
      if (mode === undefined || blob === undefined || kinds[mode] !== "file") return undefined;
      return git(folder, "cat-file", "blob", blob);
    },
    paths: () =>
      git(folder, "ls-tree", "-r", "-z", "--full-tree", "--name-only", commit).split("\0").filter(Boolean),
  };
}

/** @throws if one of the commits is not there */
export function changedFiles(base: string, head: string, folder = "."): ChangedFile[] {
  // Names are unquoted and end with a zero byte, so that a name may have line breaks and quotation marks.
  const words = git(folder, "diff", "--raw", "-z", "--no-renames", "--no-ext-diff", base, head, "--").split(
    "\0",
  );
  const changed: ChangedFile[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [before = "", after = ""] = words[at]?.slice(1).split(" ") ?? [];
    const [was, is] = [kinds[before], kinds[after]];
    changed.push({ path: words[at + 1] ?? "", ...(was && { before: was }), ...(is && { after: is }) });
  }
  return changed;
}

/** The commit's full name. @throws if there is no such commit */
export function commitOf(name: string, folder = "."): string {
  return git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`).trim();
}

function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: mostBytes,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
