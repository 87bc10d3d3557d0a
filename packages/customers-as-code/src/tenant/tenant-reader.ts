// Reads a tenant by the Management API.
import type { Management } from "auth0";
import type { Tenant, TenantApi, TenantClient, TenantGrant, TenantOrganization } from "./tenant";
import {
  createTenantReader,
  pageSize,
  readAllPages,
  readEntity,
  requireValue,
  type TenantAccess,
  unlessMissing,
} from "./tenant-access";

/** What is never asked for. */
const secretFields = ["client_secret", "encryption_key", "signing_keys"];

/**
 * @param audience of the API to read, too
 * @param wantsGrants whose own client grants are read, which takes a request each; default: every organization's
 * @throws {TenantError} where anything cannot be read: half a tenant is of no use to anyone
 */
export async function readTenant(
  access: TenantAccess,
  audience: string,
  wantsGrants: (id: string, found: Pick<Tenant, "clients" | "grants">) => boolean = () => true,
): Promise<Tenant> {
  const { domain } = access;
  const { api, read } = createTenantReader(access);
  const clients = await read("clients", () =>
    readAllPages(
      api.clients.list({
        per_page: pageSize,
        is_global: false,
        fields: secretFields.join(","),
        include_fields: false,
      }),
      "clients",
    ),
  );
  const grants = await read("client grants", () =>
    readAllPages(api.clientGrants.list({ take: pageSize }), "client_grants"),
  );
  const organizations = await read("organizations", () =>
    readAllPages(api.organizations.list({ take: pageSize }), "organizations"),
  );
  const lists = { clients: clients.map(toClient), grants: grants.map(toGrant) };
  const found: TenantOrganization[] = [];
  for (const organization of organizations) {
    const id = requireValue(organization.id);
    const own = wantsGrants(id, lists)
      ? await read(`client grants of organization "${organization.name}"`, () =>
          readAllPages(api.organizations.clientGrants.list(id, { per_page: pageSize }), "client_grants"),
        )
      : [];
    found.push(toOrganization(organization, own));
  }
  const server = await read("API", () => unlessMissing(readEntity(api.resourceServers.get(audience))));
  return {
    domain,
    ...(server && { api: toApi(server) }),
    organizations: found,
    ...lists,
  };
}

function toOrganization(
  { id, name, display_name, metadata, ...rest }: Management.Organization,
  grants: readonly Management.OrganizationClientGrant[],
): TenantOrganization {
  return {
    id: requireValue(id),
    name: requireValue(name),
    ...(display_name !== undefined && { displayName: display_name }),
    ...(metadata && { metadata: textMap(metadata) }),
    grants: grants.map((grant) => requireValue(grant.id)),
    settings: settings(rest, ["token_quota"]),
  };
}

/**
 * Attributes of the provider that are optional and not computed: where Auth0 has a value and the program none, the provider
 * sees a difference (terraform-provider-auth0, internal/auth0/client/resource.go). Keys are another resource's business.
 */
const clientSettings = [
  ...["addons", "allowed_clients", "allowed_logout_urls", "allowed_origins", "callbacks", "client_aliases"],
  ...["compliance_level", "cross_origin_authentication", "cross_origin_loc", "custom_login_page"],
  ...["form_template", "initiate_login_uri", "logo_uri", "oidc_backchannel_logout", "oidc_logout"],
  ...["organization_discovery_methods", "organization_require_behavior", "require_proof_of_possession"],
  ...["require_pushed_authorization_requests", "resource_server_identifier", "session_transfer"],
  ...["signed_request_object", "sso", "sso_disabled", "token_exchange", "web_origins"],
];

function toClient(client: Management.Client): TenantClient {
  const { name, description, app_type, default_organization, organization_usage, client_metadata } = client;
  return {
    id: requireValue(client.client_id),
    name: requireValue(name),
    // Auth0 gives the empty text for none.
    ...(description && { description }),
    ...(app_type !== undefined && { appType: app_type }),
    isFirstParty: client.is_first_party ?? true,
    grantTypes: client.grant_types ?? [],
    authenticationMethod: authenticationMethod(client),
    ...(organization_usage !== undefined && { organizationUsage: organization_usage }),
    ...(default_organization && {
      defaultOrganization: {
        organizationId: default_organization.organization_id,
        flows: [...default_organization.flows],
      },
    }),
    ...(client_metadata && { clientMetadata: textMap(client_metadata) }),
    ...keyIds(client),
    ...(client.token_quota && { tokenQuota: toTokenQuota(client.token_quota) }),
    settings: settings(client, clientSettings),
  };
}

function toTokenQuota({ client_credentials: quota }: Management.TokenQuota) {
  const { enforce = true, per_hour, per_day } = quota;
  return {
    clientCredentials: {
      enforce,
      ...(per_hour !== undefined && { perHour: per_hour }),
      ...(per_day !== undefined && { perDay: per_day }),
    },
  };
}

function keyIds({ client_authentication_methods: methods }: Management.Client): { keyIds?: string[] } {
  const keys = methods?.private_key_jwt?.credentials;
  return keys ? { keyIds: keys.map(({ id }) => id) } : {};
}

/** As the provider sees it: what Auth0 leaves out follows from the type of the application. */
function authenticationMethod(client: Management.Client): string {
  const [method] = Object.keys(client.client_authentication_methods ?? {});
  if (method !== undefined) return method;
  if (client.token_endpoint_auth_method !== undefined) return client.token_endpoint_auth_method;
  const { app_type } = client;
  if (app_type === "native" || app_type === "spa") return "none";
  return app_type === "regular_web" || app_type === "non_interactive"
    ? "client_secret_post"
    : "client_secret_basic";
}

function toGrant(grant: Management.ClientGrantResponseContent): TenantGrant {
  const { id, client_id, audience, scope = [], organization_usage, allow_any_organization = false } = grant;
  return {
    id: requireValue(id),
    ...(client_id !== undefined && { clientId: client_id }),
    audience: requireValue(audience),
    scopes: [...scope],
    ...(organization_usage !== undefined && { organizationUsage: organization_usage }),
    allowAnyOrganization: allow_any_organization,
    subjectType: grant.subject_type ?? "client",
    settings: settings(grant, [
      "allow_all_scopes",
      "authorization_details_types",
      "default_for",
      "is_system",
    ]),
  };
}

function toApi(server: Management.GetResourceServerResponseContent): TenantApi {
  const { id, name, identifier, signing_alg, token_lifetime, scopes = [] } = server;
  return {
    id: requireValue(id),
    ...(name !== undefined && { name }),
    identifier: requireValue(identifier),
    ...(signing_alg !== undefined && { signingAlg: signing_alg }),
    ...(token_lifetime !== undefined && { tokenLifetime: token_lifetime }),
    scopes: scopes.map(({ value, description }) => ({
      name: value,
      ...(description !== undefined && { description }),
    })),
  };
}

/** Of the names those that have a value which is not Auth0's own word for none. */
function settings(entity: object, names: readonly string[]): string[] {
  const values = new Map<string, unknown>(Object.entries(entity));
  return names.filter((name) => !isNone(values.get(name)));
}

const nones: unknown[] = [undefined, null, false, "", "none", "no_prompt"];

function isNone(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.keys(value).length === 0
    : nones.includes(value);
}

function textMap(map: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]])),
  );
}
