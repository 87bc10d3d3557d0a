// The requests that both tenants get. What they answer is compared, not written down: the conformance table of the tests holds the
// emulator to what is documented, and these rows hold it to a tenant of Auth0.

export interface CompareRow {
  name: string;
  steps: readonly CompareStep[];
}

export interface CompareStep {
  /**
   * Method and path; `{name}` stands for a variable, in bodies and forms as well. `{run}` begins the name of all that is made, and
   * `{pem}` is a public key.
   */
  request: string;
  body?: object;
  /** Of the token endpoint. */
  form?: Readonly<Record<string, string>>;
  /** Variables from properties of the answer. */
  save?: Readonly<Record<string, string>>;
}

const organization: CompareStep = {
  request: "POST /api/v2/organizations",
  body: { name: "{run}-acme", display_name: "Acme", metadata: { plan: "gold" } },
  save: { organization: "id" },
};
const client: CompareStep = {
  request: "POST /api/v2/clients",
  body: { name: "{run} machine", app_type: "non_interactive", grant_types: ["client_credentials"] },
  save: { client: "client_id", secret: "client_secret" },
};
const server: CompareStep = {
  request: "POST /api/v2/resource-servers",
  body: {
    name: "{run} orders",
    identifier: "https://{run}.example/",
    scopes: [{ value: "read:orders", description: "Read orders" }, { value: "write:orders" }],
  },
  save: { server: "id" },
};
const grant: CompareStep = {
  request: "POST /api/v2/client-grants",
  body: {
    client_id: "{client}",
    audience: "https://{run}.example/",
    scope: ["read:orders"],
    organization_usage: "require",
  },
  save: { grant: "id" },
};
const associate: CompareStep = {
  request: "POST /api/v2/organizations/{organization}/client-grants",
  body: { grant_id: "{grant}" },
};
const token: CompareStep = {
  request: "POST /oauth/token",
  form: {
    grant_type: "client_credentials",
    client_id: "{client}",
    client_secret: "{secret}",
    audience: "https://{run}.example/",
    organization: "{organization}",
  },
};

function askToken(changes: Record<string, string>): CompareStep {
  return { ...token, form: { ...token.form, ...changes } };
}

const connection: CompareStep = {
  request: "POST /api/v2/connections",
  body: { name: "{run}-staff", strategy: "auth0" },
  save: { connection: "id" },
};
const user: CompareStep = {
  request: "POST /api/v2/users",
  body: { connection: "{run}-staff", email: "{run}-ann@example.com", password: "Compare-4-tenants!" },
  save: { user: "user_id" },
};
const key = { name: "first", credential_type: "public_key", pem: "{pem}", alg: "RS256" };
const credential: CompareStep = {
  request: "POST /api/v2/clients/{client}/credentials",
  body: key,
  save: { credential: "id" },
};
const removeCredential: CompareStep = {
  request: "DELETE /api/v2/clients/{client}/credentials/{credential}",
};

function attach(...credentials: object[]): CompareStep {
  return {
    request: "PATCH /api/v2/clients/{client}",
    body: {
      client_authentication_methods: { private_key_jwt: { credentials } },
      token_endpoint_auth_method: null,
    },
  };
}

const removeOrganization: CompareStep = { request: "DELETE /api/v2/organizations/{organization}" };
const removeClient: CompareStep = { request: "DELETE /api/v2/clients/{client}" };
const removeServer: CompareStep = { request: "DELETE /api/v2/resource-servers/{server}" };
const removeUser: CompareStep = { request: "DELETE /api/v2/users/{user}" };
// Once only: whether a second one is 202 or 204 depends on how far Auth0 has got.
const removeConnection: CompareStep = { request: "DELETE /api/v2/connections/{connection}" };
const member = { members: ["{user}"] };
const ofConnection = "/api/v2/organizations/{organization}/enabled_connections";

