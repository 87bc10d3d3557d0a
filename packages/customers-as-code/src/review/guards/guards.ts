// What a deployment must not do, seen in its plan: pure functions from the plan to refusals, each with its way out. What can
// be seen without one, policy/ and packages/customers-as-code/src/deployment/guard-removals.ts refuse wherever `pulumi up` runs.
// The program counts the losses of all its stacks in 24 hours, also of clients and scopes. A plan has one stack's steps, and it alone
// has what the engine replaces. So each counts by itself; which change of a status is a loss, how many may go, and what is reported of
// Pulumi's own client is the same code for both.

import { mainOf } from "../../customers/shard-placement";
import { lossByStatus } from "../../deployment/losses";
import { refuseOwnClient } from "../../deployment/own-client";
import { countAllowed, listFirstIds } from "../../deployment/removal-limit";
import { effectiveSettings } from "../../settings/effective-settings";
import type { Plan } from "../../stacks/plan";
import { type CustomerChange, changesOfCustomers, customerTypes, replacingSteps } from "../customer-changes";

/** What refuses, as docs/explanation/ci.md names it: for a refusal what its code is for a problem. */
type GuardName =
  | "owners"
  | "guards with customers"
  | "imports with delivery"
  | "replaced customers"
  | "number of customers"
  | "Pulumi's own client"
  | "policy settings"
  | "size of the review";

export interface Refusal {
  guard: GuardName;
  /** What is wrong and the way out, in plain text. */
  message: string;
}

/**
 * A share of customers is one of those that the plan's stack has: of a shard, the shard's.
 * @param ownClientId of the client with which Pulumi itself signs in to the tenant
 */
export function checkDeploymentPlan(plan: Plan, ownClientId: string | undefined): Refusal[] {
  const changes = changesOfCustomers(plan);
  return [
    ...checkReplacements(plan, changes),
    ...checkNumber(plan, changes),
    ...checkOwnClient(plan, ownClientId),
  ];
}

function checkReplacements(plan: Plan, changes: readonly CustomerChange[]): Refusal[] {
  const replaceable = listOf(setting(plan, "replaceable"));
  return changes.flatMap((change) => {
    const { id, previousId, isReplaced, clients } = change;
    const replaced = clients.filter(({ kind }) => kind === "replaced").map(({ name }) => `client "${name}"`);
    const what = [...(isReplaced ? ["organization"] : []), ...replaced];
    if (what.length === 0 || replaceable.includes(id)) return [];
    const names = [id, ...(previousId === undefined ? [] : [previousId])];
    const reasons = plan.steps.filter(
      ({ op, parent, differences }) =>
        replacingSteps.has(op) && differences.length > 0 && names.includes(parent?.name ?? ""),
    );
    const differences = [...new Set(reasons.flatMap((step) => step.differences))];
    const why = differences.length > 0 ? ` because of ${differences.join(", ")}` : "";
    const message = `The ${what.join(" and the ")} of ${id} would be replaced${why}: ids and secrets become others, and those that the customer has stop working. Undo what forces it; or, if you intend it: pulumi config set --path 'replaceable[${replaceable.length}]' ${id}`;
    return [{ guard: "replaced customers", message }];
  });
}

function checkNumber(plan: Plan, changes: readonly CustomerChange[]): Refusal[] {
  const limit = setting(plan, "removalLimit") ?? effectiveSettings({}).removalLimit;
  const before = plan.steps.filter(
    ({ type, old }) => type === customerTypes.customer && old !== undefined,
  ).length;
  const gone = changes.filter(
    ({ kind, isReplaced, clients, status }) =>
      kind === "removed" ||
      isReplaced ||
      clients.some((client) => client.kind === "replaced") ||
      lossByStatus(status.before, status.after) !== undefined,
  );
  const allowed = countAllowed(limit, before);
  if (gone.length <= allowed) return [];
  const ids = listFirstIds(gone.map(({ id }) => id));
  const where = mainOf(plan.stack) === undefined ? "" : ` of ${plan.stack}`;
  const suspended = gone.some(({ status }) => lossByStatus(status.before, status.after) === "suspended")
    ? ", suspended"
    : "";
  const message = `${ids}: ${gone.length} of ${before} customers${where} would be removed, closed${suspended} or replaced, and at most ${allowed} may go at once (${limit}). Deploy it in steps; or, if you intend it: pulumi config set removalLimit ${gone.length}`;
  return [{ guard: "number of customers", message }];
}

/** Of the portal's too, and of whatever else the stack has. */
function checkOwnClient({ steps }: Plan, ownClientId: string | undefined): Refusal[] {
  const deleted = steps
    .filter(({ type, op }) => type === customerTypes.client && (op === "delete" || replacingSteps.has(op)))
    .map(({ name, old }) => ({ id: old?.id, name }));
  const refused = refuseOwnClient(deleted, ownClientId);
  if (!refused) return [];
  const message = `The client ${refused.client} would be deleted, ${refused.reason}`;
  return [{ guard: "Pulumi's own client", message }];
}

function setting({ settings }: Plan, name: string): string | undefined {
  const [, value] = Object.entries(settings).find(([key]) => key.endsWith(`:${name}`)) ?? [];
  return value || undefined;
}

function listOf(json: string | undefined): string[] {
  const value: unknown = json === undefined ? [] : JSON.parse(json);
  return Array.isArray(value) ? value.map(String) : [];
}
