// Every request to the Management API that the official auth0 provider makes for our resources, recorded with pulumi-auth0
// 3.49.0 on the real engine, one resource at a time, through create, refresh, change and delete. The official provider's
// requests for a token are left out; each of the four began with one. `own = POST ...` gives the id in the answer a name.

interface RecordedResource {
  /** Type and name of the Pulumi resource. */
  resource: string;
  requests: string[];
}

const keptClient = (name: string) => ({ resource: `Client ${name}`, requests: [`GET /clients/{${name}}`] });
const deletedSecret = (name: string) => ({
  resource: `ClientCredentials ${name}`,
  requests: [
    `GET /clients/{${name}}?fields=client_id%2Capp_type&include_fields=true`,
    `GET /clients/{${name}}/credentials?include_totals=true&per_page=50`,
    `PATCH /clients/{${name}} {"token_endpoint_auth_method":"client_secret_post"}`,
  ],
});

const create: RecordedResource[] = [
  {
    resource: "ResourceServer api",
    requests: [
      'api = POST /resource-servers {"name":"Orders","identifier":"https://api/","signing_alg":"RS256","token_lifetime":7200}',
      "GET /resource-servers/{api}",
    ],
  },
  {
    resource: "Organization acme",
    requests: [
      'acme = POST /organizations {"name":"acme","display_name":"Acme"}',
      "GET /organizations/{acme}",
    ],
  },
  {
    resource: "Client own",
    requests: [
      'own = POST /clients {"name":"own","description":"Managed by Pulumi","app_type":"non_interactive","token_endpoint_auth_method":"client_secret_post"}',
      "GET /clients/{own}",
    ],
  },
  {
    resource: "Client keyed",
    requests: [
      'keyed = POST /clients {"name":"keyed","description":"","app_type":"non_interactive","grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post","client_metadata":{"customer":"acme"}}',
      "GET /clients/{keyed}",
    ],
  },
  {
    resource: "Client portal",
    requests: [
      'portal = POST /clients {"name":"Portal","description":"Managed by Pulumi","app_type":"non_interactive","grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post"}',
      "GET /clients/{portal}",
    ],
  },
  {
    resource: "Organization globex",
    requests: [
      'globex = POST /organizations {"name":"globex","display_name":"Globex","metadata":{"plan":"gold"}}',
      "GET /organizations/{globex}",
    ],
  },
  {
    resource: "ResourceServerScopes api",
    requests: [
      "GET /resource-servers/https:%2F%2Fapi%2F",
      'PATCH /resource-servers/https:%2F%2Fapi%2F {"scopes":[{"value":"read:orders","description":"r"}]}',
      "GET /resource-servers/https:%2F%2Fapi%2F",
    ],
  },
  {
    resource: "Client machine",
    requests: [
      'machine = POST /clients {"name":"acme","description":"Managed by Pulumi","app_type":"non_interactive","grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post","organization_usage":"require","default_organization":{"flows":["client_credentials"],"organization_id":"{acme}"}}',
      "GET /clients/{machine}",
    ],
  },
  {
    resource: "ClientCredentials own",
    requests: [
      "GET /clients/{own}?fields=client_id&include_fields=true",
      'PATCH /clients/{own} {"token_endpoint_auth_method":"client_secret_post"}',
      `PATCH /clients/{own} {"client_secret":"${"a".repeat(64)}"}`,
      "GET /clients/{own}",
    ],
  },
  {
    resource: "ClientGrant keyed",
    requests: [
      "GET /client-grants?audience=https%3A%2F%2Fapi2%2F&client_id={keyed}&include_totals=true&per_page=50",
      'keyedGrant = POST /client-grants {"client_id":"{keyed}","audience":"https://api2/","scope":["read:orders","write:orders"],"allow_any_organization":false,"organization_usage":"require"}',
      "GET /client-grants/{keyedGrant}",
    ],
  },
  {
    resource: "ClientCredentials keyed",
    requests: [
      "GET /clients/{keyed}?fields=client_id&include_fields=true",
      'key = POST /clients/{keyed}/credentials {"name":"one","credential_type":"public_key","pem":"{pem}","alg":"RS256"}',
      "GET /clients/{keyed}?fields=client_id%2Capp_type&include_fields=true",
      'PATCH /clients/{keyed} {"client_authentication_methods":{"private_key_jwt":{"credentials":[{"id":"{key}"}]}},"token_endpoint_auth_method":null}',
      "GET /clients/{keyed}",
      "GET /clients/{keyed}/credentials/{key}",
    ],
  },
  {
    resource: "ClientCredentials portal",
    requests: [
      "GET /clients/{portal}?fields=client_id&include_fields=true",
      'PATCH /clients/{portal} {"token_endpoint_auth_method":"client_secret_post"}',
      "GET /clients/{portal}",
    ],
  },
  {
    resource: "ClientGrant portal",
    requests: [
      "GET /client-grants?audience=https%3A%2F%2F{domain}%2Fapi%2Fv2%2F&client_id={portal}&include_totals=true&per_page=50",
      'portalGrant = POST /client-grants {"client_id":"{portal}","audience":"https://{domain}/api/v2/","scope":["read:users"]}',
      "GET /client-grants/{portalGrant}",
    ],
  },
  {
    resource: "ClientGrant machine",
    requests: [
      "GET /client-grants?audience=https%3A%2F%2Fapi%2F&client_id={machine}&include_totals=true&per_page=50",
      'machineGrant = POST /client-grants {"client_id":"{machine}","audience":"https://api/","scope":["read:orders"],"allow_any_organization":false,"organization_usage":"require"}',
      "GET /client-grants/{machineGrant}",
    ],
  },
  {
    resource: "ClientCredentials machine",
    requests: [
      "GET /clients/{machine}?fields=client_id&include_fields=true",
      'PATCH /clients/{machine} {"token_endpoint_auth_method":"client_secret_post"}',
      "GET /clients/{machine}",
    ],
  },
  {
    resource: "OrganizationClientGrant acme",
    requests: [
      'POST /organizations/{acme}/client-grants {"grant_id":"{machineGrant}"}',
      "GET /organizations/{acme}/client-grants?include_totals=true&per_page=50",
    ],
  },
];

