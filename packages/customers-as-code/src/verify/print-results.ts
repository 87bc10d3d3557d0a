// The results of `npx customers verify`, for people and as JSON.
import { pluralize } from "../problems/words";
import { exitCodeOf, type Result } from "./run-claims";

/** Of the stack, for the first line. */
export interface Tried {
  stack: string;
  url: string;
  customer: string;
}

export function renderResults(tried: Tried, results: readonly Result[]): string {
  const themes = [...new Set(results.map(({ theme }) => theme))];
  const width = Math.max(...results.map(({ id }) => id.length));
  const lines = themes.flatMap((theme) => [
    "",
    theme,
    ...results.filter((result) => result.theme === theme).flatMap((result) => renderResult(result, width)),
  ]);
  return [
    `Stack ${tried.stack} at ${tried.url}, as ${tried.customer}`,
    ...lines,
    "",
    countVerdicts(results),
    ...conclude(results),
  ].join("\n");
}

export function resultsAsJson(tried: Tried, results: readonly Result[]): object {
  return { ...tried, exitCode: exitCodeOf(results), results };
}

const mark = { holds: "holds", fails: "FAILS", unclear: "unclear", "not tried": "not tried" };

function renderResult(result: Result, width: number): string[] {
  const { id, claim, verdict, expected, seen, reason, page, guardsCustomers } = result;
  const indent = " ".repeat(13);
  const why =
    verdict === "not tried"
      ? [`${indent}${reason}`]
      : [`${indent}expected: ${expected}`, `${indent}seen:     ${seen}`];
  const isGrave = verdict === "fails" && guardsCustomers;
  return [
    `  ${mark[verdict].padEnd(9)}  ${id.padEnd(width)}  ${claim}`,
    ...why,
    `${indent}${page}${isGrave ? ", which guards customers" : ""}`,
  ];
}

function countVerdicts(results: readonly Result[]): string {
  const counts = (["holds", "fails", "unclear", "not tried"] as const)
    .map((verdict) => ({ verdict, count: results.filter((result) => result.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  return `${pluralize(results.length, "claim")}: ${counts.join(", ")}`;
}

function conclude(results: readonly Result[]): string[] {
  switch (exitCodeOf(results)) {
    case 0:
      return ["No claim that guards customers fails."];
    case 1:
      return ["A claim that guards customers fails: read its page before customers use the stack."];
    case 2:
      return ["It is unclear whether customers are guarded: see the unclear claims."];
  }
}
