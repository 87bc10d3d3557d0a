// Which documents API Gateway imports: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
import { readRestApiBody } from "../../../../local/aws/gateway/rest-api-body";
import type { Properties } from "../../../../local/engine/provider";
import { proxied } from "../fixture";

const uri = "http://127.0.0.1:9/";
const greedyUri = `${uri}{proxy}`;
const loadBalancer = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/a/1";

describe("a document", () => {
  const problemsOf = (document: Properties) => readRestApiBody(JSON.stringify(document)).problems;
  const document = (paths: Properties, more: Properties = {}) => ({ openapi: "3.0.1", paths, ...more });
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
  const secured = (settings: Properties) => document({ "/a": { get: proxied(uri) } }, scheme(settings));

  it("that API Gateway imports has no problems", () => {
    expect(
      problemsOf(document({ "/a/{b}": { get: proxied(uri) }, "/{proxy+}": { get: proxied(uri) } })),
    ).toEqual([]);
    expect(problemsOf(secured({ identityValidationExpression: "^Bearer .+$" }))).toEqual([]);
  });

  const refused: [title: string, document: Properties, problem: RegExp][] = [
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    ["OpenAPI 3.1", { openapi: "3.1.0", paths: {} }, /version "3.1.0" is not 3.0/],
    ["no paths", { openapi: "3.0.1" }, /paths is missing/],
    ["a path without a slash", document({ orders: { get: proxied(uri) } }), /orders must begin with \//],
    ["an empty part", document({ "/a//b": { get: proxied(uri) } }), /empty part/],
    [
      "a variable within a part",
      document({ "/a-{b}": { get: proxied(uri) } }),
      /curly braces at the beginning and the end/,
    ],
    [
      "something after a greedy part",
      document({ "/{a+}/b": { get: proxied(uri) } }),
      /nothing may follow the greedy/,
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
    [
      "an extension that would be passed over",
      document({}, { "x-amazon-apigateway-policy": {} }),
      /does not support/,
    ],
    [
      "an unknown authorizer",
      document({ "/a": { get: proxied(uri, {}, { security: [{ nobody: [] }] }) } }),
      /Unable to find the authorizer "nobody"/,
    ],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-api-key-source.html
    [
      "API keys from anywhere else",
      document({}, { "x-amazon-apigateway-api-key-source": "COOKIE" }),
      /Invalid API key source: COOKIE/,
    ],
    // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
    ["a Cognito authorizer", secured({ type: "cognito_user_pools" }), /not token or request/],
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
    // https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    ["an integration without httpMethod", operation({ httpMethod: undefined }), /no httpMethod/],
    [
      "an integration of a type that does not run here",
      operation({ type: "http" }),
      /not http_proxy, mock or aws_proxy/,
    ],
    [
      "a URI that is none",
      operation({ uri: "orders.internal" }),
      /Invalid HTTP endpoint specified for URI: "orders.internal"/,
    ],
    ["a timeout over 29 s", operation({ timeoutInMillis: 30_000 }), /between 50 ms and 29000 ms/],
    ["a timeout under 50 ms", operation({ timeoutInMillis: 49 }), /between 50 ms and 29000 ms/],
    [
      "GET for a function",
      operation({
        type: "aws_proxy",
        uri: "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:f/invocations",
      }),
      /must be POST for Lambda/,
    ],
    [
      "a function's plain ARN",
      operation({
        type: "aws_proxy",
        httpMethod: "POST",
        uri: "arn:aws:lambda:eu-central-1:123456789012:function:f",
      }),
      /Invalid ARN/,
    ],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validator.html
    [
      "an unknown validator",
      document({ "/a": { get: proxied(uri) } }, { "x-amazon-apigateway-request-validator": "strict" }),
      /Invalid Request Validator: there is no "strict"/,
    ],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
    [
      "a model whose name is not alphanumeric",
      document({ "/a": { get: proxied(uri) } }, { components: { schemas: { "new-order": {} } } }),
      /Model name must be alphanumeric: new-order/,
    ],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
    [
      "a parameter with other characters",
      document({ "/a": { get: proxied(uri, {}, { parameters: [{ name: "filter[a]", in: "query" }] }) } }),
      /Invalid mapping expression parameter specified: filter\[a\]/,
    ],
    ["a mock without a template", operation({ type: "mock" }), /requestTemplates/],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
    [
      "an unknown behavior",
      operation({ passthroughBehavior: "always" }),
      /Invalid passthrough behavior: always/,
    ],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
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
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
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
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    [
      "an unknown gateway response",
      gatewayResponse("FORBIDDEN", {}),
      /Invalid gateway response type: FORBIDDEN/,
    ],
    [
      "a status that is none",
      gatewayResponse("ACCESS_DENIED", { statusCode: "4O3" }),
      /Invalid status code "4O3"/,
    ],
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
    [
      "a response template that is no text",
      gatewayResponse("ACCESS_DENIED", { responseTemplates: { "application/json": { a: 1 } } }),
      /must be a text/,
    ],
  ];
  it.each(refused)("with %s is refused", (_title, given, problem) => {
    expect(problemsOf(given)).toEqual([expect.stringMatching(problem)]);
  });

  it("that is no JSON is refused", () => {
    expect(readRestApiBody("openapi: 3.0.1").problems).toEqual([
      expect.stringMatching(/Invalid OpenAPI input/),
    ]);
    expect(readRestApiBody("[]").problems).toEqual([expect.stringMatching(/must be an object/)]);
  });

  it("is refused with all its problems", () => {
    const paths = { a: { get: proxied("") }, "/{b+}/c": { get: proxied(greedyUri, { timeoutInMillis: 1 }) } };
    expect(problemsOf(document(paths))).toHaveLength(4);
  });

  function gatewayResponse(type: string, response: Properties): Properties {
    return document(
      { "/a": { get: proxied(uri) } },
      { "x-amazon-apigateway-gateway-responses": { [type]: response } },
    );
  }
});
