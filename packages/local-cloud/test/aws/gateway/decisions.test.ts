// One table of cases for every way to make the gateway: the same token on the same route gets the same decision, but
// for the differences that the table names. The bodies and the function are those that the program deploys.
import { authorizerFiles } from "../../../../../authorizer/build/bundle";
import { compileRoutes } from "../../../../../authorizer/build/compile";
import { audience, type Changes, issuer, makeKey, token } from "../../../../../authorizer/testing/tokens";
import { renderAuthorizerConfig } from "../../../../customers-as-code/src/gateway/authorizer/authorizer-config";
import { singleBackend } from "../../../../customers-as-code/src/gateway/backends/backend";
import { renderHttpApiBody } from "../../../../customers-as-code/src/gateway/http/http-api-body";
import { readJwtScopes } from "../../../../customers-as-code/src/gateway/http/jwt-scopes";
import { renderRestApiBody } from "../../../../customers-as-code/src/gateway/rest/rest-api-body";
import { type ApiDocument, listAuthorizedRoutes } from "../../../../customers-as-code/src/openapi/document";
import { listPathParameters } from "../../../../customers-as-code/src/openapi/paths";
import { isObject } from "../../../src/aws/property";
import { type Backend, call, Fixture, startBackend } from "../../../testing/fixture";
import { deployHttp } from "../../../testing/http-fixture";

const operation = (route: string, ...security: string[][]) => {
  const [method = "", path = ""] = route.split(" ");
  return { method, path, pathParameters: listPathParameters(path), security };
};

const api: ApiDocument = {
  title: "Orders",
  version: "1",
  scopes: {},
  operations: [
    operation("GET /orders", ["read:orders"]),
    operation("POST /orders", ["write:orders"]),
    operation("GET /orders/{id}", ["read:orders"]),
    operation("GET /orders/{id}/items", ["read:items"]),
    operation("GET /reports", ["read:orders"], ["read:reports"]),
    operation("POST /refunds", ["read:orders", "write:orders"]),
    operation("GET /me", []),
    operation("GET /files/{path+}", ["read:files"]),
    operation("GET /files/public", ["read:orders"]),
    operation("GET /archive/{path+}", ["read:files"]),
    { ...operation("GET /notes/{id}", ["read:orders"]), encodedSlashes: true },
    operation("GET /health"),
  ],
};

type Mode = "rest" | "http" | "jwt";
const modes: Mode[] = ["rest", "http", "jwt"];

/** Why a mode answers otherwise than a REST API. */
type Difference =
  | "an HTTP API's function cannot answer 401"
  | "an HTTP API's function can only fail with 500"
  | "a JWT authorizer does not ask for it"
  | "a JWT authorizer has no list"
  | "a JWT authorizer cannot demand scopes together, so that the document is refused"
  | "a JWT authorizer calls a token invalid where it finds no keys"
  | "only a REST API passes over a slash at the end"
  | "an HTTP API decodes the path before it looks for the route"
  | "a JWT authorizer looks at no path";

interface Case {
  /** Changes to a token of org_Acme1 with the scopes read:orders and write:orders, or the whole header. */
  token: Changes | string | undefined;
  is: string;
  route: string;
  rest: number;
  http?: [number, Difference];
  jwt?: [number, Difference];
}

const is = (name: string, token: Case["token"]) => ({ is: name, token });
const good = is("a good token", {});
const of = (scope: string) => is(`scope "${scope}"`, { scope });
const invalid = {
  rest: 401,
  http: [403, "an HTTP API's function cannot answer 401"],
} satisfies Partial<Case>;
const seconds = Math.floor(Date.now() / 1000);

