// Access tokens of the tenant: made by /oauth/token, demanded by the Management API.
import type { KeyObject } from "node:crypto";
// By parts, which load three times as fast as the whole.
import { JOSEError, JWKSNoMatchingKey, JWTClaimValidationFailed } from "jose/errors";
import { SignJWT } from "jose/jwt/sign";
import { jwtVerify } from "jose/jwt/verify";
import { insufficientScope, type Problem, unauthorized } from "./problem";
import type { ResourceServer } from "./records";
import { issuerOf, managementAudience, type Tenant } from "./tenant";
import { managementMessages } from "./unverified";

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

interface VerifiedToken extends AccessToken {
  kid: string;
}

/** Signs as the API demands: with the tenant's key, or with the secret that it shares with the API. */
export function signToken(
  { keys }: Tenant,
  claims: Claims,
  { signing_alg: alg, signing_secret = "" }: Pick<ResourceServer, "signing_alg" | "signing_secret">,
): Promise<string> {
  const token = new SignJWT({ ...claims });
  if (alg === "HS256") {
    return token.setProtectedHeader({ alg, typ: "JWT" }).sign(Buffer.from(signing_secret));
  }
  const { kid, privateKey } = keys.current;
  return token.setProtectedHeader({ alg, typ: "JWT", kid }).sign(privateKey);
}

/** Verifies tokens for the Management API; remembers those that it has seen, since their signature costs the most. */
export class TokenVerifier {
  private readonly seen = new Map<string, VerifiedToken>();

  constructor(private readonly tenant: Tenant) {}

  /** @throws Problem 401 */
  async verify(authorization: string | undefined): Promise<AccessToken> {
    if (!authorization) throw unauthorized(managementMessages.missingAuthentication);
    const [, token] = /^Bearer +([^ ]+)$/i.exec(authorization) ?? [];
    if (token === undefined) throw unauthorized(managementMessages.badAuthorizationHeader);
    const known = this.seen.get(token);
    if (known) return this.checkAgain(known);
    const verified = await this.check(token);
    if (this.seen.size >= 1000) this.seen.clear();
    this.seen.set(token, verified);
    return verified;
  }

  /** Since the token was verified, it may have expired, or its key may have been revoked. */
  private checkAgain(token: VerifiedToken): AccessToken {
    if (!this.tenant.keys.verifying(token.kid)) throw invalidSignature();
    if (token.expiresAt <= this.tenant.clock() / 1000) throw unauthorized(managementMessages.expiredToken);
    return token;
  }

  private async check(token: string): Promise<VerifiedToken> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => this.keyWith(kid), {
        algorithms: ["RS256"],
        issuer: issuerOf(this.tenant),
        audience: managementAudience(this.tenant),
        requiredClaims: ["exp"],
        currentDate: new Date(this.tenant.clock()),
      });
      const { exp = 0, scope, azp } = payload;
      return {
        kid: protectedHeader.kid ?? "",
        clientId: String(azp),
        scopes: new Set(typeof scope === "string" ? scope.split(" ") : []),
        expiresAt: exp,
      };
    } catch (error) {
      throw error instanceof JOSEError ? refusalOf(error) : error;
    }
  }

  private keyWith(kid: string | undefined): KeyObject {
    const key = kid === undefined ? undefined : this.tenant.keys.verifying(kid);
    if (!key) throw new JWKSNoMatchingKey();
    return key.publicKey;
  }
}

function refusalOf(error: JOSEError): Problem {
  switch (error.code) {
    case "ERR_JOSE_ALG_NOT_ALLOWED":
    case "ERR_JWKS_NO_MATCHING_KEY":
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
      return invalidSignature();
    case "ERR_JWT_EXPIRED":
      return unauthorized(managementMessages.expiredToken);
    default: {
      const isForAnother = error instanceof JWTClaimValidationFailed && error.claim === "aud";
      return unauthorized(isForAnother ? managementMessages.wrongAudience : "Invalid token.");
    }
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
