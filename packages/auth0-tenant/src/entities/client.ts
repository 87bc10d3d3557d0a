// Clients, which Auth0's dashboard calls applications.
import { z } from "zod";
import type { AccessToken } from "../access-token";
import { defineOperation } from "../operation";
import { applyPatch, patchSchema, stringMapSchema, tokenQuotaSchema, withoutNulls } from "../patch";
import { badRequest, conflict, forbidden, notFound, tooManyEntities } from "../problem";
import {
  booleanParameter,
  renderPage,
  selectFields,
  selectingCheckpointQuery,
  selectingQuery,
} from "../query";
import { randomAlphanumeric } from "../randomness";
import {
  type Client,
  type ClientCredential,
  clientAuthenticationMethods,
  clientCredentials,
  clientGrants,
  clients,
  deleteRecord,
  organizationGrants,
} from "../records";
import type { View } from "../store";
import { entityLimitsOf, type Tenant } from "../tenant";
import { managementMessages, unverifiedBehaviour } from "../unverified";
import { globalClients } from "./global-client";
import { createCredential, type NewCredential, newCredential, shownCredential } from "./new-credential";
import { findOrganization } from "./organization";

/** @throws Problem 404 */
export function findClient(view: View, id: string | undefined): Client {
  const client = view.get(clients, id ?? "");
  if (!client) throw notFound("The client does not exist", "inexistent_client");
  return client;
}

/** The global client as well, which only its own page of the dashboard shows. @throws Problem 404 */
function findAnyClient(view: View, id: string | undefined) {
  const global = view.get(globalClients, id ?? "");
  return global ? { client: global, table: globalClients } : { client: findClient(view, id), table: clients };
}

const anything = z.record(z.string(), z.unknown());
const texts = z.array(z.string());
const url = z.url();
const lifetime = z.int().min(1);
const credentialIds = z.strictObject({
  credentials: z.array(z.strictObject({ id: z.string().min(1) })).max(2),
});
/** Of a client that is new, and has no credential yet to name by its id. */
const newCredentials = z.strictObject({ credentials: z.array(newCredential).min(1).max(2) });
const newMethods = oneMethod(newCredentials);
const newSignedRequests = z.strictObject({
  required: z.boolean().optional(),
  credentials: z.array(newCredential).max(2).optional(),
});

function oneMethod<T extends z.ZodType>(credentials: T) {
  return z
    .strictObject({
      private_key_jwt: credentials.optional(),
      tls_client_auth: credentials.optional(),
      self_signed_tls_client_auth: credentials.optional(),
    })
    .refine((methods) => Object.keys(methods).length === 1, "Exactly one authentication method is needed");
}

