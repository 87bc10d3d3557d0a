// Clients: their defaults, changes, secrets and deletion.
import { managementMessages } from "../src/unverified";
import type { Row } from "./row";
import {
  associate,
  client,
  connection,
  get,
  grant,
  invalid,
  notFound,
  organization,
  patch,
  refused,
  remove,
  server,
} from "./rows-given";

const text = (length: number) => expect.stringMatching(new RegExp(`^[A-Za-z0-9]{${length}}$`));

/** As a real tenant answered to a POST with a name only. */
const defaults = {
  tenant: "{tenant}",
  global: false,
  callback_url_template: false,
  cross_origin_auth: false,
  is_first_party: true,
  is_token_endpoint_ip_header_trusted: false,
  oidc_conformant: false,
  jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 36_000 },
  signing_keys: [
    {
      cert: expect.stringContaining("BEGIN CERTIFICATE"),
      pkcs7: expect.stringContaining("BEGIN PKCS7"),
      subject: "/CN={domain}",
    },
  ],
  sso_disabled: false,
  cross_origin_authentication: false,
  grant_types: ["authorization_code", "implicit", "refresh_token", "client_credentials"],
  custom_login_page_on: true,
  refresh_token: {
    rotation_type: "non-rotating",
    expiration_type: "non-expiring",
    leeway: 0,
    token_lifetime: 2_592_000,
    infinite_token_lifetime: true,
    infinite_idle_token_lifetime: true,
    idle_token_lifetime: 1_296_000,
  },
};

const flows = ["client_credentials"];
const whole = { client_id: text(32), client_secret: text(64) };

