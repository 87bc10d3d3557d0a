// What Auth0 has of what is about to be imported, as the provider reads it with its own credentials, in a preview too.
import * as auth0 from "@pulumi/auth0";
import * as pulumi from "@pulumi/pulumi";
import type { TenantImports } from "../customers/import-data";
import { sideBySide } from "../pulumi/side-by-side";

export interface Existing {
  /** By id; what Auth0 does not have is not there. */
  organizations: ReadonlyMap<string, ExistingOrganization>;
  clients: ReadonlyMap<string, ExistingClient>;
  /** Of the id that the import data names. */
  api?: { identifier: string };
}

export interface ExistingOrganization {
  id: string;
  name: string;
  metadata: Record<string, string>;
  /** Ids of the client grants that it may use. */
  grants: string[];
}

export interface ExistingClient {
  id: string;
  name: string;
  appType?: string;
  isFirstParty: boolean;
  grantTypes: string[];
  metadata: Record<string, string>;
  defaultOrganizationId?: string;
  /** Names of what only applications with users have, such as `callbacks`. */
  settings: string[];
  grants: ExistingGrant[];
}

export interface ExistingGrant {
  id: string;
  audience: string;
  /** `client` unless it is for users. */
  subjectType: string;
  /** Names of what a file cannot say. */
  settings: string[];
}

/** The provider waits for Auth0's rate limits; more at once would only wait there. */
const atOnce = 10;

/**
 * @param beside ids of what must be looked for too
 * @throws {pulumi.RunError} if anything cannot be read: nothing may be imported unseen
 */
export async function readExisting(
  { api, customers }: TenantImports,
  beside: { organizations: readonly string[]; clients: readonly string[] },
): Promise<Existing> {
  const imported = Object.values(customers);
  const organizationIds = imported.map(({ organization }) => organization.id);
  const clientIds = imported.flatMap(({ clients }) => Object.values(clients).map(({ id }) => id));
  const read = async <T extends { id: string }>(ids: readonly string[], one: (id: string) => Promise<T>) => {
    const found = await sideBySide([...new Set(ids)], atOnce, (id) => unlessMissing(id, one(id)));
    return new Map(found.flatMap((thing): [string, T][] => (thing ? [[thing.id, thing]] : [])));
  };
  const [organizations, clients, server] = [
    await read([...organizationIds, ...beside.organizations], readOrganization),
    await read([...clientIds, ...beside.clients], readClient),
    api && (await unlessMissing(api.id, auth0.getResourceServer({ resourceServerId: api.id }))),
  ];
  const identifier = server?.identifier;
  return { organizations, clients, ...(identifier !== undefined && { api: { identifier } }) };
}

async function readOrganization(organizationId: string): Promise<ExistingOrganization> {
  // Members and connections would take two scopes more.
  const args = { organizationId, skipConnections: true, skipMembers: true };
  const { name = "", metadata, clientGrants } = await auth0.getOrganization(args);
  return { id: organizationId, name, metadata: metadata ?? {}, grants: clientGrants ?? [] };
}

const addresses = ["callbacks", "webOrigins", "allowedOrigins", "allowedLogoutUrls"] as const;

async function readClient(clientId: string): Promise<ExistingClient> {
  const client = await auth0.getClient({ clientId });
  const { name = "", appType, isFirstParty, grantTypes, clientMetadata, defaultOrganizations } = client;
  const { clientGrants } = await auth0.getClientGrants({ clientId });
  const [standard] = defaultOrganizations ?? [];
  return {
    id: clientId,
    name,
    ...(appType && { appType }),
    isFirstParty: isFirstParty ?? true,
    grantTypes: grantTypes ?? [],
    metadata: clientMetadata ?? {},
    ...(standard?.organizationId && { defaultOrganizationId: standard.organizationId }),
    settings: addresses.filter((key) => (client[key] ?? []).length > 0),
    grants: (clientGrants ?? []).map(({ id, audience, subjectType, allowAllScopes, defaultFor }) => ({
      id,
      audience,
      subjectType: subjectType || "client",
      settings: [...(allowAllScopes ? ["allow_all_scopes"] : []), ...(defaultFor ? ["default_for"] : [])],
    })),
  };
}

/** The provider's error has Auth0's status in its text only (terraform-provider-auth0, internal/auth0/client/data_source.go). */
async function unlessMissing<T>(id: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/\b404 Not Found\b/.test(reason)) return undefined;
    throw new pulumi.RunError(
      `${id}, which import data names, cannot be read: ${reason}. Grant Pulumi's client read:clients, read:client_grants, read:organizations, read:organization_client_grants and read:resource_servers.`,
    );
  }
}
