// POST /oauth/token for client credentials: forms, authentication, audience, scopes, and the token itself.
import { scopesNotGranted, tokenRefusals } from "../src/unverified";
import { type Assertion, type KeyName, publicPem } from "../testing/assertion";
import type { Row, Step } from "./row";
import { askToken, client, grant, patch, refuseToken, remove, server } from "./rows-given";

const given = [
  client("machine"),
  server("api"),
  grant("grant", "machine", "api", { scope: ["read:orders", "write:orders"] }),
];
const token = { client: "{machine}", audience: "{api}", scope: "read:orders write:orders" };
const url = "POST /oauth/token";
const fields = {
  grant_type: "client_credentials",
  client_id: "{machine}",
  client_secret: "{machineSecret}",
  audience: "{api}",
};
const { client_id: _, client_secret: __, ...anonymous } = fields;
const basic = { authorization: "Basic {machine}:{machineSecret}" };

const unauthorized = { status: 401, whole: { error: "access_denied", error_description: "Unauthorized" } };
const refusedFor = (reason: keyof typeof tokenRefusals, words?: string) => {
  const [status, error, error_description] = tokenRefusals[reason];
  return { status, whole: { error, error_description: words ?? error_description } };
};

const ways: Row[] = [
  {
    name: "a token is issued for a form with the secret in the body",
    steps: [...given, { request: url, form: fields, status: 200, token }],
  },
  {
    name: "a token is issued for JSON with the secret in the body",
    steps: [...given, { request: url, body: fields, status: 200, token }],
  },
  {
    name: "a token is issued for a form with the secret in the header",
    steps: [...given, { request: url, form: anonymous, headers: basic, status: 200, token }],
  },
  {
    name: "a token is issued for JSON with the secret in the header",
    steps: [...given, { request: url, body: anonymous, headers: basic, status: 200, token }],
  },
  {
    name: "the content type of JSON may name its charset",
    steps: [
      ...given,
      {
        request: url,
        body: fields,
        headers: { "content-type": "application/json; charset=utf-8" },
        status: 200,
        token,
      },
    ],
  },
  {
    name: "the client_id may be said in the body beside the header, if it is the same",
    steps: [
      ...given,
      { request: url, form: { ...anonymous, client_id: "{machine}" }, headers: basic, status: 200, token },
      { request: url, form: { ...anonymous, client_id: "{clientId}" }, headers: basic, ...unauthorized },
    ],
  },
  {
    name: "a secret with characters that a form escapes is understood in the header and in the body",
    steps: [
      ...given,
      patch("clients/{machine}", { client_secret: "a+b %41:&=/0123456789" }),
      {
        request: url,
        form: anonymous,
        headers: { authorization: "Basic {machine}:a+b %41:&=/0123456789" },
        status: 200,
        token,
      },
      { request: url, form: { ...fields, client_secret: "a+b %41:&=/0123456789" }, status: 200, token },
    ],
  },
  {
    name: "an answer with a token is not to be stored, nor is a refusal",
    steps: [
      ...given,
      {
        request: url,
        form: fields,
        status: 200,
        answerHeaders: { "cache-control": "no-store", pragma: "no-cache" },
      },
      {
        request: url,
        form: { ...fields, client_secret: "wrong" },
        ...unauthorized,
        answerHeaders: { "cache-control": "no-store", pragma: "no-cache" },
      },
    ],
  },
  {
    name: "a token of the Management API has its scopes",
    steps: [
      client("machine"),
      grant("grant", "machine", "audience", { scope: ["read:users", "read:clients"] }),
      askToken("machine", "audience", {
        token: { client: "{machine}", audience: "{audience}", scope: "read:users read:clients" },
      }),
    ],
  },
];

