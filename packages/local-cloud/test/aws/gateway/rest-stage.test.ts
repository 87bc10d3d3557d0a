// Stages: what they serve, how much of it, and what they log.
import type { Properties } from "../../../src/engine/provider";
import { type Backend, call, Fixture, proxied, securedBy, startBackend } from "../../../testing/fixture";
import { authorizerCode, wish, wishOf } from "../../../testing/wishes";

let now = Date.UTC(2026, 10, 24, 16, 8);
let fixture: Fixture;
let backend: Backend;

beforeAll(async () => {
  fixture = await Fixture.start({ clock: () => now });
  backend = await startBackend();
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

const mock = (text: string): Properties => ({
  "x-amazon-apigateway-integration": {
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    responses: { default: { statusCode: "200", responseTemplates: { "text/plain": text } } },
  },
});
const documentOf = (paths: Properties, more: Properties = {}) => ({ openapi: "3.0.1", paths, ...more });

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
describe("a deployment", () => {
  it("is a snapshot: the API's later body is not served before the next one", async () => {
    const { restApi, stage, deployment, url } = await fixture.deploy(
      documentOf({ "/a": { get: mock("old") } }),
    );
    const body = JSON.stringify(documentOf({ "/a": { get: mock("new") }, "/b": { get: mock("added") } }));
    await fixture.update("apigateway/restApi", restApi, { body });
    expect((await call(`${url}/a`)).text).toBe("old");
    expect((await call(`${url}/b`)).status).toBe(403);

    const next = await fixture.create("apigateway/deployment", { restApi: restApi.id });
    expect((await call(`${url}/a`)).text).toBe("old");
    await fixture.update("apigateway/stage", stage, { deployment: next.id });
    expect((await call(`${url}/a`)).text).toBe("new");
    expect((await call(`${url}/b`)).text).toBe("added");

    await fixture.update("apigateway/stage", stage, { deployment: deployment.id });
    expect((await call(`${url}/a`)).text).toBe("old");
  });

  it("keeps its gateway responses and its authorizer, too", async () => {
    const fn = await fixture.function(authorizerCode, { name: "snapshot" });
    await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/authorizers/*");
    const paths = { "/a": { get: { ...mock("secret"), security: [{ customers: [] }] } } };
    const { restApi, url } = await fixture.deploy(documentOf(paths, { components: securedBy(fn) }));
    await fixture.update("apigateway/restApi", restApi, {
      body: JSON.stringify(
        documentOf(
          { "/a": { get: mock("open") } },
          { "x-amazon-apigateway-gateway-responses": { UNAUTHORIZED: { statusCode: 499 } } },
        ),
      ),
    });
    expect((await call(`${url}/a`)).status).toBe(401);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html
describe("stage variables", () => {
  it("are part of an integration's address, and may change without a deployment", async () => {
    const paths = { "/a": { get: proxied(`http://\${stageVariables.host}/\${stageVariables.base}/a`) } };
    const { host } = new URL(backend.url);
    const { url, stage } = await fixture.deploy(documentOf(paths), { variables: { host, base: "one" } });
    expect((await call(`${url}/a`)).json.url).toBe("/one/a");
    await fixture.update("apigateway/stage", stage, { variables: { host, base: "two" } });
    expect((await call(`${url}/a`)).json.url).toBe("/two/a");
  });

  it("differ by stage", async () => {
    const paths = { "/a": { get: mock("$stageVariables.name") } };
    const { url, restApi, deployment } = await fixture.deploy(documentOf(paths), {
      variables: { name: "first" },
    });
    const second = await fixture.create("apigateway/stage", {
      restApi: restApi.id,
      deployment: deployment.id,
      stageName: "v2",
      variables: { name: "second" },
    });
    expect((await call(`${url}/a`)).text).toBe("first");
    expect((await call(`${String(second.outputs.invokeUrl)}/a`)).text).toBe("second");
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
describe("throttling", () => {
  const statuses = async (url: string, count: number) => {
    const found: number[] = [];
    for (let index = 0; index < count; index += 1) found.push((await call(url)).status);
    return found;
  };
  const limit = (restApi: string, methodPath: string, settings: Properties) =>
    fixture.create("apigateway/methodSettings", { restApi, stageName: "v1", methodPath, settings });

  it("lets a burst through, then as much as the rate refills, and answers 429 to the rest", async () => {
    const { url, restApi } = await fixture.deploy(documentOf({ "/a": { get: mock("a") } }));
    await limit(restApi.id, "*/*", { throttlingBurstLimit: 2, throttlingRateLimit: 10 });
    expect(await statuses(`${url}/a`, 3)).toEqual([200, 200, 429]);
    now += 99;
    expect(await statuses(`${url}/a`, 1)).toEqual([429]);
    now += 1;
    expect(await statuses(`${url}/a`, 2)).toEqual([200, 429]);
    now += 60_000;
    expect(await statuses(`${url}/a`, 3)).toEqual([200, 200, 429]);
    const { json, headers } = await call(`${url}/a`);
    expect(json).toEqual({ message: "Too Many Requests" });
    expect(headers["x-amzn-errortype"]).toBe("TooManyRequestsException");
  });

  it("of a method comes before that of all methods", async () => {
    const paths = { "/a/{id}": { get: mock("a"), post: mock("a") }, "/b": { get: mock("b") } };
    const { url, restApi } = await fixture.deploy(documentOf(paths));
    await limit(restApi.id, "*/*", { throttlingBurstLimit: 100, throttlingRateLimit: 100 });
    await limit(restApi.id, "a/{id}/GET", { throttlingBurstLimit: 1, throttlingRateLimit: 1 });
    expect(await statuses(`${url}/a/1`, 2)).toEqual([200, 429]);
    expect((await call(`${url}/a/1`, { method: "POST" })).status).toBe(200);
    expect(await statuses(`${url}/b`, 2)).toEqual([200, 200]);
  });

  it("is off where a limit is -1", async () => {
    const { url, restApi } = await fixture.deploy(documentOf({ "/a": { get: mock("a") } }));
    await limit(restApi.id, "*/*", { throttlingBurstLimit: -1, throttlingRateLimit: -1 });
    expect(await statuses(`${url}/a`, 3)).toEqual([200, 200, 200]);
  });

  it("spares the authorizer and the backend", async () => {
    const fn = await fixture.function("export const handler = async () => { throw new Error('asked'); };", {
      name: "spared",
    });
    await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/authorizers/*");
    const paths = { "/a": { get: { ...mock("a"), security: [{ customers: [] }] } } };
    const { url, restApi } = await fixture.deploy(documentOf(paths, { components: securedBy(fn) }));
    await limit(restApi.id, "*/*", { throttlingBurstLimit: 0, throttlingRateLimit: 0 });
    expect((await call(`${url}/a`, { headers: { Authorization: "Bearer a" } })).status).toBe(429);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html
describe("the access log", () => {
  const format = JSON.stringify({
    requestId: "$context.requestId",
    extendedRequestId: "$context.extendedRequestId",
    apiId: "$context.apiId",
    stage: "$context.stage",
    httpMethod: "$context.httpMethod",
    path: "$context.path",
    resourcePath: "$context.resourcePath",
    protocol: "$context.protocol",
    host: "$context.domainName",
    status: "$context.status",
    responseLength: "$context.responseLength",
    ip: "$context.identity.sourceIp",
    userAgent: "$context.identity.userAgent",
    principalId: "$context.authorizer.principalId",
    companyId: "$context.authorizer.org_id",
    authorizerStatus: "$context.authorizer.status",
    errorType: "$context.error.responseType",
    errorMessage: "$context.error.message",
    integrationStatus: "$context.integration.status",
  });
  let url: string;
  let log: Awaited<ReturnType<Fixture["accessLog"]>>;

  beforeAll(async () => {
    const fn = await fixture.function(authorizerCode, { name: "logged" });
    await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/authorizers/*");
    log = await fixture.accessLog(format);
    const operation = proxied(backend.url, {}, { security: [{ customers: [] }] });
    const paths = {
      "/orders/{orderId}": { get: operation, head: operation },
      "/down": { get: proxied("http://127.0.0.1:1/") },
    };
    ({ url } = await fixture.deploy(documentOf(paths, { components: securedBy(fn) }), log.settings));
  });

  const record = async (): Promise<Properties> => JSON.parse((await log.lines()).at(-1) ?? "");

  it("has a line of the stage's format for a request", async () => {
    const headers = {
      Authorization: wish({ context: { org_id: "org_1" } }),
      "User-Agent": "curl/8",
      Host: "api.example:443",
    };
    const answer = await call(`${url}/orders/7?secret=1`, { headers });
    expect(await record()).toEqual({
      requestId: answer.headers["x-amzn-requestid"],
      extendedRequestId: answer.headers["x-amz-apigw-id"],
      apiId: /\/([a-z0-9]+)\/v1$/.exec(url)?.[1],
      stage: "v1",
      httpMethod: "GET",
      path: "/v1/orders/7",
      resourcePath: "/orders/{orderId}",
      protocol: "HTTP/1.1",
      host: "api.example",
      status: "200",
      responseLength: String(answer.text.length),
      ip: "127.0.0.1",
      userAgent: "curl/8",
      principalId: "client",
      companyId: "org_1",
      authorizerStatus: "200",
      errorType: "-",
      errorMessage: "-",
      integrationStatus: "200",
    });
  });

  const refused: [title: string, path: string, token: string | undefined, expected: Properties][] = [
    [
      "an unknown route",
      "/nowhere",
      undefined,
      { status: "403", errorType: "MISSING_AUTHENTICATION_TOKEN", resourcePath: "-" },
    ],
    [
      "a missing token",
      "/orders/7",
      undefined,
      { status: "401", errorType: "UNAUTHORIZED", principalId: "-", companyId: "-" },
    ],
    [
      "a denial",
      "/orders/7",
      wishOf(["Deny", "*"]),
      { status: "403", errorType: "ACCESS_DENIED", principalId: "client", authorizerStatus: "403" },
    ],
    [
      "an authorizer's fault",
      "/orders/7",
      wish({ error: "down" }),
      { status: "500", errorType: "AUTHORIZER_FAILURE", authorizerStatus: "500" },
    ],
    [
      "a backend's fault",
      "/down",
      undefined,
      { status: "504", errorType: "INTEGRATION_FAILURE", integrationStatus: "-" },
    ],
  ];
  it.each(refused)("logs %s", async (_title, path, token, expected) => {
    await call(url + path, token === undefined ? {} : { headers: { Authorization: token } });
    expect(await record()).toMatchObject(expected);
  });

  it("stays JSON whatever the caller sends", async () => {
    const userAgent = 'a"b\\c\t{"status":"999"},\\u0041';
    await call(`${url}/nowhere`, { headers: { "User-Agent": userAgent } });
    expect(await record()).toMatchObject({ userAgent, status: "403" });
  });

  it('has "-" for an empty value', async () => {
    await call(`${url}/nowhere`, { headers: { "User-Agent": "" } });
    expect(await record()).toMatchObject({ userAgent: "-" });
  });

  it("has the error's quoted message as it is, and text around variables", async () => {
    const quoted = await fixture.accessLog(
      `$context.requestId;{"e":$context.error.messageString,"s":\${context.status}}`,
    );
    const { url: at } = await fixture.deploy(documentOf({ "/a": { get: mock("a") } }), quoted.settings);
    await call(`${at}/nowhere`);
    const [, json = ""] = (await quoted.lines()).at(-1)?.split(";") ?? [];
    expect(JSON.parse(json)).toEqual({ e: "Missing Authentication Token", s: 403 });
  });

  it("has the id that the caller chose if it is a UUID, and another otherwise", async () => {
    const chosen = "0a1b2c3d-0000-4000-8000-0123456789ab";
    const answer = await call(`${url}/nowhere`, { headers: { "X-Amzn-RequestId": chosen } });
    expect(answer.headers["x-amzn-requestid"]).toBe(chosen);
    expect(await record()).toMatchObject({ requestId: chosen });
    await call(`${url}/nowhere`, { headers: { "X-Amzn-RequestId": "mine" } });
    expect(await record()).toMatchObject({
      requestId: expect.stringMatching(/^[\da-f-]{36}_REPLACED_INVALID_REQUEST_ID$/),
    });
  });
});
