import { singleBackend } from "../../../src/gateway/backends/backend";
import { accessLogFormat } from "../../../src/gateway/observability/log-format";
import { renderRestApiBody } from "../../../src/gateway/rest/rest-api-body";
import { loadDocument } from "../../../src/openapi/load-document";
import { listPathParameters } from "../../../src/openapi/paths";

const { api } = loadDocument("openapi.yaml", ["GET /health"]);
const args = {
  authorizerUri: "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn/invocations",
  authorizerCacheSeconds: 60,
  backends: singleBackend("https://backend.example.com/base/"),
};
const text = renderRestApiBody(api, args);
const body = JSON.parse(text);

test("the same arguments give the same bytes", () => {
  expect(renderRestApiBody(structuredClone(api), { ...args })).toBe(text);
});

test("the body has every operation of the document and no other", () => {
  const routes = Object.entries<object>(body.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes).toEqual(api.operations.map(({ method, path }) => `${method} ${path}`));
});

test("an operation asks the authorizer and goes to the backend's path of the same name", () => {
  expect(body.paths["/orders/{orderId}"].get).toEqual({
    operationId: "getOrder",
    parameters: [{ name: "orderId", in: "path", required: true, schema: { type: "string" } }],
    responses: { default: { description: "The backend's answer." } },
    security: [{ authorizer: [] }],
    "x-amazon-apigateway-integration": {
      type: "http_proxy",
      httpMethod: "GET",
      uri: "https://backend.example.com/base/orders/{orderId}",
      passthroughBehavior: "when_no_match",
      timeoutInMillis: 29_000,
      requestParameters: {
        "integration.request.path.orderId": "method.request.path.orderId",
        "integration.request.header.X-Org-Id": "context.authorizer.org_id",
        "integration.request.header.X-Client-Id": "context.authorizer.client_id",
        "integration.request.header.X-Scopes": "context.authorizer.scopes",
      },
    },
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
test("a path that takes all that follows hands it to the backend under the parameter's plain name", () => {
  const [operation] = api.operations;
  if (!operation) throw new Error("the document has no operation");
  const greedy = {
    ...operation,
    path: "/files/{proxy+}",
    pathParameters: listPathParameters("/files/{proxy+}"),
  };
  const { paths } = JSON.parse(renderRestApiBody({ ...api, operations: [greedy] }, args));
  const { parameters, "x-amazon-apigateway-integration": integration } = paths["/files/{proxy+}"].get;
  expect(parameters).toMatchObject([{ name: "proxy", in: "path" }]);
  expect(integration).toMatchObject({
    uri: "https://backend.example.com/base/files/{proxy}",
    requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
  });
});

test("a public operation asks nobody, and gives the backend no identity", () => {
  const { security, "x-amazon-apigateway-integration": integration } = body.paths["/health"].get;
  expect(security).toEqual([]);
  expect(integration.requestParameters).toEqual({
    "integration.request.header.X-Org-Id": "'-'",
    "integration.request.header.X-Client-Id": "'-'",
    "integration.request.header.X-Scopes": "'-'",
  });
});

test("the authorizer is asked by token, and its answer remembered as long as the config says", () => {
  expect(body.components.securitySchemes.authorizer).toMatchObject({
    type: "apiKey",
    in: "header",
    name: "Authorization",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type: "token",
      authorizerUri: args.authorizerUri,
      authorizerResultTtlInSeconds: 60,
    },
  });
});

test.each([
  ["Bearer aaa.bbb.ccc", true],
  ["bearer a-a.b_b.c", true],
  ["Bearer  aaa.bbb.ccc", true],
  ["Bearer aaa.bbb", false],
  ["Basic dXNlcjpwYXNz", false],
  ["Bearer aaa.bbb.ccc, Bearer ddd.eee.fff", false],
  ["aaa.bbb.ccc", false],
])("API Gateway itself finds whether %p is a bearer token: %p", (header, expected) => {
  const { "x-amazon-apigateway-authorizer": authorizer } = body.components.securitySchemes.authorizer;
  expect(new RegExp(authorizer.identityValidationExpression).test(header)).toBe(expected);
});

test("refusals have OAuth's bodies and RFC 6750's challenges", () => {
  const responses = body["x-amazon-apigateway-gateway-responses"];
  expect(responses.UNAUTHORIZED).toMatchObject({
    statusCode: "401",
    responseParameters: { "gatewayresponse.header.WWW-Authenticate": `'Bearer error="invalid_token"'` },
  });
  expect(JSON.parse(responses.UNAUTHORIZED.responseTemplates["application/json"])).toMatchObject({
    error: "invalid_token",
  });
  expect(JSON.parse(responses.ACCESS_DENIED.responseTemplates["application/json"])).toEqual({
    error: "$context.authorizer.oauth_error",
    error_description: "$context.authorizer.oauth_error_description",
  });
  expect(responses.AUTHORIZER_FAILURE).toMatchObject({
    statusCode: "503",
    responseParameters: { "gatewayresponse.header.Retry-After": "'5'" },
  });
  expect(responses.AUTHORIZER_CONFIGURATION_ERROR).toEqual(responses.AUTHORIZER_FAILURE);
  expect(responses.MISSING_AUTHENTICATION_TOKEN.statusCode).toBe("404");
});

describe("what is too much", () => {
  const { THROTTLED, QUOTA_EXCEEDED, INVALID_API_KEY } = body["x-amazon-apigateway-gateway-responses"];
  const errorOf = (response: { responseTemplates: Record<string, string> }) =>
    JSON.parse(response.responseTemplates["application/json"] ?? "").error;

  it("at once asks to try again a second later", () => {
    expect(THROTTLED).toMatchObject({
      statusCode: "429",
      responseParameters: { "gatewayresponse.header.Retry-After": "'1'" },
    });
    expect(errorOf(THROTTLED)).toBe("too_many_requests");
  });

  it("in a period names no time to try again, because API Gateway does not report it", () => {
    expect(QUOTA_EXCEEDED).toMatchObject({ statusCode: "429", responseParameters: {} });
    expect(errorOf(QUOTA_EXCEEDED)).toBe("quota_exceeded");
  });

  it("is not the caller's fault where its organization is in no plan: callers have no keys", () => {
    expect(INVALID_API_KEY).toMatchObject({
      statusCode: "503",
      responseParameters: { "gatewayresponse.header.Retry-After": "'5'" },
    });
    expect(errorOf(INVALID_API_KEY)).toBe("temporarily_unavailable");
    expect(JSON.stringify(INVALID_API_KEY)).not.toMatch(/key/i);
  });
});

describe("the access log's format", () => {
  const format: Record<string, string> = JSON.parse(accessLogFormat);

  it("has all that makes a record one of API Gateway's for Moesif", () => {
    // Moesif/moesif-firehose-transform-lambda, API_GATEWAY_MARKERS.
    const markers =
      "apiId requestId requestTime protocol httpMethod resourcePath requestHostHeader requestUserAgentHeader status responseLength durationMs";
    expect(Object.keys(format)).toEqual(expect.arrayContaining(markers.split(" ")));
  });

  it("sets the company from the token's org_id, and the user to the client", () => {
    expect(format).toMatchObject({
      companyId: "$context.authorizer.org_id",
      principalId: "$context.authorizer.principalId",
    });
  });

  it("logs no API key and no token", () => {
    expect(accessLogFormat).not.toMatch(/apiKey|authorizationToken|header\.authorization|token/i);
  });

  it("fits into the 3 KB that API Gateway allows", () => {
    expect(Buffer.byteLength(accessLogFormat)).toBeLessThan(3072);
  });
});
