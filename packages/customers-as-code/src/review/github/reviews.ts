// The reviews of a pull request: https://docs.github.com/en/rest/pulls/reviews
import { isRecord } from "../../problems/record";
import { listEntries, type Repository } from "./github";

export interface Review {
  login: string;
  /** `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`, `COMMENTED` or `PENDING`. */
  state: string;
  /** Which it looked at. */
  commit: string;
}

/** From the oldest to the newest. @throws if GitHub refuses */
export async function listReviews(repository: Repository, number: string): Promise<Review[]> {
  const found = await listEntries(repository, `/pulls/${number}/reviews`);
  return found.map(({ more: { user, state, commit_id } }) => ({
    login: isRecord(user) ? String(user.login) : "",
    state: String(state).toUpperCase(),
    commit: String(commit_id),
  }));
}

/** As GitHub allows it: letters, digits, `-`, and `_` in the names of managed users; `[bot]` ends the name of an app. */
const login = /^[\w-]+(\[bot\])?$/;

/**
 * Logins of those whose last review approves of this commit: they have not seen a later one.
 * @param author of the pull request, whose own approval doesn't count
 */
export function listApprovers(reviews: readonly Review[], head: string, author = ""): string[] {
  const last = new Map<string, Review>();
  for (const review of reviews) {
    // A comment takes nothing back.
    if (review.state === "COMMENTED" || review.state === "PENDING") continue;
    last.set(review.login.toLowerCase(), review);
  }
  last.delete(author.toLowerCase());
  return [...last.values()]
    .filter((review) => review.state === "APPROVED" && review.commit === head && login.test(review.login))
    .map((review) => review.login);
}
