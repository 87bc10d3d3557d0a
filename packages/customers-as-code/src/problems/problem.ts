// A problem in a file that a person wrote: where it is, what is wrong and what to do about it.
import { describeCode, type ProblemCode } from "./codes";
import { pluralize } from "./words";

export interface Problem {
  /** Path as the user would write it, relative to the project. */
  file: string;
  /** 1-based; absent where the file as a whole is meant. */
  line?: number;
  /** 1-based. */
  column?: number;
  /** What is wrong, for programs: docs/reference/problems.md. It stays, whatever becomes of the message. */
  code: ProblemCode;
  /** Keys that lead to it in the file, if a schema has found it. */
  path?: readonly PropertyKey[];
  /** What is wrong and the remedy, in one or two sentences. */
  message: string;
}

/** What is wrong, wherever it is. */
export type Fault = Pick<Problem, "code" | "message">;

/** `customers/acme.yaml:7:5  clients.ci.scopes[0]: ...` */
export function formatProblem({ file, line, column, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}  ${message}`;
}

/**
 * All problems, one a line in the order of files and places, and a last line that counts them and names their codes.
 * @param filesRead how many files were checked, if problems are of nothing but files
 */
export function formatProblems(problems: readonly Problem[], filesRead?: number): string {
  const files = new Set(problems.map((problem) => problem.file)).size;
  const count = pluralize(problems.length, "problem");
  const summary = filesRead === undefined ? count : `${count} in ${files} of ${pluralize(filesRead, "file")}`;
  const codes = [...new Set(problems.map(({ code }) => code))].sort(compareStrings);
  const help = `docs/reference/problems.md explains ${codes.join(", ")}`;
  return [...sortProblems(problems).map(formatProblem), `${summary}. ${help}`].join("\n");
}

/** All problems as docs/reference/commands.md describes them, in the same order. A problem of a whole file has neither line nor column. */
export function problemsAsJson(problems: readonly Problem[]): PrintedProblem[] {
  return sortProblems(problems).map(({ code, file, line, column, message }) => ({
    code,
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    message,
    remedy: describeCode(code).remedy,
  }));
}

/** The remedy is that of the code, for a program that has no use for the message. */
type PrintedProblem = Omit<Problem, "path"> & { remedy: string };

/** By files, and by places in a file. */
function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      compareStrings(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** Orders by UTF-16 code units: the same on every machine, whatever its locale. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
