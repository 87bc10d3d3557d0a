// What the log says of each refusal, word for word: what an operator searches for.
import { Running, Source, settings, statuses, stopClock } from "../testing/fixture";
import {
  audience,
  type Changes,
  claims,
  headerOf,
  issuer,
  makeKey,
  now,
  token,
  tokenOf,
} from "../testing/tokens";

stopClock();

const key = makeKey("key-1");
const stranger = makeKey("key-1");
const withClaims = (changes: Changes) => token(key, changes);
const withHeader = (changes: Changes) => token(key, {}, changes);
const header = JSON.stringify(headerOf(key));
const payload = JSON.stringify(claims());
const [first = "", second = "", third = ""] = token(key).split(".");
const overlong = (length: number) => "x".repeat(length);

let source: Source;
let running: Running;
beforeAll(async () => {
  source = await Source.start((_, response) => response.end(JSON.stringify({ keys: [key.jwk] })));
});
afterAll(() => source.stop());
beforeEach(() => {
  const jwks = { keys: [key.jwk] };
  running = new Running(settings(key), [
    { kind: "auth0", issuer, audience, jwks, jwksUri: source.url },
    { kind: "other", issuer: "https://other.example", audience, jwks, jwksUri: source.url },
  ]);
});

type Row = [reason: keyof typeof statuses, message: string, tokens: string[]];

const rows: Row[] = [
  ["token_too_large", "the token is longer than 8192 characters", [overlong(8193)]],
  [
    "token_malformed",
    "it does not have three parts",
    ["x", ".", "x.x", `.${second}.${third}`, `${first}.${second}`, overlong(8192)],
  ],
  [
    "token_malformed",
    "the header is not canonical base64url",
    [`${first}=.${second}.${third}`, `!.${second}.${third}`, `a.${second}.${third}`],
  ],
  [
    "token_malformed",
    "the payload is not canonical base64url",
    [`${first}..${third}`, `${first}.=.${third}`],
  ],
  [
    "token_malformed",
    "the signature is not canonical base64url",
    [`${first}.${second}.`, `${first}.${second}.${third}.`, `${first}.${second}.${third}=`],
  ],
  ["token_malformed", "the header is not UTF-8", [tokenOf(key, Buffer.from([0x7b, 0xff, 0x7d]), payload)]],
  ["token_malformed", "the payload is not UTF-8", [tokenOf(key, header, Buffer.from([0x7b, 0xff, 0x7d]))]],
  ["token_malformed", "the header is not JSON", [tokenOf(key, "{", payload)]],
  ["token_malformed", "the payload is not JSON", [tokenOf(key, header, "{")]],
  [
    "token_malformed",
    "the header is not a JSON object",
    ["[]", "null", "5", '"text"', "true"].map((text) => tokenOf(key, text, payload)),
  ],
  [
    "token_malformed",
    "the payload is not a JSON object",
    ["[]", "null", "5", '"text"', "true"].map((text) => tokenOf(key, header, text)),
  ],
  [
    "token_malformed",
    "the header has a member twice",
    [tokenOf(key, `{"alg":"RS256",${header.slice(1)}`, payload)],
  ],
  [
    "token_malformed",
    "the payload has a member twice",
    [tokenOf(key, header, `{"sub":"x",${payload.slice(1)}`)],
  ],
  ["header_not_allowed", "the header has a parameter that is not allowed", [withHeader({ crit: [] })]],
  [
    "algorithm_not_allowed",
    "the algorithm is not RS256",
    [withHeader({ alg: "none" }), withHeader({ alg: undefined }), withHeader({ alg: ["RS256"] })],
  ],
  [
    "token_malformed",
    "it names no key (kid)",
    [undefined, "", 1, null, ["key-1"], overlong(257)].map((kid) => withHeader({ kid })),
  ],
  [
    "type_not_allowed",
    "the type (typ) is not that of an access token",
    [null, "", 5, "id", "jwt+at", ["JWT"]].map((typ) => withHeader({ typ })),
  ],
  ["claim_invalid", "iss is missing or not a text", [undefined, 5].map((iss) => withClaims({ iss }))],
  ["claim_invalid", "sub is missing or not a text", [undefined, 5, ""].map((sub) => withClaims({ sub }))],
  [
    "claim_invalid",
    "aud is missing or neither a text nor a list of texts",
    [undefined, 5, {}, [5], [audience, 5], [5, audience]].map((aud) => withClaims({ aud })),
  ],
  ...(["exp", "iat"] as const).map(
    (name): Row => [
      "claim_invalid",
      `${name} is missing or not a date`,
      [undefined, "5", -1, 253_402_300_800, null, {}].map((value) => withClaims({ [name]: value })),
    ],
  ),
  ["claim_invalid", "nbf is not a date", ["5", -1, 253_402_300_800, null].map((nbf) => withClaims({ nbf }))],
  ["claim_invalid", "jti is not a text", [5, "", null].map((jti) => withClaims({ jti }))],
  ["claim_invalid", "scope is not a text", [5, null, []].map((scope) => withClaims({ scope }))],
  ["issuer_unknown", "the issuer (iss) is none of the configured ones", [withClaims({ iss: "https://x/" })]],
  [
    "key_unknown",
    "the issuer has no usable key of that id (kid)",
    [withHeader({ kid: "key-2" }), withHeader({ kid: overlong(256) })],
  ],
  ["signature_invalid", "the signature is not the key's", [token(stranger)]],
  [
    "audience_mismatch",
    "the audience (aud) is not this API's",
    [withClaims({ aud: "x" }), withClaims({ aud: [] })],
  ],
  ["token_expired", "the token has expired", [withClaims({ exp: now - 5 }), withClaims({ iat: 0, exp: 0 })]],
  ["token_not_yet_valid", "the token is not valid yet (nbf)", [withClaims({ nbf: now + 6 })]],
  [
    "token_not_yet_valid",
    "the token was issued in the future",
    [withClaims({ iat: now + 6, exp: now + 60 })],
  ],
  [
    "claim_invalid",
    "exp is not after iat",
    [withClaims({ iat: now, exp: now }), withClaims({ iat: now + 4, exp: now + 3 })],
  ],
  [
    "token_lifetime_too_long",
    "the time from iat to exp is too long",
    [withClaims({ iat: now, exp: now + 2_592_001 }), withClaims({ exp: 253_402_300_799 })],
  ],
  [
    "claim_invalid",
    "org_id is missing or not an organization's id",
    [undefined, 5, "", "org_", "Acme1", "xorg_Acme1", "org_Acme1 ", `org_${overlong(65)}`, "org_Acme-1"].map(
      (org_id) => withClaims({ org_id }),
    ),
  ],
  [
    "claim_invalid",
    "azp or client_id is not a client's id",
    [undefined, 5, "", "a b", " acmeCi", "acmeCi ", overlong(257)].map((azp) => withClaims({ azp })),
  ],
  ["claim_invalid", "azp and client_id differ", [withClaims({ client_id: "acmeTest" })]],
  [
    "grant_type_not_allowed",
    "gty is not client-credentials",
    [
      withClaims({ gty: undefined }),
      withClaims({ gty: "password" }),
      token(key, { gty: "x" }, { typ: "at+jwt" }),
    ],
  ],
  [
    "grant_type_not_allowed",
    "the subject (sub) is not the client",
    [withClaims({ sub: "acmeCi" }), withClaims({ sub: "x@clients" })],
  ],
  [
    "claim_invalid",
    "scope is not a list of scopes",
    [" ", "a  b", " a", "a ", 'a"b', "a\\b", "a\tb", "aé"].map((scope) => withClaims({ scope })),
  ],
];

