// Checks a plan and reports on it: in a job of CI, or on anyone's machine.
import { writeFileSync } from "node:fs";
import { ownClientIdOf } from "../../deployment/own-client";
import { joinPlans, type Plan } from "../../stacks/plan";
import { readStack } from "../../stacks/stack-settings";
import { changesOfCustomers } from "../customer-changes";
import { redact } from "../github/redact";
import { type Advice, checkPullRequest } from "../guards/check-pull-request";
import { checkDeploymentPlan, type Refusal } from "../guards/guards";
import { type CommentParts, changesToReview, renderComment } from "./comment-text";
import { checkReviewable } from "./grave-changes";
import { importedClients, readLastUse } from "./imported-clients";
import { askMoesif } from "./moesif";
import type { Previewed } from "./plan-file";

export interface Reviewed {
  previewed: Previewed;
  /** Of what the files declare. */
  changes: NonNullable<CommentParts["changes"]>;
  /** What refuses the settings of the policy pack. */
  policy: readonly Refusal[];
  /** File of the comment; without one it goes to the output. */
  comment: string | undefined;
  /** Of Pulumi.yaml. */
  folder: string;
}

/** Checks the plan and the changed files, logs what refuses them, and writes the comment. If anything does, the process ends with 1. */
export async function reportReview({
  previewed,
  changes,
  policy,
  comment: file,
  folder,
}: Reviewed): Promise<void> {
  const { main, others, shards } = previewed;
  const ofFiles = checkPullRequest(process.env);
  const plan = withAdvice(joinPlans(main, others), ofFiles.advice);
  const refusals = [
    ...checkReviewable(changesToReview({ plan, changes })),
    // As the deployment will be checked: each stack by itself.
    ...[main, ...others].flatMap((one) => checkDeploymentPlan(one, ownClientId(one))),
    ...policy,
    ...ofFiles.refusals,
  ];
  logRefusals(refusals);
  const comment = await describePlan({ plan, refusals, changes, ...(shards && { shards }) }, folder);
  if (file === undefined) console.log(`\n${comment}`);
  else writeFileSync(file, comment);
  if (isRefused(plan, refusals)) process.exitCode = 1;
}

/** Advice stands beside that of the policy pack. */
function withAdvice(plan: Plan, advice: readonly Advice[]): Plan {
  const violations = advice.map(({ about, message }) => ({ policy: about, isMandatory: false, message }));
  return { ...plan, violations: [...plan.violations, ...violations] };
}

/**
 * The comment, with what Moesif and the environment know, and without their secrets. These go only to addresses that the environment
 * and the files here name: whoever wrote the plan must not choose who gets them.
 * @param folder of Pulumi.yaml
 */
export async function describePlan(
  parts: Omit<CommentParts, "lastSeen" | "lastUse">,
  folder = ".",
): Promise<string> {
  const changes = changesOfCustomers(parts.plan);
  const imported = importedClients(parts.plan);
  const { domain } = readStack(parts.plan.stack, [], folder);
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, PR_HEAD, GITHUB_SHA } = process.env;
  const commit = PR_HEAD || GITHUB_SHA;
  const runUrl = GITHUB_RUN_ID && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const comment = renderComment({
    ...parts,
    lastSeen: await askMoesif(changes, process.env),
    ...(imported.length > 0 && { lastUse: await readLastUse(imported, domain, process.env) }),
    ...(commit && { commit }),
    ...(runUrl && { runUrl }),
  });
  return redact(comment, process.env);
}

/** The log has all of them, also if a comment doesn't have the room. */
export function logRefusals(refusals: readonly Refusal[]): void {
  for (const { guard, message } of refusals) {
    console.error(redact(`${guard}: ${message}`, process.env));
  }
}

export function isRefused({ errors, violations }: Plan, refusals: readonly Refusal[]): boolean {
  return errors.length > 0 || refusals.length > 0 || violations.some(({ isMandatory }) => isMandatory);
}

/** Id of the client with which Pulumi signs in to Auth0. */
export function ownClientId({ settings }: Plan): string | undefined {
  return ownClientIdOf(settings["auth0:clientId"]);
}
