// The key by which a client of a customer proves who it is. Only its public half may ever be in a file.
import { createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

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

function readKey(pem: string): KeyObject | undefined {
  const blocks = pem.match(/-----BEGIN [^-]+-----/g) ?? [];
  if (blocks.length !== 1) return undefined;
  try {
    return pem.includes("BEGIN CERTIFICATE") ? new X509Certificate(pem).publicKey : createPublicKey(pem);
  } catch {
    return undefined;
  }
}
