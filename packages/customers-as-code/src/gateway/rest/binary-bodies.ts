// Bodies that are bytes: a REST API takes the others for UTF-8, and replaces what is none.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
import type { ApiDocument } from "../../openapi/document";

export interface BinarySettings {
  /** Media types of bodies that are bytes, beside those of the document. */
  binaryMediaTypes: readonly string[];
}

/** Those of the document and of the settings; empty if all bodies are text. */
export function combineBinaryMediaTypes(
  { binaryMediaTypes: documented = [] }: Pick<ApiDocument, "binaryMediaTypes">,
  { binaryMediaTypes: given = [] }: Partial<BinarySettings>,
): string[] {
  const all = [...new Set([...documented, ...given])].sort();
  return all.includes("*/*") ? ["*/*"] : all;
}

/** A mock's templates take text. AWS must know that, or it answers 500 to a request for bytes. */
export const asText = { contentHandling: "CONVERT_TO_TEXT" };

/** A REST API drops the header, unless it is mapped; a backend cannot read a compressed body without it. */
export const contentEncoding = "Content-Encoding";
