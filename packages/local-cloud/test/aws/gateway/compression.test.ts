import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { compressAnswer } from "../../../src/aws/gateway/compression";
import { type Backend, call, Fixture, proxied, startBackend } from "../../../testing/fixture";

let fixture: Fixture;
let backend: Backend;
let url: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend((request, response, body) =>
    response.end(body || "a".repeat(request.url === "/long" ? 100 : 10)),
  );
  ({ url } = await fixture.deploy({
    openapi: "3.0.1",
    "x-amazon-apigateway-minimum-compression-size": 50,
    paths: {
      "/long": { get: proxied(`${backend.url}/long`) },
      "/echo": { post: proxied(`${backend.url}/echo`, { httpMethod: "POST" }) },
      "/short": { get: proxied(`${backend.url}/short`) },
    },
  }));
});

afterAll(async () => {
  await fixture.close();
  await backend.close();
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
it("a REST API compresses answers from the size on for callers who accept it", async () => {
  const headers = { "Accept-Encoding": "br, gzip" };
  expect((await call(`${url}/long`, { headers })).headers).toMatchObject({ "content-encoding": "gzip" });
  for (const [path, given] of [
    ["/short", headers],
    ["/long", {}],
  ] as const) {
    expect((await call(url + path, { headers: given })).headers["content-encoding"]).toBeUndefined();
  }
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
it("an answer is what it was when it is decompressed, and left alone if the backend has encoded it", () => {
  const body = Buffer.from("a".repeat(100));
  const compress = (accepted: string, headers: string[] = []) =>
    compressAnswer(body, { accepted, headers, minimumSize: 0 });
  expect(gunzipSync(compress("gzip;q=1, deflate")?.body ?? "").toString()).toBe(body.toString());
  expect(inflateSync(compress("deflate")?.body ?? "").toString()).toBe(body.toString());
  expect(compress("br")).toBeUndefined();
  expect(compress("gzip", ["Content-Encoding", "br"])).toBeUndefined();
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html
it("a REST API that compresses answers decompresses requests, and refuses those that it can't", async () => {
  const post = (encoding: string, body: Buffer) =>
    call(`${url}/echo`, { method: "POST", headers: { "Content-Encoding": encoding }, body });
  const body = Buffer.from("plain");
  for (const [encoding, sent] of [
    ["gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["identity", body],
  ] as const) {
    expect(await post(encoding, sent)).toMatchObject({ status: 200, text: "plain" });
  }
  expect(await post("gzip", body)).toMatchObject({ status: 415 });
  expect(await post("br", body)).toMatchObject({ status: 415 });
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
// resourceRestAPIWithBodyUpdateOperations in hashicorp/terraform-provider-aws
it("the provider's size replaces the document's, and stays when neither has one", async () => {
  const paths = { "/long": { get: proxied(`${backend.url}/long`) } };
  const body = (size?: number) =>
    JSON.stringify({ openapi: "3.0.1", paths, "x-amazon-apigateway-minimum-compression-size": size });
  const created = await fixture.create("apigateway/restApi", { body: body(50) });
  expect(created.outputs.minimumCompressionSize).toBe("50");
  const set = await fixture.update("apigateway/restApi", created, { minimumCompressionSize: "60" });
  expect(set.outputs.minimumCompressionSize).toBe("60");
  const changes = { body: body(), minimumCompressionSize: undefined };
  const unset = await fixture.update("apigateway/restApi", set, changes);
  expect(unset.outputs.minimumCompressionSize).toBe("60");
});
