// The user's Git repository, which is only read: new objects and indexes go to a folder of our own.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { isRecord } from "../record";
import { WrongProposal } from "./wrong-proposal";

export interface Repository {
  /** Of the user's checkout. */
  root: string;
  /** The company's folder. */
  folder: string;
  /** Path of the company's folder from the root, with a slash at its end; empty at the root. */
  prefix: string;
}

/** A commit, and what people call it. */
export interface NamedCommit {
  name: string;
  commit: string;
}

/** A repository with a place for new objects. */
export interface WritableRepository extends Repository {
  /** Where new objects and indexes go. */
  scratch: string;
  /** For Git, and for processes that run it: https://git-scm.com/docs/git#_the_git_repository */
  environment: Record<string, string>;
}

/** @throws {WrongProposal} if the folder is in no repository, or the repository has no commits */
export function openRepository(folder: string): Repository {
  try {
    const root = runGit(folder, ["rev-parse", "--show-toplevel"]).trim();
    const prefix = runGit(folder, ["rev-parse", "--show-prefix"]).trim();
    const repository = { root, folder, prefix };
    if (findCommit(repository, "HEAD") !== undefined) return repository;
  } catch (error) {
    throw new WrongProposal(explainUnusable(folder, error));
  }
  throw new WrongProposal(
    "The repository has no commits. Commit the company's files first: git add . && git commit",
  );
}

function explainUnusable(folder: string, error: unknown): string {
  if (isRecord(error) && error.code === "ENOENT") return "Git is not installed. Install it, and try again.";
  const reason = stderrOf(error);
  return reason.includes("not a git repository")
    ? `${folder} is in no Git repository. Create one with: git init`
    : `Git cannot read the repository of ${folder}: ${reason.replace(/^fatal: /, "")}`;
}

/** @returns undefined if there is no such commit */
function findCommit({ root }: Repository, name: string): string | undefined {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  return tryGit(root, args);
}

/**
 * The branch that the pull request proposes: by its name, also if only the remote repository has it, or what is checked out.
 * @throws {WrongProposal} if there is no such branch
 */
