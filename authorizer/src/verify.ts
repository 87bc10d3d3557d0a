// Verifies tokens of several issuers: signatures with Node's OpenSSL, claims with aws-jwt-verify; closes what it leaves open.
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { JwtExpiredError, JwtInvalidAudienceError, JwtNotBeforeError } from "aws-jwt-verify/error";
import { validateJwtFields } from "aws-jwt-verify/jwt";
import { type Caller, defaultClockTolerance, readCaller } from "./claims";
import type { AuthorizerConfig, IssuerConfig, Jwk, Lifetimes } from "./config";
import { fetchText } from "./fetch-text";
import { readJwks, usableKeys } from "./keys";
import { Refusal, type RefusalReason } from "./reason";
import { Renewed } from "./renewed";
import { parseToken, type UnverifiedToken } from "./token";

export interface VerifiedToken {
  caller: Caller;
  issuer: Issuer;
  /** Those that verified it. */
  keys: KeySet;
}

/** Verifies a token of one of the issuers. Reports each failed fetch of keys. */
export class Verifier {
  readonly issuers: ReadonlyMap<string, Issuer>;

  constructor(
    private readonly config: Omit<AuthorizerConfig, "routes">,
    report: (error: unknown) => void,
  ) {
    this.issuers = new Map(
      config.issuers.map((issuer) => [issuer.issuer, new Issuer(issuer, config, report)]),
    );
  }

  /** @param asked {@link fetchesBegun} when the request came @throws {Refusal} @throws {Fault} @throws {MustWait} */
  verify(token: string, tokenHash: string, asked: number): VerifiedToken {
    const unverified = parseToken(token);
    const issuer = this.issuers.get(unverified.payload.iss);
    if (!issuer) throw new Refusal("issuer_unknown", "the issuer (iss) is none of the configured ones");
    const keys = issuer.keysFor(unverified, asked);
    keys.verify(unverified);
    const caller = readCaller(unverified, tokenHash, issuer.config, this.config);
    return { caller, issuer, keys };
  }
}

/**
 * Five minutes for a withdrawn key while there are requests, 15 where they are rare; Auth0 publishes a key before it
 * signs with it. An issuer may be out of reach for a day.
 */
const defaultLifetimes: Lifetimes = { refreshSeconds: 300, waitSeconds: 900, limitSeconds: 86_400 };

export class Issuer {
  private readonly renewed: Renewed<KeySet>;

  private readonly graceSeconds: number;

  constructor(
    readonly config: IssuerConfig,
    rules: Omit<AuthorizerConfig, "routes">,
    report: (error: unknown) => void,
  ) {
    const { issuer, audience } = config;
    const graceSeconds = rules.clockToleranceSeconds ?? defaultClockTolerance;
    this.graceSeconds = graceSeconds;
    const keySet = (keys: ReadonlyMap<string, Jwk>) => new KeySet(keys, { issuer, audience, graceSeconds });
    const url = config.jwksUri ?? new URL(".well-known/jwks.json", withSlash(issuer)).href;
    const usable = usableKeys(config.jwks ?? { keys: [] });
    let latest = usable.size > 0 ? keySet(usable) : undefined;
    const fetchKeys = async () => {
      const jwks = readJwks(await fetchText(url));
      if (!jwks) throw new Error(`${url}: is not a JSON Web Key Set`);
      const keys = usableKeys(jwks);
      if (keys.size === 0) throw new Error(`${url}: has no key that may verify RS256 signatures`);
      if (!latest?.holds(keys)) latest = keySet(keys);
      return latest;
    };
    const lifetimes = { ...defaultLifetimes, ...rules.keys };
    this.renewed = new Renewed(latest, fetchKeys, lifetimes, "keys_unavailable", report);
  }

  /** The keys that are trusted now. */
  get keys(): KeySet {
    return this.renewed.current;
  }

  get keysAgeSeconds(): number {
    return this.renewed.ageSeconds;
  }

  /** The keys, of which one has the token's id: any that the issuer had published when it signed the token. */
  keysFor({ header, payload }: UnverifiedToken, asked: number): KeySet {
    const { keys } = this;
    if (keys.has(header.kid)) return keys;
    this.renewed.renew(asked, (payload.iat + this.graceSeconds) * 1000);
    // Where new keys cannot be had, the token may well be good.
    if (this.renewed.isFailing) throw this.renewed.fault("the key is unknown, and new keys cannot be had");
    throw new Refusal("key_unknown", "the issuer has no usable key of that id (kid)");
  }
}

/**
 * An issuer's keys at one time. Nothing that was made of them outlives them. The library's own verifier is not used: it
 * parses each token again, and brings the fetching and caching of keys that {@link Issuer} does; see docs/explanation/authorizer.md.
 */
export class KeySet {
  /** Made when they are first needed. */
  private readonly publicKeys = new Map<string, KeyObject>();

  constructor(
    private readonly keys: ReadonlyMap<string, Jwk>,
    private readonly rules: { issuer: string; audience: string; graceSeconds: number },
  ) {}

  has(kid: string): boolean {
    return this.keys.has(kid);
  }

  /** Whether its keys are the given ones. */
  holds(keys: ReadonlyMap<string, Jwk>): boolean {
    return keys.size === this.keys.size && [...keys].every(([kid, { n }]) => this.keys.get(kid)?.n === n);
  }

  /** Of a token whose key it has. @throws {Refusal} */
  verify({ header, payload, signed, signature }: UnverifiedToken): void {
    if (!verify("RSA-SHA256", signed, this.publicKey(header.kid), signature)) {
      throw new Refusal("signature_invalid", "the signature is not the key's");
    }
    try {
      validateJwtFields(payload, this.rules);
    } catch (error) {
      const refusal = refusals.find(([type]) => error instanceof type);
      throw refusal ? new Refusal(refusal[1], refusal[2]) : error;
    }
  }

  private publicKey(kid: string): KeyObject {
    const known = this.publicKeys.get(kid);
    if (known) return known;
    const publicKey = createPublicKey({ key: { ...this.keys.get(kid) }, format: "jwk" });
    this.publicKeys.set(kid, publicKey);
    return publicKey;
  }
}

const refusals: [new (...args: never[]) => Error, RefusalReason, string][] = [
  [JwtInvalidAudienceError, "audience_mismatch", "the audience (aud) is not this API's"],
  [JwtExpiredError, "token_expired", "the token has expired"],
  [JwtNotBeforeError, "token_not_yet_valid", "the token is not valid yet (nbf)"],
];

function withSlash(issuer: string): string {
  return issuer.endsWith("/") ? issuer : `${issuer}/`;
}
