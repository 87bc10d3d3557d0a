// Steps that rows are made of.
import type { Step } from "./row";

type More = Record<string, unknown>;

/** Saves `{name}`, the client's id, and `{nameSecret}`. */
export const client = (name: string, more: More = {}): Step => ({
  request: "POST /api/v2/clients",
  body: {
    name: `${name} {row}`,
    app_type: "non_interactive",
    grant_types: ["client_credentials"],
    ...more,
  },
  status: 201,
  save: { [name]: "client_id", [`${name}Secret`]: "client_secret" },
});

/** Saves `{name}`, the API's identifier, and `{nameId}`. */
export const server = (name: string, more: More = {}): Step => ({
  request: "POST /api/v2/resource-servers",
  body: {
    identifier: `https://${name}.{row}/`,
    name,
    scopes: [{ value: "read:orders" }, { value: "write:orders" }],
    ...more,
  },
  status: 201,
  save: { [name]: "identifier", [`${name}Id`]: "id" },
});

/** Saves `{name}`, the grant's id. */
export const grant = (name: string, client: string, server: string, more: More = {}): Step => ({
  request: "POST /api/v2/client-grants",
  body: { client_id: `{${client}}`, audience: `{${server}}`, scope: ["read:orders"], ...more },
  status: 201,
  save: { [name]: "id" },
});

/** Saves `{name}`, the organization's id. */
export const organization = (name: string, more: More = {}): Step => ({
  request: "POST /api/v2/organizations",
  body: { name: `${name}-{row}`, ...more },
  status: 201,
  save: { [name]: "id" },
});

export const associate = (organization: string, grant: string): Step => ({
  request: `POST /api/v2/organizations/{${organization}}/client-grants`,
  body: { grant_id: `{${grant}}` },
  status: 201,
});

/** Saves `{name}`, the connection's id. */
export const connection = (name: string, more: More = {}): Step => ({
  request: "POST /api/v2/connections",
  body: { name: `${name}-{row}`, strategy: "auth0", ...more },
  status: 201,
  save: { [name]: "id" },
});

/** Saves `{name}`, the user's id. */
export const user = (name: string, more: More = {}): Step => ({
  request: "POST /api/v2/users",
  body: {
    connection: "Username-Password-Authentication",
    email: `${name}@{row}.example`,
    password: "correct horse battery",
    ...more,
  },
  status: 201,
  save: { [name]: "user_id" },
});

export const get = (path: string, shape?: unknown): Step => ({
  request: `GET /api/v2/${path}`,
  status: 200,
  ...(shape !== undefined && { shape }),
});

export const patch = (path: string, body: unknown, shape?: unknown): Step => ({
  request: `PATCH /api/v2/${path}`,
  body,
  status: 200,
  ...(shape !== undefined && { shape }),
});

export const remove = (path: string): Step => ({ request: `DELETE /api/v2/${path}`, status: 204 });

const phrases: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
};

/** A step that the Management API refuses, with the whole of its answer. */
export const refused = (
  request: string,
  statusCode: number,
  message: unknown,
  errorCode?: string,
  body?: unknown,
): Step => ({
  request: request.replace(" ", " /api/v2/"),
  ...(body !== undefined && { body }),
  status: statusCode,
  whole: { statusCode, error: phrases[statusCode], message, ...(errorCode && { errorCode }) },
});

/** A body that does not pass the operation's schema. */
export const invalid = (request: string, body: unknown, finding: unknown): Step =>
  refused(
    request,
    400,
    typeof finding === "string" ? `Payload validation error: ${finding}` : finding,
    "invalid_body",
    body,
  );

export const invalidQuery = (request: string, finding: string): Step =>
  refused(request, 400, `Query validation error: ${finding}`, "invalid_query_string");

/** What each operation on something answers where it is not there. */
export const missing = {
  client: ["The client does not exist", "inexistent_client"],
  credential: ["The credential does not exist", "inexistent_credential"],
  grant: ["The grant does not exist.", "inexistent_client_grant"],
  resourceServer: ["The resource server does not exist", "inexistent_resource_server"],
  organization: ["No organization found by that id or name"],
  organizationConnection: ["No connection found by that id"],
  user: ["The user does not exist.", "inexistent_user"],
  connection: ["The connection does not exist", "inexistent_connection"],
  action: ["That action does not exist."],
  role: ["The role does not exist.", "inexistent_role"],
  signingKey: ["The signing key does not exist"],
  log: ["The log event does not exist", "inexistent_log"],
} as const;

export function notFound(request: string, what: keyof typeof missing, body?: unknown): Step {
  const [message, errorCode] = missing[what];
  return refused(request, 404, message, errorCode, body);
}

interface TokenRequest extends Partial<Step> {
  organization?: string;
  scope?: string;
}

/** Asks for a token as the client of the variable, with its secret. */
export function askToken(client: string, server: string, request: TokenRequest = {}): Step {
  const { organization, scope, ...step } = request;
  return {
    request: "POST /oauth/token",
    form: {
      grant_type: "client_credentials",
      client_id: `{${client}}`,
      client_secret: `{${client}Secret}`,
      audience: `{${server}}`,
      ...(organization !== undefined && { organization }),
      ...(scope !== undefined && { scope }),
    },
    status: 200,
    ...step,
  };
}

/** A step that the token endpoint refuses. */
export function refuseToken(step: Step, status: number, error: string, error_description: string): Step {
  const { token: _, ...rest } = step;
  return { ...rest, status, whole: { error, error_description } };
}