const cases: Case[] = [
  { ...good, route: "GET /orders", rest: 200 },
  { ...good, route: "POST /orders", rest: 200 },
  { ...good, route: "GET /orders/7", rest: 200 },
  { ...good, route: "GET /orders/a%20b", rest: 200 },
  { ...good, route: "GET /orders/7/items", rest: 403 },
  {
    ...good,
    // Its backend may read the path as that of GET /orders/{id}/items, whose scope the token lacks.
    route: "GET /orders/7%2Fitems",
    rest: 403,
  },
  { ...good, route: "GET /orders/7%2fitems", rest: 403 },
  { ...good, route: "GET /orders/7%252Fitems", rest: 403, jwt: [200, "a JWT authorizer looks at no path"] },
  {
    ...good,
    route: "GET /orders/7%5Citems",
    rest: 403,
    http: [200, "an HTTP API decodes the path before it looks for the route"],
    jwt: [200, "a JWT authorizer looks at no path"],
  },
  { ...good, route: "GET /orders/%2e%2e", rest: 403, jwt: [200, "a JWT authorizer looks at no path"] },
  { ...good, route: "GET /orders/..", rest: 403, jwt: [200, "a JWT authorizer looks at no path"] },
  { ...of("read:files"), route: "GET /files/%70ublic", rest: 403 },
  { ...of("read:files"), route: "GET /archive/a%2Fb", rest: 200 },
  {
    ...of("read:files"),
    route: "GET /archive/a%2F..%2Fb",
    rest: 403,
    jwt: [200, "a JWT authorizer looks at no path"],
  },
  {
    ...good,
    route: "GET /notes/a%2Fb",
    rest: 200,
    http: [404, "an HTTP API decodes the path before it looks for the route"],
    jwt: [404, "an HTTP API decodes the path before it looks for the route"],
  },
  { ...good, route: "GET /reports", rest: 200 },
  { ...good, route: "GET /me", rest: 200 },
  { ...good, route: "GET /files/a/b", rest: 403 },
  { ...good, route: "GET /files/public", rest: 200 },
  { ...good, route: "GET /health", rest: 200 },
  { ...good, route: "GET /nowhere", rest: 404 },
  { ...good, route: "DELETE /orders", rest: 404 },
  {
    ...good,
    route: "GET /orders/",
    rest: 200,
    http: [404, "only a REST API passes over a slash at the end"],
    jwt: [404, "only a REST API passes over a slash at the end"],
  },
  {
    ...good,
    route: "GET /reports/",
    rest: 200,
    http: [404, "only a REST API passes over a slash at the end"],
    jwt: [404, "only a REST API passes over a slash at the end"],
  },
  // Of an HTTP API no page says that empty parts are passed over.
  {
    ...good,
    route: "GET //orders",
    rest: 403,
    http: [404, "only a REST API passes over a slash at the end"],
    jwt: [404, "only a REST API passes over a slash at the end"],
  },
  { ...of("read:orders"), route: "POST /orders", rest: 403 },
  { ...of("read:items"), route: "GET /orders/7/items", rest: 200 },
  { ...of("read:items"), route: "GET /orders/7", rest: 403 },
  { ...of("read:reports"), route: "GET /reports", rest: 200 },
  { ...of("write:orders"), route: "GET /reports", rest: 403 },
  { ...of("read:files"), route: "GET /files/a/b", rest: 200 },
  { ...of("read:files"), route: "GET /files/public", rest: 403 },
  { ...of("read:orders"), route: "GET /files/public", rest: 200 },
  { ...is("no scope at all", { scope: undefined }), route: "GET /me", rest: 200 },
  { ...is("no scope at all", { scope: undefined }), route: "GET /orders", rest: 403 },
  {
    ...good,
    route: "POST /refunds",
    rest: 200,
    jwt: [404, "a JWT authorizer cannot demand scopes together, so that the document is refused"],
  },
  {
    ...of("write:orders"),
    route: "POST /refunds",
    rest: 403,
    jwt: [404, "a JWT authorizer cannot demand scopes together, so that the document is refused"],
  },
  { ...is("no header", undefined), route: "GET /orders", rest: 401 },
  { ...is("an empty header", ""), route: "GET /orders", rest: 401 },
  { ...is("no header", undefined), route: "GET /health", rest: 200 },
  { ...is("another scheme", "Basic YTpi"), route: "GET /orders", ...invalid },
  { ...is("no JWT", "Bearer opaque"), route: "GET /orders", ...invalid },
  { ...is("no JWT, on a public route", "Bearer opaque"), route: "GET /health", rest: 200 },
  { ...is("past its end", { exp: seconds - 60 }), route: "GET /orders", ...invalid },
  { ...is("before its start", { nbf: seconds + 3600 }), route: "GET /orders", ...invalid },
  { ...is("another audience", { aud: "https://x" }), route: "GET /orders", ...invalid },
  { ...is("another issuer", { iss: "https://x/" }), route: "GET /orders", ...invalid },
  { ...is("another tenant's key", "Bearer FORGED"), route: "GET /orders", ...invalid },
  {
    ...is("no organization", { org_id: undefined }),
    route: "GET /orders",
    ...invalid,
    jwt: [200, "a JWT authorizer does not ask for it"],
  },
  {
    ...is("a user's", { gty: undefined, sub: "auth0|user" }),
    route: "GET /orders",
    ...invalid,
    jwt: [200, "a JWT authorizer does not ask for it"],
  },
  {
    ...is("no end", { exp: undefined }),
    route: "GET /orders",
    ...invalid,
    jwt: [200, "a JWT authorizer does not ask for it"],
  },
  {
    ...is("a suspended organization", { org_id: "org_Suspended" }),
    route: "GET /orders",
    rest: 403,
    jwt: [200, "a JWT authorizer has no list"],
  },
  {
    ...is("a key that the tenant cannot be asked for", "Bearer UNKNOWN"),
    route: "GET /orders",
    rest: 503,
    http: [500, "an HTTP API's function can only fail with 500"],
    jwt: [401, "a JWT authorizer calls a token invalid where it finds no keys"],
  },
];

