// One token has one form: base64url, UTF-8 and JSON to the letter (RFC 7515 sections 2 to 5, RFC 8725 section 3.7).
import { claims, token } from "../../testing/tokens";
import { key, payloadText, type Row, withClaims, withParts, withPayload } from "./row";

const part = (index: number, change: (text: string) => string) =>
  withParts((parts) => parts.map((text, place) => (place === index ? change(text) : text)));
const base64 = (text: string) => text.replaceAll("-", "+").replaceAll("_", "/");
/** 256 bytes leave 4 bits of the last character unused. */
const unusedBit = (text: string) =>
  text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
const withInside = (json: string) => withPayload(payloadText.replace(/}$/, `,${json}}`));
const withoutOrganization = JSON.stringify(claims({ org_id: undefined }));

export const textRows: Row[] = [
  ["RFC 7515 2", "padding after the signature (==)", "token_malformed", part(2, (text) => `${text}==`)],
  ["RFC 7515 2", "padding after the payload (=)", "token_malformed", part(1, (text) => `${text}=`)],
  ["RFC 4648 3.5", "unused bits of the signature set", "token_malformed", part(2, unusedBit)],
  ["RFC 7515 2", "+ and / in the signature", "token_malformed", part(2, base64)],
  [
    "RFC 4648 3.3",
    "a line end within the payload",
    "token_malformed",
    part(1, (text) => `${text.slice(0, 9)}\n${text.slice(9)}`),
  ],
  [
    "RFC 4648 3.3",
    "a line end within the signature",
    "token_malformed",
    part(2, (text) => `${text.slice(0, 9)}\r\n${text.slice(9)}`),
  ],
  ["RFC 4648 3.3", "a tab after the token", "token_malformed", part(2, (text) => `${text}\t`)],
  ["RFC 4648 3.3", "a line end after the token", "token_malformed", part(2, (text) => `${text}\n`)],
  ["RFC 4648 3.3", "a zero byte after the token", "token_malformed", part(2, (text) => `${text}\0`)],
  [
    "RFC 4648 3.3",
    "a percent-encoded signature",
    "token_malformed",
    part(2, (text) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`),
  ],
  [
    "RFC 6750 2.1",
    "a space within the token",
    "token_missing",
    part(1, (text) => `${text.slice(0, 9)} ${text.slice(9)}`),
  ],
  ["RFC 4648 3.3", "characters beyond ASCII", "token_malformed", part(2, (text) => `\u{1F511}${text}`)],
  ["RFC 7515 7.1", "four parts", "token_malformed", withParts((parts) => [...parts, "e30"])],
  ["RFC 7515 7.1", "an empty fourth part", "token_malformed", withParts((parts) => [...parts, ""])],
  [
    "RFC 7516 3",
    "five parts, as encryption has",
    "token_malformed",
    withParts((parts) => [...parts, "e30", "e30"]),
  ],
  ["RFC 7515 7.1", "two parts", "token_malformed", withParts(([header, payload]) => [header, payload])],
  ["RFC 7515 7.1", "one part", "token_malformed", "e30"],
  ["RFC 7515 7.1", "nothing but dots", "token_malformed", ".."],
  [
    "RFC 7515 F",
    "a detached payload",
    "token_malformed",
    withParts(([header, , signed]) => [header, "", signed]),
  ],
  ["RFC 7515 7.1", "no header", "token_malformed", withParts(([, payload, signed]) => ["", payload, signed])],
  ["RFC 6749 1.4", "an opaque token", "token_malformed", "0c6a2f64-2f5a-4d4b-9d1e-0a0b0c0d0e0f"],
  ["RFC 7519 7.2", "the token as JSON text", "token_malformed", `"${token(key)}"`],

  [
    "RFC 8725 3.7",
    "bytes that are no UTF-8",
    "token_malformed",
    withPayload(Buffer.from(`{"a":"\xc3\x28",${payloadText.slice(1)}`, "latin1")),
  ],
  [
    "RFC 8725 3.7",
    "an overlong form in UTF-8",
    "token_malformed",
    withPayload(Buffer.from(`{"a":"\xc0\xaf",${payloadText.slice(1)}`, "latin1")),
  ],
  [
    "RFC 8725 3.7",
    "a surrogate in UTF-8",
    "token_malformed",
    withPayload(Buffer.from(`{"a":"\xed\xa0\x80",${payloadText.slice(1)}`, "latin1")),
  ],
  ["RFC 8725 3.7", "UTF-16", "token_malformed", withPayload(Buffer.from(payloadText, "utf16le"))],
  ["RFC 8259 8.1", "a byte order mark", "token_malformed", withPayload(`\uFEFF${payloadText}`)],
  ["RFC 8259 2", "text after the object", "token_malformed", withPayload(`${payloadText}x`)],
  ["RFC 8259 2", "a second object", "token_malformed", withPayload(`${payloadText}${payloadText}`)],
  ["RFC 8259 2", "a comment", "token_malformed", withPayload(`/**/${payloadText}`)],
  ["RFC 8259 2", "a zero byte after the object", "token_malformed", withPayload(`${payloadText}\0`)],
  ["RFC 7519 7.2", "a list", "token_malformed", withPayload(`[${payloadText}]`)],
  ["RFC 7519 7.2", "null", "token_malformed", withPayload("null")],
  ["RFC 7519 7.2", "a text", "token_malformed", withPayload(JSON.stringify(payloadText))],
  ["RFC 7519 7.2", "a number", "token_malformed", withPayload("1")],
  [
    "RFC 8259 2",
    "white space around everything",
    "allowed",
    withPayload(JSON.stringify(claims(), null, "\t").replaceAll("\n", " \r\n ")),
  ],

  ["RFC 7519 4", "a claim twice", "token_malformed", withInside('"org_id":"org_Evil"')],
  ["RFC 7519 4", "a claim twice with the same value", "token_malformed", withInside('"org_id":"org_Acme1"')],
  [
    "RFC 7519 4",
    "a claim twice, the second escaped",
    "token_malformed",
    withInside('"\\u006frg_id":"org_Evil"'),
  ],
  [
    "RFC 7519 4",
    "a claim twice, the first escaped",
    "token_malformed",
    withPayload(`{"\\u006frg_id":"org_Evil",${payloadText.slice(1)}`),
  ],
  [
    "RFC 7519 4",
    "a claim twice with space before the colon",
    "token_malformed",
    withInside('"org_id" \n\t: "org_Evil"'),
  ],
  [
    "RFC 8725 3.7",
    "a member twice in an object within",
    "token_malformed",
    withInside('"x":[{"y":{"a":1,"b":[],"a":2}}]'),
  ],
  [
    "RFC 8725 3.7",
    "a member twice after an object within",
    "token_malformed",
    withInside('"x":{"a":1},"y":[],"x":1'),
  ],
  [
    "RFC 8725 3.7",
    "a member twice, with quotes in its name",
    "token_malformed",
    withInside('"a\\"":1,"a\\"":2'),
  ],
  [
    "RFC 8259 4",
    "one name in several objects",
    "allowed",
    withInside('"x":{"org_id":1},"y":[{"org_id":1},{"org_id":2}]'),
  ],
  [
    "RFC 8259 4",
    "names that look alike within texts",
    "allowed",
    withInside('"x":"\\"org_id\\":1","y":["x","x","org_id"],"z":"\\\\"'),
  ],
  ["RFC 8259 4", "names that differ in case", "allowed", withInside('"ORG_ID":"org_Other"')],
  [
    "CWE-1321",
    "the claim in a __proto__",
    "claim_invalid",
    withPayload(withoutOrganization.replace("{", '{"__proto__":{"org_id":"org_Acme1"},')),
  ],

  ["RFC 8725 3.7", "the longest token that is read", "allowed", tokenOfLength(8192)],
  ["API Gateway quotas", "a token of one character more", "token_too_large", tokenOfLength(8193)],
  [
    "API Gateway quotas",
    "a token of a megabyte",
    "token_too_large",
    `${withClaims({})}${"A".repeat(1_000_000)}`,
  ],
];

/** No text of base64url leaves a remainder of 1 by 4, so that the header has to make room too. */
function tokenOfLength(length: number): string {
  for (const x5t of ["", "x"]) {
    const bare = token(key, { pad: "" }, { x5t });
    for (let pad = Math.floor(((length - bare.length) * 3) / 4) - 2; ; pad += 1) {
      const found = token(key, { pad: "x".repeat(pad) }, { x5t });
      if (found.length === length) return found;
      if (found.length > length) break;
    }
  }
  throw new Error(`no token has ${length} characters`);
}