const fields = {
  name: z
    .string()
    .min(1)
    .regex(/^[^<>]+$/, "must not have < or >"),
  description: z.string().max(140),
  logo_uri: z.string(),
  callbacks: texts,
  oidc_logout: anything,
  session_transfer: anything,
  allowed_origins: texts,
  web_origins: texts,
  client_aliases: texts,
  allowed_clients: texts,
  allowed_logout_urls: texts,
  grant_types: texts,
  token_endpoint_auth_method: z.enum(["none", "client_secret_post", "client_secret_basic"]),
  is_token_endpoint_ip_header_trusted: z.boolean(),
  app_type: z.enum([
    "native",
    "spa",
    "regular_web",
    "non_interactive",
    "resource_server",
    "express_configuration",
    "rms",
    "box",
    "cloudbees",
    "concur",
    "dropbox",
    "mscrm",
    "echosign",
    "egnyte",
    "newrelic",
    "office365",
    "salesforce",
    "sentry",
    "sharepoint",
    "slack",
    "springcm",
    "zendesk",
    "zoom",
    "sso_integration",
    "oag",
  ]),
  is_first_party: z.boolean(),
  oidc_conformant: z.boolean(),
  jwt_configuration: z.strictObject({
    lifetime_in_seconds: z.int().min(0).optional(),
    secret_encoded: z.boolean().optional(),
    scopes: anything.optional(),
    alg: z.enum(["HS256", "RS256", "RS512", "PS256"]).optional(),
  }),
  encryption_key: z.strictObject({
    pub: z.string().optional(),
    cert: z.string().optional(),
    subject: z.string().optional(),
  }),
  sso: z.boolean(),
  sso_disabled: z.boolean(),
  cross_origin_authentication: z.boolean(),
  cross_origin_loc: url,
  custom_login_page_on: z.boolean(),
  custom_login_page: z.string(),
  custom_login_page_preview: z.string(),
  form_template: z.string(),
  addons: anything,
  client_metadata: stringMapSchema(50),
  mobile: anything,
  // An empty one removes it.
  initiate_login_uri: z.union([url, z.literal("")]),
  native_social_login: anything,
  refresh_token: z.strictObject({
    rotation_type: z.enum(["rotating", "non-rotating"]),
    expiration_type: z.enum(["expiring", "non-expiring"]),
    leeway: z.int().min(0).optional(),
    token_lifetime: lifetime.optional(),
    infinite_token_lifetime: z.boolean().optional(),
    idle_token_lifetime: lifetime.optional(),
    infinite_idle_token_lifetime: z.boolean().optional(),
    policies: z.array(anything).optional(),
  }),
  default_organization: z.strictObject({
    organization_id: z.string().regex(/^org_[A-Za-z0-9]{16}$/),
    flows: z.array(z.enum(["client_credentials"])).min(1),
  }),
  organization_usage: z.enum(["deny", "allow", "require"]),
  organization_require_behavior: z.enum(["no_prompt", "pre_login_prompt", "post_login_prompt"]),
  organization_discovery_methods: z.array(z.enum(["email", "organization_name"])).min(1),
  client_authentication_methods: oneMethod(credentialIds),
  require_pushed_authorization_requests: z.boolean(),
  require_proof_of_possession: z.boolean(),
  signed_request_object: z.strictObject({
    required: z.boolean().optional(),
    credentials: z.array(z.strictObject({ id: z.string() })).optional(),
  }),
  compliance_level: z.enum([
    "none",
    "fapi1_adv_pkj_par",
    "fapi1_adv_mtls_par",
    "fapi2_sp_pkj_mtls",
    "fapi2_sp_mtls_mtls",
  ]),
  skip_non_verifiable_callback_uri_confirmation_prompt: z.boolean(),
  token_exchange: anything,
  par_request_expiry: z.int().min(10).max(600),
  token_quota: tokenQuotaSchema,
  resource_server_identifier: z.string(),
  ...fieldsOf2026(),
};

/** What the tenant keeps and gives back, as the official SDK 7.1 has it. */
function fieldsOf2026() {
  return {
    oidc_backchannel_logout: anything,
    fedcm_login: anything,
    token_vault_privileged_access: anything,
    identity_assertion_authorization_grant: anything,
    anonymous_sessions: anything,
    third_party_security_mode: z.enum(["strict", "permissive"]),
    redirection_policy: z.enum(["allow_always", "open_redirect_protection"]),
    express_configuration: anything,
    b2b_integration_configuration: anything,
    my_organization_configuration: anything,
    async_approval_notification_channels: texts,
  };
}

const { name, ...optional } = fields;
export const clientCreation = z.strictObject({
  name,
  ...z
    .strictObject({
      ...optional,
      client_authentication_methods: newMethods,
      signed_request_object: newSignedRequests,
    })
    .partial().shape,
});
export const chosenSecret = z.string().min(16).max(256);
const change = patchSchema({ ...fields, client_secret: chosenSecret }, [
  ...["session_transfer", "encryption_key", "cross_origin_loc", "token_endpoint_auth_method", "token_quota"],
  ...["native_social_login", "refresh_token", "default_organization", "organization_usage"],
  ...["organization_require_behavior", "organization_discovery_methods", "client_authentication_methods"],
  ...["compliance_level", "skip_non_verifiable_callback_uri_confirmation_prompt", "token_exchange"],
  ...["par_request_expiry", "addons", "fedcm_login", "identity_assertion_authorization_grant"],
  ...["anonymous_sessions", "express_configuration", "my_organization_configuration"],
  "async_approval_notification_channels",
  // Not in the SDK's types, but the official provider sends it.
  "signed_request_object",
]);

const list = z.strictObject({
  ...selectingCheckpointQuery.shape,
  is_global: booleanParameter,
  is_first_party: booleanParameter,
  app_type: z.string().optional(),
  q: z.string().optional(),
  external_client_id: z.string().optional(),
});

const readScopes = ["read:clients", "read:client_keys", "read:client_credentials"];
const updateScopes = ["update:clients", "update:client_keys", "update:client_credentials"];
/** Recorded for all of them: TestAccClientMobile.yaml, TestAccClientSessionTransfer.yaml and others of terraform-provider-auth0. */
const mergedFields = [
  ...["client_metadata", "jwt_configuration", "mobile", "native_social_login", "session_transfer"],
  "signed_request_object",
];

