// Which bodies a REST API carries as bytes. It reads all others as UTF-8, and replaces what is none.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
import { isObject, type ReportProblem } from "../property";

export type ContentHandling = "CONVERT_TO_TEXT" | "CONVERT_TO_BINARY" | undefined;

export class BinaryMedia {
  constructor(private readonly types: readonly string[]) {}

  /** @param header `Content-Type`, or `Accept`, of which AWS looks at the first type only */
  includes(header: string | undefined): boolean {
    const type = header?.split(",")[0]?.split(";")[0]?.trim().toLowerCase() ?? "";
    return this.types.some((given) => {
      const known = given.toLowerCase();
      return (
        known === "*/*" || known === type || (known.endsWith("/*") && type.startsWith(known.slice(0, -1)))
      );
    });
  }

  /** What the integration gets of the caller's body. */
  convertRequest(body: Buffer, contentType: string | undefined): Buffer {
    return this.includes(contentType) ? body : asText(body);
  }

  /**
   * What the caller gets of the integration's body; undefined where API Gateway fails. A proxy integration has no content
   * handling, and follows the rows of the table without one.
   */
  convertResponse(
    body: Buffer,
    isBinary: boolean,
    accept: string | undefined,
    handling?: ContentHandling,
  ): Buffer | undefined {
    if (body.length === 0) return body;
    const isText = handling === "CONVERT_TO_TEXT" || (handling === undefined && !this.includes(accept));
    if (isBinary) return isText ? Buffer.from(body.toString("base64")) : body;
    return isText ? asText(body) : decodeBase64(body);
  }
}

/** Bytes that are no UTF-8 become U+FFFD, as in the recordings of localstack/localstack (test_apigateway_s3). */
export function asText(body: Buffer): Buffer {
  return Buffer.from(body.toString());
}

function decodeBase64(body: Buffer): Buffer | undefined {
  const text = body.toString();
  return /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text)
    ? Buffer.from(text, "base64")
    : undefined;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-binary-media-types.html */
export function readBinaryMediaTypes(document: Record<string, unknown>, report: ReportProblem): string[] {
  const { "x-amazon-apigateway-binary-media-types": given = [] } = document;
  const types = Array.isArray(given) ? given.map(String) : [String(given)];
  const strange = types.filter((type) => !/^[^\s/]+\/[^\s/]+$/.test(type));
  if (!Array.isArray(given) || strange.length > 0) {
    report(`Invalid binary media types: ${JSON.stringify(given)}. They are a list such as image/png.`);
  }
  return types;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html */
export function readContentHandling(element: unknown, report: ReportProblem): ContentHandling {
  const given = isObject(element) ? element.contentHandling : undefined;
  if (given === undefined || given === "CONVERT_TO_TEXT" || given === "CONVERT_TO_BINARY") return given;
  report(`Invalid content handling: ${given}. It is CONVERT_TO_TEXT or CONVERT_TO_BINARY.`);
  return undefined;
}
