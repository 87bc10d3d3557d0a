// What API Gateway warns of at an import, and refuses with "fail on warnings".
import { isObject, type ReportProblem } from "../property";

/** https://spec.openapis.org/oas/v3.0.4.html#components-object */
const componentKeys = [
  "schemas",
  "responses",
  "parameters",
  "examples",
  "requestBodies",
  "headers",
  "securitySchemes",
  "links",
  "callbacks",
];

/** TestAccAPIGatewayRestAPI_FailOnWarnings of hashicorp/terraform-provider-aws has such a document. */
export function warnOfComponents({ components }: Record<string, unknown>, warn: ReportProblem): void {
  for (const key of Object.keys(isObject(components) ? components : {})) {
    if (componentKeys.includes(key) || key.startsWith("x-")) continue;
    warn(`Warnings found during import: attribute components.${key} is unexpected`);
  }
}

/** TestAccAPIGatewayV2API_OpenAPI_failOnWarnings of hashicorp/terraform-provider-aws has a response whose model is missing. */
export function warnOfReferences(document: Record<string, unknown>, warn: ReportProblem): void {
  const missing = listReferences(document).filter((reference) => !isThere(document, reference));
  for (const reference of new Set(missing)) {
    warn(`Warnings found during import: there is nothing at ${reference}`);
  }
}

function listReferences(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listReferences);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : listReferences(inner),
  );
}

function isThere(document: unknown, reference: string): boolean {
  if (!reference.startsWith("#/")) return false;
  let found = document;
  for (const part of reference.slice(2).split("/")) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    found = isObject(found) ? found[name] : undefined;
  }
  return found !== undefined;
}
