// Actions and what they are bound to. The tenant keeps them; it runs none.
import { z } from "zod";
import { defineOperation } from "../operation";
import { badRequest, conflict, notFound } from "../problem";
import { booleanParameter, pagingQuery } from "../query";
import { randomUuid } from "../randomness";
import type { Table, View } from "../store";
import { currentTimestamp } from "../tenant";
import { managementMessages } from "../unverified";

interface Version {
  id: string;
  number: number;
  code: string;
  deployed: boolean;
  status: "built";
  created_at: string;
  updated_at: string;
  [field: string]: unknown;
}

export interface Action {
  id: string;
  name: string;
  supported_triggers: { id: string; version?: string; status?: string }[];
  code?: string;
  dependencies: unknown[];
  runtime: string;
  status: "pending" | "built";
  secrets: { name: string; updated_at: string }[];
  all_changes_deployed: boolean;
  deployed_version?: Version;
  created_at: string;
  updated_at: string;
  [field: string]: unknown;
}

const actions: Table<Action> = {
  name: "actions",
  id: ({ id }) => id,
  indexes: { name: ({ name }) => name },
};

interface Binding {
  id: string;
  trigger_id: string;
  action_id: string;
  display_name: string;
  created_at: string;
  updated_at: string;
}

const actionBindings: Table<Binding> = {
  name: "action-bindings",
  id: ({ id }) => id,
  indexes: { trigger: ({ trigger_id }) => trigger_id, action: ({ action_id }) => action_id },
};

const fields = {
  name: z.string().min(1).max(80),
  supported_triggers: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        version: z.string().optional(),
        status: z.string().optional(),
      }),
    )
    .min(1)
    .max(1),
  code: z.string(),
  dependencies: z.array(
    z.strictObject({ name: z.string(), version: z.string(), registry_url: z.string().optional() }),
  ),
  runtime: z.enum(["node12", "node16", "node18", "node18-actions", "node22"]),
  secrets: z.array(z.strictObject({ name: z.string().min(1), value: z.string() })),
  modules: z.array(z.unknown()),
  deploy: z.boolean(),
};

const { name, supported_triggers, ...optional } = fields;
const creation = z.strictObject({ name, supported_triggers, ...z.strictObject(optional).partial().shape });
const change = z.strictObject(fields).partial();

const triggers = ["post-login", "credentials-exchange", "pre-user-registration", "post-user-registration"]
  .concat("post-change-password", "send-phone-message", "password-reset-post-challenge")
  .concat("custom-email-provider", "custom-phone-provider", "custom-token-exchange")
  .concat("event-stream", "password-hash-migration", "mcp-tool");

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

