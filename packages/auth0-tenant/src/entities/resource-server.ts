// Resource servers, which Auth0's dashboard calls APIs. The Management API is one of them.
import { createHash } from "node:crypto";
import { z } from "zod";
import { describedScopes } from "../management-scopes";
import { defineOperation } from "../operation";
import { applyPatch, patchSchema } from "../patch";
import { badRequest, conflict, notFound, tooManyEntities } from "../problem";
import {
  booleanParameter,
  renderPage,
  selectFields,
  selectingCheckpointQuery,
  selectingQuery,
} from "../query";
import { randomAlphanumeric, randomHexadecimal } from "../randomness";
import { deleteRecord, type ResourceServer, resourceServers } from "../records";
import type { View } from "../store";
import { entityLimitsOf, type Tenant } from "../tenant";
import { managementMessages } from "../unverified";

export function findResourceServerByIdentifier(view: View, identifier: string): ResourceServer | undefined {
  return view.findByIndex(resourceServers, "identifier", identifier);
}

const scopes = z
  .array(
    z.strictObject({
      value: z.string().min(1).max(280),
      description: z.string().max(500).optional(),
    }),
  )
  .max(1000)
  .refine((all) => new Set(all.map(({ value }) => value)).size === all.length, "Array items are not unique");

const tokenEncryption = z.strictObject({
  format: z.string(),
  encryption_key: z
    .strictObject({
      name: z.string().optional(),
      alg: z.string(),
      kid: z.string().optional(),
      pem: z.string(),
    })
    .optional(),
});

const fields = {
  name: z
    .string()
    .max(200)
    .regex(/^[^<>]*$/, "must not have < or >"),
  scopes,
  signing_alg: z.enum(["HS256", "RS256", "PS256", "RS512"]),
  signing_secret: z.string().min(16),
  allow_offline_access: z.boolean(),
  token_lifetime: z.int().min(1).max(2_592_000),
  token_lifetime_for_web: z.int().min(1).max(2_592_000),
  skip_consent_for_verifiable_first_party_clients: z.boolean(),
  enforce_policies: z.boolean(),
  token_dialect: z.enum(["access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"]),
  token_encryption: tokenEncryption,
  consent_policy: z.enum(["transactional-authorization-with-mfa"]),
  authorization_details: z.array(z.unknown()),
  proof_of_possession: z.record(z.string(), z.unknown()),
  subject_type_authorization: z.strictObject({
    user: z.strictObject({ policy: z.enum(["allow_all", "deny_all", "require_client_grant"]) }).optional(),
    client: z.strictObject({ policy: z.enum(["deny_all", "require_client_grant"]) }).optional(),
  }),
  // As the official SDK 7.1 has them.
  authorization_policy: z.strictObject({ policy_id: z.string().min(1) }),
  allow_online_access: z.boolean(),
  allow_online_access_with_ephemeral_sessions: z.boolean(),
  token_lifetime_for_anonymous_access_tokens: z.int().min(1),
};

export const resourceServerCreation = z.strictObject({
  identifier: z.string().min(1).max(600),
  ...z.strictObject(fields).partial().shape,
});
const change = patchSchema(fields, [
  ...["authorization_policy", "token_lifetime_for_anonymous_access_tokens", "token_encryption"],
  ...["consent_policy", "authorization_details", "proof_of_possession"],
]);

const list = z.strictObject({
  ...selectingCheckpointQuery.shape,
  identifiers: z.union([z.string(), z.array(z.string())]).optional(),
  is_system: booleanParameter,
});

