// The bodies that the program renders, served to who sends and asks for bytes.
import { gzipSync } from "node:zlib";
import { type Backend, call, Fixture, startBackend } from "../../../../local-cloud/testing/fixture";
import { renderRestApiBody } from "../../../src/gateway/rest/rest-api-body";
import type { ApiDocument } from "../../../src/openapi/document";
import { head, readFiles } from "../document-files";

const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00, 0xc3]);
const responses = "responses: { default: { description: Done. } }";
const withImages = read("image/png: {}");
const withJson = read("application/json: {}");

let fixture: Fixture;
let backend: Backend;
let seen: { body: string; encoding: string | undefined };

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend((request, response, body) => {
    const { "content-encoding": encoding, accept } = request.headers;
    seen = { body, encoding };
    response.setHeader("Content-Type", String(accept));
    response.end(accept === "image/png" ? bytes : "{}");
  });
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

function read(content: string): ApiDocument {
  const { api, problems } = readFiles({
    "openapi.yaml": `${head}paths:
  /images:
    post: { requestBody: { content: { ${content} } }, ${responses} }
    get: { ${responses} }
  /mock:
    get: { x-backend: mock, ${responses} }
`,
  });
  expect(problems).toEqual([]);
  // Whose calls they are does not matter here.
  return { ...api, operations: api.operations.map((operation) => ({ ...operation, security: [] })) };
}

type Args = Parameters<typeof renderRestApiBody>[1];

function render(api: ApiDocument, args: Partial<Args> = {}): string {
  return renderRestApiBody(api, {
    authorizerUri:
      "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:f/invocations",
    authorizerCacheSeconds: 0,
    backends: {
      default: { kind: "http", url: backend.url },
      mock: { kind: "mock", statusCode: 200, body: { ok: true } },
    },
    ...args,
  });
}

const deploy = async (api: ApiDocument, args: Partial<Args> = {}) =>
  (await fixture.deploy(JSON.parse(render(api, args)))).url;
const upload = (url: string, headers: Record<string, string>, body: Buffer) =>
  call(`${url}/images`, { method: "POST", headers, body });

it("bytes of the document's types come to the backend and back as they are", async () => {
  const url = await deploy(withImages);
  const { body } = await upload(url, { "Content-Type": "image/png", Accept: "image/png" }, bytes);
  expect(Buffer.from(seen.body, "latin1")).toEqual(bytes);
  expect(body).toEqual(bytes);
});

it("bytes of the setting's types do as well, whatever else the caller accepts", async () => {
  const url = await deploy(withJson, { binaryMediaTypes: ["image/png", "*/*"] });
  await upload(url, { "Content-Type": "application/x-own", Accept: "text/html, */*" }, bytes);
  expect(Buffer.from(seen.body, "latin1")).toEqual(bytes);
});

it("a compressed body comes with the header that says so", async () => {
  const url = await deploy(withImages);
  const zipped = gzipSync(bytes);
  await upload(url, { "Content-Type": "image/png", "Content-Encoding": "gzip" }, zipped);
  expect(seen).toEqual({ body: zipped.toString("latin1"), encoding: "gzip" });
});

it("a document's own spelling of the header is the one that is declared", () => {
  const operations = withImages.operations.map((operation) => ({
    ...operation,
    request: { body: {}, parameters: [{ name: "content-encoding", in: "header" as const, required: true }] },
  }));
  const { paths } = JSON.parse(render({ ...withImages, operations }, { validateRequests: "parameters" }));
  expect(paths["/images"].post.parameters).toEqual([
    { name: "content-encoding", in: "header", required: true, schema: { type: "string" } },
  ]);
  expect(paths["/images"].post["x-amazon-apigateway-integration"].requestParameters).toMatchObject({
    "integration.request.header.Content-Encoding": "method.request.header.content-encoding",
  });
});

it("mocks and answers to browsers' questions go on, whatever the caller accepts", async () => {
  const url = await deploy(withImages, { binaryMediaTypes: ["*/*"], corsAllowedOrigins: ["*"] });
  const narrow = await deploy(withImages);
  for (const Accept of ["image/png", "application/json", "*/*"]) {
    expect((await call(`${url}/mock`, { headers: { Accept } })).json).toEqual({ ok: true });
    expect((await call(`${narrow}/mock`, { headers: { Accept } })).json).toEqual({ ok: true });
    const headers = { Accept, Origin: "https://app.example.com", "Access-Control-Request-Method": "POST" };
    expect((await call(`${url}/images`, { method: "OPTIONS", headers })).status).toBe(204);
  }
});

it("an API whose bodies are all text is rendered as if there were no bytes", () => {
  expect(withJson).not.toHaveProperty("binaryMediaTypes");
  expect(render(withJson, { binaryMediaTypes: [] })).toBe(render(withJson));
  expect(render(withJson)).not.toMatch(/binary|contentHandling|Content-Encoding/);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html
it("a body that API Gateway decompresses comes without its encoding", async () => {
  const url = await deploy({ ...withImages, minimumCompressionSize: 1024 });
  const headers = { "Content-Type": "image/png", "Content-Encoding": "gzip", Accept: "image/png" };
  await upload(url, headers, gzipSync(bytes));
  expect(seen).toEqual({ body: bytes.toString("latin1"), encoding: undefined });
});
