// The files of a repository as they are at a commit, or on the disk. They are read as data: nothing of them is executed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { compareStrings } from "../../problems/problem";

export interface Files {
  /** Every file and submodule, by its path relative to the project, in order; one beside the project begins with `../`. */
  paths: readonly string[];
  /** The contents of those that there are; of a link, where it leads. */
  read(paths: readonly string[]): ReadonlyMap<string, string>;
  /** Tells a content from another: Git's id of it; of a submodule, that of its commit. */
  digest(path: string): string;
  /** A path as a setting has it, as {@link paths} have it. */
  locate(path: string): string;
}

/**
 * As they are at a commit.
 * @param project folder within the repository
 * @throws {Error} if Git does not have the commit
 */
export function filesAtCommit(commit: string, project: string): Files {
  const { git, prefix, locate } = openRepository(project);
  const tree = git(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]).toString("utf8");
  const ids = new Map<string, string>();
  const blobs = new Set<string>();
  for (const entry of tree.split("\0")) {
    const [, type, id, path] = /^\d+ (blob|commit) ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
    if (id === undefined || path === undefined) continue;
    const name = posix.relative(prefix, path);
    ids.set(name, id);
    if (type === "blob") blobs.add(name);
  }
  const paths = [...ids.keys()].sort(compareStrings);
  return {
    paths,
    read: (wanted) => {
      const found = present(wanted, paths).filter((path) => blobs.has(path));
      const output = git(["cat-file", "--batch"], found.map((path) => `${ids.get(path)}\n`).join(""));
      return readBatch(output, found);
    },
    digest: (path) => ids.get(path) ?? "",
    locate,
  };
}

/** As they are on the disk, without what Git ignores. @param project folder within the repository */
export function filesOnDisk(project: string): Files {
  const { git, root, prefix, locate } = openRepository(project);
  const listed = git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"], "", root).toString(
    "utf8",
  );
  const submodules = new Map(
    git(["ls-files", "-z", "--stage"], "", root)
      .toString("utf8")
      .split("\0")
      .flatMap((entry): [string, string][] => {
        const [, id, path] = /^160000 ([0-9a-f]+) \d\t([\s\S]+)$/.exec(entry) ?? [];
        return id === undefined || path === undefined ? [] : [[posix.relative(prefix, path), id]];
      }),
  );
  const contents = (path: string): Buffer | undefined => {
    const file = join(project, path);
    const entry = lstatSync(file, { throwIfNoEntry: false });
    if (entry?.isSymbolicLink()) return Buffer.from(readlinkSync(file));
    return entry?.isFile() ? readFileSync(file) : undefined;
  };
  const isThere = (path: string) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  const tracked = [...new Set(listed.split("\0"))].filter((path) => path !== "" && isThere(path));
  const paths = tracked.map((path) => posix.relative(prefix, path)).sort(compareStrings);
  return {
    paths,
    read: (wanted) =>
      new Map(
        present(wanted, paths)
          .filter((path) => !submodules.has(path))
          .map((path) => [path, contents(path)?.toString("utf8") ?? ""]),
      ),
    digest: (path) => submodules.get(path) ?? blobId(contents(path) ?? Buffer.alloc(0)),
    locate,
  };
}

/** As somebody else has them. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const paths = Object.keys(texts).sort(compareStrings);
  return {
    paths,
    read: (wanted) => new Map(present(wanted, paths).map((path) => [path, texts[path] ?? ""])),
    digest: (path) => blobId(Buffer.from(texts[path] ?? "")),
    locate: normalize,
  };
}

function openRepository(project: string) {
  // None of the repository's own programs, such as a filter or a hook, has a part in the commands that are used here.
  const git = (args: readonly string[], input = "", cwd = project) =>
    execFileSync("git", args, { cwd, input, maxBuffer: 2 ** 31 - 1, stdio: ["pipe", "pipe", "pipe"] });
  const root = git(["rev-parse", "--show-toplevel"]).toString("utf8").trim();
  const folder = realpathSync(project);
  const prefix = relative(realpathSync(root), folder).replaceAll(sep, "/");
  const locate = (path: string) =>
    normalize(isAbsolute(path) ? relative(folder, resolve(path)).replaceAll(sep, "/") : path);
  return { git, root, prefix, locate };
}

function normalize(path: string): string {
  return posix.normalize(path).replace(/\/$/, "");
}

function present(wanted: readonly string[], paths: readonly string[]): string[] {
  const known = new Set(paths);
  return [...new Set(wanted)].filter((path) => known.has(path));
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
