// Public keys of clients that authenticate with private_key_jwt.
import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { z } from "zod";
import { operation } from "../operation";
import { badRequest, insufficientEntitlement, notFound, tooManyEntities } from "../problem";
import { paging } from "../query";
import { alphanumeric } from "../randomness";
import type { Table, View } from "../store";
import { limitsOf, type Tenant, timestamp } from "../tenant";
import { behaviour } from "../unverified";
import { attachedTo, findClient } from "./client";
import { type NewCredential, newCredential } from "./new-credential";

export interface ClientCredential {
  id: string;
  client_id: string;
  credential_type: "public_key" | "cert_subject_dn" | "x509_cert";
  name?: string;
  /** Of public_key: SPKI in PEM; not shown. */
  pem?: string;
  alg?: "RS256" | "RS384" | "PS256";
  kid?: string;
  /** Of cert_subject_dn. */
  subject_dn?: string;
  /** Of x509_cert. */
  thumbprint_sha256?: string;
  created_at: string;
  updated_at: string;
  expires_at?: string;
}

export const clientCredentials: Table<ClientCredential> = {
  name: "client-credentials",
  id: ({ id }) => id,
  indexes: { client: ({ client_id }) => client_id },
};

const readScopes = ["read:client_credentials"];

export const clientCredentialOperations = [
  operation({
    method: "GET",
    path: "/clients/:id/credentials",
    scopes: readScopes,
    status: 200,
    query: paging,
    run({ view, params, query }) {
      const { client_id } = findClient(view, params.id);
      // The newest first, as a bare array even if totals are asked for (terraform-provider-auth0's recordings).
      const { page = 0, per_page = 50 } = query;
      const newest = view.list(clientCredentials, "client", client_id).all().reverse();
      return newest.slice(page * per_page, (page + 1) * per_page).map(shownCredential);
    },
  }),
  operation({
    method: "POST",
    path: "/clients/:id/credentials",
    scopes: ["create:client_credentials"],
    status: 201,
    body: newCredential,
    run: ({ view, params, body, tenant }) =>
      shownCredential(createCredential(view, tenant, findClient(view, params.id).client_id, body)),
  }),
  operation({
    method: "GET",
    path: "/clients/:id/credentials/:credential",
    scopes: readScopes,
    status: 200,
    run: ({ view, params }) => shownCredential(findCredential(view, params)),
  }),
  operation({
    method: "PATCH",
    path: "/clients/:id/credentials/:credential",
    scopes: ["update:client_credentials"],
    status: 200,
    body: z.strictObject({ expires_at: z.iso.datetime({ offset: true }).nullable() }),
    run({ view, params, body, tenant }) {
      const { expires_at: _, ...credential } = findCredential(view, params);
      const { expires_at } = body;
      const changed = {
        ...credential,
        updated_at: timestamp(tenant),
        ...(expires_at && { expires_at: new Date(expires_at).toISOString() }),
      };
      view.put(clientCredentials, changed);
      return shownCredential(changed);
    },
  }),
  operation({
    method: "DELETE",
    path: "/clients/:id/credentials/:credential",
    scopes: ["delete:client_credentials"],
    status: 204,
    // Of a credential that is gone as well: go-auth0's recordings, TestClient_DeleteCredential.yaml.
    run({ view, params }) {
      const id = params.credential ?? "";
      if (attachedTo(findClient(view, params.id)).includes(id)) {
        throw badRequest("Cannot delete credential still associated with a client");
      }
      if (view.get(clientCredentials, id)?.client_id === params.id) view.delete(clientCredentials, id);
    },
  }),
];

/** Deletes a client's credentials along with it. */
export function detachFrom(view: View, clientId: string): void {
  for (const { id } of view.list(clientCredentials, "client", clientId).all())
    view.delete(clientCredentials, id);
}

function findCredential(view: View, params: Record<string, string>): ClientCredential {
  const { client_id } = findClient(view, params.id);
  const credential = view.get(clientCredentials, params.credential ?? "");
  if (credential?.client_id !== client_id)
    throw notFound("The credential does not exist", "inexistent_credential");
  return credential;
}

export function shownCredential({ client_id: _client, pem: _pem, ...rest }: ClientCredential): object {
  return rest;
}

/** @throws Problem */
export function createCredential(
  view: View,
  tenant: Tenant,
  client_id: string,
  given: NewCredential,
): ClientCredential {
  if (!behaviour.plansWithPrivateKeyJwt.some((plan) => plan === tenant.plan)) {
    throw insufficientEntitlement("private key JWT and mTLS");
  }
  const own = view.list(clientCredentials, "client", client_id).all();
  const limits = limitsOf(tenant);
  const now = timestamp(tenant);
  const { expires_at, ...facts } = factsOf(given);
  const credential: ClientCredential = {
    id: `cred_${alphanumeric(tenant.random, 22)}`,
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
    // Not a key: told below.
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
