// What is wrong with an answer or a file: its place, a sentence and a remedy, as the program `customers` reports problems.

export interface Problem {
  /** The flag, such as `--domain`, or the file. */
  place: string;
  /** What is wrong, and what to do about it. */
  message: string;
}

/** Ends the program. Nothing has been written. */
export class RefusedError extends Error {
  constructor(
    readonly problems: readonly Problem[],
    /** 2 if the command line is wrong, 1 if files are. */
    readonly exitCode: 1 | 2,
    /** What is of use beside the problems. */
    readonly note?: string,
  ) {
    super(problems.map(formatProblem).join("\n"));
  }
}

/** After Ctrl-C. Nothing has been written. */
export class InterruptedError extends Error {}

export function formatProblem({ place, message }: Problem): string {
  return `${place}  ${message}`;
}

/** The operating system's code, such as `ENOENT`. */
export function errorCode(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
}
