// Of all that ajv finds, what a person has to know: one error for one mistake.
import type { ErrorObject } from "ajv";
import { knownKeys } from "./known-keys";
import type { OpenApiSchema } from "./openapi-schema";

export function relevantErrors(errors: readonly ErrorObject[], schema: OpenApiSchema): ErrorObject[] {
  const telling = errors.filter(({ keyword }) => !silent.includes(keyword));
  return telling.filter(
    (error) =>
      !isExplained(error, telling) &&
      !isOnlyUnevaluated(error, telling, schema) &&
      !isOfChoice(error, telling),
  );
}

/** They say only that another error is there, which says more. `$ref` is told where it cannot be followed. */
const silent = ["if", "propertyNames", "$ref"];

/** That no alternative fits is explained by what is wrong further down, or by what must not be there. */
function isExplained(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (!isChoice(error)) return false;
  return all.some((other) =>
    isOfBranch(other, error) ? other.keyword === "not" : isBelow(other.instancePath, error.instancePath),
  );
}

/** The errors of single alternatives, where none fits and that is said of all of them together. */
function isOfChoice(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (isChoice(error) || error.keyword === "not") return false;
  return all.some(
    (choice) =>
      isChoice(choice) &&
      (isOfBranch(error, choice) ||
        // An alternative that is a reference has another path in the schema; it is wrong by its kind.
        (error.keyword === "type" && error.instancePath === choice.instancePath)),
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
  const key = String(error.params.unevaluatedProperty);
  return (
    knownKeys(error.parentSchema, schema).includes(key) &&
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
