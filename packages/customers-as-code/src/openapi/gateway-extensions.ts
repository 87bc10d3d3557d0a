// What the document says to API Gateway itself, `x-amazon-apigateway-...`: the program writes the document that AWS gets, so it
// follows what only the company can know, and refuses what would be lost otherwise.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
import type { Problem } from "../problems/problem";
import { asRecord, isRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { describePath } from "./describe-path";

export interface GatewayExtensions {
  /** Media types of bodies that are bytes. */
  binaryMediaTypes: string[];
  /** Bytes from which on answers are compressed for callers who accept that. */
  minimumCompressionSize?: number;
  problems: Problem[];
}

const prefix = "x-amazon-apigateway-";
const binary = `${prefix}binary-media-types`;
const compression = `${prefix}minimum-compression-size`;
/** Of the document as a whole. */
const followed = [binary, compression];
const mostBytes = 10_485_760;

/** @param source the document, with its references followed */
export function readGatewayExtensions(source: Source): GatewayExtensions {
  const { [binary]: given, [compression]: size } = asRecord(source.value);
  const list: unknown[] = Array.isArray(given) ? given : [];
  const binaryMediaTypes = list.filter(isMediaType);
  const problems = findExtensions(source.value)
    .filter(
      ({ above, name }) =>
        !(above.length === 0 && followed.includes(name)) && !isReportedElsewhere(above, name),
    )
    .map(({ above, name }) => {
      const where = describePath(above);
      const remedy = remedies[name.slice(prefix.length)] ?? "Remove it.";
      return {
        ...source.atKey(above, name),
        code: "gateway-extension" as const,
        message: `${where === "" ? "" : `${where}: `}"${name}" is not followed. ${remedy}`,
      };
    });
  if (given !== undefined && (!Array.isArray(given) || binaryMediaTypes.length < list.length)) {
    problems.push({
      ...source.at([binary]),
      code: "gateway-extension",
      message: `"${binary}" must be a list of media types in lower case, such as image/png, image/* or */*. Correct it.`,
    });
  }
  const isSize = typeof size === "number" && Number.isInteger(size) && size >= 0 && size <= mostBytes;
  if (size !== undefined && !isSize) {
    problems.push({
      ...source.at([compression]),
      code: "gateway-extension",
      message: `"${compression}" must be a whole number of bytes from 0 to ${mostBytes}. Correct it.`,
    });
  }
  return { binaryMediaTypes, ...(isSize && { minimumCompressionSize: size }), problems };
}

function isMediaType(value: unknown): value is string {
  return typeof value === "string" && /^(\*\/\*|[a-z0-9._+-]+\/(\*|[a-z0-9._+-]+))$/.test(value);
}

/** paths.ts does. */
function isReportedElsewhere(above: readonly PropertyKey[], name: string): boolean {
  return name === `${prefix}any-method` && above.length === 2 && above[0] === "paths";
}

/** By the extension's own part of its name, what to do instead. */
const remedies: Record<string, string> = {
  "api-key-source": 'Remove it; the settings "plans" and "enforcePlans" control API keys.',
  auth: "Remove it; security requires scopes.",
  authorizer: "Remove it; the program makes the authorizer.",
  authtype: "Remove it; the program makes the authorizer.",
  cors: 'Remove it, and set the config key "corsAllowedOrigins".',
  "endpoint-configuration": 'Remove it, and set the config key "customDomain" with "defaultEndpoint".',
  "gateway-responses": "Remove it; the program writes API Gateway's own answers.",
  integration: "Remove it, and choose a backend with x-backend.",
  integrations: 'Remove it, and set the config key "backends".',
  "binary-media-types": "Move it to the top of the document.",
  "minimum-compression-size": "Move it to the top of the document.",
  policy: 'Remove it, and set the config key "webAclArn" to restrict who reaches the API.',
  "request-validator": 'Remove it, and set the config key "validateRequests".',
  "request-validators": 'Remove it, and set the config key "validateRequests".',
  "security-policy": 'Remove it, and set the config key "customDomain" with "minimumTls".',
};

/** Everywhere but in schemas and examples, which AWS does not get. */
function findExtensions(document: unknown): { above: PropertyKey[]; name: string }[] {
  const visited = new Set<unknown>();
  const visit = (value: unknown, path: readonly PropertyKey[]): { above: PropertyKey[]; name: string }[] => {
    if (typeof value !== "object" || value === null || visited.has(value)) return [];
    visited.add(value);
    if (Array.isArray(value)) return value.flatMap((item, index) => visit(item, [...path, index]));
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      if (key.startsWith(prefix)) return [{ above: [...path], name: key }];
      const isName = namedBy.includes(String(path.at(-1)));
      if (!isName && (key.startsWith("x-") || passedOver.includes(key))) return [];
      return visit(inner, [...path, key]);
    });
  };
  return visit(document, []);
}

const passedOver = ["schema", "schemas", "example", "examples", "value", "webhooks", "callbacks"];

/** Maps whose keys are anyone's names, such as a header X-Request-Id or a parameter "example". */
const namedBy = ["headers", "parameters", "requestBodies", "responses", "securitySchemes"];
