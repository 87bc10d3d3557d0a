// HTTP proxy integrations: https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Backend, call, Fixture, proxied, securedBy, startBackend } from "../../../testing/fixture";
import { authorizerCode, wish } from "../../../testing/wishes";

let fixture: Fixture;
let backend: Backend;
/** Answers as the test says; the echo until then. */
let answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
let echo: Backend;
let url: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  echo = await startBackend();
  backend = await startBackend((request, response) => answer?.(request, response));
  const authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  const parameter = (name: string, place: string) => ({ name, in: place, schema: { type: "string" } });
  const security = [{ customers: [] }];
  const any = (uri: string, integration = {}, operation = {}) => ({
    "x-amazon-apigateway-any-method": proxied(uri, { httpMethod: "POST", ...integration }, operation),
  });
  ({ url } = await fixture.deploy(
    {
      openapi: "3.0.1",
      paths: {
        "/orders/{orderId}": {
          get: proxied(
            `${echo.url}/base/orders/{orderId}`,
            { requestParameters: { "integration.request.path.orderId": "method.request.path.orderId" } },
            { parameters: [parameter("orderId", "path")] },
          ),
        },
        "/files/{path+}": {
          get: proxied(
            `${echo.url}/files/{path}`,
            { requestParameters: { "integration.request.path.path": "method.request.path.path" } },
            { parameters: [parameter("path", "path")] },
          ),
        },
        "/echo": any(`${echo.url}/echo`),
        "/secured": any(
          `${echo.url}/secured`,
          { requestParameters: { "integration.request.header.X-Org-Id": "context.authorizer.org_id" } },
          { security },
        ),
        "/mapped": any(
          `${echo.url}/mapped?fixed=1`,
          {
            requestParameters: {
              "integration.request.header.X-Static": "'a text'",
              "integration.request.header.X-Renamed": "method.request.header.X-Given",
              "integration.request.header.X-Stage": "stageVariables.tier",
              "integration.request.header.X-Path": "context.path",
              "integration.request.querystring.page": "method.request.querystring.p",
              "integration.request.querystring.kind": "'all'",
            },
          },
          { parameters: [parameter("X-Given", "header"), parameter("p", "query")] },
        ),
        "/backend": any(`${backend.url}/backend`, { httpMethod: "GET", timeoutInMillis: 1000 }),
        "/head": { head: proxied(`${backend.url}/head`, { httpMethod: "HEAD" }) },
        "/slow": any(`${backend.url}/slow`, { timeoutInMillis: 50 }),
        "/unreachable": any("http://127.0.0.1:1/"),
        "/misconfigured": any(`http://\${stageVariables.missing}/`),
      },
      components: securedBy(authorizer),
    },
    { variables: { tier: "gold" } },
  ));
});

afterEach(() => {
  answer = undefined;
});

