// Triggers, and the actions that are bound to them.
import { z } from "zod";
import { defineOperation } from "../operation";
import { badRequest, notFound } from "../problem";
import { pagingQuery } from "../query";
import { randomUuid } from "../randomness";
import type { View } from "../store";
import { actions, boundAction, pageOf, timestamp, unlessZero } from "./action";
import { actionBindings, type Binding, demandTriggers, triggers } from "./action-binding";

const bindingsBody = z.strictObject({
  bindings: z
    .array(
      z.strictObject({
        display_name: z.string().min(1).optional(),
        ref: z.strictObject({
          type: z.enum(["binding_id", "action_id", "action_name"]),
          value: z.string().min(1),
        }),
        secrets: z.array(z.unknown()).optional(),
      }),
    )
    .max(20),
});

export const actionTriggerOperations = [
  defineOperation({
    method: "GET",
    path: "/actions/triggers",
    scopes: ["read:actions"],
    status: 200,
    run: () => ({ triggers }),
  }),
  defineOperation({
    method: "GET",
    path: "/actions/triggers/:trigger/bindings",
    scopes: ["read:actions"],
    status: 200,
    query: z.strictObject({ page: pagingQuery.shape.page, per_page: pagingQuery.shape.per_page }),
    run({ view, params, query }) {
      const list = view.list(actionBindings, "trigger", demandTriggers([{ id: params.trigger ?? "" }]));
      const { offset, per_page, shown: page } = pageOf(query);
      const found = list.slice(offset, per_page).map((binding) => shown(view, binding));
      return { ...unlessZero("total", list.count()), bindings: found, ...page };
    },
  }),
  defineOperation({
    method: "PATCH",
    path: "/actions/triggers/:trigger/bindings",
    scopes: ["update:actions"],
    status: 200,
    body: bindingsBody,
    run({ view, params, body, tenant }) {
      const trigger_id = demandTriggers([{ id: params.trigger ?? "" }]);
      const before = view.list(actionBindings, "trigger", trigger_id).toArray();
      const now = timestamp(tenant);
      const wanted = body.bindings.map(({ ref, display_name }): Binding => {
        const bound = before.find(({ id }) => ref.type === "binding_id" && id === ref.value);
        const action =
          ref.type === "action_name"
            ? view.findByIndex(actions, "name", ref.value)
            : view.get(actions, bound?.action_id ?? ref.value);
        if (!action) throw notFound("That action does not exist.");
        if (!action.deployed_version) throw badRequest(`The action ${action.name} is not deployed.`);
        if (action.supported_triggers.every(({ id }) => id !== trigger_id)) {
          throw badRequest(`The action ${action.name} does not support the trigger ${trigger_id}.`);
        }
        return {
          id: bound?.id ?? randomUuid(tenant.random),
          trigger_id,
          action_id: action.id,
          display_name: display_name ?? action.name,
          created_at: bound?.created_at ?? now,
          updated_at: now,
        };
      });
      for (const { id } of before) view.delete(actionBindings, id);
      for (const binding of wanted) view.put(actionBindings, binding);
      return { bindings: wanted.map((binding) => shown(view, binding)) };
    },
  }),
];

function shown(view: View, { id, trigger_id, action_id, ...rest }: Binding): object {
  const action = view.get(actions, action_id);
  return { id, trigger_id, ...(action && { action: boundAction(action) }), ...rest };
}
