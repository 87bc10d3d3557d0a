// Takes a compact JWS apart, more strictly than a library may that serves everyone.
import { isUtf8 } from "node:buffer";
import type { JwtHeader, JwtPayload } from "aws-jwt-verify/jwt-model";
import type { Json, JsonObject } from "aws-jwt-verify/safe-json-parse";
import { hasDuplicateKeys } from "./json";
import { Refusal } from "./reason";

/** A token of which nothing is verified yet. */
export interface UnverifiedToken {
  header: JwtHeader & { alg: "RS256"; kid: string };
  payload: JwtPayload & { iss: string; sub: string; exp: number; iat: number };
  /** What the signature is of (RFC 7515 section 5.2). */
  signed: Buffer;
  signature: Buffer;
}

/** Request line and headers of API Gateway together end at 10,240 bytes. */
export const maxTokenLength = 8192;

/**
 * Reads a token in its one canonical form, so that no second string means the same token.
 * @throws {Refusal}
 */
export function parseToken(token: string): UnverifiedToken {
  if (token.length > maxTokenLength) {
    throw new Refusal("token_too_large", `the token is longer than ${maxTokenLength} characters`);
  }
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  if (first < 1 || second < 0) throw malformed("it does not have three parts");
  const header = parseHeader(token.slice(0, first));
  const payload = parseClaims(token.slice(first + 1, second));
  const signature = decode(token.slice(second + 1), "signature");
  return { header, payload, signed: Buffer.from(token.slice(0, second), "latin1"), signature };
}

/** Every other parameter either changes what is verified (crit, b64, zip) or brings its own key (jku, jwk, x5u, x5c). */
const headerParameters = new Set(["alg", "kid", "typ", "x5t", "x5t#S256"]);

/** Of the two token dialects that an API may have in Auth0, that of RFC 9068 (section 2.1). */
export function isRfc9068Type(typ: unknown): boolean {
  return typeof typ === "string" && ["at+jwt", "application/at+jwt"].includes(typ.toLowerCase());
}

function isType(typ: unknown): boolean {
  return typ === undefined || (typeof typ === "string" && typ.toLowerCase() === "jwt") || isRfc9068Type(typ);
}

/** The last header seen: tokens of one key have one header, which needs to be read once only. */
let lastHeader: { text: string; header: UnverifiedToken["header"] } | undefined;

function parseHeader(text: string): UnverifiedToken["header"] {
  if (lastHeader?.text === text) return lastHeader.header;
  const header = parseObject(text, "header");
  for (const name of Object.keys(header)) {
    if (!headerParameters.has(name)) {
      throw new Refusal("header_not_allowed", "the header has a parameter that is not allowed");
    }
  }
  const { alg, kid, typ } = header;
  if (alg !== "RS256") throw new Refusal("algorithm_not_allowed", "the algorithm is not RS256");
  if (typeof kid !== "string" || kid === "" || kid.length > 256) throw malformed("it names no key (kid)");
  if (!isType(typ)) {
    throw new Refusal("type_not_allowed", "the type (typ) is not that of an access token");
  }
  // A copy: a slice of the token would keep all of it in memory.
  lastHeader = { text: Buffer.from(text).toString(), header: { ...header, alg, kid } };
  return lastHeader.header;
}

function parseClaims(text: string): UnverifiedToken["payload"] {
  const payload = parseObject(text, "payload");
  checkClaims(payload);
  return payload;
}

/** Types and ranges only; what they must say is checked after the signature. */
function checkClaims(payload: JsonObject): asserts payload is UnverifiedToken["payload"] {
  const { iss, aud, sub, jti, scope, exp, iat, nbf } = payload;
  if (typeof iss !== "string") throw invalid("iss is missing or not a text");
  if (typeof sub !== "string" || sub === "") throw invalid("sub is missing or not a text");
  if (!isAudience(aud)) throw invalid("aud is missing or neither a text nor a list of texts");
  if (!isDate(exp)) throw invalid("exp is missing or not a date");
  if (!isDate(iat)) throw invalid("iat is missing or not a date");
  if (nbf !== undefined && !isDate(nbf)) throw invalid("nbf is not a date");
  if (jti !== undefined && (typeof jti !== "string" || jti === "")) throw invalid("jti is not a text");
  if (scope !== undefined && typeof scope !== "string") throw invalid("scope is not a text");
}

function isAudience(value: unknown): boolean {
  return (
    typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string"))
  );
}

/** Seconds of the years 1970 to 9999: a clock that is wrong is not that wrong. */
function isDate(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value < 253_402_300_800;
}

function parseObject(text: string, part: string): JsonObject {
  const bytes = decode(text, part);
  if (!isUtf8(bytes)) throw malformed(`the ${part} is not UTF-8`);
  const json = bytes.toString("utf8");
  let value: Json;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed(`the ${part} is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`the ${part} is not a JSON object`);
  }
  // RFC 7515 section 4 and RFC 7519 section 4: which of two wins would depend on who reads.
  if (hasDuplicateKeys(json)) throw malformed(`the ${part} has a member twice`);
  return value;
}

/** RFC 7515 section 2: base64url without padding. Unused bits must be zero (RFC 4648 section 3.5). */
function decode(text: string, part: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length === 0 || bytes.toString("base64url") !== text) {
    throw malformed(`the ${part} is not canonical base64url`);
  }
  return bytes;
}

function malformed(message: string): Refusal {
  return new Refusal("token_malformed", message);
}

function invalid(message: string): Refusal {
  return new Refusal("claim_invalid", message);
}
