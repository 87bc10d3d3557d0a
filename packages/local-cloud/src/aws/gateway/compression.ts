// Answers of a REST API that are compressed for callers who accept that.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
import { deflateSync, gzipSync } from "node:zlib";
import type { ReportProblem } from "../property";

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
