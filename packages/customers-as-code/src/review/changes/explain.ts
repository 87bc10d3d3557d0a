// Which of a plan's changes the files explain: what they do not, a person has to look at.
import type { Change } from "./declared-change";
import type { PlannedChange } from "./resources";

export function findUnexplained(
  planned: readonly PlannedChange[],
  declared: readonly Change[],
): PlannedChange[] {
  const places = declared.map(({ at }) => at);
  return planned.filter(({ from }) => !from.some((place) => places.some((at) => explains(at, place))));
}

/** A place with `!` at its end is explained as a whole alone, any other by each of its parts too. */
function explains(at: string, place: string): boolean {
  const whole = place.replace(/!$/, "");
  return isWithin(whole, at) || (whole === place && isWithin(at, whole));
}

/** Whether a place is the other one, or a part of it. */
function isWithin(place: string, other: string): boolean {
  return (
    place.startsWith(other) && (place.length === other.length || /[.: ]/.test(place.charAt(other.length)))
  );
}
