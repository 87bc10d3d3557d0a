// Client grants: which scopes of an API a client gets, and whether for organizations.
import { z } from "zod";
import { defineOperation } from "../operation";
import { applyPatch } from "../patch";
import { badRequest, conflict, insufficientEntitlement, notFound, tooManyEntities } from "../problem";
import { booleanParameter, checkpointQuery, renderPage } from "../query";
import { randomAlphanumeric } from "../randomness";
import {
  type Client,
  type ClientGrant,
  clientGrantKey,
  clientGrants,
  clients,
  deleteRecord,
  type OrganizationGrant,
  organizationGrants,
  organizations,
  type ResourceServer,
} from "../records";
import type { View } from "../store";
import { entityLimitsOf, managementAudience, type Tenant } from "../tenant";
import { managementMessages, unverifiedBehaviour } from "../unverified";
import { shownOrganization } from "./organization";
import { findResourceServerByIdentifier } from "./resource-server";

const fields = {
  scope: z.array(z.string().min(1)),
  organization_usage: z.enum(["deny", "allow", "require"]),
  allow_any_organization: z.boolean(),
  allow_all_scopes: z.boolean(),
  authorization_details_types: z.array(z.string()),
};

export const clientGrantCreation = z.strictObject({
  client_id: z.string().min(1).optional(),
  default_for: z.enum(["third_party_clients"]).optional(),
  audience: z.string().min(1),
  subject_type: z.enum(["client", "user"]).default("client"),
  ...z.strictObject(fields).partial().shape,
});

const change = z.strictObject({
  scope: fields.scope.nullable().optional(),
  organization_usage: fields.organization_usage.nullable().optional(),
  allow_any_organization: fields.allow_any_organization.nullable().optional(),
  allow_all_scopes: fields.allow_all_scopes.nullable().optional(),
  authorization_details_types: fields.authorization_details_types.optional(),
});

const list = z.strictObject({
  ...checkpointQuery.shape,
  audience: z.string().optional(),
  client_id: z.string().optional(),
  allow_any_organization: booleanParameter,
  subject_type: z.enum(["client", "user"]).optional(),
  default_for: z.enum(["third_party_clients"]).optional(),
});

