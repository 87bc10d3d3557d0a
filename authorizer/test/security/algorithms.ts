// What may sign, and what counts as a signature: RFC 8725 sections 3.1 to 3.3, and what went wrong elsewhere.
import { createHash, generateKeyPairSync, privateEncrypt, sign } from "node:crypto";
import { hmacSignature, pssSignature, signature } from "../../testing/tokens";
import { key, otherKey, type Row, signedBy, withHeader, withParts } from "./row";

const spki = key.publicKey.export({ type: "spki", format: "pem" });
const pkcs1 = key.publicKey.export({ type: "pkcs1", format: "pem" });
const der = key.publicKey.export({ type: "spki", format: "der" });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed = generateKeyPairSync("ed25519");

const hmac = (secret: string | Buffer) => signedBy((input) => hmacSignature(secret, input), { alg: "HS256" });
const unsigned = (alg: unknown) => signedBy(() => "", { alg });

export const algorithmRows: Row[] = [
  ["CVE-2015-9235", "HS256 with the public key (SPKI) as secret", "algorithm_not_allowed", hmac(spki)],
  ["CVE-2023-48223", "HS256 with the public key (PKCS #1) as secret", "algorithm_not_allowed", hmac(pkcs1)],
  ["CVE-2016-10555", "HS256 with the public key (DER) as secret", "algorithm_not_allowed", hmac(der)],
  ["CVE-2022-23541", "HS256 with the modulus as secret", "algorithm_not_allowed", hmac(key.jwk.n)],
  ["RFC 8725 3.5", "HS256 with an empty secret", "algorithm_not_allowed", hmac("")],
  ...["none", "None", "NONE", "nOnE"].map((alg): Row => {
    return ["CVE-2022-23540", `alg ${alg} without signature`, "algorithm_not_allowed", unsigned(alg)];
  }),
  ["RFC 8725 3.2", "alg none with a good signature", "algorithm_not_allowed", withHeader({ alg: "none" })],
  ...["RS384", "RS512", "PS256", "ES256", "EdDSA", "HS512", "rs256", "RS256 ", "RSA-OAEP", ""].map(
    (alg): Row => ["RFC 8725 3.1", `alg "${alg}"`, "algorithm_not_allowed", withHeader({ alg })],
  ),
  ...[undefined, null, 256, true, ["RS256"], { alg: "RS256" }].map((alg): Row => {
    const what = `alg ${JSON.stringify(alg)}`;
    return ["RFC 7515 4.1.1", what, "algorithm_not_allowed", withHeader({ alg })];
  }),
  [
    "RFC 8725 3.1",
    "RS512, truly signed",
    "algorithm_not_allowed",
    signedBy((input) => signature(key, input, "sha512"), { alg: "RS512" }),
  ],
  [
    "RFC 8725 3.1",
    "PS256, truly signed",
    "algorithm_not_allowed",
    signedBy((input) => pssSignature(key, input), { alg: "PS256" }),
  ],
  [
    "CVE-2022-23539",
    "ES256 by a key of its own",
    "algorithm_not_allowed",
    signedBy((input) => sign("sha256", Buffer.from(input), ec.privateKey).toString("base64url"), {
      alg: "ES256",
    }),
  ],
  [
    "RFC 8725 3.1",
    "EdDSA by a key of its own",
    "algorithm_not_allowed",
    signedBy((input) => sign(null, Buffer.from(input), ed.privateKey).toString("base64url"), {
      alg: "EdDSA",
    }),
  ],
  [
    "CVE-2022-21449",
    "ES256 with a signature of zeros",
    "algorithm_not_allowed",
    signedBy(() => Buffer.alloc(64).toString("base64url"), { alg: "ES256" }),
  ],
  [
    "RFC 8725 3.1",
    "PSS padding under RS256",
    "signature_invalid",
    signedBy((input) => pssSignature(key, input), {}),
  ],
  [
    "RFC 8725 3.1",
    "SHA-512 under RS256",
    "signature_invalid",
    signedBy((input) => signature(key, input, "sha512"), {}),
  ],
  [
    "RFC 8725 3.3",
    "a key of someone else under the issuer's key id",
    "signature_invalid",
    signedBy((input) => signature(otherKey, input), {}),
  ],
  ["RFC 8725 3.3", "a signature of zeros", "signature_invalid", signedBy(() => bytes(256, 0), {})],
  ["RFC 8725 3.3", "a signature of ones", "signature_invalid", signedBy(() => bytes(256, 255), {})],
  ["RFC 8725 3.3", "a signature of one byte", "signature_invalid", signedBy(() => bytes(1, 0), {})],
  [
    "RFC 8017 8.2.2",
    "a signature without its first byte",
    "signature_invalid",
    signedBy(
      (input) => Buffer.from(signature(key, input), "base64url").subarray(1).toString("base64url"),
      {},
    ),
  ],
  [
    "RFC 8017 8.2.2",
    "a signature with a zero byte before it",
    "signature_invalid",
    signedBy((input) => withZero(signature(key, input)), {}),
  ],
  [
    "RFC 8017 9.2",
    "PKCS #1 padding around the bare digest, without the name of its algorithm",
    "signature_invalid",
    signedBy((input) => privateEncrypt(key.privateKey, sha256(input)).toString("base64url"), {}),
  ],
  ["CVE-2020-28042", "an empty signature", "token_malformed", signedBy(() => "", {})],
  [
    "RFC 7515 5.2",
    "a payload changed after signing",
    "signature_invalid",
    withParts(([header, payload, signed]) => [
      header,
      Buffer.from(Buffer.from(payload, "base64url").toString().replace("org_Acme1", "org_Acme2")).toString(
        "base64url",
      ),
      signed,
    ]),
  ],
  [
    "RFC 7515 5.2",
    "a header changed after signing",
    "signature_invalid",
    withParts(([header, payload, signed]) => [
      Buffer.from(Buffer.from(header, "base64url").toString().replace('"JWT"', '"jwt"')).toString(
        "base64url",
      ),
      payload,
      signed,
    ]),
  ],
];

function bytes(length: number, value: number): string {
  return Buffer.alloc(length, value).toString("base64url");
}

function withZero(signed: string): string {
  return Buffer.concat([Buffer.alloc(1), Buffer.from(signed, "base64url")]).toString("base64url");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
