import { singleBackend } from "../../../src/gateway/backends/backend";
import { type HttpApiBodyArgs, renderHttpApiBody } from "../../../src/gateway/http/http-api-body";
import { readJwtScopes } from "../../../src/gateway/http/jwt-scopes";
import { httpAccessLogFormat } from "../../../src/gateway/observability/log-format";
import type { Operation } from "../../../src/openapi/document";
import { loadDocument } from "../../../src/openapi/load-document";

const { api } = loadDocument("openapi.yaml", ["GET /health"]);
const uri = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn/invocations";
const lambda: HttpApiBodyArgs = {
  authorizer: { kind: "lambda", uri, cacheSeconds: 60 },
  backends: singleBackend("https://backend.example.com/base/"),
};
const issuer = "https://example.eu.auth0.com/";
const audience = "https://api.example.com/";
const jwt: HttpApiBodyArgs = { ...lambda, authorizer: { kind: "jwt", issuer, audience } };

const bodyOf = (args: HttpApiBodyArgs, operations = api.operations) =>
  JSON.parse(renderHttpApiBody({ ...api, operations }, args));

test("the same arguments give the same bytes", () => {
  expect(renderHttpApiBody(structuredClone(api), structuredClone(lambda))).toBe(
    renderHttpApiBody(api, lambda),
  );
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
test("each import says that the API's own endpoint is off, where it is", () => {
  expect(bodyOf({ ...lambda, isEndpointOff: true }).servers).toEqual([
    { url: "/", "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true } },
  ]);
  expect(bodyOf({ ...lambda, isEndpointOff: false })).not.toHaveProperty("servers");
});

// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
test("a title and a version are cut where an API cannot have them so long", () => {
  const long = { ...api, title: "t".repeat(129), version: "1".repeat(65) };
  const { info } = JSON.parse(renderHttpApiBody(long, lambda));
  expect(info).toEqual({ title: "t".repeat(128), version: "1".repeat(64) });
});

test("the body has every operation of the document and no other", () => {
  const routes = Object.entries<object>(bodyOf(lambda).paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes).toEqual(api.operations.map(({ method, path }) => `${method} ${path}`));
});

test("an operation asks the function and goes to the backend's path of the same name", () => {
  expect(bodyOf(lambda).paths["/orders/{orderId}"].get).toEqual({
    operationId: "getOrder",
    parameters: [{ name: "orderId", in: "path", required: true, schema: { type: "string" } }],
    responses: { default: { description: "The backend's answer." } },
    security: [{ authorizer: [] }],
    "x-amazon-apigateway-integration": {
      type: "http_proxy",
      httpMethod: "GET",
      uri: "https://backend.example.com/base/orders/{orderId}",
      payloadFormatVersion: "1.0",
      timeoutInMillis: 29_000,
      requestParameters: {
        "overwrite:header.x-org-id": "$context.authorizer.org_id",
        "overwrite:header.x-client-id": "$context.authorizer.client_id",
        "overwrite:header.x-scopes": "$context.authorizer.scopes",
      },
    },
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
test("the function answers with a policy for all routes, which API Gateway remembers by token", () => {
  const { authorizer } = bodyOf(lambda).components.securitySchemes;
  expect(authorizer["x-amazon-apigateway-authorizer"]).toEqual({
    type: "request",
    authorizerUri: uri,
    authorizerPayloadFormatVersion: "2.0",
    authorizerResultTtlInSeconds: 60,
    enableSimpleResponses: false,
    identitySource: "$request.header.Authorization",
  });
});

test("a public operation has no authorizer, and no caller can claim to be somebody", () => {
  for (const args of [lambda, jwt]) {
    const { security, "x-amazon-apigateway-integration": integration } = bodyOf(args).paths["/health"].get;
    expect(security).toEqual([]);
    expect(integration.requestParameters).toEqual({
      "overwrite:header.x-org-id": "-",
      "overwrite:header.x-client-id": "-",
      "overwrite:header.x-scopes": "-",
    });
  }
});

describe("with API Gateway's own JWT authorizer", () => {
  const operation = (path: string, security: string[][]): Operation => ({
    method: "GET",
    path,
    pathParameters: [],
    security,
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
  it("the tenant's tokens for the API's audience are demanded", () => {
    const { authorizer } = bodyOf(jwt).components.securitySchemes;
    expect(authorizer["x-amazon-apigateway-authorizer"]).toEqual({
      type: "jwt",
      jwtConfiguration: { issuer, audience: [audience] },
      identitySource: "$request.header.Authorization",
    });
  });

  it("each route has the scopes of which one suffices", () => {
    const operations = [operation("/a", [["x"], ["y"]]), operation("/b", [[]]), operation("/c", [["x"]])];
    const { paths } = bodyOf(jwt, operations);
    expect(paths["/a"].get.security).toEqual([{ authorizer: ["x", "y"] }]);
    expect(paths["/b"].get.security).toEqual([{ authorizer: [] }]);
    expect(paths["/c"].get.security).toEqual([{ authorizer: ["x"] }]);
  });

  it("the identity headers are taken away, since a token may lack what they would say", () => {
    const { requestParameters } = bodyOf(jwt).paths["/orders"].get["x-amazon-apigateway-integration"];
    expect(requestParameters).toEqual({
      "remove:header.x-org-id": "''",
      "remove:header.x-client-id": "''",
      "remove:header.x-scopes": "''",
    });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
test("a path that takes all that follows hands it to the backend under the parameter's plain name", () => {
  const greedy = { method: "GET", path: "/files/{proxy+}", pathParameters: ["proxy"], security: [["a"]] };
  const { paths } = bodyOf(lambda, [greedy]);
  expect(paths["/files/{proxy+}"].get["x-amazon-apigateway-integration"].uri).toBe(
    "https://backend.example.com/base/files/{proxy}",
  );
});

test.each([
  [[["a"], ["b"]], ["a", "b"], []],
  [[["a"], ["a"]], ["a"], []],
  [[["a", "a"]], ["a"], []],
  [[["b", "a"], ["a"]], ["a"], []],
  [[[], ["a"], ["a", "b"]], [], []],
  [[["a", "b"], ["c"]], ["c"], [["a", "b"]]],
  [
    [
      ["a", "b"],
      ["a", "b", "c"],
    ],
    [],
    [["a", "b"]],
  ],
  [[], [], []],
])(
  "of the alternatives %j a token needs one of %j, and %j cannot be said so",
  (security, scopes, together) => {
    expect(readJwtScopes(security)).toEqual({ scopes, together });
  },
);

describe("the access log", () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
  it("names the caller as each authorizer knows it", () => {
    expect(JSON.parse(httpAccessLogFormat("lambda"))).toMatchObject({
      companyId: "$context.authorizer.org_id",
      principalId: "$context.authorizer.client_id",
    });
    expect(JSON.parse(httpAccessLogFormat("jwt"))).toMatchObject({
      companyId: "$context.authorizer.claims.org_id",
      principalId: "$context.authorizer.claims.azp",
    });
  });

  it("holds no token and fits into what API Gateway allows", () => {
    expect(httpAccessLogFormat("jwt")).not.toMatch(/authorization|apiKey/i);
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    expect(httpAccessLogFormat("jwt").length).toBeLessThan(3 * 1024);
  });
});
