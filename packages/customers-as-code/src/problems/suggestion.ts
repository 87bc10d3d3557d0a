// What a misspelt word probably meant.
import { closest, distance } from "fastest-levenshtein";

/** `Did you mean "x"?` where a candidate is near, a list of them otherwise, the nearest if there are many; empty without candidates. */
export function suggestCandidates(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const meant = findNearest(word, candidates);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  const known = quoteAll(candidates);
  if (candidates.length <= mostListed && known.length <= mostCharacters) return `Known: ${known}.`;
  const nearest = [...candidates].sort((a, b) => distance(word, a) - distance(word, b)).slice(0, fewListed);
  return `Known: ${quoteAll(nearest)} and ${candidates.length - nearest.length} more.`;
}

const mostListed = 30;
const mostCharacters = 800;
const fewListed = 5;

function quoteAll(candidates: readonly string[]): string {
  return candidates.map((candidate) => `"${candidate}"`).join(", ");
}

/** The candidate that a misspelt word is near to, if there is one. */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = closest(word, candidates);
  return distance(word, found) <= Math.max(2, Math.floor(word.length / 3)) ? found : undefined;
}
