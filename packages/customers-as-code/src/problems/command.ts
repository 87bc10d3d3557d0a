// How a command ends when it cannot do what it was asked to do; src/cli/main.ts prints these errors and sets the exit code.

/** Lists everything that is wrong with what the user wrote. */
export class ProblemsError extends Error {}

/** The command line is wrong: a missing argument, or options that exclude each other. */
export class UsageError extends Error {}
