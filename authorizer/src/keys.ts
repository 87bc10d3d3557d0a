// The issuers' public keys: which of them are good enough.
import type { Jwk, Jwks } from "./config";
import { isRecord, readJson } from "./json";

/** The keys that may verify RS256 signatures, by id. Two keys with one id count as none. */
export function usableKeys({ keys }: Jwks): Map<string, Jwk> {
  const usable = new Map<string, Jwk>();
  const seen = new Set<string>();
  for (const jwk of keys) {
    const { kid, kty, n, e } = jwk;
    if (seen.has(kid)) usable.delete(kid);
    else if (isUsable(jwk)) usable.set(kid, { kid, kty, n, e, alg: "RS256", use: "sig" });
    seen.add(kid);
  }
  return usable;
}

/** Reads a key set as an issuer serves it; undefined where it is none. Keys of other kinds are passed over. */
export function readJwks(text: string): Jwks | undefined {
  const document = readJson(text);
  if (!isRecord(document) || !Array.isArray(document.keys)) return undefined;
  return { keys: document.keys.filter(isJwk) };
}

/**
 * RFC 7518 section 3.3: 2048 bits or larger. Over 8192 bits, signatures would cost too much to verify. RFC 7517 section 4.3:
 * a key with `key_ops` is for these operations only, none of them twice. One with `d` is a private key that everyone can read.
 */
function isUsable({ kty, alg = "RS256", use = "sig", key_ops = ["verify"], d, n = "", e }: Jwk): boolean {
  if (kty !== "RSA" || alg !== "RS256" || use !== "sig" || e !== "AQAB" || d !== undefined) return false;
  if (!key_ops.includes("verify") || new Set(key_ops).size < key_ops.length) return false;
  const modulus = Buffer.from(n, "base64url");
  const [highest = 0] = modulus;
  const bits = modulus.length * 8 - (Math.clz32(highest) - 24);
  return highest > 0 && bits >= 2048 && bits <= 8192 && modulus.toString("base64url") === n;
}

function isJwk(value: unknown): value is Jwk {
  return (
    isRecord(value) &&
    typeof value.kid === "string" &&
    typeof value.kty === "string" &&
    [value.alg, value.use, value.n, value.e, value.d].every(
      (text) => text === undefined || typeof text === "string",
    ) &&
    (value.key_ops === undefined || isTextList(value.key_ops))
  );
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
