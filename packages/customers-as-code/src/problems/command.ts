// How the project's commands begin and end: their arguments, their errors, their exit codes.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { printNoCommands } from "./workflow-commands";

/** Says all that is wrong. */
export class ProblemsError extends Error {}

/** Says how the command is used. */
export class UsageError extends Error {}

/** @throws {UsageError} for arguments that the command does not know */
export function readArguments<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Of a command that takes nothing but options. @throws {UsageError} for arguments that the command does not know */
export function readOptions<T extends NonNullable<ParseArgsConfig["options"]>>(options: T) {
  return readArguments({ options, args: process.argv.slice(2) }).values;
}

/** Runs a command to its end: a wrong use is 2, any other failure is the code given. */
export async function runCommand(
  usage: string,
  failure: number,
  main: () => void | Promise<void>,
): Promise<void> {
  printNoCommands();
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) console.error(`\n${usage}`);
    process.exitCode = error instanceof UsageError ? 2 : failure;
  }
}
