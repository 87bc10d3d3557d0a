// What a stage of an HTTP API does with every request: sizes and the access log.
import { type Backend, call, Fixture, startBackend } from "../../../../testing/fixture";
import { anyMethod, deployHttp, httpProxied, lambdaAuthorizer } from "../../../../testing/http-fixture";
import { authorizerCode, wish } from "../../../../testing/wishes";

let fixture: Fixture;
let backend: Backend;
let url: string;
let log: Awaited<ReturnType<Fixture["accessLog"]>>;

const format = JSON.stringify({
  requestId: "$context.requestId",
  api: "$context.apiId",
  time: "$context.requestTime",
  method: "$context.httpMethod",
  path: "$context.path",
  route: "$context.routeKey",
  protocol: "$context.protocol",
  host: "$context.domainName",
  agent: "$context.identity.userAgent",
  status: "$context.status",
  length: "$context.responseLength",
  organization: "$context.authorizer.org_id",
  claims: "$context.authorizer.claims.org_id",
  error: "$context.error.message",
  integration: "$context.integrationStatus",
  broken: "$context.integrationErrorMessage",
  stage: "$context.stage",
});

beforeAll(async () => {
  fixture = await Fixture.start({ clock: () => Date.UTC(2026, 0, 1) });
  backend = await startBackend((_request, response) => response.end("ok"));
  const authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  log = await fixture.accessLog(format);
  const paths = {
    "/orders/{id}": { get: httpProxied(backend.url, {}, { security: [{ customers: [] }] }) },
    "/public": { [anyMethod]: httpProxied(backend.url) },
    "/gone": { get: httpProxied("http://127.0.0.1:9") },
  };
  const components = lambdaAuthorizer(authorizer);
  ({ url } = await deployHttp(fixture, { openapi: "3.0.1", paths, components }, log.settings));
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

const logged = async () => JSON.parse((await log.lines()).at(-1) ?? "");

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
describe("the access log", () => {
  it("logs whose each request was and what became of it", async () => {
    const Authorization = wish({ context: { org_id: "org_1" } });
    const headers = { Host: "api.example", "User-Agent": 'a "browser"', Authorization };
    const { headers: answered } = await call(`${url}/orders/7?x=1`, { headers });
    expect(await logged()).toEqual({
      requestId: answered["apigw-requestid"],
      api: expect.stringMatching(/^[a-z0-9]{10}$/),
      time: "01/Jan/2026:00:00:00 +0000",
      method: "GET",
      path: "/v1/orders/7",
      route: "GET /orders/{id}",
      protocol: "HTTP/1.1",
      host: "api.example",
      agent: 'a "browser"',
      status: "200",
      length: "2",
      organization: "org_1",
      claims: "-",
      error: "-",
      integration: "200",
      broken: "-",
      stage: "v1",
    });
  });

  it("logs what was refused, and what the backend did not answer", async () => {
    await call(`${url}/orders/7`);
    expect(await logged()).toMatchObject({ status: "401", error: "Unauthorized", integration: "-" });
    await call(`${url}/gone`);
    expect(await logged()).toMatchObject({ status: "503", broken: expect.stringMatching(/ECONNREFUSED/) });
    await call(`${url}/nowhere`);
    expect(await logged()).toMatchObject({ status: "404", route: "-" });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
describe("a request", () => {
  it("may have 10 MB, and no more", async () => {
    const size = 10 * 1024 * 1024;
    const send = (length: number, headers = {}) =>
      call(`${url}/public`, { method: "POST", body: Buffer.alloc(length), headers });
    expect((await send(size)).status).toBe(200);
    const refused = { status: 413, json: { message: "Request Entity Too Large" } };
    expect(await send(size + 1)).toMatchObject(refused);
    expect(await send(size + 1, { "Transfer-Encoding": "chunked" })).toMatchObject(refused);
  });

  it("may have a request line and headers of 10,240 bytes, and no more", async () => {
    const send = (length: number) =>
      call(`${url}/public`, { headers: { Host: "api", "X-Long": "x".repeat(length) } });
    expect((await send(10_000)).status).toBe(200);
    expect((await send(10_240)).status).toBe(431);
  });
});

// RFC 9110, section 9.3.2; Local: of AWS it is not written down.
it("answers HEAD without a body", async () => {
  const { status, text } = await call(`${url}/public`, { method: "HEAD" });
  expect([status, text]).toEqual([200, ""]);
});
