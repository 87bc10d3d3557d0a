// POST /oauth/token for client credentials, with organizations.
import type { Context, Handler } from "hono";
import { type Claims, signToken } from "./access-token";
import { authenticateClient } from "./client-authentication";
import { findResourceServerByIdentifier } from "./entities/resource-server";
import { readTenantSettings, type TenantSettings } from "./entities/tenant-settings";
import type { TenantEnvironment } from "./hono-app";
import { OAuthError, refuseTokenRequest } from "./oauth-error";
import {
  type Client,
  type ClientGrant,
  clientGrantKey,
  clientGrants,
  type Organization,
  organizationGrants,
  organizations,
  type ResourceServer,
} from "./records";
import type { View } from "./store";
import { issuerOf, type Tenant } from "./tenant";
import { countToken } from "./token-quota";
import { scopesNotGranted, unverifiedBehaviour } from "./unverified";

/** What a request asks for once its client is known. */
interface Issue {
  client: Client;
  grant: ClientGrant;
  server: ResourceServer;
  scope: string[];
  organization?: Organization;
  settings: TenantSettings;
}

export function tokenEndpoint(tenant: Tenant): Handler<TenantEnvironment> {
  return async (c) => {
    const request: { client?: Client; parameters: Record<string, string> } = { parameters: {} };
    const noStore = { "cache-control": "no-store", pragma: "no-cache" };
    try {
      const parameters = parse(c, await c.req.text());
      request.parameters = parameters;
      demandGrantType(parameters);
      const client = await authenticateClient(tenant, parameters, c.req.header("authorization"));
      request.client = client;
      c.set("clientId", client.client_id);
      const issue = tenant.store.read((view) => decide(view, tenant, client, parameters));
      const quotaHeaders = await countToken(tenant, issue);
      const answer = await issueToken(tenant, issue);
      log(c, tenant, { type: "seccft", ...eventOf(issue) });
      return c.json(answer, { status: 200, headers: { ...noStore, ...quotaHeaders } });
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const { client, parameters } = request;
      log(c, tenant, {
        type: "feccft",
        description: error.message,
        client_id: client?.client_id ?? parameters.client_id,
        client_name: client?.name,
        audience: parameters.audience,
      });
      return c.json(error.body, { status: error.status as 400, headers: { ...noStore, ...error.headers } });
    }
  };
}

function demandGrantType({ grant_type }: Record<string, string>): void {
  if (!grant_type) refuseTokenRequest("missingGrantType");
  if (grant_type !== "client_credentials")
    refuseTokenRequest("unsupportedGrantType", `Unsupported grant type: ${grant_type}`);
}

/** Checks the request in Auth0's order. @throws OAuthError */
function decide(view: View, tenant: Tenant, client: Client, parameters: Record<string, string>): Issue {
  if (!client.grant_types.includes("client_credentials")) {
    throw new OAuthError(
      403,
      "unauthorized_client",
      "Grant type 'client_credentials' not allowed for the client.",
      { error_uri: "https://auth0.com/docs/clients/client-grant-types" },
    );
  }
  const settings = readTenantSettings(view);
  const audience = parameters.audience || settings.default_audience;
  if (!audience) return refuseTokenRequest("noAudience");
  const server = findResourceServerByIdentifier(view, audience);
  if (!server) {
    throw new OAuthError(403, "access_denied", `Service not enabled within domain: ${audience}`);
  }
  const key = clientGrantKey({ client_id: client.client_id, audience, subject_type: "client" });
  const grant = view.findByIndex(clientGrants, "unique", key);
  if (!grant) {
    throw new OAuthError(
      403,
      "access_denied",
      `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`,
    );
  }
  const scope = scopesFor(grant, server, parameters.scope);
  const organization = organizationFor(view, tenant, {
    client,
    grant,
    settings,
    asked: parameters.organization,
  });
  return { client, grant, server, scope, settings, ...(organization && { organization }) };
}

