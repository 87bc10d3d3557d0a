import type { ProblemDescription } from "../../../packages/customers-as-code/src/problems/codes";
import { code, renderTable } from "./markdown";

/** The codes of an area, each with what it means and what to do. */
export function renderProblems(codes: Readonly<Record<string, ProblemDescription>>): string {
  return renderTable(
    ["code", "meaning", "remedy"],
    Object.entries(codes).map(([name, { meaning, remedy }]) => [code(name), meaning, remedy]),
  );
}
