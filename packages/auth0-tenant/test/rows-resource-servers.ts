// Resource servers, and the Management API as one of them.
import { managementMessages } from "../src/unverified";
import type { Row } from "./row";
import {
  client,
  get,
  grant,
  invalid,
  invalidQuery,
  notFound,
  patch,
  refused,
  remove,
  server,
} from "./rows-given";

/** As a real tenant answered to a POST with an identifier and a name. */
const defaults = {
  id: expect.stringMatching(/^[0-9a-f]{24}$/),
  allow_offline_access: false,
  skip_consent_for_verifiable_first_party_clients: false,
  subject_type_authorization: {
    client: { policy: "require_client_grant" },
    user: { policy: "allow_all" },
  },
  token_lifetime: 86_400,
  token_lifetime_for_web: 7200,
  signing_alg: "RS256",
};

const plain = { name: "api", identifier: "https://api.{row}/", ...defaults };
const refusals: [name: string, body: object, finding: string][] = [
  ["no identifier", { name: "x" }, "'Missing required property: identifier'."],
  [
    "an empty identifier",
    { identifier: "" },
    "'String is too short (0 chars), minimum 1' on property identifier.",
  ],
  [
    "an identifier of 601 characters",
    { identifier: "i".repeat(601) },
    "'String is too long (601 chars), maximum 600' on property identifier.",
  ],
  ["an unknown property", { identifier: "x", colour: 1 }, "'Additional properties not allowed: colour'."],
  [
    "an unknown signing_alg",
    { identifier: "x", signing_alg: "ES256" },
    "'No enum match for: ES256' on property signing_alg.",
  ],
  [
    "a lifetime of more than 30 days",
    { identifier: "x", token_lifetime: 2_592_001 },
    "'Value 2592001 is greater than maximum 2592000' on property token_lifetime.",
  ],
  [
    "a lifetime of no seconds",
    { identifier: "x", token_lifetime: 0 },
    "'Value 0 is less than minimum 1' on property token_lifetime.",
  ],
  [
    "a lifetime that is a text",
    { identifier: "x", token_lifetime: "60" },
    "'Expected type number but found type string' on property token_lifetime.",
  ],
  [
    "a scope without value",
    { identifier: "x", scopes: [{ description: "d" }] },
    "'Missing required property: value' on property scopes[0].",
  ],
  [
    "a scope that is a text",
    { identifier: "x", scopes: ["read:orders"] },
    "'Expected type object but found type string' on property scopes[0].",
  ],
  [
    "the same scope twice",
    { identifier: "x", scopes: [{ value: "a" }, { value: "a" }] },
    "'Array items are not unique' on property scopes.",
  ],
  [
    "1001 scopes",
    { identifier: "x", scopes: [...Array(1001).keys()].map((n) => ({ value: `s${n}` })) },
    "'Array is too long (1001), maximum 1000' on property scopes.",
  ],
  [
    "a signing secret of 15 characters",
    { identifier: "x", signing_alg: "HS256", signing_secret: "s".repeat(15) },
    "'String is too short (15 chars), minimum 16' on property signing_secret.",
  ],
];

const management: Row[] = [
  {
    name: "the Management API is a resource server of the system",
    steps: [
      get("resource-servers/{audience}", {
        name: "Auth0 Management API",
        identifier: "{audience}",
        is_system: true,
        scopes: expect.arrayContaining([{ value: "read:clients", description: "Read Clients" }]),
      }),
      {
        ...get("resource-servers?is_system=true&fields=identifier"),
        whole: [{ identifier: "{audience}" }],
      },
    ],
  },
  {
    name: "the Management API cannot be deleted",
    steps: [
      refused("DELETE resource-servers/{audience}", 400, managementMessages.notASystemChange, "invalid_body"),
      get("resource-servers/{audience}"),
    ],
  },
  {
    name: "scopes of the Management API cannot be changed, its token lifetime can",
    steps: [
      refused("PATCH resource-servers/{audience}", 400, managementMessages.notASystemChange, "invalid_body", {
        scopes: [],
      }),
      patch("resource-servers/{audience}", { token_lifetime: 3600 }, { token_lifetime: 3600 }),
      patch("resource-servers/{audience}", { token_lifetime: 86_400 }, { token_lifetime: 86_400 }),
    ],
  },
];

