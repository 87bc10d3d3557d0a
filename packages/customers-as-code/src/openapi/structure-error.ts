// Says in a person's words what the schema found.
import type { ErrorObject } from "ajv";
import { isRecord } from "../problems/record";
import { suggestCandidates } from "../problems/suggestion";
import { nouns, pluralize } from "../problems/words";
import { listKnownKeys } from "./known-keys";
import type { OpenApiSchema } from "./openapi-schema";

export interface ErrorExplanation {
  /** Path under the error's own to what is wrong. */
  at: PropertyKey[];
  /** A key that is wrong, where it is not what is under it. */
  key?: string;
  /** The predicate of a sentence about the place. */
  message: string;
}

export function explainError(error: ErrorObject, schema: OpenApiSchema): ErrorExplanation {
  const { keyword, params, data, propertyName, parentSchema } = error;
  switch (keyword) {
    case "required":
      return { at: [String(params.missingProperty)], message: "is missing" };
    case "additionalProperties":
    case "unevaluatedProperties": {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty);
      return { at: [], key, message: `"${key}" ${explainKey(key, parentSchema, schema)}` };
    }
    case "discriminator": {
      const tag = String(params.tag);
      return { at: [tag], message: explainTag(params.tagValue, tag, parentSchema, schema) };
    }
    case "oneOf":
    case "anyOf":
      return { at: [], message: explainChoice(data, error.schema, schema) };
    case "not":
      return { at: [], message: explainNot(error.schema) };
    default:
      return propertyName === undefined
        ? { at: [], message: explainValue(error) }
        : { at: [], key: propertyName, message: explainValue({ ...error, data: propertyName }) };
  }
}

function explainKey(key: string, parent: unknown, schema: OpenApiSchema): string {
  const patterns =
    isRecord(parent) && isRecord(parent.patternProperties) ? Object.keys(parent.patternProperties) : [];
  for (const [start, rule] of keyRules)
    if (patterns.some((pattern) => pattern.startsWith(start))) return rule;
  const known = listKnownKeys(parent, schema);
  if (known.includes(key)) return "is not allowed beside the other keys. Remove it.";
  return `is not a known key. ${suggestCandidates(key, known)}`.trim();
}

/** By the start of the patterns that keys must match: what they are. */
const keyRules: [start: string, rule: string][] = [
  ["^\\/", 'must begin with "/", as every path does'],
  ["^/", 'must begin with "/", as every path does'],
  ["^[1-5]", 'is not a status code: write one such as "200" or "4XX", or "default"'],
];

function explainTag(value: unknown, tag: string, parent: unknown, schema: OpenApiSchema): string {
  if (value === undefined) return "is missing";
  const branches: unknown[] = isRecord(parent) && Array.isArray(parent.oneOf) ? parent.oneOf : [];
  const allowed = branches.flatMap((branch) => {
    const target = isRecord(branch) ? schema.findSubschema(String(branch.$ref)) : undefined;
    const property = isRecord(target) && isRecord(target.properties) ? target.properties[tag] : undefined;
    return isRecord(property) && Array.isArray(property.enum) ? property.enum.map(String) : [];
  });
  return notAllowed(value, allowed);
}

/** Alternatives differ in the keys that they require, or in their kinds. */
function explainChoice(data: unknown, branches: unknown, schema: OpenApiSchema): string {
  const parts = Array.isArray(branches) ? branches.filter(isRecord) : [];
  const required = parts.flatMap(({ required }) => (Array.isArray(required) ? required.map(String) : []));
  if (required.length > 0) {
    const present = isRecord(data) ? required.filter((key) => Object.hasOwn(data, key)) : [];
    return present.length > 0 ? onlyOne(present) : `needs ${listed(required, "or")}`;
  }
  const types = parts.flatMap(({ type, $ref }) => {
    const target = typeof $ref === "string" ? schema.findSubschema($ref) : undefined;
    return [type ?? (isRecord(target) ? target.type : undefined)].flat().map(String);
  });
  return new Set(types).size > 1 ? mustBe(types, data) : "does not have a form that is allowed here";
}

function explainNot(not: unknown): string {
  const keys = isRecord(not) && Array.isArray(not.required) ? not.required.map(String) : [];
  if (keys.length === 1) return `"${keys[0]}" is not allowed beside the other keys. Remove it.`;
  return keys.length > 1 ? onlyOne(keys) : "is not allowed";
}

function onlyOne(keys: readonly string[]): string {
  return `has ${listed(keys, "and")}, but only one of them is allowed`;
}

function explainValue({ keyword, params, data, message }: ErrorObject): string {
  switch (keyword) {
    case "type":
      return mustBe([params.type].flat().map(String), data);
    case "enum":
      return notAllowed(data, params.allowedValues.map(String));
    case "const":
      return `must be ${JSON.stringify(params.allowedValue)}, not ${short(data)}`;
    case "pattern":
      return `${short(data)} does not match ${params.pattern}`;
    case "format":
      return `${short(data)} is not ${formats[params.format] ?? `of the format ${params.format}`}`;
    case "minItems":
    case "minProperties":
      return "must not be empty";
    case "maxProperties":
      return `must not have more than ${pluralize(params.limit, "entry", "entries")}`;
    case "uniqueItems":
      return `lists the same value twice, as [${params.j}] and [${params.i}]`;
    default:
      return message ?? keyword;
  }
}

const formats: Record<string, string> = {
  email: "an e-mail address",
  uri: "a URL",
  "uri-reference": "a URL or a path",
};

function mustBe(types: readonly string[], data: unknown): string {
  const kinds = [...new Set(types)].map((type) => nouns[type] ?? type).join(" or ");
  if (data === null) return `is empty; it must be ${kinds}`;
  // Such as a version 1.0, which YAML takes for a number.
  const isUnquoted = types.includes("string") && typeof data !== "object";
  return `must be ${kinds}, not ${short(data)}${isUnquoted ? ". Put it in quotes." : ""}`;
}

function notAllowed(value: unknown, allowed: readonly string[]): string {
  return `${short(value)} is not allowed. ${suggestCandidates(String(value), allowed)}`;
}

function short(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "a map";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}

function listed(keys: readonly string[], word: string): string {
  const quoted = keys.map((key) => `"${key}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${word} ${quoted.at(-1)}`;
}
