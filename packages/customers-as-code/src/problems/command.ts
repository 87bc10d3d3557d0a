// How a command ends when it cannot do what it was asked to do; src/cli/main.ts prints these errors and sets the exit code.
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

/** The command line is wrong: a missing argument, or options that exclude each other. */
export class UsageError extends Error {}
