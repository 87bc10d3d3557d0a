// Which method a request reaches.

import type { Properties } from "../../../src/engine/provider";
import { call, Fixture } from "../../../testing/fixture";

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html for the address
describe("a request", () => {
  let fixture: Fixture;
  let url: string;

  beforeAll(async () => {
    fixture = await Fixture.start();
    ({ url } = await fixture.deploy({
      openapi: "3.0.1",
      paths: {
        "/": { get: named("root") },
        "/orders": {
          get: named("list"),
          post: named("create"),
          "x-amazon-apigateway-any-method": named("any"),
        },
        "/orders/{orderId}": { get: named("read") },
        "/orders/latest": { get: named("latest") },
        "/orders/{orderId}/items/{itemId}": { get: named("item") },
        "/files/{path+}": { get: named("file") },
        "/{proxy+}": { "x-amazon-apigateway-any-method": named("proxy") },
        "/Case": { get: named("case") },
      },
    }));
  });

  afterAll(() => fixture.close());

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
  const cases: [method: string, path: string, reached: string][] = [
    ["GET", "/", "root"],
    ["GET", "", "root"],
    ["GET", "?a=/orders", "root"],
    ["GET", "/orders", "list"],
    ["GET", "/orders/", "list"],
    ["GET", "/orders?id=1", "list"],
    ["POST", "/orders", "create"],
    ["DELETE", "/orders", "any"],
    ["GET", "/orders/7", "read"],
    ["GET", "/orders/a%2Fb", "read"],
    ["GET", "/orders/latest", "latest"],
    ["GET", "/orders/7/items/8", "item"],
    ["GET", "/orders/7/items", "proxy"],
    ["GET", "/files/a/b/c", "file"],
    ["GET", "/files/a", "file"],
    ["GET", "/files", "proxy"],
    ["GET", "/case", "proxy"],
    ["GET", "/Case", "case"],
    ["PUT", "/anything/else", "proxy"],
  ];
  it.each(cases)("%s %j reaches %s", async (method, path, reached) => {
    expect((await call(url + path, { method })).text).toBe(reached);
  });

  // Recorded: ministackorg/ministack#1423 (measured on AWS in August 2026) and floci-io/floci#3399.
  it.each([
    ["POST", "/orders/latest", "proxy"],
    ["DELETE", "/orders/7", "proxy"],
    ["DELETE", "/files/a", "proxy"],
    ["DELETE", "/orders/oldest", "delete"],
    ["PATCH", "/orders/oldest", "patch"],
  ])("%s %j reaches %s, since the more specific path has other methods", async (method, path, reached) => {
    const { url: at } = await fixture.deploy({
      openapi: "3.0.1",
      paths: {
        "/orders/{orderId}": { get: named("read") },
        "/orders/latest": { get: named("latest") },
        "/orders/oldest": { patch: named("patch") },
        "/files/{path+}": { get: named("file") },
        "/{proxy+}": { "x-amazon-apigateway-any-method": named("proxy") },
        ...(reached === "delete" && { "/orders/{orderId}": { delete: named("delete") } }),
      },
    });
    expect((await call(at + path, { method })).text).toBe(reached);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
  it("without a method gets 403 Missing Authentication Token", async () => {
    const { url: at } = await fixture.deploy({
      openapi: "3.0.1",
      paths: { "/orders": { get: named("list") } },
    });
    for (const [method, path] of [
      ["GET", "/nowhere"],
      ["POST", "/orders"],
      ["GET", "/orders/7"],
      ["GET", "/"],
    ]) {
      const { status, json, headers } = await call(`${at}${path}`, { method });
      expect({ status, json }).toEqual({ status: 403, json: { message: "Missing Authentication Token" } });
      expect(headers["x-amzn-errortype"]).toBe("MissingAuthenticationTokenException");
    }
  });

  it("to a stage or an API that is not there gets 403 Forbidden", async () => {
    const { origin, pathname } = new URL(url);
    const [, apiId] = pathname.split("/");
    for (const path of [`/${apiId}/v2/orders`, "/abcdefghij/v1/orders", "/", `/${apiId}`]) {
      const { status, json } = await call(origin + path);
      expect({ status, json }).toEqual({ status: 403, json: { message: "Forbidden" } });
    }
  });

  it("may name the API in its host, as with AWS", async () => {
    const { origin, pathname } = new URL(url);
    const [, apiId, stage] = pathname.split("/");
    const headers = { Host: `${apiId}.execute-api.eu-central-1.amazonaws.com` };
    expect((await call(`${origin}/${stage}/orders`, { headers })).text).toBe("list");
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
  it("gets 403 where the API's default endpoint is switched off", async () => {
    const {
      restApi,
      stage,
      url: at,
    } = await fixture.deploy({
      openapi: "3.0.1",
      paths: { "/a": { get: named("a") } },
    });
    expect((await call(`${at}/a`)).text).toBe("a");
    await fixture.update("apigateway/restApi", restApi, { disableExecuteApiEndpoint: true });
    // "This setting takes affect when you update any setting on any stage."
    expect((await call(`${at}/a`)).text).toBe("a");
    await fixture.update("apigateway/stage", stage, { description: "changed" });
    expect((await call(`${at}/a`)).json).toEqual({ message: "Forbidden" });
  });
});

/** A mock that answers with the name. */
function named(name: string): Properties {
  return {
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: "200", responseTemplates: { "application/json": name } } },
    },
  };
}
