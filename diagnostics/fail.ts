// The one edge at which problems end the program, before it declares any resource.
import * as pulumi from "@pulumi/pulumi";
import { formatProblems, type Problem } from "./problem";

/** @throws {pulumi.RunError} with every problem, if there is one; the CLI prints its message without a stack. */
export function failOnProblems(...checked: readonly { problems: readonly Problem[]; files: number }[]): void {
  const problems = checked.flatMap((one) => one.problems);
  if (problems.length === 0) return;
  const files = checked.reduce((sum, one) => sum + one.files, 0);
  throw new pulumi.RunError(formatProblems(problems, files));
}