const refresh: RecordedResource[] = [
  { resource: "ResourceServer api", requests: ["GET /resource-servers/{api}"] },
  { resource: "Organization acme", requests: ["GET /organizations/{acme}"] },
  ...["own", "keyed", "portal"].map(keptClient),
  { resource: "Organization globex", requests: ["GET /organizations/{globex}"] },
  { resource: "ResourceServerScopes api", requests: ["GET /resource-servers/https:%2F%2Fapi%2F"] },
  keptClient("machine"),
  { resource: "ClientCredentials own", requests: ["GET /clients/{own}"] },
  { resource: "ClientGrant keyed", requests: ["GET /client-grants/{keyedGrant}"] },
  {
    resource: "ClientCredentials keyed",
    requests: ["GET /clients/{keyed}", "GET /clients/{keyed}/credentials/{key}"],
  },
  { resource: "ClientCredentials portal", requests: ["GET /clients/{portal}"] },
  { resource: "ClientGrant portal", requests: ["GET /client-grants/{portalGrant}"] },
  { resource: "ClientGrant machine", requests: ["GET /client-grants/{machineGrant}"] },
  { resource: "ClientCredentials machine", requests: ["GET /clients/{machine}"] },
  {
    resource: "OrganizationClientGrant acme",
    requests: ["GET /organizations/{acme}/client-grants?include_totals=true&per_page=50"],
  },
];

