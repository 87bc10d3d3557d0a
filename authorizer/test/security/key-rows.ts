// Which of an issuer's keys are trusted: RFC 8725 sections 3.1 and 3.5, RFC 7517 section 4, RFC 7518 section 3.3.
import { generateKeyPairSync } from "node:crypto";
import type { Jwk } from "../../src/config";
import { type Key, makeKey, token } from "../../testing/tokens";
import { key, otherKey, type Row } from "./row";

const { jwk } = key;
const byKey = token(key);
const small = makeKey("key-1", 1024);
const almost = makeKey("key-1", 2040);
const cubic = makeKey("key-1", 2048, 3);
const ecJwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
/** A number of so many bits; nothing is ever signed by it. */
const modulusOf = (bytes: number) => Buffer.alloc(bytes, 0xd5).toString("base64url");

/** The token is signed by the key, which the issuer serves with changes beside a good key of another id. */
const served = (changes: Partial<Jwk>, signer: Key = key): [string, Jwk[]] => [
  token(signer),
  [
    { ...signer.jwk, ...changes },
    { ...otherKey.jwk, kid: "key-2" },
  ],
];

export const keyRows: Row[] = [
  ["RFC 7518 3.3", "a key of 1024 bits", "key_unknown", ...served({}, small)],
  ["RFC 7518 3.3", "a key of 2040 bits", "key_unknown", ...served({}, almost)],
  [
    "RFC 7518 3.3",
    "a key of 1024 bits, filled up with zeros",
    "key_unknown",
    ...served(
      { n: Buffer.concat([Buffer.alloc(128), Buffer.from(small.jwk.n, "base64url")]).toString("base64url") },
      small,
    ),
  ],
  [
    "RFC 7518 6.3.1.1",
    "a modulus with a zero byte before it",
    "key_unknown",
    ...served({ n: Buffer.concat([Buffer.alloc(1), Buffer.from(jwk.n, "base64url")]).toString("base64url") }),
  ],
  ["RFC 7518 6.3.1.1", "a modulus with padding", "key_unknown", ...served({ n: `${jwk.n}==` })],
  ["CWE-400", "a key of 8200 bits", "key_unknown", ...served({ n: modulusOf(1025) })],
  ["CWE-400", "a key of 8192 bits, of someone else", "signature_invalid", ...served({ n: modulusOf(1024) })],
  ["CVE-2006-4339", "a public exponent of 3", "key_unknown", ...served({}, cubic)],
  ["RFC 8017 3.1", "a public exponent of 1", "key_unknown", ...served({ e: "AQ" })],
  ["RFC 7517 4.2", "a key for encryption", "key_unknown", ...served({ use: "enc" })],
  ["RFC 7517 4.3", "a key that signs only", "key_unknown", ...served({ key_ops: ["sign"] })],
  ["RFC 7517 4.3", "a key that encrypts only", "key_unknown", ...served({ key_ops: ["encrypt"] })],
  ["RFC 7517 4.3", "a key for no operation", "key_unknown", ...served({ key_ops: [] })],
  [
    "RFC 7517 4.3",
    "a key with an operation twice",
    "key_unknown",
    ...served({ key_ops: ["verify", "verify"] }),
  ],
  ["RFC 7517 9.2", "a private key that is published", "key_unknown", ...served({ d: "AQAB" })],
  ["RFC 7517 4.4", "a key for RS512", "key_unknown", ...served({ alg: "RS512" })],
  ["RFC 7517 4.4", "a key for PS256", "key_unknown", ...served({ alg: "PS256" })],
  ["RFC 7517 4.4", "a key for HS256", "key_unknown", ...served({ alg: "HS256" })],
  ["RFC 7517 4.1", "a symmetric key", "key_unknown", ...served({ kty: "oct" })],
  [
    "RFC 7517 4.1",
    "an elliptic key",
    "key_unknown",
    byKey,
    [
      { ...ecJwk, kty: "EC", kid: "key-1" },
      { ...otherKey.jwk, kid: "key-2" },
    ],
  ],
  [
    "RFC 7517 4.1",
    "a key without modulus",
    "key_unknown",
    byKey,
    [
      { kid: "key-1", kty: "RSA", e: "AQAB" },
      { ...otherKey.jwk, kid: "key-2" },
    ],
  ],
  [
    "RFC 7517 4.5",
    "two keys of one id, the first the signer's",
    "key_unknown",
    byKey,
    [jwk, otherKey.jwk, { ...otherKey.jwk, kid: "key-2" }],
  ],
  [
    "RFC 7517 4.5",
    "two keys of one id, the second the signer's",
    "key_unknown",
    byKey,
    [otherKey.jwk, jwk, { ...otherKey.jwk, kid: "key-2" }],
  ],
  [
    "RFC 7517 4.5",
    "three keys of one id",
    "key_unknown",
    byKey,
    [jwk, otherKey.jwk, jwk, { ...otherKey.jwk, kid: "key-2" }],
  ],
  ["RFC 7517 4.2", "a key without use", "allowed", ...served({ use: undefined })],
  ["RFC 7517 4.4", "a key without alg", "allowed", ...served({ alg: undefined })],
  [
    "RFC 7517 5",
    "a good key among bad ones",
    "allowed",
    byKey,
    [{ kid: "a", kty: "oct" }, { ...small.jwk, kid: "b" }, { ...jwk, kid: "c", use: "enc" }, jwk],
  ],
];
