// Whether limits let somebody use more than before: pure functions of plans and quotas.
import { getOwn, isRecord } from "../../problems/record";
import { grave, type Meaning, notable } from "./declared-change";

/** Higher numbers, and fewer of them, are looser. */
const looser: Record<string, (before: unknown, after: unknown) => boolean> = {
  rate: isHigher,
  burst: isHigher,
  limit: isHigher,
  perHour: isHigher,
  perDay: isHigher,
  // The same number in a shorter time.
  period: (before, after) => periods.indexOf(String(after)) < periods.indexOf(String(before)),
  enforce: (before, after) => before !== false && after === false,
};
const periods = ["day", "week", "month"];

/** @param before,after a limit, or a map of limits; absent for none */
export function isLooser(before: unknown, after: unknown, key = ""): boolean {
  if (isRecord(before) && isRecord(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].some((inner) =>
      isLooser(getOwn(before, inner), getOwn(after, inner), inner),
    );
  }
  if (before === undefined) return key === "enforce" && after === false;
  if (after === undefined) return key !== "enforce";
  return getOwn(looser, key)?.(before, after) ?? before !== after;
}

/** What it means that limits change. */
export function meaningOfLimits(before: unknown, after: unknown, key: string, whose: string): Meaning {
  return isLooser(before, after, key)
    ? grave("guard", `${whose} may use more than before`)
    : notable(`${whose} may use less than before`);
}

function isHigher(before: unknown, after: unknown): boolean {
  return Number(after) > Number(before);
}
