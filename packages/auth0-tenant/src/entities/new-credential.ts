// How a credential is made: by itself, or inside a new client.
import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { z } from "zod";
import { badRequest, insufficientEntitlement, tooManyEntities } from "../problem";
import { randomAlphanumeric } from "../randomness";
import { type ClientCredential, clientCredentials } from "../records";
import type { View } from "../store";
import { currentTimestamp, entityLimitsOf, type Tenant } from "../tenant";
import { unverifiedBehaviour } from "../unverified";

export const newCredential = z.strictObject({
  credential_type: z.enum(["public_key", "cert_subject_dn", "x509_cert"]),
  name: z.string().max(128).optional(),
  pem: z.string().min(1).max(4096).optional(),
  subject_dn: z.string().min(1).max(256).optional(),
  alg: z.enum(["RS256", "RS384", "PS256"]).default("RS256"),
  kid: z.string().min(1).max(64).optional(),
  parse_expiry_from_cert: z.boolean().optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
export type NewCredential = z.output<typeof newCredential>;

/** @throws Problem */
export function createCredential(
  view: View,
  tenant: Tenant,
  client_id: string,
  given: NewCredential,
): ClientCredential {
  if (!unverifiedBehaviour.plansWithPrivateKeyJwt.some((plan) => plan === tenant.plan)) {
    throw insufficientEntitlement("private key JWT and mTLS");
  }
  const own = view.list(clientCredentials, "client", client_id).toArray();
  const limits = entityLimitsOf(tenant);
  const now = currentTimestamp(tenant);
  const { expires_at, ...facts } = factsOf(given);
  const credential: ClientCredential = {
    id: `cred_${randomAlphanumeric(tenant.random, 22)}`,
    client_id,
    credential_type: given.credential_type,
    ...facts,
    ...(given.name !== undefined && { name: given.name }),
    created_at: now,
    updated_at: now,
    ...(expires_at && { expires_at: new Date(expires_at).toISOString() }),
  };
  // Texts as auth0/terraform-provider-auth0, pull requests 1636, 1666 and 1668, quote them.
  const { kid, name } = credential;
  if (kid !== undefined && own.some((other) => other.kid === kid)) {
    const twice = JSON.stringify({ ...(name !== undefined && { name }), kid });
    throw badRequest(`credentials contains public keys that already exist in client: ${twice}`);
  }
  const most = limits.credentialsPerClient;
  if (own.length >= most) throw badRequest(`A client can have a maximum of ${most} credentials`);
  if (view.list(clientCredentials).count() >= limits.credentials) throw tooManyEntities();
  view.put(clientCredentials, credential);
  return credential;
}

export function shownCredential({ client_id: _client, pem: _pem, ...rest }: ClientCredential): object {
  return rest;
}

/** What a credential of its type has beside a name and times. */
function factsOf({
  credential_type,
  pem,
  subject_dn,
  alg,
  kid,
  expires_at,
  parse_expiry_from_cert,
}: NewCredential): Partial<ClientCredential> {
  if (credential_type === "cert_subject_dn" && pem === undefined) {
    return { subject_dn: subject_dn ?? missing("subject_dn") };
  }
  if (pem === undefined) return missing("pem");
  if (credential_type === "public_key") {
    const { key, validTo } = readKey(pem);
    return {
      kid: kid ?? thumbprint(key),
      alg,
      pem: key.export({ type: "spki", format: "pem" }).toString(),
      expires_at: expires_at ?? (parse_expiry_from_cert ? validTo : undefined),
    };
  }
  const certificate = readCertificate(pem);
  if (credential_type === "cert_subject_dn") {
    return { subject_dn: certificate.subject.split("\n").reverse().join(",") };
  }
  return {
    thumbprint_sha256: createHash("sha256").update(certificate.raw).digest("base64url"),
    expires_at: certificate.validTo,
  };
}

function missing(property: string): never {
  throw badRequest(`Payload validation error: 'Missing required property: ${property}'.`);
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw badRequest(
      "Payload validation error: 'Object didn't pass validation for format pem: not a certificate' on property pem.",
    );
  }
}

/** The public key of a PEM, which may be a certificate. */
function readKey(pem: string): { key: KeyObject; validTo?: string } {
  try {
    const certificate = pem.includes("BEGIN CERTIFICATE") ? new X509Certificate(pem) : undefined;
    const key = certificate?.publicKey ?? createPublicKey(pem);
    if (key.asymmetricKeyType === "rsa" && !pem.includes("PRIVATE"))
      return { key, validTo: certificate?.validTo };
  } catch {
    // Not a key: reported below.
  }
  throw badRequest(
    "Payload validation error: 'Object didn't pass validation for format pem: not an RSA public key or certificate' on property pem.",
  );
}

/** RFC 7638: the provider compares it with its own to see whether a key was changed. */
function thumbprint(key: KeyObject): string {
  const { e, kty, n } = key.export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ e, kty, n })).digest("base64url");
}
