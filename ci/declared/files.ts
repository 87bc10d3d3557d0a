// The files of a company as they are at a commit, or in a folder. They are read as data: nothing of them is executed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { compare } from "../../diagnostics/problem";

export interface Files {
  /** Every file, by its path relative to the project, in order. */
  paths: readonly string[];
  /** The contents of those that there are. */
  read(paths: readonly string[]): ReadonlyMap<string, string>;
  /** Tells a content from another: Git's id of it. */
  digest(path: string): string;
}

/** Folders that hold nothing of the company's. */
const passedOver = new Set([".git", ".local", ".stryker-tmp", "node_modules"]);

/** As they are in a folder. */
export function filesInFolder(folder: string): Files {
  const paths = walk(folder, "").sort(compare);
  const contentOf = (path: string) => readFileSync(join(folder, path));
  return {
    paths,
    read: (wanted) => new Map(present(wanted, paths).map((path) => [path, contentOf(path).toString("utf8")])),
    digest: (path) => blobId(contentOf(path)),
  };
}

/**
 * As they are at a commit.
 * @param project folder within the repository
 * @throws {Error} if Git does not have the commit
 */
export function filesAtCommit(commit: string, project = "."): Files {
  const git = (args: readonly string[], input = "") =>
    // The repository's own programs, such as a filter or a hook, have no part in these commands.
    execFileSync("git", args, { cwd: project, input, maxBuffer: 2 ** 31, stdio: ["pipe", "pipe", "pipe"] });
  const root = git(["rev-parse", "--show-toplevel"]).toString("utf8").trim();
  const prefix = relative(realpathSync(root), realpathSync(project)).replaceAll(sep, "/");
  const tree = git(["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]).toString("utf8");
  const ids = new Map<string, string>();
  for (const entry of tree.split("\0")) {
    const [, id, path] = /^\d+ blob ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
    if (id === undefined || path === undefined) continue;
    const inProject = prefix === "" ? path : posix.relative(prefix, path);
    if (!inProject.startsWith("../")) ids.set(inProject, id);
  }
  const paths = [...ids.keys()].sort(compare);
  return {
    paths,
    read: (wanted) => {
      const found = present(wanted, paths);
      const output = git(["cat-file", "--batch"], found.map((path) => `${ids.get(path)}\n`).join(""));
      return readBatch(output, found);
    },
    digest: (path) => ids.get(path) ?? "",
  };
}

/** As a test has them. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const paths = Object.keys(texts).sort(compare);
  return {
    paths,
    read: (wanted) => new Map(present(wanted, paths).map((path) => [path, texts[path] ?? ""])),
    digest: (path) => blobId(Buffer.from(texts[path] ?? "")),
  };
}

function present(wanted: readonly string[], paths: readonly string[]): string[] {
  const known = new Set(paths);
  return [...new Set(wanted)].filter((path) => known.has(path));
}

function walk(folder: string, path: string): string[] {
  const entries: Dirent[] = readdirSync(join(folder, path), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const within = posix.join(path, entry.name);
    if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : walk(folder, within);
    return entry.isFile() ? [within] : [];
  });
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