export const clientGrantOperations = [
  defineOperation({
    method: "GET",
    path: "/client-grants",
    scopes: ["read:client_grants"],
    status: 200,
    query: list,
    run({ view, query }) {
      const { client_id, audience, subject_type, allow_any_organization, default_for } = query;
      const indexed =
        client_id !== undefined
          ? view.list(clientGrants, "client", client_id)
          : audience !== undefined
            ? view.list(clientGrants, "audience", audience)
            : view.list(clientGrants);
      const wanted = { audience, subject_type, allow_any_organization, default_for };
      const conditions = Object.entries(wanted).filter(([, value]) => value !== undefined);
      const byIndexAlone = conditions.every(([name]) => name === "audience" && client_id === undefined);
      const found = byIndexAlone
        ? indexed
        : indexed.filter((grant) => conditions.every(([name, value]) => Reflect.get(grant, name) === value));
      return renderPage(found, query, { name: "client_grants", render: shown });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/client-grants",
    scopes: ["create:client_grants"],
    status: 201,
    body: clientGrantCreation,
    run({ view, body, tenant }) {
      const server = findResourceServerByIdentifier(view, body.audience);
      if (!server) throw notFound("Resource server not found");
      const { client_id = "", default_for } = body;
      if (client_id === "" && default_for === undefined) {
        throw badRequest("Payload validation error: 'Missing required property: client_id'.");
      }
      const client = view.get(clients, client_id);
      if (!client && client_id !== "") throw notFound("Client not found");
      if (client?.app_type === "express_configuration") {
        throw badRequest("Client of type express_configuration cannot be used", "validation_error");
      }
      if (body.scope === undefined && !body.allow_all_scopes) {
        throw badRequest("Payload validation error: 'Missing required property: scope'.");
      }
      const grant: ClientGrant = {
        id: `cgr_${randomAlphanumeric(tenant.random, 16)}`,
        ...body,
        client_id,
        scope: granted(body.scope ?? [], server),
      };
      if (view.findByIndex(clientGrants, "unique", clientGrantKey(grant))) {
        throw conflict(`A client grant already exists between ${grant.client_id} and ${grant.audience}`);
      }
      check(grant, client, tenant, body);
      if (view.list(clientGrants).count() >= entityLimitsOf(tenant).clientGrants) throw tooManyEntities();
      view.put(clientGrants, grant);
      return shown(grant);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/client-grants/:id",
    scopes: ["read:client_grants"],
    status: 200,
    run: ({ view, params }) => shown(findGrant(view, params.id)),
  }),
  defineOperation({
    method: "PATCH",
    path: "/client-grants/:id",
    scopes: ["update:client_grants"],
    status: 200,
    body: change,
    run({ view, params, body, tenant }) {
      const before = findGrant(view, params.id);
      const grant = applyPatch(before, { ...body, ...(body.scope === null && { scope: [] }) });
      const client = view.get(clients, grant.client_id);
      check(grant, client, tenant, body);
      const server = findResourceServerByIdentifier(view, grant.audience);
      const changed = server ? { ...grant, scope: granted(grant.scope, server) } : grant;
      view.put(clientGrants, changed);
      return shown(changed);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/client-grants/:id",
    scopes: ["delete:client_grants"],
    status: 204,
    // Of a grant that is gone as well (go-auth0's recordings).
    run: ({ view, params }) => void deleteRecord(view, clientGrants, params.id ?? ""),
  }),
  defineOperation({
    method: "GET",
    path: "/client-grants/:id/organizations",
    scopes: ["read:organization_client_grants"],
    status: 200,
    query: checkpointQuery,
    run({ view, params, query }) {
      const { id } = findGrant(view, params.id);
      const render = ({ organization_id }: OrganizationGrant) => {
        const organization = view.get(organizations, organization_id);
        return organization && shownOrganization(organization);
      };
      return renderPage(view.list(organizationGrants, "grant", id), query, { name: "organizations", render });
    },
  }),
];

/** @throws Problem 404 */
function findGrant(view: View, id: string | undefined): ClientGrant {
  const grant = view.get(clientGrants, id ?? "");
  if (!grant) throw notFound("The grant does not exist.", "inexistent_client_grant");
  return grant;
}

/** A grant of all scopes names none, and a default has no client (terraform-provider-auth0's recordings). */
function shown({ client_id, scope, ...grant }: ClientGrant): object {
  const { id, ...rest } = grant;
  return { id, ...(client_id !== "" && { client_id }), ...(!grant.allow_all_scopes && { scope }), ...rest };
}

function check(
  grant: ClientGrant,
  client: Client | undefined,
  tenant: Tenant,
  body: { allow_all_scopes?: boolean | null; scope?: string[] | null },
): void {
  if (isForOrganizations(grant)) demandMachineOrganizations(tenant);
  // Refused even as false (pulumi-auth0#1069).
  if (grant.audience === managementAudience(tenant) && body.allow_all_scopes !== undefined) {
    throw badRequest(managementMessages.allScopesOnManagementApi);
  }
  if (body.allow_all_scopes && body.scope && body.scope.length > 0) {
    throw badRequest("scope and allow_all_scopes are mutually exclusive.");
  }
  if (grant.allow_any_organization && client?.is_first_party === false) {
    throw badRequest(managementMessages.thirdPartyAnyOrganization);
  }
}

const isForOrganizations = ({ organization_usage, allow_any_organization }: ClientGrant) =>
  (organization_usage ?? "deny") !== "deny" || allow_any_organization === true;

/** As recorded from a tenant of the free plan: plantonhq/planton, TestExplainAuth0OrganizationsEntitlement. @throws Problem 403 */
function demandMachineOrganizations({ plan }: Tenant): void {
  if (unverifiedBehaviour.plansWithMachineOrganizations.some((one) => one === plan)) return;
  throw insufficientEntitlement("Machine to Machine access to Organizations.");
}

/** Scopes that the Management API does not have are left out silently (terraform-provider-auth0#1376). */
function granted(scope: string[], server: ResourceServer): string[] {
  if (!server.is_system) return scope;
  const known = new Set(server.scopes?.map(({ value }) => value));
  return scope.filter((value) => known.has(value));
}
