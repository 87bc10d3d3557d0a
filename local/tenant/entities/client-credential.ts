// Public keys of clients that authenticate with private_key_jwt.
import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { z } from "zod";
import { operation } from "../operation";
import { badRequest, forbidden, notFound, tooManyEntities } from "../problem";
import { page, paging } from "../query";
import { alphanumeric } from "../randomness";
import type { Table, View } from "../store";
import { limitsOf, timestamp } from "../tenant";
import { behaviour, managementTexts } from "../unverified";
import { findClient } from "./client";

export interface ClientCredential {
  id: string;
  client_id: string;
  credential_type: "public_key";
  name?: string;
  /** SPKI in PEM; not shown. */
  pem: string;
  alg: "RS256" | "RS384" | "PS256";
  kid: string;
  created_at: string;
  updated_at: string;
  expires_at?: string;
}

export const clientCredentials: Table<ClientCredential> = {
  name: "client-credentials",
  id: ({ id }) => id,
  indexes: { client: ({ client_id }) => client_id },
};

const creation = z.strictObject({
  credential_type: z.enum(["public_key"]),
  name: z.string().max(128).optional(),
  pem: z.string().min(1).max(4096),
  alg: z.enum(["RS256", "RS384", "PS256"]).default("RS256"),
  parse_expiry_from_cert: z.boolean().optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});

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
      // A bare array even where totals are asked for.
      const bare = { ...query, include_totals: false };
      return page(view.list(clientCredentials, "client", client_id), bare, {
        name: "credentials",
        render: shown,
      });
    },
  }),
  operation({
    method: "POST",
    path: "/clients/:id/credentials",
    scopes: ["create:client_credentials"],
    status: 201,
    body: creation,
    run({ view, params, body, tenant }) {
      const { client_id } = findClient(view, params.id);
      if (!behaviour.plansWithPrivateKeyJwt.some((plan) => plan === tenant.plan)) {
        throw forbidden(managementTexts.credentialsNotInPlan);
      }
      const { key, validTo } = readKey(body.pem);
      const kid = thumbprint(key);
      const own = view.list(clientCredentials, "client", client_id).all();
      // Texts as auth0/terraform-provider-auth0, pull requests 1636, 1666 and 1668, quote them.
      if (own.some((other) => other.kid === kid)) {
        const twice = JSON.stringify({ ...(body.name !== undefined && { name: body.name }), kid });
        throw badRequest(`credentials contains public keys that already exist in client: ${twice}`);
      }
      const limits = limitsOf(tenant);
      const most = limits.credentialsPerClient;
      if (own.length >= most) throw badRequest(`A client can have a maximum of ${most} credentials`);
      if (view.list(clientCredentials).count() >= limits.credentials) throw tooManyEntities();
      const expires_at = body.expires_at ?? (body.parse_expiry_from_cert ? validTo : undefined);
      const now = timestamp(tenant);
      const credential: ClientCredential = {
        id: `cred_${alphanumeric(tenant.random, 22)}`,
        client_id,
        credential_type: body.credential_type,
        kid,
        alg: body.alg,
        ...(body.name !== undefined && { name: body.name }),
        pem: key.export({ type: "spki", format: "pem" }).toString(),
        created_at: now,
        updated_at: now,
        ...(expires_at && { expires_at: new Date(expires_at).toISOString() }),
      };
      view.put(clientCredentials, credential);
      return shown(credential);
    },
  }),
  operation({
    method: "GET",
    path: "/clients/:id/credentials/:credential",
    scopes: readScopes,
    status: 200,
    run: ({ view, params }) => shown(findCredential(view, params)),
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
      return shown(changed);
    },
  }),
  operation({
    method: "DELETE",
    path: "/clients/:id/credentials/:credential",
    scopes: ["delete:client_credentials"],
    status: 204,
    run({ view, params }) {
      const { id } = findCredential(view, params);
      const attached = findClient(view, params.id).client_authentication_methods?.private_key_jwt
        ?.credentials;
      if (attached?.some((one) => one.id === id)) {
        throw badRequest("Cannot delete credential still associated with a client");
      }
      view.delete(clientCredentials, id);
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

function shown({ client_id: _client, pem: _pem, ...rest }: ClientCredential): object {
  return rest;
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
