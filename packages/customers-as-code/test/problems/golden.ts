// The wording of problems: for each area a file with one line for each code, as a person sees it. Other tests go by code and place.
import { readFileSync, writeFileSync } from "node:fs";
import { type ProblemArea, problemCodes } from "../../src/problems/codes";
import { formatProblem, type Problem } from "../../src/problems/problem";

/**
 * Compares what the samples report with the golden file of the area. After a change of the wording, write the file again with
 * UPDATE_GOLDEN=1.
 * @param samples by code, what reports a problem with that code
 */
export function expectGolden(
  area: ProblemArea,
  file: string,
  samples: Record<string, () => Problem[]>,
): void {
  const codes = Object.keys(problemCodes[area]);
  expect(Object.keys(samples).sort()).toEqual([...codes].sort());
  const lines = codes.map((code) => {
    const problems = samples[code]?.() ?? [];
    const found = problems.find((problem) => problem.code === code);
    const shown = problems.map((problem) => `${problem.code}: ${formatProblem(problem)}`).join("\n");
    if (!found) throw new Error(`The sample of ${code} reports another problem:\n${shown}`);
    return `${code}\n  ${formatProblem(found)}\n`;
  });
  const text = lines.join("\n");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
}