const authentication: Row[] = [
  {
    name: "a wrong secret is 401",
    steps: [...given, { request: url, form: { ...fields, client_secret: "wrong" }, ...unauthorized }],
  },
  {
    name: "a wrong secret in the header is 401",
    steps: [
      ...given,
      { request: url, form: anonymous, headers: { authorization: "Basic {machine}:wrong" }, ...unauthorized },
    ],
  },
  {
    name: "an unknown client is 401, with the same words",
    steps: [...given, { request: url, form: { ...fields, client_id: "unknown" }, ...unauthorized }],
  },
  {
    name: "a client without secret is 401",
    steps: [...given, { request: url, form: { ...anonymous, client_id: "{machine}" }, ...unauthorized }],
  },
  { name: "nobody at all is 401", steps: [...given, { request: url, form: anonymous, ...unauthorized }] },
  ...["Basic", "Basic !", "Basic YWJj", "Bearer abc"]
    .map((authorization) => ({
      name: `an Authorization header "${authorization}" is 401`,
      steps: [...given, { request: url, form: anonymous, headers: { authorization }, ...unauthorized }],
    }))
    .map((row) => ({ ...row, name: `at the token endpoint, ${row.name}` })),
  {
    name: "secrets in header and body at once are refused",
    steps: [...given, { request: url, form: fields, headers: basic, ...refusedFor("twoAuthentications") }],
  },
  {
    name: "a client_id that is a number in JSON is none",
    steps: [...given, { request: url, body: { ...fields, client_id: 7 }, ...unauthorized }],
  },
  {
    name: "a public client has no token here, whatever its secret",
    steps: [
      client("machine", { token_endpoint_auth_method: "none" }),
      server("api"),
      grant("grant", "machine", "api"),
      { request: url, form: fields, ...unauthorized },
    ],
  },
  {
    name: "a client that is deleted is 401",
    steps: [...given, remove("clients/{machine}"), { request: url, form: fields, ...unauthorized }],
  },
];

const requests: Row[] = [
  {
    name: "a missing grant_type is refused",
    steps: [{ request: url, form: { client_id: "x" }, ...refusedFor("missingGrantType") }],
  },
  ...["authorization_code", "password", "refresh_token", "implicit"].map((grant_type) => ({
    name: `the grant type ${grant_type} is refused`,
    steps: [
      {
        request: url,
        form: { grant_type },
        ...refusedFor("unsupportedGrantType", `Unsupported grant type: ${grant_type}`),
      },
    ],
  })),
  {
    name: "a parameter that is given twice is refused",
    steps: [
      {
        request: url,
        body: "grant_type=client_credentials&audience=a&audience=b",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        ...refusedFor("duplicateParameter"),
      },
    ],
  },
  ...["{not JSON", "[]", "null", "7"].map((body) => ({
    name: `the JSON body ${body} is refused`,
    steps: [{ request: url, body, ...refusedFor("invalidBody") }],
  })),
  {
    name: "an empty body lacks the grant_type",
    steps: [{ request: url, ...refusedFor("missingGrantType") }],
  },
  {
    name: "a client without the grant type client_credentials is 403",
    steps: [
      client("machine", { grant_types: ["authorization_code"] }),
      server("api"),
      grant("grant", "machine", "api"),
      {
        request: url,
        form: fields,
        status: 403,
        whole: {
          error: "unauthorized_client",
          error_description: "Grant type 'client_credentials' not allowed for the client.",
          error_uri: "https://auth0.com/docs/clients/client-grant-types",
        },
      },
    ],
  },
  {
    name: "no audience is refused where the tenant has no default",
    steps: [
      ...given,
      { request: url, form: { ...fields, audience: "" }, ...refusedFor("noAudience") },
      {
        request: url,
        body: { ...fields, audience: undefined },
        ...refusedFor("noAudience"),
      },
    ],
  },
  {
    name: "the tenant's default audience stands in for a missing one",
    steps: [
      ...given,
      patch("tenants/settings", { default_audience: "{api}" }),
      { request: url, body: { ...fields, audience: undefined }, status: 200, token },
      patch("tenants/settings", { default_audience: "" }),
      { request: url, body: { ...fields, audience: undefined }, ...refusedFor("noAudience") },
    ],
  },
  {
    name: "an unknown audience is 403, also one that lacks only the last slash",
    steps: [
      ...given,
      refuseToken(
        { request: url, form: { ...fields, audience: "https://api.{row}" }, status: 403 },
        403,
        "access_denied",
        "Service not enabled within domain: https://api.{row}",
      ),
    ],
  },
  {
    name: "an API without grant is 403",
    steps: [
      client("machine"),
      server("api"),
      refuseToken(
        { request: url, form: fields, status: 403 },
        403,
        "access_denied",
        'Client is not authorized to access "{api}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants',
      ),
    ],
  },
  {
    name: "a grant for users gives the client itself nothing",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { subject_type: "user" }),
      { request: url, form: fields, status: 403, shape: { error: "access_denied" } },
    ],
  },
  {
    name: "a grant that is deleted gives nothing from then on",
    steps: [
      ...given,
      { request: url, form: fields, status: 200, token },
      remove("client-grants/{grant}"),
      { request: url, form: fields, status: 403, shape: { error: "access_denied" } },
    ],
  },
];

