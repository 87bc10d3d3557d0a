// Connections: where users come from.
import { z } from "zod";
import { defineOperation, noContent } from "../operation";
import { applyPatch, patchSchema, stringMapSchema } from "../patch";
import { conflict, notFound } from "../problem";
import {
  checkpointQuery,
  renderPage,
  selectFields,
  selectingCheckpointQuery,
  selectingQuery,
} from "../query";
import { randomAlphanumeric } from "../randomness";
import { type Connection, connections, deleteRecord } from "../records";
import type { View } from "../store";
import type { Tenant } from "../tenant";
import { managementMessages } from "../unverified";
import { findClient } from "./client";
import { changedOptions, fieldsOfStrategy, newOptions } from "./connection-options";

const fields = {
  display_name: z.string().max(128),
  options: z.record(z.string(), z.unknown()),
  enabled_clients: z.array(z.string()),
  is_domain_connection: z.boolean(),
  show_as_button: z.boolean(),
  realms: z.array(z.string().max(128)),
  metadata: stringMapSchema(10),
  authentication: z.strictObject({ active: z.boolean() }),
  connected_accounts: z.strictObject({ active: z.boolean(), cross_app_access: z.boolean().optional() }),
  cross_app_access_requesting_app: z.strictObject({ active: z.boolean() }),
  cross_app_access_resource_app: z.strictObject({ active: z.boolean(), status: z.string().optional() }),
};

export const connectionCreation = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[a-zA-Z0-9](-?[a-zA-Z0-9])*$/, "must have letters and digits, with single hyphens between them"),
  strategy: z.string().min(1),
  ...z.strictObject(fields).partial().shape,
});

const list = z.strictObject({
  ...selectingCheckpointQuery.shape,
  name: z.string().optional(),
  strategy: z.union([z.string(), z.array(z.string())]).optional(),
});

const enabling = z
  .array(z.strictObject({ client_id: z.string().min(1), status: z.boolean() }))
  .min(1)
  .max(50);

export const connectionOperations = [
  defineOperation({
    method: "GET",
    path: "/connections",
    scopes: ["read:connections"],
    status: 200,
    query: list,
    run({ view, query }) {
      const strategies = query.strategy === undefined ? undefined : [query.strategy].flat();
      const found = view
        .list(connections)
        .filter(
          ({ name, strategy }) =>
            (query.name === undefined || name === query.name) &&
            (!strategies || strategies.includes(strategy)),
        );
      return renderPage(found, query, {
        name: "connections",
        render: (connection) => selectFields(connection, query, alwaysShown),
      });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/connections",
    scopes: ["create:connections"],
    status: 201,
    body: connectionCreation,
    run({ view, body, tenant }) {
      if (view.findByIndex(connections, "name", body.name))
        throw conflict(managementMessages.connectionTaken);
      const connection = newConnection(tenant, body);
      view.put(connections, connection);
      return connection;
    },
  }),
  defineOperation({
    method: "GET",
    path: "/connections/:id",
    scopes: ["read:connections"],
    status: 200,
    query: selectingQuery,
    run: ({ view, params, query }) => selectFields(findConnection(view, params.id), query, alwaysShown),
  }),
  defineOperation({
    method: "PATCH",
    path: "/connections/:id",
    scopes: ["update:connections"],
    status: 200,
    body: patchSchema(fields, ["options", "enabled_clients"]),
    run({ view, params, body, tenant }) {
      const before = findConnection(view, params.id);
      const emptied = { options: {}, enabled_clients: [] };
      const given = body.options as Connection["options"] | null | undefined;
      const connection = {
        ...emptied,
        ...applyPatch(before, body, ["metadata"]),
        ...(given && {
          options: changedOptions(before.strategy, { ...before.options }, { ...given }, tenant),
        }),
      };
      view.put(connections, connection);
      return connection;
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/connections/:id",
    scopes: ["delete:connections"],
    // As go-auth0's recordings have it: users are deleted later, and what is gone is 204 (TestConnectionManager_Delete.yaml).
    status: 202,
    run({ view, params, tenant }) {
      const connection = view.get(connections, params.id ?? "");
      if (!connection) return noContent;
      deleteRecord(view, connections, connection.id);
      return { deleted_at: new Date(tenant.clock()).toISOString() };
    },
  }),
  defineOperation({
    method: "GET",
    path: "/connections/:id/clients",
    scopes: ["read:connections"],
    status: 200,
    query: checkpointQuery,
    run({ view, params }) {
      const { enabled_clients } = findConnection(view, params.id);
      return { clients: enabled_clients.map((client_id) => ({ client_id })) };
    },
  }),
  defineOperation({
    method: "PATCH",
    path: "/connections/:id/clients",
    scopes: ["update:connections"],
    status: 204,
    body: enabling,
    run({ view, params, body }) {
      const connection = findConnection(view, params.id);
      const enabled = new Set(connection.enabled_clients);
      for (const { client_id, status } of body) {
        findClient(view, client_id);
        if (status) enabled.add(client_id);
        else enabled.delete(client_id);
      }
      view.put(connections, { ...connection, enabled_clients: [...enabled] });
    },
  }),
];

export function newConnection(
  tenant: Tenant,
  { options, ...given }: Partial<Connection> & { name: string; strategy: string },
): Connection {
  return {
    id: `con_${randomAlphanumeric(tenant.random, 16)}`,
    options: newOptions(given.strategy, { ...options }, tenant),
    ...fieldsOfStrategy(given, tenant),
    is_domain_connection: false,
    authentication: { active: true },
    connected_accounts: { active: false },
    enabled_clients: [],
    realms: [given.name],
    ...given,
  };
}

/** What every answer has, whichever fields are asked for (terraform-provider-auth0, TestAccConnectionClients.yaml). */
const alwaysShown = ["id", "is_domain_connection", "authentication", "connected_accounts"];

/** @throws Problem 404 */
function findConnection(view: View, id: string | undefined): Connection {
  const connection = view.get(connections, id ?? "");
  if (!connection) throw notFound("The connection does not exist", "inexistent_connection");
  return connection;
}
