// Lambda proxy integrations of HTTP APIs:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { call, Fixture } from "../../../../testing/fixture";
import { anyMethod, deployHttp, invoking, lambdaAuthorizer } from "../../../../testing/http-fixture";
import { authorizerCode, wish } from "../../../../testing/wishes";

let fixture: Fixture;
let url: string;

/** Does what the query says. */
const code = `
export const handler = async (event) => {
  const { answer, error, hang } = event.queryStringParameters ?? {};
  if (hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (error) throw new Error(error);
  return answer ? JSON.parse(answer) : event;
};`;

beforeAll(async () => {
  fixture = await Fixture.start();
  const fn = await fixture.function(code, { name: "backend" });
  const authorizer = await fixture.function(authorizerCode);
  await fixture.permit(authorizer.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  await fixture.permit(fn.id, "arn:aws:execute-api:eu-central-1:123456789012:*/v1/*/permitted*");
  const paths = {
    "/permitted": { [anyMethod]: invoking(fn) },
    "/permitted/{id}": {
      post: invoking(fn, { requestParameters: { "overwrite:header.x-org-id": "-" } }),
      get: invoking(fn, {}, { security: [{ customers: [] }] }),
    },
    "/permitted/slow": { get: invoking(fn, { timeoutInMillis: 50 }) },
    "/forbidden": { get: invoking(fn) },
  };
  const components = lambdaAuthorizer(authorizer);
  const stage = { stageVariables: { tier: "gold" } };
  ({ url } = await deployHttp(fixture, { openapi: "3.0.1", paths, components }, stage));
});

afterAll(() => fixture.close());

const answering = (answer: unknown) =>
  call(`${url}/permitted?answer=${encodeURIComponent(JSON.stringify(answer))}`);

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it("hands the request over as an event of format 2.0", async () => {
  const headers = [
    "Host",
    "api.example",
    "X-Many",
    "1",
    "X-Many",
    "2",
    "X-Org-Id",
    "org_2",
    "Cookie",
    "a=1; b=2",
  ];
  const { json } = await call(`${url}/permitted/a%20b?x=1&x=2`, { method: "POST", headers, body: "text" });
  expect(json).toEqual({
    version: "2.0",
    routeKey: "POST /permitted/{id}",
    rawPath: "/v1/permitted/a b",
    rawQueryString: "x=1&x=2",
    cookies: ["a=1", "b=2"],
    headers: expect.objectContaining({ "x-many": "1,2", "x-org-id": "-", "x-forwarded-proto": "https" }),
    queryStringParameters: { x: "1,2" },
    pathParameters: { id: "a b" },
    stageVariables: { tier: "gold" },
    requestContext: expect.objectContaining({
      stage: "v1",
      routeKey: "POST /permitted/{id}",
      http: expect.objectContaining({ method: "POST", path: "/v1/permitted/a b" }),
    }),
    body: "text",
    isBase64Encoded: false,
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it("leaves out what the request lacks, and passes binary bodies as Base64", async () => {
  const body = Buffer.from([0xff, 0x00, 0xfe]);
  const { json } = await call(`${url}/permitted`, { method: "POST", body });
  expect(json).toMatchObject({ body: body.toString("base64"), isBase64Encoded: true, rawQueryString: "" });
  for (const name of ["cookies", "queryStringParameters", "pathParameters"])
    expect(json).not.toHaveProperty(name);
  expect(json.requestContext).not.toHaveProperty("authorizer");
  expect((await call(`${url}/permitted`)).json).not.toHaveProperty("body");
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it("hands over what the Lambda authorizer said, with its lists and maps", async () => {
  const context = { org_id: "org_1", list: ["a"], map: { b: 1 } };
  const { json } = await call(`${url}/permitted/7`, { headers: { Authorization: wish({ context }) } });
  expect(json.requestContext).toMatchObject({ authorizer: { lambda: { ...context, calls: 1 } } });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it("answers with the function's status, headers, cookies and body", async () => {
  const bytes = Buffer.from([0xff, 0x00]);
  const { status, headers, body } = await answering({
    statusCode: 418,
    headers: { "Content-Type": "image/png", "X-Own": "o" },
    cookies: ["a=1", "b=2"],
    body: bytes.toString("base64"),
    isBase64Encoded: true,
  });
  expect({ status, body }).toEqual({ status: 418, body: bytes });
  expect(headers).toMatchObject({ "content-type": "image/png", "x-own": "o", "set-cookie": ["a=1", "b=2"] });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it.each<[unknown, string]>([
  ["Hello from Lambda!", "Hello from Lambda!"],
  [{ message: "Hello" }, '{"message":"Hello"}'],
  [[1], "[1]"],
  [null, "null"],
])("takes all of %j for the body, where there is no status code", async (answer, text) => {
  const response = await answering(answer);
  expect([response.status, response.text]).toEqual([200, text]);
  expect(response.headers["content-type"]).toBe("application/json");
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it.each([
  ["a status that is none", { statusCode: "ok" }],
  ["a body that is an object", { statusCode: 200, body: { a: 1 } }],
  ["headers that are a list", { statusCode: 200, headers: [] }],
])("answers 500 where the function returns %s", async (_title, answer) => {
  expect(await answering(answer)).toMatchObject({ status: 500, json: { message: "Internal Server Error" } });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it("answers 500 where the function throws, or API Gateway may not call it", async () => {
  for (const path of ["/permitted?error=broken", "/forbidden"]) {
    expect(await call(url + path)).toMatchObject({ status: 500, json: { message: "Internal Server Error" } });
  }
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
it("answers 503 where the function takes longer than the integration may", async () => {
  expect((await call(`${url}/permitted/slow?hang=1`)).status).toBe(503);
});
