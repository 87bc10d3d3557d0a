// Organizations with their members, client grants and connections.
import { z } from "zod";
import { defineOperation } from "../operation";
import { applyPatch, patchSchema, stringMapSchema, tokenQuotaSchema, withoutNulls } from "../patch";
import { badRequest, conflict, notFound, tooManyEntities } from "../problem";
import {
  booleanParameter,
  checkpointQuery,
  type PageTotals,
  pagingQuery,
  renderPage,
  selectFields,
  selectingCheckpointQuery,
} from "../query";
import { randomAlphanumeric } from "../randomness";
import {
  type ClientGrant,
  clientGrants,
  connections,
  deleteRecord,
  type Membership,
  memberships,
  type Organization,
  type OrganizationConnection,
  type OrganizationGrant,
  organizationConnections,
  organizationGrants,
  organizations,
  users,
} from "../records";
import type { View } from "../store";
import { entityLimitsOf, type Tenant } from "../tenant";
import { managementMessages } from "../unverified";

/** @throws Problem 404, which has no errorCode here */
export function findOrganization(view: View, id: string | undefined): Organization {
  const organization = view.get(organizations, id ?? "");
  if (!organization) throw notFound("No organization found by that id or name");
  return organization;
}

/** In Auth0's order, with the two settings that every organization shows since July and August 2026. */
export function shownOrganization({ id, name, display_name, metadata, ...rest }: Organization): object {
  return {
    ...{ id, ...(display_name !== undefined && { display_name }), name },
    ...(metadata && Object.keys(metadata).length > 0 && { metadata }),
    ...{ third_party_client_access: "block", is_app_entitlement_active: false, ...rest },
  };
}

const name = z
  .string()
  .min(1)
  .max(50)
  .regex(
    /^[a-z0-9][a-z0-9_-]*$/,
    "must have lower-case letters, digits, hyphens and underscores, and begin with a letter or digit",
  );
