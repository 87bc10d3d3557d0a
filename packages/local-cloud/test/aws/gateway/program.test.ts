// The body that the program renders, served: what customers and the backend see of it.
import { singleBackend } from "../../../../customers-as-code/src/gateway/backends/backend";
import { accessLogFormat } from "../../../../customers-as-code/src/gateway/observability/log-format";
import { renderRestApiBody } from "../../../../customers-as-code/src/gateway/rest/rest-api-body";
import type { ApiDocument } from "../../../../customers-as-code/src/openapi/document";
import { type Backend, call, Fixture, startBackend } from "../../../testing/fixture";
import { authorizerCode, wish } from "../../../testing/wishes";

const operation = (method: string, path: string, security: string[][]) => ({
  method,
  path,
  pathParameters: [...path.matchAll(/\{([^}]+)\}/g)].flatMap(([, name]) => name ?? []),
  security,
});

const api: ApiDocument = {
  title: "Orders",
  version: "1",
  scopes: { "read:orders": "Read orders" },
  operations: [
    operation("GET", "/orders", [["read:orders"]]),
    operation("GET", "/orders/{orderId}", [["read:orders"]]),
    operation("GET", "/health", []),
  ],
};

let fixture: Fixture;
let backend: Backend;
let log: Awaited<ReturnType<Fixture["accessLog"]>>;
let url: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  backend = await startBackend();
  const fn = await fixture.function(authorizerCode);
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  log = await fixture.accessLog(accessLogFormat);
  const body = renderRestApiBody(api, {
    authorizerUri: String(fn.outputs.invokeArn),
    authorizerCacheSeconds: 0,
    backends: singleBackend(`${backend.url}/service/`),
  });
  ({ url } = await fixture.deploy(JSON.parse(body), log.settings));
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

/** The authorizer accepts nothing as a bearer token that doesn't have three parts. */
const bearer = (answer: Record<string, unknown>) => `${wish(answer)}.e30.c2ln`;
const ask = (token: string, path = "/orders/7", headers: Record<string, string> = {}) =>
  call(url + path, { headers: { Authorization: token, ...headers } });

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
it("shows the backend whose request it is, and no caller can say otherwise", async () => {
  const context = { org_id: "org_1", client_id: "client_1", scopes: "read:orders" };
  const lies = { "x-org-id": "org_2", "X-CLIENT-ID": "client_2", "X-Scopes": "admin" };
  const { status, json } = await ask(bearer({ context }), "/orders/7?page=2", lies);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    url: "/service/orders/7?page=2",
    headers: { "x-org-id": "org_1", "x-client-id": "client_1", "x-scopes": "read:orders" },
  });
  expect(JSON.stringify(json.rawHeaders)).not.toMatch(/org_2|client_2|admin/);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
it("serves a public operation without a token, for nobody", async () => {
  const { status, json } = await call(`${url}/health`, { headers: { "X-Org-Id": "org_2" } });
  expect(status).toBe(200);
  expect(json.headers).toMatchObject({ "x-org-id": "-", "x-client-id": "-", "x-scopes": "-" });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
it.each([
  ["no token", undefined],
  ["another scheme", "Basic YTpi"],
  ["no JWT", "Bearer opaque"],
  ["a token that the authorizer does not accept", bearer({ error: "Unauthorized" })],
])("answers %s with 401 and a challenge (RFC 6750)", async (_title, token) => {
  const { status, json, headers } = await call(
    `${url}/orders`,
    token ? { headers: { Authorization: token } } : {},
  );
  expect({ status, error: json.error }).toEqual({ status: 401, error: "invalid_token" });
  expect(headers["www-authenticate"]).toMatch(/^Bearer /);
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html#apigw-CreateAuthorizer-request-identityValidationExpression
it("takes the scheme in any case, with one space or more", async () => {
  const token = bearer({}).replace("Bearer ", "");
  for (const scheme of ["bearer ", "BEARER ", "Bearer   "])
    expect((await ask(scheme + token)).status).toBe(200);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
it("answers a denial with 403 and the authorizer's reason", async () => {
  const policyDocument = { Statement: { Effect: "Deny", Action: "*", Resource: "*" } };
  const words = { error: "insufficient_scope", error_description: "The scope read:orders is missing." };
  const context = { oauth_error: words.error, oauth_error_description: words.error_description };
  const { status, json } = await ask(bearer({ policyDocument, context }));
  expect({ status, json }).toEqual({ status: 403, json: words });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
it("answers 503 where the authorizer could not decide, so that nobody fetches new tokens for it", async () => {
  const { status, json, headers } = await ask(bearer({ error: "keys out of reach" }));
  expect({ status, error: json.error }).toEqual({ status: 503, error: "temporarily_unavailable" });
  expect(headers["retry-after"]).toBe("5");
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
it("answers 404 in JSON where there is no such operation", async () => {
  const { status, json } = await call(`${url}/nowhere`);
  expect({ status, error: json.error }).toEqual({ status: 404, error: "not_found" });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html
it("logs what Moesif needs, and neither token nor query", async () => {
  const token = bearer({ context: { org_id: "org_1" } });
  await ask(token, "/orders/7?secret=s3cret");
  const line = (await log.lines()).at(-1) ?? "";
  expect(JSON.parse(line)).toMatchObject({
    httpMethod: "GET",
    resourcePath: "/orders/{orderId}",
    path: "/v1/orders/7",
    status: "200",
    principalId: "client",
    companyId: "org_1",
    errorType: "-",
  });
  expect(line).not.toContain(token.slice(7));
  expect(line).not.toContain("s3cret");
});
