// The grave changes of a comment: each in a line of its own while there are few, grouped when there are many, and none is dropped.
import { type Change, type Effect, effects } from "../changes/declared-change";
import type { Refusal } from "../guards/guards";

export interface GraveChanges {
  /** Markdown, one item a line; everything grave is named in one of them. */
  lines: string[];
  /** Every sentence in full, if the lines do not have them. */
  inFull: string[];
}

/** With what stands above them, so many lines are within the first forty of a comment. */
const mostLines = 20;
/** Characters of the lines, and of the sentences in full: more is refused, see {@link checkReviewable}. */
const mostOfLines = 15_000;
const mostInFull = 30_000;

export function groupGraveChanges(changes: readonly Change[]): GraveChanges {
  const grave = graveOf(changes);
  const sentences = grave.map(line);
  if (sentences.length <= mostLines && lengthOf(sentences) <= mostOfLines) {
    return { lines: sentences, inFull: [] };
  }
  const grouped = byEffect(grave, (ofEffect) => groups(ofEffect).join("; "));
  const inFull = fullLines(grave);
  if (lengthOf(grouped) <= mostOfLines) return { lines: grouped, inFull };
  const named = byEffect(grave, (ofEffect) => [...new Set(ofEffect.map(({ name }) => name))].join(", "));
  if (lengthOf(named) <= mostOfLines) return { lines: named, inFull };
  // Such a pull request is refused: what is left out here is no change that anyone may merge.
  const counted = byEffect(grave, () => "more than a comment can name, see the run's log");
  return { lines: counted, inFull };
}

/** Refuses what nobody can review, since not all of it can be shown. */
export function checkReviewable(changes: readonly Change[]): Refusal[] {
  const grave = graveOf(changes);
  const named = byEffect(grave, (ofEffect) => [...new Set(ofEffect.map(({ name }) => name))].join(", "));
  if (lengthOf(named) <= mostOfLines && lengthOf(fullLines(grave)) <= mostInFull) return [];
  const message = `There is too much to review at once: ${grave.length} changes that cut somebody off, give access or loosen a guard do not fit into a comment. Split the pull request.`;
  return [{ guard: "size of the review", message }];
}

function graveOf(changes: readonly Change[]): Change[] {
  return changes.filter(({ gravity }) => gravity === "grave");
}

function line(change: Change): string {
  return `**${labelOf(change)}**: ${change.sentence}`;
}

function labelOf({ effect = "unknown" }: Change): string {
  return effects[effect];
}

/** Each sentence, but those that do the same to many, as one. */
function fullLines(grave: readonly Change[]): string[] {
  const sentences = grave.map(line);
  if (lengthOf(sentences) <= mostInFull) return sentences;
  return byKinds(grave).flatMap(([label, ofEffect]) =>
    groups(ofEffect).map((group) => `**${label}**: ${group}`),
  );
}

function byEffect(grave: readonly Change[], describe: (ofEffect: Change[]) => string): string[] {
  return byKinds(grave).map(
    ([label, ofEffect]) => `**${label}** (${ofEffect.length}): ${describe(ofEffect)}`,
  );
}

function byKinds(grave: readonly Change[]): [label: string, ofEffect: Change[]][] {
  const kinds = Object.keys(effects) as Effect[];
  return kinds.flatMap((kind): [string, Change[]][] => {
    const ofEffect = grave.filter(({ effect = "unknown" }) => effect === kind);
    return ofEffect.length > 0 ? [[effects[kind], ofEffect]] : [];
  });
}

/** `gives write:orders to … (acme/ci, globex/ci)` */
function groups(changes: readonly Change[]): string[] {
  const same = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.does}\n${change.means ?? ""}`;
    same.set(key, [...(same.get(key) ?? []), change]);
  }
  return [...same.values()].map((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return first?.sentence ?? "";
    const names = group.map(({ name }) => name).join(", ");
    return `${first.does} (${names})${first.means === undefined ? "" : `: ${first.means}`}`;
  });
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, one) => sum + one.length + 3, 0);
}