const creation: Row[] = [
  {
    name: "a client with a name only has Auth0's defaults, and nothing else",
    steps: [
      {
        request: "POST /api/v2/clients",
        body: { name: "plain {row}" },
        status: 201,
        // Only a new one is called encrypted.
        whole: { name: "plain {row}", ...whole, ...defaults, encrypted: true },
        save: { id: "client_id" },
      },
      { ...get("clients/{id}"), whole: { name: "plain {row}", ...whole, ...defaults, client_id: "{id}" } },
    ],
  },
  {
    name: "lifetimes of refresh tokens go by the method at the token endpoint, and not by the type of client",
    steps: [
      {
        ...client("machine"),
        shape: {
          app_type: "non_interactive",
          grant_types: ["client_credentials"],
          refresh_token: { token_lifetime: 2_592_000, idle_token_lifetime: 1_296_000 },
        },
        absent: ["token_endpoint_auth_method", "organization_usage", "default_organization", "description"],
      },
      {
        ...client("secret", { token_endpoint_auth_method: "client_secret_post" }),
        shape: { refresh_token: { token_lifetime: 31_557_600, idle_token_lifetime: 2_592_000 } },
      },
      {
        ...client("page", { app_type: "spa", token_endpoint_auth_method: "none" }),
        shape: { refresh_token: { token_lifetime: 2_592_000, idle_token_lifetime: 1_296_000 } },
      },
      remove("clients/{page}"),
    ],
  },
  ...(
    [
      ["native", {}, ["authorization_code", "implicit", "refresh_token"]],
      ["spa", {}, ["authorization_code", "implicit", "refresh_token"]],
      ["regular_web", {}, ["authorization_code", "implicit", "refresh_token", "client_credentials"]],
      ["non_interactive", {}, ["authorization_code", "implicit", "refresh_token", "client_credentials"]],
      ["resource_server", {}, []],
      ["express_configuration", {}, ["authorization_code", "client_credentials"]],
      ["regular_web", { is_first_party: false }, ["authorization_code"]],
    ] as const
  ).map(([app_type, more, grantTypes]) => ({
    name: `the grant types of a new client of type ${app_type} ${JSON.stringify(more)}`,
    steps: [
      {
        ...client("made", { app_type, grant_types: undefined, ...more }),
        shape: { grant_types: [...grantTypes] },
        // Not each of them has a secret.
        save: { made: "client_id" },
      },
      remove("clients/{made}"),
    ],
  })),
  {
    name: "a client of a third party has defaults of its own",
    steps: [
      {
        ...client("other", {
          ...{ app_type: "regular_web", is_first_party: false },
          ...{ token_endpoint_auth_method: "client_secret_post" },
        }),
        shape: {
          client_id: expect.stringMatching(/^tpc_\w{22}$/),
          oidc_conformant: true,
          third_party_security_mode: "strict",
          jwt_configuration: { secret_encoded: false, alg: "RS256", lifetime_in_seconds: 3600 },
          refresh_token: {
            ...{ rotation_type: "non-rotating", expiration_type: "expiring", leeway: 0 },
            ...{ token_lifetime: 31_557_600, infinite_token_lifetime: true },
            ...{ idle_token_lifetime: 2_592_000, infinite_idle_token_lifetime: false },
          },
        },
      },
      {
        ...client("page", { app_type: "spa", is_first_party: false }),
        shape: { refresh_token: { rotation_type: "rotating" } },
      },
      remove("clients/{page}"),
    ],
  },
  {
    name: "a client of Okta's Express Configuration authenticates by keys, in organizations",
    steps: [
      {
        request: "POST /api/v2/clients",
        body: { name: "express {row}", app_type: "express_configuration" },
        status: 201,
        shape: {
          ...{ oidc_conformant: true, jwt_configuration: { secret_encoded: false, alg: "RS256" } },
          callbacks: ["https://system-admin.okta.com/admin/app/generic/oauth20redirect"],
          ...{ organization_usage: "require", organization_require_behavior: "post_login_prompt" },
          client_authentication_methods: { private_key_jwt: { credentials: [] } },
        },
        absent: ["client_secret", "token_endpoint_auth_method"],
        save: { express: "client_id" },
      },
      {
        ...get("clients/{express}?fields=jwt_configuration"),
        shape: { jwt_configuration: expect.not.objectContaining({ lifetime_in_seconds: expect.anything() }) },
      },
      remove("clients/{express}"),
    ],
  },
  {
    name: "no lifetime is filled into a jwt_configuration that is given",
    steps: [
      {
        ...client("machine", { jwt_configuration: { alg: "RS256" } }),
        shape: { jwt_configuration: { alg: "RS256", secret_encoded: false } },
        save: { machine: "client_id" },
      },
      {
        ...get("clients/{machine}?fields=jwt_configuration"),
        whole: {
          jwt_configuration: { alg: "RS256", secret_encoded: false },
          signing_keys: expect.any(Array),
        },
      },
    ],
  },
  ...(
    [
      ["mobile", { ios: { team_id: "a" } }, { android: { app_package_name: "b" } }],
      ["native_social_login", { apple: { enabled: true } }, { google: { enabled: true } }],
      ["session_transfer", { allow_refresh_token: true }, { enforce_device_binding: "ip" }],
      ["signed_request_object", { required: true }, { credentials: [] }],
    ] as const
  ).map(([field, before, change]) => ({
    name: `a PATCH merges a client's ${field}`,
    steps: [
      client("machine", { [field]: before }),
      patch("clients/{machine}", { [field]: change }, { [field]: { ...before, ...change } }),
    ],
  })),
  {
    name: "null takes a client's addons away, and an empty initiate_login_uri the address",
    steps: [
      client("machine", { addons: { aws: {} }, initiate_login_uri: "https://login.example/start" }),
      get("clients/{machine}", { initiate_login_uri: "https://login.example/start" }),
      {
        ...patch("clients/{machine}", { addons: null, initiate_login_uri: "" }),
        absent: ["addons", "initiate_login_uri"],
      },
    ],
  },
  {
    name: "a client's fields of 2026 are kept",
    steps: [
      {
        ...client("machine", {
          ...{ third_party_security_mode: "strict", redirection_policy: "allow_always" },
          ...{
            async_approval_notification_channels: ["email"],
            fedcm_login: { google: { is_enabled: true } },
          },
          oidc_backchannel_logout: { backchannel_logout_urls: ["https://out.example"] },
        }),
        shape: { redirection_policy: "allow_always", async_approval_notification_channels: ["email"] },
      },
    ],
  },
  {
    name: "a client as the official provider makes it keeps every field",
    steps: [
      organization("acme"),
      {
        ...client("machine", {
          description: "Managed by Pulumi",
          token_endpoint_auth_method: "client_secret_post",
          organization_usage: "require",
          default_organization: { organization_id: "{acme}", flows },
          client_metadata: { customer: "acme" },
        }),
        shape: {
          description: "Managed by Pulumi",
          token_endpoint_auth_method: "client_secret_post",
          organization_usage: "require",
          default_organization: { organization_id: "{acme}", flows },
          client_metadata: { customer: "acme" },
        },
      },
    ],
  },
  {
    name: "two clients may have the same name",
    steps: [client("twin"), client("twin"), get("clients/{twin}", { name: "twin {row}" })],
  },
  {
    name: "an empty description is kept",
    steps: [{ ...client("machine", { description: "" }), shape: { description: "" } }],
  },
  {
    name: "metadata that are null at creation are not there",
    steps: [
      {
        ...client("machine", { client_metadata: { a: "1", b: null } }),
        shape: { client_metadata: { a: "1" } },
      },
      { ...get("clients/{machine}?fields=client_metadata"), shape: { client_metadata: { a: "1" } } },
    ],
  },
];

