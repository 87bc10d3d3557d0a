// Which documents API Gateway imports: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
import { readHttpApiBody } from "../../../../../local/aws/gateway/http/api-body";
import type { Properties } from "../../../../../local/engine/provider";
import { httpAuthorizer, httpProxied } from "./fixture";

const uri = "http://127.0.0.1:9/";
const invocation =
  "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:f/invocations";
const document = (paths: Properties, components: Properties = {}) => ({
  openapi: "3.0.1",
  paths,
  components,
});
const operation = (integration: Properties) => document({ "/a": { get: httpProxied(uri, integration) } });
const mapping = (key: string, value: unknown = "x") => operation({ requestParameters: { [key]: value } });
const request = (settings: Properties) =>
  document(
    {},
    httpAuthorizer({
      type: "request",
      authorizerUri: invocation,
      authorizerPayloadFormatVersion: "2.0",
      ...settings,
    }),
  );
const jwtConfiguration = { issuer: "https://issuer.example/", audience: ["a"] };
const jwt = (settings: Properties = {}, security: unknown = [{ customers: ["s"] }]) =>
  document(
    { "/a": { get: httpProxied(uri, {}, { security }) } },
    httpAuthorizer({ type: "jwt", jwtConfiguration, ...settings }),
  );
const secured = (security: unknown) => ({
  ...request({}),
  paths: { "/a": { get: httpProxied(uri, {}, { security }) } },
});
const many = (length: number) =>
  document(
    Object.fromEntries(Array.from({ length }, (_, index) => [`/${index}`, { get: httpProxied(uri) }])),
  );
const texts = (length: number) => Array.from({ length }, (_, index) => `text:${index}`);

const problemsOf = (given: Properties) => readHttpApiBody(JSON.stringify(given)).problems;

test.each<[string, Properties]>([
  [
    "variables, a greedy one, and a route for all else",
    document({
      "/a/{b}/c": { get: httpProxied(uri) },
      "/{p+}": { put: httpProxied(uri) },
      "/$default": { "x-amazon-apigateway-any-method": httpProxied(uri) },
    }),
  ],
  ["300 routes", many(300)],
  ["a function", operation({ type: "aws_proxy", uri: invocation, payloadFormatVersion: "2.0" })],
  [
    "a function by its own ARN",
    operation({
      type: "AWS_PROXY",
      uri: "arn:aws:lambda:eu-central-1:123456789012:function:f",
      payloadFormatVersion: "2.0",
    }),
  ],
  [
    "a Lambda authorizer",
    request({ authorizerResultTtlInSeconds: 3600, identitySource: "$request.header.A, $context.routeKey" }),
  ],
  [
    "a JWT authorizer with 50 audiences and a route with ten scopes",
    jwt({ jwtConfiguration: { ...jwtConfiguration, audience: texts(50) } }, [{ customers: texts(10) }]),
  ],
  [
    "mappings",
    operation({
      requestParameters: {
        "overwrite:header.x": `\${request.header.a} $context.b`,
        "remove:querystring.y": "''",
        "overwrite:path": "$request.path",
      },
    }),
  ],
])("a document with %s is imported", (_title, given) => {
  expect(problemsOf(given)).toEqual([]);
});

const listener = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/a/1/2";

