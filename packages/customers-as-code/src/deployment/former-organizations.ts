// Organizations that this program has made and that no file declares any more: pure, from what is deployed and declared.

import type { CustomerDeclaration } from "../customers/load-customers";
import { getOwn } from "../problems/record";
import type { DeployedCustomer, FormerOrganization } from "./last-deployment";

/** By the organization's id. */
export type FormerOrganizations = Readonly<Record<string, FormerOrganization>>;

type Declared = Pick<CustomerDeclaration, "id" | "status" | "previously">;

export interface Remembered {
  /** As the last deployment left them. */
  former: FormerOrganizations;
  /** By id. */
  deployed: Readonly<Record<string, DeployedCustomer>>;
  declared: readonly Declared[];
}

/**
 * Those that the last deployment remembered, and those of customers whose files have gone since. Organizations that the Developer
 * Portal makes are not among them: no file ever declared them.
 */
export function findFormerOrganizations(
  { former, deployed, declared }: Remembered,
  now: Date,
): FormerOrganizations {
  const ids = new Set(declared.flatMap(({ id, previously = id }) => [id, previously]));
  const found = new Map<string, FormerOrganization>();
  for (const [customer, { organizationId }] of Object.entries(deployed)) {
    if (organizationId === undefined || ids.has(customer)) continue;
    found.set(organizationId, { customer, since: now.toISOString() });
  }
  for (const [id, one] of Object.entries(former)) found.set(id, one);
  for (const customer of declared) found.delete(lastOrganization(customer, deployed) ?? "");
  return Object.fromEntries(found);
}

/** The organization that the customer had when it was deployed last. */
export function lastOrganization(
  { id, previously = id }: Declared,
  deployed: Remembered["deployed"],
): string | undefined {
  return (getOwn(deployed, id) ?? getOwn(deployed, previously))?.organizationId;
}

/** The declared customer who has the id of the one whose organization it was. */
export function successorOf<C extends Declared>(
  { customer }: FormerOrganization,
  declared: readonly C[],
): C | undefined {
  return (
    declared.find(({ id }) => id === customer) ?? declared.find(({ previously }) => previously === customer)
  );
}

/**
 * Whether the calls of a former organization are denied. An organization that was replaced still belongs to its customer. One
 * whose customer has gone does not belong to a new customer with the same id.
 */
export function isDenied(one: FormerOrganization, successor: Declared | undefined): boolean {
  return successor?.status !== "active" || one.replaced !== true;
}

/**
 * Drops those that Auth0 no longer has, once their tokens have expired: a token stays valid without its organization, since the
 * authorizer asks Auth0 about none. https://auth0.com/docs/secure/tokens/access-tokens/validate-access-tokens
 * @param lifetime of a token, in seconds
 * @param exists whether Auth0 has it; true if that is unknown
 */
export async function forgetExpired(
  former: FormerOrganizations,
  { lifetime, now, exists }: { lifetime: number; now: Date; exists(id: string): Promise<boolean> },
): Promise<FormerOrganizations> {
  const kept = await Promise.all(
    Object.entries(former).map(async (entry) => {
      const [id, { since }] = entry;
      const age = (now.getTime() - new Date(since).getTime()) / 1000;
      return age <= lifetime || (await exists(id)) ? [entry] : [];
    }),
  );
  return Object.fromEntries(kept.flat());
}
