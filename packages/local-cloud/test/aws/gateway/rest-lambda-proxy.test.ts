// Lambda proxy integrations: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
import type { Properties } from "../../../src/engine/provider";
import { type Created, call, Fixture } from "../../../testing/fixture";

let fixture: Fixture;
let url: string;

/** Does what the query says. */
const code = `
export const handler = async (event) => {
  const { answer, error, hang } = event.queryStringParameters ?? {};
  if (hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (error) throw new Error(error);
  return answer ? JSON.parse(answer) : { statusCode: 200, body: JSON.stringify(event) };
};`;

beforeAll(async () => {
  fixture = await Fixture.start();
  const fn = await fixture.function(code, { name: "backend" });
  await fixture.permit(fn.id, "arn:aws:execute-api:eu-central-1:123456789012:*/v1/*/permitted*");
  const alias = (name: string) =>
    fixture.create("lambda/alias", { name, functionName: fn.id, functionVersion: "$LATEST" });
  const [live, staged] = [await alias("live"), await alias("staged")];
  await fixture.permit(fn.id, "arn:aws:execute-api:eu-central-1:123456789012:*/v1/GET/staged");
  await fixture.permit(fn.id, "arn:aws:execute-api:eu-central-1:123456789012:*/v1/GET/live", "live");
  const paths = {
    "/permitted": { "x-amazon-apigateway-any-method": invoking(fn) },
    "/permitted/{id}": { post: invoking(fn) },
    "/slow/permitted": { get: invoking(fn, { timeoutInMillis: 50 }) },
    "/forbidden": { get: invoking(fn) },
    "/live": { get: invoking(live) },
    "/staged": { get: invoking(staged) },
  };
  ({ url } = await fixture.deploy({ openapi: "3.0.1", paths }, { variables: { tier: "gold" } }));
});

afterAll(() => fixture.close());

function invoking(fn: Created, integration: Properties = {}): Properties {
  const uri = fn.outputs.invokeArn;
  return {
    "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri, ...integration },
  };
}

const answering = (answer: unknown) =>
  call(`${url}/permitted?answer=${encodeURIComponent(JSON.stringify(answer))}`);

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
it("hands the request over as an event", async () => {
  const headers = ["Host", "api.example", "X-Many", "1", "X-Many", "2"];
  const { json } = await call(`${url}/permitted/a%2Fb?x=1&x=2`, { method: "POST", headers, body: "text" });
  expect(json).toMatchObject({
    resource: "/permitted/{id}",
    path: "/permitted/a%2Fb",
    httpMethod: "POST",
    headers: { "X-Many": "2" },
    multiValueHeaders: { "X-Many": ["1", "2"] },
    queryStringParameters: { x: "2" },
    multiValueQueryStringParameters: { x: ["1", "2"] },
    pathParameters: { id: "a%2Fb" },
    stageVariables: { tier: "gold" },
    requestContext: { stage: "v1", resourcePath: "/permitted/{id}", identity: { sourceIp: "127.0.0.1" } },
    body: "text",
    isBase64Encoded: false,
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
it("answers with the function's status, headers and body", async () => {
  const { status, headers, text } = await answering({
    statusCode: 418,
    headers: { "Content-Type": "text/plain", "X-Own": "o" },
    multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
    body: "ü",
  });
  expect({ status, text }).toEqual({ status: 418, text: "ü" });
  expect(headers).toMatchObject({ "content-type": "text/plain", "x-own": "o", "set-cookie": ["a=1", "b=2"] });
});

// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
it("keeps the root of a trace that the caller has begun, and no other text in its place", async () => {
  const root = "Root=1-5759e988-bd862e3fe1be46a994272793";
  const traceOf = async (given: string) => {
    const headers = { "X-Amzn-Trace-Id": given };
    const { json } = await call(`${url}/permitted`, { headers });
    return (json.headers as Record<string, string>)["X-Amzn-Trace-Id"];
  };
  expect(await traceOf(`${root};Sampled=1`)).toBe(root);
  expect(await traceOf("Root=a")).toMatch(/^Root=1-[\da-f]{8}-[\da-f]{24}$/);
});

// https://repost.aws/knowledge-center/malformed-502-api-gateway
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
it.each([
  ["a text", "done"],
  ["a status that is none", { statusCode: "ok" }],
  ["a body that is an object", { statusCode: 200, body: { a: 1 } }],
  ["headers that are a list", { statusCode: 200, headers: [] }],
])("answers 502 where the function returns %s", async (_title, answer) => {
  const { status, json } = await answering(answer);
  expect({ status, json }).toEqual({ status: 502, json: { message: "Internal server error" } });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
it("answers 502 where the function throws", async () => {
  expect((await call(`${url}/permitted?error=broken`)).status).toBe(502);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
it("answers 504 where the function takes longer than the integration may", async () => {
  const { status, json } = await call(`${url}/slow/permitted?hang=1`);
  expect({ status, json }).toEqual({ status: 504, json: { message: "Endpoint request timed out" } });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
it("answers 500 where API Gateway may not call the function", async () => {
  const { status, json } = await call(`${url}/forbidden`);
  expect({ status, json }).toEqual({ status: 500, json: { message: "Internal server error" } });
});

// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html: "... for a specific version or alias"
it("calls an alias where that permits it, whatever the function itself permits", async () => {
  expect((await call(`${url}/live`)).status).toBe(200);
  expect((await call(`${url}/staged`)).status).toBe(500);
});
