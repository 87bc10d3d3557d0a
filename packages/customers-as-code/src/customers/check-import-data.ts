// What is wrong with import data in itself, whatever the tenant has: a pure function to all problems.
import type { Problem } from "../problems/problem";
import type { PlaceOfImport, TenantImports } from "./import-data";

/**
 * Each id once, and of each thing only such properties kept as `npx customers import` and `npx customers repair` keep. What decides who a client
 * acts for is never kept: with `allowAnyOrganization`, it would get tokens of every customer.
 */
export function checkImportData({ api, customers }: TenantImports, placeOf: PlaceOfImport): Problem[] {
  const ids: NamedId[] = [];
  const kept: Kept[] = [];
  if (api) {
    kept.push({ kind: "api", path: ["api"], keeps: api.keeps });
    kept.push({ kind: "scopes", path: ["api", "scopes"], keeps: api.scopes.keeps });
  }
  for (const [customer, { organization, clients }] of Object.entries(customers)) {
    const path = ["customers", customer];
    ids.push({ kind: "organization", path: [...path, "organization"], id: organization.id });
    kept.push({ kind: "organization", path: [...path, "organization"], keeps: organization.keeps });
    for (const [name, client] of Object.entries(clients)) {
      const ofClient = [...path, "clients", name];
      ids.push({ kind: "client", path: ofClient, id: client.id });
      kept.push({ kind: "client", path: ofClient, keeps: client.keeps });
      if (!client.grant) continue;
      ids.push({ kind: "grant", path: [...ofClient, "grant"], id: client.grant.id });
      kept.push({ kind: "grant", path: [...ofClient, "grant"], keeps: client.grant.keeps });
    }
  }
  return [...twice(ids, placeOf), ...kept.flatMap((one) => unkeepable(one, placeOf))];
}

/** What import data may keep as Auth0 has it. */
export const keepableProperties = {
  api: ["name", "signingAlg", "tokenLifetime"],
  scopes: ["scopes"],
  organization: ["displayName", "metadata"],
  client: [
    ...["name", "description", "clientMetadata", "grantTypes", "tokenQuota"],
    ...["defaultOrganization", "organizationUsage"],
  ],
  grant: ["scopes", "organizationUsage"],
} as const satisfies Record<string, readonly string[]>;

type Kind = keyof typeof keepableProperties;

interface NamedId {
  kind: Kind;
  path: string[];
  id: string;
}

interface Kept {
  kind: Kind;
  path: string[];
  keeps: readonly string[];
}

const names: Record<Kind, string> = {
  api: "API",
  scopes: "API",
  organization: "organization",
  client: "client",
  grant: "client grant",
};

function twice(ids: readonly NamedId[], placeOf: PlaceOfImport): Problem[] {
  const first = new Map<string, NamedId>();
  return ids.flatMap((one) => {
    const key = `${one.kind} ${one.id}`;
    const other = first.get(key);
    if (!other) {
      first.set(key, one);
      return [];
    }
    const { file, line, column } = placeOf([...other.path, "id"]);
    const message = `${names[one.kind]} ${one.id} is imported twice, also at ${file}:${line}:${column}. It can belong to only one customer: delete the wrong lines.`;
    return [{ ...placeOf([...one.path, "id"]), code: "imports-id-twice", message }];
  });
}

function unkeepable({ kind, path, keeps }: Kept, placeOf: PlaceOfImport): Problem[] {
  const allowed: readonly string[] = keepableProperties[kind];
  return keeps.flatMap((property, at) => {
    if (allowed.includes(property)) return [];
    const message = `keeps "${property}" of the ${names[kind]}, which import data cannot keep: it would stay as Auth0 has it, whatever the file says. Delete it; known: ${allowed.map((one) => `"${one}"`).join(", ")}.`;
    return [{ ...placeOf([...path, "keeps", String(at)]), code: "imports-property-not-kept", message }];
  });
}