export const clientOperations = [
  defineOperation({
    method: "GET",
    path: "/clients",
    scopes: readScopes,
    status: 200,
    query: list,
    run({ view, query, token, tenant }) {
      demandVisible(token, query);
      const types = query.app_type?.split(",");
      const wanted = [
        query.is_first_party !== undefined &&
          ((client: Client) => client.is_first_party === query.is_first_party),
        types && ((client: Client) => types.includes(client.app_type ?? "")),
        query.external_client_id !== undefined &&
          ((client: Client) => client.external_client_id === query.external_client_id),
        query.q !== undefined && matchGrants(view, query),
      ].filter((keep) => typeof keep === "function");
      const all = view.list(query.is_global === true ? globalClients : clients);
      const found = wanted.reduce((list, keep) => list.filter(keep), all);
      const render = (client: Client) => selectFields(shown(client, tenant, token), query, ["signing_keys"]);
      return renderPage(found, query, { name: "clients", render });
    },
  }),
  defineOperation({
    method: "POST",
    path: "/clients",
    scopes: ["create:clients"],
    status: 201,
    body: clientCreation,
    run({ view, body, tenant }) {
      const { client, credentials } = createClient(view, tenant, body);
      return { ...shown(client, tenant), encrypted: true, ...credentials };
    },
  }),
  defineOperation({
    method: "GET",
    path: "/clients/:id",
    scopes: readScopes,
    status: 200,
    query: selectingQuery,
    run({ view, params, query, token, tenant }) {
      demandVisible(token, query);
      const { client } = findAnyClient(view, params.id);
      return selectFields(shown(client, tenant, token), query, ["signing_keys"]);
    },
  }),
  defineOperation({
    method: "PATCH",
    path: "/clients/:id",
    scopes: updateScopes,
    status: 200,
    body: change,
    run({ view, params, body, token, tenant }) {
      const { client: before, table } = findAnyClient(view, params.id);
      const empty = body.initiate_login_uri === "" && { initiate_login_uri: null };
      const client = applyPatch(before, { ...body, ...empty }, mergedFields);
      if (client.default_organization && body.default_organization) {
        findOrganization(view, client.default_organization.organization_id);
      }
      checkAuthentication(client.client_authentication_methods, client.token_endpoint_auth_method);
      for (const id of attachedCredentialIds(client)) {
        if (view.get(clientCredentials, id)?.client_id !== client.client_id) {
          throw badRequest(`The credential ${id} does not exist for this client.`);
        }
      }
      if (client.client_authentication_methods?.private_key_jwt && body.client_authentication_methods) {
        client.jwt_configuration = { ...asObject(client.jwt_configuration), alg: "RS256" };
      }
      if (!client.is_first_party) refuseAnyOrganization(view, client);
      view.put(table, client);
      return shown(client, tenant, token);
    },
  }),
  defineOperation({
    method: "DELETE",
    path: "/clients/:id",
    scopes: ["delete:clients"],
    status: 204,
    // Of a client that is gone as well: go-auth0's recordings, TestClient_Delete.yaml.
    run({ view, params }) {
      deleteRecord(view, clients, params.id ?? "");
    },
  }),
  defineOperation({
    method: "POST",
    path: "/clients/:id/rotate-secret",
    scopes: ["update:client_keys", "update:client_credentials"],
    status: 200,
    run({ view, params, tenant }) {
      const before = findClient(view, params.id);
      const client = { ...before, client_secret: newSecret(tenant) };
      view.put(clients, client);
      return shown(client, tenant);
    },
  }),
];

/**
 * Creates a client with its credentials.
 * @param chosen instead of the id and the secret that the tenant makes up, as only a seed may
 * @returns the client as it is kept, and its credentials as only its creator sees them
 */
