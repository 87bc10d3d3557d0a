// Which keys a part of an OpenAPI document may have.
import { isRecord } from "../problems/record";
import type { OpenApiSchema } from "./openapi-schema";

/** Every key that the schema names, whatever it depends on. */
export function listKnownKeys(schema: unknown, { findSubschema }: OpenApiSchema): string[] {
  const keys = new Set<string>();
  const visited = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit);
    if (!isRecord(part) || visited.has(part)) return;
    visited.add(part);
    for (const key of Object.keys(isRecord(part.properties) ? part.properties : {})) keys.add(key);
    for (const applicator of ["allOf", "anyOf", "oneOf", "if", "then", "else"]) visit(part[applicator]);
    if (isRecord(part.dependentSchemas)) Object.values(part.dependentSchemas).forEach(visit);
    if (typeof part.$ref === "string") visit(findSubschema(part.$ref));
  };
  visit(schema);
  return [...keys].filter((key) => key !== "$ref");
}
