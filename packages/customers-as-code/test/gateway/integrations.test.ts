// What each kind of backend becomes in the bodies of both kinds of API.
import type { Backend } from "../../src/gateway/backends/backend";
import { renderHttpIntegration } from "../../src/gateway/http/http-integration";
import { renderRestIntegration } from "../../src/gateway/rest/rest-integration";
import type { BackendChoice } from "../../src/openapi/backend-choice";
import type { Operation } from "../../src/openapi/document";

const loadBalancerArn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/orders/0a1b";
const listenerArn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/orders/0a1b/2c3d";
const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:orders:live";
const backends: Record<string, Backend> = {
  default: { kind: "http", url: "https://backend.example.com/base/" },
  quick: { kind: "http", url: "https://quick.example.com", timeoutMs: 1000 },
  vpc: {
    kind: "vpcLink",
    url: "https://orders.internal:8443/api",
    loadBalancerArn,
    listenerArn,
    timeoutMs: 9,
  },
  plain: { kind: "vpcLink", url: "http://orders.internal", loadBalancerArn, listenerArn },
  fn: { kind: "lambda", functionArn },
  mock: { kind: "mock", statusCode: 503, body: { price: "$5 #set($a = 1)" } },
  empty: { kind: "mock", statusCode: 204 },
};
const vpcLinkIds = { vpc: "a1b2c3", plain: "d4e5f6" };

const operation = (backend?: BackendChoice, security = [["read:orders"]]): Operation => ({
  method: "PUT",
  path: "/files/{path+}",
  pathParameters: ["path"],
  security,
  ...(backend && { backend }),
});
const rest = (name: string, security?: string[][]) =>
  renderRestIntegration(operation({ name }, security), { backends, vpcLinkIds });
const http = (name: string, security?: string[][], authorizer: "lambda" | "jwt" = "lambda") =>
  renderHttpIntegration(operation({ name }, security), { backends, vpcLinkIds }, authorizer);

const ofCaller = {
  "integration.request.header.X-Org-Id": "context.authorizer.org_id",
  "integration.request.header.X-Client-Id": "context.authorizer.client_id",
  "integration.request.header.X-Scopes": "context.authorizer.scopes",
};
const overwritten = {
  "overwrite:header.x-org-id": "$context.authorizer.org_id",
  "overwrite:header.x-client-id": "$context.authorizer.client_id",
  "overwrite:header.x-scopes": "$context.authorizer.scopes",
};
const removed = {
  "remove:header.x-org-id": "''",
  "remove:header.x-client-id": "''",
  "remove:header.x-scopes": "''",
};

describe("in a REST API", () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
  it("a VPC link names the link and the load balancer; the URI is for the Host and the certificate", () => {
    expect(rest("vpc").integration).toEqual({
      type: "http_proxy",
      httpMethod: "PUT",
      uri: "https://orders.internal:8443/api/files/{path}",
      connectionType: "VPC_LINK",
      connectionId: "a1b2c3",
      integrationTarget: loadBalancerArn,
      passthroughBehavior: "when_no_match",
      timeoutInMillis: 9,
      requestParameters: { "integration.request.path.path": "method.request.path.path", ...ofCaller },
    });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
  it("a function gets an event, whose headers cannot be mapped", () => {
    expect(rest("fn").integration).toEqual({
      type: "aws_proxy",
      httpMethod: "POST",
      uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      timeoutInMillis: 29_000,
    });
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
  it("a mock answers with its status and body, of which nothing is a template", () => {
    const { responses, integration } = rest("mock");
    expect(responses).toEqual({ 503: { description: "API Gateway's own answer." } });
    expect(integration).toMatchObject({
      type: "mock",
      passthroughBehavior: "never",
      requestTemplates: { "application/json": '{"statusCode":503}' },
      responses: { default: { statusCode: "503" } },
    });
    const { default: answer } = integration.responses as {
      default: { responseTemplates: Record<string, string> };
    };
    const template = answer.responseTemplates["application/json"] ?? "";
    expect(template).not.toMatch(/[$#]/);
    expect(JSON.parse(template)).toEqual({ price: "$5 #set($a = 1)" });
    expect(rest("empty").integration).toMatchObject({
      responses: { default: { statusCode: "204", responseTemplates: { "application/json": "" } } },
    });
  });

  it.each(["default", "vpc"])("nobody is known to the backend %p of a public operation", (name) => {
    expect(rest(name, []).integration.requestParameters).toMatchObject({
      "integration.request.header.X-Org-Id": "'-'",
      "integration.request.header.X-Client-Id": "'-'",
      "integration.request.header.X-Scopes": "'-'",
    });
  });
});

describe("in an HTTP API", () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
  it("a VPC link names the link and the listener, and leaves the stage's name out of the path", () => {
    expect(http("vpc")).toEqual({
      type: "http_proxy",
      httpMethod: "PUT",
      payloadFormatVersion: "1.0",
      uri: listenerArn,
      connectionType: "VPC_LINK",
      connectionId: "a1b2c3",
      tlsConfig: { serverNameToVerify: "orders.internal" },
      timeoutInMillis: 9,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is API Gateway's variable
      requestParameters: { ...overwritten, "overwrite:path": "/api${request.path}" },
    });
    expect(http("plain")).not.toHaveProperty("tlsConfig");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is API Gateway's variable
    expect(http("plain").requestParameters).toMatchObject({ "overwrite:path": "${request.path}" });
  });

  it("a function gets an event, in which the caller's headers are overwritten", () => {
    expect(http("fn")).toEqual({
      type: "aws_proxy",
      httpMethod: "POST",
      uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      payloadFormatVersion: "2.0",
      timeoutInMillis: 29_000,
      requestParameters: overwritten,
    });
  });

  it.each(["default", "vpc", "fn"])(
    "a JWT authorizer's caller has no such headers at the backend %p",
    (name) => {
      expect(http(name, [["read:orders"]], "jwt").requestParameters).toMatchObject(removed);
      expect(http(name, [], "jwt").requestParameters).toMatchObject({ "overwrite:header.x-org-id": "-" });
    },
  );

  it("a mock is an error of the program's, since it is refused before", () => {
    expect(() => http("mock")).toThrow(
      'HTTP APIs have no mock integrations, but PUT /files/{path+} goes to "mock"',
    );
  });
});

test("the operation's timeout comes before its backend's, and that before the most that API Gateway allows", () => {
  const timeoutOf = (choice?: BackendChoice) =>
    renderRestIntegration(operation(choice), { backends }).integration.timeoutInMillis;
  expect(timeoutOf()).toBe(29_000);
  expect(timeoutOf({ timeoutMs: 200 })).toBe(200);
  expect(timeoutOf({ name: "quick" })).toBe(1000);
  expect(timeoutOf({ name: "quick", timeoutMs: 2000 })).toBe(2000);
});

test("an unknown backend is an error of the program's, since it is refused before", () => {
  expect(() => rest("toString")).toThrow('PUT /files/{path+} has no backend "toString"');
});