const refused: [title: string, document: Properties, problem: RegExp][] = [
  ["Swagger 2.0", { swagger: "2.0", paths: {} }, /support the OpenAPI 3.0 specification only/],
  ["OpenAPI 3.1", { openapi: "3.1.0", paths: {} }, /OpenAPI 3.0/],
  ["no paths", { openapi: "3.0.1" }, /paths is missing/],
  ["a path without a slash", document({ a: { get: httpProxied(uri) } }), /Invalid route path: a/],
  [
    "something after a greedy variable",
    document({ "/{a+}/b": { get: httpProxied(uri) } }),
    /Invalid route path/,
  ],
  ["an operation without an integration", document({ "/a": { get: {} } }), /GET \/a: has no integration/],
  ["CORS", { ...document({}), "x-amazon-apigateway-cors": {} }, /does not support/],
  // "HTTP APIs support only Lambda proxy and HTTP proxy integrations."
  ["a mock", operation({ type: "mock" }), /only Lambda proxy and HTTP proxy/],
  ["a function that is no proxy", operation({ type: "aws" }), /only Lambda proxy and HTTP proxy/],
  // "Each operation can have only one of IAM authorization, a Lambda authorizer, or a JWT authorizer."
  ["two requirements", secured([{ customers: [] }, { other: [] }]), /multiple security requirements/],
  ["an unknown authorizer", secured([{ other: [] }]), /Unable to find the authorizer "other"/],
  ["scopes for a function", secured([{ customers: ["s"] }]), /only a JWT authorizer takes scopes/],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
  ["no payload format", operation({ payloadFormatVersion: undefined }), /payloadFormatVersion is required/],
  ["format 2.0 to a backend", operation({ payloadFormatVersion: "2.0" }), /1.0 only/],
  [
    "format 1.0 to a function",
    operation({ type: "aws_proxy", uri: invocation }),
    /speaks the payload format 2.0/,
  ],
  ["no address", operation({ uri: "orders" }), /Invalid HTTP endpoint/],
  ["no function", operation({ type: "aws_proxy", payloadFormatVersion: "2.0" }), /Invalid ARN/],
  ["no method", operation({ httpMethod: undefined }), /has no httpMethod/],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
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
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
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
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
  ["a TOKEN authorizer", request({ type: "token" }), /takes request or jwt/],
  ["an authorizer without a function", request({ authorizerUri: "arn" }), /Invalid Authorizer URI/],
  ["no format of the authorizer's", request({ authorizerPayloadFormatVersion: undefined }), /is required/],
  [
    "another format of it",
    request({ authorizerPayloadFormatVersion: "1.0" }),
    /speaks the payload format 2.0/,
  ],
  [
    "a validation expression",
    request({ identityValidationExpression: ".*" }),
    /supported only for REST APIs/,
  ],
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
  ["no issuer", jwt({ jwtConfiguration: { audience: ["a"] } }), /Issuer must be an https URL/],
  [
    "an issuer without TLS",
    jwt({ jwtConfiguration: { ...jwtConfiguration, issuer: "http://a" } }),
    /https URL/,
  ],
  ["no audience", jwt({ jwtConfiguration: { issuer: "https://a" } }), /Audience must have one/],
  ["two places for a JWT", jwt({ identitySource: "$request.header.A,$request.header.B" }), /It has one/],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
  ["a REST API's mapping", mapping("integration.request.header.x"), /it is append, overwrite or remove/],
  ["a mapping that appends to the path", mapping("append:path"), /overwritten only/],
  [
    "a mapping without a value",
    mapping("remove:header.x", ""),
    /an empty value is no mapping; remove takes ''/,
  ],
  ["a mapping from a number", mapping("append:header.x", 7), /must be a text/],
  [
    "a mapping from nowhere",
    mapping("append:header.x", "$request.cookie.x"),
    /request.cookie.x is no variable/,
  ],
  ["a mapping of Authorization", mapping("overwrite:header.Authorization"), /Authorization is reserved/],
  ["a mapping of x-amz-date", mapping("overwrite:header.x-amz-date"), /reserved/],
  ["a mapping of the host", mapping("overwrite:header.Host"), /maps no Host/],
];

test.each(refused)("a document with %s is refused", (_title, given, problem) => {
  expect(problemsOf(given)).toEqual([expect.stringMatching(problem)]);
});

test.each(["{", "[]"])("the text %j is refused", (text) => {
  expect(readHttpApiBody(text).problems).toEqual([expect.stringMatching(/^Invalid OpenAPI input: /)]);
});