afterAll(async () => {
  await Promise.all([backend.close(), echo.close()]);
  await fixture.close();
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html for the headers that it drops
describe("the request to the backend", () => {
  it.each([
    ["/orders/7", "/base/orders/7"],
    ["/orders/a%20b", "/base/orders/a%20b"],
    // https://github.com/ustayready/fireprox/issues/44
    ["/orders/a%2Fb", "/base/orders/a/b"],
    ["/orders/a%252Fb", "/base/orders/a%252Fb"],
    ["/files/a%2Fb/c", "/files/a/b/c"],
    ["/orders/%C3%BC", "/base/orders/%C3%BC"],
    ["/orders/100%", "/base/orders/100%25"],
    ["/files/a/b%20c/d", "/files/a/b%20c/d"],
    // A path that was resolved would be another than the one that the authorizer's policy allowed.
    ["/orders/..", "/base/orders/.."],
    ["/files/../../admin", "/files/../../admin"],
  ])("has the path parameter of %s in its place", async (path, expected) => {
    expect((await call(url + path)).json.url).toBe(expected);
  });

  it.each(["?a=1&a=2&b=", "?a=%20+&%C3%BC=%2F", "?flag", "?a[]=1", ""])(
    "has the query %j as it came",
    async (query) => {
      expect((await call(`${url}/echo${query}`)).json.url).toBe(`/echo${query}`);
    },
  );

  it("has the method of the integration, not of the caller", async () => {
    expect((await call(`${url}/echo`, { method: "PATCH" })).json.method).toBe("POST");
  });

  it("has the caller's headers, also repeated ones", async () => {
    const headers = [
      "Host",
      "h",
      "X-Many",
      "1",
      "x-many",
      "2",
      "Accept",
      "text/plain",
      "Authorization",
      "Basic a",
    ];
    const { rawHeaders } = (await call(`${url}/echo`, { headers })).json;
    expect(rawHeaders).toEqual(
      expect.arrayContaining(["X-Many", "1", "x-many", "2", "Accept", "text/plain"]),
    );
    expect(rawHeaders).toEqual(expect.arrayContaining(["Authorization", "Basic a"]));
  });

  // RFC 9110, section 7.6.1
  it("has no header of the caller's connection", async () => {
    const headers = {
      Connection: "close, TE",
      "Keep-Alive": "timeout=5",
      TE: "trailers",
      "Proxy-Authorization": "Basic a",
      Upgrade: "websocket",
    };
    const seen = (await call(`${url}/echo`, { method: "POST", headers })).json.headers;
    for (const name of ["keep-alive", "te", "proxy-authorization", "upgrade"])
      expect(seen).not.toHaveProperty(name);
    expect(seen).not.toHaveProperty("connection", "close, TE");
  });

  it("names the backend as its host, and the caller as whom it is forwarded for", async () => {
    const headers = { Host: "api.example", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http" };
    expect((await call(`${url}/echo`, { headers })).json.headers).toMatchObject({
      host: new URL(echo.url).host,
      "x-forwarded-for": "203.0.113.9, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-amzn-apigateway-api-id": /\/([a-z0-9]+)\/v1$/.exec(url)?.[1],
    });
  });

  // Bytes that are no UTF-8 are in binary-media.test.ts.
  it("has the body's text unchanged", async () => {
    const body = Buffer.from("\u0000 a ü 漢 😀 \ufffd");
    const { json } = await call(`${url}/echo`, { method: "POST", body });
    expect(Buffer.from(String(json.body), "latin1")).toEqual(body);
    expect(json.headers).toMatchObject({ "content-length": String(body.length) });
  });

  it("has a length also where the caller gave none", async () => {
    const headers = { "Transfer-Encoding": "chunked" };
    const { json } = await call(`${url}/echo`, { method: "POST", headers, body: "in pieces" });
    expect(json).toMatchObject({ body: "in pieces", headers: { "content-length": "9" } });
    expect(json.headers).not.toHaveProperty("transfer-encoding");
    expect((await call(`${url}/echo`, { method: "POST" })).json.headers).toMatchObject({
      "content-length": "0",
    });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
describe("a mapping", () => {
  it("sets headers and the query from texts, the request, the stage and the context", async () => {
    const headers = { "x-given": "given", "X-Static": "the caller's" };
    const { json } = await call(`${url}/mapped?p=2&page=9&other=o`, { headers });
    expect(json.headers).toMatchObject({
      "x-static": "a text",
      "x-renamed": "given",
      "x-stage": "gold",
      "x-path": "/v1/mapped",
    });
    expect(json.url).toBe("/mapped?fixed=1&p=2&other=o&page=2&kind=all");
  });

  it("without a value leaves the header and the parameter out, the caller's too", async () => {
    const headers = { "X-Renamed": "the caller's" };
    const { json } = await call(`${url}/mapped`, { headers });
    expect(json.headers).not.toHaveProperty("x-renamed");
    expect(json.url).toBe("/mapped?fixed=1&kind=all");
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
describe("a caller that claims to be another organization", () => {
  const lies: [title: string, headers: string[]][] = [
    ["in the header's own case", ["X-Org-Id", "org_other"]],
    ["in lower case", ["x-org-id", "org_other"]],
    ["in upper case", ["X-ORG-ID", "org_other"]],
    ["twice", ["X-Org-Id", "org_other", "X-Org-Id", "org_third"]],
    ["in every case at once", ["x-org-id", "org_other", "X-Org-ID", "org_other", "X-ORG-ID", "org_other"]],
    ["as one of several", ["X-Org-Id", "org_1, org_other"]],
    ["and has it dropped by the next hop", ["Connection", "close, X-Org-Id", "X-Org-Id", "org_other"]],
  ];
  const orgHeaders = (rawHeaders: unknown) =>
    (Array.isArray(rawHeaders) ? rawHeaders.map(String) : []).flatMap((name, index, list) =>
      index % 2 === 0 && name.toLowerCase() === "x-org-id" ? [list[index + 1]] : [],
    );

  it.each(lies)("%s is the one of its token for the backend", async (_title, lie) => {
    const headers = ["Host", "h", "Authorization", wish({ context: { org_id: "org_1" } }), ...lie];
    const { json } = await call(`${url}/secured`, { headers });
    expect(orgHeaders(json.rawHeaders)).toEqual(["org_1"]);
    expect(JSON.stringify(json.rawHeaders)).not.toMatch(/org_third|"org_other"|org_1, org_other/);
  });

  it.each(lies)("%s is nobody where its token has no organization", async (_title, lie) => {
    const headers = ["Host", "h", "Authorization", wish(), ...lie];
    expect(orgHeaders((await call(`${url}/secured`, { headers })).json.rawHeaders)).toEqual([]);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
describe("the backend's answer", () => {
  it("comes with its status, its headers and its text", async () => {
    const body = Buffer.from("ü 漢");
    answer = (_request, response) => {
      response.writeHead(418, { "Set-Cookie": ["a=1", "b=2"], "X-Own": "o" }).end(body);
    };
    const { status, headers, body: received } = await call(`${url}/backend`);
    expect({ status, received }).toEqual({ status: 418, received: body });
    expect(headers).toMatchObject({ "set-cookie": ["a=1", "b=2"], "x-own": "o" });
    expect(headers["x-amzn-requestid"]).toMatch(/^[\da-f-]{36}$/);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  it("has headers that belong to the gateway under other names", async () => {
    answer = (_request, response) => {
      response.writeHead(401, { "WWW-Authenticate": "Basic", Server: "backend", Date: "then" }).end();
    };
    const { headers } = await call(`${url}/backend`);
    expect(headers).toMatchObject({
      "x-amzn-remapped-www-authenticate": "Basic",
      "x-amzn-remapped-server": "backend",
      "x-amzn-remapped-date": "then",
    });
    expect(headers).not.toHaveProperty("www-authenticate");
    expect(headers).not.toHaveProperty("server");
  });

  it("is not followed where it is a redirect", async () => {
    answer = (_request, response) => response.writeHead(302, { Location: `${echo.url}/elsewhere` }).end();
    const { status, headers } = await call(`${url}/backend`);
    expect({ status, location: headers.location }).toEqual({
      status: 302,
      location: `${echo.url}/elsewhere`,
    });
  });

  it.each([204, 304])("has no body with %d", async (code) => {
    answer = (_request, response) => response.writeHead(code).end();
    const { status, text, headers } = await call(`${url}/backend`);
    expect({ status, text, length: headers["content-length"] }).toEqual({
      status: code,
      text: "",
      length: undefined,
    });
  });

  it("to HEAD has headers alone", async () => {
    answer = (_request, response) => response.writeHead(200, { "X-Own": "o" }).end();
    const { status, text, headers } = await call(`${url}/head`, { method: "HEAD" });
    expect({ status, text, own: headers["x-own"] }).toEqual({ status: 200, text: "", own: "o" });
  });

  it("is asked for again where a kept connection was closed meanwhile", async () => {
    const used = new Set<unknown>();
    answer = ({ socket }, response) => {
      if (used.has(socket)) socket.destroy();
      else response.end("fresh");
      used.add(socket);
    };
    expect((await call(`${url}/backend`)).text).toBe("fresh");
    expect((await call(`${url}/backend`)).text).toBe("fresh");
    expect(used.size).toBe(2);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
describe("a backend in trouble", () => {
  it("that is out of reach gives 504", async () => {
    const { status, json } = await call(`${url}/unreachable`);
    expect({ status, json }).toEqual({
      status: 504,
      json: { message: "Network error communicating with endpoint" },
    });
  });

  it("that hangs up before its answer gives 504", async () => {
    answer = ({ socket }) => socket.destroy();
    expect((await call(`${url}/backend`)).status).toBe(504);
  });

  it("that hangs up in the middle of its answer gives 504", async () => {
    answer = ({ socket }, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("half", () => socket.destroy());
    };
    expect((await call(`${url}/backend`)).status).toBe(504);
  });

  it("that does not answer in the integration's time gives 504", async () => {
    answer = () => undefined;
    const { status, json } = await call(`${url}/slow`);
    expect({ status, json }).toEqual({ status: 504, json: { message: "Endpoint request timed out" } });
  });

  it("that has no valid address gives 500", async () => {
    const { status, json } = await call(`${url}/misconfigured`);
    expect({ status, json }).toEqual({ status: 500, json: { message: "Internal server error" } });
  });

  it("that answers with over 10 MB gives a fault of the gateway", async () => {
    answer = (_request, response) => response.end(Buffer.alloc(10 * 1024 * 1024 + 1));
    expect((await call(`${url}/backend`)).status).toBe(504);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
describe("a request's size", () => {
  const limit = 10 * 1024 * 1024;

  beforeEach(() => {
    answer = (request, response) => response.end(String(request.headers["content-length"]));
  });

  it("may be 10 MB", async () => {
    expect((await call(`${url}/backend`, { method: "POST", body: Buffer.alloc(limit) })).text).toBe(
      String(limit),
    );
  });

  it.each<[string, Record<string, string>]>([
    ["that is declared", {}],
    ["that shows on the way", { "Transfer-Encoding": "chunked" }],
  ])("over 10 MB %s is refused with 413", async (_title, headers) => {
    const body = Buffer.alloc(limit + 1);
    const answered = await call(`${url}/backend`, { method: "POST", headers, body });
    expect(answered.status).toBe(413);
    expect(answered.headers["x-amzn-errortype"]).toBe("RequestTooLargeException");
  });

  it("of the headers over 10,240 bytes is refused", async () => {
    expect((await call(`${url}/backend`, { headers: { "X-Long": "x".repeat(9_900) } })).status).toBe(200);
    expect((await call(`${url}/backend`, { headers: { "X-Long": "x".repeat(10_240) } })).status).toBe(413);
  });

  it("of the method's ARN over 1,600 bytes is refused with 414", async () => {
    expect((await call(`${url}/files/${"x".repeat(1_600)}`)).status).toBe(414);
  });
});
