// Names in a file for clients that have names in Auth0, where anything may be a name and two may have the same.

import { compareStrings } from "../problems/problem";
import { isPortalMade } from "../tenant/match-customers";
import type { TenantClient, TenantOrganization } from "../tenant/tenant";

/** Auth0's limit for names of organizations, which is the schema's for clients too. */
const longest = 50;

/** Each with a name of its own, the same in each run. */
export function nameClients<T extends { client: TenantClient }>(
  organization: TenantOrganization,
  clients: readonly T[],
): (T & { name: string })[] {
  const sorted = [...clients].sort(
    (a, b) => compareStrings(a.client.name, b.client.name) || compareStrings(a.client.id, b.client.id),
  );
  const taken = new Set<string>();
  return sorted.map((one) => {
    // The portal names all clients of a user by the same address.
    const base = isPortalMade(one.client, organization)
      ? "portal"
      : nameOf(one.client.name, organization.name);
    let name = base;
    for (let n = 2; taken.has(name); n += 1) name = `${base.slice(0, longest - String(n).length - 1)}-${n}`;
    taken.add(name);
    return { ...one, name };
  });
}

/** `Acme: Warehouse (EU)` → `warehouse-eu`, in the organization `acme`. */
function nameOf(name: string, organization: string): string {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const trimmed = (text: string) => text.replace(/^-+/, "").slice(0, longest).replace(/-+$/, "");
  const own = trimmed(plain);
  const rest = own.startsWith(`${organization}-`) ? trimmed(own.slice(organization.length)) : own;
  return rest || "client";
}
