// Reads what takes a request for each organization and client: who the members are, and which public keys are good.
import type { Management } from "auth0";
import type { TenantClient, TenantDetails, TenantKey, TenantMember, TenantOrganization } from "./tenant";
import {
  createTenantReader,
  pageSize,
  readAllPages,
  readWholeList,
  requireValue,
  type TenantAccess,
} from "./tenant-access";

/** Whose details to read. */
export interface WantedDetails {
  organizations: readonly TenantOrganization[];
  clients: readonly TenantClient[];
}

/** @throws {TenantError} where anything cannot be read */
export async function readDetails(
  access: TenantAccess,
  { organizations, clients }: WantedDetails,
): Promise<TenantDetails> {
  const reader = createTenantReader(access);
  const { api, read } = reader;
  const keys = new Map<string, TenantKey[]>();
  for (const { id, name, keyIds = [] } of clients) {
    const found = await read(`keys of client "${name}"`, () =>
      readWholeList(api.clients.credentials.list(id)),
    );
    // A key that Auth0 has, and the client may not use, is not one of its.
    keys.set(id, found.filter((key) => keyIds.includes(requireValue(key.id))).map(toKey));
  }
  return { members: await membersOf(reader, organizations), keys };
}

/** By the organization's id. @throws {TenantError} where any cannot be read */
export async function readMembers(
  access: TenantAccess,
  organizations: readonly TenantOrganization[],
): Promise<TenantDetails["members"]> {
  return membersOf(createTenantReader(access), organizations);
}

async function membersOf(
  { api, read }: ReturnType<typeof createTenantReader>,
  organizations: readonly TenantOrganization[],
): Promise<TenantDetails["members"]> {
  const members = new Map<string, TenantMember[]>();
  for (const { id, name } of organizations) {
    const found = await read(`members of organization "${name}"`, () =>
      readAllPages(api.organizations.members.list(id, { take: pageSize }), "members"),
    );
    members.set(
      id,
      found.map(({ user_id, email }) => ({ userId: requireValue(user_id), ...(email && { email }) })),
    );
  }
  return members;
}

function toKey({ kid, alg, expires_at }: Management.ClientCredential): TenantKey {
  return {
    kid: requireValue(kid),
    algorithm: requireValue(alg),
    ...(expires_at && { expiresAt: expires_at }),
  };
}
