// Of all that ajv finds, what a person has to know: one error for one mistake.
import type { ErrorObject } from "ajv";
import { isRecord } from "../problems/record";
import { listKnownKeys } from "./known-keys";
import type { OpenApiSchema } from "./openapi-schema";

export function selectRelevantErrors(errors: readonly ErrorObject[], schema: OpenApiSchema): ErrorObject[] {
  const telling = errors.filter((error) => !silent.includes(error.keyword) && unknownKey(error) !== "$ref");
  const apart = telling.filter(
    (error) =>
      !isExplained(error, telling) &&
      !isOfChoice(error, telling) &&
      !isOnlyUnevaluated(error, telling, schema) &&
      !isOfNoKind(error, telling) &&
      !isOfNoResponse(error, telling),
  );
  return apart.filter((error) => !isOfWrongType(error, apart));
}

/** They say only that another error is there, which says more. */
const silent = ["if", "propertyNames"];

/** A reference that cannot be followed stays as it is, and is already reported. */
function unknownKey({ params }: ErrorObject): unknown {
  return params.additionalProperty ?? params.unevaluatedProperty;
}

/** That no alternative fits is explained by what is wrong further down, or by what must not be there. */
function isExplained(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (!isChoice(error)) return false;
  return all.some((other) =>
    isOfBranch(other, error)
      ? other.keyword === "not"
      : hasReference(error) && isBelow(other.instancePath, error.instancePath),
  );
}

/** The errors of single alternatives, if none fits and one error reports that of all of them. */
function isOfChoice(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (isChoice(error) || error.keyword === "not") return false;
  return all.some(
    (choice) =>
      isChoice(choice) &&
      (isOfBranch(error, choice) ||
        // An alternative that is elsewhere in the schema, of another type.
        (error.keyword === "type" && error.instancePath === choice.instancePath && hasReference(choice))),
  );
}

function hasReference({ schema }: ErrorObject): boolean {
  return Array.isArray(schema) && schema.some((branch) => isRecord(branch) && "$ref" in branch);
}

/** What each kind of parameter or security scheme needs, where it is not said which kind it is. */
function isOfNoKind({ schemaPath, instancePath }: ErrorObject, all: readonly ErrorObject[]): boolean {
  return (
    schemaPath.includes("/then/") &&
    all.some(
      ({ keyword, params, instancePath: path }) =>
        keyword === "required" && path === instancePath && ["in", "type"].includes(params.missingProperty),
    )
  );
}

/** That there is no response, where one has a key that is none. */
function isOfNoResponse(
  { keyword, params, schemaPath, instancePath }: ErrorObject,
  all: readonly ErrorObject[],
): boolean {
  return (
    keyword === "required" &&
    params.missingProperty === "default" &&
    schemaPath.includes("/then/") &&
    all.some((other) => other.keyword === "unevaluatedProperties" && other.instancePath === instancePath)
  );
}

/** What else is wrong with a text where there should be a map; and what an empty map lacks. */
function isOfWrongType(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  const hides = error.keyword === "required" ? ["type", "minProperties"] : ["type"];
  return all.some(
    (other) =>
      other !== error &&
      error.keyword !== "type" &&
      other.instancePath === error.instancePath &&
      other.propertyName === undefined &&
      hides.includes(other.keyword),
  );
}

function isChoice({ keyword }: ErrorObject): boolean {
  return keyword === "anyOf" || keyword === "oneOf";
}

function isOfBranch(error: ErrorObject, choice: ErrorObject): boolean {
  return (
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (error.instancePath === choice.instancePath || isBelow(error.instancePath, choice.instancePath))
  );
}

/** A key that is known, but seems not to be while the object has other errors. */
function isOnlyUnevaluated(error: ErrorObject, all: readonly ErrorObject[], schema: OpenApiSchema): boolean {
  if (error.keyword !== "unevaluatedProperties") return false;
  return (
    listKnownKeys(error.parentSchema, schema).includes(String(unknownKey(error))) &&
    all.some(
      ({ keyword, instancePath }) =>
        keyword !== "unevaluatedProperties" &&
        (instancePath === error.instancePath || isBelow(instancePath, error.instancePath)),
    )
  );
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(`${above}/`);
}
