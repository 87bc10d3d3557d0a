// Access tokens of the tenant: made by /oauth/token, demanded by the Management API.
import { constants, createHmac, sign, verify } from "node:crypto";
import { insufficientScope, Problem, unauthorized } from "./problem";
import type { ResourceServer } from "./records";
import { issuerOf, managementAudience, type Tenant } from "./tenant";
import { managementTexts } from "./unverified";

/** In the order of Auth0's tokens. */
export interface Claims {
  iss: string;
  sub: string;
  aud: string;
  iat: number;
  exp: number;
  scope?: string;
  org_id?: string;
  org_name?: string;
  gty: "client-credentials";
  azp: string;
}

/** A token that was accepted for the Management API. */
export interface AccessToken {
  clientId: string;
  scopes: ReadonlySet<string>;
  expiresAt: number;
}

/** Signs as the API wants it: with the tenant's key, or with the secret that the API shares. */
export function signToken(
  { keys }: Tenant,
  claims: Claims,
  { signing_alg: alg, signing_secret = "" }: Pick<ResourceServer, "signing_alg" | "signing_secret">,
): string {
  const { kid, privateKey } = keys.current;
  const signed = `${encode({ alg, typ: "JWT", ...(alg !== "HS256" && { kid }) })}.${encode(claims)}`;
  const signature = {
    HS256: () => createHmac("sha256", signing_secret).update(signed).digest(),
    RS256: () => sign("sha256", Buffer.from(signed), privateKey),
    RS512: () => sign("sha512", Buffer.from(signed), privateKey),
    PS256: () => sign("sha256", Buffer.from(signed), { key: privateKey, ...pss }),
  }[alg]();
  return `${signed}.${signature.toString("base64url")}`;
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** Verifies tokens for the Management API; remembers those that it has seen, since their signature costs the most. */
export class TokenVerifier {
  private readonly seen = new Map<string, AccessToken & { kid: string }>();

  constructor(private readonly tenant: Tenant) {}

  /** @throws Problem 401 */
  verify(authorization: string | undefined): AccessToken {
    if (!authorization) throw unauthorized(managementTexts.missingAuthentication);
    const [, text] = /^Bearer +([^ ]+)$/i.exec(authorization) ?? [];
    if (text === undefined) throw unauthorized(managementTexts.badAuthorizationHeader);
    const known = this.seen.get(text);
    const token = known ?? this.check(text);
    if (!this.tenant.keys.verifying(token.kid)) throw invalidSignature();
    if (token.expiresAt <= this.tenant.clock() / 1000) throw unauthorized(managementTexts.expiredToken);
    if (!known) {
      if (this.seen.size >= 1000) this.seen.clear();
      this.seen.set(text, token);
    }
    return token;
  }

  private check(text: string): AccessToken & { kid: string } {
    const [header, payload, signature, more] = text.split(".");
    if (!header || !payload || !signature || more !== undefined) throw unauthorized("Invalid token.");
    const { alg, kid } = decode(header);
    const key = typeof kid === "string" ? this.tenant.keys.verifying(kid) : undefined;
    if (alg !== "RS256" || !key) throw invalidSignature();
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify("RSA-SHA256", signed, key.publicKey, Buffer.from(signature, "base64url")))
      throw invalidSignature();
    const { iss, aud, exp, scope, azp } = decode(payload);
    if (iss !== issuerOf(this.tenant) || typeof exp !== "number") throw unauthorized("Invalid token.");
    if (aud !== managementAudience(this.tenant)) throw unauthorized(managementTexts.wrongAudience);
    return {
      kid: key.kid,
      clientId: String(azp),
      scopes: new Set(typeof scope === "string" ? scope.split(" ") : []),
      expiresAt: exp,
    };
  }
}

/** @throws Problem 403 unless the token has any of the scopes */
export function demandScope({ scopes }: AccessToken, expected: readonly string[]): string | undefined {
  if (expected.length === 0) return undefined;
  const used = expected.find((scope) => scopes.has(scope));
  if (used === undefined) throw insufficientScope([...expected]);
  return used;
}

const invalidSignature = () => unauthorized("Invalid signature received for JSON Web Token validation.");

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (error instanceof Problem) throw error;
  }
  throw unauthorized("Invalid token.");
}
