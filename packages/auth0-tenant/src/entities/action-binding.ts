// What an action is bound to: the triggers that there are, and the bindings as they are kept.
import { badRequest } from "../problem";
import type { Table } from "../store";

export interface Binding {
  id: string;
  trigger_id: string;
  action_id: string;
  display_name: string;
  created_at: string;
  updated_at: string;
}

export const actionBindings: Table<Binding> = {
  name: "action-bindings",
  id: ({ id }) => id,
  indexes: { trigger: ({ trigger_id }) => trigger_id, action: ({ action_id }) => action_id },
};

interface Trigger {
  id: string;
  version: string;
  status: "CURRENT" | "DEPRECATED";
  runtimes: string[];
  default_runtime: string;
  compatible_triggers: { id: string; version: string }[];
  binding_policy: "trigger-bound" | "entity-bound";
}

/** How many versions a trigger has, and what actions are bound to: the trigger, or a thing that has them, such as an event stream. */
const versionsOf: [id: string, versions: number, policy?: Trigger["binding_policy"]][] = [
  ["post-login", 3],
  ["credentials-exchange", 2],
  ["pre-user-registration", 2],
  ["post-user-registration", 2],
  ["post-change-password", 2],
  ["send-phone-message", 2],
  ["password-reset-post-challenge", 1],
  ["custom-email-provider", 1],
  ["custom-phone-provider", 1],
  ["custom-token-exchange", 1, "entity-bound"],
  ["event-stream", 1, "entity-bound"],
  ["password-hash-migration", 1],
  ["mcp-tool", 1, "entity-bound"],
];

/** Each version of each trigger, the oldest first (go-auth0's recording TestActionManager_Triggers.yaml). */
export const triggers: Trigger[] = versionsOf.flatMap(([id, count, policy = "trigger-bound"]) =>
  Array.from({ length: count }, (_, at): Trigger => {
    const isCurrent = at === count - 1;
    return {
      ...{ id, version: `v${at + 1}`, status: isCurrent ? "CURRENT" : "DEPRECATED" },
      runtimes: isCurrent ? ["node12", "node18-actions", "node22"] : ["node12"],
      default_runtime: isCurrent ? "node22" : "node12",
      // Actions of the second version run in the third as well.
      compatible_triggers: id === "post-login" && isCurrent ? [{ id, version: "v2" }] : [],
      binding_policy: policy,
    };
  }),
);

/** @returns the first one's id */
export function demandTriggers(wanted: { id: string }[]): string {
  for (const { id } of wanted) {
    if (triggers.every((trigger) => trigger.id !== id))
      throw badRequest(`Path validation error: 'No enum match for: ${id}'.`, "invalid_uri");
  }
  return wanted[0]?.id ?? "";
}