const refusals: [name: string, body: object, finding: string][] = [
  ["no name", {}, "'Missing required property: name'."],
  ["an empty name", { name: "" }, "'String is too short (0 chars), minimum 1' on property name."],
  ["a name with <", { name: "<b>" }, "'String does not match pattern /^[^<>]+$/: <b>' on property name."],
  ["a name that is a number", { name: 7 }, "'Expected type string but found type integer' on property name."],
  ["an unknown property", { name: "x", colour: "blue" }, "'Additional properties not allowed: colour'."],
  ["its own client_id", { name: "x", client_id: "abc" }, "'Additional properties not allowed: client_id'."],
  [
    "its own client_secret",
    { name: "x", client_secret: "s".repeat(64) },
    "'Additional properties not allowed: client_secret'.",
  ],
  [
    "an unknown app_type",
    { name: "x", app_type: "robot" },
    "'No enum match for: robot' on property app_type.",
  ],
  [
    "an unknown organization_usage",
    { name: "x", organization_usage: "required" },
    "'No enum match for: required' on property organization_usage.",
  ],
  [
    "an unknown token_endpoint_auth_method",
    { name: "x", token_endpoint_auth_method: "private_key_jwt" },
    "'No enum match for: private_key_jwt' on property token_endpoint_auth_method.",
  ],
  [
    "a default_organization without flows",
    { name: "x", default_organization: { organization_id: `org_${"a".repeat(16)}` } },
    "'Missing required property: flows' on property default_organization.",
  ],
  [
    "a default_organization without organization_id",
    { name: "x", default_organization: { flows } },
    "'Missing required property: organization_id' on property default_organization.",
  ],
  [
    "a default_organization for another flow",
    { name: "x", default_organization: { organization_id: `org_${"a".repeat(16)}`, flows: ["login"] } },
    "'No enum match for: login' on property default_organization.flows[0].",
  ],
  [
    "a description of 141 characters",
    { name: "x", description: "d".repeat(141) },
    "'String is too long (141 chars), maximum 140' on property description.",
  ],
  [
    "a token_quota without a limit",
    { name: "x", token_quota: { client_credentials: { enforce: true } } },
    "'Missing required property: per_hour or per_day' on property token_quota.client_credentials.",
  ],
  [
    "null for grant_types",
    { name: "x", grant_types: null },
    "'Expected type array but found type null' on property grant_types.",
  ],
  [
    "51 metadata",
    { name: "x", client_metadata: Object.fromEntries([...Array(51).keys()].map((n) => [`k${n}`, "v"])) },
    "'Object has too many properties defined, maximum 50' on property client_metadata.",
  ],
  [
    "a metadatum of 256 characters",
    { name: "x", client_metadata: { k: "v".repeat(256) } },
    "'String is too long (256 chars), maximum 255' on property client_metadata.k.",
  ],
  [
    "a metadatum that is a number",
    { name: "x", client_metadata: { k: 7 } },
    "'Expected type string but found type integer' on property client_metadata.k.",
  ],
];

