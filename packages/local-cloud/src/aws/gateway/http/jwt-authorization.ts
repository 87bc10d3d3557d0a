// API Gateway's own JWT authorizer: what it checks of a token, and what it does not.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { isObject } from "../../property";
import type { JwtAuthorizer } from "./http-authorizers";
import type { HttpExchange } from "./http-exchange";
import { forbiddenRefusal, type HttpRefusal, unauthorizedRefusal } from "./refusal";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, for discovery and for keys. */
const fetchMilliseconds = 1500;
const maxKeySetBytes = 150_000;
/** "API Gateway can cache the public key for two hours": a new key may go unnoticed for so long. */
const keyMilliseconds = 2 * 60 * 60 * 1000;

type Keys = ReadonlyMap<string, KeyObject>;

/** The JWT authorizers of a stage, with the keys that they remember. */
export class JwtAuthorization {
  private readonly keys = new Map<string, { keys: Keys; expires: number }>();

  constructor(
    private readonly fetchIssuer: typeof fetch,
    private readonly clock: () => number,
  ) {}

  /** Decides about the request, and notes in it what the token says; undefined lets it pass. */
  async refuse(
    authorizer: JwtAuthorizer,
    scopes: readonly string[],
    exchange: HttpExchange,
  ): Promise<HttpRefusal | undefined> {
    const given = exchange.variable(authorizer.identitySource.slice(1)) ?? "";
    const token = given.replace(/^Bearer +/i, "");
    if (token === "") return { ...unauthorizedRefusal, headers: { "www-authenticate": "Bearer" } };
    try {
      const claims = await this.verify(token, authorizer);
      const held = scopesOf(claims);
      exchange.caller = { claims: asTexts(claims), scopes: scopes.length === 0 ? null : held };
      if (scopes.length === 0 || scopes.some((scope) => held?.includes(scope))) return undefined;
      exchange.caller.error = "insufficient_scope";
      return {
        ...forbiddenRefusal,
        headers: { "www-authenticate": challenge("insufficient_scope", "", scopes) },
      };
    } catch (error) {
      if (!(error instanceof InvalidToken)) throw error;
      exchange.caller = { error: `invalid_token: ${error.message}` };
      return {
        ...unauthorizedRefusal,
        headers: { "www-authenticate": challenge("invalid_token", error.message) },
      };
    }
  }

  /** @throws InvalidToken */
  private async verify(token: string, { issuer, audience }: JwtAuthorizer): Promise<Record<string, unknown>> {
    const [header, payload, signature, ...more] = token.split(".");
    if (!header || !payload || signature === undefined || more.length > 0) {
      throw new InvalidToken("token contains an invalid number of segments");
    }
    const { alg, kid } = parse(header);
    const claims = parse(payload);
    const hash = algorithms.get(String(alg));
    if (hash === undefined) throw new InvalidToken(`signing method ${alg} is invalid`);
    const key = (await this.keysOf(issuer)).get(String(kid));
    if (!key) throw new InvalidToken(`unable to find key: ${kid}`);
    if (!verify(hash, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"))) {
      throw new InvalidToken("signature verification failed");
    }
    this.checkClaims(claims, issuer, audience);
    return claims;
  }

  private checkClaims(claims: Record<string, unknown>, issuer: string, audience: readonly string[]): void {
    if (claims.iss !== issuer) throw new InvalidToken("issuer does not match");
    // "API Gateway validates client_id only if aud is not present."
    const audiences = [claims.aud ?? claims.client_id].flat();
    if (!audiences.some((one) => audience.includes(String(one)))) {
      throw new InvalidToken("the token does not have a valid audience");
    }
    const now = this.clock() / 1000;
    if (typeof claims.exp === "number" && claims.exp <= now) throw new InvalidToken("the token has expired");
    for (const claim of ["nbf", "iat"]) {
      const value = claims[claim];
      if (typeof value === "number" && value > now) throw new InvalidToken("the token is not yet valid");
    }
  }

  private async keysOf(issuer: string): Promise<Keys> {
    const known = this.keys.get(issuer);
    if (known && known.expires > this.clock()) return known.keys;
    const discovery = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const { jwks_uri } = await this.fetchJson(discovery, "OIDC discovery endpoint communication error");
    const { keys: listed } = await this.fetchJson(String(jwks_uri), "JWKS communication error");
    const keys = readKeys(listed);
    this.keys.set(issuer, { keys, expires: this.clock() + keyMilliseconds });
    return keys;
  }

  private async fetchJson(url: string, failure: string): Promise<Record<string, unknown>> {
    try {
      const response = await this.fetchIssuer(url, { signal: AbortSignal.timeout(fetchMilliseconds) });
      const text = await response.text();
      const json: unknown = JSON.parse(text);
      if (response.ok && text.length <= maxKeySetBytes && isObject(json)) return json;
    } catch {
      // The caller learns no more than that, as with AWS.
    }
    throw new InvalidToken(failure);
  }
}

class InvalidToken extends Error {}

/** "Currently, only RSA-based algorithms are supported." */
const algorithms = new Map([
  ["RS256", "RSA-SHA256"],
  ["RS384", "RSA-SHA384"],
  ["RS512", "RSA-SHA512"],
]);

function parse(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (isObject(value)) return value;
  } catch {
    // Reported below.
  }
  throw new InvalidToken("token is malformed");
}

function readKeys(listed: unknown): Keys {
  const keys = new Map<string, KeyObject>();
  for (const jwk of Array.isArray(listed) ? listed.filter(isObject) : []) {
    if (jwk.kty !== "RSA" || typeof jwk.kid !== "string") continue;
    try {
      keys.set(
        jwk.kid,
        createPublicKey({ key: { kty: "RSA", n: String(jwk.n), e: String(jwk.e) }, format: "jwk" }),
      );
    } catch {
      // A key that is none is no reason to refuse the others' tokens.
    }
  }
  return keys;
}

/** `scope` or `scp`; null where the token has neither. */
function scopesOf({ scope, scp }: Record<string, unknown>): string[] | null {
  const given = scope ?? scp;
  if (Array.isArray(given)) return given.map(String);
  return typeof given === "string" && given !== "" ? given.split(" ") : null;
}

/**
 * Every claim arrives as a text, a list in brackets, and null not at all: not in AWS's guide, but measured for
 * floci-io/floci#2011.
 */
function asTexts(claims: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [
        name,
        Array.isArray(value)
          ? `[${value.map(String).join(" ")}]`
          : isObject(value)
            ? JSON.stringify(value)
            : String(value),
      ]),
  );
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html has one with its form. */
function challenge(error: string, description: string, scopes: readonly string[] = []): string {
  return `Bearer scope="${scopes.join(" ")}" error="${error}" error_description="${description}"`;
}
