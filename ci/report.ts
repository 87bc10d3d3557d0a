// What is said of a plan where it was made: on a machine of CI, or anyone's.
import { type CommentParts, renderComment } from "./comment-text";
import { changesOfCustomers } from "./customer-changes";
import type { Refusal } from "./guards";
import { describeImports, importedClients, readLastUse } from "./imported-clients";
import { askMoesif } from "./moesif";
import type { Plan } from "./plan";
import { redact } from "./redact";

/** The comment, with what Moesif and the environment know, and without their secrets. */
export async function describe(parts: Omit<CommentParts, "lastSeen" | "imports">): Promise<string> {
  const changes = changesOfCustomers(parts.plan);
  const imported = importedClients(parts.plan);
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, PR_HEAD, GITHUB_SHA } = process.env;
  const commit = PR_HEAD || GITHUB_SHA;
  const runUrl = GITHUB_RUN_ID && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const comment = renderComment({
    ...parts,
    lastSeen: await askMoesif(changes, process.env),
    imports: describeImports(imported, await readLastUse(imported, parts.plan, process.env)),
    ...(commit && { commit }),
    ...(runUrl && { runUrl }),
  });
  return redact(comment, process.env);
}

/** A comment may have no room for all of them, and says then that the log has. */
export function logRefusals(refusals: readonly Refusal[]): void {
  for (const { guard, message } of refusals) console.error(redact(`${guard}: ${message}`, process.env));
}

export function isRefused({ errors, violations }: Plan, refusals: readonly Refusal[]): boolean {
  return errors.length > 0 || refusals.length > 0 || violations.some(({ isMandatory }) => isMandatory);
}

/** Of the client by which Pulumi signs in to Auth0. */
export function ownClientId({ settings }: Plan): string | undefined {
  return settings["auth0:clientId"] ?? process.env.AUTH0_CLIENT_ID;
}
