// The one edge at which problems end the program, before it declares any resource.
import * as pulumi from "@pulumi/pulumi";
import { formatProblem, formatProblems, type Problem } from "./problem";

/** Ends the program. Pulumi prints its message without a stack trace. */
export class ProgramRefusedError extends pulumi.RunError {
  constructor(
    readonly problems: readonly Problem[],
    message: string,
  ) {
    super(message);
  }
}

/** @throws {ProgramRefusedError} with every problem, if there is one */
export function failOnProblems(...checked: readonly Checked[]): void {
  const problems = checked.flatMap((one) => one.problems);
  if (problems.length === 0) return;
  const counted = checked.reduce((sum, { files }) => sum + (typeof files === "number" ? files : 0), 0);
  const named = new Set(checked.flatMap(({ files }) => (typeof files === "number" ? [] : files)));
  throw new ProgramRefusedError(problems, formatProblems(problems, counted + named.size));
}

/** @throws {ProgramRefusedError} with every problem that a deployment as a whole has, if there is one: no file is counted. */
export function refuseDeployment(problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw new ProgramRefusedError(problems, problems.map(formatProblem).join("\n"));
  }
}

interface Checked {
  problems: readonly Problem[];
  /** How many files were read; their names where another check reads the same. */
  files: number | readonly string[];
}
