// HTTP proxy integrations and parameter mapping:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
import { isObject } from "../../../../src/aws/property";
import type { Properties } from "../../../../src/engine/provider";
import { type Backend, call, Fixture, startBackend } from "../../../../testing/fixture";
import { anyMethod, deployHttp, httpProxied } from "../../../../testing/http-fixture";

let fixture: Fixture;
let backend: Backend;

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend();
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

async function deploy(path: string, uri: string, integration: Properties = {}, stage: Properties = {}) {
  const paths = { [path]: { [anyMethod]: httpProxied(backend.url + uri, integration) } };
  return (await deployHttp(fixture, { openapi: "3.0.1", paths }, stage)).url;
}

/** What the backend got. */
async function seen(url: string, options: Parameters<typeof call>[1] = {}) {
  const { status, json } = await call(url, options);
  expect(status).toBe(200);
  return { ...json, headers: isObject(json.headers) ? json.headers : {} };
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html for path variables
describe("the request", () => {
  it("goes on with its method, query, headers and body", async () => {
    const url = await deploy("/orders", "/service/orders");
    const headers = { "X-Own": "o", Authorization: "Bearer x", Connection: "close" };
    expect(await seen(`${url}/orders?x=%20&x=2`, { method: "PUT", headers, body: "text" })).toMatchObject({
      method: "PUT",
      url: "/service/orders?x=%20&x=2",
      headers: { "x-own": "o", authorization: "Bearer x", via: "HTTP/1.1 AmazonAPIGateway" },
      body: "text",
    });
  });

  it("has another method where the integration says so", async () => {
    const url = await deploy("/orders", "/", { httpMethod: "POST" });
    expect(await seen(`${url}/orders`)).toMatchObject({ method: "POST" });
  });

  it("takes path parameters and stage variables into the address", async () => {
    const stage = { stageVariables: { version: "v7" } };
    const url = await deploy("/a/{id}/{rest+}", `/\${stageVariables.version}/{rest}/{id}`, {}, stage);
    expect(await seen(`${url}/a/1/b/c`)).toMatchObject({ url: "/v7/b/c/1" });
  });

  it("has its parameters encoded again as far as a path needs it: a slash and a .. that were hidden stay open", async () => {
    const url = await deploy("/files/{rest+}", "/files/{rest}");
    expect(await seen(`${url}/files/..%2Fa%20b%23`)).toMatchObject({ url: "/files/../a%20b%23" });
  });

  it("keeps its whole path on the way from the route that catches all", async () => {
    const url = await deploy("/$default", "/base/");
    expect(await seen(`${url}/any/th%20ing?x=1`)).toMatchObject({ url: "/base/any/th%20ing?x=1" });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
describe("a mapping", () => {
  const mapped = async (
    requestParameters: Properties,
    path = "/7?x=1&x=2",
    headers: string[] | Record<string, string> = {},
  ) => {
    const stage = { stageVariables: { tier: "gold" } };
    const url = await deploy("/{id}", "/backend", { requestParameters }, stage);
    return seen(url + path, { headers });
  };

  it.each<[string, string]>([
    ["$request.header.X-Own", "o"],
    ["$request.querystring.x", "1,2"],
    ["$request.path", "/7"],
    ["$request.path.id", "7"],
    ["$context.httpMethod", "GET"],
    [`\${context.stage}`, "v1"],
    ["$stageVariables.tier", "gold"],
    [`id \${request.path.id} of $stageVariables.tier`, "id 7 of gold"],
    ["a text", "a text"],
    ["'quoted'", "'quoted'"],
  ])("takes %s", async (value, expected) => {
    const { headers } = await mapped({ "append:header.X-New": value }, undefined, { "X-Own": "o" });
    expect(headers).toMatchObject({ "x-new": expected });
  });

  it("overwrites, appends to, or removes a header, whatever its case", async () => {
    const given = ["Host", "api", "X-A", "1", "x-a", "2", "X-B", "1", "x-b", "2", "X-C", "1", "x-c", "2"];
    const mappings = { "overwrite:header.x-A": "new", "append:header.X-b": "new", "remove:header.X-C": "''" };
    const { headers } = await mapped(mappings, undefined, given);
    expect(headers).toMatchObject({ "x-a": "new", "x-b": "1,2,new" });
    expect(headers).not.toHaveProperty("x-c");
  });

  it("overwrites, appends to, or removes a part of the query", async () => {
    const mappings = {
      "overwrite:querystring.x": "$request.path.id",
      "append:querystring.y": "2",
      "remove:querystring.z": "''",
    };
    expect(await mapped(mappings, "/7?x=1&y=1&z=1&w=%20")).toMatchObject({ url: "/backend?x=7&y=1&w=+&y=2" });
  });

  it("overwrites the path", async () => {
    expect(await mapped({ "overwrite:path": `/other\${request.path}` })).toMatchObject({
      url: "/other/7?x=1&x=2",
    });
  });

  it("without a value leaves the caller's own header: the worst, since nothing says what AWS does", async () => {
    const mappings = { "overwrite:header.x-org-id": "$context.authorizer.org_id" };
    const { headers } = await mapped(mappings, undefined, { "X-Org-Id": "org_2" });
    expect(headers).toMatchObject({ "x-org-id": "org_2" });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html and http-api-quotas.html for the timeout
describe("the answer", () => {
  it("comes back with its status, headers and body", async () => {
    const bytes = Buffer.from([0xff, 0x00]);
    const other = await startBackend((_request, response) => {
      response.writeHead(418, ["WWW-Authenticate", "Basic", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]);
      response.end(bytes);
    });
    const paths = { "/a": { get: httpProxied(other.url) } };
    const { url } = await deployHttp(fixture, { openapi: "3.0.1", paths });
    const { status, headers, body } = await call(`${url}/a`);
    await other.close();
    expect({ status, body }).toEqual({ status: 418, body: bytes });
    // Unlike a REST API, it renames no header.
    expect(headers).toMatchObject({ "www-authenticate": "Basic", "set-cookie": ["a=1", "b=2"] });
    expect(headers["apigw-requestid"]).toBeTruthy();
  });

  it("of a backend that is not there, or takes too long, is 503", async () => {
    const hanging = await startBackend(() => {});
    const paths = {
      "/gone": { get: httpProxied("http://127.0.0.1:9") },
      "/slow": { get: httpProxied(hanging.url, { timeoutInMillis: 50 }) },
    };
    const { url } = await deployHttp(fixture, { openapi: "3.0.1", paths });
    for (const path of ["/gone", "/slow"]) {
      expect(await call(url + path)).toMatchObject({ status: 503, json: { message: "Service Unavailable" } });
    }
    await hanging.close();
  });
});