function scopesFor(grant: ClientGrant, server: ResourceServer, asked: string | undefined): string[] {
  const known = server.scopes?.map(({ value }) => value) ?? [];
  const all = grant.allow_all_scopes
    ? known
    : unverifiedBehaviour.unknownScopesAreNotIssued
      ? grant.scope.filter((scope) => known.includes(scope))
      : grant.scope;
  const wanted = [...new Set(asked?.split(" ").filter((scope) => scope !== ""))];
  if (wanted.length === 0) return all;
  const refused = wanted.filter((scope) => !all.includes(scope));
  if (refused.length > 0) throw new OAuthError(403, "access_denied", scopesNotGranted(refused));
  return wanted;
}

interface OrganizationQuestion {
  client: Client;
  grant: ClientGrant;
  settings: TenantSettings;
  asked: string | undefined;
}

/** The grant's organization_usage decides, not the client's, which is for users' logins. */
function organizationFor(
  view: View,
  tenant: Tenant,
  { client, grant, settings, asked }: OrganizationQuestion,
): Organization | undefined {
  const usage = grant.organization_usage ?? "deny";
  const byDefault = client.default_organization;
  const wanted =
    asked ||
    (usage === "require" && byDefault?.flows.includes("client_credentials")
      ? byDefault.organization_id
      : undefined);
  if (usage === "deny") return wanted ? refuseTokenRequest("organizationNotAllowed") : undefined;
  if (!wanted) return usage === "require" ? refuseTokenRequest("organizationRequired") : undefined;
  if (!unverifiedBehaviour.plansWithMachineOrganizations.some((plan) => plan === tenant.plan)) {
    refuseTokenRequest("organizationsNotInPlan");
  }
  const isId = /^org_[A-Za-z0-9]{16}$/.test(wanted);
  const namesAllowed = settings.allow_organization_name_in_authentication_api === true;
  if (!isId && !namesAllowed) refuseTokenRequest("organizationNotAnId");
  const organization =
    view.get(organizations, wanted) ??
    (namesAllowed ? view.findByIndex(organizations, "name", wanted) : undefined);
  if (!organization) return refuseTokenRequest("organizationUnknown");
  const added = view.get(organizationGrants, `${organization.id} ${grant.id}`);
  if (!grant.allow_any_organization && !added) refuseTokenRequest("organizationNotGranted");
  return organization;
}

async function issueToken(
  tenant: Tenant,
  { client, server, scope, organization, settings }: Issue,
): Promise<object> {
  const now = Math.floor(tenant.clock() / 1000);
  const { client_id } = client;
  const claims: Claims = {
    iss: issuerOf(tenant),
    sub: `${client_id}@clients`,
    aud: server.identifier,
    iat: now,
    exp: now + server.token_lifetime,
    ...(scope.length > 0 && { scope: scope.join(" ") }),
    ...(organization && { org_id: organization.id }),
    ...(organization &&
      settings.allow_organization_name_in_authentication_api && { org_name: organization.name }),
    gty: "client-credentials",
    azp: client_id,
  };
  return {
    access_token: await signToken(tenant, claims, server),
    ...(claims.scope && { scope: claims.scope }),
    expires_in: server.token_lifetime,
    token_type: "Bearer",
  };
}

function eventOf({ client, server, scope, organization }: Issue) {
  return {
    client_id: client.client_id,
    client_name: client.name,
    audience: server.identifier,
    scope: scope.join(" "),
    ...(organization && { organization_id: organization.id, organization_name: organization.name }),
  };
}

function log(
  c: Context,
  { events }: Tenant,
  event: Omit<Parameters<typeof events.add>[0], "ip" | "user_agent">,
): void {
  events.add({ ip: "127.0.0.1", user_agent: c.req.header("user-agent") ?? "", ...event });
}

/** A form or JSON. @throws OAuthError */
function parse(c: Context, text: string): Record<string, string> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    const form = new URLSearchParams(text);
    if (new Set(form.keys()).size !== form.size) refuseTokenRequest("duplicateParameter");
    return Object.fromEntries(form);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuseTokenRequest("invalidBody");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuseTokenRequest("invalidBody");
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (typeof inner === "string" ? [[name, inner]] : [])),
  );
}
