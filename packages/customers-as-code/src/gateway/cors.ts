// Cross-origin requests, for APIs that are called by browsers: pure, from the settings to what each kind of API needs.
import type { ApiDocument, Operation } from "../openapi/document";

export interface CorsSettings {
  /** Origins such as `https://app.example.com`, or `*`; empty for none, since services need no CORS. */
  corsAllowedOrigins: readonly string[];
}

/** Seconds for which a browser remembers the answer to its question. */
const maxAge = 600;

/** What customers read in refusals beside the body. */
const exposed = ["WWW-Authenticate", "Retry-After"];

/** Headers that callers may send: those of the document, beside the token and the body's type. */
function listAllowedHeaders({ operations }: Pick<ApiDocument, "operations">): string[] {
  const declared = operations.flatMap(({ request }) =>
    (request?.parameters ?? []).flatMap(({ name, in: place }) => (place === "header" ? [name] : [])),
  );
  const all = new Map(
    ["Authorization", "Content-Type", ...declared].map((name) => [name.toLowerCase(), name]),
  );
  return [...all.values()];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
export function renderHttpCors(api: ApiDocument, { corsAllowedOrigins }: CorsSettings) {
  if (corsAllowedOrigins.length === 0) return undefined;
  return {
    allowOrigins: [...corsAllowedOrigins],
    allowMethods: [...new Set([...api.operations.map(({ method }) => method), "OPTIONS"])],
    allowHeaders: listAllowedHeaders(api),
    exposeHeaders: exposed,
    maxAge,
  };
}

/**
 * The operation that answers a browser's question about a path of a REST API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/enable-cors-for-resource-using-swagger-importer-tool.html
 * @param operations those of the path
 * @param handling of bodies, if the API has binary media types
 */
export function renderPreflight(
  api: ApiDocument,
  operations: readonly Operation[],
  origin: string,
  handling: { contentHandling?: string } = {},
): Record<string, unknown> {
  const headers: Record<string, string> = {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Methods": [...operations.map(({ method }) => method), "OPTIONS"].join(","),
    "Access-Control-Allow-Headers": listAllowedHeaders(api).join(","),
    "Access-Control-Max-Age": String(maxAge),
  };
  return {
    parameters: (operations[0]?.pathParameters ?? []).map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    responses: {
      "204": {
        description: "What browsers may do.",
        headers: Object.fromEntries(
          Object.keys(headers).map((name) => [name, { schema: { type: "string" } }]),
        ),
      },
    },
    // A browser asks without a token.
    security: [],
    "x-amazon-apigateway-integration": {
      type: "mock",
      passthroughBehavior: "never",
      ...handling,
      requestTemplates: { "application/json": '{"statusCode":204}' },
      responses: {
        default: {
          statusCode: "204",
          ...handling,
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
          ),
        },
      },
    },
  };
}

/** Without them, no browser shows its page why a request was refused: what a REST API answers by itself. */
export function renderRefusalHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {};
  return { "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed.join(",") };
}
