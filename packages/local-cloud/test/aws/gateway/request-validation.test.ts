// Request validators: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
import type { Properties } from "../../../src/engine/provider";
import { type Backend, call, Fixture, proxied, securedBy, startBackend } from "../../../testing/fixture";
import { authorizerCode, wish } from "../../../testing/wishes";

let fixture: Fixture;
let backend: Backend;
let url: string;

const parameter = (name: string, place: string, required = true) => ({
  name,
  in: place,
  required,
  schema: { type: "integer" },
});
const json = (schema: unknown) => ({ required: true, content: { "application/json": { schema } } });

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend();
  const authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  const post = (operation: Properties) => ({
    post: proxied(`${backend.url}/`, { httpMethod: "POST" }, operation),
  });
  const parameters = [
    parameter("page", "query"),
    parameter("X-Tenant", "header"),
    parameter("size", "query", false),
  ];
  ({ url } = await fixture.deploy({
    openapi: "3.0.1",
    "x-amazon-apigateway-request-validators": {
      all: { validateRequestParameters: true, validateRequestBody: true },
      parameters: { validateRequestParameters: true, validateRequestBody: false },
    },
    "x-amazon-apigateway-request-validator": "all",
    paths: {
      "/orders": post({ requestBody: json({ $ref: "#/components/schemas/Order" }) }),
      "/search": post({ parameters }),
      "/both": post({ parameters, requestBody: json({ type: "object" }) }),
      "/parameters": post({
        requestBody: json({ type: "object" }),
        "x-amazon-apigateway-request-validator": "parameters",
      }),
      "/any-type": post({ requestBody: { content: { $default: { schema: { type: "object" } } } } }),
      "/unescaped": post({ requestBody: json({ type: "string", pattern: "^a\\_b$" }) }),
      "/flagged": post({ requestBody: json({ type: "string", pattern: "(?i)^a$" }) }),
      "/price": post({ requestBody: json({ type: "number", multipleOf: 0.01 }) }),
      "/secured": post({ parameters, security: [{ customers: [] }] }),
    },
    components: {
      ...securedBy(authorizer),
      schemas: {
        Order: {
          type: "object",
          required: ["lines"],
          properties: { lines: { type: "array", items: { $ref: "#/components/schemas/Line" } } },
        },
        Line: { type: "object", required: ["sku"], properties: { sku: { type: "string" } } },
      },
    },
  }));
});

afterAll(async () => {
  await fixture.close();
  await backend.close();
});

const post = (path: string, body = "", headers: Record<string, string> = {}) =>
  call(url + path, { method: "POST", body, headers });
const invalidBody = { status: 400, json: { message: "Invalid request body" } };

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
describe("a body", () => {
  it("that is as the model says goes on", async () => {
    expect((await post("/orders", '{"lines":[{"sku":"a"}]}')).status).toBe(200);
  });

  it.each(["", "{", "[]", "{}", '{"lines":[{}]}', '{"lines":[{"sku":1}]}'])(
    "is refused with 400 BAD_REQUEST_BODY where it is %j",
    async (body) => {
      const answer = await post("/orders", body, { "Content-Type": "application/json; charset=utf-8" });
      expect(answer).toMatchObject(invalidBody);
      expect(answer.headers["x-amzn-errortype"]).toBe("BadRequestException");
    },
  );

  it("is compared with patterns that ECMAScript reads only without its flag u, or not at all", async () => {
    const json = { "Content-Type": "application/json" };
    expect((await post("/unescaped", '"a_b"', json)).status).toBe(200);
    expect((await post("/unescaped", '"ab"', json)).status).toBe(400);
    expect((await post("/flagged", '"anything"', json)).status).toBe(200);
  });

  it("may be a multiple of a decimal fraction", async () => {
    const json = { "Content-Type": "application/json" };
    for (const price of ["0.07", "8.2", "19.99"])
      expect((await post("/price", price, json)).status).toBe(200);
    expect((await post("/price", "19.999", json)).status).toBe(400);
  });

  // "If no matching content type is found, request validation is not performed."
  it("of another content type is not looked at, unless the model is for all", async () => {
    expect((await post("/orders", "[]", { "Content-Type": "text/plain" })).status).toBe(200);
    expect(await post("/any-type", "[]", { "Content-Type": "text/plain" })).toMatchObject(invalidBody);
  });

  it("is not looked at by a validator of parameters, which a method may have for its own", async () => {
    expect((await post("/parameters", "[]")).status).toBe(200);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
describe("parameters", () => {
  it("that are required must be there; of which type is not looked at", async () => {
    expect((await post("/search?page=x", "", { "X-Tenant": "a" })).status).toBe(200);
  });

  // Headers first: recorded by test_api_gateway_request_validator of localstack/localstack.
  it.each([
    ["/search", {}, "X-Tenant, page"],
    ["/search?page=", { "X-Tenant": "a" }, "page"],
    ["/search?page=1", { "X-Tenant": " " }, "X-Tenant"],
  ])(
    "are refused with 400 BAD_REQUEST_PARAMETERS where they are missing or blank: %s %j",
    async (path, headers, missing) => {
      expect(await post(path, "", headers as Record<string, string>)).toMatchObject({
        status: 400,
        json: { message: `Missing required request parameters: [${missing}]` },
      });
    },
  );

  it("come before the body", async () => {
    expect((await post("/both", "[]")).json.message).toMatch(/^Missing required request parameters/);
    expect(await post("/both?page=1", "[]", { "X-Tenant": "a" })).toMatchObject(invalidBody);
  });

  it("are nothing for whom the authorizer does not know", async () => {
    expect((await post("/secured")).status).toBe(401);
    expect((await post("/secured", "", { Authorization: wish() })).status).toBe(400);
  });
});
