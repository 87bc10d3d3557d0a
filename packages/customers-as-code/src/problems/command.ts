// How a command ends when it cannot do what it was asked to do; src/cli/main.ts prints these errors and sets the exit code.
import type { ProblemCode } from "./codes";
import { formatProblems, type Problem } from "./problem";

/** Lists everything that is wrong with what the user wrote. */
export class ProblemsError extends Error {
  /** @param filesRead how many files were checked, for the message's last line */
  constructor(
    readonly problems: readonly Problem[],
    filesRead: number,
  ) {
    super(formatProblems(problems, filesRead));
  }
}

/** Whether the error lists problems: a {@link ProblemsError}, or the program's own, whose class comes with Pulumi's SDK. */
export function hasProblems(error: unknown): error is { problems: readonly Problem[] } {
  return error instanceof Error && "problems" in error && Array.isArray(error.problems);
}

/** What went wrong is in no file of the user's: a tenant that does not answer, for example. */
export class CodedError extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
  ) {
    super(message);
  }
}

/** The command line is wrong: a missing argument, or options that exclude each other. */
export class UsageError extends Error {}
