// Who the bearer of a token is: what its claims must say, once its signature is good.
import { hash } from "node:crypto";
import type { AuthorizerConfig, IssuerConfig } from "./config";
import { Refusal } from "./reason";
import { isRfc9068Type, type UnverifiedToken } from "./token";

export interface Caller {
  clientId: string;
  organizationId: string;
  /** The `scope` claim, and what it lists. */
  scope: string;
  scopes: ReadonlySet<string>;
  /** `jti`. */
  jti: string | undefined;
  /** Names the token in logs without giving it away. */
  tokenId: string;
  /** Milliseconds; with the clock tolerance. */
  expires: number;
}

export type ClaimRules = Pick<AuthorizerConfig, "clockToleranceSeconds" | "maxTokenLifetimeSeconds">;

export const defaultClockTolerance = 5;
const defaultMaxLifetime = 2_592_000;

/** @throws {Refusal} */
export function readCaller(
  { header, payload }: UnverifiedToken,
  tokenHash: string,
  { kind }: IssuerConfig,
  {
    clockToleranceSeconds: tolerance = defaultClockTolerance,
    maxTokenLifetimeSeconds = defaultMaxLifetime,
  }: ClaimRules,
): Caller {
  const { exp, iat, jti, org_id: organizationId } = payload;
  const expires = (exp + tolerance) * 1000;
  const now = Date.now();
  // RFC 7519 section 4.1.4: not "on or after" the time.
  if (now >= expires) throw new Refusal("token_expired", "the token has expired");
  if (iat * 1000 > now + tolerance * 1000) {
    throw new Refusal("token_not_yet_valid", "the token was issued in the future");
  }
  if (exp <= iat) throw invalid("exp is not after iat");
  if (exp - iat > maxTokenLifetimeSeconds) {
    throw new Refusal("token_lifetime_too_long", "the time from iat to exp is too long");
  }
  if (typeof organizationId !== "string" || !organizationIds[kind].test(organizationId)) {
    throw invalid("org_id is missing or not an organization's id");
  }
  const clientId = readClientId(payload, kind);
  if (kind === "auth0") checkGrant(header, payload, clientId);
  return {
    clientId,
    organizationId,
    scope: payload.scope ?? "",
    scopes: readScopes(payload.scope),
    jti,
    tokenId: jti === undefined ? tokenHash : hash("sha256", jti, "base64url"),
    expires,
  };
}

/** They become headers to the backend, so that they must not hold spaces or line ends. */
const organizationIds = { auth0: /^org_[A-Za-z0-9]{1,64}$/, other: /^[\w.:@|-]{1,128}$/ };
const clientIds = /^[\w.:@|-]{1,256}$/;

/** Auth0's own dialect has `azp`, that of RFC 9068 `client_id` (section 2.2); where both are there, they must agree. */
function readClientId(
  { azp, client_id, sub }: UnverifiedToken["payload"],
  kind: IssuerConfig["kind"],
): string {
  const clientId = azp ?? client_id ?? (kind === "other" ? sub : undefined);
  if (typeof clientId !== "string" || !clientIds.test(clientId)) {
    throw invalid("azp or client_id is not a client's id");
  }
  if (client_id !== undefined && client_id !== clientId) throw invalid("azp and client_id differ");
  return clientId;
}

/**
 * No user's token. Auth0's own dialect names the grant, that of RFC 9068 does not; the subject of both is the client.
 * https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
function checkGrant(
  { typ }: UnverifiedToken["header"],
  { gty, sub }: UnverifiedToken["payload"],
  clientId: string,
): void {
  const isUnnamed = gty === undefined && isRfc9068Type(typ);
  if (!isUnnamed && gty !== "client-credentials") {
    throw new Refusal("grant_type_not_allowed", "gty is not client-credentials");
  }
  if (sub !== `${clientId}@clients`) {
    throw new Refusal("grant_type_not_allowed", "the subject (sub) is not the client");
  }
}

/** RFC 6749 section 3.3: visible characters without quote and backslash, with single spaces between. */
const scopeList = /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/;

function readScopes(scope: string | undefined): ReadonlySet<string> {
  if (scope === undefined || scope === "") return new Set();
  if (!scopeList.test(scope)) throw invalid("scope is not a list of scopes");
  return new Set(scope.split(" "));
}

function invalid(message: string): Refusal {
  return new Refusal("claim_invalid", message);
}