const ask = (scope: string, more: Partial<Step>): Step => askToken("machine", "api", { scope, ...more });
const scopes: Row[] = [
  {
    name: "without scope a token has every scope of the grant, in its order",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { scope: ["write:orders", "read:orders"] }),
      askToken("machine", "api", { token: { ...token, scope: "write:orders read:orders" } }),
    ],
  },
  {
    name: "an empty scope is no scope",
    steps: [...given, ask("", { token }), ask("   ", { token })],
  },
  {
    name: "a token has just the scopes that were asked for",
    steps: [
      ...given,
      ask("write:orders", { token: { ...token, scope: "write:orders" } }),
      ask("write:orders read:orders", { token: { ...token, scope: "write:orders read:orders" } }),
    ],
  },
  {
    name: "a scope that is asked for twice is in the token once",
    steps: [...given, ask("read:orders  read:orders", { token: { ...token, scope: "read:orders" } })],
  },
  {
    name: "a scope beyond the grant is 403, even beside one within",
    steps: [
      ...given,
      refuseToken(
        ask("read:orders delete:orders fly:planes", {}),
        403,
        "access_denied",
        scopesNotGranted(["delete:orders", "fly:planes"]),
      ),
    ],
  },
  {
    name: "a grant without scopes gives a token without scope",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { scope: [] }),
      askToken("machine", "api", { token: { ...token, scope: undefined } }),
    ],
  },
  {
    name: "a scope that the API does not have is in no token",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { scope: ["fly:planes", "read:orders"] }),
      askToken("machine", "api", { token: { ...token, scope: "read:orders" } }),
      patch("resource-servers/{api}", { scopes: [{ value: "fly:planes" }, { value: "read:orders" }] }),
      askToken("machine", "api", { token: { ...token, scope: "fly:planes read:orders" } }),
    ],
  },
  {
    name: "a grant of all scopes follows the API's",
    steps: [
      client("machine"),
      server("api"),
      grant("grant", "machine", "api", { scope: undefined, allow_all_scopes: true }),
      askToken("machine", "api", { token }),
      patch("resource-servers/{api}", { scopes: [{ value: "fly:planes" }] }),
      askToken("machine", "api", { token: { ...token, scope: "fly:planes" } }),
      { ...ask("read:orders", {}), status: 403 },
    ],
  },
  {
    name: "a token's scopes follow a change of the grant",
    steps: [
      ...given,
      patch("client-grants/{grant}", { scope: ["read:orders"] }),
      askToken("machine", "api", { token: { ...token, scope: "read:orders" } }),
    ],
  },
];

const lifetimes: Row[] = [
  {
    name: "a token lives as long as its API says",
    steps: [
      client("machine"),
      server("api", { token_lifetime: 7200 }),
      grant("grant", "machine", "api"),
      askToken("machine", "api", { token: { ...token, scope: "read:orders", lifetime: 7200 } }),
      patch("resource-servers/{api}", { token_lifetime: 60 }),
      askToken("machine", "api", { token: { ...token, scope: "read:orders", lifetime: 60 } }),
    ],
  },
  {
    name: "a token's times follow the clock",
    steps: [
      ...given,
      askToken("machine", "api", { later: 1, token }),
      askToken("machine", "api", { later: 3599, token }),
    ],
  },
  ...(["RS256", "RS512", "PS256"] as const).map((alg) => ({
    name: `a token of an API with ${alg} is signed so, and verifies with the JWKS`,
    steps: [
      client("machine"),
      server("api", { signing_alg: alg }),
      grant("grant", "machine", "api"),
      askToken("machine", "api", { token: { ...token, scope: "read:orders", alg } }),
    ],
  })),
  {
    name: "a token of an API with HS256 is signed with its secret and has no kid",
    steps: [
      client("machine"),
      server("api", { signing_alg: "HS256", signing_secret: "a secret of the API" }),
      grant("grant", "machine", "api"),
      askToken("machine", "api", {
        token: { ...token, scope: "read:orders", alg: "HS256", secret: "a secret of the API" },
      }),
    ],
  },
];

