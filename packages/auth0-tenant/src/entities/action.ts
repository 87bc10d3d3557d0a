// Actions and their versions. The tenant keeps them; it runs none.
import { z } from "zod";
import { defineOperation } from "../operation";
import { badRequest, conflict, notFound } from "../problem";
import { booleanParameter, pagingQuery } from "../query";
import { randomUuid } from "../randomness";
import type { Table, View } from "../store";
import { currentTimestamp, type Tenant } from "../tenant";
import { managementMessages } from "../unverified";
import { actionBindings, demandTriggers } from "./action-binding";

interface Version {
  id: string;
  number: number;
  code: string;
  dependencies: unknown[];
  deployed: boolean;
  built_at: string;
  secrets: Action["secrets"];
  status: "built";
  created_at: string;
  updated_at: string;
  runtime: string;
  supported_triggers: Action["supported_triggers"];
}

interface StoredVersion extends Version {
  action_id: string;
}

const versions: Table<StoredVersion> = {
  name: "action-versions",
  id: ({ id }) => id,
  indexes: { action: ({ action_id }) => action_id },
};

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

export const actions: Table<Action> = {
  name: "actions",
  id: ({ id }) => id,
  indexes: { name: ({ name }) => name },
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

export const actionOperations = [
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
        actions: found.slice(shownPage.offset, shownPage.per_page).map(shown),
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
      const now = timestamp(tenant);
      const { secrets = [], deploy: isDeployed, ...given } = body;
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
      return pending(isDeployed ? deploy(view, tenant, action) : action);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/actions/actions/:id",
    scopes: ["read:actions"],
    status: 200,
    run: ({ view, params }) => shown(findAction(view, params.id)),
  }),
  defineOperation({
    method: "PATCH",
    path: "/actions/actions/:id",
    scopes: ["update:actions"],
    status: 200,
    body: change,
    run({ view, params, body, tenant }) {
      const before = findAction(view, params.id);
      const { secrets, deploy: isDeployed, ...given } = body;
      if (given.name && given.name !== before.name && view.findByIndex(actions, "name", given.name)) {
        throw conflict(managementMessages.actionTaken);
      }
      demandTriggers(given.supported_triggers ?? []);
      const now = timestamp(tenant);
      const action: Action = {
        ...before,
        ...given,
        ...(secrets && { secrets: secrets.map(({ name }) => ({ name, updated_at: now })) }),
        all_changes_deployed: false,
        updated_at: now,
      };
      view.put(actions, action);
      return pending(isDeployed ? deploy(view, tenant, action) : action);
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
      for (const version of view.list(versions, "action", id).toArray()) view.delete(versions, version.id);
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
      const { deployed_version: version } = deploy(view, tenant, action);
      // It takes a moment at Auth0: the answer is not deployed yet.
      return (
        version && { ...unbuilt(version), deployed: false, status: "built", action: shortAction(action) }
      );
    },
  }),
  defineOperation({
    method: "GET",
    path: "/actions/actions/:id/versions",
    scopes: ["read:actions"],
    status: 200,
    query: z.strictObject({ page: pagingQuery.shape.page, per_page: pagingQuery.shape.per_page }),
    run({ view, params, query }) {
      const action = findAction(view, params.id);
      const found = view.list(versions, "action", action.id).toArray().reverse();
      const { offset, per_page, shown: page } = pageOf(query);
      const listed = found.slice(offset, offset + per_page).map((one) => shownVersion(one, action));
      return { versions: listed, ...unlessZero("total", found.length), ...page };
    },
  }),
  defineOperation({
    method: "GET",
    path: "/actions/actions/:id/versions/:version",
    scopes: ["read:actions"],
    status: 200,
    run({ view, params }) {
      const action = findAction(view, params.id);
      const version = view.get(versions, params.version ?? "");
      if (version?.action_id !== action.id) throw notFound("That action version does not exist.");
      return shownVersion(version, action);
    },
  }),
];

/** Makes a version of the draft, and deploys it. @returns the action as it is stored then */
function deploy(view: View, tenant: Tenant, action: Action): Action {
  const now = timestamp(tenant);
  const version: Version = {
    code: action.code ?? "",
    dependencies: action.dependencies,
    id: randomUuid(tenant.random),
    deployed: true,
    number: (action.deployed_version?.number ?? 0) + 1,
    built_at: now,
    secrets: action.secrets,
    status: "built",
    created_at: now,
    updated_at: now,
    runtime: action.runtime,
    supported_triggers: action.supported_triggers,
  };
  const deployed = { ...action, deployed_version: version, all_changes_deployed: true };
  view.put(versions, { ...version, action_id: action.id });
  view.put(actions, deployed);
  return deployed;
}

function shown({ deployed_version: version, ...action }: Action): object {
  return { ...action, ...(version && { current_version: current(version), deployed_version: version }) };
}

/** The answer to a change: nothing is built yet. */
function pending(action: Action): object {
  const { deployed_version: version } = action;
  const isNew = action.all_changes_deployed && version;
  return {
    ...shown(action),
    status: "pending",
    ...(isNew && {
      current_version: { ...current(version), status: "PENDING", build_time: undefined },
      deployed_version: { ...unbuilt(version), status: "pending" },
    }),
  };
}

/** The older form of a version, which answers have beside the newer one. */
const current = ({ id, code, runtime, status, number, built_at, created_at, updated_at }: Version) => ({
  ...{ id, code, runtime, status: status.toUpperCase(), number, build_time: built_at },
  ...{ created_at, updated_at },
});

const unbuilt = ({ built_at: _, ...version }: Version) => version;

function shownVersion({ action_id: _, ...version }: StoredVersion, action: Action): object {
  const isDeployed = action.deployed_version?.id === version.id;
  return { ...version, deployed: isDeployed, action: shortAction(action) };
}

/** An action inside of another answer, always as it was made. */
function shortAction({ id, name, supported_triggers, created_at }: Action): object {
  return {
    ...{ id, name, supported_triggers, created_at, updated_at: created_at },
    all_changes_deployed: false,
  };
}

/** An action inside of a binding. */
export function boundAction(action: Action): object {
  const { deployed_version: version } = action;
  return {
    ...shortAction(action),
    ...(version && { current_version: current(version), deployed_version: version }),
  };
}

/** Auth0's times of actions have nanoseconds. */
export const timestamp = (tenant: Tenant) => currentTimestamp(tenant).replace("Z", "000000Z");

export function pageOf({ page: number = 0, per_page = 50 }: { page?: number; per_page?: number }) {
  return { offset: number * per_page, per_page, shown: { ...unlessZero("page", number), per_page } };
}

/** These answers leave a zero out (auth0-deploy-cli's recordings). */
export const unlessZero = (name: string, value: number) => (value === 0 ? {} : { [name]: value });

/** @throws Problem 404 */
function findAction(view: View, id: string | undefined): Action {
  const action = view.get(actions, id ?? "");
  if (!action) throw notFound("That action does not exist.");
  return action;
}
