// Lambda authorizers of HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
import { isObject } from "../../../../src/aws/property";
import type { Properties } from "../../../../src/engine/provider";
import {
  type Backend,
  type Created,
  call,
  Fixture,
  fakeSetTimeout,
  startBackend,
} from "../../../../testing/fixture";
import { anyMethod, deployHttp, httpProxied, lambdaAuthorizer } from "../../../../testing/http-fixture";
import { authorizerCode, wish, wishOf } from "../../../../testing/wishes";

let now = Date.UTC(2026, 0, 1);
let fixture: Fixture;
let backend: Backend;
let authorizer: Created;
/** Of a stage whose authorizer caches for a minute. */
let url: string;
let log: Awaited<ReturnType<Fixture["accessLog"]>>;

beforeAll(async () => {
  fixture = await Fixture.start({ clock: () => now });
  backend = await startBackend();
  authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:eu-central-1:123456789012:*/authorizers/*");
  log = await fixture.accessLog("$context.requestId $context.status $context.authorizer.error");
  url = (await deploy({ authorizerResultTtlInSeconds: 60 }, log.settings)).url;
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

/** Every path is secured and goes to the backend with the number of the authorizer's calls so far. */
function deploy(settings: Properties = {}, stage: Properties = {}) {
  const requestParameters = {
    "overwrite:header.x-calls": "$context.authorizer.calls",
    "overwrite:header.x-event": "$context.authorizer.event",
    "overwrite:header.x-org-id": "$context.authorizer.org_id",
    "overwrite:header.x-principal": "$context.authorizer.principalId",
  };
  const security = [{ customers: [] }];
  const secured = httpProxied(backend.url, { requestParameters }, { security });
  const paths = { "/{proxy+}": { [anyMethod]: secured }, "/orders": { get: secured } };
  return deployHttp(
    fixture,
    { openapi: "3.0.1", paths, components: lambdaAuthorizer(authorizer, settings) },
    stage,
  );
}

async function ask(token: string | undefined, { path = "/orders", method = "GET", at = url } = {}) {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: token };
  const answer = await call(at + path, { method, headers });
  const seen = isObject(answer.json.headers) ? answer.json.headers : {};
  return { status: answer.status, json: answer.json, seen };
}

let counted = 0;

/** How often the authorizer has been asked, by its own count, with this question. */
async function callsSoFar(): Promise<number> {
  counted += 1;
  return Number((await ask(wish({ principalId: `counter-${counted}` }))).seen["x-calls"]);
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
describe("an identity source", () => {
  it.each([
    ["absent", undefined],
    ["empty", ""],
  ])("that is %s gives 401 without a call", async (_title, token) => {
    const before = await callsSoFar();
    expect(await ask(token)).toMatchObject({ status: 401, json: { message: "Unauthorized" } });
    expect(await callsSoFar()).toBe(before + 1);
  });

  it("may be of the query, the context and the stage; of several, all must be there", async () => {
    const identitySource =
      "$request.querystring.tenant, $context.routeKey, $stageVariables.tier, $request.header.X-T";
    const { url: at } = await deploy({ identitySource }, { stageVariables: { tier: "gold" } });
    const headers = { "x-t": "t", Authorization: wish({ context: { event: true } }) };
    expect((await call(`${at}/orders`, { headers })).status).toBe(401);
    const { json } = await call(`${at}/orders?tenant=acme`, { headers });
    const { "x-event": event } = isObject(json.headers) ? json.headers : {};
    expect(JSON.parse(String(event))).toMatchObject({ identitySource: ["acme", "GET /orders", "gold", "t"] });
  });

  it("need not be there where nothing is cached: then requests without a token reach the function", async () => {
    const { url: at } = await deploy({ identitySource: "" });
    // The function fails, for it reads the header.
    expect((await ask(undefined, { at })).status).toBe(500);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
it("asks with an event of format 2.0", async () => {
  const { url: at, api } = await deploy({}, { stageVariables: { tier: "gold" } });
  const token = wish({ context: { event: true } });
  const headers = [
    "Host",
    "api.example",
    "Authorization",
    token,
    "X-Many",
    "1",
    "x-many",
    "2",
    "Cookie",
    "a=1; b=2",
  ];
  const { json } = await call(`${at}/orders/a%20b?x=1&x=2&y=3`, { method: "PUT", headers });
  const { "x-event": event } = isObject(json.headers) ? json.headers : {};
  expect(JSON.parse(String(event))).toEqual({
    version: "2.0",
    type: "REQUEST",
    routeArn: `arn:aws:execute-api:eu-central-1:123456789012:${api.id}/v1/PUT/orders/a b`,
    identitySource: [token],
    routeKey: "ANY /{proxy+}",
    rawPath: "/v1/orders/a b",
    rawQueryString: "x=1&x=2&y=3",
    cookies: ["a=1", "b=2"],
    headers: expect.objectContaining({ authorization: token, "x-many": "1,2", host: "api.example" }),
    queryStringParameters: { x: "1,2", y: "3" },
    requestContext: {
      accountId: "123456789012",
      apiId: api.id,
      domainName: "api.example",
      domainPrefix: "api",
      http: {
        method: "PUT",
        path: "/v1/orders/a b",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "",
      },
      requestId: expect.any(String),
      routeKey: "ANY /{proxy+}",
      stage: "v1",
      time: "01/Jan/2026:00:00:00 +0000",
      timeEpoch: now,
    },
    pathParameters: { proxy: "orders/a b" },
    stageVariables: { tier: "gold" },
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
describe("a policy", () => {
  it("is judged for each request by itself, and no reason is passed on", async () => {
    const token = wishOf(["Allow", "GET/orders", "GET/orders/*"], ["Deny", "GET/orders/9"]);
    expect((await ask(token)).status).toBe(200);
    expect((await ask(token, { path: "/orders/7" })).status).toBe(200);
    const forbidden = { status: 403, json: { message: "Forbidden" } };
    expect(await ask(token, { path: "/orders/9" })).toMatchObject(forbidden);
    expect(await ask(token, { path: "/invoices" })).toMatchObject(forbidden);
    expect(await ask(token, { method: "POST" })).toMatchObject(forbidden);
  });

  it("comes with a principal and a context", async () => {
    const { seen } = await ask(wish({ principalId: "client-7", context: { org_id: 7 } }));
    expect(seen).toMatchObject({ "x-principal": "client-7", "x-org-id": "7" });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
describe("a simple response", () => {
  let at: string;
  beforeAll(async () => {
    const settings = { enableSimpleResponses: true, authorizerResultTtlInSeconds: 60 };
    at = (await deploy(settings)).url;
  });
  const simple = (isAuthorized: unknown, name: string) =>
    wish({ raw: { isAuthorized, context: { org_id: name } } });

  it("lets the request pass or not", async () => {
    expect(await ask(simple(true, "a"), { at })).toMatchObject({ status: 200, seen: { "x-org-id": "a" } });
    const refused = await ask(simple(false, "b"), { at });
    expect(refused).toMatchObject({ status: 403, json: { message: "Forbidden" } });
  });

  it("is good for every route of its cache's key, and for one where that has the route", async () => {
    const settings = { enableSimpleResponses: true, authorizerResultTtlInSeconds: 60 };
    const identitySource = "$request.header.Authorization, $context.routeKey";
    const { url: perRoute } = await deploy({ ...settings, identitySource });
    const token = (name: string) => wish({ raw: undefined, isAuthorized: true, context: { org_id: name } });
    const calls = async (where: string, name: string, path: string) =>
      Number((await ask(token(name), { at: where, path })).seen["x-calls"]);
    const first = await calls(at, "c", "/orders");
    expect(await calls(at, "c", "/other")).toBe(first);
    const second = await calls(perRoute, "d", "/orders");
    expect(await calls(perRoute, "d", "/other")).toBe(second + 1);
    expect(await calls(perRoute, "d", "/orders")).toBe(second);
  });

  it("is none where the answer is a policy, and the other way round", async () => {
    expect((await ask(wish(), { at })).status).toBe(500);
    expect((await ask(simple(true, "e"))).status).toBe(500);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
describe("an answer that is none", () => {
  it.each<[string, Properties, RegExp]>([
    ["an error", { error: "keys out of reach" }, /keys out of reach/],
    // Unlike in a REST API: no page gives this text a meaning here.
    ['the error "Unauthorized"', { error: "Unauthorized" }, /Unauthorized/],
    ["nothing", { raw: null }, /must return an object/],
    ["no principal", { principalId: null }, /principalId/],
    ["no policy", { policyDocument: null }, /policyDocument/],
    ["a context that is a text", { raw: { isAuthorized: true, context: "a" } }, /context/],
  ])("%s gives 500, and is in the log", async (_title, answer, reason) => {
    expect(await ask(wish(answer))).toMatchObject({
      status: 500,
      json: { message: "Internal Server Error" },
    });
    const line = (await log.lines()).at(-1);
    expect(line).toMatch(/ 500 /);
    expect(line).toMatch(reason);
  });

  it("includes that API Gateway may not ask", async () => {
    const other = await fixture.function(authorizerCode, { name: "other" });
    const secured = httpProxied(backend.url, {}, { security: [{ customers: [] }] });
    const components = lambdaAuthorizer(other);
    const { url: at } = await deployHttp(fixture, {
      openapi: "3.0.1",
      paths: { "/a": { get: secured } },
      components,
    });
    expect((await ask(wish(), { at, path: "/a" })).status).toBe(500);
  });

  it("includes that there is none within 10 seconds", async () => {
    await ask(wish());
    fakeSetTimeout();
    try {
      const pending = ask(wish({ hang: true }));
      let status: number | undefined;
      void pending.then((answer) => {
        status = answer.status;
      });
      while (status === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        jest.advanceTimersByTime(1000);
      }
      expect(status).toBe(500);
    } finally {
      jest.useRealTimers();
    }
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
describe("the cache", () => {
  it("answers for the same identity until its time is over", async () => {
    const token = wish({ principalId: "cached" });
    const first = Number((await ask(token)).seen["x-calls"]);
    now += 59_999;
    expect((await ask(token, { path: "/other", method: "POST" })).seen["x-calls"]).toBe(String(first));
    now += 1;
    expect((await ask(token)).seen["x-calls"]).toBe(String(first + 1));
  });

  it("remembers denials, and no errors", async () => {
    const before = await callsSoFar();
    const [denied, failing] = [wishOf(["Deny", "*"]), wish({ error: "broken" })];
    for (const token of [denied, denied, failing, failing]) await ask(token);
    expect(await callsSoFar()).toBe(before + 4);
  });

  // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename-cache-authorizers.html
  it("is empty after a reset, and only that of the stage", async () => {
    const token = wish({ principalId: "reset" });
    const first = Number((await ask(token)).seen["x-calls"]);
    const [, apiId = ""] = /\/([a-z0-9]+)\/v1$/.exec(url) ?? [];
    fixture.aws.gateway.flushAuthorizersCache(apiId, "v2");
    expect((await ask(token)).seen["x-calls"]).toBe(String(first));
    fixture.aws.gateway.flushAuthorizersCache(apiId, "v1");
    expect((await ask(token)).seen["x-calls"]).toBe(String(first + 1));
  });

  it("is not there where the TTL is 0, as by default", async () => {
    const { url: at } = await deploy();
    const token = wish({ principalId: "uncached" });
    const first = Number((await ask(token, { at })).seen["x-calls"]);
    expect((await ask(token, { at })).seen["x-calls"]).toBe(String(first + 1));
  });
});
