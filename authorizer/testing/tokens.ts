// Tokens as Auth0 signs them, and as it never would.
import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from "node:crypto";
import type { Jwk } from "../src/config";

export const issuer = "https://example.eu.auth0.com/";
export const audience = "https://api.example.com/";
/** The fake clock's time when a test begins, in seconds. */
export const now = 1_800_000_000;

export interface Key {
  privateKey: KeyObject;
  publicKey: KeyObject;
  jwk: Jwk & { n: string; e: string };
}

/** Private keys as PEM, of 2048 bits, which mutation tests make beforehand (stryker.config.mjs). */
const spareKeys: string[] = [...((globalThis as { spareKeys?: string[] }).spareKeys ?? [])];

export function makeKey(kid: string, modulusLength = 2048, publicExponent = 65537): Key {
  const spare = modulusLength === 2048 && publicExponent === 65537 ? spareKeys.pop() : undefined;
  const privateKey = spare
    ? createPrivateKey(spare)
    : generateKeyPairSync("rsa", { modulusLength, publicExponent }).privateKey;
  const publicKey = createPublicKey(privateKey);
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  return { privateKey, publicKey, jwk: { kid, kty: "RSA", alg: "RS256", use: "sig", n, e } };
}

/** Changes to an object; undefined leaves a member out. */
export type Changes = Record<string, unknown>;

/** What Auth0 writes into a client credentials token of an organization. */
export function claims(changes: Changes = {}): Changes {
  return {
    iss: issuer,
    sub: "acmeCi@clients",
    aud: audience,
    iat: now - 60,
    exp: now + 3600,
    scope: "read:orders write:orders",
    org_id: "org_Acme1",
    gty: "client-credentials",
    azp: "acmeCi",
    ...changes,
  };
}

export function token(key: Key, changes: Changes = {}, header: Changes = {}): string {
  return tokenOf(key, JSON.stringify(headerOf(key, header)), JSON.stringify(claims(changes)));
}

export function headerOf(key: Key, changes: Changes = {}): Changes {
  return { alg: "RS256", typ: "JWT", kid: key.jwk.kid, ...changes };
}

/** A token of any texts, or bytes, truly signed. */
export function tokenOf(key: Key, header: string | Buffer, payload: string | Buffer): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${signature(key, input)}`;
}

export function signature({ privateKey }: Key, input: string, digest = "sha256"): string {
  return signBytes(digest, Buffer.from(input), privateKey).toString("base64url");
}

export function pssSignature({ privateKey }: Key, input: string): string {
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return signBytes("sha256", Buffer.from(input), key).toString("base64url");
}

export function hmacSignature(secret: string | Buffer, input: string): string {
  return createHmac("sha256", secret).update(input).digest("base64url");
}

export function base64url(text: string | Buffer): string {
  return Buffer.from(text).toString("base64url");
}
