// The files of a repository as they are at a commit, or on the disk. They are read as data: nothing of them is executed, and no
// symbolic link is followed. A link may lead to any file of the machine, and to a file that nobody reviews as what the link is named.
import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { compareStrings, type Problem } from "../../problems/problem";
import { repositoryOfFolder, runGit, runGitForBytes } from "./run-git";

export interface Files {
  /** Every file, link and submodule, by its path relative to the project, in order; one beside the project begins with `../`. */
  paths: readonly string[];
  /** Undefined if there is nothing by this name. */
  kindOf(path: string): FileKind | undefined;
  /** The contents of those that are files. */
  read(paths: readonly string[]): ReadonlyMap<string, string>;
  /** Identifies a content: Git's id of it; of a submodule, that of its commit. */
  digest(path: string): string;
  /** A path as a setting has it, as {@link paths} have it. */
  locate(path: string): string;
}

export type FileKind = "file" | "link" | "submodule";

/** By Git's modes: https://git-scm.com/docs/git-fast-import#_filemodify */
export const fileKinds: Readonly<Record<string, FileKind>> = {
  "100644": "file",
  "100664": "file",
  "100755": "file",
  "120000": "link",
  "160000": "submodule",
};

/** The contents of one file; undefined if there is none by this name. */
export function readFileOf(files: Files, path: string): string | undefined {
  return files.read([path]).get(path);
}

/** A problem if the path is, or leads through, a link or a submodule, so that what is behind it isn't read. */
export function checkFollowed(files: Files, path: string): Problem[] {
  const parts = path.split("/");
  const steps = parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  return steps.flatMap((file): Problem[] => {
    const kind = files.kindOf(file);
    if (kind !== "link" && kind !== "submodule") return [];
    const what = kind === "link" ? "a symbolic link" : "a submodule";
    return [{ file, code: "file-not-regular", message: `is ${what}. Replace it with what it leads to.` }];
  });
}

/**
 * As they are at a commit.
 * @param project folder within the repository
 * @throws {Error} if Git does not have the commit
 */
export function filesAtCommit(commit: string, project: string): Files {
  const { prefix, locate } = openRepository(project);
  const tree = runGit(project, ["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]);
  const entries = new Map<string, { kind: FileKind; id: string }>();
  for (const entry of tree.split("\0")) {
    const [, mode = "", id, path] = /^(\d{6}) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
    const kind = fileKinds[mode];
    if (kind === undefined || id === undefined || path === undefined) continue;
    entries.set(posix.relative(prefix, path), { kind, id });
  }
  return {
    paths: [...entries.keys()].sort(compareStrings),
    kindOf: (path) => entries.get(path)?.kind,
    read: (wanted) => {
      const found = [...new Set(wanted)].filter((path) => entries.get(path)?.kind === "file");
      if (found.length === 0) return new Map();
      const ids = found.map((path) => `${entries.get(path)?.id}\n`).join("");
      return readBatch(runGitForBytes(project, ["cat-file", "--batch"], ids), found);
    },
    digest: (path) => entries.get(path)?.id ?? "",
    locate,
  };
}

/** As they are on the disk, without what Git ignores. @param project folder within the repository */
export function filesOnDisk(project: string): Files {
  const { root, prefix, locate } = openRepository(project);
  const listed = runGit(root, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const submodules = new Map(
    runGit(root, ["ls-files", "-z", "--stage"])
      .split("\0")
      .flatMap((entry): [string, string][] => {
        const [, id, path] = /^160000 ([0-9a-f]+) \d\t([\s\S]+)$/.exec(entry) ?? [];
        return id === undefined || path === undefined ? [] : [[posix.relative(prefix, path), id]];
      }),
  );
  const kindOf = (path: string): FileKind | undefined => {
    if (submodules.has(path)) return "submodule";
    const entry = lstatSync(join(project, path), { throwIfNoEntry: false });
    if (entry?.isSymbolicLink()) return "link";
    return entry?.isFile() ? "file" : undefined;
  };
  const contents = (path: string): Buffer => {
    const file = join(project, path);
    const kind = kindOf(path);
    if (kind === "link") return Buffer.from(readlinkSync(file));
    return kind === "file" ? readFileSync(file) : Buffer.alloc(0);
  };
  const isThere = (path: string) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  const tracked = [...new Set(listed.split("\0"))].filter((path) => path !== "" && isThere(path));
  const paths = tracked.map((path) => posix.relative(prefix, path)).sort(compareStrings);
  const known = new Set(paths);
  const kindOfKnown = (path: string) => (known.has(path) ? kindOf(path) : undefined);
  return {
    paths,
    kindOf: kindOfKnown,
    read: (wanted) =>
      new Map(
        [...new Set(wanted)]
          .filter((path) => kindOfKnown(path) === "file")
          .map((path) => [path, contents(path).toString("utf8")]),
      ),
    digest: (path) => submodules.get(path) ?? blobId(contents(path)),
    locate,
  };
}

/** As somebody else has them. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  return {
    paths: Object.keys(texts).sort(compareStrings),
    kindOf: (path) => (Object.hasOwn(texts, path) ? "file" : undefined),
    read: (wanted) =>
      new Map(
        [...new Set(wanted)]
          .filter((path) => Object.hasOwn(texts, path))
          .map((path) => [path, texts[path] ?? ""]),
      ),
    digest: (path) => blobId(Buffer.from(texts[path] ?? "")),
    locate: normalize,
  };
}

function openRepository(project: string) {
  const root = repositoryOfFolder(project);
  const folder = realpathSync(project);
  const prefix = relative(realpathSync(root), folder).replaceAll(sep, "/");
  const locate = (path: string) =>
    normalize(isAbsolute(path) ? relative(folder, resolve(path)).replaceAll(sep, "/") : path);
  return { root, prefix, locate };
}

function normalize(path: string): string {
  return posix.normalize(path).replace(/\/$/, "");
}

/** Each object is `ID TYPE SIZE`, a line's end, the content and a line's end: https://git-scm.com/docs/git-cat-file#_batch_output */
function readBatch(output: Buffer, paths: readonly string[]): Map<string, string> {
  const contents = new Map<string, string>();
  let offset = 0;
  for (const path of paths) {
    const end = output.indexOf("\n", offset);
    const size = Number(output.toString("utf8", offset, end).split(" ")[2]);
    contents.set(path, output.toString("utf8", end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return contents;
}

function blobId(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