export const resourceServerOperations = [
  defineOperation({
    method: "GET",
    path: "/resource-servers",
    scopes: ["read:resource_servers"],
    status: 200,
    query: list,
    run({ view, query }) {
      const { identifiers, is_system } = query;
      const wanted = identifiers === undefined ? undefined : [identifiers].flat();
      const everything = view.list(resourceServers);
      const found =
        wanted || is_system !== undefined
          ? everything.filter(
              (server) =>
                (!wanted || wanted.includes(server.identifier)) &&
                (is_system === undefined || (server.is_system ?? false) === is_system),
            )
          : everything;
      const render = (server: ResourceServer) => selectFields(shown(server), query);
      return renderPage(found, query, { name: "resource_servers", render });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/resource-servers",
    scopes: ["create:resource_servers"],
    status: 201,
    body: resourceServerCreation,
    run({ view, body, tenant }) {
      if (findResourceServerByIdentifier(view, body.identifier))
        throw conflict(managementMessages.identifierTaken);
      // The Management API does not count.
      if (view.list(resourceServers).count() - 1 >= entityLimitsOf(tenant).resourceServers)
        throw tooManyEntities();
      const server = newResourceServer(
        tenant,
        body.identifier === expressIdentifier ? expressConfigurationApi : body,
      );
      view.put(resourceServers, server);
      return shown(server);
    },
  }),
  defineOperation({
    method: "GET",
    path: "/resource-servers/:id",
    scopes: ["read:resource_servers"],
    status: 200,
    query: selectingQuery,
    run: ({ view, params, query }) => selectFields(shown(findResourceServer(view, params.id)), query),
  }),
  defineOperation({
    method: "PATCH",
    path: "/resource-servers/:id",
    scopes: ["update:resource_servers"],
    status: 200,
    body: change,
    run({ view, params, body, tenant }) {
      const before = findResourceServer(view, params.id);
      const changeable = before.identifier === expressIdentifier ? [] : systemFields;
      if (before.is_system && Object.keys(body).some((field) => !changeable.includes(field))) {
        throw badRequest(managementMessages.notASystemChange);
      }
      const server = withSecret(tenant, applyPatch(before, body));
      view.put(resourceServers, server);
      return shown(server);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/resource-servers/:id",
    scopes: ["delete:resource_servers"],
    status: 204,
    // Of one that is gone as well: go-auth0's recordings, TestResourceServer_Delete.yaml.
    run({ view, params }) {
      const server = findByIdOrIdentifier(view, params.id);
      if (!server) return;
      if (server.is_system && server.identifier !== expressIdentifier)
        throw badRequest(managementMessages.notASystemChange);
      deleteRecord(view, resourceServers, server.id);
    },
  }),
];

const expressIdentifier = "urn:auth0:express-configure";

/** Auth0 alone says what it is; nothing of it can be changed (go-auth0, TestResourceServer_ExpressConfiguration.yaml). */
const expressConfigurationApi = {
  name: "Okta OIN Express Configuration API",
  identifier: expressIdentifier,
  scopes: [
    { value: "express_configure:sso", description: "Ability to create SSO configurations" },
    { value: "express_configure:scim", description: "Ability to create scim configurations" },
  ],
  token_lifetime: 300,
  enforce_policies: true,
  is_system: true,
  subject_type_authorization: { user: { policy: "allow_all" }, client: { policy: "deny_all" } },
};

/** What may be changed of the Management API. */
const systemFields = [
  "token_lifetime",
  "token_lifetime_for_web",
  "skip_consent_for_verifiable_first_party_clients",
];

/** An API with Auth0's defaults. */
function newResourceServer(
  tenant: Tenant,
  given: Partial<ResourceServer> & { identifier: string },
): ResourceServer {
  return withSecret(tenant, {
    id: randomHexadecimal(tenant.random, 24),
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    subject_type_authorization: {
      client: { policy: "require_client_grant" },
      user: { policy: "allow_all" },
    },
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    signing_alg: "RS256",
    ...given,
  });
}

export function newManagementApi(tenant: Tenant, identifier: string): ResourceServer {
  return newResourceServer(tenant, {
    name: "Auth0 Management API",
    identifier,
    is_system: true,
    scopes: Object.entries(describedScopes).map(([value, description]) => ({ description, value })),
  });
}

/** Auth0 shows the thumbprint of the key by which tokens are encrypted, and not the key. */
function shown({ token_encryption, ...server }: ResourceServer): object {
  if (!token_encryption?.encryption_key) return { ...server, ...(token_encryption && { token_encryption }) };
  const { pem, ...key } = token_encryption.encryption_key;
  const encryption_key = { ...key, thumbprint_sha256: createHash("sha256").update(pem).digest("base64url") };
  return { ...server, token_encryption: { ...token_encryption, encryption_key } };
}

/** An API whose tokens are HS256 has a secret. */
function withSecret(tenant: Tenant, server: ResourceServer): ResourceServer {
  if (server.signing_alg !== "HS256" || server.signing_secret) return server;
  return { ...server, signing_secret: randomAlphanumeric(tenant.random, 32) };
}

function findByIdOrIdentifier(view: View, id = ""): ResourceServer | undefined {
  return view.get(resourceServers, id) ?? findResourceServerByIdentifier(view, id);
}

/** @throws Problem 404 */
function findResourceServer(view: View, id: string | undefined): ResourceServer {
  const server = findByIdOrIdentifier(view, id);
  if (!server) throw notFound("The resource server does not exist", "inexistent_resource_server");
  return server;
}
