// What claims must say: RFC 7519 section 4.1, RFC 8725 sections 3.8, 3.9 and 3.12, RFC 9068 section 4.
import { audience, type Changes, issuer, now, token } from "../../testing/tokens";
import { key, otherAudience, otherIssuer, otherKey, type Row, withClaims, withRawClaim } from "./row";

const show = (value: unknown) => (value === undefined ? "missing" : JSON.stringify(value).slice(0, 72));
/** A row for each value of a claim. */
const rows = (source: string, name: string, reason: Row[2], values: unknown[], others: Changes = {}) =>
  values.map((value): Row => {
    return [source, `${name} ${show(value)}`, reason, withClaims({ [name]: value, ...others })];
  });
const raw = (source: string, name: string, reason: Row[2], values: string[]) =>
  values.map((value): Row => [source, `${name} ${value}`, reason, withRawClaim(name, value)]);

const noText = [undefined, null, 1, true, [], {}];
const month = 2_592_000;

const times: Row[] = [
  ...rows("RFC 7519 4.1.4", "exp", "claim_invalid", [
    undefined,
    null,
    "",
    `${now + 60}`,
    true,
    [now + 60],
    {},
  ]),
  ...raw("RFC 7519 4.1.4", "exp", "claim_invalid", [
    "-1e20",
    "-1",
    "1e20",
    "1e400",
    "-1e400",
    "253402300800",
  ]),
  ...raw("RFC 8259 6", "exp", "token_malformed", [
    "NaN",
    "Infinity",
    "0x6b49d200",
    "01800003600",
    "1_800_003_600",
  ]),
  ...raw("RFC 7519 4.1.4", "exp", "token_expired", ["0", "1", "-0", "1.5e9", "1799999994.9"]),
  ...raw("RFC 7519 2", "exp", "allowed", ["1800003600.5", "1.8000036e9", "18000036E2"]),
  ...rows("RFC 7519 4.1.4", "exp", "token_expired", [now - 3600, now - 6, now - 5]),
  ...rows("RFC 7519 4.1.4", "exp", "allowed", [now - 4, now, now + 1]),
  ...rows("RFC 9068 2.2", "iat", "claim_invalid", [undefined, null, "", `${now}`, [now]]),
  ...raw("RFC 7519 4.1.6", "iat", "claim_invalid", ["-1", "1e20", "1e400"]),
  ...rows("RFC 7519 4.1.6", "iat", "token_not_yet_valid", [now + 6, now + 3000]),
  ...rows("RFC 7519 4.1.6", "iat", "allowed", [now, now + 5]),
  ...rows("RFC 7519 4.1.5", "nbf", "token_not_yet_valid", [now + 6, now + 3600]),
  ...rows("RFC 7519 4.1.5", "nbf", "allowed", [undefined, 0, now, now + 5]),
  ...rows("RFC 7519 4.1.5", "nbf", "claim_invalid", [null, `${now}`, [], -1]),
  ["RFC 7519 4.1.4", "exp at iat", "claim_invalid", withClaims({ exp: now, iat: now })],
  ["RFC 7519 4.1.4", "exp before iat", "claim_invalid", withClaims({ exp: now, iat: now + 1 })],
  ["Auth0 limits", "a lifetime of 30 days", "allowed", withClaims({ iat: now, exp: now + month })],
  [
    "Auth0 limits",
    "30 days and a second",
    "token_lifetime_too_long",
    withClaims({ iat: now, exp: now + month + 1 }),
  ],
  ["Auth0 limits", "no date of issue worth the name", "token_lifetime_too_long", withClaims({ iat: 0 })],
];

const issuers: Row[] = [
  ...rows("RFC 8725 3.8", "iss", "issuer_unknown", [
    "https://example.eu.auth0.com",
    "https://example.eu.auth0.com//",
    "http://example.eu.auth0.com/",
    "https://EXAMPLE.eu.auth0.com/",
    "https://example.eu.auth0.com.evil.example/",
    "https://example.us.auth0.com/",
    ` ${issuer}`,
    `${issuer} `,
    `${otherIssuer}/`,
    "__proto__",
    "",
  ]),
  ...rows("RFC 7519 4.1.1", "iss", "claim_invalid", noText),
  ["CVE-2025-30144", "iss as a list with the issuer", "claim_invalid", withClaims({ iss: [issuer] })],
  ["RFC 8725 3.8", "the second issuer's key under the first's name", "signature_invalid", token(otherKey)],
  ["RFC 8725 3.8", "the first issuer's key under the second's name", "signature_invalid", partner(key)],
  ["RFC 8725 3.8", "the second issuer", "allowed", partner(otherKey)],
  [
    "RFC 8725 3.9",
    "the second issuer for the first's audience",
    "audience_mismatch",
    partner(otherKey, { aud: audience }),
  ],
  [
    "RFC 8725 3.9",
    "the first issuer for the second's audience",
    "audience_mismatch",
    withClaims({ aud: otherAudience }),
  ],
  [
    "RFC 9068 2.2",
    "the second issuer with the client as subject",
    "allowed",
    partner(otherKey, { client_id: undefined }),
  ],
  [
    "RFC 9068 2.2",
    "the second issuer with no usable subject",
    "claim_invalid",
    partner(otherKey, { client_id: undefined, sub: "a b" }),
  ],
  [
    "RFC 9068 2.2.3",
    "the second issuer without an organization",
    "claim_invalid",
    partner(otherKey, { org_id: undefined }),
  ],
  [
    "RFC 9110 5.5",
    "the second issuer's organization with a line end",
    "claim_invalid",
    partner(otherKey, { org_id: "acme\n" }),
  ],
  [
    "RFC 9110 5.5",
    "the second issuer's longest organization",
    "allowed",
    partner(otherKey, { org_id: "a".repeat(128) }),
  ],
  [
    "RFC 9110 5.5",
    "the second issuer's too long organization",
    "claim_invalid",
    partner(otherKey, { org_id: "a".repeat(129) }),
  ],
];