const key = makeKey("key-1");
const lies = { "X-Org-Id": "*lie*", "x-client-id": "*lie*", "X-SCOPES": "*lie*" };
let fixture: Fixture;
let backend: Backend;
const urls: Partial<Record<Mode, string>> = {};
let unnamedStage: string;

beforeAll(async () => {
  const keys = { issuer, jwks_uri: `${issuer}jwks`, keys: [key.jwk] };
  fixture = await Fixture.start({ fetchIssuer: async () => new Response(JSON.stringify(keys)) });
  backend = await startBackend();
  const { issuers, ...config } = renderAuthorizerConfig({
    api: { ...api, routes: compileRoutes(listAuthorizedRoutes(api.operations)) },
    issuer,
    audience,
    jwks: { keys: [key.jwk] },
    suspended: ["org_Suspended"],
  });
  // Nobody answers there.
  const unreachable = issuers.map((one) => ({ ...one, jwksUri: "https://127.0.0.1:9/" }));
  const fn = await fixture.function(authorizerFiles({ ...config, issuers: unreachable }));
  await fixture.permit(fn.id, "arn:aws:execute-api:*:*:*/authorizers/*");
  const authorizerUri = String(fn.outputs.invokeArn);
  const backends = singleBackend(backend.url);
  const rest = renderRestApiBody(api, { authorizerUri, authorizerCacheSeconds: 60, backends });
  urls.rest = (await fixture.deploy(JSON.parse(rest))).url;
  const lambda = { kind: "lambda" as const, uri: authorizerUri, cacheSeconds: 60 };
  const http = renderHttpApiBody(api, { authorizer: lambda, backends });
  urls.http = (await deployHttp(fixture, JSON.parse(http))).url;
  unnamedStage = (await deployHttp(fixture, JSON.parse(http), { name: "$default" })).url;
  const expressible = api.operations.filter(({ security }) => readJwtScopes(security).together.length === 0);
  const jwt = renderHttpApiBody(
    { ...api, operations: expressible },
    { authorizer: { kind: "jwt", issuer, audience }, backends },
  );
  urls.jwt = (await deployHttp(fixture, JSON.parse(jwt))).url;
});

afterAll(async () => {
  await backend.close();
  await fixture.close();
});

function headerOf(wanted: Case["token"]): string | undefined {
  const times = { iat: seconds - 60, exp: seconds + 3600 };
  if (wanted === "Bearer FORGED") return `Bearer ${token(makeKey("key-1"), times)}`;
  if (wanted === "Bearer UNKNOWN") return `Bearer ${token(makeKey("key-2"), times)}`;
  return typeof wanted === "object" ? `Bearer ${token(key, { ...times, ...wanted })}` : wanted;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
describe.each(modes)("%s", (mode) => {
  const rows = cases.map((row) => {
    const [status, why] = (mode === "rest" ? undefined : row[mode]) ?? [row.rest];
    return { ...row, status, note: why ? ` (${why})` : "" };
  });

  it.each(rows)("$is: $route gives $status$note", async ({ token: wanted, route, status }) => {
    const [method = "", path = ""] = route.split(" ");
    const header = headerOf(wanted);
    const headers = { ...lies, ...(header !== undefined && { Authorization: header }) };
    const answer = await call(`${urls[mode]}${path}`, { method, headers });
    expect(answer.status).toBe(status);
    if (status !== 200) return;
    // No caller can say who it is, whatever is known of it.
    const seen = isObject(answer.json.headers) ? answer.json.headers : {};
    expect(JSON.stringify(answer.json.rawHeaders)).not.toContain("*lie*");
    const identity = [seen["x-org-id"], seen["x-client-id"]];
    const known = route === "GET /health" ? ["-", "-"] : ["org_Acme1", "acmeCi"];
    const isUnsaid = mode === "jwt" && route !== "GET /health";
    expect(identity).toEqual(isUnsaid ? [undefined, undefined] : known);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
test("the stage without a name is no other", async () => {
  for (const [route, status] of Object.entries({
    orders: 200,
    "orders/7/items": 403,
    health: 200,
    nowhere: 404,
  })) {
    const headers = { Authorization: headerOf({}) ?? "" };
    expect([route, (await call(unnamedStage + route, { headers })).status]).toEqual([route, status]);
  }
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
test("a second request with the token is decided from the cache as the first was, on every route", async () => {
  const header = `Bearer ${token(key, { iat: seconds - 60, exp: seconds + 3600, jti: "cached" })}`;
  const decisions = async (mode: Mode) => {
    const statuses: number[] = [];
    for (const { route } of cases) {
      const [method = "", path = ""] = route.split(" ");
      statuses.push(
        (await call(`${urls[mode]}${path}`, { method, headers: { Authorization: header } })).status,
      );
    }
    return statuses;
  };
  for (const mode of modes) expect(await decisions(mode)).toEqual(await decisions(mode));
});