const color = z.string().regex(/^#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$/);

const fields = {
  name,
  display_name: z.string().min(1).max(255),
  branding: z.strictObject({
    logo_url: z.url().nullable().optional(),
    colors: z.strictObject({ primary: color, page_background: color }).nullable().optional(),
  }),
  metadata: stringMapSchema(25),
  token_quota: tokenQuotaSchema,
  third_party_client_access: z.enum(["allow", "block"]),
  is_app_entitlement_active: z.boolean(),
};

const connectionFields = {
  assign_membership_on_login: z.boolean(),
  show_as_button: z.boolean(),
  is_signup_enabled: z.boolean(),
  is_enabled: z.boolean(),
  organization_connection_name: z.string().min(1).max(50),
  organization_access_level: z.enum(["none", "readonly", "limited", "full"]),
};

const { name: _, ...optional } = fields;
export const enabledConnection = z.strictObject({
  connection_id: z.string().min(1),
  ...z.strictObject(connectionFields).partial().shape,
});
export const organizationCreation = z.strictObject({
  name,
  ...z.strictObject(optional).partial().shape,
  enabled_connections: z.array(enabledConnection).max(10).optional(),
});
const change = patchSchema(fields, ["token_quota"]);
const memberIds = z.strictObject({ members: z.array(z.string().min(1)).min(1).max(10) });

/** Lists of 2026 that stay empty, as nothing can be added to them here. */
const emptyLists = [
  ["clients", "organization_clients"],
  ["discovery-domains", "organization_discovery_domains"],
] as const;

const emptyListOperations = emptyLists.map(([name, right]) =>
  defineOperation({
    method: "GET",
    path: `/organizations/:id/${name}`,
    scopes: [`read:${right}`],
    status: 200,
    query: checkpointQuery,
    run({ view, params }) {
      findOrganization(view, params.id);
      return { [name === "clients" ? name : "domains"]: [] };
    },
  }),
);

/** Auth0 serves an organization's connections under two names, of which the older one is what SDKs of before 2026 know. */
const connectionOperations = (["connections", "enabled_connections"] as const).flatMap((name) => [
  defineOperation({
    method: "GET",
    path: `/organizations/:id/${name}`,
    scopes: ["read:organization_connections"],
    status: 200,
    query: z.strictObject({ ...pagingQuery.shape, is_enabled: booleanParameter }),
    run({ view, params, query }) {
      const { id } = findOrganization(view, params.id);
      const all = view.list(organizationConnections, "organization", id);
      const { is_enabled } = query;
      const found =
        is_enabled === undefined ? all : all.filter((one) => (one.is_enabled ?? true) === is_enabled);
      const render = (one: OrganizationConnection) => shownConnection(view, one);
      return renderPage(found, query, { name, render });
    },
  }),
  defineOperation({
    method: "POST",
    path: `/organizations/:id/${name}`,
    scopes: ["create:organization_connections"],
    status: 201,
    body: enabledConnection,
    run({ view, params, body, tenant }) {
      const { id } = findOrganization(view, params.id);
      return shownConnection(view, addConnection(view, tenant, id, body));
    },
  }),
  defineOperation({
    method: "GET",
    path: `/organizations/:id/${name}/:connection`,
    scopes: ["read:organization_connections"],
    status: 200,
    run: ({ view, params }) => shownConnection(view, findConnection(view, params)),
  }),
  defineOperation({
    method: "PATCH",
    path: `/organizations/:id/${name}/:connection`,
    scopes: ["update:organization_connections"],
    status: 200,
    body: patchSchema(connectionFields),
    run({ view, params, body }) {
      const changed = applyPatch(findConnection(view, params), body);
      view.put(organizationConnections, changed);
      return shownConnection(view, changed);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: `/organizations/:id/${name}/:connection`,
    scopes: ["delete:organization_connections"],
    status: 204,
    // Of a connection that the organization does not have as well.
    run({ view, params }) {
      const { id } = findOrganization(view, params.id);
      view.delete(organizationConnections, `${id} ${params.connection ?? ""}`);
    },
  }),
]);

export const organizationOperations = [
  ...emptyListOperations,
  ...connectionOperations,
  defineOperation({
    method: "GET",
    path: "/organizations",
    scopes: ["read:organizations"],
    status: 200,
    query: z.strictObject({
      ...checkpointQuery.shape,
      sort: z
        .string()
        .regex(/^[a-z_]+:(1|-1)$/)
        .optional(),
    }),
    run({ view, query }) {
      return renderPage(view.list(organizations), query, {
        name: "organizations",
        render: shownOrganization,
        reach: 1000,
      });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/organizations",
    scopes: ["create:organizations"],
    status: 201,
    body: organizationCreation,
    run({ view, body, tenant }) {
      const { organization, added } = createOrganization(view, tenant, body);
      const enabled_connections = added.map((connection) => shownConnection(view, connection));
      return { ...shownOrganization(organization), ...(added.length > 0 && { enabled_connections }) };
    },
  }),
  defineOperation({
    method: "GET",
    path: "/organizations/name/:name",
    scopes: ["read:organizations"],
    status: 200,
    run({ view, params }) {
      const organization = view.findByIndex(organizations, "name", params.name ?? "");
      if (!organization) throw notFound("No organization found by that id or name");
      return shownOrganization(organization);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/organizations/:id",
    scopes: ["read:organizations"],
    status: 200,
    run: ({ view, params }) => shownOrganization(findOrganization(view, params.id)),
  }),
  defineOperation({
    method: "PATCH",
    path: "/organizations/:id",
    scopes: ["update:organizations"],
    status: 200,
    body: change,
    run({ view, params, body }) {
      const before = findOrganization(view, params.id);
      // The metadata is replaced as a whole (terraform-provider-auth0's recordings).
      const organization = clean(applyPatch(before, body));
      if (organization.name !== before.name) demandFreeName(view, organization.name);
      view.put(organizations, organization);
      return shownOrganization(organization);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/organizations/:id",
    scopes: ["delete:organizations"],
    status: 204,
    run({ view, params }) {
      const { id } = findOrganization(view, params.id);
      deleteRecord(view, organizations, id);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/organizations/:id/members",
    scopes: ["read:organization_members"],
    status: 200,
    query: selectingCheckpointQuery,
    run({ view, params, query }) {
      const { id } = findOrganization(view, params.id);
      const render = ({ user_id }: Membership) => {
        const user = view.get(users, user_id);
        const { email, name, picture } = user ?? {};
        const member = {
          user_id,
          ...(email && { email }),
          ...(picture && { picture }),
          ...(name && { name }),
        };
        return selectFields(member, query);
      };
      // An empty page has no totals: terraform-provider-auth0, TestAccOrganizationConnection.yaml.
      const totals = (all: PageTotals, shown: readonly unknown[]) => (shown.length > 0 ? all : {});
      const style = { name: "members", render, reach: 1000, alwaysNext: true, totals };
      return renderPage(view.list(memberships, "organization", id), query, style);
    },
  }),
  defineOperation({
    method: "POST",
    path: "/organizations/:id/members",
    scopes: ["create:organization_members"],
    status: 204,
    body: memberIds,
    run({ view, params, body, tenant }) {
      const { id } = findOrganization(view, params.id);
      const unknown = body.members.filter((user) => !view.get(users, user));
      if (unknown.length > 0) throw notFound("The user does not exist.", "inexistent_user");
      for (const user_id of body.members) view.put(memberships, { organization_id: id, user_id });
      if (
        view.list(memberships, "organization", id).count() > entityLimitsOf(tenant).membersPerOrganization
      ) {
        throw tooManyEntities();
      }
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/organizations/:id/members",
    scopes: ["delete:organization_members"],
    status: 204,
    body: memberIds,
    run({ view, params, body }) {
      const { id } = findOrganization(view, params.id);
      for (const user of body.members)
        deleteRecord(view, memberships, memberships.id({ organization_id: id, user_id: user }));
    },
  }),
  defineOperation({
    method: "GET",
    path: "/organizations/:id/client-grants",
    scopes: ["read:organization_client_grants"],
    status: 200,
    query: z.strictObject({
      ...pagingQuery.shape,
      audience: z.string().optional(),
      client_id: z.string().optional(),
      grant_ids: z.union([z.string(), z.array(z.string())]).optional(),
      is_enabled: booleanParameter,
    }),
    run({ view, params, query }) {
      const { id } = findOrganization(view, params.id);
      const { audience, client_id, grant_ids } = query;
      const ids = grant_ids === undefined ? undefined : [grant_ids].flat();
      const added = view.list(organizationGrants, "organization", id);
      const found =
        audience || client_id || ids
          ? added.filter(({ grant_id }) => {
              const grant = view.get(clientGrants, grant_id);
              return (
                (!audience || grant?.audience === audience) &&
                (!client_id || grant?.client_id === client_id) &&
                (!ids || ids.includes(grant_id))
              );
            })
          : added;
      const render = ({ grant_id }: OrganizationGrant) => {
        const grant = view.get(clientGrants, grant_id);
        return { id: grant_id, ...shownGrant(grant), subject_type: grant?.subject_type };
      };
      return renderPage(found, query, { name: "client_grants", render });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/organizations/:id/client-grants",
    scopes: ["create:organization_client_grants"],
    status: 201,
    body: z.strictObject({ grant_id: z.string().min(1) }),
    run({ view, params, body, tenant }) {
      const organization_id = params.id ?? "";
      if (!view.get(organizations, organization_id)) throw notFound("No organization found by that id");
      const grant = view.get(clientGrants, body.grant_id);
      if (!grant) throw notFound("The grant does not exist.");
      if (grant.organization_usage === undefined || grant.organization_usage === "deny") {
        throw badRequest("The client grant does not allow organizations: its organization_usage is deny.");
      }
      const added = { organization_id, grant_id: grant.id };
      if (view.get(organizationGrants, organizationGrants.id(added))) {
        throw conflict("The client grant has already been added to this organization.");
      }
      const limit = entityLimitsOf(tenant).clientGrantsPerOrganization;
      if (view.list(organizationGrants, "organization", organization_id).count() >= limit) {
        throw conflict(
          `Quota exceeded; cannot add more than ${limit} client grants to a single organization`,
        );
      }
      view.put(organizationGrants, added);
      return { grant_id: grant.id, ...shownGrant(grant) };
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/organizations/:id/client-grants/:grant",
    scopes: ["delete:organization_client_grants"],
    status: 204,
    run({ view, params }) {
      const { id } = findOrganization(view, params.id);
      view.delete(organizationGrants, `${id} ${params.grant ?? ""}`);
    },
  }),
];

/** @param id instead of one that the tenant makes up, as only a seed may choose it */
export function createOrganization(
  view: View,
  tenant: Tenant,
  { enabled_connections = [], ...given }: z.output<typeof organizationCreation>,
  id = `org_${randomAlphanumeric(tenant.random, 16)}`,
) {
  demandFreeName(view, given.name);
  if (view.list(organizations).count() >= entityLimitsOf(tenant).organizations) throw tooManyEntities();
  const organization = clean({ id, ...given });
  view.put(organizations, organization);
  const added = enabled_connections.map((connection) => addConnection(view, tenant, id, connection));
  return { organization, added };
}

/** Metadata hold no nulls. */
function clean({ metadata, ...organization }: Organization): Organization {
  return { ...organization, ...(metadata && { metadata: withoutNulls(metadata) }) };
}

function demandFreeName(view: View, name: string): void {
  if (view.findByIndex(organizations, "name", name))
    throw conflict("An organization with this name already exists.");
}

function shownGrant(grant: ClientGrant | undefined): object {
  const { client_id, audience, scope, organization_usage, allow_any_organization } = grant ?? {};
  return {
    ...{ client_id, audience, scope },
    ...(organization_usage && { organization_usage }),
    ...(allow_any_organization !== undefined && { allow_any_organization }),
  };
}

function shownConnection(view: View, one: OrganizationConnection): object {
  const { organization_id: _organization, ...rest } = one;
  const { name, strategy } = view.get(connections, one.connection_id) ?? {};
  return { ...rest, connection: { name, strategy } };
}

function addConnection(
  view: View,
  tenant: Tenant,
  organization_id: string,
  given: Partial<OrganizationConnection> & { connection_id: string },
): OrganizationConnection {
  const connection = view.get(connections, given.connection_id);
  if (!connection) throw notFound("No connection found by that id");
  const added: OrganizationConnection = {
    organization_id,
    assign_membership_on_login: false,
    show_as_button: true,
    ...(connection.strategy === "auth0" && { is_signup_enabled: false }),
    organization_access_level: "none",
    ...given,
  };
  if (view.get(organizationConnections, organizationConnections.id(added))) {
    throw conflict(managementMessages.connectionAdded);
  }
  const limit = entityLimitsOf(tenant).connectionsPerOrganization;
  if (view.list(organizationConnections, "organization", organization_id).count() >= limit)
    throw tooManyEntities();
  view.put(organizationConnections, added);
  return added;
}

function findConnection(view: View, params: Record<string, string>): OrganizationConnection {
  const { id } = findOrganization(view, params.id);
  const found = view.get(organizationConnections, `${id} ${params.connection ?? ""}`);
  if (!found) throw notFound("No connection found by that id");
  return found;
}
