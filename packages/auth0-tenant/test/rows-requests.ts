// What holds for every request to the Management API, whatever it asks for.

import { sign } from "node:crypto";
import { managementMessages } from "../src/unverified";
import { privateKeyOf } from "../testing/assertion";
import type { Row, Step } from "./row";
import { askToken, client, grant, invalid, invalidQuery, refused, server } from "./rows-given";

const unauthorized = (authorization: string, message: string): Step => ({
  ...refused("GET clients", 401, message),
  headers: { authorization },
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token that a key outside the tenant has signed. */
function foreign(header: object): string {
  const signed = `${part(header)}.${part({ iss: "https://tenant.example/", scope: "read:clients" })}`;
  return `Bearer ${signed}.${sign("sha256", Buffer.from(signed), privateKeyOf("one")).toString("base64url")}`;
}

const wrongSignature = "Invalid signature received for JSON Web Token validation.";
const management = (save: Record<string, string>): Step => ({
  ...askToken("", "audience", { save }),
  form: {
    grant_type: "client_credentials",
    client_id: "{clientId}",
    client_secret: "{clientSecret}",
    audience: "{audience}",
  },
});

export const requestRows: Row[] = [
  {
    name: "a request without Authorization header is 401",
    steps: [{ ...refused("GET clients", 401, managementMessages.missingAuthentication), as: "none" }],
  },
  ...["Basic abc", "Bearer", "Bearer a b", "token abc"].map((header) => ({
    name: `an Authorization header "${header}" is 401`,
    steps: [unauthorized(header, managementMessages.badAuthorizationHeader)],
  })),
  ...["x", "a.b", "a.b.c.d", "a.b.c", `${part([])}.b.c`].map((text) => ({
    name: `a bearer token "${text}" is no JWT`,
    steps: [unauthorized(`Bearer ${text}`, "Invalid token.")],
  })),
  ...[{ alg: "RS256", kid: "unknown" }, { alg: "RS256" }, { alg: "none", kid: "unknown" }].map((header) => ({
    name: `a token of another issuer with the header ${JSON.stringify(header)} is 401`,
    steps: [unauthorized(foreign(header), wrongSignature)],
  })),
  {
    name: "a token whose signature was changed is 401",
    steps: [management({ token: "access_token" }), unauthorized("Bearer {token}AAAA", wrongSignature)],
  },
  {
    name: "the scheme of a bearer token may be written in lower case",
    steps: [
      management({ token: "access_token" }),
      { request: "GET /api/v2/clients", headers: { authorization: "bearer {token}" }, status: 200 },
    ],
  },
  {
    name: "a token for another API is 401",
    steps: [
      client("caller"),
      server("api"),
      grant("grant", "caller", "api"),
      askToken("caller", "api", { save: { token: "access_token" } }),
      unauthorized("Bearer {token}", managementMessages.wrongAudience),
    ],
  },
  {
    name: "a token that has expired is 401, also one that was accepted before",
    steps: [
      management({ token: "access_token" }),
      { request: "GET /api/v2/clients", headers: { authorization: "Bearer {token}" }, status: 200 },
      { ...unauthorized("Bearer {token}", managementMessages.expiredToken), later: 86_400 },
    ],
  },
  {
    name: "a token keeps its scopes when the grant it came from loses them",
    steps: [
      client("caller"),
      grant("grant", "caller", "audience", { scope: ["read:clients"] }),
      askToken("caller", "audience", { save: { token: "access_token" } }),
      { request: "DELETE /api/v2/client-grants/{grant}", status: 204 },
      {
        request: "GET /api/v2/clients/{caller}",
        headers: { authorization: "Bearer {token}" },
        status: 200,
      },
    ],
  },
  {
    name: "any scope of several is enough",
    steps: [
      { request: "GET /api/v2/clients", as: ["read:client_keys"], status: 200 },
      { request: "GET /api/v2/clients", as: ["read:client_credentials"], status: 200 },
    ],
  },
  {
    name: "an unknown path is 404, once there is a token",
    steps: [
      refused("GET nothing", 404, managementMessages.notFound),
      { ...refused("GET nothing", 401, managementMessages.missingAuthentication), as: "none" },
    ],
  },
  {
    name: "a method that a path does not have is 404",
    steps: [refused("PUT clients", 404, managementMessages.notFound, undefined, {})],
  },
  {
    name: "what is outside of the Management API is 404 without a token",
    steps: [{ request: "GET /nothing", as: "none", status: 404, shape: { message: "Not Found" } }],
  },
  {
    name: "a body that is no JSON is 400",
    steps: [refused("POST clients", 400, managementMessages.invalidJson, "invalid_body", "{not JSON")],
  },
  {
    name: "a body that is missing is 400",
    steps: [{ ...invalid("POST clients", "", "'Expected type object but found type null'.") }],
  },
  ...[
    ["[]", "array"],
    ["7", "integer"],
    ['"text"', "string"],
    ["null", "null"],
  ].map(([body, type]) => ({
    name: `a body that is ${type} is 400`,
    steps: [invalid("POST organizations", body, `'Expected type object but found type ${type}'.`)],
  })),
  {
    name: "a query parameter that the operation does not have is 400",
    steps: [invalidQuery("GET clients?colour=blue", "'Additional properties not allowed: colour'.")],
  },
  {
    name: "the OpenID configuration and its keys need no token",
    steps: [
      {
        request: "GET /.well-known/openid-configuration",
        as: "none",
        status: 200,
        shape: {
          issuer: "https://{domain}/",
          token_endpoint: "https://{domain}/oauth/token",
          jwks_uri: "https://{domain}/.well-known/jwks.json",
        },
      },
      {
        request: "GET /.well-known/jwks.json",
        as: "none",
        status: 200,
        shape: { keys: expect.arrayContaining([expect.objectContaining({ kty: "RSA", alg: "RS256" })]) },
        answerHeaders: {
          "cache-control": "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400",
        },
      },
    ],
  },
];
