// Lambda authorizers: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
import { isObject } from "../../../src/aws/property";
import type { Properties } from "../../../src/engine/provider";
import {
  type Backend,
  type Created,
  call,
  Fixture,
  fakeSetTimeout,
  proxied,
  securedBy,
  startBackend,
} from "../../../testing/fixture";
import { authorizerCode, wish, wishOf } from "../../../testing/wishes";

let now = Date.UTC(2026, 0, 1);
let fixture: Fixture;
let backend: Backend;
let authorizer: Created;
/** Of a stage whose authorizer caches for a minute. */
let url: string;
/** That of the stage. */
let log: Awaited<ReturnType<Fixture["accessLog"]>>;

beforeAll(async () => {
  fixture = await Fixture.start({ clock: () => now });
  backend = await startBackend();
  authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:eu-central-1:123456789012:*/authorizers/*");
  log = await fixture.accessLog("$context.requestId $context.authorizer.status $context.authorizer.error");
  url = (await deploy({ authorizerResultTtlInSeconds: 60 }, {}, log.settings)).url;
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

/** Every path is secured and goes to the backend with the number of the authorizer's calls so far. */
function deploy(settings: Properties, document: Properties = {}, stage: Properties = {}) {
  const operation = proxied(
    backend.url,
    {
      httpMethod: "POST",
      requestParameters: {
        "integration.request.header.X-Calls": "context.authorizer.calls",
        "integration.request.header.X-Event": "context.authorizer.event",
        "integration.request.header.X-Org-Id": "context.authorizer.org_id",
        "integration.request.header.X-Principal": "context.authorizer.principalId",
      },
    },
    { security: [{ customers: [] }] },
  );
  return fixture.deploy(
    {
      openapi: "3.0.1",
      paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": operation } },
      components: securedBy(authorizer, settings),
      ...document,
    },
    stage,
  );
}

async function ask(token: string | undefined, { path = "/orders", method = "GET", at = url } = {}) {
  const answer = await call(at + path, {
    method,
    headers: token === undefined ? {} : { Authorization: token },
  });
  const seen = isObject(answer.json.headers) ? answer.json.headers : {};
  return { ...answer, seen };
}

let counted = 0;

/** How often the authorizer has been asked, by its own count, with this question. */
async function callsSoFar(): Promise<number> {
  counted += 1;
  const { seen } = await ask(wish({ principalId: `counter-${counted}` }));
  return Number(seen["x-calls"]);
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
describe("the identity source", () => {
  it.each([
    ["absent", undefined],
    ["empty", ""],
  ])("that is %s gives 401 without a call", async (_title, token) => {
    const before = await callsSoFar();
    const { status, json, headers } = await ask(token);
    expect({ status, json }).toEqual({ status: 401, json: { message: "Unauthorized" } });
    expect(headers["x-amzn-errortype"]).toBe("UnauthorizedException");
    expect(await callsSoFar()).toBe(before + 1);
  });

  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html#apigw-CreateAuthorizer-request-identityValidationExpression
  it("that does not match the validation expression as a whole gives 401 without a call", async () => {
    const { url: at } = await deploy({ identityValidationExpression: "Bearer [\\w-]+" });
    const before = await callsSoFar();
    for (const token of ["Basic abc", `x${wish()}`, `${wish()}.`, `${wish()} `.padEnd(400, "!")]) {
      expect((await ask(token, { at })).status).toBe(401);
    }
    expect(await callsSoFar()).toBe(before + 1);
    expect((await ask(wish(), { at })).status).toBe(200);
  });

  it("may be another header than Authorization", async () => {
    const { url: at } = await deploy({ identitySource: "method.request.header.X-Token" });
    expect((await ask(wish(), { at })).status).toBe(401);
    expect((await call(`${at}/orders`, { headers: { "x-token": wish() } })).status).toBe(200);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
describe("the event", () => {
  it("of a TOKEN authorizer holds the token and the method's ARN, and nothing else", async () => {
    const token = wish({ context: { event: true } });
    const { seen } = await ask(token, { path: "/orders/7?x=1", method: "PUT" });
    const [, apiId] = /\/([a-z0-9]+)\/v1$/.exec(url) ?? [];
    expect(JSON.parse(String(seen["x-event"]))).toEqual({
      type: "TOKEN",
      authorizationToken: token,
      methodArn: `arn:aws:execute-api:eu-central-1:123456789012:${apiId}/v1/PUT/orders/7`,
    });
  });

  it("of a REQUEST authorizer holds the request without its body", async () => {
    const source = "method.request.header.Authorization, method.request.querystring.x";
    const { url: at } = await deploy({ type: "request", identitySource: source });
    const token = wish({ context: { event: true } });
    expect((await ask(token, { at })).status).toBe(401);
    const { seen } = await ask(token, { at, path: "/orders/7?x=1&x=2" });
    const event: unknown = JSON.parse(String(seen["x-event"]));
    expect(event).toMatchObject({
      type: "REQUEST",
      resource: "/{proxy+}",
      path: "/orders/7",
      httpMethod: "GET",
      headers: { Authorization: token },
      multiValueHeaders: { Authorization: [token] },
      queryStringParameters: { x: "2" },
      multiValueQueryStringParameters: { x: ["1", "2"] },
      pathParameters: { proxy: "orders/7" },
      stageVariables: null,
      requestContext: { stage: "v1", httpMethod: "GET", path: "/v1/orders/7" },
    });
    expect(event).not.toHaveProperty("body");
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
describe("the policy", () => {
  const cases: [title: string, token: string, method: string, path: string, status: number][] = [
    ["allows what a statement names", wishOf(["Allow", "GET/orders"]), "GET", "/orders", 200],
    ["denies another path", wishOf(["Allow", "GET/orders"]), "GET", "/invoices", 403],
    ["denies another method", wishOf(["Allow", "GET/orders"]), "POST", "/orders", 403],
    ["denies a path below", wishOf(["Allow", "GET/orders"]), "GET", "/orders/7", 403],
    ["denies another case", wishOf(["Allow", "GET/orders"]), "GET", "/Orders", 403],
    ["lets * stand for several parts", wishOf(["Allow", "GET/orders/*"]), "GET", "/orders/7/items", 200],
    ["lets * stand for any method", wishOf(["Allow", "*/orders"]), "DELETE", "/orders", 200],
    ["lets ? stand for one character", wishOf(["Allow", "GET/orders/?"]), "GET", "/orders/7", 200],
    ["lets ? stand for no more than one", wishOf(["Allow", "GET/orders/?"]), "GET", "/orders/77", 403],
    ["takes no other character for a pattern", wishOf(["Allow", "GET/o.ders"]), "GET", "/orders", 403],
    ["denies where nothing is allowed", wishOf(["Deny", "GET/invoices"]), "GET", "/orders", 403],
    [
      "prefers a denial, whatever its place",
      wishOf(["Deny", "GET/orders"], ["Allow", "*"]),
      "GET",
      "/orders",
      403,
    ],
    [
      "prefers a denial, whatever its breadth",
      wishOf(["Allow", "GET/orders"], ["Deny", "*"]),
      "GET",
      "/orders",
      403,
    ],
    ["takes several resources of a statement", wishOf(["Allow", "GET/a", "GET/b"]), "GET", "/b", 200],
  ];
  it.each(cases)("%s", async (_title, token, method, path, expected) => {
    expect((await ask(token, { method, path })).status).toBe(expected);
  });

  it.each([
    [
      "no statement allows",
      wishOf(["Allow", "GET/invoices"]),
      "User is not authorized to access this resource",
    ],
    [
      "a statement denies",
      wishOf(["Deny", "*"]),
      "User is not authorized to access this resource with an explicit deny in an identity-based policy",
    ],
  ])("gives 403 that says whether %s", async (_title, token, message) => {
    const { status, json, headers } = await ask(token);
    expect({ status, json }).toEqual({ status: 403, json: { Message: message } });
    expect(headers["x-amzn-errortype"]).toBe("AccessDeniedException");
  });

  it("may have conditions, of which an unknown one never allows", async () => {
    const allowIf = (Condition: Properties) =>
      wish({ policyDocument: { Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition } } });
    expect((await ask(allowIf({ IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }))).status).toBe(200);
    expect((await ask(allowIf({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }))).status).toBe(403);
    expect((await ask(allowIf({ NotIpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } }))).status).toBe(200);
    expect((await ask(allowIf({ Bool: { "aws:SecureTransport": "true" } }))).status).toBe(200);
    expect((await ask(allowIf({ StringLike: { "aws:Nothing": "*" } }))).status).toBe(403);
    expect((await ask(allowIf({ StringLikeIfExists: { "aws:Nothing": "x" } }))).status).toBe(200);
    expect((await ask(allowIf({ DateNever: { "aws:SourceIp": "*" } }))).status).toBe(403);
  });

  it("may say what it does not mean: NotAction and NotResource", async () => {
    const token = wish({
      policyDocument: {
        Statement: { Effect: "Allow", NotAction: "s3:*", NotResource: "arn:aws:execute-api:*:*:*/GET/a" },
      },
    });
    expect((await ask(token, { path: "/a" })).status).toBe(403);
    expect((await ask(token, { path: "/b" })).status).toBe(200);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
describe("the context", () => {
  it("reaches the backend as texts, with the principal", async () => {
    const { seen } = await ask(wish({ principalId: "client-7", context: { org_id: true } }));
    expect(seen).toMatchObject({ "x-org-id": "true", "x-principal": "client-7" });
    expect((await ask(wish({ context: { org_id: 7 } }))).seen["x-org-id"]).toBe("7");
  });

  it("without a value leaves the header out", async () => {
    expect((await ask(wish({ context: { org_id: null } }))).seen).not.toHaveProperty("x-org-id");
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
describe("an answer that is none", () => {
  const allow = { Effect: "Allow", Action: "*", Resource: "*" };
  const cases: [title: string, answer: Properties, message: RegExp][] = [
    ["a context with an object", { context: { org: { id: 1 } } }, /context.org/],
    ["a context with a list", { context: { scopes: ["a"] } }, /context.scopes/],
    [
      "a context that is a text",
      { raw: { principalId: "c", policyDocument: { Statement: allow }, context: "a" } },
      /context/,
    ],
    ["no principalId", { principalId: null }, /principalId/],
    ["no policy", { policyDocument: null }, /policyDocument/],
    ["an unknown Effect", { policyDocument: { Statement: { ...allow, Effect: "allow" } } }, /policyDocument/],
    [
      "a resource that is no ARN",
      { policyDocument: { Statement: { ...allow, Resource: "/orders" } } },
      /policyDocument/,
    ],
    ["nothing", { raw: null }, /must return an object/],
    ["an HTTP response", { raw: { statusCode: 401 } }, /principalId/],
  ];
  it.each(cases)("%s gives 500 and says why in the log", async (_title, answer, message) => {
    const { status, headers } = await ask(wish(answer));
    expect(status).toBe(500);
    expect(headers["x-amzn-errortype"]).toBe("AuthorizerConfigurationException");
    const line = (await log.lines()).at(-1);
    expect(line).toMatch(/^[\da-f-]+ 500 /);
    expect(line).toMatch(message);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
describe("an error", () => {
  it('of the exact text "Unauthorized" gives 401', async () => {
    expect((await ask(wish({ error: "Unauthorized" }))).status).toBe(401);
  });

  it.each(["unauthorized", "Unauthorized.", "Error: Unauthorized", "keys out of reach"])(
    "of the text %j gives 500",
    async (error) => {
      const { status, json } = await ask(wish({ error }));
      expect({ status, json }).toEqual({ status: 500, json: { message: null } });
    },
  );

  it("is not remembered", async () => {
    const token = wish({ error: "Unauthorized" });
    const before = await callsSoFar();
    await ask(token);
    await ask(token);
    expect(await callsSoFar()).toBe(before + 3);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html#apigw-CreateAuthorizer-request-authorizerResultTtlInSeconds
describe("the cache", () => {
  it("answers for the same token on every path until its time is over", async () => {
    const token = wish({ principalId: "cached" });
    const first = (await ask(token)).seen["x-calls"];
    now += 59_999;
    expect((await ask(token, { path: "/other", method: "POST" })).seen["x-calls"]).toBe(first);
    now += 1;
    expect((await ask(token)).seen["x-calls"]).toBe(String(Number(first) + 1));
  });

  it("judges every path by the policy that it holds", async () => {
    const token = wishOf(["Allow", "GET/orders"]);
    expect((await ask(token)).status).toBe(200);
    // The reason why an authorizer's policy must speak of the whole API.
    expect((await ask(token, { path: "/invoices" })).status).toBe(403);
  });

  it("remembers denials", async () => {
    const token = wishOf(["Deny", "*"]);
    const before = await callsSoFar();
    expect((await ask(token)).status).toBe(403);
    expect((await ask(token, { path: "/other" })).status).toBe(403);
    expect(await callsSoFar()).toBe(before + 2);
  });

  it("tells tokens apart by every character", async () => {
    const token = wish({ principalId: "exact" });
    const before = await callsSoFar();
    await ask(token);
    await ask(token.replace("Bearer", "bearer"));
    expect(await callsSoFar()).toBe(before + 3);
  });

  // https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html
  it("is empty after a flush, and only that of the stage", async () => {
    const token = wish({ principalId: "flushed" });
    const first = Number((await ask(token)).seen["x-calls"]);
    const [, apiId = ""] = /\/([a-z0-9]+)\/v1$/.exec(url) ?? [];
    fixture.aws.gateway.flushAuthorizersCache(apiId, "v2");
    expect((await ask(token)).seen["x-calls"]).toBe(String(first));
    fixture.aws.gateway.flushAuthorizersCache(apiId, "v1");
    expect((await ask(token)).seen["x-calls"]).toBe(String(first + 1));
  });

  it("outlives a new deployment", async () => {
    const { url: at, restApi, stage } = await deploy({ authorizerResultTtlInSeconds: 60 });
    const token = wish({ principalId: "deployed" });
    const first = (await ask(token, { at })).seen["x-calls"];
    const next = await fixture.create("apigateway/deployment", { restApi: restApi.id });
    await fixture.update("apigateway/stage", stage, { deployment: next.id });
    expect((await ask(token, { at })).seen["x-calls"]).toBe(first);
  });

  it("is not there where the TTL is 0", async () => {
    const { url: at } = await deploy({ authorizerResultTtlInSeconds: 0 });
    const token = wish({ principalId: "uncached" });
    const first = Number((await ask(token, { at })).seen["x-calls"]);
    expect((await ask(token, { at })).seen["x-calls"]).toBe(String(first + 1));
  });

  it("of a REQUEST authorizer has all identity sources for its key", async () => {
    const source = "method.request.header.Authorization, context.path";
    const { url: at } = await deploy({ type: "request", identitySource: source });
    const token = wish({ principalId: "by path" });
    const first = Number((await ask(token, { at })).seen["x-calls"]);
    expect((await ask(token, { at })).seen["x-calls"]).toBe(String(first));
    expect((await ask(token, { at, path: "/other" })).seen["x-calls"]).toBe(String(first + 1));
  });
});

describe("the permission to call the authorizer", () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
  it.each([
    ["is missing", undefined],
    ["is for methods, not authorizers", "arn:aws:execute-api:eu-central-1:123456789012:*/v1/*"],
    ["is for another API", "arn:aws:execute-api:eu-central-1:123456789012:another/authorizers/*"],
  ])("that %s makes it 500", async (title, sourceArn) => {
    const fn = await fixture.function(authorizerCode, { name: title.replace(/\W/g, "-") });
    if (sourceArn) await fixture.permit(fn.id, sourceArn);
    const at = (await deploy({}, { components: securedBy(fn) })).url;
    const { status, headers } = await ask(wish(), { at });
    expect(status).toBe(500);
    expect(headers["x-amzn-errortype"]).toBe("AuthorizerConfigurationException");
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
describe("an authorizer that does not answer", () => {
  afterEach(() => jest.useRealTimers());

  it("gives 500 after 10 seconds", async () => {
    fakeSetTimeout();
    const patient = await fixture.function(
      `export const handler = async () => {
        await fetch("${backend.url}/called", { method: "POST" });
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      };`,
      { name: "patient", timeout: 60 },
    );
    await fixture.permit(patient.id, "arn:aws:execute-api:*:*:*/authorizers/*");
    const called = backend.nextRequest("/called");
    const { url: at } = await deploy({}, { components: securedBy(patient) });
    const answer = ask(wish(), { at });
    await called;
    jest.advanceTimersByTime(10_000);
    expect((await answer).status).toBe(500);
  });
});
