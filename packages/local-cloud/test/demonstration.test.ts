import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiOperation } from "../src/company/operations";
import { type DemonstratedApi, type Deployed, demonstrate, describeCall } from "../src/demonstration";
import type { Session } from "../src/session";

const client = { clientSecret: "secret", audience: "https://api.example.com/" };
let lines: string[];
let server: Server;
let url: string;
/** What the API answers to a token, which the token endpoint makes of the client's id. */
let answers: Record<string, [status: number, body: object]>;
/** To the operation that needs no token. */
let openAnswer: [status: number, body: object];
let events: object[];
/** What came to the API: method, path and body. */
let requests: string[];

beforeEach(async () => {
  lines = [];
  jest.spyOn(console, "log").mockImplementation((line) => lines.push(line.replace(/ \S+ s\S*(?=\n|$)/, "")));
  server = createServer((request, response) => {
    const reply = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    const path = request.url ?? "";
    if (path.startsWith("/events?company_id=org_1")) return reply(200, events);
    const token = request.headers.authorization?.slice("Bearer ".length) ?? "none";
    const [status, body] = path === "/health" ? openAnswer : (answers[token] ?? [500, {}]);
    const requestId = `request-${events.length}`;
    response.setHeader("x-amzn-requestid", requestId);
    if (status === 200) events.push({ metadata: { requestId }, response: { status } });
    let given = "";
    request.on("data", (chunk) => (given += chunk));
    request.on("end", () => {
      requests.push([request.method, path, given].join(" ").trim());
      reply(status, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  events = [];
  requests = [];
  openAnswer = [200, {}];
  answers = {
    none: [401, { error: "invalid_token" }],
    able: [200, { organization: "org_1" }],
    unable: [403, { error: "insufficient_scope" }],
    suspended: [403, { error: "access_denied" }],
  };
});

afterEach(() => {
  jest.restoreAllMocks();
  server.close();
});

const deployed = (): Deployed => {
  const credentials = (clientId: string, ...scopes: string[]) => ({
    ...client,
    clientId,
    scopes,
    tokenUrl: `${url}/token`,
  });
  return {
    url,
    customers: {
      one: { organizationId: "org_1", status: "active", clients: {} },
      two: { organizationId: "org_2", status: "suspended", clients: {} },
    },
    credentials: {
      one: { a: credentials("unable", "read:invoices"), b: credentials("able", "read:orders") },
      two: { c: credentials("suspended", "read:orders") },
    },
  };
};

const api = (
  more: Partial<DemonstratedApi> = {},
  operation: Partial<ApiOperation> = {},
): DemonstratedApi => ({
  apiType: "rest",
  hasJwtAuthorizer: false,
  mocks: [],
  operations: [
    {
      method: "GET",
      path: "/orders/{orderId}",
      operationId: "getOrder",
      security: [["read:orders"]],
      makeRequest: () => ({ path: "/orders/7", headers: {} }),
      ...operation,
    },
    {
      method: "GET",
      path: "/health",
      security: [],
      makeRequest: () => ({ path: "/health", headers: {} }),
    },
  ],
  ...more,
});

/** A session that joined a cloud, whose tenant gives a client its id for a token. */
const session = (): Session =>
  ({
    address: { moesif: { ingestUrl: url } },
    signal: new AbortController().signal,
    fetchApi: fetch,
    cloud: { aws: { flushLogs: async () => undefined } },
    fetch: async (_url: string, { body }: { body: URLSearchParams }) =>
      Response.json({ access_token: body.get("client_id") }),
  }) as unknown as Session;

test("every answer as it should be is no problem", async () => {
  expect(await demonstrate(session(), deployed(), api())).toBe(0);
  expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    "200: one/b reads an order, and the backend sees the organization",
    "401: without a token",
    "403: one/a lacks the scope read:orders",
    "403: two/c is suspended",
    "200: GET /health needs no token",
    "Moesif has the call of one/b as one of its organization",
  ]);
});

test.each([
  [
    "a backend that sees another organization",
    "able",
    [200, { organization: "org_2" }],
    "expected 200 and the organization org_1",
  ],
  ["a call without token that passes", "none", [200, {}], "expected 401 invalid_token"],
  ["a missing scope that does not matter", "unable", [200, {}], "expected 403 insufficient_scope"],
  ["a suspended customer that may call", "suspended", [200, {}], "expected 403 access_denied"],
  [
    "a refusal for another reason",
    "suspended",
    [403, { error: "insufficient_scope" }],
    "expected 403 access_denied",
  ],
] as [string, string, [number, object], string][])(
  "%s is a problem",
  async (_what, token, answer, problem) => {
    answers[token] = answer;
    expect(await demonstrate(session(), deployed(), api())).toBe(1);
    expect(lines.filter((line) => line.includes(problem))).toHaveLength(1);
  },
);

test("a public operation that demands a token is a problem", async () => {
  openAnswer = [401, { error: "invalid_token" }];
  expect(await demonstrate(session(), deployed(), api())).toBe(1);
  expect(lines.filter((line) => line.includes('401 {"error":"invalid_token"}; expected 200'))).toHaveLength(
    1,
  );
});

test("a client without secret is left out: nobody here has its private key", async () => {
  const changed = deployed();
  delete changed.credentials.one?.a?.clientSecret;
  expect(await demonstrate(session(), changed, api())).toBe(0);
  expect(lines.some((line) => line.includes("one/a"))).toBe(false);
});

test("an event that Moesif does not have is a problem", async () => {
  const { push } = events;
  events.push = () => 0;
  expect(await demonstrate(session(), deployed(), api())).toBe(1);
  expect(lines.at(-1)).toContain("no such event among 0 with the company_id org_1");
  events.push = push;
});

test("an HTTP API's answers have no reason, and its calls are not Moesif's", async () => {
  answers = {
    none: [401, { message: "Unauthorized" }],
    able: [200, { organization: "org_1" }],
    unable: [403, { message: "Forbidden" }],
    suspended: [403, { message: "Forbidden" }],
  };
  expect(await demonstrate(session(), deployed(), api({ apiType: "http" }))).toBe(0);
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toContain("The access log of an HTTP API goes to CloudWatch");
});

test("behind a JWT authorizer, the backend must find the organization in the token", async () => {
  const jwt = api({ apiType: "http", hasJwtAuthorizer: true });
  expect(await demonstrate(session(), deployed(), jwt)).toBe(1);
  answers.able = [200, { organization: null, organizationInToken: "org_1" }];
  expect(await demonstrate(session(), deployed(), jwt)).toBe(0);
});

test("a call has the method, the query and the body of its request", async () => {
  const makeRequest = () => ({ path: "/orders?dry=true", headers: {}, body: '{"sku":"A"}' });
  const posting = { method: "POST", path: "/orders", operationId: "placeOrder", makeRequest };
  expect(await demonstrate(session(), deployed(), api({}, posting))).toBe(0);
  expect(requests).toEqual([...Array(4).fill('POST /orders?dry=true {"sku":"A"}'), "GET /health"]);
  expect(lines[0]).toContain("one/b calls POST /orders, and the backend sees the organization");
});

test("what nobody can show is a line, and no problem", async () => {
  const nobody = { ...deployed(), customers: {}, credentials: {} };
  expect(await demonstrate(session(), nobody, api())).toBe(0);
  expect(lines.map((line) => line.trim())).toEqual([
    expect.stringContaining("401: without a token"),
    expect.stringContaining("200: GET /health needs no token"),
    "No customer has a client yet. Add one: npx customers add NAME --scopes SCOPE",
  ]);
});

test.each([
  ["GET", "/orders/{id}", "getOrder", "reads an order"],
  ["GET", "/units/{id}", "readUnit", "reads a unit"],
  ["GET", "/lines/{id}", "fetchOrderLine", "reads an order line"],
  ["GET", "/orders/{id}", "getOrderById", "calls GET /orders/{id}"],
  ["GET", "/orders", "getOrder", "calls GET /orders"],
  ["GET", "/stats/{id}", "getStatistics", "calls GET /stats/{id}"],
  ["GET", "/orders/{id}", undefined, "calls GET /orders/{id}"],
  ["POST", "/orders/{id}", "getOrder", "calls POST /orders/{id}"],
])("%s %s with the operationId %s %s", (method, path, operationId, expected) => {
  const [operation] = api({}, { method, path, operationId: operationId ?? "" }).operations;
  const request = { path, headers: {} };
  expect(operation && describeCall({ operation, request })).toBe(expected);
});
