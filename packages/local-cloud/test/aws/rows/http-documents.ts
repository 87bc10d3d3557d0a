// Documents that API Gateway does not import as HTTP APIs.
import type { Properties } from "../../../src/engine/provider";
import { httpAuthorizer, httpProxied } from "../../../testing/http-fixture";
import type { RefusedDocuments } from "./row";

export const uri = "http://127.0.0.1:9/";
export const invocation =
  "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:f/invocations";
export const document = (paths: Properties, components: Properties = {}) => ({
  openapi: "3.0.1",
  paths,
  components,
});
export const operation = (integration: Properties) =>
  document({ "/a": { get: httpProxied(uri, integration) } });
const mapping = (key: string, value: unknown = "x") => operation({ requestParameters: { [key]: value } });
export const request = (settings: Properties) =>
  document(
    {},
    httpAuthorizer({
      type: "request",
      authorizerUri: invocation,
      authorizerPayloadFormatVersion: "2.0",
      ...settings,
    }),
  );
export const jwtConfiguration = { issuer: "https://issuer.example/", audience: ["a"] };
export const jwt = (settings: Properties = {}, security: unknown = [{ customers: ["s"] }]) =>
  document(
    { "/a": { get: httpProxied(uri, {}, { security }) } },
    httpAuthorizer({ type: "jwt", jwtConfiguration, ...settings }),
  );
const secured = (security: unknown) => ({
  ...request({}),
  paths: { "/a": { get: httpProxied(uri, {}, { security }) } },
});
export const many = (length: number) =>
  document(
    Object.fromEntries(Array.from({ length }, (_, index) => [`/${index}`, { get: httpProxied(uri) }])),
  );
export const texts = (length: number) => Array.from({ length }, (_, index) => `text:${index}`);
const listener = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/a/1/2";

