// The bodies that the program renders, served to pages of other origins and to who sends the wrong things.

import { type Backend, call, Fixture, startBackend } from "../../../local-cloud/testing/fixture";
import { deployHttp } from "../../../local-cloud/testing/http-fixture";
import { authorizerCode, wish } from "../../../local-cloud/testing/wishes";
import type { Backends } from "../../src/gateway/backends/backend";
import { renderHttpCors } from "../../src/gateway/cors";
import { renderHttpApiBody } from "../../src/gateway/http/http-api-body";
import { renderRestApiBody } from "../../src/gateway/rest/rest-api-body";
import type { ApiDocument } from "../../src/openapi/document";
import { head, readFiles } from "./document-files";

const app = "https://app.example.com";
const responses = "responses: { default: { description: Done. } }";
const { api } = readFiles({
  "openapi.yaml": `${head}paths:
  /orders:
    get: { ${responses} }
    post:
      parameters: [{ name: Idempotency-Key, in: header, required: true, schema: { type: string } }]
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [sku] } } } }
      ${responses}
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { ${responses} }
    options: { ${responses} }
`,
});

let fixture: Fixture;
let backend: Backend;
let authorizerUri: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend();
  const authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  authorizerUri = String(authorizer.outputs.invokeArn);
});

afterAll(async () => {
  await fixture.close();
  await backend.close();
});

const backends = (): Backends => ({ default: { kind: "http", url: backend.url } });
const preflight = (url: string, path: string) =>
  call(url + path, { method: "OPTIONS", headers: { Origin: app, "Access-Control-Request-Method": "POST" } });
const token = `${wish({ context: { org_id: "org_1" } })}.e30.c2ln`;

describe("a REST API", () => {
  const deploy = async (given: Partial<Parameters<typeof renderRestApiBody>[1]>) => {
    const body = renderRestApiBody(api, {
      authorizerUri,
      authorizerCacheSeconds: 0,
      backends: backends(),
      ...given,
    });
    return (await fixture.deploy(JSON.parse(body))).url;
  };

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
  it("answers preflights of each path that has no OPTIONS of its own, without a token", async () => {
    const url = await deploy({ corsAllowedOrigins: [app] });
    const { status, headers } = await preflight(url, "/orders");
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      "access-control-allow-origin": app,
      "access-control-allow-methods": "GET,POST,OPTIONS",
      "access-control-allow-headers": "Authorization,Content-Type,Idempotency-Key",
      "access-control-max-age": "600",
    });
    expect((await preflight(url, "/orders/7")).status).toBe(401);
  });

  it("lets pages read why they are refused, whatever the reason", async () => {
    const url = await deploy({ corsAllowedOrigins: [app], validateRequests: "all" });
    const refusals = [
      await call(`${url}/orders`),
      await call(`${url}/nowhere`),
      await call(`${url}/orders`, { method: "POST", headers: { Authorization: token } }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([401, 404, 400]);
    for (const { headers } of refusals) {
      expect(headers).toMatchObject({
        "access-control-allow-origin": app,
        "access-control-expose-headers": "WWW-Authenticate,Retry-After",
      });
    }
  });

  it("has nothing of that unless an origin is set", async () => {
    const url = await deploy({});
    expect((await preflight(url, "/orders")).status).toBe(404);
    expect((await call(`${url}/orders`)).headers).not.toHaveProperty("access-control-allow-origin");
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
  it("refuses what the document does not allow with 400, in the form of its other refusals", async () => {
    const url = await deploy({ validateRequests: "all" });
    const post = (body: string, headers: Record<string, string> = {}) =>
      call(`${url}/orders`, { method: "POST", body, headers: { Authorization: token, ...headers } });
    expect(await post("{}")).toMatchObject({
      status: 400,
      json: {
        error: "invalid_request",
        error_description: "Missing required request parameters: [Idempotency-Key]",
      },
    });
    expect(await post("{}", { "Idempotency-Key": "1" })).toMatchObject({
      status: 400,
      json: { error: "invalid_request", error_description: "Invalid request body" },
    });
    expect((await post('{"sku":"a"}', { "Idempotency-Key": "1" })).status).toBe(200);
  });
});

describe("an HTTP API", () => {
  const deploy = async (corsAllowedOrigins: string[]) => {
    const authorizer = { kind: "lambda" as const, uri: authorizerUri, cacheSeconds: 0 };
    const body = renderHttpApiBody(api, { authorizer, backends: backends() });
    const deployed = await deployHttp(fixture, JSON.parse(body));
    const corsConfiguration = renderHttpCors(api, { corsAllowedOrigins });
    if (corsConfiguration) await fixture.update("apigatewayv2/api", deployed.api, { corsConfiguration });
    return deployed.url;
  };

  it("answers preflights and lets pages of each origin read the backend's answers", async () => {
    const url = await deploy([app, "http://localhost:3000"]);
    expect((await preflight(url, "/orders")).headers).toMatchObject({
      "access-control-allow-origin": app,
      "access-control-allow-methods": "GET,POST,OPTIONS",
      "access-control-allow-headers": "Authorization,Content-Type,Idempotency-Key",
    });
    const { headers, status } = await call(`${url}/orders`, {
      headers: { Authorization: token, Origin: app },
    });
    expect({ status, origin: headers["access-control-allow-origin"] }).toEqual({ status: 200, origin: app });
  });

  it("has no configuration unless an origin is set", () => {
    expect(renderHttpCors(api as ApiDocument, { corsAllowedOrigins: [] })).toBeUndefined();
  });
});
