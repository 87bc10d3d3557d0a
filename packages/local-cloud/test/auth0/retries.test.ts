// How the local auth0 provider retries: as the official one does, whose packages/auth0-tenant/test/go-auth0/retries_test.go says so of go-auth0.

import { inProcessTenant } from "../../../auth0-tenant/testing/in-process";
import { auth0Provider } from "../../src/auth0/auth0-provider";

const type = "auth0:index/client:Client";

/** What comes instead of the tenant's answer, in turn; then the tenant answers. */
let instead: ((answer: () => Promise<Response>) => Promise<Response>)[] = [];
let posts = 0;
let tenant: Awaited<ReturnType<typeof inProcessTenant>>;
let create: (name: string) => Promise<unknown>;
let names: () => Promise<string[]>;

beforeAll(async () => {
  tenant = await inProcessTenant();
  const provider = auth0Provider({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.method !== "POST" || !request.url.endsWith("/api/v2/clients")) return tenant.fetch(request);
      posts += 1;
      const answer = instead.shift();
      return answer ? answer(() => tenant.fetch(request)) : tenant.fetch(request);
    },
  });
  const { domain, clientId, clientSecret } = tenant;
  await provider.configure({ domain, clientId, clientSecret });
  create = (name) => provider.create(type, { name, appType: "non_interactive" }, false);
  names = async () => {
    const { token } = await tokenOf();
    const url = `https://${domain}/api/v2/clients?fields=name&per_page=100`;
    const response = await tenant.fetch(new Request(url, { headers: { authorization: `Bearer ${token}` } }));
    return ((await response.json()) as { name: string }[]).map(({ name }) => name);
  };
});
beforeEach(() => {
  instead = [];
  posts = 0;
});
afterAll(() => tenant.close());

async function tokenOf() {
  const { domain, clientId, clientSecret } = tenant;
  const body = {
    ...{ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret },
    audience: `https://${domain}/api/v2/`,
  };
  const headers = { "content-type": "application/json" };
  const response = await tenant.fetch(
    new Request(`https://${domain}/oauth/token`, { method: "POST", headers, body: JSON.stringify(body) }),
  );
  return { token: ((await response.json()) as { access_token: string }).access_token };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  async () =>
    Response.json({ message: "a fault" }, { status: code, headers });
const countOf = async (name: string) => (await names()).filter((one) => one === name).length;

test("too many requests are retried until there are no longer too many", async () => {
  const past = { "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) - 1) };
  instead = Array.from({ length: 20 }, () => status(429, past));
  await create("patient");
  expect({ posts, made: await countOf("patient") }).toEqual({ posts: 21, made: 1 });
});

test("the next try comes when the limit is reset", async () => {
  const reset = Math.floor(Date.now() / 1000) + 2;
  instead = [status(429, { "x-ratelimit-reset": String(reset) })];
  await create("later");
  expect(Date.now()).toBeGreaterThanOrEqual(reset * 1000 - 5);
});

test("a server that fails is asked four times in all", async () => {
  instead = [status(500), status(502), status(503), status(504), status(524)];
  await expect(create("failing")).rejects.toThrow("504");
  expect({ posts, made: await countOf("failing") }).toEqual({ posts: 4, made: 0 });
});

test("so is one to which there is no connection", async () => {
  instead = [
    async () => {
      throw new TypeError("fetch failed");
    },
  ];
  await create("reset");
  expect({ posts, made: await countOf("reset") }).toEqual({ posts: 2, made: 1 });
});

test("what had landed when the server failed is made twice", async () => {
  instead = [
    async (answer) => {
      await answer();
      return status(500)();
    },
  ];
  await create("twice");
  expect(await countOf("twice")).toBe(2);
});

test("an answer that breaks off is an error, and not asked for again", async () => {
  instead = [
    async (answer) => {
      await answer();
      return new Response(new ReadableStream({ start: (body) => body.error(new Error("broken off")) }));
    },
  ];
  await expect(create("truncated")).rejects.toThrow("broken off");
  expect({ posts, made: await countOf("truncated") }).toEqual({ posts: 1, made: 1 });
});

test("a refusal is not retried", async () => {
  instead = [status(400)];
  await expect(create("refused")).rejects.toThrow("400");
  expect(posts).toBe(1);
});
