// What the pull request is: its branch, its base, and what is not committed.
import { join } from "node:path";
import {
  findBranch,
  hasCommit,
  listUncommitted,
  type NamedCommit,
  type Repository,
  type WritableRepository,
} from "./git-repository";
import { WrongProposal } from "./wrong-proposal";

export interface PullRequestOptions {
  /** Default: what is checked out. */
  branch?: string | undefined;
  /** Default: the default branch. */
  base?: string | undefined;
  /** Whether what is not committed counts as well. */
  uncommitted: boolean;
  /** File of the comment's Markdown, which is printed as well. */
  comment?: string | undefined;
  /** Login of the author. Without one, nobody knows whose approval it needs. */
  author?: string | undefined;
  /** Logins of those who approve of it. */
  approvedBy?: readonly string[] | undefined;
  /** Stack whose settings count, as the comment's. */
  stack?: string | undefined;
  /** Of the user's own local cloud; this one has a folder within it. */
  directory?: string | undefined;
  plugins?: "local" | "official" | undefined;
  /** Whether the servers may have other ports than before. */
  newPorts?: boolean | undefined;
}

/** A pull request, and where its parts are kept. */
export interface Proposal {
  options: PullRequestOptions;
  repository: WritableRepository;
  /** The commit's name is that of the branch, also with what is not committed. */
  head: NamedCommit;
  base: NamedCommit;
  /** GitHub's merge commit. */
  merge: string;
  /** Folder of the installed product. */
  product: string;
  /** Where the one cloud and the files of base and head are. */
  directory: string;
}

export interface Uncommitted {
  isCounted: boolean;
  /** What is said of it. */
  lines: string[];
}

/** @throws {WrongProposal} if it is meant to count, and is of another branch */
export function readUncommitted(
  repository: Repository,
  head: NamedCommit,
  { uncommitted, branch }: PullRequestOptions,
  directory: string,
): Uncommitted {
  const checkedOut = findBranch(repository, undefined);
  const isHere = branch === undefined || branch === checkedOut.name || head.commit === checkedOut.commit;
  if (!isHere) {
    if (!uncommitted) return { isCounted: false, lines: [] };
    throw new WrongProposal(
      `What is not committed belongs to ${checkedOut.name}, which is checked out, and not to ${branch}. Leave out --uncommitted, or check out ${branch}.`,
    );
  }
  const own = join(directory, "/");
  const paths = listUncommitted(repository).filter((path) => !join(repository.root, path).startsWith(own));
  if (paths.length === 0) return { isCounted: false, lines: [] };
  const files = listFirst(paths);
  const line = uncommitted
    ? `With what is not committed yet: ${files}`
    : `Without what is not committed yet: ${files}. To count it as well: --uncommitted`;
  return { isCounted: uncommitted, lines: [line] };
}

function listFirst(paths: readonly string[]): string {
  const shown = paths.slice(0, mostPaths).join(", ");
  return paths.length > mostPaths ? `${shown} and ${paths.length - mostPaths} more` : shown;
}

const mostPaths = 3;

/** GitHub opens no pull request without commits of its own. @throws {WrongProposal} */
export function checkNews(
  repository: Repository,
  head: NamedCommit,
  base: NamedCommit,
  countsUncommitted: boolean,
): void {
  if (countsUncommitted || !hasCommit(repository, base.commit, head.commit)) return;
  const what =
    head.name === base.name ? "is the base itself" : `has no commit that ${base.name} doesn't have`;
  throw new WrongProposal(
    `${head.name} ${what}. Name a branch, commit your changes to one, or add --uncommitted to show what is not committed.`,
  );
}
