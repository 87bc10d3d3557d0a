// What a misspelt word probably meant.
import { closest, distance } from "fastest-levenshtein";

/** `Did you mean "x"?` where a candidate is near, a list of all of them otherwise; empty without candidates. */
export function suggestion(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const near = closest(word, candidates);
  if (distance(word, near) <= Math.max(2, Math.floor(word.length / 3))) return `Did you mean "${near}"?`;
  return `Known: ${candidates.map((candidate) => `"${candidate}"`).join(", ")}.`;
}
