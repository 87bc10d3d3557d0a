// How a command that failed says so: in words, or as JSON for the program that reads its output.
import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { CodedError, hasProblems, UsageError } from "../problems/command";
import { type Problem, problemsAsJson } from "../problems/problem";

/** Prints the failure. With `--json`, one document on the standard output, and otherwise words on the standard error. */
export function reportFailure(error: unknown, isJson: boolean, hint?: string): void {
  if (isJson) console.log(JSON.stringify({ problems: problemsAsJson(findProblems(error)) }, null, 2));
  else console.error([explainError(error), ...(hint === undefined ? [] : ["", hint])].join("\n"));
}

export function isWrongUse(error: unknown): boolean {
  return error instanceof UsageError || error instanceof CommanderError;
}

/** @param args those after the command's name, which may be wrong: the parser may not have come to the option */
export function isJsonRequested(command: CommandUnknownOpts, args: readonly string[]): boolean {
  if (!command.options.some(({ long }) => long === "--json")) return false;
  const { format } = command.opts();
  return args.includes("--json") || format === "json";
}

/** What failed, with a code: that of the problems or the error, or the one for whatever else can happen. */
export function findProblems(error: unknown): readonly Problem[] {
  if (hasProblems(error)) return error.problems;
  const message = explainError(error);
  const code = error instanceof CodedError ? error.code : undefined;
  if (isWrongUse(error)) return [{ file: "the command", code: code ?? "command-line-invalid", message }];
  return [{ file: "the command", code: code ?? "command-failed", message }];
}

/** Commander's messages begin with "error: " and the suggestion is on a line of its own. */
function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof CommanderError)) return error.message;
  const message = error.message.replace(/^error: /, "");
  return message.charAt(0).toUpperCase() + message.slice(1);
}