const credential = (save: string, key: KeyName, more: object = {}): Step => ({
  request: "POST /api/v2/clients/{machine}/credentials",
  body: { name: save, credential_type: "public_key", pem: publicPem(key), ...more },
  status: 201,
  save: { [save]: "id", [`${save}Kid`]: "kid" },
});

const attach = (...names: string[]): Step =>
  patch("clients/{machine}", {
    client_authentication_methods: {
      private_key_jwt: { credentials: names.map((name) => ({ id: `{${name}}` })) },
    },
    token_endpoint_auth_method: null,
  });

const keyed = [...given, credential("one", "one"), attach("one")];
const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const assert = (
  assertion: Partial<Assertion>,
  more: Partial<Step> & { fields?: Record<string, string> } = {},
): Step => {
  const { fields = {}, ...step } = more;
  return {
    request: url,
    form: { ...anonymous, client_assertion_type: type, ...fields },
    assertion: { sub: "{machine}", key: "one", ...assertion },
    status: 200,
    ...(step.status === undefined && { token }),
    ...step,
  };
};

const invalidAssertion = (why: string) =>
  refusedFor("assertionInvalid", `Failed to verify client assertion: ${why}`);

const assertions: Row[] = [
  {
    name: "a client with a key gets a token for an assertion that the key signed",
    steps: [...keyed, assert({}), assert({}, { fields: { client_id: "{machine}" } })],
  },
  {
    name: "an assertion names its key by kid, or not at all",
    steps: [
      ...keyed,
      credential("two", "two"),
      attach("one", "two"),
      assert({ kid: "{oneKid}" }),
      assert({ key: "two", kid: "{twoKid}" }),
      assert({ key: "two" }),
      assert({ key: "two", kid: "{oneKid}" }, invalidAssertion("no key of the client has signed it")),
    ],
  },
  ...(["RS256", "RS384", "PS256"] as const).map((alg) => ({
    name: `an assertion signed with ${alg} verifies where the credential says so`,
    steps: [
      ...given,
      credential("one", "one", { alg }),
      attach("one"),
      assert({ alg }),
      ...(["RS256", "RS384", "PS256"] as const)
        .filter((other) => other !== alg)
        .map((other) => assert({ alg: other }, invalidAssertion("no key of the client has signed it"))),
    ],
  })),
  {
    name: "an assertion is used once",
    steps: [
      ...keyed,
      assert({ jti: "once-{row}" }),
      assert({ jti: "once-{row}" }, refusedFor("assertionReplayed")),
      assert({ jti: "other-{row}" }),
    ],
  },
  {
    name: "an assertion that was refused does not use its jti up",
    steps: [
      ...keyed,
      assert({ jti: "jti-{row}", key: "two" }, invalidAssertion("no key of the client has signed it")),
      assert({ jti: "jti-{row}" }),
    ],
  },
  {
    name: "two clients may use the same jti",
    steps: [
      ...keyed,
      assert({ jti: "same-{row}" }),
      client("machine"),
      grant("grant", "machine", "api", { scope: ["read:orders", "write:orders"] }),
      credential("one", "one"),
      attach("one"),
      assert({ jti: "same-{row}" }),
    ],
  },
  ...(
    [
      ["has expired", { expires: -6 }, "it is expired"],
      ["lives longer than five minutes", { expires: 306 }, "it lives longer than 300 seconds"],
      ["is not valid yet", { nbf: 6 }, "it is not valid yet"],
      ["was made in the future", { iat: 6 }, "it is not valid yet"],
      [
        "is meant for the token endpoint",
        { aud: "https://{domain}/oauth/token" },
        "aud must be https://{domain}/",
      ],
      ["is meant for a list of the issuer", { aud: ["https://{domain}/"] }, "aud must be https://{domain}/"],
      ["is meant for another tenant", { aud: "https://elsewhere.example/" }, "aud must be https://{domain}/"],
      ["is meant for the issuer without slash", { aud: "https://{domain}" }, "aud must be https://{domain}/"],
      ["has another issuer", { iss: "{clientId}" }, "iss and sub must be the client's id"],
      ["has no jti", { jti: null }, "jti is missing"],
      ["has an empty jti", { jti: "" }, "jti is missing"],
      ["has another key's signature", { key: "two" }, "no key of the client has signed it"],
      [
        "has the signature of another client's key",
        { sub: "{clientId}" },
        "no key of the client has signed it",
      ],
      ["claims an unknown client", { sub: "unknown" }, "no key of the client has signed it"],
      ["claims the algorithm none", { alg: "none" }, "no key of the client has signed it"],
      ["names an unknown kid", { kid: "unknown" }, "no key of the client has signed it"],
    ] satisfies [string, Partial<Assertion>, string][]
  ).map(([name, assertion, why]) => ({
    name: `an assertion that ${name} is refused`,
    steps: [...keyed, assert(assertion, invalidAssertion(why))],
  })),
  {
    name: "clocks may differ by five seconds",
    steps: [
      ...keyed,
      assert({ expires: -4 }),
      assert({ expires: 305 }),
      assert({ nbf: 5 }),
      assert({ iat: 5 }),
    ],
  },
  {
    name: "a client_id that is not the assertion's is refused",
    steps: [
      ...keyed,
      assert({}, { fields: { client_id: "{clientId}" }, ...invalidAssertion("client_id is not its sub") }),
    ],
  },
  ...["x", "a.b.c", "a.b", "W10.W10.x.y"].map((client_assertion) => ({
    name: `an assertion "${client_assertion}" is no JWT`,
    steps: [
      {
        request: url,
        form: { ...anonymous, client_assertion_type: type, client_assertion },
        ...invalidAssertion("it is not a JWT"),
      },
    ],
  })),
  {
    name: "another type of assertion is refused",
    steps: [
      ...keyed,
      assert({}, { fields: { client_assertion_type: "saml" }, ...refusedFor("assertionType") }),
      {
        request: url,
        form: anonymous,
        assertion: { sub: "{machine}", key: "one" },
        ...refusedFor("assertionType"),
      },
    ],
  },
  {
    name: "an assertion beside a secret is refused",
    steps: [
      ...keyed,
      assert({}, { fields: { client_secret: "{machineSecret}" }, ...refusedFor("twoAuthentications") }),
      assert({}, { headers: basic, ...refusedFor("twoAuthentications") }),
    ],
  },
  {
    name: "a client with attached keys gets no token for its secret",
    steps: [...keyed, { request: url, form: fields, ...unauthorized }],
  },
  {
    name: "a key that is not attached signs in vain",
    steps: [
      ...given,
      credential("one", "one"),
      assert({}, invalidAssertion("no key of the client has signed it")),
      { request: url, form: fields, status: 200, token },
    ],
  },
  {
    name: "a key is of no use once its credential has expired",
    steps: [
      ...given,
      credential("one", "one", { expires_at: "2026-01-01T00:00:00Z" }),
      attach("one"),
      assert({}, invalidAssertion("no key of the client has signed it")),
      patch("clients/{machine}/credentials/{one}", { expires_at: "2099-01-01T00:00:00Z" }),
      assert({}),
    ],
  },
  {
    name: "keys are rotated without a moment in which none is accepted",
    steps: [
      ...keyed,
      credential("two", "two"),
      attach("one", "two"),
      assert({ key: "one" }),
      assert({ key: "two" }),
      attach("two"),
      assert({ key: "two" }),
      assert({ key: "one" }, invalidAssertion("no key of the client has signed it")),
    ],
  },
  {
    name: "a client that gives its keys up is known by its secret again",
    steps: [
      ...keyed,
      patch("clients/{machine}", {
        client_authentication_methods: null,
        token_endpoint_auth_method: "client_secret_post",
      }),
      assert({}, invalidAssertion("no key of the client has signed it")),
      { request: url, form: fields, status: 200, token },
    ],
  },
  {
    name: "a jti may be used again once the assertion that had it has expired",
    steps: [
      ...keyed,
      assert({ jti: "again-{row}", expires: 60 }),
      assert({ jti: "again-{row}", expires: 60 }, { later: 65, ...refusedFor("assertionReplayed") }),
      assert({ jti: "again-{row}", expires: 60 }, { later: 1 }),
    ],
  },
];

export const tokenRows: Row[] = [
  ...ways,
  ...authentication,
  ...requests,
  ...scopes,
  ...lifetimes,
  ...assertions,
];