const changes: Row[] = [
  {
    name: "a PATCH of a client changes what it names and leaves the rest",
    steps: [
      client("machine", { description: "before", client_metadata: { a: "1" } }),
      patch("clients/{machine}", { name: "renamed {row}" }),
      get("clients/{machine}", {
        name: "renamed {row}",
        description: "before",
        client_metadata: { a: "1" },
        client_secret: "{machineSecret}",
      }),
    ],
  },
  {
    name: "metadata of a client are merged, and null takes one away",
    steps: [
      client("machine", { client_metadata: { a: "1", b: "2" } }),
      {
        ...patch("clients/{machine}", { client_metadata: { b: null, c: "3" } }),
        shape: { client_metadata: { a: "1", c: "3" } },
      },
      {
        ...get("clients/{machine}?fields=client_metadata&include_fields=true"),
        whole: { client_metadata: { a: "1", c: "3" }, signing_keys: [expect.anything()] },
      },
    ],
  },
  {
    name: "an empty object takes all metadata of a client away",
    steps: [
      client("machine", { client_metadata: { a: "1" } }),
      patch("clients/{machine}", { client_metadata: {} }),
      {
        ...get("clients/{machine}?fields=client_metadata"),
        whole: { client_metadata: {}, signing_keys: [expect.anything()] },
      },
    ],
  },
  {
    name: "jwt_configuration is merged",
    steps: [
      client("machine"),
      patch(
        "clients/{machine}",
        { jwt_configuration: { lifetime_in_seconds: 60 } },
        { jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 60 } },
      ),
    ],
  },
  {
    name: "lists of a client are replaced",
    steps: [
      client("machine", { callbacks: ["https://a.example", "https://b.example"] }),
      patch("clients/{machine}", { callbacks: ["https://c.example"] }, { callbacks: ["https://c.example"] }),
    ],
  },
  ...(
    [
      ["organization_usage", "allow"],
      ["token_quota", { client_credentials: { per_day: 5, enforce: true } }],
      ["token_endpoint_auth_method", "client_secret_post"],
      ["organization_require_behavior", "no_prompt"],
      ["compliance_level", "none"],
      ["signed_request_object", { required: false }],
      ["default_organization", { organization_id: "{acme}", flows }],
    ] as const
  ).map(([field, value]) => ({
    name: `null takes a client's ${field} away`,
    steps: [
      organization("acme"),
      { ...client("machine", { [field]: value }), shape: { [field]: value } },
      { ...patch("clients/{machine}", { [field]: null }), absent: [field] },
      { ...get("clients/{machine}"), absent: [field] },
    ],
  })),
  ...["name", "grant_types", "is_first_party", "app_type", "client_secret", "callbacks", "description"].map(
    (field) => ({
      name: `null for a client's ${field} is refused`,
      steps: [
        client("machine"),
        invalid(
          "PATCH clients/{machine}",
          { [field]: null },
          expect.stringMatching(
            new RegExp(
              `^Payload validation error: '.*null'? on property ${field}\\.$|No enum match for: null`,
            ),
          ),
        ),
      ],
    }),
  ),
  {
    name: "an unknown property in a PATCH of a client changes nothing",
    steps: [
      client("machine"),
      invalid(
        "PATCH clients/{machine}",
        { name: "renamed", colour: "blue" },
        "'Additional properties not allowed: colour'.",
      ),
      get("clients/{machine}", { name: "machine {row}" }),
    ],
  },
  {
    name: "a PATCH cannot change a client's id",
    steps: [
      client("machine"),
      invalid(
        "PATCH clients/{machine}",
        { client_id: "abc" },
        "'Additional properties not allowed: client_id'.",
      ),
    ],
  },
  {
    name: "a client's secret can be set, and is read back",
    steps: [
      client("machine"),
      patch("clients/{machine}", { client_secret: "a".repeat(64) }, { client_secret: "a".repeat(64) }),
      get("clients/{machine}", { client_secret: "a".repeat(64) }),
    ],
  },
  {
    name: "a client's secret is rotated without overlap",
    steps: [
      client("machine"),
      {
        request: "POST /api/v2/clients/{machine}/rotate-secret",
        status: 200,
        shape: { client_id: "{machine}", name: "machine {row}", client_secret: text(64) },
        save: { fresh: "client_secret" },
      },
      get("clients/{machine}", { client_secret: "{fresh}" }),
      {
        request: "POST /oauth/token",
        body: { grant_type: "client_credentials", client_id: "{machine}", client_secret: "{machineSecret}" },
        status: 401,
        whole: { error: "access_denied", error_description: "Unauthorized" },
      },
    ],
  },
];

