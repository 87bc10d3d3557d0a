// Auth0's rate limits by plan, with a clock that the test moves. The numbers are those of Auth0's documentation ("Rate Limit
// Configurations"), written down here again.

import { newHono } from "../src/hono-app";
import type { Plan } from "../src/plans";
import { RateLimits } from "../src/rate-limits";
import { withTenant } from "../testing/main-session";
import { officialRequests, parseRecordedRequest } from "../testing/official-requests";

const start = Date.UTC(2030, 0, 1);

/** Nothing but the limits: what passes them is 200. */
function limited(plan: Plan) {
  let now = start;
  const app = newHono();
  app.use(new RateLimits(plan, () => now).middleware);
  app.all("*", (c) => c.json({}));
  return {
    waitUntil(time: number) {
      now = time;
    },
    async request(line: string) {
      const [method = "", path = ""] = line.split(" ");
      const response = await app.request(path, { method });
      const number = (name: string) => {
        const value = response.headers.get(name);
        return value === null ? undefined : Number(value);
      };
      return {
        status: response.status,
        limit: number("x-ratelimit-limit"),
        remaining: number("x-ratelimit-remaining"),
        reset: number("x-ratelimit-reset"),
        retryAfter: number("retry-after"),
        body: await response.json(),
      };
    },
  };
}

const organization = "/api/v2/organizations/org_1";

describe.each<[Plan, string, number, number]>([
  ["free", "GET /api/v2/clients", 2, 120],
  ["free", "POST /api/v2/organizations", 2, 120],
  ["free", "POST /oauth/token", 30, 1800],
  ["free", "GET /.well-known/jwks.json", 20, 1200],
  ["self-service", "POST /api/v2/organizations", 5, 25],
  ["self-service", `PATCH ${organization}`, 5, 25],
  ["self-service", `GET ${organization}`, 20, 200],
  ["self-service", "GET /api/v2/organizations/name/acme", 10, 100],
  ["self-service", "GET /api/v2/organizations", 5, 50],
  ["self-service", `GET ${organization}/members`, 40, 500],
  ["self-service", `POST ${organization}/members`, 20, 200],
  ["self-service", `GET ${organization}/client-grants`, 10, 100],
  ["self-service", `POST ${organization}/client-grants`, 5, 150],
  ["self-service", `DELETE ${organization}/client-grants/cgr_1`, 10, 150],
  ["self-service", `GET ${organization}/connections`, 5, 50],
  ["self-service", `GET ${organization}/enabled_connections`, 5, 50],
  ["self-service", `POST ${organization}/connections`, 5, 25],
  ["self-service", "GET /api/v2/connections", 5, 50],
  ["self-service", "GET /api/v2/logs", 10, 100],
  ["self-service", "GET /api/v2/clients?q=client_grant.organization_id:org_1", 5, 150],
  ["self-service", "GET /api/v2/clients/x", 5, 100],
  ["self-service", "GET /api/v2/users/x", 40, 500],
  ["self-service", "PATCH /api/v2/users/x", 20, 200],
  ["self-service", "POST /api/v2/clients", 10, 150],
  ["self-service", "POST /api/v2/client-grants", 10, 150],
  ["self-service", "POST /oauth/token", 25, 1500],
  ["enterprise", "GET /api/v2/clients", 50, 960],
  ["enterprise", "GET /api/v2/clients?q=client_grant.organization_id:org_1", 5, 150],
  ["enterprise", "GET /api/v2/organizations/name/acme", 20, 200],
  ["enterprise", `GET ${organization}/connections`, 10, 100],
  ["enterprise", `POST ${organization}/connections`, 5, 150],
  ["enterprise", "POST /api/v2/organizations", 5, 150],
  ["enterprise", `GET ${organization}/members`, 40, 500],
  ["enterprise", `DELETE ${organization}/members`, 20, 200],
  ["enterprise", `GET ${organization}/client-grants`, 10, 100],
  ["enterprise", `POST ${organization}/client-grants`, 5, 150],
  ["enterprise", "POST /oauth/token", 100, 6000],
])("%s: %s", (plan, line, burst, perMinute) => {
  it(`lets ${burst} through at once, then ${perMinute} a minute`, async () => {
    const tenant = limited(plan);
    for (let left = burst - 1; left >= 0; left -= 1) {
      const { status, limit, remaining } = await tenant.request(line);
      expect({ status, limit, remaining }).toEqual({ status: 200, limit: burst, remaining: left });
    }
    expect(await tenant.request(line)).toMatchObject({ status: 429, limit: burst, remaining: 0 });
    const interval = 60_000 / perMinute;
    for (let n = 1; n <= 3; n += 1) {
      // The clock has whole milliseconds.
      tenant.waitUntil(start + Math.ceil(n * interval) - 1);
      expect(await tenant.request(line)).toMatchObject({ status: 429 });
      tenant.waitUntil(start + Math.ceil(n * interval));
      expect(await tenant.request(line)).toMatchObject({ status: 200, remaining: 0 });
    }
    // However long nobody asks, there are no more than at the start.
    tenant.waitUntil(start + 3_600_000);
    expect(await tenant.request(line)).toMatchObject({ status: 200, remaining: burst - 1 });
  });

  it("lets a client through that comes back at the time that the answer named", async () => {
    const tenant = limited(plan);
    for (let n = 0; n < burst; n += 1) await tenant.request(line);
    const { reset, retryAfter } = await tenant.request(line);
    // Whole seconds, never in the past: with those, go-auth0 asks again at once.
    expect(reset).toBe(Math.ceil((start + 60_000 / perMinute) / 1000));
    expect(retryAfter).toBe((reset ?? 0) - start / 1000);
    tenant.waitUntil((reset ?? 0) * 1000);
    expect(await tenant.request(line)).toMatchObject({ status: 200 });
  });
});

