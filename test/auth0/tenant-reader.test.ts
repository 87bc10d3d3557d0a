// Reads the local tenant, as a function.
import { readTenant } from "../../auth0/tenant-reader";
import { inProcessTenant } from "../local/tenant/in-process";
import { managementOf } from "./management";

const audience = "https://api.example.com/";
let tenant: Awaited<ReturnType<typeof inProcessTenant>>;
/** Creates by the Management API. */
let make: Awaited<ReturnType<typeof managementOf>>;
/** All that was asked for, and all that was answered. */
let asked: string[] = [];
let answered = "";

beforeEach(async () => {
  tenant = await inProcessTenant();
  asked = [];
  answered = "";
  make = await managementOf(tenant);
});
afterEach(() => tenant.close());

const makeApi = () =>
  make("resource-servers", {
    name: "Orders",
    identifier: audience,
    token_lifetime: 3600,
    scopes: [{ value: "read:orders", description: "Read" }],
  });

const recording: typeof fetch = async (input, init) => {
  asked.push(`${init?.method ?? "GET"} ${String(input instanceof Request ? input.url : input)}`);
  const response = await tenant.fetch(input, init);
  if (!String(input).includes("/oauth/token")) answered += await response.clone().text();
  return response;
};

function read(more: Partial<Parameters<typeof readTenant>[0]> = {}) {
  const { domain, clientId, clientSecret } = tenant;
  return readTenant({ domain, clientId, clientSecret, fetch: recording, ...more }, audience);
}

test("an organization with its client, grant and API is read in the provider's terms", async () => {
  const server = await makeApi();
  const organization = await make("organizations", {
    name: "wayne",
    display_name: "Wayne",
    metadata: { plan: "gold" },
    token_quota: { client_credentials: { enforce: true, per_day: 10 } },
  });
  const { client_id } = await make<{ client_id: string }>("clients", {
    name: "Warehouse",
    description: "Since 2019",
    app_type: "non_interactive",
    grant_types: ["client_credentials"],
    client_metadata: { team: "a" },
    callbacks: ["https://a.example"],
  });
  const grant = await make("client-grants", {
    client_id,
    audience,
    scope: ["read:orders"],
    organization_usage: "allow",
  });
  await make(`organizations/${organization.id}/client-grants`, { grant_id: grant.id });

  const found = await read();
  expect(found.domain).toBe(tenant.domain);
  expect(found.api).toEqual({
    id: server.id,
    name: "Orders",
    identifier: audience,
    signingAlg: "RS256",
    tokenLifetime: 3600,
    scopes: [{ name: "read:orders", description: "Read" }],
  });
  expect(found.organizations).toEqual([
    {
      id: organization.id,
      name: "wayne",
      displayName: "Wayne",
      metadata: { plan: "gold" },
      grants: [grant.id],
      settings: ["token_quota"],
    },
  ]);
  expect(found.clients.find(({ id }) => id === client_id)).toEqual({
    id: client_id,
    name: "Warehouse",
    description: "Since 2019",
    appType: "non_interactive",
    isFirstParty: true,
    grantTypes: ["client_credentials"],
    authenticationMethod: "client_secret_post",
    clientMetadata: { team: "a" },
    settings: ["callbacks"],
  });
  expect(found.grants.find(({ id }) => id === grant.id)).toEqual({
    id: grant.id,
    clientId: client_id,
    audience,
    scopes: ["read:orders"],
    organizationUsage: "allow",
    allowAnyOrganization: false,
    subjectType: "client",
    settings: [],
  });
});

test("how a client authenticates follows from its type where nothing says it", async () => {
  for (const app_type of ["native", "spa", "regular_web", "non_interactive"]) {
    await make("clients", { name: app_type, app_type });
  }
  const { clients } = await read();
  const methods = clients.map(({ name, authenticationMethod }) => [name, authenticationMethod]);
  expect(Object.fromEntries(methods)).toMatchObject({
    native: "none",
    spa: "none",
    regular_web: "client_secret_post",
    non_interactive: "client_secret_post",
  });
});

test("every page is read, of organizations, clients and grants", async () => {
  await makeApi();
  for (let number = 0; number < 101; number++) {
    await make("organizations", { name: `customer-${number}` });
    const { client_id } = await make<{ client_id: string }>("clients", {
      name: `client ${number}`,
      app_type: "non_interactive",
    });
    await make("client-grants", { client_id, audience, scope: [] });
  }
  const { organizations, clients, grants } = await read();
  expect(new Set(organizations.map(({ name }) => name)).size).toBe(101);
  expect(clients.filter(({ name }) => name.startsWith("client ")).length).toBe(101);
  expect(grants.filter((grant) => grant.audience === audience).length).toBe(101);
}, 60_000);

test("no secret is asked for, and nothing is changed", async () => {
  await make("clients", { name: "a", app_type: "non_interactive" });
  await read();
  const own = asked.filter((request) => !request.includes("/oauth/token"));
  expect(own.length).toBeGreaterThan(3);
  expect(own.filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(answered).toContain('"client_id"');
  expect(answered).not.toContain('client_secret"');
});

test("a tenant without the API is read without it", async () => {
  expect("api" in (await read())).toBe(false);
});

describe("what cannot be read is told, with the remedy", () => {
  it("with a wrong secret", async () => {
    await expect(read({ clientSecret: "wrong" })).rejects.toThrow(
      /^The clients of .* cannot be read: 401 .*Are AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET right\?$/,
    );
  });

  it("without a right", async () => {
    const { client_id, client_secret } = await make<Record<"client_id" | "client_secret", string>>(
      "clients",
      {
        name: "reader",
        app_type: "non_interactive",
      },
    );
    const scope = ["read:clients", "read:client_grants"];
    await make("client-grants", { client_id, audience: `https://${tenant.domain}/api/v2/`, scope });
    await expect(read({ clientId: client_id, clientSecret: client_secret })).rejects.toThrow(
      new RegExp(
        `^The organizations of .* cannot be read: 403 .*read:organizations.*\\. Grant them to the client ${client_id}\\.$`,
      ),
    );
  });

  it("where there is no tenant", async () => {
    const nowhere: typeof fetch = () =>
      Promise.reject(new TypeError("fetch failed", { cause: new Error("ENOTFOUND") }));
    await expect(read({ fetch: nowhere })).rejects.toThrow(
      /^The clients of .* cannot be read: .*Is AUTH0_DOMAIN right\?$/,
    );
  });
});