const secrets: Row[] = [
  {
    name: "read:clients alone shows neither secret nor keys",
    steps: [
      client("machine", { encryption_key: { pub: "p", cert: "c" } }),
      {
        ...get("clients/{machine}", { client_id: "{machine}" }),
        as: ["read:clients"],
        absent: ["client_secret", "signing_keys", "encryption_key"],
      },
    ],
  },
  {
    name: "read:client_keys shows secret and keys",
    steps: [
      client("machine", { encryption_key: { pub: "p", cert: "c" } }),
      {
        ...get("clients/{machine}", { client_secret: "{machineSecret}", encryption_key: { pub: "p" } }),
        as: ["read:client_keys"],
      },
    ],
  },
  {
    name: "read:client_credentials shows the secret",
    steps: [
      client("machine"),
      {
        ...get("clients/{machine}", { client_secret: "{machineSecret}" }),
        as: ["read:client_credentials"],
        absent: ["signing_keys"],
      },
    ],
  },
  {
    name: "a list hides secrets as well",
    steps: [
      client("machine"),
      {
        ...get("clients?fields=client_id&per_page=1"),
        as: ["read:clients"],
        whole: [{ client_id: expect.any(String) }],
      },
      refused(
        "GET clients?fields=client_secret,name",
        403,
        "You cannot read the following fields: client_secret",
      ),
    ].map((step, at) => (at === 2 ? { ...step, as: ["read:clients"] } : step)),
  },
  {
    name: "asking for the secret without the scope is 403",
    steps: [
      client("machine"),
      {
        ...refused(
          "GET clients/{machine}?fields=client_secret",
          403,
          "You cannot read the following fields: client_secret",
        ),
        as: ["read:clients"],
      },
    ],
  },
  {
    name: "leaving the secret out needs no scope for it",
    steps: [
      client("machine"),
      {
        ...get("clients/{machine}?fields=client_secret&include_fields=false"),
        as: ["read:clients"],
        absent: ["client_secret"],
      },
    ],
  },
  {
    name: "selected fields of a client come with signing_keys",
    steps: [
      client("machine"),
      {
        ...get("clients/{machine}?fields=client_id%2Capp_type&include_fields=true"),
        names: ["client_id", "app_type", "signing_keys"],
      },
    ],
  },
];

