import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Deployed, demonstrate } from "../src/demonstration";
import type { Session } from "../src/session";

const client = { clientSecret: "secret", audience: "https://api.example.com/" };
let lines: string[];
let server: Server;
let url: string;
/** What the API answers to a token, which the token endpoint makes of the client's id. */
let answers: Record<string, [status: number, body: object]>;
let events: object[];

beforeEach(async () => {
  lines = [];
  jest.spyOn(console, "log").mockImplementation((line) => lines.push(line.replace(/ \S+ s\S*(?=\n|$)/, "")));
  server = createServer((request, response) => {
    const reply = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    const path = request.url ?? "";
    if (path.startsWith("/events?company_id=org_1")) return reply(200, events);
    const token = request.headers.authorization?.slice("Bearer ".length) ?? "none";
    const [status, body] = answers[token] ?? [500, {}];
    if (status === 200) events.push({ metadata: { path }, response: { status } });
    return reply(status, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  events = [];
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

/** A session that joined a cloud, whose tenant gives a client its id for a token. */
const session = (): Session =>
  ({
    address: { moesif: { ingestUrl: url } },
    signal: new AbortController().signal,
    cloud: { aws: { flushLogs: async () => undefined } },
    fetch: async (_url: string, { body }: { body: URLSearchParams }) =>
      Response.json({ access_token: body.get("client_id") }),
  }) as unknown as Session;

test("every answer as it should be is no problem", async () => {
  expect(await demonstrate(session(), deployed())).toBe(0);
  expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
    "200: one/b reads an order, and the backend sees the organization",
    "401: without a token",
    "403: one/a lacks the scope read:orders",
    "403: two/c is suspended",
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
    expect(await demonstrate(session(), deployed())).toBe(1);
    expect(lines.filter((line) => line.includes(problem))).toHaveLength(1);
  },
);

test("a client without secret is left out: nobody here has its private key", async () => {
  const changed = deployed();
  delete changed.credentials.one?.a?.clientSecret;
  expect(await demonstrate(session(), changed)).toBe(0);
  expect(lines.some((line) => line.includes("one/a"))).toBe(false);
});

test("an event that Moesif does not have is a problem", async () => {
  const { push } = events;
  events.push = () => 0;
  expect(await demonstrate(session(), deployed())).toBe(1);
  expect(lines.at(-1)).toContain("no such event among 0 with the company_id org_1");
  events.push = push;
});