export const httpDocuments: RefusedDocuments = {
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html": [
    ["Swagger 2.0", { swagger: "2.0", paths: {} }, /support the OpenAPI 3.0 specification only/],
    ["OpenAPI 3.1", { openapi: "3.1.0", paths: {} }, /OpenAPI 3.0/],
    ["no paths", { openapi: "3.0.1" }, /paths is missing/],
    ["an operation without an integration", document({ "/a": { get: {} } }), /GET \/a: has no integration/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html": [
    ["a path without a slash", document({ a: { get: httpProxied(uri) } }), /Invalid route path: a/],
    [
      "something after a greedy variable",
      document({ "/{a+}/b": { get: httpProxied(uri) } }),
      /Invalid route path/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html": [
    // "HTTP APIs support only Lambda proxy and HTTP proxy integrations."
    ["a mock", operation({ type: "mock" }), /only Lambda proxy and HTTP proxy/],
    ["a function that is no proxy", operation({ type: "aws" }), /only Lambda proxy and HTTP proxy/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html": [
    // "Each operation can have only one of IAM authorization, a Lambda authorizer, or a JWT authorizer."
    ["two requirements", secured([{ customers: [] }, { other: [] }]), /multiple security requirements/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html":
    [
      ["an unknown authorizer", secured([{ other: [] }]), /Unable to find the authorizer "other"/],
      ["a TOKEN authorizer", request({ type: "token" }), /takes request or jwt/],
      ["an authorizer without a function", request({ authorizerUri: "arn" }), /Invalid Authorizer URI/],
      [
        "no format of the authorizer's",
        request({ authorizerPayloadFormatVersion: undefined }),
        /is required/,
      ],
      [
        "a validation expression",
        request({ identityValidationExpression: ".*" }),
        /supported only for REST APIs/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html": [
    ["scopes for a function", secured([{ customers: ["s"] }]), /only a JWT authorizer takes scopes/],
    ["no issuer", jwt({ jwtConfiguration: { audience: ["a"] } }), /Issuer must be an https URL/],
    [
      "an issuer without TLS",
      jwt({ jwtConfiguration: { ...jwtConfiguration, issuer: "http://a" } }),
      /https URL/,
    ],
    ["no audience", jwt({ jwtConfiguration: { issuer: "https://a" } }), /Audience must have one/],
    ["two places for a JWT", jwt({ identitySource: "$request.header.A,$request.header.B" }), /It has one/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html":
    [
      [
        "no payload format",
        operation({ payloadFormatVersion: undefined }),
        /payloadFormatVersion is required/,
      ],
      ["format 2.0 to a backend", operation({ payloadFormatVersion: "2.0" }), /1.0 only/],
      ["no address", operation({ uri: "orders" }), /Invalid HTTP endpoint/],
      ["no function", operation({ type: "aws_proxy", payloadFormatVersion: "2.0" }), /Invalid ARN/],
      ["no method", operation({ httpMethod: undefined }), /has no httpMethod/],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html": [
    [
      "a private integration without a link",
      operation({ connectionType: "VPC_LINK", uri: listener }),
      /connectionId is required/,
    ],
    [
      "a private integration with an address",
      operation({ connectionType: "VPC_LINK", connectionId: "a1b2c3" }),
      /not the ARN of a load balancer's listener/,
    ],
    ["TLS settings of a public one", operation({ tlsConfig: {} }), /only for private integrations/],
    ["another connection", operation({ connectionType: "VPN" }), /Invalid connection type: VPN/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html": [
    ["301 routes", many(301), /at most 300 routes/],
    ["a longer timeout", operation({ timeoutInMillis: 30_001 }), /between 50 ms and 30000 ms/],
    ["eleven scopes", jwt({}, [{ customers: texts(11) }]), /at most 10/],
    ["51 audiences", jwt({ jwtConfiguration: { ...jwtConfiguration, audience: texts(51) } }), /at most 50/],
    [
      "eleven authorizers",
      document(
        {},
        {
          securitySchemes: Object.fromEntries(
            texts(11)
              .map((name) => [name, httpAuthorizer({ type: "jwt", jwtConfiguration }).securitySchemes])
              .map(([name, schemes]) => [name, Object(schemes).customers]),
          ),
        },
      ),
      /at most 10/,
    ],
    ["a shorter timeout", operation({ timeoutInMillis: 49 }), /between 50 ms and 30000 ms/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html": [
    ["a longer cache", request({ authorizerResultTtlInSeconds: 3601 }), /from 0 to 3600/],
    [
      "a cache without identity",
      request({ authorizerResultTtlInSeconds: 1, identitySource: "" }),
      /at least one identity source/,
    ],
    [
      "a REST API's identity source",
      request({ identitySource: "method.request.header.A" }),
      /Invalid identity source/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html": [
    ["a REST API's mapping", mapping("integration.request.header.x"), /it is append, overwrite or remove/],
    ["a mapping that appends to the path", mapping("append:path"), /overwritten only/],
    [
      "a mapping without a value",
      mapping("remove:header.x", ""),
      /an empty value is no mapping; remove takes ''/,
    ],
    ["a mapping from a number", mapping("append:header.x", 7), /must be a string/],
    [
      "a mapping from nowhere",
      mapping("append:header.x", "$request.cookie.x"),
      /request.cookie.x is no variable/,
    ],
    ["a mapping of Authorization", mapping("overwrite:header.Authorization"), /Authorization is reserved/],
    ["a mapping of x-amz-date", mapping("overwrite:header.x-amz-date"), /reserved/],
  ],
  "local: the local gateway does not run it": [
    ["CORS", { ...document({}), "x-amazon-apigateway-cors": {} }, /does not support/],
    [
      "format 1.0 to a function",
      operation({ type: "aws_proxy", uri: invocation }),
      /speaks the payload format 2.0/,
    ],
    [
      "another format of it",
      request({ authorizerPayloadFormatVersion: "1.0" }),
      /speaks the payload format 2.0/,
    ],
    ["a mapping of the host", mapping("overwrite:header.Host"), /maps no Host/],
    [
      "an integration of a service",
      operation({ integrationSubtype: "SQS-SendMessage" }),
      /has integrationSubtype, which the local gateway does not support/,
    ],
    [
      "a mapping of the response",
      operation({ responseParameters: {} }),
      /has responseParameters, which the local gateway does not support/,
    ],
  ],
};
