// Keys of clients, and assertions that they sign (RFC 7523).
import { constants, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

const names = ["one", "two", "three"] as const;
export type KeyName = (typeof names)[number];

export interface Assertion {
  /** The client's id. */
  sub: string;
  key: KeyName;
  /** Default: RS256. */
  alg?: "RS256" | "RS384" | "PS256" | "none";
  /** Default: the client's id. */
  iss?: string;
  /** Default: the tenant's issuer. */
  aud?: string | string[];
  /** Seconds until it expires; default: 60. */
  expires?: number;
  /** Seconds from now. */
  iat?: number;
  nbf?: number;
  /** Default: one that no other has; null: none. */
  jti?: string | null;
  kid?: string;
}

const pairs = new Map<KeyName, { publicKey: KeyObject; privateKey: KeyObject }>();

function pair(name: KeyName) {
  const made = pairs.get(name) ?? generateKeyPairSync("rsa", { modulusLength: 2048 });
  pairs.set(name, made);
  return made;
}

export const privateKeyOf = (name: KeyName): KeyObject => pair(name).privateKey;
export const publicPem = (name: KeyName): string =>
  pair(name).publicKey.export({ type: "spki", format: "pem" }).toString();

let made = 0;

/** @param clock milliseconds since 1970 */
export function signAssertion(assertion: Assertion, domain: string, clock: number): string {
  const { sub, iss = sub, aud = `https://${domain}/`, kid, alg = "RS256", expires = 60 } = assertion;
  const now = Math.floor(clock / 1000);
  made += 1;
  const jti = assertion.jti === undefined ? `jti-${made}` : (assertion.jti ?? undefined);
  const at = (seconds: number | undefined) => (seconds === undefined ? undefined : now + seconds);
  const claims = { iss, sub, aud, exp: now + expires, iat: at(assertion.iat), nbf: at(assertion.nbf), jti };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg, kid, typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${signatureOf(alg, Buffer.from(signed), pair(assertion.key).privateKey)}`;
}

function signatureOf(alg: string, signed: Buffer, key: KeyObject): string {
  const padding =
    alg === "PS256"
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : {};
  return sign(alg === "RS384" ? "sha384" : "sha256", signed, { key, ...padding }).toString("base64url");
}
