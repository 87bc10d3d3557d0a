// What a misspelt word probably meant.
import { closest, distance } from "fastest-levenshtein";

/** `Did you mean "x"?` where a candidate is near, a list of all of them otherwise; empty without candidates. */
export function suggestCandidates(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const meant = findNearest(word, candidates);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  return `Known: ${candidates.map((candidate) => `"${candidate}"`).join(", ")}.`;
}

/** The candidate that a misspelt word is near to, if there is one. */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = closest(word, candidates);
  return distance(word, found) <= Math.max(2, Math.floor(word.length / 3)) ? found : undefined;
}
