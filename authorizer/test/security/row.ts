// One demand on tokens, with the document that makes it.
import type { Jwk } from "../../src/config";
import type { Reason } from "../../src/reason";
import {
  base64url,
  type Changes,
  claims,
  headerOf,
  makeKey,
  signature,
  token,
  tokenOf,
} from "../../testing/tokens";

export type Row = [
  source: string,
  what: string,
  reason: Reason,
  token: string,
  /** The issuer's keys, where they are the point. */
  jwks?: Jwk[],
];

/** Of the first issuer. */
export const key = makeKey("key-1");
/** Of the second issuer, under the same id. */
export const otherKey = makeKey("key-1");
export const otherIssuer = "https://login.partner.example";
export const otherAudience = "urn:partner:orders";

/** A token that is good but for its claims. */
export function withClaims(changes: Changes): string {
  return token(key, changes);
}

/** A token that is good but for its header. */
export function withHeader(changes: Changes): string {
  return token(key, {}, changes);
}

/** A token that is good but for the text, or the bytes, of its payload. */
export function withPayload(payload: string | Buffer): string {
  return tokenOf(key, JSON.stringify(headerOf(key)), payload);
}

/** A token that is good but for the text, or the bytes, of its header. */
export function withHeaderText(header: string | Buffer): string {
  return tokenOf(key, header, payloadText);
}

export const payloadText = JSON.stringify(claims());

/** The good payload with a string instead of one claim's value: `1e400` cannot be had from JSON.stringify. */
export function withRawClaim(name: string, value: string): string {
  return withPayload(payloadText.replace(new RegExp(`"${name}":[^,}]+`), `"${name}":${value}`));
}

/** A token with a signature of one's own making. */
export function signedBy(sign: (input: string) => string, header: Changes): string {
  const input = `${base64url(JSON.stringify(headerOf(key, header)))}.${base64url(payloadText)}`;
  return `${input}.${sign(input)}`;
}

/** A good token with one of its parts changed after signing. */
export function withParts(change: (parts: [header: string, payload: string, signature: string]) => string[]) {
  const input = `${base64url(JSON.stringify(headerOf(key)))}.${base64url(payloadText)}`;
  const [header = "", payload = ""] = input.split(".");
  return change([header, payload, signature(key, input)]).join(".");
}
