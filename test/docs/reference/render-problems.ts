import { type ProblemDescription, problemCodes } from "../../../packages/customers-as-code/src/problems/codes";
import { code, renderTable } from "./markdown";

/** All codes of an area. */
export function renderProblems(area: keyof typeof problemCodes): string {
  return renderTable(
    ["code", "meaning", "remedy"],
    Object.entries<ProblemDescription>(problemCodes[area]).map(([name, { meaning, remedy }]) => [
      code(name),
      meaning,
      remedy,
    ]),
  );
}