export function createClient(
  view: View,
  tenant: Tenant,
  body: z.output<typeof clientCreation>,
  chosen: Partial<Pick<Client, "client_id" | "client_secret">> = {},
) {
  if (view.list(clients).count() >= entityLimitsOf(tenant).clients) throw tooManyEntities();
  const { client_authentication_methods: methods, signed_request_object: signed, ...rest } = body;
  checkAuthentication(methods, rest.token_endpoint_auth_method);
  if (body.default_organization) findOrganization(view, body.default_organization.organization_id);
  const client = { ...newClient(tenant, { ...rest, name: body.name }), ...chosen };
  const create = (given: NewCredential) => createCredential(view, tenant, client.client_id, given);
  const ofMethods = clientAuthenticationMethods.flatMap((method) => {
    const given = methods?.[method];
    return given ? [{ method, form: createInLine(given, create) }] : [];
  });
  const ofRequests = signed && createInLine(signed, create);
  const withCredentials = (form: "kept" | "whole") => ({
    ...Object.fromEntries(
      ofMethods.map((one) => ["client_authentication_methods", { [one.method]: one.form[form] }]),
    ),
    ...(ofRequests && { signed_request_object: ofRequests[form] }),
  });
  const keyed: Client = { ...client, ...withCredentials("kept") };
  view.put(clients, keyed);
  return { client: keyed, credentials: withCredentials("whole") };
}

/**
 * Creates the credentials that a new client has with it. The client keeps their ids, and only this answer shows them whole
 * (go-auth0, TestClientGrantManager_Create.yaml and TestClientSignedRequestObject.yaml).
 */
function createInLine<T extends { credentials?: NewCredential[] }>(
  { credentials, ...others }: T,
  create: (given: NewCredential) => ClientCredential,
) {
  const made = credentials?.map(create);
  return {
    kept: { ...others, ...(made && { credentials: made.map(({ id }) => ({ id })) }) },
    whole: { ...others, ...(made && { credentials: made.map(shownCredential) }) },
  };
}

/** A client with Auth0's defaults. */
export function newClient(tenant: Tenant, given: Partial<Client> & { name: string }): Client {
  const { jwt_configuration, refresh_token, client_metadata, initiate_login_uri, ...rest } = given;
  const isThirdParty = given.is_first_party === false;
  const isExpress = given.app_type === "express_configuration";
  return {
    is_first_party: true,
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: isThirdParty || isExpress,
    sso_disabled: false,
    cross_origin_authentication: false,
    grant_types: defaultGrantTypes(given),
    custom_login_page_on: true,
    ...(isThirdParty && { third_party_security_mode: "strict" }),
    ...(isExpress && expressDefaults),
    ...rest,
    ...(typeof initiate_login_uri === "string" && initiate_login_uri !== "" && { initiate_login_uri }),
    ...(client_metadata !== undefined && { client_metadata: withoutNulls({ ...asObject(client_metadata) }) }),
    jwt_configuration: {
      secret_encoded: false,
      // No lifetime is filled into what is given.
      ...(jwt_configuration === undefined && {
        ...((isThirdParty || isExpress) && { alg: "RS256" }),
        ...(!isExpress && { lifetime_in_seconds: isThirdParty ? 3600 : 36_000 }),
      }),
      ...asObject(jwt_configuration),
    },
    refresh_token: { ...defaultRefreshToken(given), ...asObject(refresh_token) },
    client_id: isThirdParty
      ? `tpc_${randomAlphanumeric(tenant.random, 22)}`
      : randomAlphanumeric(tenant.random, 32),
    client_secret: newSecret(tenant),
  };
}

/** Of Okta's Express Configuration (terraform-provider-auth0, TestAccClientExpressApp.yaml). */
const expressDefaults: Partial<Client> = {
  callbacks: ["https://system-admin.okta.com/admin/app/generic/oauth20redirect"],
  organization_usage: "require",
  organization_require_behavior: "post_login_prompt",
  client_authentication_methods: { private_key_jwt: { credentials: [] } },
};

/** As recorded, by the type of application. */
function defaultGrantTypes({ app_type, is_first_party }: Partial<Client>): string[] {
  if (app_type === "resource_server") return [];
  if (app_type === "express_configuration") return ["authorization_code", "client_credentials"];
  if (is_first_party === false && app_type === "regular_web") return ["authorization_code"];
  const ofUsers = ["authorization_code", "implicit", "refresh_token"];
  return app_type === "native" || app_type === "spa" ? ofUsers : [...ofUsers, "client_credentials"];
}

/** As recorded: lifetimes go by the method at the token endpoint, and the rest by whether it is a first-party client. */
function defaultRefreshToken({
  token_endpoint_auth_method: method,
  app_type,
  is_first_party,
}: Partial<Client>) {
  const hasSecret = method !== undefined && method !== "none";
  const isThirdParty = is_first_party === false;
  return {
    rotation_type: isThirdParty && app_type === "spa" ? "rotating" : "non-rotating",
    expiration_type: isThirdParty ? "expiring" : "non-expiring",
    leeway: 0,
    token_lifetime: hasSecret ? 31_557_600 : 2_592_000,
    infinite_token_lifetime: true,
    infinite_idle_token_lifetime: !isThirdParty,
    idle_token_lifetime: hasSecret ? 2_592_000 : 1_296_000,
  };
}