/** What is not named makes no request, as nothing does in a preview. */
const change: RecordedResource[] = [
  {
    resource: "ResourceServer api",
    requests: [
      'PATCH /resource-servers/{api} {"name":"Orders","signing_alg":"RS256","token_lifetime":3600}',
      "GET /resource-servers/{api}",
    ],
  },
  {
    resource: "Organization globex",
    requests: [
      'PATCH /organizations/{globex} {"name":"globex","display_name":"Globex Ltd"}',
      "GET /organizations/{globex}",
    ],
  },
  {
    resource: "ClientGrant keyed",
    requests: [
      'PATCH /client-grants/{keyedGrant} {"scope":["read:orders"]}',
      "GET /client-grants/{keyedGrant}",
    ],
  },
  {
    resource: "ResourceServerScopes api",
    requests: [
      'PATCH /resource-servers/https:%2F%2Fapi%2F {"scopes":[{"value":"read:orders","description":"r"},{"value":"write:orders","description":"w"}]}',
      "GET /resource-servers/https:%2F%2Fapi%2F",
    ],
  },
  {
    resource: "ClientCredentials own",
    requests: [
      "GET /clients/{own}?fields=client_id&include_fields=true",
      `PATCH /clients/{own} {"client_secret":"${"b".repeat(64)}"}`,
      "GET /clients/{own}",
    ],
  },
];

/** The order is that of one run with `--parallel 1`; only what depends on another resource must go before it. */
const remove: RecordedResource[] = [
  {
    resource: "OrganizationClientGrant acme",
    requests: ["DELETE /organizations/{acme}/client-grants/{machineGrant}"],
  },
  deletedSecret("machine"),
  { resource: "ClientGrant machine", requests: ["DELETE /client-grants/{machineGrant}"] },
  { resource: "ClientGrant keyed", requests: ["DELETE /client-grants/{keyedGrant}"] },
  {
    resource: "ClientCredentials keyed",
    requests: [
      "GET /clients/{keyed}?fields=client_id%2Capp_type&include_fields=true",
      "GET /clients/{keyed}/credentials?include_totals=true&per_page=50",
      "GET /clients/{keyed}?fields=client_id%2Capp_type&include_fields=true",
      'PATCH /clients/{keyed} {"client_authentication_methods":null,"signed_request_object":null,"token_endpoint_auth_method":"client_secret_post"}',
      "DELETE /clients/{keyed}/credentials/{key}",
    ],
  },
  deletedSecret("own"),
  { resource: "Client machine", requests: ["DELETE /clients/{machine}"] },
  { resource: "ClientGrant portal", requests: ["DELETE /client-grants/{portalGrant}"] },
  {
    resource: "ResourceServerScopes api",
    requests: ['PATCH /resource-servers/https:%2F%2Fapi%2F {"scopes":[]}'],
  },
  deletedSecret("portal"),
  { resource: "Organization acme", requests: ["DELETE /organizations/{acme}"] },
  { resource: "Organization globex", requests: ["DELETE /organizations/{globex}"] },
  { resource: "Client own", requests: ["DELETE /clients/{own}"] },
  { resource: "Client portal", requests: ["DELETE /clients/{portal}"] },
  { resource: "Client keyed", requests: ["DELETE /clients/{keyed}"] },
  { resource: "ResourceServer api", requests: ["DELETE /resource-servers/{api}"] },
];

export const officialRequests = { create, refresh, change, delete: remove };
export type Phase = keyof typeof officialRequests;

export interface RecordedRequest {
  method: string;
  /** Below /api/v2. */
  path: string;
  body?: unknown;
  /** Name of the id in the answer. */
  name?: string;
}

export function parseRecordedRequest(text: string): RecordedRequest {
  const [, name, method = "", path = "", body] = /^(?:(\w+) = )?([A-Z]+) (\S+)(?: (.+))?$/.exec(text) ?? [];
  return {
    ...{ method, path },
    ...(body !== undefined && { body: JSON.parse(body) }),
    ...(name !== undefined && { name }),
  };
}
