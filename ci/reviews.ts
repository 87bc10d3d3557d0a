// The reviews of a pull request: https://docs.github.com/en/rest/pulls/reviews
import { isRecord } from "../diagnostics/record";
import { list, type Repository } from "./github";

export interface Review {
  login: string;
  /** `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`, `COMMENTED` or `PENDING`. */
  state: string;
  /** Which it looked at. */
  commit: string;
}

/** In the order in which they came. @throws where GitHub refuses */
export async function listReviews(repository: Repository, number: string): Promise<Review[]> {
  const found = await list(repository, `/pulls/${number}/reviews`);
  return found.map(({ more: { user, state, commit_id } }) => ({
    login: isRecord(user) ? String(user.login) : "",
    state: String(state),
    commit: String(commit_id),
  }));
}

/** Whose last word is that they approve, and of this commit: what came later they have not seen. */
export function approvers(reviews: readonly Review[], head: string): string[] {
  const last = new Map<string, Review>();
  for (const review of reviews) {
    // A comment takes nothing back.
    if (review.state !== "COMMENTED" && review.state !== "PENDING") last.set(review.login, review);
  }
  return [...last.values()]
    .filter(({ state, commit, login }) => state === "APPROVED" && commit === head && login !== "")
    .map(({ login }) => login);
}
