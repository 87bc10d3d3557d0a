// Seeds that are lists of requests.
import { parseSeed, SeedError, type SeedRequest, startTenant, type TenantOptions } from "../src";
import { temporaryDirectory } from "../testing/in-process";
import { openSession } from "../testing/main-session";

const audience = "https://api.example";
const seed: SeedRequest[] = [
  {
    request: "POST /resource-servers",
    body: { name: "Orders", identifier: audience, scopes: [{ value: "read:orders" }] },
  },
  { request: "POST /organizations", body: { name: "acme" }, save: { acme: "id" } },
  {
    request: "POST /clients",
    body: { name: "Sync", app_type: "non_interactive" },
    save: { client: "client_id" },
  },
  { request: "PATCH /clients/{client}", body: { client_secret: "a secret of the test" } },
  {
    request: "POST /client-grants",
    body: { client_id: "{client}", audience, scope: ["read:orders"], organization_usage: "require" },
    save: { grant: "id" },
  },
  { request: "POST /organizations/{acme}/client-grants", body: { grant_id: "{grant}" } },
  { request: "DELETE /actions/actions/missing", body: undefined },
];
const working = seed.slice(0, -1);

let directory: string;
let remove: () => void;

beforeEach(() => {
  ({ directory, remove } = temporaryDirectory());
});

afterEach(() => remove());

const start = (options: Partial<TenantOptions>) => startTenant({ directory, ...options });

test("a seeded client gets a token for its organization", async () => {
  const tenant = await start({ seed: working });
  try {
    const { acme = "", client = "", grant } = tenant.seeded.saved;
    expect(tenant.seeded.saved).toEqual({
      acme: expect.stringMatching(/^org_\w{16}$/),
      client: expect.stringMatching(/^\w{32}$/),
      grant: expect.stringMatching(/^cgr_\w{16}$/),
    });
    const response = await tenant.fetch(`${tenant.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: client,
        client_secret: "a secret of the test",
        audience,
        organization: acme,
      }),
    });
    expect(await response.json()).toMatchObject({ scope: "read:orders", token_type: "Bearer" });
    const session = await openSession(tenant);
    expect(await session.call("GET", `/organizations/${acme}/client-grants`)).toMatchObject({
      body: [{ id: grant }],
    });
  } finally {
    await tenant.close();
  }
});

test("a seed runs once: a later start keeps its values and changes", async () => {
  const first = await start({ seed: working });
  const session = await openSession(first);
  await session.call("DELETE", `/clients/${first.seeded.saved.client}`);
  await first.close();
  const second = await start({ seed: working });
  try {
    expect(second.seeded).toEqual(first.seeded);
    const again = await openSession(second);
    expect(await again.call("GET", `/clients/${first.seeded.saved.client}`)).toMatchObject({ status: 404 });
    expect(await again.call("GET", "/organizations")).toMatchObject({ body: [{ name: "acme" }] });
  } finally {
    await second.close();
  }
});

test("a request that fails undoes the seed, and names itself", async () => {
  await expect(start({ seed })).rejects.toThrow(
    "Request 7 of the seed fails. DELETE /actions/actions/missing: 404 That action does not exist.",
  );
  const tenant = await start({ seed: working });
  expect(Object.keys(tenant.seeded.saved)).toEqual(["acme", "client", "grant"]);
  await tenant.close();
});

test.each<[string, SeedRequest, string]>([
  [
    "an operation that the tenant doesn't have",
    { request: "POST /hooks", body: {} },
    "Request 1 of the seed fails. POST /hooks: The tenant has no such operation for a seed.",
  ],
  [
    "a body that the Management API refuses",
    { request: "POST /organizations", body: { name: "Acme" } },
    "Request 1 of the seed fails. POST /organizations: 400 Payload validation error",
  ],
  [
    "a value that the answer doesn't have",
    { request: "POST /organizations", body: { name: "acme" }, save: { acme: "client_id" } },
    'Request 1 of the seed fails. POST /organizations: The answer has no string "client_id".',
  ],
])("refuses %s", async (_, request, message) => {
  await expect(start({ seed: [request] })).rejects.toThrow(message);
});

test("reports every mistake in a list of requests, with its place", () => {
  const broken = `[
    { "request": "GET /clients" },
    { "request": "POST /clients", "saves": {} }
  ]`;
  const problems = problemsOf(() => parseSeed(broken, "seed.json"));
  expect(problems).toMatchObject([
    { code: "invalid-value", path: "[0].request", file: "seed.json", line: 2, column: 18 },
    { code: "unknown-key", path: "[1].saves", file: "seed.json", line: 3, column: 35 },
  ]);
});

function problemsOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    if (error instanceof SeedError) return error.problems;
    throw error;
  }
  return [];
}