export const compareRows: readonly CompareRow[] = [
  {
    name: "an organization's life",
    steps: [
      organization,
      { request: "GET /api/v2/organizations/{organization}" },
      { request: "GET /api/v2/organizations/name/{run}-acme" },
      { request: "GET /api/v2/organizations?include_totals=true" },
      { request: "GET /api/v2/organizations?take=1" },
      {
        request: "PATCH /api/v2/organizations/{organization}",
        body: { display_name: "Acme Corporation", metadata: {} },
      },
      { request: "GET /api/v2/organizations/{organization}/members" },
      { request: "GET /api/v2/organizations/{organization}/enabled_connections" },
      { request: "GET /api/v2/organizations/{organization}/client-grants?include_totals=true" },
      removeOrganization,
      removeOrganization,
      { request: "GET /api/v2/organizations/{organization}" },
    ],
  },
  {
    name: "organizations that are refused",
    steps: [
      organization,
      { request: "POST /api/v2/organizations", body: { name: "{run}-acme" } },
      { request: "POST /api/v2/organizations", body: {} },
      { request: "POST /api/v2/organizations", body: { name: "{run} Acme!" } },
      { request: "POST /api/v2/organizations", body: { name: "{run}-more", color: "red" } },
      { request: "PATCH /api/v2/organizations/org_missing", body: { display_name: "x" } },
      removeOrganization,
    ],
  },
  {
    name: "a client's life",
    steps: [
      client,
      { request: "GET /api/v2/clients/{client}" },
      { request: "GET /api/v2/clients/{client}?fields=name,client_id&include_fields=true" },
      {
        request: "PATCH /api/v2/clients/{client}",
        body: { description: "Orders", client_metadata: { a: "b" } },
      },
      { request: "POST /api/v2/clients/{client}/rotate-secret" },
      { request: "GET /api/v2/clients/{client}/credentials" },
      removeClient,
      removeClient,
      { request: "GET /api/v2/clients/{client}" },
    ],
  },
  {
    name: "clients that are refused",
    steps: [
      { request: "POST /api/v2/clients", body: {} },
      { request: "POST /api/v2/clients", body: { name: "{run} other", app_type: "toaster" } },
      { request: "POST /api/v2/clients", body: { name: "{run} other", color: "red" } },
      { request: "PATCH /api/v2/clients/missing", body: { name: "{run} other" } },
    ],
  },
  {
    name: "an API's life",
    steps: [
      server,
      { request: "GET /api/v2/resource-servers/{server}" },
      { request: "PATCH /api/v2/resource-servers/{server}", body: { token_lifetime: 3600 } },
      server,
      { request: "POST /api/v2/resource-servers", body: { name: "{run} without identifier" } },
      removeServer,
      removeServer,
      { request: "GET /api/v2/resource-servers/{server}" },
    ],
  },
  {
    name: "a grant's life, in an organization",
    steps: [
      organization,
      client,
      server,
      grant,
      grant,
      { request: "GET /api/v2/client-grants?client_id={client}" },
      { request: "GET /api/v2/client-grants?client_id={client}&include_totals=true" },
      { request: "PATCH /api/v2/client-grants/{grant}", body: { scope: ["read:orders", "write:orders"] } },
      { request: "PATCH /api/v2/client-grants/{grant}", body: { scope: ["no:such"] } },
      associate,
      associate,
      { request: "GET /api/v2/organizations/{organization}/client-grants" },
      { request: "GET /api/v2/client-grants/{grant}/organizations" },
      { request: "DELETE /api/v2/organizations/{organization}/client-grants/{grant}" },
      { request: "DELETE /api/v2/client-grants/{grant}" },
      { request: "DELETE /api/v2/client-grants/{grant}" },
      ...[removeOrganization, removeClient, removeServer],
    ],
  },
  {
    name: "tokens with and without an organization",
    steps: [
      ...[organization, client, server, grant],
      token,
      associate,
      token,
      askToken({ organization: "" }),
      askToken({ organization: "org_missing" }),
      askToken({ scope: "read:orders" }),
      askToken({ client_secret: "wrong" }),
      askToken({ audience: "https://{run}.missing/" }),
      askToken({ grant_type: "toaster" }),
      ...[removeOrganization, removeClient, removeServer],
    ],
  },
  {
    name: "a client's keys",
    steps: [
      client,
      credential,
      credential,
      { request: "GET /api/v2/clients/{client}/credentials" },
      { request: "GET /api/v2/clients/{client}/credentials/{credential}" },
      attach({ id: "{credential}" }),
      { request: "GET /api/v2/clients/{client}" },
      removeCredential,
      attach(),
      removeCredential,
      removeCredential,
      removeClient,
    ],
  },
  {
    name: "a client that is created with its key",
    steps: [
      {
        request: "POST /api/v2/clients",
        body: {
          ...{ name: "{run} keyed", app_type: "non_interactive", grant_types: ["client_credentials"] },
          client_authentication_methods: { private_key_jwt: { credentials: [key] } },
        },
        save: { client: "client_id" },
      },
      { request: "GET /api/v2/clients/{client}" },
      removeClient,
    ],
  },
  {
    name: "an organization's members and connections",
    steps: [
      ...[organization, connection, user],
      { request: "POST /api/v2/organizations/{organization}/members", body: member },
      { request: "GET /api/v2/organizations/{organization}/members?take=1" },
      { request: "GET /api/v2/organizations/{organization}/members?include_totals=true" },
      { request: "GET /api/v2/organizations/{organization}/members?include_totals=true&page=1" },
      { request: "GET /api/v2/users/{user}/organizations?include_totals=true" },
      { request: "DELETE /api/v2/organizations/{organization}/members", body: member },
      { request: `POST ${ofConnection}`, body: { connection_id: "{connection}" } },
      { request: `POST ${ofConnection}`, body: { connection_id: "{connection}" } },
      { request: `GET ${ofConnection}` },
      { request: `PATCH ${ofConnection}/{connection}`, body: { assign_membership_on_login: true } },
      { request: `DELETE ${ofConnection}/{connection}` },
      { request: `DELETE ${ofConnection}/{connection}` },
      { request: "GET /api/v2/connections/{connection}?fields=name" },
      ...[removeUser, removeUser, removeConnection, removeOrganization],
    ],
  },
];
