// The issuer's public keys, read while deploying so that the authorizer starts without a request.

/** A JSON Web Key Set (RFC 7517), reduced to what verifies a signature. */
export interface Jwks {
  keys: Jwk[];
}

export interface Jwk {
  kid: string;
  kty: string;
  alg?: string;
  use?: string;
  n?: string;
  e?: string;
}

/** @throws where the keys cannot be read, with the reason and the remedy. */
export async function readJwks(issuer: string): Promise<Jwks> {
  const url = `${issuer}.well-known/jwks.json`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return selectKeys(await response.json());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `${url} cannot be read: ${reason}. Is the config key "auth0:domain" right, and the tenant up?`,
    );
  }
}

/** Signing keys in the order of their ids, so that another order in the tenant's answer changes nothing. */
export function selectKeys(document: unknown): Jwks {
  const keys = isObject(document) && Array.isArray(document.keys) ? document.keys.filter(isObject) : [];
  const selected = keys.flatMap(({ kid, kty, alg, use, n, e }): Jwk[] =>
    typeof kid === "string" && kty === "RSA" && typeof n === "string" && typeof e === "string"
      ? [{ kid, kty, n, e, ...(alg === "RS256" && { alg }), ...(use === "sig" && { use }) }]
      : [],
  );
  if (selected.length === 0) throw new Error("it has no RSA signing key");
  return { keys: selected.sort((a, b) => (a.kid < b.kid ? -1 : 1)) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