export const actionOperations = [
  defineOperation({
    method: "GET",
    path: "/actions/triggers",
    scopes: ["read:actions"],
    status: 200,
    run: () => ({
      triggers: triggers.map((id) => ({ id, version: "v3", status: "CURRENT", runtimes: ["node22"] })),
    }),
  }),
  defineOperation({
    method: "GET",
    path: "/actions/actions",
    scopes: ["read:actions"],
    status: 200,
    query: z.strictObject({
      page: pagingQuery.shape.page,
      per_page: pagingQuery.shape.per_page,
      triggerId: z.string().optional(),
      actionName: z.string().optional(),
      deployed: booleanParameter,
      installed: booleanParameter,
    }),
    run({ view, query }) {
      const { triggerId, actionName, deployed } = query;
      const found = view
        .list(actions)
        .filter(
          (action) =>
            (!triggerId || action.supported_triggers.some(({ id }) => id === triggerId)) &&
            (!actionName || action.name === actionName) &&
            (deployed === undefined || (action.deployed_version !== undefined) === deployed),
        );
      const shownPage = pageOf(query);
      return {
        ...unlessZero("total", found.count()),
        actions: found.slice(shownPage.offset, shownPage.per_page),
        ...shownPage.shown,
      };
    },
  }),
  defineOperation({
    method: "POST",
    path: "/actions/actions",
    scopes: ["create:actions"],
    status: 201,
    body: creation,
    run({ view, body, tenant }) {
      if (view.findByIndex(actions, "name", body.name)) throw conflict(managementMessages.actionTaken);
      demandTriggers(body.supported_triggers);
      const now = currentTimestamp(tenant);
      const { secrets = [], deploy: _, ...given } = body;
      const action: Action = {
        id: randomUuid(tenant.random),
        dependencies: [],
        runtime: "node22",
        // A stored action is built by the time that it is read.
        status: "built",
        all_changes_deployed: false,
        ...given,
        secrets: secrets.map(({ name }) => ({ name, updated_at: now })),
        created_at: now,
        updated_at: now,
      };
      view.put(actions, action);
      return { ...action, status: "pending" };
    },
  }),
  defineOperation({
    method: "GET",
    path: "/actions/actions/:id",
    scopes: ["read:actions"],
    status: 200,
    run: ({ view, params }) => findAction(view, params.id),
  }),
  defineOperation({
    method: "PATCH",
    path: "/actions/actions/:id",
    scopes: ["update:actions"],
    status: 200,
    body: change,
    run({ view, params, body, tenant }) {
      const before = findAction(view, params.id);
      const { secrets, deploy: _, ...given } = body;
      if (given.name && given.name !== before.name && view.findByIndex(actions, "name", given.name)) {
        throw conflict(managementMessages.actionTaken);
      }
      demandTriggers(given.supported_triggers ?? []);
      const now = currentTimestamp(tenant);
      const action: Action = {
        ...before,
        ...given,
        ...(secrets && { secrets: secrets.map(({ name }) => ({ name, updated_at: now })) }),
        all_changes_deployed: false,
        updated_at: now,
      };
      view.put(actions, action);
      return { ...action, status: "pending" };
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/actions/actions/:id",
    scopes: ["delete:actions"],
    status: 204,
    query: z.strictObject({ force: booleanParameter }),
    run({ view, params, query }) {
      const { id } = findAction(view, params.id);
      const bound = view.list(actionBindings, "action", id).toArray();
      if (bound.length > 0 && !query.force) {
        throw badRequest("The action is bound to a trigger. Unbind it first, or delete it with force=true.");
      }
      for (const binding of bound) view.delete(actionBindings, binding.id);
      view.delete(actions, id);
    },
  }),
  defineOperation({
    method: "POST",
    path: "/actions/actions/:id/deploy",
    scopes: ["create:actions"],
    status: 200,
    run({ view, params, tenant }) {
      const action = findAction(view, params.id);
      const now = currentTimestamp(tenant);
      const version: Version = {
        id: randomUuid(tenant.random),
        number: (action.deployed_version?.number ?? 0) + 1,
        code: action.code ?? "",
        dependencies: action.dependencies,
        runtime: action.runtime,
        status: "built",
        deployed: true,
        created_at: now,
        updated_at: now,
      };
      view.put(actions, { ...action, deployed_version: version, all_changes_deployed: true });
      // It takes a moment at Auth0: the answer is not deployed yet.
      return { ...version, deployed: false, action: { id: action.id, name: action.name } };
    },
  }),
  defineOperation({
    method: "GET",
    path: "/actions/triggers/:trigger/bindings",
    scopes: ["read:actions"],
    status: 200,
    query: z.strictObject({ page: pagingQuery.shape.page, per_page: pagingQuery.shape.per_page }),
    run({ view, params, query }) {
      const list = view.list(actionBindings, "trigger", demandTriggers([{ id: params.trigger ?? "" }]));
      const { offset, per_page, shown } = pageOf(query);
      const found = list.slice(offset, per_page).map((binding) => shownBinding(view, binding));
      return { ...unlessZero("total", list.count()), bindings: found, ...shown };
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
      const now = currentTimestamp(tenant);
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
      return { bindings: wanted.map((binding) => shownBinding(view, binding)) };
    },
  }),
];

function pageOf({ page: number = 0, per_page = 50 }: { page?: number; per_page?: number }) {
  return { offset: number * per_page, per_page, shown: { ...unlessZero("page", number), per_page } };
}

/** These answers leave a zero out (auth0-deploy-cli's recordings). */
const unlessZero = (name: string, value: number) => (value === 0 ? {} : { [name]: value });

function shownBinding(view: View, { action_id, ...binding }: Binding): object {
  return { ...binding, action: view.get(actions, action_id) };
}

/** @returns the first one's id */
function demandTriggers(wanted: { id: string }[]): string {
  for (const { id } of wanted) {
    if (!triggers.includes(id))
      throw badRequest(`Path validation error: 'No enum match for: ${id}'.`, "invalid_uri");
  }
  return wanted[0]?.id ?? "";
}

/** @throws Problem 404 */
function findAction(view: View, id: string | undefined): Action {
  const action = view.get(actions, id ?? "");
  if (!action) throw notFound("That action does not exist.");
  return action;
}
