// Checks an OpenAPI document against the official schema, and reports each mistake once, with its place.
import type { ErrorObject } from "ajv";
import type { Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import type { Source } from "../problems/source";
import { describePath } from "./describe-path";
import { type DocumentElement, parseJsonPointer } from "./element";
import { compileOpenApiSchema, type OpenApiVersion } from "./openapi-schema";
import { explainError } from "./structure-error";
import { selectRelevantErrors } from "./structure-noise";

/**
 * @param document with its references followed
 * @param schemas those in other files, which the schema of 3.1 leaves to a dialect of JSON Schema
 */
export function checkStructure(
  document: Source,
  schemas: readonly DocumentElement[],
  version: OpenApiVersion,
): Problem[] {
  const schema = compileOpenApiSchema(version);
  const found: Problem[] = [];
  // What several references point to is checked several times.
  const told = new Set<string>();
  const tell = (
    errors: readonly ErrorObject[],
    root: unknown,
    source: Source,
    above: readonly PropertyKey[],
  ) => {
    for (const error of selectRelevantErrors(errors, schema)) {
      const path = pathOf(error.instancePath, root);
      const { key, at, message } = explainError(error, schema);
      const place =
        key === undefined ? source.at([...above, ...path, ...at]) : source.atKey([...above, ...path], key);
      const once = JSON.stringify([place, at, message]);
      if (told.has(once)) continue;
      told.add(once);
      const where = describePath([...above, ...path, ...at]);
      found.push({
        ...place,
        code: "openapi-structure",
        message: where === "" ? message : `${where}: ${message}`,
      });
    }
  };
  if (!schema.validateDocument(document.value))
    tell(schema.validateDocument.errors ?? [], document.value, document, []);
  for (const { source, path, value } of schemas) {
    if (!schema.validateSchema(value)) tell(schema.validateSchema.errors ?? [], value, source, path);
  }
  return found;
}

/** The keys of a JSON pointer, positions in lists as numbers. */
function pathOf(pointer: string, root: unknown): PropertyKey[] {
  let value = root;
  return parseJsonPointer(pointer).map((key) => {
    const isList = Array.isArray(value);
    value = isList || isRecord(value) ? Reflect.get(Object(value), key) : undefined;
    return isList ? Number(key) : key;
  });
}
