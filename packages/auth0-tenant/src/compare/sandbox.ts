// Whether a tenant is there for the comparison alone: marked as such by a person, and empty; and how it becomes empty again.
import { type ComparedTenant, propertyOf } from "./compared-tenant";

/** Friendly name of the tenant, by which a person says that anything in it may be made and deleted. */
export const sandboxName = "auth0-tenant-sandbox";

/** Of the Management API, all that the comparison needs. */
export const neededScopes: readonly string[] = [
  ...["clients", "client_grants", "resource_servers", "organizations"].flatMap((entity) =>
    ["read", "create", "update", "delete"].map((action) => `${action}:${entity}`),
  ),
  ...["organization_client_grants", "organization_members", "users", "connections"].flatMap((entity) =>
    ["read", "create", "delete"].map((action) => `${action}:${entity}`),
  ),
  ...["read", "create", "update", "delete"].map((action) => `${action}:organization_connections`),
  ...["read", "create", "delete"].map((action) => `${action}:client_credentials`),
  ...["read:client_keys", "update:client_keys", "read:tenant_settings"],
];

/** What a new tenant has, and what the comparison needs. */
const given: Readonly<Record<string, (one: unknown, clientId: string) => boolean>> = {
  organizations: () => false,
  clients: (one, clientId) =>
    propertyOf(one, "global") === true ||
    propertyOf(one, "client_id") === clientId ||
    propertyOf(one, "name") === "Default App",
  "resource-servers": (one) => propertyOf(one, "is_system") === true,
  users: () => false,
  connections: (one) =>
    ["Username-Password-Authentication", "google-oauth2"].includes(String(propertyOf(one, "name"))),
};

/** @returns why the tenant is none, every reason */
export async function findReasonsAgainst(tenant: ComparedTenant): Promise<string[]> {
  const { status, body } = await tenant.call("GET", "/api/v2/tenants/settings");
  const name = propertyOf(body, "friendly_name");
  const reasons: string[] = [];
  if (status !== 200) {
    reasons.push(`Its settings cannot be read (${status}). Grant the client read:tenant_settings.`);
  } else if (name !== sandboxName) {
    reasons.push(
      `Its friendly name is ${JSON.stringify(name ?? "")}. If it is a sandbox, change that to "${sandboxName}" in the tenant's settings.`,
    );
  }
  for (const [collection, isGiven] of Object.entries(given)) {
    const { status, body } = await tenant.call("GET", `/api/v2/${collection}?per_page=100`);
    if (status !== 200 || !Array.isArray(body)) {
      const scope = `read:${collection.replace("-", "_")}`;
      reasons.push(`Its ${collection} cannot be listed (${status}). Grant the client ${scope}.`);
      continue;
    }
    const others = body.filter((one) => !isGiven(one, tenant.access.clientId));
    if (others.length === 0) continue;
    const names = others
      .slice(0, 3)
      .map((one) => String(propertyOf(one, "name") ?? propertyOf(one, "email")));
    reasons.push(
      `It is not empty: ${others.length} ${collection}, such as ${names.join(", ")}. Use another tenant.`,
    );
  }
  return reasons;
}

/** What rows make, and how each is identified. Grants and credentials go with their clients. */
const made: Readonly<Record<string, string>> = {
  organizations: "id",
  clients: "client_id",
  "resource-servers": "id",
  users: "user_id",
  connections: "id",
};

/**
 * Deletes what has a name of the run, also what was made by a request whose answer never came.
 * @returns what could not be deleted
 */
export async function cleanUp(tenant: ComparedTenant, run: string): Promise<string[]> {
  const left: string[] = [];
  for (const [collection, id] of Object.entries(made)) {
    const { status, body } = await tenant.call("GET", `/api/v2/${collection}?per_page=100`);
    if (status !== 200 || !Array.isArray(body)) {
      left.push(`${collection} could not be listed (${status})`);
      continue;
    }
    for (const one of body.filter((found) => String(propertyOf(found, "name")).startsWith(run))) {
      const path = `/api/v2/${collection}/${encodeURIComponent(String(propertyOf(one, id)))}`;
      const deleted = await tenant.call("DELETE", path);
      // A connection's users are deleted later: 202.
      if (![202, 204].includes(deleted.status))
        left.push(`${collection} ${propertyOf(one, "name")} (${deleted.status})`);
    }
  }
  return left;
}
