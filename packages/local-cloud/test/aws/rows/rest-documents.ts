// Documents that API Gateway does not import as REST APIs.
import type { Properties } from "../../../src/engine/provider";
import { proxied } from "../../../testing/fixture";
import type { RefusedDocuments } from "./row";

export const uri = "http://127.0.0.1:9/";
const loadBalancer = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/a/1";
const mockTemplate = { "application/json": '{"statusCode": 200}' };

export const document = (paths: Properties, more: Properties = {}) => ({ openapi: "3.0.1", paths, ...more });
const scheme = (settings: Properties): Properties => ({
  components: {
    securitySchemes: {
      customers: {
        type: "apiKey",
        in: "header",
        name: "Authorization",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri:
            "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:f/invocations",
          ...settings,
        },
      },
    },
  },
});
const operation = (integration: Properties) => document({ "/a": { get: proxied(uri, integration) } });
export const secured = (settings: Properties) => document({ "/a": { get: proxied(uri) } }, scheme(settings));

export const restDocuments: RefusedDocuments = {
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html": [
    ["OpenAPI 3.1", { openapi: "3.1.0", paths: {} }, /version "3.1.0" is not 3.0/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html":
    [
      [
        "a gateway response that is no object",
        gatewayResponse("ACCESS_DENIED", "denied"),
        /the gateway response ACCESS_DENIED must be an object/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html": [
    ["no paths", { openapi: "3.0.1" }, /paths is missing/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html": [
    ["a path without a slash", document({ orders: { get: proxied(uri) } }), /orders must begin with \//],
    ["an empty part", document({ "/a//b": { get: proxied(uri) } }), /empty part/],
    [
      "a variable within a part",
      document({ "/a-{b}": { get: proxied(uri) } }),
      /curly braces at the beginning and the end/,
    ],
    [
      "two names for one variable part",
      document({ "/a/{b}": { get: proxied(uri) }, "/a/{c}/d": { get: proxied(uri) } }),
      /sibling \(\{b\}\).*already has a variable path part/,
    ],
    [
      "a variable part beside a greedy one",
      document({ "/{a+}": { get: proxied(uri) }, "/{b}": { get: proxied(uri) } }),
      /sibling \(\{a\+\}\).*already has a variable path part/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html": [
    [
      "something after a greedy part",
      document({ "/{a+}/b": { get: proxied(uri) } }),
      /nothing may follow the greedy/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html":
    [
      [
        "an unknown authorizer",
        document({ "/a": { get: proxied(uri, {}, { security: [{ nobody: [] }] }) } }),
        /Unable to find the authorizer "nobody"/,
      ],
      [
        "two authorizers for a method",
        document(
          { "/a": { get: proxied(uri, {}, { security: [{ customers: [] }, { customers: [] }] }) } },
          scheme({}),
        ),
        /a method has one authorizer at most/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-api-key-source.html":
    [
      [
        "API keys from anywhere else",
        document({}, { "x-amazon-apigateway-api-key-source": "COOKIE" }),
        /Invalid API key source: COOKIE/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html": [
    [
      "an authorizer's plain function ARN",
      secured({ authorizerUri: "arn:aws:lambda:eu-central-1:123456789012:function:f" }),
      /Invalid Authorizer URI/,
    ],
    [
      "a TTL over an hour",
      secured({ authorizerResultTtlInSeconds: 3601 }),
      /from 0 to 3600 seconds, not 3601/,
    ],
    [
      "an identity source that is none",
      secured({ identitySource: "Authorization" }),
      /Invalid identity source: Authorization/,
    ],
    [
      "a broken validation expression",
      secured({ identityValidationExpression: "(" }),
      /Invalid identity validation expression/,
    ],
    [
      "a cache without an identity source",
      secured({ type: "request" }),
      /identity source is required where results are cached/,
    ],
    [
      "two identity sources of a token",
      secured({ identitySource: "method.request.header.A,method.request.header.B" }),
      /a token authorizer has one identity source/,
    ],
    [
      "a TTL that is no whole number",
      secured({ authorizerResultTtlInSeconds: 0.5 }),
      /from 0 to 3600 seconds, not 0.5/,
    ],
    ["a TTL under 0", secured({ authorizerResultTtlInSeconds: -1 }), /from 0 to 3600 seconds, not -1/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html": [
    ["an integration without httpMethod", operation({ httpMethod: undefined }), /no httpMethod/],
    [
      "a URI that is none",
      operation({ uri: "orders.internal" }),
      /Invalid HTTP endpoint specified for URI: "orders.internal"/,
    ],
    ["a timeout over 29 s", operation({ timeoutInMillis: 30_000 }), /between 50 ms and 29000 ms/],
    ["a timeout under 50 ms", operation({ timeoutInMillis: 49 }), /between 50 ms and 29000 ms/],
    [
      "a function's plain ARN",
      operation({
        type: "aws_proxy",
        httpMethod: "POST",
        uri: "arn:aws:lambda:eu-central-1:123456789012:function:f",
      }),
      /Invalid ARN/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-openapi-minimum-compression-size.html":
    [
      [
        "a minimum compression size that is none",
        document({}, { "x-amazon-apigateway-minimum-compression-size": -1 }),
        /Invalid minimum compression size: -1\. It is 0 to 10485760\./,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-binary-media-types.html":
    [
      [
        "a binary media type that is none",
        document({}, { "x-amazon-apigateway-binary-media-types": ["png"] }),
        /Invalid binary media types: \["png"\]/,
      ],
      [
        "binary media types that are no list",
        document({}, { "x-amazon-apigateway-binary-media-types": "image/png" }),
        /Invalid binary media types: "image\/png"/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html":
    [
      [
        "a content handling that is none",
        operation({ type: "mock", requestTemplates: mockTemplate, contentHandling: "TEXT" }),
        /Invalid content handling: TEXT/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html":
    [
      [
        "more than 300 resources",
        document(Object.fromEntries([...Array(150).keys()].map((n) => [`/a${n}/b`, { get: proxied(uri) }]))),
        /^301 resources: a REST API has at most 300/,
      ],
    ],
  "recorded: localstack/localstack, test_apigateway_api.py, test_method_request_parameters": [
    [
      "one name in the path and in the query",
      document({
        "/a/{id}": {
          get: proxied(
            uri,
            {},
            {
              parameters: [
                { name: "id", in: "path" },
                { name: "id", in: "query" },
              ],
            },
          ),
        },
      }),
      /^GET \/a\/\{id\}: Parameter names must be unique across querystring, header and path$/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validator.html":
    [
      [
        "an unknown validator",
        document({ "/a": { get: proxied(uri) } }, { "x-amazon-apigateway-request-validator": "strict" }),
        /Invalid Request Validator: there is no "strict"/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html": [
    [
      "a model whose name is not alphanumeric",
      document({ "/a": { get: proxied(uri) } }, { components: { schemas: { "new-order": {} } } }),
      /Model name must be alphanumeric: new-order/,
    ],
    [
      "a model with a value twice",
      document({ "/a": { get: proxied(uri) } }, { components: { schemas: { A: { enum: ["a", "a"] } } } }),
      /Unable to create model for 'A': Invalid model schema specified: "enum": \["a","a"\]/,
    ],
    [
      "a model that isn't a schema of draft 4",
      document(
        { "/a": { get: proxied(uri) } },
        { components: { schemas: { A: { allOf: [{ properties: { b: { type: "text" } } }] } } } },
      ),
      /Unable to create model for 'A': Invalid model schema specified: "type": "text"/,
    ],
    [
      "a body whose schema isn't one",
      document({
        "/a": {
          get: proxied(
            uri,
            {},
            { requestBody: { content: { "application/json": { schema: { required: [] } } } } },
          ),
        },
      }),
      /GET \/a: Unable to create model for 'application\/json': Invalid model schema specified: "required": \[\]/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html": [
    [
      "a parameter with other characters",
      document({ "/a": { get: proxied(uri, {}, { parameters: [{ name: "filter[a]", in: "query" }] }) } }),
      /Invalid mapping expression parameter specified: filter\[a\]/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html": [
    ["a mock without a template", operation({ type: "mock" }), /requestTemplates/],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html": [
    [
      "an unknown behavior",
      operation({ passthroughBehavior: "always" }),
      /Invalid passthrough behavior: always/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html": [
    [
      "a private integration without a link",
      operation({ connectionType: "VPC_LINK", integrationTarget: loadBalancer }),
      /connectionId is required/,
    ],
    [
      "a private integration without a load balancer",
      operation({ connectionType: "VPC_LINK", connectionId: "a1b2c3" }),
      /IntegrationTarget is required for VpcLinkV2 a1b2c3/,
    ],
    [
      "a private integration with a listener",
      operation({
        connectionType: "VPC_LINK",
        connectionId: "a1b2c3",
        integrationTarget: loadBalancer.replace("loadbalancer", "listener"),
      }),
      /Invalid integration target/,
    ],
    ["another connection", operation({ connectionType: "VPN" }), /Invalid connection type: VPN/],
    [
      "a private mock",
      operation({
        type: "mock",
        requestTemplates: mockTemplate,
        connectionType: "VPC_LINK",
        connectionId: "a1b2c3",
        integrationTarget: loadBalancer,
      }),
      /a VPC link is for http_proxy integrations only/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html": [
    [
      "a mapping from an undeclared parameter",
      operation({ requestParameters: { "integration.request.header.X": "method.request.header.X" } }),
      /does not declare this parameter/,
    ],
    [
      "a mapping from nothing known",
      operation({ requestParameters: { "integration.request.header.X": "org_id" } }),
      /Invalid mapping expression.*X <- org_id/,
    ],
    [
      "a mapping to nothing known",
      operation({ requestParameters: { "integration.request.body.X": "'a'" } }),
      /Invalid mapping expression/,
    ],
    [
      "a mapping to a path part that the URI lacks",
      operation({ requestParameters: { "integration.request.path.id": "'a'" } }),
      /the URI has no \{id\}/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html": [
    [
      "an unknown gateway response",
      gatewayResponse("FORBIDDEN", {}),
      /Invalid gateway response type: FORBIDDEN/,
    ],
  ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.gatewayResponse.html":
    [
      [
        "a status that is none",
        gatewayResponse("ACCESS_DENIED", { statusCode: "4O3" }),
        /Invalid status code "4O3"/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.responseParameters.html":
    [
      [
        "a response header from an unquoted text",
        gatewayResponse("ACCESS_DENIED", { responseParameters: { "gatewayresponse.header.X": "text" } }),
        /Invalid mapping expression specified: gatewayresponse.header.X <- text/,
      ],
      [
        "a response header from the response",
        gatewayResponse("ACCESS_DENIED", {
          responseParameters: { "gatewayresponse.header.X": "integration.response.header.X" },
        }),
        /Invalid mapping expression/,
      ],
      [
        "a response parameter that is no header",
        gatewayResponse("ACCESS_DENIED", { responseParameters: { "gatewayresponse.body.X": "'a'" } }),
        /Invalid mapping expression/,
      ],
    ],
  "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.responseTemplates.html":
    [
      [
        "a response template that is no text",
        gatewayResponse("ACCESS_DENIED", { responseTemplates: { "application/json": { a: 1 } } }),
        /must be a string/,
      ],
    ],
  "local: the local gateway does not run it": [
    [
      "an extension that would be passed over",
      document({}, { "x-amazon-apigateway-policy": {} }),
      /does not support/,
    ],
    [
      "content handling of an HTTP backend",
      operation({ contentHandling: "CONVERT_TO_TEXT" }),
      /the local gateway has contentHandling for mocks only/,
    ],
    ["a Cognito authorizer", secured({ type: "cognito_user_pools" }), /not token or request/],
    [
      "an integration of a type that does not run here",
      operation({ type: "http" }),
      /not http_proxy, mock or aws_proxy/,
    ],
    [
      "a directive in a template",
      operation({ type: "mock", requestTemplates: { "application/json": "#set($a = 1)" } }),
      /does not run "#set" in a mapping template/,
    ],
    [
      "an integration response's header from the backend",
      operation({
        responses: {
          default: {
            statusCode: "200",
            responseParameters: { "method.response.header.X": "integration.response.header.X" },
          },
        },
      }),
      /must be a string in quotes for the local gateway/,
    ],
  ],
};

function gatewayResponse(type: string, response: Properties | string): Properties {
  return document(
    { "/a": { get: proxied(uri) } },
    { "x-amazon-apigateway-gateway-responses": { [type]: response } },
  );
}
