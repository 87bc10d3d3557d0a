// What the company forked: the released version, or a commit of the fork's own history.
import { execFileSync } from "node:child_process";
import { readPackageFile } from "../package-folder";
import { RefusedError } from "../problem";
import { asRecord } from "../record";

export interface Baseline {
  /** Such as `version 0.1.0`. */
  name: string;
  isReleased: boolean;
  /** By path, the id that Git gives to the content, or its beginning. */
  blobs: ReadonlyMap<string, string>;
  /** An empty string if it has no such file. */
  read(path: string): string;
}

/** The last version that companies forked. It needs no Git: a fork may have been copied without its history. */
export function readReleasedBaseline(): Baseline {
  const { version, files, contents } = asRecord(JSON.parse(readPackageFile("released/0.1.0.json")));
  return {
    name: `version ${version}`,
    isReleased: true,
    blobs: new Map(Object.entries(asRecord(files)).map(([path, id]) => [path, String(id)])),
    read: (path) => String(asRecord(contents)[path] ?? ""),
  };
}

/** @param upstream commit, tag or branch: what was forked is where the fork left it */
export function readGitBaseline(fork: string, upstream: string): Baseline {
  try {
    const commit = runGit(fork, "merge-base", "HEAD", upstream).trim();
    const lines = runGit(fork, "ls-tree", "-r", "-z", commit).split("\0").filter(Boolean);
    const entries = lines.map((line): [string, string] => {
      const [head = "", path = ""] = line.split("\t");
      return [path, head.split(" ")[2] ?? ""];
    });
    return {
      name: `commit ${commit.slice(0, 10)}`,
      isReleased: false,
      blobs: new Map(entries),
      read: (path) => runGit(fork, "show", `${commit}:${path}`),
    };
  } catch {
    const message = `is "${upstream}", with which HEAD of ${fork} has no commit in common. Name the commit that was forked.`;
    throw new RefusedError([{ place: "--upstream", message }], 2);
  }
}

/** Of the folder's own repository, also if a Git hook runs this. */
export function runGit(folder: string, ...args: string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  return execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    env,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
}
