// What a header may say: RFC 8725 sections 3.6, 3.10 and 3.11, RFC 7515 section 4.
import { type Changes, claims, headerOf, token, tokenOf } from "../../testing/tokens";
import { key, otherKey, type Row, withClaims, withHeader, withHeaderText } from "./row";

/** By the attacker's key, which the header brings along. */
const bringing = (header: Changes) => token(otherKey, {}, header);
const { kty, n, e } = otherKey.jwk;
const evil = "https://evil.example/jwks.json";

const rfc9068 = (changes: Changes = {}, header: Changes = {}) =>
  token(
    key,
    { azp: undefined, gty: undefined, client_id: "acmeCi", jti: "1", ...changes },
    { typ: "at+jwt", ...header },
  );

export const headerRows: Row[] = [
  ["CVE-2018-0114", "a key in the header (jwk)", "header_not_allowed", bringing({ jwk: { kty, n, e } })],
  ["RFC 8725 3.10", "the address of a key set (jku)", "header_not_allowed", bringing({ jku: evil })],
  ["RFC 8725 3.10", "the address of a certificate (x5u)", "header_not_allowed", bringing({ x5u: evil })],
  ["RFC 8725 3.10", "a certificate (x5c)", "header_not_allowed", bringing({ x5c: ["MIIB"] })],
  ["RFC 7515 4.1.2", "jku with a good signature", "header_not_allowed", withHeader({ jku: evil })],
  [
    "RFC 7515 4.1.11",
    "an extension that must be understood (crit)",
    "header_not_allowed",
    withHeader({ crit: ["exp"], exp: 1 }),
  ],
  ["RFC 7515 4.1.11", "an empty crit", "header_not_allowed", withHeader({ crit: [] })],
  [
    "RFC 7797 6",
    "an unencoded payload (b64)",
    "header_not_allowed",
    withHeader({ b64: false, crit: ["b64"] }),
  ],
  ["RFC 7797 6", "b64 without crit", "header_not_allowed", withHeader({ b64: false })],
  ["RFC 8725 3.6", "compression (zip)", "header_not_allowed", withHeader({ zip: "DEF" })],
  ["RFC 7519 5.2", "a token in a token (cty)", "header_not_allowed", withHeader({ cty: "JWT" })],
  ["RFC 7516 4.1.2", "encryption (enc)", "header_not_allowed", withHeader({ enc: "A256GCM" })],
  [
    "RFC 7519 5.3",
    "claims in the header",
    "header_not_allowed",
    withHeader({ iss: "https://example.eu.auth0.com/" }),
  ],
  [
    "RFC 7515 4",
    "__proto__ in the header",
    "header_not_allowed",
    withHeaderText('{"alg":"RS256","kid":"key-1","__proto__":{}}'),
  ],
  ["RFC 7515 4.1.7", "a thumbprint (x5t)", "allowed", withHeader({ x5t: "abc", "x5t#S256": "def" })],

  ...[
    "../../../../dev/null",
    "/etc/passwd",
    "key-1' OR '1'='1",
    "key-1;id",
    "|id",
    "__proto__",
    "constructor",
    "toString",
    "key-1 ",
    "KEY-1",
    "key-1\0",
    "key-1\n",
    "*",
    evil,
  ].map((kid): Row => ["RFC 8725 3.10", `kid ${JSON.stringify(kid)}`, "key_unknown", withHeader({ kid })]),
  ["RFC 8725 3.10", "the longest kid", "key_unknown", withHeader({ kid: "k".repeat(256) })],
  ...[undefined, null, "", 1, ["key-1"], { kid: "key-1" }, "k".repeat(257)].map((kid): Row => {
    const what = `kid ${JSON.stringify(kid)?.slice(0, 20)}`;
    return ["RFC 7515 4.1.4", what, "token_malformed", withHeader({ kid })];
  }),

  ...["JWT", "jwt", undefined].map(
    (typ): Row => ["RFC 7519 5.1", `typ ${typ}`, "allowed", withHeader({ typ })],
  ),
  ...["at+jwt", "AT+JWT", "application/at+jwt"].map(
    (typ): Row => ["RFC 9068 2.1", `typ ${typ}`, "allowed", rfc9068({}, { typ })],
  ),
  ...[
    "logout+jwt",
    "secevent+jwt",
    "dpop+jwt",
    "id+jwt",
    "oauth-authz-req+jwt",
    "JOSE",
    "application/jwt",
    "",
    null,
    1,
    ["JWT"],
  ].map(
    (typ): Row => ["RFC 8725 3.11", `typ ${JSON.stringify(typ)}`, "type_not_allowed", withHeader({ typ })],
  ),
  ["RFC 9068 2.2", "no client_id", "claim_invalid", rfc9068({ client_id: undefined })],
  ["RFC 9068 5", "at+jwt of a user", "grant_type_not_allowed", rfc9068({ sub: "auth0|1" })],
  ["RFC 9068 5", "at+jwt of another grant", "grant_type_not_allowed", rfc9068({ gty: "password" })],
  ["RFC 9068 5", "at+jwt with an empty grant", "grant_type_not_allowed", rfc9068({ gty: null })],
  [
    "Auth0 dialects",
    "no grant in Auth0's own dialect",
    "grant_type_not_allowed",
    withClaims({ gty: undefined }),
  ],

  [
    "RFC 8725 3.7",
    "a header in UTF-16",
    "token_malformed",
    withHeaderText(Buffer.from(JSON.stringify(headerOf(key)), "utf16le")),
  ],
  [
    "RFC 7515 4",
    "a parameter twice",
    "token_malformed",
    withHeaderText('{"alg":"RS256","kid":"key-1","alg":"RS256"}'),
  ],
  [
    "RFC 7515 4",
    "a parameter twice, once escaped",
    "token_malformed",
    withHeaderText('{"alg":"none","kid":"key-1","\\u0061lg":"RS256"}'),
  ],
  [
    "RFC 7515 3",
    "a list for a header",
    "token_malformed",
    tokenOf(key, '["RS256"]', JSON.stringify(claims())),
  ],
  ["RFC 7515 3", "null for a header", "token_malformed", tokenOf(key, "null", JSON.stringify(claims()))],
  ["RFC 7515 3", "text for a header", "token_malformed", tokenOf(key, "RS256", JSON.stringify(claims()))],
];
