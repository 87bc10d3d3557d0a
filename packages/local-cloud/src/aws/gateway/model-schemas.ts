// Models are schemas of JSON Schema draft 4, and API Gateway imports no others.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
import { isDeepStrictEqual } from "node:util";
import { isObject, type ReportProblem } from "../property";

/** @param name of the model, or the media type of the body that has the schema */
export function checkModelSchema(name: string, schema: unknown, report: ReportProblem): void {
  const wrong = findWrongKeywords(schema);
  for (const keyword of new Set(wrong)) {
    report(`Unable to create model for '${name}': Invalid model schema specified: ${keyword}`);
  }
}

function findWrongKeywords(schema: unknown): string[] {
  if (!isObject(schema)) return ["a schema is an object"];
  const own = Object.entries(rules).flatMap(([keyword, isValid]) =>
    schema[keyword] === undefined || isValid(schema[keyword])
      ? []
      : [`"${keyword}": ${JSON.stringify(schema[keyword])}`],
  );
  const { properties, items, additionalProperties, allOf, anyOf, oneOf } = schema;
  const inner = [
    ...Object.values(isObject(properties) ? properties : {}),
    ...[items, allOf, anyOf, oneOf].flat(),
    ...(typeof additionalProperties === "boolean" ? [] : [additionalProperties]),
  ].filter((part) => part !== undefined);
  return [...own, ...inner.flatMap(findWrongKeywords)];
}

const types = ["array", "boolean", "integer", "null", "number", "object", "string"];
const isType = (value: unknown) => typeof value === "string" && types.includes(value);
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
const isSet = (value: unknown): value is unknown[] =>
  isList(value) &&
  value.every((one, index) => value.findIndex((other) => isDeepStrictEqual(one, other)) === index);

/** https://json-schema.org/draft-04/schema */
const rules: Record<string, (value: unknown) => boolean> = {
  type: (value) => isType(value) || (isSet(value) && value.every(isType)),
  enum: isSet,
  required: (value) => isSet(value) && value.every((name) => typeof name === "string"),
  pattern: (value) => typeof value === "string",
  uniqueItems: (value) => typeof value === "boolean",
  maximum: Number.isFinite,
  minimum: Number.isFinite,
  multipleOf: (value) => Number.isFinite(value) && Number(value) > 0,
  maxLength: isCount,
  minLength: isCount,
  maxProperties: isCount,
  minProperties: isCount,
  properties: isObject,
  allOf: isList,
  anyOf: isList,
  oneOf: isList,
};
