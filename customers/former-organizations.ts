// Organizations that the company's program has made and that no file declares any more: which there are, and who is denied.
import { own } from "../diagnostics/record";
import type { FormerOrganization } from "./last-deployment";
import type { CustomerDeclaration } from "./load";
import type { DeployedCustomer } from "./removals";

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
 * Those of before, and those of customers whose files have gone since. The organizations of the Developer Portal, which no file
 * has ever declared, are none of them.
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
  return (own(deployed, id) ?? own(deployed, previously))?.organizationId;
}

/** The customer who has the name of the one whose organization it was. */
export function successorOf<C extends Declared>(
  { customer }: FormerOrganization,
  declared: readonly C[],
): C | undefined {
  return (
    declared.find(({ id }) => id === customer) ?? declared.find(({ previously }) => previously === customer)
  );
}

/**
 * Whether the calls of a former organization are denied. Tokens of an organization that was replaced are its customer's still; but
 * those of a customer who has gone are not those of a new one with its name.
 */
export function isDenied(one: FormerOrganization, successor: Declared | undefined): boolean {
  return successor?.status !== "active" || one.replaced !== true;
}

/**
 * Without those that have gone from Auth0, once the tokens have expired that they had then: the authorizer checks no token with
 * Auth0, https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 * @param lifetime of a token, in seconds
 * @param exists whether Auth0 has it; true if that cannot be told
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
