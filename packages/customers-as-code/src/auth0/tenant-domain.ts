// The domain of an Auth0 tenant, as its tokens have it in `iss`: the authorizer compares the two character by character.

/** A tenant on this machine, for development, may have a port. */
const local = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/;
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const domain = new RegExp(`^(?=.{1,253}$)(${label}\\.)+${label}$`);

/** @returns what is wrong, as the predicate of a sentence; and the right spelling, if it is known */
export function domainFault(given: string): { fault: string; right?: string } | undefined {
  if (local.test(given) || domain.test(given)) return undefined;
  const right = spellDomain(given);
  if (right !== given && (local.test(right) || domain.test(right))) {
    const what = right === given.toLowerCase() ? "capital letters" : "a dot at the end";
    return { fault: `is "${given}"; tokens name the tenant without ${what}`, right };
  }
  return { fault: `is "${given}"; it must be a bare domain such as example.eu.auth0.com` };
}

/** As tokens have it: neither capital letters nor a dot at the end make it another domain. */
export function spellDomain(given: string): string {
  return given.toLowerCase().replace(/\.$/, "");
}
