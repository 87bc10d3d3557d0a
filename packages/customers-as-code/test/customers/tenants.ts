// Tenants as they are read, with what the portal and people make.
import type { Tenant, TenantClient, TenantGrant, TenantOrganization } from "../../src/tenant/tenant";

export const audience = "https://api.example.com/";

export function organization(name: string, more: Partial<TenantOrganization> = {}): TenantOrganization {
  return { id: `org_${name}`, name, grants: [], settings: [], ...more };
}

/** As people make one: a machine-to-machine application, with nothing else set. */
export function client(name: string, more: Partial<TenantClient> = {}): TenantClient {
  return {
    id: `id-${name.toLowerCase().replaceAll(/\W+/g, "-")}`,
    name,
    appType: "non_interactive",
    isFirstParty: true,
    grantTypes: ["client_credentials"],
    authenticationMethod: "client_secret_post",
    settings: [],
    ...more,
  };
}

/** On the API. */
export function grant(clientId: string, more: Partial<TenantGrant> = {}): TenantGrant {
  return {
    id: `cgr_${clientId}`,
    clientId,
    audience,
    scopes: ["read:orders"],
    organizationUsage: "require",
    allowAnyOrganization: false,
    subjectType: "client",
    settings: [],
    ...more,
  };
}

export function tenant(parts: Partial<Tenant> = {}): Tenant {
  return { domain: "example.eu.auth0.com", organizations: [], clients: [], grants: [], ...parts };
}

interface Changes {
  organization?: Partial<TenantOrganization>;
  client?: Partial<TenantClient>;
  grant?: Partial<TenantGrant>;
  more?: Partial<Tenant>;
}

/** The organization `wayne` with one client, and what is different of them. */
export function wayne(changes: Changes = {}): Tenant {
  const warehouse = client("Warehouse", changes.client);
  const own = grant(warehouse.id, changes.grant);
  const { organizations = [], clients = [], grants = [], ...more } = changes.more ?? {};
  return tenant({
    organizations: [
      organization("wayne", { displayName: "Wayne Enterprises", grants: [own.id], ...changes.organization }),
      ...organizations,
    ],
    clients: [warehouse, ...clients],
    grants: [own, ...grants],
    ...more,
  });
}