/** What the official provider asks to make a customer with one client: docs/how-to/scale.md has the sums. */
const ofOneCustomer = officialRequests.create
  .filter(({ resource }) =>
    ["Organization acme", "Client machine", "ClientCredentials machine", "ClientGrant machine"]
      .concat("OrganizationClientGrant acme")
      .includes(resource),
  )
  .flatMap(({ requests }) => requests)
  .map((request) => {
    const { method, path } = parseRecordedRequest(request);
    return `${method} /api/v2${path.replaceAll(/[{}]/g, "")}`;
  });

/** How many requests are refused while customers begin evenly spaced, and each asks one thing after the other. */
async function refusals(plan: Plan, perMinute: number): Promise<number> {
  const tenant = limited(plan);
  const requests = Array.from({ length: 60 }).flatMap((_, customer) =>
    ofOneCustomer.map((line, at) => ({ line, time: (customer * 60_000) / perMinute + at * 150 })),
  );
  let refused = 0;
  for (const { line, time } of requests.sort((a, b) => a.time - b.time)) {
    tenant.waitUntil(start + time);
    if ((await tenant.request(line)).status === 429) refused += 1;
  }
  return refused;
}

it("refuses nothing of 20 new customers a minute on a self-service plan, nor of 65 on an enterprise plan", async () => {
  expect(ofOneCustomer).toHaveLength(12);
  expect(await refusals("self-service", 20)).toBe(0);
  expect(await refusals("self-service", 40)).toBeGreaterThan(0);
  expect(await refusals("enterprise", 65)).toBe(0);
});

it("refuses in the words of the API that was asked", async () => {
  const free = limited("free");
  for (let n = 0; n < 2; n += 1) await free.request("GET /api/v2/users");
  expect((await free.request("GET /api/v2/users")).body).toEqual({
    statusCode: 429,
    error: "Too Many Requests",
    message: "Global limit has been reached",
    errorCode: "too_many_requests",
  });
  for (let n = 0; n < 30; n += 1) await free.request("POST /oauth/token");
  expect((await free.request("POST /oauth/token")).body).toMatchObject({ error: "too_many_requests" });
  const enterprise = limited("enterprise");
  for (let n = 0; n < 5; n += 1) await enterprise.request("POST /api/v2/organizations");
  expect((await enterprise.request("POST /api/v2/organizations")).body).toMatchObject({
    message: "Global per minute organizations_write group limit has been reached",
  });
});

it("counts groups of endpoints apart where the plan has no global limit", async () => {
  const tenant = limited("self-service");
  for (let n = 0; n < 5; n += 1) await tenant.request("POST /api/v2/organizations");
  expect(await tenant.request("POST /api/v2/organizations")).toMatchObject({ status: 429 });
  expect(await tenant.request(`GET ${organization}`)).toMatchObject({ status: 200, remaining: 19 });
  // Those without a group of their own share one.
  expect(await tenant.request("POST /api/v2/clients")).toMatchObject({ remaining: 9 });
  expect(await tenant.request("POST /api/v2/resource-servers")).toMatchObject({ remaining: 8 });
});

it("takes from the global limit of the enterprise plan with every request", async () => {
  const tenant = limited("enterprise");
  for (let n = 0; n < 5; n += 1) await tenant.request("POST /api/v2/organizations");
  expect(await tenant.request("GET /api/v2/clients")).toMatchObject({ limit: 50, remaining: 44 });
  // What a group has refused is not counted.
  for (let n = 0; n < 5; n += 1) await tenant.request("POST /api/v2/organizations");
  expect(await tenant.request("GET /api/v2/clients")).toMatchObject({ remaining: 43 });
});

it.each<[Plan, string]>([
  ["free", "GET /"],
  ["self-service", "GET /.well-known/openid-configuration"],
  ["enterprise", "GET /.well-known/jwks.json"],
])("says nothing of limits if the %s plan doesn't have any: %s", async (plan, line) => {
  const tenant = limited(plan);
  for (let n = 0; n < 200; n += 1) {
    const { status, limit } = await tenant.request(line);
    expect({ status, limit }).toEqual({ status: 200, limit: undefined });
  }
});

it("limits a running tenant when it is asked to, before it looks at the token", async () => {
  let now = start;
  await withTenant({ rateLimits: "free", clock: () => now }, async ({ url }, session) => {
    const read = async () => (await session.call("GET", "/clients")).status;
    expect([await read(), await read(), await read()]).toEqual([200, 200, 429]);
    expect((await session.fetch(`${url}/api/v2/clients`)).status).toBe(429);
    now += 500;
    expect([await read(), await read()]).toEqual([200, 429]);
  });
});
