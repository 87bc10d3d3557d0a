// `npx customers local pr`: what a pull request would get, by the commands that CI runs, against the local cloud.
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { claimDirectory, releaseDirectory } from "../presence";
import {
  commitCheckout,
  findBase,
  findBranch,
  keepObjectsIn,
  mergeForReview,
  openRepository,
} from "./git-repository";
import { findProduct } from "./product-command";
import { checkNews, type Proposal, type PullRequestOptions, readUncommitted } from "./proposal";
import { reviewProposal } from "./review-proposal";

/**
 * Prints the comment, and what else a merge depends on.
 * @returns whether it could be merged
 * @throws {WrongProposal} if there is no such pull request
 */
export async function showPullRequest(folder: string, options: PullRequestOptions): Promise<boolean> {
  const repository = openRepository(folder);
  const head = findBranch(repository, options.branch);
  const base = findBase(repository, options.base);
  const directory = resolve(options.directory ?? join(folder, ".local"), "pr");
  const uncommitted = readUncommitted(repository, head, options, directory);
  checkNews(repository, head, base, uncommitted.isCounted);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  claimDirectory(directory);
  const scratch = join(directory, "run");
  const clear = () => rmSync(scratch, { recursive: true, force: true });
  try {
    clear();
    mkdirSync(scratch, { mode: 0o700 });
    const writable = keepObjectsIn(repository, scratch);
    const proposed = uncommitted.isCounted ? commitCheckout(writable, head.commit) : head.commit;
    const what = head.name === base.name ? "what is not committed" : head.name;
    console.log(pc.bold(`Pull request of ${what} into ${base.name}, on this machine`));
    for (const line of uncommitted.lines) console.log(pc.dim(`  ${line}`));
    const proposal: Proposal = {
      options,
      repository: writable,
      head: { ...head, commit: proposed },
      base,
      merge: mergeForReview(writable, base, { ...head, commit: proposed }),
      product: findProduct(folder),
      directory,
    };
    return await reviewProposal(proposal);
  } finally {
    clear();
    releaseDirectory(directory);
  }
}
