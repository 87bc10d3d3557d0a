// Connections and the clients that they are enabled for.
import { managementMessages } from "../src/unverified";
import type { Row } from "./row";
import {
  client,
  connection,
  get,
  invalid,
  notFound,
  organization,
  patch,
  refused,
  remove,
  user,
} from "./rows-given";

const enabling = (body: unknown) => ({
  request: "PATCH /api/v2/connections/{db}/clients",
  body,
  status: 204,
});

/** Whatever fields are asked for (terraform-provider-auth0, TestAccConnectionClients.yaml). */
const alwaysThere = {
  ...{ id: "{db}", is_domain_connection: false },
  ...{ authentication: { active: true }, connected_accounts: { active: false } },
};

const ticket = (strategy: string, length: number) => ({
  show_as_button: false,
  provisioning_ticket_url: expect.stringMatching(
    new RegExp(`^https://[^/]+/p/${strategy}/[A-Za-z0-9]{${length}}$`),
  ),
});
/** As long as what Auth0 encrypts. */
const opaque = expect.stringMatching(/^[A-Za-z0-9+/]{150,}=*$/);
const okta = "https://acme.okta.com";

/** Options of a new connection, those that Auth0 shows, and the other fields that it adds. */
const strategies: [strategy: string, given: object, shown: object, more?: object][] = [
  [
    "google-oauth2",
    { profile: true, calendar: true, youtube: false },
    {
      ...{ profile: true, calendar: true, youtube: false, email: true },
      scope: ["email", "profile", "https://www.googleapis.com/auth/calendar"],
    },
  ],
  ["github", {}, { scope: [] }],
  ["salesforce", {}, { scope: [] }],
  ["facebook", {}, { scope: "" }],
  ["linkedin", { strategy_version: 2 }, { strategy_version: 2, profile: true, scope: ["r_liteprofile"] }],
  ["wordpress", { scope: ["email", "profile"] }, { profile: true, scope: ["profile"] }],
  ["windowslive", {}, { signin: true, scope: ["wl.signin"] }],
  ["email", { name: "mail" }, { name: "mail" }],
  [
    "google-apps",
    { domain: "example.com" },
    {
      ...{ domain: "example.com", map_user_id_to_id: false, email: true, profile: true },
      ...{ scope: ["email", "profile"], handle_login_from_social: true },
    },
    ticket("google-apps", 8),
  ],
  ["ad", { ips: null }, { ips: null, brute_force_protection: true }, ticket("ad", 32)],
  ["adfs", {}, { thumbprints: [] }, ticket("adfs", 8)],
  [
    "waad",
    { user_id_attribute: "userName" },
    {
      ...{ user_id_attribute: "userName", userid_attribute: "oid", waad_common_endpoint: false },
      ...{ app_domain: "{domain}", thumbprints: [], identity_api: "microsoft-identity-platform-v2.0" },
      ...{ useCommonEndpoint: false, use_wsfed: false, waad_protocol: "openid-connect" },
      should_trust_email_verified_connection: "never_set_emails_as_verified",
    },
    { ...ticket("waad", 8), display_name: "db-{row}" },
  ],
  ["samlp", { signInEndpoint: okta }, { signInEndpoint: okta }, ticket("samlp", 8)],
  [
    "samlp",
    { signingCert: "{certificate}" },
    {
      ...{ signingCert: "{certificate}", cert: "{certificate}", expires: expect.stringMatching(/Z$/) },
      ...{ subject: { commonName: "{domain}" }, thumbprints: [expect.stringMatching(/^[0-9a-f]{40}$/)] },
    },
    ticket("samlp", 8),
  ],
  [
    "pingfederate",
    { pingFederateBaseUrl: okta, signingCert: "{certificate}" },
    {
      ...{ pingFederateBaseUrl: okta, signInEndpoint: okta, cert: "{certificate}" },
      ...{
        expires: expect.any(String),
        subject: { commonName: "{domain}" },
        thumbprints: [expect.any(String)],
      },
    },
    ticket("pingfederate", 8),
  ],
  [
    "oidc",
    { issuer: okta, type: null },
    {
      ...{ issuer: okta, type: "front_channel", schema_version: "oidc-V4" },
      ...{ attribute_map: { mapping_mode: "bind_all" }, connection_settings: { pkce: "auto" } },
    },
    { show_as_button: false },
  ],
  [
    "okta",
    { domain: "acme.okta.com", authorization_endpoint: "https://example.com" },
    {
      ...{ domain: "acme.okta.com", issuer: okta, type: "back_channel", scope: "openid profile" },
      ...{ authorization_endpoint: `${okta}/oauth2/v1/authorize`, jwks_uri: `${okta}/oauth2/v1/keys` },
      ...{ token_endpoint: `${okta}/oauth2/v1/token`, userinfo_endpoint: `${okta}/oauth2/v1/userinfo` },
      ...{ attribute_map: { mapping_mode: "basic_profile" }, connection_settings: { pkce: "auto" } },
      schema_version: "oidc-V4",
    },
    { show_as_button: false },
  ],
];

