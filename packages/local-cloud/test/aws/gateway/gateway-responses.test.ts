// What API Gateway answers by itself, as the API shapes it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
import type { Properties } from "../../../src/engine/provider";
import { type Created, call, Fixture, proxied, securedBy } from "../../../testing/fixture";
import { authorizerCode, wish, wishOf } from "../../../testing/wishes";

let fixture: Fixture;
let authorizer: Created;

beforeAll(async () => {
  fixture = await Fixture.start();
  authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
});

afterAll(() => fixture.close());

async function deploy(responses: Properties, stage: Properties = {}): Promise<string> {
  const security = [{ customers: [] }];
  const parameters = [{ name: "orderId", in: "path", schema: { type: "string" } }];
  const { url } = await fixture.deploy(
    {
      openapi: "3.0.1",
      paths: {
        "/orders/{orderId}": { get: proxied("http://127.0.0.1:1/", {}, { security, parameters }) },
        "/public": { get: proxied("http://127.0.0.1:1/") },
      },
      components: securedBy(authorizer),
      "x-amazon-apigateway-gateway-responses": responses,
    },
    stage,
  );
  return url;
}

const json = (template: string): Properties => ({ responseTemplates: { "application/json": template } });
const header = (name: string, source: string): Properties => ({
  responseParameters: { [`gatewayresponse.header.${name}`]: source },
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
it("is a message in JSON by default, with headers that name the request", async () => {
  const { status, text, headers } = await call(`${await deploy({})}/nowhere`);
  expect({ status, text }).toEqual({ status: 403, text: '{"message":"Missing Authentication Token"}' });
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "content-length": String(text.length),
  });
  expect(headers["x-amzn-requestid"]).toMatch(/^[\da-f-]{36}$/);
  expect(headers["x-amz-apigw-id"]).toBeTruthy();
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
it("has the API's status, headers and template of its type", async () => {
  const url = await deploy({
    MISSING_AUTHENTICATION_TOKEN: {
      statusCode: 404,
      ...header("X-Hint", "'see the documentation'"),
      ...json('{"error":"not_found","type":"$context.error.responseType"}'),
    },
  });
  const { status, json: body, headers } = await call(`${url}/nowhere`);
  expect(status).toBe(404);
  expect(body).toEqual({ error: "not_found", type: "MISSING_AUTHENTICATION_TOKEN" });
  expect(headers["x-hint"]).toBe("see the documentation");
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
describe("a default", () => {
  const responses = {
    DEFAULT_4XX: json('{"kind":"4xx","message":$context.error.messageString}'),
    DEFAULT_5XX: json('{"kind":"5xx","message":$context.error.messageString}'),
    ACCESS_DENIED: json('{"kind":"own"}'),
  };

  it("holds for the types that are not set, and keeps their status", async () => {
    const url = await deploy(responses);
    expect(await call(`${url}/nowhere`)).toMatchObject({
      status: 403,
      json: { kind: "4xx", message: "Missing Authentication Token" },
    });
    expect(await call(`${url}/orders/7`)).toMatchObject({
      status: 401,
      json: { kind: "4xx", message: "Unauthorized" },
    });
    expect(await call(`${url}/public`)).toMatchObject({ status: 504, json: { kind: "5xx" } });
    expect(await ask(url, wish({ error: "out of order" }))).toMatchObject({
      status: 500,
      json: { kind: "5xx", message: null },
    });
  });

  it("does not hold for a type that is set", async () => {
    expect((await ask(await deploy(responses), wishOf(["Deny", "*"]))).json).toEqual({ kind: "own" });
  });

  it("with a status changes that of all types that are not set", async () => {
    const url = await deploy({ DEFAULT_4XX: { statusCode: 400 }, ACCESS_DENIED: {} });
    expect((await call(`${url}/nowhere`)).status).toBe(400);
    expect((await call(`${url}/orders/7`)).status).toBe(400);
    expect((await ask(url, wishOf(["Deny", "*"]))).status).toBe(403);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.responseParameters.html
describe("a header", () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
  const sources: [source: string, value: string | undefined][] = [
    ["'Bearer error=\"insufficient_scope\"'", 'Bearer error="insufficient_scope"'],
    ["''", ""],
    ["'it's quoted'", "it's quoted"],
    ["method.request.header.X-Given", "given"],
    ["method.request.querystring.page", "2"],
    ["method.request.path.orderId", "7"],
    ["method.request.header.X-Missing", undefined],
    ["context.httpMethod", "GET"],
    ["context.error.responseType", "ACCESS_DENIED"],
    ["context.authorizer.challenge", 'Bearer scope="read:orders"'],
    ["context.authorizer.principalId", "client"],
    ["context.authorizer.missing", undefined],
    ["stageVariables.tier", "gold"],
    ["stageVariables.missing", undefined],
  ];
  it.each(sources)("may come from %s", async (source, value) => {
    const url = await deploy({ ACCESS_DENIED: header("X-Mapped", source) }, { variables: { tier: "gold" } });
    const { policyDocument } = JSON.parse(
      Buffer.from(wishOf(["Deny", "*"]).slice(7), "base64url").toString(),
    );
    const token = wish({ policyDocument, context: { challenge: 'Bearer scope="read:orders"' } });
    const { status, headers } = await ask(url, token, "/orders/7?page=2", { "X-Given": "given" });
    expect({ status, value: headers["x-mapped"] }).toEqual({ status: 403, value });
  });

  it("may have several fellows", async () => {
    const responseParameters = {
      "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
      "gatewayresponse.header.WWW-Authenticate": "'Bearer'",
    };
    const { headers } = await call(`${await deploy({ UNAUTHORIZED: { responseParameters } })}/orders/7`);
    expect(headers).toMatchObject({ "access-control-allow-origin": "*", "www-authenticate": "Bearer" });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.responseTemplates.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
describe("a template", () => {
  it("has values of the context, the authorizer and the stage instead of variables", async () => {
    const template = `{"path":"$context.path","reason":"$context.authorizer.reason","tier":"\${stageVariables.tier}","none":"$context.authorizer.none","price":"5$"}`;
    const url = await deploy({ ACCESS_DENIED: json(template) }, { variables: { tier: "gold" } });
    const token = wish({
      policyDocument: { Statement: { Effect: "Deny", Action: "*", Resource: "*" } },
      context: { reason: "suspended" },
    });
    expect((await ask(url, token)).json).toEqual({
      path: "/v1/orders/7",
      reason: "suspended",
      tier: "gold",
      none: "",
      price: "5$",
    });
  });

  it("has no values of an authorizer that refused by an error", async () => {
    const url = await deploy({ UNAUTHORIZED: json('{"org":"$context.authorizer.org_id"}') });
    const token = wish({ error: "Unauthorized", context: { org_id: "org_1" } });
    expect((await ask(url, token)).json).toEqual({ org: "" });
  });

  it("is the one for the content type that the caller accepts, or that for JSON, or the first", async () => {
    const both = { "text/plain": "plain", "application/json": '"json"' };
    const url = await deploy({
      MISSING_AUTHENTICATION_TOKEN: { responseTemplates: both },
      UNAUTHORIZED: { responseTemplates: { "text/html": "html" } },
    });
    const accepting = async (Accept: string) => {
      const { text, headers } = await call(`${url}/nowhere`, { headers: { Accept } });
      return [text, headers["content-type"]];
    };
    expect(await accepting("text/plain;q=0.9")).toEqual(["plain", "text/plain"]);
    expect(await accepting("text/css, text/plain")).toEqual(["plain", "text/plain"]);
    expect(await accepting("*/*")).toEqual(['"json"', "application/json"]);
    expect((await call(`${url}/orders/7`)).text).toBe("html");
  });
});

function ask(url: string, token: string, path = "/orders/7", headers: Record<string, string> = {}) {
  return call(url + path, { headers: { Authorization: token, ...headers } });
}