export const resourceServerRows: Row[] = [
  {
    name: "an API with name and identifier has Auth0's defaults, and nothing else",
    steps: [
      { ...server("api", { scopes: undefined }), whole: plain },
      { ...get("resource-servers/{apiId}"), whole: { ...plain, id: "{apiId}" } },
    ],
  },
  {
    name: "an API is found by its id and by its identifier",
    steps: [
      server("api"),
      get("resource-servers/{apiId}", { identifier: "{api}" }),
      get("resource-servers/{api}", { id: "{apiId}" }),
    ],
  },
  {
    name: "an API as the official provider makes it keeps every field",
    steps: [
      {
        ...server("api", { signing_alg: "RS256", token_lifetime: 7200, scopes: undefined }),
        shape: { signing_alg: "RS256", token_lifetime: 7200 },
        absent: ["scopes", "signing_secret", "is_system"],
      },
    ],
  },
  {
    name: "a second API with the same identifier is a conflict",
    steps: [
      server("api"),
      refused("POST resource-servers", 409, managementMessages.identifierTaken, undefined, {
        identifier: "{api}",
      }),
    ],
  },
  {
    name: "two APIs may have the same name",
    steps: [server("api"), server("other", { name: "api" })],
  },
  ...refusals.map(([name, body, finding]) => ({
    name: `an API with ${name} is refused`,
    steps: [invalid("POST resource-servers", body, finding)],
  })),
  {
    name: "scopes are replaced as a whole, in the order in which they were sent",
    steps: [
      server("api", { scopes: undefined }),
      patch("resource-servers/{api}", { scopes: [{ value: "b", description: "B" }, { value: "a" }] }),
      get("resource-servers/{api}", { scopes: [{ value: "b", description: "B" }, { value: "a" }] }),
      patch("resource-servers/{api}", { scopes: [{ value: "c" }] }, { scopes: [{ value: "c" }] }),
      patch("resource-servers/{api}", { scopes: [] }, { scopes: [] }),
      get("resource-servers/{apiId}", { scopes: [] }),
    ],
  },
  {
    name: "a PATCH of an API changes what it names and leaves the rest",
    steps: [
      server("api", { token_lifetime: 7200 }),
      patch("resource-servers/{apiId}", { name: "renamed" }),
      get("resource-servers/{apiId}", {
        name: "renamed",
        token_lifetime: 7200,
        scopes: [{ value: "read:orders" }, { value: "write:orders" }],
      }),
    ],
  },
  {
    name: "an API's identifier cannot be changed",
    steps: [
      server("api"),
      invalid(
        "PATCH resource-servers/{apiId}",
        { identifier: "other" },
        "'Additional properties not allowed: identifier'.",
      ),
    ],
  },
  ...["consent_policy", "authorization_details", "token_encryption", "proof_of_possession"].map((field) => ({
    name: `null takes an API's ${field} away`,
    steps: [
      server("api", {
        consent_policy: "transactional-authorization-with-mfa",
        authorization_details: [{ type: "payment" }],
        token_encryption: { format: "compact-nested-jwe" },
        proof_of_possession: { mechanism: "mtls", required: true },
      }),
      { ...patch("resource-servers/{apiId}", { [field]: null }), absent: [field] },
      { ...get("resource-servers/{apiId}"), absent: [field] },
    ],
  })),
  {
    name: "an API shows the thumbprint of the key by which it encrypts tokens, and not the key",
    steps: [
      {
        ...server("api", {
          token_encryption: {
            format: "compact-nested-jwe",
            encryption_key: {
              name: "key",
              alg: "RSA-OAEP-256",
              kid: "k1",
              pem: "-----BEGIN CERTIFICATE-----",
            },
          },
        }),
      },
      {
        ...get("resource-servers/{apiId}?fields=token_encryption"),
        whole: {
          token_encryption: {
            format: "compact-nested-jwe",
            encryption_key: {
              ...{ name: "key", alg: "RSA-OAEP-256", kid: "k1" },
              thumbprint_sha256: expect.stringMatching(/^[\w-]{43}$/),
            },
          },
        },
      },
    ],
  },
  {
    name: "an API's fields of 2026 are kept",
    steps: [
      server("api", { allow_online_access: true, authorization_policy: { policy_id: "p1" } }),
      get("resource-servers/{apiId}", {
        allow_online_access: true,
        authorization_policy: { policy_id: "p1" },
      }),
      {
        ...patch("resource-servers/{apiId}", { authorization_policy: null }),
        absent: ["authorization_policy"],
      },
    ],
  },
  ...["name", "scopes", "token_lifetime"].map((field) => ({
    name: `null for an API's ${field} is refused`,
    steps: [
      server("api"),
      invalid(
        "PATCH resource-servers/{apiId}",
        { [field]: null },
        expect.stringContaining("found type null"),
      ),
    ],
  })),
  {
    name: "an API with HS256 gets a signing secret",
    steps: [
      {
        ...server("api", { signing_alg: "HS256" }),
        shape: { signing_alg: "HS256", signing_secret: expect.stringMatching(/^\w{32}$/) },
        save: { id: "id", secret: "signing_secret" },
      },
      patch("resource-servers/{id}", { name: "x" }, { signing_secret: "{secret}" }),
    ],
  },
  {
    name: "an API that turns to HS256 gets a signing secret",
    steps: [
      server("api"),
      patch("resource-servers/{apiId}", { signing_alg: "HS256" }, { signing_secret: expect.any(String) }),
    ],
  },
  {
    name: "an API keeps the signing secret that it is given",
    steps: [
      {
        ...server("api", { signing_alg: "HS256", signing_secret: "0123456789abcdef" }),
        shape: { signing_secret: "0123456789abcdef" },
      },
    ],
  },
  {
    name: "an API is deleted, and again without complaint",
    steps: [
      server("api"),
      remove("resource-servers/{apiId}"),
      notFound("GET resource-servers/{apiId}", "resourceServer"),
      notFound("GET resource-servers/{api}", "resourceServer"),
      remove("resource-servers/{apiId}"),
      notFound("PATCH resource-servers/{apiId}", "resourceServer", { name: "x" }),
      server("api"),
    ],
  },
  {
    name: "an API takes its grants along",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api"),
      remove("resource-servers/{api}"),
      notFound("GET client-grants/{grant}", "grant"),
    ],
  },
  {
    name: "APIs are found by their identifiers",
    steps: [
      server("api"),
      server("other"),
      {
        ...get("resource-servers?identifiers={api}&identifiers={other}&fields=identifier"),
        whole: [{ identifier: "{api}" }, { identifier: "{other}" }],
      },
      ...["identifiers[]={api}&identifiers[]={other}", "identifiers[0]={api}&identifiers[1]={other}"].map(
        (query) => ({
          ...get(`resource-servers?${query}&fields=identifier`),
          whole: [{ identifier: "{api}" }, { identifier: "{other}" }],
        }),
      ),
      { ...get("resource-servers?identifiers[]={api}&fields=identifier"), whole: [{ identifier: "{api}" }] },
      invalidQuery(
        "GET resource-servers?filter[name]=x&filter[kind]=y",
        "'Additional properties not allowed: filter'.",
      ),
      invalidQuery(
        "GET resource-servers?page[number]=1",
        "'Expected type number but found type object' on property page.",
      ),
      {
        ...get("resource-servers?identifiers={api}&include_totals=true&fields=id"),
        whole: { resource_servers: [{ id: "{apiId}" }], start: 0, limit: 50, total: 1 },
      },
    ],
  },
  {
    name: "the Express Configuration API is what Auth0 says, whatever else is given, and cannot be changed",
    steps: [
      {
        request: "POST /api/v2/resource-servers",
        body: { identifier: "urn:auth0:express-configure" },
        status: 201,
        whole: {
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          ...{ name: "Okta OIN Express Configuration API", identifier: "urn:auth0:express-configure" },
          scopes: [
            { value: "express_configure:sso", description: expect.any(String) },
            { value: "express_configure:scim", description: expect.any(String) },
          ],
          ...{ signing_alg: "RS256", allow_offline_access: false, enforce_policies: true, is_system: true },
          ...{ token_lifetime: 300, token_lifetime_for_web: 7200 },
          skip_consent_for_verifiable_first_party_clients: false,
          subject_type_authorization: { user: { policy: "allow_all" }, client: { policy: "deny_all" } },
        },
        save: { express: "id" },
      },
      { request: "PATCH /api/v2/resource-servers/{express}", body: { name: "x" }, status: 400 },
      { request: "PATCH /api/v2/resource-servers/{express}", body: { token_lifetime: 600 }, status: 400 },
      remove("resource-servers/{express}"),
    ],
  },
  {
    name: "selected fields of an API come alone",
    steps: [
      server("api"),
      {
        ...get("resource-servers/{apiId}?fields=id,identifier"),
        whole: { id: "{apiId}", identifier: "{api}" },
      },
      { ...get("resource-servers/{apiId}?fields=scopes&include_fields=false"), absent: ["scopes"] },
    ],
  },
  ...management,
];
