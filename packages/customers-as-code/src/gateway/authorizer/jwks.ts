// The issuer's public keys, read while deploying so that the authorizer starts without a request.
import type { Jwks } from "#authorizer/config";
import { readJwks, usableKeys } from "#authorizer/keys";
import { compareStrings } from "../../problems/problem";

/** @throws where the keys cannot be read, with the reason and the remedy. */
export async function fetchJwks(issuer: string): Promise<Jwks> {
  const url = `${issuer}.well-known/jwks.json`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return selectKeys(await response.text());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `${url} cannot be used: ${reason}. Is the config key "auth0:domain" right, and the tenant up?`,
    );
  }
}

/** The keys that the authorizer would trust, in the order of their ids: another order in the answer changes nothing. */
export function selectKeys(text: string): Jwks {
  const jwks = readJwks(text);
  if (!jwks) throw new Error("it is not a JSON Web Key Set");
  const keys = [...usableKeys(jwks).values()].sort((a, b) => compareStrings(a.kid, b.kid));
  if (keys.length === 0) throw new Error("it has no RSA signing key of 2048 bits or more");
  return { keys };
}