/** Ids of the credentials by which the client authenticates. */
export function attachedCredentialIds({ client_authentication_methods: methods = {} }: Client): string[] {
  return clientAuthenticationMethods.flatMap((method) =>
    (methods[method]?.credentials ?? []).map(({ id }) => id),
  );
}

const newSecret = ({ random }: Tenant) => randomAlphanumeric(random, 64);

const asObject = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

/** The client as an answer shows it: its secrets only to the token that may read them, or to its creator. */
function shown(client: Client, { keys, domain }: Tenant, token?: AccessToken): object {
  const { client_secret, encryption_key, ...rest } = client;
  const mayRead = (scopes: readonly string[]) => !token || scopes.some((scope) => token.scopes.has(scope));
  const { grant_types: _hidden, ...ofGlobal } = rest;
  return {
    // Four fields that no SDK documents (auth0-deploy-cli's recordings of 2026).
    tenant: domain.split(/[.:]/)[0],
    global: false,
    ...(client.global === true
      ? ofGlobal
      : {
          cross_origin_auth: client.cross_origin_authentication ?? false,
          callback_url_template: false,
          ...rest,
        }),
    // Useless if the client authenticates with its keys, so Auth0 hides it.
    ...(!client.client_authentication_methods &&
      mayRead(unverifiedBehaviour.secretScopes) && { client_secret }),
    ...(mayRead(["read:client_keys"]) && {
      ...(encryption_key !== undefined && { encryption_key }),
      signing_keys: [{ cert: keys.current.cert, pkcs7: keys.current.pkcs7, subject: `/CN=${domain}` }],
    }),
  };
}

/**
 * Clients by their grants, the only two queries that Auth0 permits (auth0 7.1, `ListClientsRequestParameters`).
 * @throws Problem 400
 */
function matchGrants(view: View, { q = "", ...others }: z.output<typeof list>): (client: Client) => boolean {
  const [, name, value = ""] =
    /^client_grant\.(organization_id|allow_any_organization):"?(\w+)"?$/.exec(q) ?? [];
  if (name === undefined || (name === "allow_any_organization" && value !== "true"))
    throw badRequest(managementMessages.clientQuery, "invalid_query_string");
  const { from, take, is_global, is_first_party, app_type, external_client_id } = others;
  if ([is_global, is_first_party, app_type, external_client_id].some((filter) => filter !== undefined))
    throw badRequest(managementMessages.clientQueryAlone, "invalid_query_string");
  if (from === undefined && take === undefined)
    throw badRequest(managementMessages.clientQueryByCheckpoint, "invalid_query_string");
  return ({ client_id }) =>
    view
      .list(clientGrants, "client", client_id)
      .toArray()
      .some(({ id, allow_any_organization }) =>
        name === "allow_any_organization"
          ? allow_any_organization === true
          : view.get(organizationGrants, organizationGrants.id({ organization_id: value, grant_id: id })) !==
            undefined,
      );
}

const secretFields = ["client_secret", "encryption_key", "signing_keys"];

function demandVisible(token: AccessToken, query: { fields?: string; include_fields?: boolean }): void {
  if (
    query.include_fields === false ||
    unverifiedBehaviour.secretScopes.some((scope) => token.scopes.has(scope))
  )
    return;
  const refused = query.fields?.split(",").filter((field) => secretFields.includes(field)) ?? [];
  if (refused.length > 0) throw forbidden(`You cannot read the following fields: ${refused.join(", ")}`);
}

function checkAuthentication(methods: object | undefined, tokenEndpointMethod: string | undefined): void {
  if (methods && tokenEndpointMethod) {
    throw badRequest(
      "client_authentication_methods and token_endpoint_auth_method are mutually exclusive; one of them must be null.",
    );
  }
}

function refuseAnyOrganization(view: View, client: Client): void {
  const grants = view.list(clientGrants, "client", client.client_id).toArray();
  if (grants.some(({ allow_any_organization }) => allow_any_organization)) {
    throw conflict("A grant of the client allows any organization, which third-party clients cannot use.");
  }
}