it.each(rows)("%s: %s", async (reason, message, tokens) => {
  for (const text of tokens) {
    expect(await running.ask(text)).toEqual([statuses[reason], reason]);
    expect(running.decision.message).toBe(message);
  }
});

it("says nothing of tokens that are good, up to every limit", async () => {
  const atLimits: Changes[] = [
    { exp: now - 4 },
    { iat: now, exp: now + 2_592_000 },
    { iat: now + 5, exp: now + 6 },
    { nbf: now + 5 },
    { nbf: 0, iat: now - 1, exp: now + 1 },
    { aud: ["x", audience] },
    { jti: "x", client_id: "acmeCi" },
    { azp: undefined, client_id: "acmeCi" },
    { org_id: `org_${overlong(64)}` },
    { azp: overlong(256), sub: `${overlong(256)}@clients` },
    { azp: "a.b:c@d|e-f_1", sub: "a.b:c@d|e-f_1@clients" },
    { scope: "read:orders !#[]~" },
  ];
  for (const changes of atLimits) {
    expect(await running.ask(withClaims(changes))).toEqual([200, "allowed"]);
    expect(running.decision.message).toBeUndefined();
  }
  for (const typ of [undefined, "JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"]) {
    expect(await running.ask(withHeader({ typ }))).toEqual([200, "allowed"]);
  }
});

it("takes the subject for the client where an issuer other than Auth0 names none", async () => {
  const other = { iss: "https://other.example", azp: undefined, gty: undefined };
  const good = withClaims({ ...other, sub: "client|1", org_id: "partner:1" });
  expect(await running.ask(good)).toEqual([200, "allowed"]);
  expect(running.decision).toMatchObject({ client_id: "client|1", org_id: "partner:1" });
  for (const org_id of ["", "a b", overlong(129)]) {
    await running.ask(withClaims({ ...other, org_id }));
    expect(running.decision.message).toBe("org_id is missing or not an organization's id");
  }
  expect(await running.ask(withClaims({ ...other, org_id: overlong(128) }))).toEqual([200, "allowed"]);
});

it("has what a request lacks before its token", async () => {
  await running.answer({ type: "TOKEN", methodArn: 5, authorizationToken: `Bearer ${token(key)}` });
  expect(running.decision.message).toBe("the event is not one of an authorizer");
  await running.ask("");
  expect(running.decision.message).toBe("there is no bearer token");
});
