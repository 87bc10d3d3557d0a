// The keywords of a schema that become part of a model: since OpenAPI 3.1, the official schema leaves them to JSON Schema.
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import { nouns } from "../problems/words";
import { describePath } from "./describe-path";
import type { DocumentElement } from "./element";

/** What API Gateway would refuse while it imports the model. */
export function checkModelKeywords({ source, path, value }: DocumentElement): Problem[] {
  if (typeof value === "boolean") return [];
  if (!isRecord(value)) {
    return [problemAt({ source, path, value }, [], `must be ${nouns.object} or true or false`)];
  }
  return Object.entries(rules).flatMap(([keyword, { isValid, wanted }]) => {
    const given = value[keyword];
    if (given === undefined || isValid(given)) return [];
    return [problemAt({ source, path, value: given }, [keyword], `must be ${wanted}`)];
  });
}

function problemAt({ source, path, value }: DocumentElement, key: string[], message: string): Problem {
  const at = [...path, ...key];
  return {
    ...source.at(at),
    code: "openapi-structure",
    message: `${describePath(at)}: ${message}, not ${JSON.stringify(value)?.slice(0, 60)}`,
  };
}

interface Rule {
  isValid(value: unknown): boolean;
  wanted: string;
}

const types = ["array", "boolean", "integer", "null", "number", "object", "string"];
const isType = (value: unknown) => typeof value === "string" && types.includes(value);
const isText = (value: unknown) => typeof value === "string";

const count: Rule = {
  isValid: (value) => Number.isInteger(value) && Number(value) >= 0,
  wanted: "a whole number of 0 or more",
};
const limit: Rule = { isValid: Number.isFinite, wanted: "a number" };
const schemas: Rule = { isValid: Array.isArray, wanted: "a list of schemas" };

const rules: Record<string, Rule> = {
  type: {
    isValid: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isType) : isType(value)),
    wanted: `one of ${types.join(", ")}, or a list of them`,
  },
  enum: { isValid: Array.isArray, wanted: "a list of values" },
  required: {
    isValid: (value) => Array.isArray(value) && value.every(isText),
    wanted: "a list of names",
  },
  properties: { isValid: isRecord, wanted: "a map of schemas" },
  maxLength: count,
  minLength: count,
  maxProperties: count,
  minProperties: count,
  maximum: limit,
  minimum: limit,
  multipleOf: {
    isValid: (value) => Number.isFinite(value) && Number(value) > 0,
    wanted: "a number above 0",
  },
  pattern: { isValid: isText, wanted: "a regular expression" },
  uniqueItems: { isValid: (value) => typeof value === "boolean", wanted: "true or false" },
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
};
