// CORS of HTTP APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
import type { Properties } from "../../../../src/engine/provider";
import { type Backend, call, Fixture, startBackend } from "../../../../testing/fixture";
import { deployHttp, httpProxied } from "../../../../testing/http-fixture";

const app = "https://app.example.com";

let fixture: Fixture;
let backend: Backend;

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend((_request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "https://backend.example.com");
    response.setHeader("X-Own", "1");
    response.end();
  });
});

afterAll(async () => {
  await fixture.close();
  await backend.close();
});

async function deploy(cors: Properties | undefined) {
  const { url, api } = await deployHttp(fixture, {
    openapi: "3.0.1",
    paths: { "/orders": { get: httpProxied(backend.url) } },
  });
  if (cors) await fixture.update("apigatewayv2/api", api, { corsConfiguration: cors });
  const preflight = (origin: string, path = "/orders") =>
    call(url + path, {
      method: "OPTIONS",
      headers: { Origin: origin, "Access-Control-Request-Method": "GET" },
    });
  const get = (origin?: string) => call(`${url}/orders`, { headers: origin ? { Origin: origin } : {} });
  return { url, preflight, get };
}

const configuration = {
  allowOrigins: [app, "http://localhost:3000"],
  allowMethods: ["GET", "POST"],
  allowHeaders: ["authorization"],
  exposeHeaders: ["retry-after"],
  maxAge: 600,
};

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
describe("a preflight", () => {
  it("is answered by API Gateway itself, whatever routes there are", async () => {
    const { preflight } = await deploy(configuration);
    for (const path of ["/orders", "/nowhere"]) {
      const { status, headers } = await preflight(app, path);
      expect(status).toBe(204);
      expect(headers).toMatchObject({
        "access-control-allow-origin": app,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "600",
      });
    }
  });

  it("of another origin gets no leave", async () => {
    const { preflight } = await deploy(configuration);
    const { headers } = await preflight("https://evil.example.com");
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("is an OPTIONS like any other without the headers of one, and without a configuration", async () => {
    const { url } = await deploy(configuration);
    expect((await call(`${url}/orders`, { method: "OPTIONS", headers: { Origin: app } })).status).toBe(404);
    expect((await (await deploy(undefined)).preflight(app)).status).toBe(404);
  });

  it("is allowed for all origins, or all of a scheme", async () => {
    const all = await deploy({ ...configuration, allowOrigins: ["*"] });
    expect((await all.preflight(app)).headers["access-control-allow-origin"]).toBe("*");
    const secure = await deploy({ ...configuration, allowOrigins: ["https://*"] });
    expect((await secure.preflight(app)).headers["access-control-allow-origin"]).toBe(app);
    expect((await secure.preflight("http://a.example")).headers).not.toHaveProperty(
      "access-control-allow-origin",
    );
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
describe("an answer", () => {
  it("has the configuration's headers, and not the backend's", async () => {
    const { get } = await deploy(configuration);
    expect((await get(app)).headers).toMatchObject({
      "access-control-allow-origin": app,
      "access-control-expose-headers": "retry-after",
      "x-own": "1",
    });
    expect((await get("https://evil.example.com")).headers).not.toHaveProperty("access-control-allow-origin");
    expect((await get()).headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("has the backend's headers where there is no configuration", async () => {
    const { get } = await deploy(undefined);
    expect((await get(app)).headers["access-control-allow-origin"]).toBe("https://backend.example.com");
  });
});
