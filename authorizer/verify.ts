// Verifies tokens of several issuers with aws-jwt-verify, and closes what it leaves open.
import {
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
} from "aws-jwt-verify/error";
import { JwtVerifierBase } from "aws-jwt-verify/jwt-verifier";
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

/** Verifies a token of one of the issuers. Told of each failed fetch of keys. */
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

  /** @throws {Refusal} @throws {Fault} @throws {MustWait} */
  verify(token: string, tokenHash: string): VerifiedToken {
    const unverified = parseToken(token);
    const issuer = this.issuers.get(unverified.payload.iss);
    if (!issuer) throw new Refusal("issuer_unknown", "the issuer (iss) is none of the configured ones");
    const keys = issuer.keysWith(unverified.header.kid);
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

/** An unknown key id makes us look for new keys no more often than this. */
export const unknownKeyInterval = 10;

export class Issuer {
  private readonly renewed: Renewed<KeySet>;

  constructor(
    readonly config: IssuerConfig,
    rules: Omit<AuthorizerConfig, "routes">,
    report: (error: unknown) => void,
  ) {
    const tolerance = rules.clockToleranceSeconds ?? defaultClockTolerance;
    const url = config.jwksUri ?? new URL(".well-known/jwks.json", withSlash(config.issuer)).href;
    const usable = usableKeys(config.jwks ?? { keys: [] });
    let latest = usable.size > 0 ? new KeySet(usable, config, tolerance) : undefined;
    const fetchKeys = async () => {
      const jwks = readJwks(await fetchText(url));
      if (!jwks) throw new Error(`${url}: is not a JSON Web Key Set`);
      const keys = usableKeys(jwks);
      if (keys.size === 0) throw new Error(`${url}: has no key that may verify RS256 signatures`);
      if (!latest?.holds(keys)) latest = new KeySet(keys, config, tolerance);
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

  /** The keys, of which one has the id. */
  keysWith(kid: string): KeySet {
    const { keys } = this;
    if (keys.has(kid)) return keys;
    this.renewed.renew(unknownKeyInterval);
    // Where new keys cannot be had, the token may well be good.
    if (this.renewed.isFailing) throw this.renewed.fault("the key is unknown, and new keys cannot be had");
    throw new Refusal("key_unknown", "the issuer has no usable key of that id (kid)");
  }
}

/** An issuer's keys at one time. Nothing that was made of them outlives them. */
export class KeySet {
  private readonly library: DecomposedVerifier;

  constructor(
    private readonly keys: ReadonlyMap<string, Jwk>,
    { issuer, audience }: IssuerConfig,
    graceSeconds: number,
  ) {
    this.library = new DecomposedVerifier({ issuer, audience, graceSeconds, jwksUri: issuer });
    this.library.cacheJwks({ keys: [...keys.values()].map((key) => ({ ...key })) });
  }

  has(kid: string): boolean {
    return this.keys.has(kid);
  }

  /** Whether its keys are the given ones. */
  holds(keys: ReadonlyMap<string, Jwk>): boolean {
    return keys.size === this.keys.size && [...keys].every(([kid, { n }]) => this.keys.get(kid)?.n === n);
  }

  /** @throws {Refusal} */
  verify(token: UnverifiedToken): void {
    try {
      this.library.verifyDecomposed(token);
    } catch (error) {
      const refusal = refusals.find(([type]) => error instanceof type);
      throw refusal ? new Refusal(refusal[1], refusal[2]) : error;
    }
  }
}

const refusals: [new (...args: never[]) => Error, RefusalReason, string][] = [
  [JwtInvalidSignatureError, "signature_invalid", "the signature is not the key's"],
  [JwtInvalidAudienceError, "audience_mismatch", "the audience (aud) is not this API's"],
  [JwtExpiredError, "token_expired", "the token has expired"],
  [JwtNotBeforeError, "token_not_yet_valid", "the token is not valid yet (nbf)"],
];

type Properties = { issuer: string; audience: string; graceSeconds: number; jwksUri: string };

/** The library's verifier for a token that is taken apart already: by us, since we are stricter. */
class DecomposedVerifier extends JwtVerifierBase<Properties, Properties, false> {
  constructor(private readonly properties: Properties) {
    super(properties);
  }

  verifyDecomposed(token: UnverifiedToken): void {
    this.verifyDecomposedJwtSync(token, this.properties.jwksUri, this.properties);
  }
}

function withSlash(issuer: string): string {
  return issuer.endsWith("/") ? issuer : `${issuer}/`;
}
