// Bodies that a REST API with a minimum compression size compresses for its callers, and decompresses for its backends.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import type { ReportProblem } from "../property";
import { maxPayloadBytes } from "./payload";

const mostBytes = 10_485_760;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-openapi-minimum-compression-size.html */
export function readMinimumCompressionSize(
  document: Record<string, unknown>,
  report: ReportProblem,
): number | undefined {
  const { "x-amazon-apigateway-minimum-compression-size": size } = document;
  if (size === undefined) return undefined;
  if (typeof size === "number" && Number.isInteger(size) && size >= 0 && size <= mostBytes) return size;
  report(`Invalid minimum compression size: ${JSON.stringify(size)}. It is 0 to ${mostBytes}.`);
  return undefined;
}

/**
 * A caller's body without its encoding; undefined if the encoding is unknown, or the body is not encoded so, which is 415:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html
 */
export function decompressRequest(body: Buffer, encoding: string | undefined): Buffer | undefined {
  if (body.length === 0 || encoding === undefined) return body;
  const decompress = decoders.get(encoding.trim().toLowerCase());
  try {
    return decompress?.(body);
  } catch {
    return undefined;
  }
}

const decoders = new Map<string, (body: Buffer) => Buffer>([
  ["identity", (body) => body],
  // Nothing larger would be taken without its encoding either.
  ["gzip", (body) => gunzipSync(body, { maxOutputLength: maxPayloadBytes })],
  ["deflate", (body) => inflateSync(body, { maxOutputLength: maxPayloadBytes })],
]);

/** What the backend has encoded itself stays as it is. @param headers names and values by turns */
export function compressAnswer(
  body: Buffer,
  { accepted, headers, minimumSize }: { accepted: string; headers: readonly string[]; minimumSize: number },
): { body: Buffer; encoding: string } | undefined {
  const isEncoded = headers.some(
    (name, index) => index % 2 === 0 && name.toLowerCase() === "content-encoding",
  );
  if (isEncoded || body.length === 0 || body.length < minimumSize) return undefined;
  const encodings = accepted.split(",").map((one) => one.split(";")[0]?.trim().toLowerCase());
  if (encodings.includes("gzip")) return { body: gzipSync(body), encoding: "gzip" };
  return encodings.includes("deflate") ? { body: deflateSync(body), encoding: "deflate" } : undefined;
}
