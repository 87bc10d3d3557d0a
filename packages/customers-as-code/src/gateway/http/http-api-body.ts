// The body of the HTTP API: pure, from the company's operations to the OpenAPI document that API Gateway imports.
import type { ApiDocument, Operation } from "../../openapi/document";
import type { BackendArgs } from "../rest/rest-integration";
import { renderHttpIntegration } from "./http-integration";
import { readJwtScopes } from "./jwt-scopes";

export interface HttpApiBodyArgs extends BackendArgs {
  authorizer: LambdaAuthorizer | JwtAuthorizer;
  /** Whether callers come by the API's own domain name only. */
  isEndpointOff?: boolean;
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
    const path = operation.gatewayPath ?? operation.path;
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: renderOperation(operation, args),
    };
  }
  return JSON.stringify({
    openapi: "3.0.1",
    info: { title: renderHttpApiName(api), version: renderHttpApiVersion(api) },
    // The provider sets the flag before the import, and not again after it: it is not documented that an import leaves it.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
    ...(args.isEndpointOff && {
      servers: [
        { url: "/", "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true } },
      ],
    }),
    paths,
    components: { securitySchemes: { authorizer: renderAuthorizer(args.authorizer) } },
  });
}

/** Of its 128 characters at most. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
export function renderHttpApiName({ title }: ApiDocument): string {
  return title.slice(0, 128);
}

/** Of its 64 characters at most. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
export function renderHttpApiVersion({ version }: ApiDocument): string {
  return version.slice(0, 64);
}

function renderOperation(operation: Operation, args: HttpApiBodyArgs): unknown {
  const { operationId, pathParameters, security } = operation;
  const { kind } = args.authorizer;
  // Of a Lambda authorizer no scopes are demanded here: they are the function's matter.
  const scopes = kind === "jwt" ? readJwtScopes(security).scopes : [];
  return {
    operationId,
    parameters: pathParameters.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    responses: { default: { description: "The backend's answer." } },
    security: security.length === 0 ? [] : [{ authorizer: scopes }],
    "x-amazon-apigateway-integration": renderHttpIntegration(operation, args, kind),
  };
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
