// Tokens that nobody issued, made from one that somebody did.
import { asRecord } from "../problems/record";

/** The first character of the signature differs: the last ones may have bits that nobody reads. */
export function breakSignature(token: string): string {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const first = signature.startsWith("A") ? "B" : "A";
  return [header, payload, first + signature.slice(1)].join(".");
}

/** The token's own signature, under other claims. */
export function changeClaims(token: string, claims: Record<string, unknown>): string {
  const [header = "", , signature = ""] = token.split(".");
  return [header, encode({ ...readClaims(token), ...claims }), signature].join(".");
}

/** https://www.rfc-editor.org/rfc/rfc7519#section-6 */
export function unsign(token: string): string {
  const [header = "", payload = ""] = token.split(".");
  return [encode({ ...decode(header), alg: "none" }), payload, ""].join(".");
}

/** Without a check of the signature; empty if it is no JWT. */
export function readClaims(token: string): Record<string, unknown> {
  return decode(token.split(".")[1] ?? "");
}

function decode(part: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(Buffer.from(part, "base64url").toString()));
  } catch {
    return {};
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
