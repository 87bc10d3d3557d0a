// Where a tenant is otherwise than the program declares: property by property, in the provider's terms.
import { isDeepStrictEqual } from "node:util";
import {
  type ApiDeclaration,
  declareApi,
  declareAuthentication,
  declareClient,
  declareGrant,
  declareOrganization,
  declareScopes,
} from "../auth0/declaration";
import type { Generation } from "../customers/generations";
import type { CustomerClient, CustomerDeclaration } from "../customers/load-customers";
import { thumbprintOf } from "../customers/public-key";
import type { TenantApi, TenantClient, TenantGrant, TenantKey, TenantOrganization } from "./tenant";

export interface Difference {
  property: string;
  /** Absent where the program sets nothing. */
  declared?: unknown;
  /** Absent where Auth0 has nothing. */
  found?: unknown;
}

export function differencesOfApi(declared: ApiDeclaration, found: TenantApi): Difference[] {
  return compare(declareApi(declared), found);
}

export function differencesOfScopes({ scopes }: ApiDeclaration, found: TenantApi): Difference[] {
  return compare({ scopes: declareScopes(scopes) }, found);
}

export function differencesOfOrganization(
  declared: CustomerDeclaration,
  found: TenantOrganization,
): Difference[] {
  return compare(declareOrganization(declared), found, found.settings);
}

export function differencesOfClient(
  customer: CustomerDeclaration,
  declared: Generation,
  found: TenantClient,
  organizationId: string,
): Difference[] {
  const { authenticationMethod } = declareAuthentication(declared);
  const all = {
    tokenQuota: undefined,
    ...declareClient(customer, declared, organizationId),
    authenticationMethod,
  };
  return compare(all, found, found.settings);
}

/** Of a client that authenticates by a key pair. */
export function differencesOfKeys(declared: CustomerClient, found: readonly TenantKey[]): Difference[] {
  const { privateKeyJwt } = declareAuthentication(declared);
  const keys = (privateKeyJwt?.credentials ?? []).map(({ pem, algorithm }) => ({
    kid: thumbprintOf(pem),
    algorithm,
  }));
  // Auth0 keeps them in no order of ours.
  const sorted = <T extends { kid: string }>(all: readonly T[]) =>
    [...all].sort((a, b) => (a.kid < b.kid ? -1 : 1));
  return compare({ publicKeys: sorted(keys) }, { publicKeys: sorted(found) });
}

export function differencesOfGrant(
  customer: CustomerDeclaration,
  declared: CustomerClient,
  found: TenantGrant,
): Difference[] {
  return compare(declareGrant(customer, declared), found, found.settings);
}

function compare(declared: object, found: object, settings: readonly string[] = []): Difference[] {
  const values = new Map<string, unknown>(Object.entries(found));
  const different = Object.entries(declared)
    .filter(([property, value]) => !isDeepStrictEqual(value, values.get(property)))
    .map(([property, value]) => ({ property, declared: value, found: values.get(property) }));
  // Their values are not read, and may be anything.
  return [...different, ...settings.map((property) => ({ property, found: "set" }))];
}

/** Whether both are the same but for the order of a list, which means nothing to Auth0. */
export function isSameInAnotherOrder({ declared, found }: Difference): boolean {
  if (!Array.isArray(declared) || !Array.isArray(found)) return false;
  const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).sort();
  return isDeepStrictEqual(sorted(declared), sorted(found));
}