export const connectionRows: Row[] = [
  {
    name: "a new tenant has a database of users",
    steps: [
      get("connections?name=Username-Password-Authentication", [
        { name: "Username-Password-Authentication", strategy: "auth0" },
      ]),
    ],
  },
  {
    name: "a connection with name and strategy has Auth0's defaults",
    steps: [
      {
        ...connection("db"),
        whole: {
          id: expect.stringMatching(/^con_[A-Za-z0-9]{16}$/),
          name: "db-{row}",
          strategy: "auth0",
          options: {
            mfa: { active: true, return_enroll_settings: true },
            passwordPolicy: "good",
            passkey_options: {
              challenge_ui: "both",
              local_enrollment_enabled: true,
              progressive_enrollment_enabled: true,
            },
            strategy_version: 2,
            authentication_methods: {
              passkey: { enabled: false },
              password: { enabled: true, api_behavior: "required", signup_behavior: "allow" },
            },
            brute_force_protection: true,
          },
          is_domain_connection: false,
          authentication: { active: true },
          connected_accounts: { active: false },
          enabled_clients: [],
          realms: ["db-{row}"],
        },
      },
      get("connections/{db}", { id: "{db}" }),
    ],
  },
  ...strategies.map(([strategy, options, shown, more]) => ({
    name: `a connection of ${strategy} with ${JSON.stringify(options)} has what Auth0 adds`,
    steps: [
      // The tenant's own, which is a certificate like any identity provider's.
      { ...get("keys/signing"), save: { certificate: "0.cert" } },
      {
        ...connection("db", { strategy, options }),
        whole: {
          id: expect.stringMatching(/^con_[A-Za-z0-9]{16}$/),
          ...{ name: "db-{row}", strategy, options: shown, ...more },
          ...{ is_domain_connection: false, enabled_clients: [], realms: ["db-{row}"] },
          ...{ authentication: { active: true }, connected_accounts: { active: false } },
        },
      },
      get("connections/{db}", { options: shown }),
      { request: "DELETE /api/v2/connections/{db}", status: 202 },
    ],
  })),
  {
    name: "a changed connection gets again what follows from its options",
    steps: [
      connection("db", { strategy: "google-oauth2", options: { gmail: true } }),
      {
        ...patch("connections/{db}", { options: { email: true, youtube: true } }),
        shape: {
          options: { email: true, youtube: true, scope: ["email", "https://gdata.youtube.com"] },
        },
      },
      { request: "DELETE /api/v2/connections/{db}", status: 202 },
    ],
  },
  {
    name: "the secrets of a custom database are never shown again",
    steps: [
      {
        ...connection("db", { options: { configuration: { key: "hidden" } } }),
        shape: { options: { configuration: { key: opaque } } },
        save: { db: "id", sealed: "options.configuration.key" },
      },
      get("connections/{db}", { options: { configuration: { key: "{sealed}" } } }),
      {
        ...patch("connections/{db}", { options: { configuration: { key: "hidden", other: "x" } } }),
        shape: {
          options: { configuration: { key: expect.not.stringContaining("hidden"), other: opaque } },
        },
      },
    ],
  },
  ...(
    [
      [
        { attributes: { email: { identifier: { active: true } } }, requires_username: true },
        managementMessages.attributesAndUsername,
      ],
      [
        { attributes: { email: { identifier: { active: true } } }, validation: { username: { min: 1 } } },
        managementMessages.attributesAndUsername,
      ],
      [{ attributes: { email: { identifier: { active: false } } } }, managementMessages.noIdentifier],
      [
        { attributes: { email: { unique: false, identifier: { active: true } } } },
        managementMessages.emailNotUnique,
      ],
    ] as const
  ).map(([options, message]) => ({
    name: `attributes that contradict each other are refused: ${JSON.stringify(options)}`,
    steps: [
      refused("POST connections", 400, message, "invalid_body", {
        ...{ name: "db-{row}", strategy: "auth0", options },
      }),
      connection("db"),
      refused("PATCH connections/{db}", 400, message, "invalid_body", { options }),
    ],
  })),
  {
    name: "attributes that agree with each other are kept",
    steps: [
      {
        ...connection("db", {
          options: {
            attributes: { email: { unique: false }, username: { identifier: { active: true } } },
          },
        }),
        shape: { options: { attributes: { email: { unique: false } } } },
      },
    ],
  },
  {
    name: "a second connection of the same name is a conflict",
    steps: [
      connection("db"),
      refused("POST connections", 409, managementMessages.connectionTaken, undefined, {
        name: "db-{row}",
        strategy: "auth0",
      }),
    ],
  },
  ...(
    [
      ["no strategy", { name: "db" }, "'Missing required property: strategy'."],
      ["no name", { strategy: "auth0" }, "'Missing required property: name'."],
      [
        "a name that ends with -",
        { name: "db-", strategy: "auth0" },
        "'String does not match pattern /^[a-zA-Z0-9](-?[a-zA-Z0-9])*$/: db-' on property name.",
      ],
      [
        "an unknown property",
        { name: "db", strategy: "auth0", colour: 1 },
        "'Additional properties not allowed: colour'.",
      ],
    ] as const
  ).map(([name, body, finding]) => ({
    name: `a connection with ${name} is refused`,
    steps: [invalid("POST connections", body, finding)],
  })),
  {
    name: "a PATCH replaces a connection's options and merges its metadata",
    steps: [
      connection("db", { options: { a: 1 }, metadata: { x: "1", y: "2" } }),
      {
        ...patch("connections/{db}", { options: { b: 2 }, metadata: { y: null, z: "3" } }),
        shape: { name: "db-{row}", options: expect.not.objectContaining({ a: 1 }) },
      },
      {
        ...get("connections/{db}?fields=options,metadata"),
        // Auth0 keeps how users authenticate (terraform-provider-auth0, TestAccConnectionConfiguration.yaml).
        whole: {
          ...alwaysThere,
          options: { b: 2, passkey_options: expect.any(Object), authentication_methods: expect.any(Object) },
          metadata: { x: "1", z: "3" },
        },
      },
    ],
  },
  {
    name: "null empties a connection's options and clients",
    steps: [
      client("machine"),
      connection("db", { options: { a: 1 }, enabled_clients: ["{machine}"] }),
      patch("connections/{db}", { options: null, enabled_clients: null }),
      {
        ...get("connections/{db}?fields=options,enabled_clients"),
        whole: { ...alwaysThere, options: {}, enabled_clients: [] },
      },
      { ...get("connections/{db}/clients"), whole: { clients: [] } },
    ],
  },
  {
    name: "neither name nor strategy of a connection can be changed",
    steps: [
      connection("db"),
      invalid("PATCH connections/{db}", { name: "x" }, "'Additional properties not allowed: name'."),
      invalid("PATCH connections/{db}", { strategy: "x" }, "'Additional properties not allowed: strategy'."),
    ],
  },
  {
    name: "clients are enabled for a connection, and disabled",
    steps: [
      client("machine"),
      client("other"),
      connection("db"),
      enabling([
        { client_id: "{machine}", status: true },
        { client_id: "{other}", status: true },
      ]),
      enabling([{ client_id: "{machine}", status: true }]),
      {
        ...get("connections/{db}/clients"),
        whole: { clients: [{ client_id: "{machine}" }, { client_id: "{other}" }] },
      },
      enabling([{ client_id: "{machine}", status: false }]),
      get("connections/{db}", { enabled_clients: ["{other}"] }),
    ],
  },
  {
    name: "none is enabled where one client does not exist",
    steps: [
      client("machine"),
      connection("db"),
      notFound("PATCH connections/{db}/clients", "client", [
        { client_id: "{machine}", status: true },
        { client_id: "missing", status: true },
      ]),
      { ...get("connections/{db}/clients"), whole: { clients: [] } },
    ],
  },
  {
    name: "an empty list of clients is refused",
    steps: [
      connection("db"),
      invalid("PATCH connections/{db}/clients", [], "'Array is too short (0), minimum 1'."),
      invalid("PATCH connections/{db}/clients", {}, "'Expected type array but found type object'."),
    ],
  },
  {
    name: "DELETE of a connection is 202, and takes its users, their memberships and its places in organizations along",
    steps: [
      connection("db"),
      user("ann", { connection: "db-{row}" }),
      organization("acme", { enabled_connections: [{ connection_id: "{db}" }] }),
      { request: "POST /api/v2/organizations/{acme}/members", body: { members: ["{ann}"] }, status: 204 },
      {
        request: "DELETE /api/v2/connections/{db}",
        status: 202,
        whole: { deleted_at: expect.stringMatching(/Z$/) },
      },
      notFound("GET connections/{db}", "connection"),
      notFound("GET users/{ann}", "user"),
      { ...get("organizations/{acme}/connections"), whole: [] },
      { ...get("organizations/{acme}/members"), whole: [] },
      remove("connections/{db}"),
      connection("db"),
    ],
  },
  {
    name: "the fields of a connection that are asked for come with four that always do",
    steps: [
      connection("db"),
      {
        ...get("connections/{db}?fields=strategy%2Cname&include_fields=true"),
        whole: { ...alwaysThere, strategy: "auth0", name: "db-{row}" },
      },
      get("connections?fields=name&name=db-{row}", [{ ...alwaysThere, name: "db-{row}" }]),
    ],
  },
  {
    name: "a missing connection is 404",
    steps: [
      notFound("GET connections/con_missing", "connection"),
      notFound("PATCH connections/con_missing", "connection", { options: {} }),
      remove("connections/con_missing"),
      notFound("GET connections/con_missing/clients", "connection"),
      notFound("PATCH connections/con_missing/clients", "connection", [{ client_id: "x", status: true }]),
    ],
  },
  {
    name: "connections are found by name and by strategies",
    steps: [
      connection("db", { strategy: "google-oauth2" }),
      connection("other", { strategy: "github" }),
      get("connections?name=db-{row}", [{ id: "{db}" }]),
      get("connections?strategy=google-oauth2&strategy=github&fields=id", [
        { id: "{db}" },
        { id: "{other}" },
      ]),
      get("connections?strategy=github&include_totals=true", { total: 1, connections: [{ id: "{other}" }] }),
      { request: "DELETE /api/v2/connections/{other}", status: 202 },
      { ...get("connections?strategy=github"), whole: [] },
    ],
  },
];
