// The one edge at which problems end the program, before it declares any resource.
import * as pulumi from "@pulumi/pulumi";
import { formatProblem, formatProblems, type Problem } from "./problem";

/** @throws {pulumi.RunError} with every problem, if there is one; the CLI prints its message without a stack. */
export function failOnProblems(...checked: readonly Checked[]): void {
  const problems = checked.flatMap((one) => one.problems);
  if (problems.length === 0) return;
  const counted = checked.reduce((sum, { files }) => sum + (typeof files === "number" ? files : 0), 0);
  const named = new Set(checked.flatMap(({ files }) => (typeof files === "number" ? [] : files)));
  throw new pulumi.RunError(formatProblems(problems, counted + named.size));
}

/** @throws {pulumi.RunError} with every problem that a deployment as a whole has, if there is one: no file is counted. */
export function refuseDeployment(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new pulumi.RunError(problems.map(formatProblem).join("\n"));
}

interface Checked {
  problems: readonly Problem[];
  /** How many files were read; their names where another check reads the same. */
  files: number | readonly string[];
}
