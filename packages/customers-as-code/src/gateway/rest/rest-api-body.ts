// The body of the REST API: pure, from the company's operations to the OpenAPI document that API Gateway imports.

import type { ApiDocument, Operation } from "../../openapi/document";
import { type CorsSettings, renderPreflight, renderRefusalHeaders } from "../cors";
import { asText, type BinarySettings, combineBinaryMediaTypes, contentEncoding } from "./binary-bodies";
import { checksParameters, selectParameters } from "./request-parameters";
import { type BackendArgs, renderRestIntegration } from "./rest-integration";

export interface RestApiBodyArgs
  extends BackendArgs,
    Partial<CorsSettings>,
    Partial<ValidationSettings>,
    Partial<BinarySettings> {
  /** Invocation ARN of the authorizer function. */
  authorizerUri: string;
  /** Seconds for which API Gateway remembers the policy of a token; 0 to 3600. */
  authorizerCacheSeconds: number;
  /** Whether each request counts in a usage plan, whose API key the authorizer names. */
  metersUsage?: boolean;
}

export interface ValidationSettings {
  /** What API Gateway refuses by itself: requests without their required parameters, with wrong bodies, or both. */
  validateRequests: "none" | "parameters" | "body" | "all";
}

/**
 * Renders only what API Gateway acts upon: routes, the authorizer, integrations and gateway responses. The same
 * arguments give the same bytes.
 */
export function renderRestApiBody(api: ApiDocument, args: RestApiBodyArgs): string {
  const paths: Record<string, Record<string, unknown>> = {};
  const binaryMediaTypes = combineBinaryMediaTypes(api, args);
  const hasBinary = binaryMediaTypes.length > 0;
  // With compression, API Gateway decompresses requests itself, so the header would no longer be true.
  const passesEncoding = hasBinary && api.minimumCompressionSize === undefined;
  for (const operation of api.operations) {
    const path = operation.gatewayPath ?? operation.path;
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: renderOperation(operation, { ...args, hasBinary, passesEncoding }),
    };
  }
  const [origin] = args.corsAllowedOrigins ?? [];
  if (origin !== undefined) addPreflights(api, origin, paths, hasBinary);
  return JSON.stringify({
    openapi: "3.0.1",
    info: { title: api.title, version: api.version },
    paths,
    components: {
      securitySchemes: { authorizer: renderAuthorizer(args), ...(args.metersUsage && { api_key: apiKey }) },
      ...(checks(args).body && { schemas: api.models ?? {} }),
    },
    // What a caller sends as a key is not looked at.
    ...(args.metersUsage && { "x-amazon-apigateway-api-key-source": "AUTHORIZER" }),
    ...(hasBinary && { "x-amazon-apigateway-binary-media-types": binaryMediaTypes }),
    ...(api.minimumCompressionSize !== undefined && {
      "x-amazon-apigateway-minimum-compression-size": api.minimumCompressionSize,
    }),
    ...renderValidator(args),
    "x-amazon-apigateway-gateway-responses": gatewayResponses(renderRefusalHeaders(origin)),
  });
}

