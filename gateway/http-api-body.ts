// The body of the HTTP API: pure, from the company's operations to the OpenAPI document that API Gateway imports.
import type { ApiDocument, Operation } from "./document";
import { jwtScopes } from "./jwt-scopes";
import { identityHeaders } from "./rest-api-body";

export interface HttpApiBodyArgs {
  authorizer: LambdaAuthorizer | JwtAuthorizer;
  /** Base URL of the company's own service; paths are appended to it. */
  backendUrl: string;
}

export interface LambdaAuthorizer {
  kind: "lambda";
  /** Invocation ARN of the authorizer function. */
  uri: string;
  /** Seconds for which API Gateway remembers the policy of a token; 0 to 3600. */
  cacheSeconds: number;
}

export interface JwtAuthorizer {
  kind: "jwt";
  /** Issuer of the tokens, with a slash at the end. */
  issuer: string;
  audience: string;
}

/**
 * One resource for all routes, integrations and the authorizer: created apart, 300 operations would be 600 resources.
 * The same arguments give the same bytes.
 */
export function renderHttpApiBody(api: ApiDocument, args: HttpApiBodyArgs): string {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of api.operations) {
    paths[operation.path] ??= {};
    Object.assign(paths[operation.path] ?? {}, {
      [operation.method.toLowerCase()]: renderOperation(operation, args),
    });
  }
  return JSON.stringify({
    openapi: "3.0.1",
    info: { title: api.title, version: httpApiVersion(api) },
    paths,
    components: { securitySchemes: { authorizer: renderAuthorizer(args.authorizer) } },
  });
}

/** Of its 64 characters at most. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
export function httpApiVersion({ version }: ApiDocument): string {
  return version.slice(0, 64);
}

function renderOperation(operation: Operation, { authorizer, backendUrl }: HttpApiBodyArgs): unknown {
  const { method, path, operationId, pathParameters, security } = operation;
  const isPublic = security.length === 0;
  // Of a Lambda authorizer no scopes are demanded here: they are the function's matter.
  const scopes = authorizer.kind === "jwt" ? jwtScopes(security).scopes : [];
  return {
    operationId,
    parameters: pathParameters.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    responses: { default: { description: "The backend's answer." } },
    security: isPublic ? [] : [{ authorizer: scopes }],
    "x-amazon-apigateway-integration": {
      type: "http_proxy",
      httpMethod: method,
      uri: backendUrl.replace(/\/$/, "") + path.replace("+}", "}"),
      payloadFormatVersion: "1.0",
      timeoutInMillis: 29_000,
      requestParameters: renderIdentity(isPublic ? "public" : authorizer.kind),
    },
  };
}

/**
 * What the backend learns of the caller, in the place of whatever the caller wrote there itself.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
function renderIdentity(caller: "public" | "lambda" | "jwt"): Record<string, string> {
  return Object.fromEntries(
    Object.entries(identityHeaders).map(([header, property]) => {
      const name = header.toLowerCase();
      // A token may lack the claims, and it is not documented that a mapping without a value takes the caller's header
      // away. So there are no such headers at all: the backend reads the token, which API Gateway has verified.
      if (caller === "jwt") return [`remove:header.${name}`, ""];
      return [`overwrite:header.${name}`, caller === "public" ? "-" : `$context.authorizer.${property}`];
    }),
  );
}

function renderAuthorizer(authorizer: LambdaAuthorizer | JwtAuthorizer): unknown {
  const identitySource = "$request.header.Authorization";
  if (authorizer.kind === "jwt") {
    const { issuer, audience } = authorizer;
    return {
      type: "oauth2",
      "x-amazon-apigateway-authorizer": {
        type: "jwt",
        jwtConfiguration: { issuer, audience: [audience] },
        identitySource,
      },
    };
  }
  return {
    type: "apiKey",
    name: "Authorization",
    in: "header",
    "x-amazon-apigateway-authorizer": {
      type: "request",
      authorizerUri: authorizer.uri,
      authorizerPayloadFormatVersion: "2.0",
      authorizerResultTtlInSeconds: authorizer.cacheSeconds,
      // A policy speaks of the whole API, so that one answer to a token is good for every route, as in a REST API. A
      // simple response would need $context.routeKey as second identity source: a call for each token and route.
      enableSimpleResponses: false,
      identitySource,
    },
  };
}