const deletion: Row[] = [
  {
    name: "a client is deleted, and again without complaint",
    steps: [
      client("machine"),
      remove("clients/{machine}"),
      notFound("GET clients/{machine}", "client"),
      remove("clients/{machine}"),
    ],
  },
  ...(
    [
      ["GET clients/missing"],
      ["PATCH clients/missing", { name: "x" }],
      ["POST clients/missing/rotate-secret"],
      ["GET clients/missing/credentials"],
    ] as const
  ).map(([request, body]) => ({
    name: `${request} is 404`,
    steps: [notFound(request, "client", body)],
  })),
  {
    name: "a client takes its grants along, from organizations as well",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { organization_usage: "require" }),
      organization("acme"),
      associate("acme", "grant"),
      remove("clients/{machine}"),
      notFound("GET client-grants/{grant}", "grant"),
      { ...get("organizations/{acme}/client-grants"), whole: [] },
      { ...get("client-grants?client_id={machine}"), whole: [] },
      remove("client-grants/{grant}"),
    ],
  },
  {
    name: "a client that is deleted is no longer enabled in connections",
    steps: [
      client("machine"),
      client("other"),
      connection("db", { enabled_clients: ["{machine}", "{other}"] }),
      remove("clients/{machine}"),
      { ...get("connections/{db}/clients"), whole: { clients: [{ client_id: "{other}" }] } },
    ],
  },
  {
    name: "an organization that does not exist cannot be a client's default",
    steps: [
      notFound("POST clients", "organization", {
        name: "x",
        default_organization: { organization_id: `org_${"0".repeat(16)}`, flows },
      }),
      client("machine"),
      notFound("PATCH clients/{machine}", "organization", {
        default_organization: { organization_id: `org_${"0".repeat(16)}`, flows },
      }),
    ],
  },
  {
    name: "a client whose grant allows any organization cannot become a third party's",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { organization_usage: "allow", allow_any_organization: true }),
      {
        request: "PATCH /api/v2/clients/{machine}",
        body: { is_first_party: false },
        status: 409,
        shape: { statusCode: 409, error: "Conflict" },
      },
      get("clients/{machine}", { is_first_party: true }),
    ],
  },
  {
    name: "clients are filtered by app_type and is_first_party",
    steps: [
      client("spa", { app_type: "spa", is_first_party: false }),
      {
        ...get("clients?app_type=spa&is_first_party=false&fields=client_id,app_type&include_totals=true"),
        shape: { total: 1, clients: [{ client_id: "{spa}", app_type: "spa" }] },
      },
      { ...get("clients?app_type=spa,native&is_first_party=true"), whole: [] },
      remove("clients/{spa}"),
      { ...get("clients?app_type=spa"), whole: [] },
    ],
  },
  {
    name: "clients are found by an organization that may use their grants, or if any may",
    steps: [
      ...[client("one"), client("any"), client("neither"), server("api"), organization("acme")],
      grant("forOne", "one", "api", { organization_usage: "require" }),
      grant("forAny", "any", "api", { organization_usage: "allow", allow_any_organization: true }),
      grant("forNeither", "neither", "api", { organization_usage: "require" }),
      associate("acme", "forOne"),
      {
        ...get("clients?q=client_grant.organization_id:{acme}&take=50&fields=name"),
        whole: { clients: [{ name: "one {row}", signing_keys: expect.anything() }] },
      },
      {
        ...get("clients?q=client_grant.allow_any_organization:true&take=50&fields=name"),
        // Other rows have made such clients, too.
        shape: {
          clients: expect.arrayContaining([
            expect.objectContaining({ name: expect.stringMatching(/^any /) }),
          ]),
        },
      },
      refused("GET clients?q=name:one&take=50", 400, managementMessages.clientQuery, "invalid_query_string"),
      refused(
        "GET clients?q=client_grant.organization_id:{acme}",
        400,
        managementMessages.clientQueryByCheckpoint,
        "invalid_query_string",
      ),
      refused(
        "GET clients?q=client_grant.organization_id:{acme}&take=50&app_type=spa",
        400,
        managementMessages.clientQueryAlone,
        "invalid_query_string",
      ),
      { ...get("clients?external_client_id=https://{row}.example/client.json"), whole: [] },
    ],
  },
  {
    name: "the global client is in no list but its own, and keeps the page of the classic login",
    steps: [
      {
        ...get("clients?is_global=true&include_totals=true", {
          clients: [
            { name: "All Applications", global: true, tenant: "{tenant}", custom_login_page_on: true },
          ],
          total: 1,
        }),
        save: { global: "clients.0.client_id" },
      },
      patch("clients/{global}", { custom_login_page: "<html></html>" }),
      get("clients/{global}", { custom_login_page: "<html></html>", global: true }),
      get("clients?is_global=true&include_totals=true", { total: 1 }),
      remove("clients/{global}"),
      get("clients/{global}"),
    ],
  },
];

export const clientRows: Row[] = [
  ...creation,
  ...refusals.map(([name, body, finding]) => ({
    name: `a client with ${name} is refused`,
    steps: [invalid("POST clients", body, finding)],
  })),
  ...changes,
  ...secrets,
  ...deletion,
];