/** A path that has an OPTIONS of its own answers browsers itself. */
function addPreflights(
  api: ApiDocument,
  origin: string,
  paths: Record<string, Record<string, unknown>>,
  hasBinary: boolean,
) {
  for (const [path, item] of Object.entries(paths)) {
    const operations = api.operations.filter(
      (operation) => (operation.gatewayPath ?? operation.path) === path,
    );
    item.options ??= renderPreflight(api, operations, origin, hasBinary ? asText : {});
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validators.html */
function renderValidator(args: RestApiBodyArgs): Record<string, unknown> {
  const { parameters, body } = checks(args);
  if (!parameters && !body) return {};
  return {
    "x-amazon-apigateway-request-validators": {
      requests: { validateRequestParameters: parameters, validateRequestBody: body },
    },
    "x-amazon-apigateway-request-validator": "requests",
  };
}

function checks({ validateRequests = "none" }: RestApiBodyArgs): { parameters: boolean; body: boolean } {
  return {
    parameters: checksParameters({ validateRequests }),
    body: validateRequests === "body" || validateRequests === "all",
  };
}

function renderOperation(
  operation: Operation,
  args: RestApiBodyArgs & { hasBinary: boolean; passesEncoding: boolean },
): unknown {
  const { operationId, pathParameters, security, request } = operation;
  const { parameters, body } = checks(args);
  const ofPath = pathParameters.map((name) => ({ name, in: "path", required: true }));
  const others = parameters ? selectParameters(operation).declared : [];
  // By the document's spelling, if it declares the header: there is one parameter of a name.
  const declared = others.find(
    ({ name, in: place }) => place === "header" && name.toLowerCase() === contentEncoding.toLowerCase(),
  );
  const encoding = { name: declared?.name ?? contentEncoding, in: "header" as const, required: false };
  const { responses, integration, mapsEncoding } = renderRestIntegration(operation, {
    ...args,
    ...(args.passesEncoding && { encodingHeader: encoding.name }),
  });
  if (mapsEncoding && !declared) others.push(encoding);
  const content = Object.entries(body ? (request?.body ?? {}) : {}).map(([type, schema]) => [
    type,
    { schema },
  ]);
  return {
    operationId,
    parameters: [...ofPath, ...others].map((parameter) => ({ ...parameter, schema: { type: "string" } })),
    ...(content.length > 0 && { requestBody: { required: true, content: Object.fromEntries(content) } }),
    responses,
    security:
      security.length === 0 ? [] : [{ authorizer: [] }, ...(args.metersUsage ? [{ api_key: [] }] : [])],
    "x-amazon-apigateway-integration": integration,
  };
}

function renderAuthorizer({ authorizerUri, authorizerCacheSeconds }: RestApiBodyArgs): unknown {
  return {
    type: "apiKey",
    name: "Authorization",
    in: "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type: "token",
      authorizerUri,
      authorizerResultTtlInSeconds: authorizerCacheSeconds,
      // What is no bearer token at all (RFC 6750) is answered with 401 at no cost.
      identityValidationExpression:
        "^[Bb][Ee][Aa][Rr][Ee][Rr] +[-A-Za-z0-9_]+\\.[-A-Za-z0-9_]+\\.[-A-Za-z0-9_]+$",
    },
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-usage-plan-oas.html */
const apiKey = { type: "apiKey", name: "x-api-key", in: "header" };

/**
 * Bodies as OAuth clients know them (RFC 6749 section 5.2), challenges as RFC 6750 section 3 has them.
 * @param headers of all of them
 */
function gatewayResponses(headers: Record<string, string>): Record<string, unknown> {
  const response = (status: number, body: Record<string, string>, own: Record<string, string> = {}) => ({
    statusCode: String(status),
    ...renderHeaders({ ...own, ...headers }),
    responseTemplates: { "application/json": JSON.stringify(body) },
  });
  /** For every other refusal; keeps API Gateway's status code. `messageString` is a quoted JSON string. */
  const fallback = (error: string) => ({
    ...(Object.keys(headers).length > 0 && renderHeaders(headers)),
    responseTemplates: {
      "application/json": `{"error":"${error}","error_description":$context.error.messageString}`,
    },
  });
  const undecided = response(
    503,
    {
      error: "temporarily_unavailable",
      error_description: "The access token could not be checked. Try again.",
    },
    { "Retry-After": "5" },
  );
  return {
    UNAUTHORIZED: response(
      401,
      {
        error: "invalid_token",
        error_description: "The access token is missing, expired or not valid for this API.",
      },
      { "WWW-Authenticate": `Bearer error="invalid_token"` },
    ),
    ACCESS_DENIED: response(
      403,
      {
        error: "$context.authorizer.oauth_error",
        error_description: "$context.authorizer.oauth_error_description",
      },
      { "WWW-Authenticate": `Bearer error="insufficient_scope"` },
    ),
    // The authorizer could not decide, for example because the tenant's keys are out of reach: not the caller's fault.
    // AWS does not say which of the two types an authorizer's error has.
    AUTHORIZER_FAILURE: undecided,
    AUTHORIZER_CONFIGURATION_ERROR: undecided,
    // By the plan, or by the limits of the stage or the account; what a bucket lacks is there a second later.
    THROTTLED: response(
      429,
      { error: "too_many_requests", error_description: "Too many requests at once. Wait, and try again." },
      { "Retry-After": "1" },
    ),
    // API Gateway does not report when the period ends, so there is no Retry-After that would be true.
    QUOTA_EXCEEDED: response(429, {
      error: "quota_exceeded",
      error_description: "The plan's requests for this period are used up.",
    }),
    // Callers have no keys and can do nothing about one: a customer's is just being moved to another plan.
    INVALID_API_KEY: response(
      503,
      {
        error: "temporarily_unavailable",
        error_description: "The plan of the organization is being changed. Try again.",
      },
      { "Retry-After": "5" },
    ),
    // What API Gateway answers where no route matches.
    MISSING_AUTHENTICATION_TOKEN: response(404, {
      error: "not_found",
      error_description: "The API has no such operation.",
    }),
    DEFAULT_4XX: fallback("invalid_request"),
    DEFAULT_5XX: fallback("server_error"),
  };
}

function renderHeaders(headers: Record<string, string>): { responseParameters: Record<string, string> } {
  return {
    responseParameters: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]),
    ),
  };
}