const audiences: Row[] = [
  ...rows("RFC 8725 3.9", "aud", "audience_mismatch", [
    "https://api.example.com",
    "https://API.example.com/",
    `${audience}v1`,
    ` ${audience}`,
    "*",
    "",
    [],
    [""],
    ["https://other.example/", `${audience}v1`],
  ]),
  ...rows("RFC 7519 4.1.3", "aud", "claim_invalid", [
    undefined,
    null,
    1,
    {},
    { 0: audience },
    [audience, 1],
    [[audience]],
  ]),
  ...rows("RFC 7519 4.1.3", "aud", "allowed", [audience, [audience], ["https://other.example/", audience]]),
  [
    "RFC 8725 3.12",
    "an ID token of the tenant",
    "audience_mismatch",
    withClaims({
      aud: "acmeCi",
      sub: "auth0|1",
      nonce: "n",
      gty: undefined,
      azp: undefined,
      scope: undefined,
    }),
  ],
  [
    "RFC 8725 3.12",
    "a Management API token of the tenant",
    "audience_mismatch",
    withClaims({ aud: `${issuer}api/v2/` }),
  ],
  [
    "RFC 8725 3.12",
    "a user's access token for this API",
    "grant_type_not_allowed",
    withClaims({ aud: [audience, `${issuer}userinfo`], sub: "auth0|1", gty: undefined }),
  ],
];

const callers: Row[] = [
  ...rows("RFC 9068 2.2", "sub", "claim_invalid", [...noText, ""]),
  ...rows("RFC 9068 5", "sub", "grant_type_not_allowed", [
    "auth0|1",
    "acmeCi",
    "otherCi@clients",
    "acmeCi@clients\n",
    "@clients",
  ]),
  ...rows("Auth0 dialects", "gty", "grant_type_not_allowed", [
    undefined,
    null,
    "password",
    "authorization_code",
    "refresh_token",
    "",
    "Client-Credentials",
    ["client-credentials"],
  ]),
  ...rows("Auth0 Organizations", "org_id", "claim_invalid", [
    ...noText,
    ["org_Acme1"],
    "",
    "org_",
    "Acme1",
    "ORG_Acme1",
    "org_Acme1 ",
    "org_Acme1\n",
    "org_Acme1\r\nX-Org-Id: org_Evil",
    "org_Acme1,org_Evil",
    "org_Acm\u00e9",
    "org_\u0410cme1",
    "org_Acme-1",
    `org_${"a".repeat(65)}`,
    "__proto__",
  ]),
  ...rows("Auth0 Organizations", "org_id", "allowed", [`org_${"a".repeat(64)}`]),
  ...rows("RFC 9068 2.2", "azp", "claim_invalid", [
    undefined,
    null,
    1,
    "",
    [],
    ["acmeCi"],
    "acme Ci",
    "acmeCi\n",
    "acm\u00e9",
    "a".repeat(257),
  ]),
  [
    "RFC 9068 2.2",
    "the longest client id",
    "allowed",
    withClaims({ azp: "a".repeat(256), sub: `${"a".repeat(256)}@clients` }),
  ],
  ["RFC 9068 2.2", "client_id that agrees with azp", "allowed", withClaims({ client_id: "acmeCi" })],
  ...rows("RFC 9068 2.2", "client_id", "claim_invalid", ["otherCi", "", null, 1, ["acmeCi"]]),
  ...rows("RFC 7519 4.1.7", "jti", "claim_invalid", [null, "", 1, []]),
  ...rows("RFC 7519 4.1.7", "jti", "allowed", [undefined, "1"]),
];

const scopes: Row[] = [
  ...rows("RFC 6749 3.3", "scope", "claim_invalid", [
    null,
    1,
    ["read:orders"],
    { "read:orders": true },
    " ",
    " read:orders",
    "read:orders ",
    "read:orders  write:orders",
    "read:orders\twrite:orders",
    "read:orders\n",
    "read:orders\u0000",
    'read:"orders"',
    "read:\\orders",
    "read:orders\u00e9",
    "read:orders\u007f",
  ]),
  ...rows("RFC 6749 3.3", "scope", "allowed", ["read:orders", "x!#$%&'()*+,-./:;<=>?@[]^_`{|}~ read:orders"]),
  ...rows("RFC 6750 3.1", "scope", "insufficient_scope", [
    undefined,
    "",
    "write:orders",
    "READ:ORDERS",
    "read:order",
    "read:orders2",
    "read:*",
    "*",
    "__proto__",
  ]),
  [
    "RFC 6750 3.1",
    "scopes in another claim",
    "insufficient_scope",
    withClaims({ scope: undefined, permissions: ["read:orders"], scp: ["read:orders"] }),
  ],
];

/** What another authorization server writes: no grant, its own ids. */
function partner(by: typeof key, changes: Changes = {}): string {
  return token(by, {
    iss: otherIssuer,
    aud: otherAudience,
    sub: "svc-1",
    azp: undefined,
    gty: undefined,
    client_id: "svc-1",
    org_id: "acme:eu",
    ...changes,
  });
}

export const claimRows: Row[] = [...times, ...issuers, ...audiences, ...callers, ...scopes];
