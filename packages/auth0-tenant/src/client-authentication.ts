// How a client proves who it is at /oauth/token: secret in the header or in the body, or an assertion signed by its key.
import { createPublicKey, timingSafeEqual } from "node:crypto";
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { compactVerify } from "jose/jws/compact/verify";
import { decodeJwt } from "jose/jwt/decode";
import { OAuthError, refuseTokenRequest } from "./oauth-error";
import { type Client, type ClientCredential, clientCredentials, clients } from "./records";
import type { Table, View } from "./store";
import { issuerOf, type Tenant } from "./tenant";
import { unverifiedBehaviour } from "./unverified";

type Parameters = Record<string, string>;

/** @throws OAuthError */
export async function authenticateClient(
  tenant: Tenant,
  parameters: Parameters,
  authorization: string | undefined,
): Promise<Client> {
  const basic = authorization === undefined ? undefined : readBasic(authorization);
  const { client_id, client_secret, client_assertion } = parameters;
  const ways = [basic, client_secret, client_assertion].filter((way) => way !== undefined);
  if (ways.length > 1) refuseTokenRequest("twoAuthentications");
  if (client_assertion !== undefined) return authenticateByAssertion(tenant, client_assertion, parameters);
  const id = basic?.id ?? client_id;
  if (!id) return refuseTokenRequest("missingClientId");
  if (basic && client_id !== undefined && client_id !== basic.id) throw unauthorized();
  const client = tenant.store.read((view) => view.get(clients, id));
  const secret = basic?.secret ?? client_secret;
  if (!client || secret === undefined || !equal(secret, client.client_secret)) throw unauthorized();
  // Its keys are the only way in, once it has some; a public client has no way in here.
  if (client.client_authentication_methods || client.token_endpoint_auth_method === "none")
    throw unauthorized();
  return client;
}

const unauthorized = () => new OAuthError(401, "access_denied", "Unauthorized");

/** Id and secret are form-urlencoded before base64 (RFC 6749, 2.3.1). */
function readBasic(authorization: string): { id: string; secret: string } {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization) ?? [];
  const [id, ...rest] = Buffer.from(encoded ?? "", "base64")
    .toString()
    .split(":");
  if (encoded === undefined || !id || rest.length === 0) throw unauthorized();
  try {
    const decode = (text: string) => decodeURIComponent(text.replaceAll("+", " "));
    return { id: decode(id), secret: decode(rest.join(":")) };
  } catch {
    throw unauthorized();
  }
}

function equal(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `jti` of assertions that were used, until they expire. */
interface UsedAssertion {
  id: string;
  expiresAt: number;
}

const usedAssertions: Table<UsedAssertion> = { name: "used-assertions", id: ({ id }) => id, indexes: {} };

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async function authenticateByAssertion(
  tenant: Tenant,
  assertion: string,
  parameters: Parameters,
): Promise<Client> {
  if (parameters.client_assertion_type !== assertionType) refuseTokenRequest("assertionType");
  const now = tenant.clock() / 1000;
  const { header, claims } = decodeAssertion(assertion);
  const { iss, sub, aud, exp, nbf, iat, jti } = claims;
  const invalid = (why: string) =>
    refuseTokenRequest("assertionInvalid", `Failed to verify client assertion: ${why}`);
  if (typeof sub !== "string" || iss !== sub) return invalid("iss and sub must be the client's id");
  if (parameters.client_id !== undefined && parameters.client_id !== sub)
    return invalid("client_id is not its sub");
  const issuer = issuerOf(tenant);
  // As a single string: Auth0 ends its support of the token URL and of lists.
  if (aud !== issuer) return invalid(`aud must be ${issuer}`);
  if (typeof exp !== "number" || exp <= now - unverifiedBehaviour.clockSkew) return invalid("it is expired");
  const soonest = Math.max(typeof nbf === "number" ? nbf : 0, typeof iat === "number" ? iat : 0);
  if (soonest > now + unverifiedBehaviour.clockSkew) return invalid("it is not valid yet");
  if (exp > now + unverifiedBehaviour.assertionLifetime + unverifiedBehaviour.clockSkew) {
    return invalid(`it lives longer than ${unverifiedBehaviour.assertionLifetime} seconds`);
  }
  if (typeof jti !== "string" || jti === "") return invalid("jti is missing");
  const { client, keys } = tenant.store.read((view) => {
    const client = view.get(clients, sub);
    return { client, keys: client ? keysOf(view, client, now) : [] };
  });
  const named = keys.filter(({ kid }) => header.kid === undefined || header.kid === kid);
  if (!client || !(await isSignedByAny(named, assertion)))
    return invalid("no key of the client has signed it");
  const id = `${sub} ${jti}`;
  await tenant.store.write((view) => {
    for (const old of view.list(usedAssertions).slice(0, 10)) {
      if (old.expiresAt + unverifiedBehaviour.clockSkew < now) view.delete(usedAssertions, old.id);
    }
    const used = view.get(usedAssertions, id);
    if (used && used.expiresAt + unverifiedBehaviour.clockSkew >= now)
      refuseTokenRequest("assertionReplayed");
    view.put(usedAssertions, { id, expiresAt: exp });
  });
  return client;
}

function keysOf(view: View, client: Client, now: number): ClientCredential[] {
  const attached = client.client_authentication_methods?.private_key_jwt?.credentials ?? [];
  return attached.flatMap(({ id }) => {
    const credential = view.get(clientCredentials, id);
    const expired = credential?.expires_at !== undefined && Date.parse(credential.expires_at) / 1000 <= now;
    return credential && !expired ? [credential] : [];
  });
}

async function isSignedByAny(keys: ClientCredential[], assertion: string): Promise<boolean> {
  for (const { pem, alg } of keys) {
    if (pem === undefined || alg === undefined) continue;
    try {
      await compactVerify(assertion, createPublicKey(pem), { algorithms: [alg] });
      return true;
    } catch {
      // Another key may have signed it. A key that is too short for jose has signed nothing.
    }
  }
  return false;
}

function decodeAssertion(assertion: string) {
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) };
  } catch {
    return refuseTokenRequest("assertionInvalid", "Failed to verify client assertion: it is not a JWT");
  }
}
