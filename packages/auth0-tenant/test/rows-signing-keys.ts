// Rotation of the tenant's signing keys, as the Management API and the JWKS show it.
import type { Row, Step } from "./row";
import { askToken, client, get, grant, notFound, server } from "./rows-given";

const given = [client("machine"), server("api"), grant("grant", "machine", "api")];
const token = { client: "{machine}", audience: "{api}", scope: "read:orders" };

const rotate = (save: string): Step => ({
  request: "POST /api/v2/keys/signing/rotate",
  status: 201,
  whole: { kid: expect.stringMatching(/^\w{21}$/), cert: expect.stringContaining("BEGIN CERTIFICATE") },
  save: { [save]: "kid" },
  // The key before the previous one is revoked.
  voidsTokens: true,
});

const key = (state: string, kid?: string) => ({
  [state]: true,
  cert: expect.stringContaining("BEGIN CERTIFICATE"),
  pkcs7: expect.stringMatching(/^-----BEGIN PKCS7-----\r\n([\w+/=]+\r\n)+-----END PKCS7-----\r\n$/),
  fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/),
  thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
  ...(kid && { kid }),
});

const jwk = (kid: string) => ({
  ...{ kty: "RSA", use: "sig", alg: "RS256", kid, e: "AQAB" },
  n: expect.any(String),
  x5t: expect.stringMatching(/^[\w-]{27}$/),
  x5c: [expect.stringMatching(/^[A-Za-z0-9+/]+=*$/)],
});

const jwks = (...kids: string[]): Step => ({
  request: "GET /.well-known/jwks.json",
  status: 200,
  whole: { keys: kids.map(jwk) },
});

export const signingKeyRows: Row[] = [
  {
    name: "a new tenant has a current and a next key, both in the JWKS",
    steps: [
      {
        ...get("keys/signing"),
        shape: [key("current"), key("next")],
        save: { current: "0.kid", next: "1.kid" },
      },
      jwks("{current}", "{next}"),
      { ...get("keys/signing/{next}"), absent: ["privateKey", "state"], shape: { kid: "{next}" } },
    ],
  },
  {
    name: "a rotation makes the next key the current one, and the current one the previous",
    steps: [
      { ...get("keys/signing"), save: { before: "0.kid", next: "1.kid" } },
      rotate("now"),
      {
        ...get("keys/signing"),
        shape: [key("current", "{next}"), key("next"), key("previous", "{before}")],
        save: { now: "0.kid", afterwards: "1.kid" },
      },
      jwks("{next}", "{afterwards}", "{before}"),
      get("keys/signing/{next}", { current: true, current_since: expect.stringMatching(/Z$/) }),
      get("keys/signing/{before}", { previous: true, current_until: expect.stringMatching(/Z$/) }),
    ],
  },
  {
    name: "tokens of the previous key are accepted until it is revoked",
    steps: [
      {
        request: "POST /oauth/token",
        form: {
          grant_type: "client_credentials",
          client_id: "{clientId}",
          client_secret: "{clientSecret}",
          audience: "{audience}",
        },
        status: 200,
        save: { token: "access_token" },
      },
      { ...get("keys/signing"), save: { before: "0.kid" } },
      rotate("now"),
      { ...get("clients?per_page=1"), headers: { authorization: "Bearer {token}" } },
      {
        request: "PUT /api/v2/keys/signing/{before}/revoke",
        status: 200,
        whole: { kid: "{before}", cert: expect.any(String) },
      },
      {
        request: "GET /api/v2/clients?per_page=1",
        headers: { authorization: "Bearer {token}" },
        status: 401,
        shape: { message: "Invalid signature received for JSON Web Token validation." },
      },
      get("keys/signing/{before}", { revoked: true, revoked_at: expect.stringMatching(/Z$/) }),
    ],
  },
  {
    name: "a second rotation revokes the previous key",
    steps: [
      { ...get("keys/signing"), save: { first: "0.kid" } },
      rotate("second"),
      rotate("third"),
      get("keys/signing/{first}", { revoked: true }),
      { ...get("keys/signing"), save: { next: "1.kid" } },
      jwks("{third}", "{next}", "{second}"),
    ],
  },
  {
    name: "the current key signs tokens before and after a rotation",
    steps: [
      ...given,
      askToken("machine", "api", { token }),
      rotate("now"),
      askToken("machine", "api", { token }),
    ],
  },
  {
    name: "where the current key is revoked, the next one signs at once",
    steps: [
      ...given,
      { ...get("keys/signing"), save: { current: "0.kid", next: "1.kid" } },
      { request: "PUT /api/v2/keys/signing/{current}/revoke", status: 200, voidsTokens: true },
      get("keys/signing/{next}", { current: true }),
      get("keys/signing/{current}", { revoked: true }),
      { ...get("keys/signing"), save: { fresh: "1.kid" } },
      jwks("{next}", "{fresh}"),
      askToken("machine", "api", { token }),
    ],
  },
  {
    name: "neither the next key nor a revoked one can be revoked",
    steps: [
      { ...get("keys/signing"), save: { next: "1.kid" } },
      { request: "PUT /api/v2/keys/signing/{next}/revoke", status: 409, shape: { error: "Conflict" } },
      rotate("now"),
      { ...get("keys/signing"), save: { previous: "2.kid" } },
      { request: "PUT /api/v2/keys/signing/{previous}/revoke", status: 200 },
      { request: "PUT /api/v2/keys/signing/{previous}/revoke", status: 409 },
    ],
  },
  {
    name: "a key that does not exist is 404",
    steps: [
      notFound("GET keys/signing/missing", "signingKey"),
      notFound("PUT keys/signing/missing/revoke", "signingKey"),
    ],
  },
];
