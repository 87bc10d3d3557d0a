// What API Gateway can check of requests before the backend gets them: parameters that must be there, and JSON bodies.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
import { asRecord, isRecord } from "../problems/record";
import type { ModelSchema } from "./models";

export interface RequestShape {
  /** Of the query and among the headers. */
  parameters: RequestParameter[];
  /** By media type; empty where the document lets the body be absent, since API Gateway would refuse that. */
  body: Record<string, ModelSchema>;
}

interface RequestParameter {
  name: string;
  in: "query" | "header";
  required: boolean;
}

/** What has to be known of the document's schemas. */
export interface RequestSchemas {
  model(schema: unknown): ModelSchema | undefined;
  mayBeObject(schema: unknown): boolean;
}

/**
 * @param item the path item, with its references followed
 * @returns undefined where there is nothing to check
 */
export function readRequest(
  item: Record<string, unknown>,
  operation: Record<string, unknown>,
  schemas: RequestSchemas,
): RequestShape | undefined {
  // An operation's own parameter takes the place of its path's with the same name.
  const parameters = new Map<string, RequestParameter>();
  for (const one of [item.parameters, operation.parameters].flatMap((list) =>
    readParameters(list, schemas),
  )) {
    parameters.set(`${one.in} ${one.name}`, one);
  }
  const { required, content } = asRecord(operation.requestBody);
  const body: Record<string, ModelSchema> = {};
  for (const [mediaType, media] of Object.entries(required === true ? asRecord(content) : {})) {
    const schema = isJson(mediaType) ? schemas.model(asRecord(media).schema) : undefined;
    if (schema) body[mediaType.toLowerCase()] = schema;
  }
  if (parameters.size === 0 && Object.keys(body).length === 0) return undefined;
  return { parameters: [...parameters.values()], body };
}

function readParameters(list: unknown, schemas: RequestSchemas): RequestParameter[] {
  return (Array.isArray(list) ? list.filter(isRecord) : []).flatMap((parameter) => {
    const { name, in: place, required } = parameter;
    if (typeof name !== "string" || (place !== "query" && place !== "header")) return [];
    // OpenAPI passes over these; API Gateway takes no others, such as filter[status].
    const isPassedOver = place === "header" && /^(accept|authorization|content-type)$/i.test(name);
    if (isPassedOver || !/^[\w.$-]+$/.test(name)) return [];
    return [{ name, in: place, required: required === true && comesByName(parameter, schemas) }];
  });
}

/** Whether API Gateway finds a value under the parameter's name, and does not take it for a missing one. */
function comesByName(parameter: Record<string, unknown>, schemas: RequestSchemas): boolean {
  const { in: place, style = "form", explode = style === "form", schema, allowEmptyValue } = parameter;
  if (place !== "query") return true;
  if (allowEmptyValue === true) return false;
  // Names such as filter[status], or ids[0] where a list is written so, too.
  if (style === "deepObject") return false;
  // The properties of a map come by their own names.
  return !(style === "form" && explode !== false && schemas.mayBeObject(schema));
}

/** Media types whose bodies are JSON, without parameters, which API Gateway does not compare. */
function isJson(mediaType: string): boolean {
  return /^application\/([\w.-]+\+)?json$/i.test(mediaType);
}
