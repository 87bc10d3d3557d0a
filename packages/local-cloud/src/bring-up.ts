// Deploys the company's stack to the local cloud, and reports a failure in the program's own words.
import { ConcurrentUpdateError, type Stack } from "@pulumi/pulumi/automation";
import { isKnownAwsType } from "./aws/aws-provider";
import { type Company, restorePlaces } from "./company/company";
import type { Progress } from "./engine/command";
import { createFailureLog } from "./program-failure";
import { resourceLog } from "./terminal";

/** Brings the stack up. @returns what was done, in a few words, and what of it has no effect */
export async function bringUp(
  stack: Stack,
  company: Company,
  say: Progress,
  signal: AbortSignal,
): Promise<{ summary: string; notices: string[] }> {
  const log = resourceLog(say);
  const failure = createFailureLog();
  signal.throwIfAborted();
  let errors = "";
  try {
    await stack.up({
      onEvent: (event) => {
        log.onEvent(event);
        failure.onEvent(event);
      },
      onError: (text) => (errors += text),
      signal,
      suppressProgress: true,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConcurrentUpdateError) throw error;
    throw new Error(restorePlaces(failure.message() ?? diagnostics(error, errors), company));
  }
  const notices = [...log.types()]
    .filter((type) => type.startsWith("aws:") && !isKnownAwsType(type))
    .map((type) => `${type} is kept as declared: the local cloud doesn't run it`);
  return { summary: log.summary(), notices };
}

/** Of what the CLI printed, the part that is for the user; what stops it before the program runs is no event. */
function diagnostics(error: unknown, errors: string): string {
  const output = error instanceof Error ? error.message : String(error);
  const [, found] =
    /Diagnostics:\n([\s\S]*?)(?:\n\s*\n(?:Outputs|Resources):|\n stderr:|$)/.exec(output) ?? [];
  // That the language host is the one on the PATH is our own doing.
  return (found ?? (errors || output))
    .replace(/^.*warning: using pulumi-language-nodejs from.*\n/gm, "")
    .trimEnd();
}
