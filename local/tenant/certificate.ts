// X.509 certificates of the tenant's own authority and of its token signing keys.
import { createHash, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, boolean, integer, nothing, objectId, octets, sequence, set, tagged, text, time } from "./der";

export interface CertificateRequest {
  /** Common names. */
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  /** The issuer's private key, RSA or EC. */
  signingKey: KeyObject;
  days: number;
  extensions?: Buffer[];
}

/** @returns PEM */
export function makeCertificate(request: CertificateRequest): string {
  const { subject, issuer, publicKey, signingKey, days, extensions = [] } = request;
  const algorithm =
    signingKey.asymmetricKeyType === "rsa"
      ? sequence(objectId("1.2.840.113549.1.1.11"), nothing())
      : sequence(objectId("1.2.840.10045.4.3.2"));
  const now = Date.now();
  const signed = sequence(
    tagged(0, integer(2)),
    integer(1, ...randomBytes(15)),
    algorithm,
    name(issuer),
    // A clock that lags behind ours shall find it valid too.
    sequence(time(new Date(now - day)), time(new Date(now + days * day))),
    name(subject),
    publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length > 0 ? [tagged(3, sequence(...extensions))] : []),
  );
  const certificate = sequence(signed, algorithm, bits(sign("sha256", signed, signingKey)));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

export const day = 24 * 60 * 60 * 1000;

const name = (common: string) => sequence(set(sequence(objectId("2.5.4.3"), text(common))));

const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));

const keyId = (key: KeyObject) =>
  createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();

/** Of an authority that issues certificates of servers, and of no further authorities. */
export const authorityExtensions = (key: KeyObject) => [
  extension("2.5.29.19", true, sequence(boolean(true), integer(0))),
  // keyCertSign and cRLSign.
  extension("2.5.29.15", true, bits(Buffer.from([0b0000_0110]), 1)),
  extension("2.5.29.14", false, octets(keyId(key))),
];

/** Of a server under these names. */
export const serverExtensions = (authority: KeyObject, names: string[], addresses: number[][]) => [
  extension("2.5.29.19", true, sequence()),
  // digitalSignature.
  extension("2.5.29.15", true, bits(Buffer.from([0b1000_0000]), 7)),
  // serverAuth.
  extension("2.5.29.37", false, sequence(objectId("1.3.6.1.5.5.7.3.1"))),
  extension("2.5.29.35", false, sequence(tagged(0, keyId(authority), false))),
  extension(
    "2.5.29.17",
    false,
    sequence(
      ...names.map((one) => tagged(2, Buffer.from(one), false)),
      ...addresses.map((one) => tagged(7, Buffer.from(one), false)),
    ),
  ),
];