export function findBranch(repository: Repository, name: string | undefined): NamedCommit {
  if (name !== undefined) return findNamed(repository, name, `There is no branch "${name}".`);
  const commit = findCommit(repository, "HEAD") ?? "";
  const current = tryGit(repository.root, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  return { name: current ?? commit.slice(0, shortLength), commit };
}

/**
 * What the pull request would be merged into: by its name, or the default branch.
 * @throws {WrongProposal} if there is none
 */
export function findBase(repository: Repository, name: string | undefined): NamedCommit {
  if (name !== undefined) return findNamed(repository, name, `There is no base "${name}".`);
  const remote = tryGit(repository.root, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  for (const candidate of [remote, "main", "master", "origin/main", "origin/master"]) {
    const commit = candidate && findCommit(repository, candidate);
    if (candidate && commit) return { name: candidate, commit };
  }
  throw new WrongProposal(
    "There is no default branch, neither origin/HEAD nor main nor master. Name the base: --base BRANCH",
  );
}

function findNamed(repository: Repository, name: string, missing: string): NamedCommit {
  const commit = findCommit(repository, name) ?? findCommit(repository, `origin/${name}`);
  if (commit !== undefined) return { name, commit };
  const args = ["for-each-ref", "--format=%(refname:short)", "--sort=-committerdate", "refs/heads"];
  const names = runGit(repository.root, args).trim().split("\n").filter(Boolean);
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
  const known = names.length === 0 ? "There are none." : `${names.slice(0, mostNames).join(", ")}${more}.`;
  throw new WrongProposal(`${missing} Branches here: ${known}`);
}

const mostNames = 8;
const shortLength = 10;

/** Of a commit, as people read it. */
export function shorten({ commit }: NamedCommit): string {
  return commit.slice(0, shortLength);
}

/** Id of everything that the commit has. */
export function treeOf({ root }: Repository, commit: string): string {
  return runGit(root, ["rev-parse", `${commit}^{tree}`]).trim();
}

/** @param ancestor whether `commit` has it already */
export function hasCommit({ root }: Repository, commit: string, ancestor: string): boolean {
  return tryGit(root, ["merge-base", "--is-ancestor", ancestor, commit]) !== undefined;
}

/** Paths of what is changed or new in the checkout, and in no commit. */
export function listUncommitted({ root }: Repository): string[] {
  // Without the lock, Git would write the index that it has refreshed.
  const args = [
    "--no-optional-locks",
    "status",
    "--porcelain",
    "-z",
    "--no-renames",
    "--untracked-files=all",
  ];
  return runGit(root, args)
    .split("\0")
    .filter(Boolean)
    .map((entry) => entry.slice("XY ".length));
}

/** @param scratch an empty folder */
export function keepObjectsIn(repository: Repository, scratch: string): WritableRepository {
  const { root } = repository;
  const own = resolve(root, runGit(root, ["rev-parse", "--git-path", "objects"]).trim());
  const objects = join(scratch, "objects");
  mkdirSync(objects, { recursive: true });
  const before = process.env.GIT_ALTERNATE_OBJECT_DIRECTORIES;
  const environment = {
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: [quotePath(own), before].filter(Boolean).join(":"),
  };
  return { ...repository, scratch, environment };
}

/** A colon separates such paths: https://git-scm.com/docs/git#Documentation/git.txt-codeGITALTERNATEOBJECTDIRECTORIEScode */
function quotePath(path: string): string {
  return /[:"]/.test(path) ? `"${path.replace(/["\\]/g, "\\$&")}"` : path;
}

/** A commit of everything in the checkout, as if it were committed now. The user's own index stays as it is. */
export function commitCheckout(repository: WritableRepository, parent: string): string {
  const { root, scratch, environment } = repository;
  const index = join(scratch, "index-of-checkout");
  const own = resolve(root, runGit(root, ["rev-parse", "--git-path", "index"]).trim());
  if (existsSync(own)) copyFileSync(own, index);
  const withIndex = { ...environment, GIT_INDEX_FILE: index };
  runGit(root, ["add", "--all"], withIndex);
  const tree = runGit(root, ["write-tree"], withIndex).trim();
  return commitTree(repository, tree, [parent], "What is not committed");
}

/**
 * The commit that GitHub would make and have CI run: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
 * @throws {Error} if the two conflict
 */
export function mergeForReview(repository: WritableRepository, base: NamedCommit, head: NamedCommit): string {
  const tree = hasCommit(repository, head.commit, base.commit)
    ? treeOf(repository, head.commit)
    : mergeTrees(repository, base, head);
  return commitTree(repository, tree, [base.commit, head.commit], `Merge ${head.name} into ${base.name}`);
}

function mergeTrees({ root, environment }: WritableRepository, base: NamedCommit, head: NamedCommit): string {
  const args = ["merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", base.commit, head.commit];
  try {
    return runGit(root, args, environment).replace(/\0.*$/s, "");
  } catch (error) {
    const { status, stdout } = isRecord(error) ? error : {};
    const [, ...conflicts] = status === 1 ? String(stdout).split("\0").filter(Boolean) : [];
    if (conflicts.length > 0) {
      throw new Error(
        `${head.name} conflicts with ${base.name} in ${[...new Set(conflicts)].join(", ")}. Merge ${base.name} into ${head.name} and resolve the conflicts.`,
      );
    }
    const reason = stderrOf(error);
    throw new Error(
      /^usage:|unknown option/m.test(reason)
        ? `${base.name} has commits that ${head.name} doesn't have, and this Git cannot merge them without a checkout. Upgrade Git to 2.38 or newer, or merge ${base.name} into ${head.name}.`
        : `${head.name} cannot be merged into ${base.name}: ${reason.replace(/^fatal: /, "")}`,
    );
  }
}

function commitTree(
  { root, environment }: WritableRepository,
  tree: string,
  parents: readonly string[],
  message: string,
): string {
  const by = (role: string) => ({
    [`GIT_${role}_NAME`]: "customers local pr",
    [`GIT_${role}_EMAIL`]: "customers@localhost",
  });
  const args = [
    "commit-tree",
    "--no-gpg-sign",
    tree,
    ...parents.flatMap((one) => ["-p", one]),
    "-m",
    message,
  ];
  return runGit(root, args, { ...environment, ...by("AUTHOR"), ...by("COMMITTER") }).trim();
}

/** Writes every file of the commit into a folder, as a checkout has them. */
export function writeFilesOf(
  { root, scratch, environment }: WritableRepository,
  commit: string,
  target: string,
): void {
  const withIndex = { ...environment, GIT_INDEX_FILE: join(scratch, `index-of-${commit}`) };
  runGit(root, ["read-tree", commit], withIndex);
  // Not by git archive: it leaves out what .gitattributes marks with export-ignore, and CI has that.
  runGit(root, ["checkout-index", "--all", "--force", "--quiet", `--prefix=${target}/`], withIndex);
}

function runGit(folder: string, args: readonly string[], environment: Record<string, string> = {}): string {
  return execFileSync("git", args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** @returns undefined if Git fails */
function tryGit(folder: string, args: readonly string[]): string | undefined {
  try {
    return runGit(folder, args).trim();
  } catch (error) {
    if (isRecord(error) && error.code === "ENOENT") throw error;
    return undefined;
  }
}

function stderrOf(error: unknown): string {
  const stderr = isRecord(error) ? error.stderr : undefined;
  return String(stderr ?? error).trim();
}
