// Bodies that are bytes, and what becomes of them without binary media types.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Properties } from "../../../src/engine/provider";
import { type Backend, type Created, call, Fixture, proxied, startBackend } from "../../../testing/fixture";

const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00, 0xc3]);
const corrupted = Buffer.from("\ufffdP\ufffd\u0000\ufffd");
const base64 = bytes.toString("base64");

let fixture: Fixture;
let backend: Backend;
let received: Buffer;
let answer: (response: ServerResponse) => void;
let headersOfBackend: IncomingMessage["headers"];
let fn: Created;

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend((request, response, body) => {
    received = Buffer.from(body, "latin1");
    headersOfBackend = request.headers;
    answer(response);
  });
  fn = await fixture.function(
    `export const handler = async (event) =>
      event.body === null ? { body: "${base64}", isBase64Encoded: true } : { body: JSON.stringify(event) };`,
    { name: "backend" },
  );
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/*");
});

beforeEach(() => {
  answer = (response) => response.end("{}");
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

async function deploy(types: string[] | undefined, mock: Properties = {}): Promise<string> {
  const any = (operation: Properties) => ({ "x-amazon-apigateway-any-method": operation });
  const invoking = { type: "aws_proxy", httpMethod: "POST", uri: fn.outputs.invokeArn };
  const answering = {
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    passthroughBehavior: "never",
    responses: { default: { statusCode: "200", responseTemplates: { "application/json": '{"a":1}' } } },
    ...mock,
  };
  const { url } = await fixture.deploy({
    openapi: "3.0.1",
    paths: {
      "/http": any(proxied(`${backend.url}/`, { httpMethod: "POST" })),
      "/encoded": any(
        proxied(
          `${backend.url}/`,
          {
            httpMethod: "POST",
            requestParameters: {
              "integration.request.header.Content-Encoding": "method.request.header.Content-Encoding",
            },
          },
          { parameters: [{ name: "Content-Encoding", in: "header", schema: { type: "string" } }] },
        ),
      ),
      "/function": any({ "x-amazon-apigateway-integration": invoking }),
      "/mock": any({ "x-amazon-apigateway-integration": answering }),
    },
    ...(types && { "x-amazon-apigateway-binary-media-types": types }),
  });
  return url;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
describe("an HTTP backend", () => {
  it.each([
    [undefined, "image/png", corrupted],
    [["image/png"], "image/png", bytes],
    [["image/png"], "image/png; q=1", bytes],
    [["image/png"], "IMAGE/PNG", bytes],
    [["image/png"], "image/gif", corrupted],
    [["image/png"], "text/plain", corrupted],
    [["image/*"], "image/gif", bytes],
    [["image/*"], "images/gif", corrupted],
    [["multipart/form-data"], "multipart/form-data; boundary=a", bytes],
    [["*/*"], "text/plain", bytes],
  ])("gets, with the types %j, the bytes of a body of %s", async (types, contentType, expected) => {
    const url = await deploy(types);
    await call(`${url}/http`, { method: "POST", headers: { "Content-Type": contentType }, body: bytes });
    expect(received).toEqual(expected);
    expect(headersOfBackend["content-length"]).toBe(String(expected.length));
  });

  it.each([
    [undefined, "image/png", "image/png", corrupted],
    [["image/png"], "image/png", "image/png", bytes],
    [["image/png"], "image/png", "image/png, */*", bytes],
    // A caller whose first type is none of the list gets Base64, as browsers do.
    [["image/png"], "image/png", "*/*", Buffer.from(base64)],
    [["image/png"], "image/png", undefined, Buffer.from(base64)],
    [["image/png"], "text/plain", "text/plain", corrupted],
    [["*/*"], "image/png", "text/html, */*", bytes],
    [["*/*"], "image/png", undefined, bytes],
  ])(
    "answers, with the types %j, a body of %s to who accepts %s",
    async (types, contentType, accept, body) => {
      const url = await deploy(types);
      answer = (response) => response.setHeader("Content-Type", contentType).end(bytes);
      const headers: Record<string, string> = accept === undefined ? {} : { Accept: accept };
      expect((await call(`${url}/http`, { method: "POST", headers })).body).toEqual(body);
    },
  );

  it("whose text is not the Base64 that the caller's Accept asks for gives 500", async () => {
    const url = await deploy(["image/png"]);
    answer = (response) => response.setHeader("Content-Type", "application/json").end('{"error":"none"}');
    const post = (Accept: string) => call(`${url}/http`, { method: "POST", headers: { Accept } });
    expect((await post("image/png")).status).toBe(500);
    expect((await post("application/json")).json).toEqual({ error: "none" });
    answer = (response) => response.setHeader("Content-Type", "text/plain").end(base64);
    expect((await post("image/png")).body).toEqual(bytes);
  });

  it("learns the body's encoding by a mapping only", async () => {
    const url = await deploy(undefined);
    const headers = { "Content-Encoding": "gzip", "Content-MD5": "x", Via: "1.1 a", "Max-Forwards": "1" };
    await call(`${url}/http`, { method: "POST", headers, body: "zipped" });
    for (const name of Object.keys(headers)) expect(headersOfBackend).not.toHaveProperty(name.toLowerCase());
    await call(`${url}/encoded`, { method: "POST", headers, body: "zipped" });
    expect(headersOfBackend).toMatchObject({ "content-encoding": "gzip" });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
describe("a function", () => {
  it.each([
    [undefined, "image/png", { body: corrupted.toString(), isBase64Encoded: false }],
    [["image/png"], "image/png", { body: base64, isBase64Encoded: true }],
    [["image/png"], "text/plain", { body: corrupted.toString(), isBase64Encoded: false }],
  ])("gets, with the types %j, a body of %s", async (types, contentType, expected) => {
    const url = await deploy(types);
    const headers = { "Content-Type": contentType };
    const { json } = await call(`${url}/function`, { method: "POST", headers, body: bytes });
    expect(json).toMatchObject(expected);
  });

  it("gets a body of a binary type as Base64, even if it is text", async () => {
    const url = await deploy(["*/*"]);
    const { json } = await call(`${url}/function`, { method: "POST", body: "{}" });
    expect(json).toMatchObject({ body: "e30=", isBase64Encoded: true });
  });

  it.each([
    [undefined, "image/png", base64],
    [["image/png"], "text/html, image/png", base64],
    [["image/png"], undefined, base64],
    [["image/png"], "image/png", bytes],
    [["*/*"], undefined, bytes],
  ])("answers Base64, with the types %j, to who accepts %s", async (types, accept, expected) => {
    const url = await deploy(types);
    const headers: Record<string, string> = accept === undefined ? {} : { Accept: accept };
    const { body } = await call(`${url}/function`, { headers });
    expect(body).toEqual(Buffer.from(expected));
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
describe("a mock", () => {
  const converted = {
    contentHandling: "CONVERT_TO_TEXT",
    responses: {
      default: {
        statusCode: "200",
        contentHandling: "CONVERT_TO_TEXT",
        responseTemplates: { "application/json": '{"a":1}' },
      },
    },
  };

  it.each([
    [["image/png"], {}, undefined, 200],
    [["*/*"], {}, undefined, 500],
    [["image/png"], {}, "image/png", 500],
    [["*/*"], converted, undefined, 200],
    [["*/*"], converted, "image/png", 200],
    [["image/png"], converted, "image/png", 200],
  ])("of an API with the types %j and %j gives who accepts %s %d", async (types, mock, accept, status) => {
    const url = await deploy(types, mock);
    const headers: Record<string, string> = accept === undefined ? {} : { Accept: accept };
    const given = await call(`${url}/mock`, { headers });
    expect(given.status).toBe(status);
    if (status === 200) expect(given.json).toEqual({ a: 1 });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
// resourceRestAPIWithBodyUpdateOperations in hashicorp/terraform-provider-aws
it("the provider's list counts before the document's, and stays if the program removes its own", async () => {
  const body = (types: string[]) =>
    JSON.stringify({
      openapi: "3.0.1",
      paths: { "/a": { get: proxied(`${backend.url}/`) } },
      "x-amazon-apigateway-binary-media-types": types,
    });
  const created = await fixture.create("apigateway/restApi", {
    body: body(["image/png"]),
    binaryMediaTypes: ["image/gif"],
  });
  expect(created.outputs.binaryMediaTypes).toEqual(["image/gif"]);
  const updated = await fixture.update("apigateway/restApi", created, {
    body: body(["image/png"]),
    binaryMediaTypes: undefined,
  });
  expect(updated.outputs.binaryMediaTypes).toEqual(["image/gif"]);
  const { outputs } = await fixture.create("apigateway/restApi", { body: body(["image/png"]) });
  expect(outputs.binaryMediaTypes).toEqual(["image/png"]);
});
