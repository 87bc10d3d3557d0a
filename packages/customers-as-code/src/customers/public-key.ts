// The key by which a client of a customer proves who it is. Only its public half may ever be in a file.
import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

/** What is wrong with it, as the predicate of a sentence; never repeats the text. */
export function publicKeyFault(pem: string): string | undefined {
  if (/PRIVATE KEY/.test(pem)) {
    return "is a private key; it must not be here. Whoever has read this file can pose as the customer: drop it, have the customer make a new pair and write only its public key here";
  }
  const key = readKey(pem);
  if (!key) {
    return 'must be a public key as PEM, that is "-----BEGIN PUBLIC KEY-----" and what follows. Make it with: openssl rsa -in private.pem -pubout';
  }
  if (key.asymmetricKeyType !== "rsa") {
    return `must be an RSA key, not ${key.asymmetricKeyType}: RS256 is what Auth0 checks with it`;
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < 2048 ? `is an RSA key of ${bits} bits; it must have 2048 or more` : undefined;
}

/**
 * The name that Auth0 and Pulumi's provider have for the key: RFC 7638, SHA-256 in base64url.
 * @throws for what is no public key
 */
export function thumbprintOf(pem: string): string {
  const key = readKey(pem);
  if (!key) throw new TypeError("not a public key");
  const { e, kty, n } = key.export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ e, kty, n })).digest("base64url");
}

/** Of a client's keys, the one in use first; none of a client that has a secret. */
export function thumbprintsOf({ publicKey, retiringPublicKey }: PublicKeys): string[] {
  return [publicKey, retiringPublicKey].flatMap((pem) => (pem === undefined ? [] : [thumbprintOf(pem)]));
}

interface PublicKeys {
  publicKey?: string | undefined;
  retiringPublicKey?: string | undefined;
}

function readKey(pem: string): KeyObject | undefined {
  const blocks = pem.match(/-----BEGIN [^-]+-----/g) ?? [];
  if (blocks.length !== 1) return undefined;
  try {
    return pem.includes("BEGIN CERTIFICATE") ? new X509Certificate(pem).publicKey : createPublicKey(pem);
  } catch {
    return undefined;
  }
}
