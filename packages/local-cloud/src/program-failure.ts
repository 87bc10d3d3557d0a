// What a failed run of the engine says to its user: the program's own words, without those of the engine around them.
import { CommandError, ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation";

export interface FailureLog {
  onEvent(event: EngineEvent): void;
  /** Nothing if the engine has reported no error. */
  message(): string | undefined;
}

/** Collects the errors of a run. */
export function createFailureLog(): FailureLog {
  const errors: { subject: string; text: string }[] = [];
  return {
    onEvent({ diagnosticEvent: event }) {
      if (event?.severity !== "error") return;
      const text = event.message.replace(/<\{%[^%]*%\}>/g, "").trim();
      // The engine's own last word, after what has failed.
      if (text === "" || /^(update|preview) failed$/.test(text)) return;
      errors.push({ subject: describeResource(event.urn ?? ""), text });
    },
    message() {
      if (errors.length === 0) return undefined;
      return errors.map(({ subject, text }) => `${subject}${text}`).join("\n");
    },
  };
}

/** What is printed of an error that ends a command. */
export function explainFailure(error: unknown): string {
  // The engine would have the user delete the lock of a deployment that is running.
  if (error instanceof ConcurrentUpdateError) {
    return "Another process is deploying this stack. Wait until it ends, or use another cloud with --directory.";
  }
  if (!(error instanceof Error)) return String(error);
  // The Automation API's message is the exit code and both outputs, which say the same.
  const reasons = error instanceof CommandError ? (error.message.match(/(?<=^error: ).+$/gm) ?? []) : [];
  return reasons.length > 0 ? [...new Set(reasons)].join("\n") : error.message;
}

/** Such as `auth0:index/client:Client acme/default: `; nothing for what the program itself reports. */
function describeResource(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return type === "" || type === "pulumi:pulumi:Stack" ? "" : `${type} ${name}: `;
}
