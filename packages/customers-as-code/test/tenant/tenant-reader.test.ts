// Reads the local tenant, as a function.

import { inProcessTenant } from "../../../auth0-tenant/testing/in-process";
import { asRecord } from "../../src/problems/record";
import { readTenant } from "../../src/tenant/tenant-reader";
import { managementOf } from "../auth0/management";

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

describe("what cannot be read is reported, with the remedy", () => {
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

describe("half a tenant is none: what is 200 and not the list stops the reading", () => {
  /** Answers the nth request for the path so. */
  const answering = (
    path: RegExp,
    nth: number,
    answer: (body: Record<string, unknown>) => string,
  ): typeof fetch => {
    let seen = 0;
    return async (input, init) => {
      const response = await tenant.fetch(input, init);
      if (!path.test(String(input))) return response;
      seen += 1;
      if (seen !== nth && nth !== 0) return response;
      const body: unknown = await response.json();
      return new Response(answer(asRecord(body)), {
        status: 200,
        headers: { "content-type": "application/json" },
      });
    };
  };
  const lists: [name: string, path: RegExp][] = [
    ["clients", /\/clients\?/],
    ["client grants", /\/v2\/client-grants\?/],
    ["organizations", /\/organizations\?/],
    ['client grants of organization "wayne"', /\/organizations\/org_[^/]*\/client-grants\?/],
  ];
  const otherwise: [what: string, answer: string, problem: string][] = [
    ["a proxy's page", "<html>Please log in</html>", "is not JSON"],
    ["a list that was cut off", '{"clients":[{"client_id":"a"', "is not JSON"],
    ["nothing", "", "is not JSON"],
    ["null", "null", "has no list"],
    ["an empty object", "{}", "has no list"],
    ["a list without its frame", "[]", "has no list"],
    ["a text", '"moved"', "has no list"],
    ["an error with a good status", '{"statusCode":500,"error":"Internal Server Error"}', "has no list"],
    [
      "something else than a list",
      '{"clients":{},"client_grants":"","organizations":1,"members":null}',
      "has no list",
    ],
    [
      "entries that are none",
      '{"clients":[null],"client_grants":["a"],"organizations":[[]]}',
      "has an entry without an id",
    ],
  ];

  it.each(lists)("as the first page of the %s", async (name, path) => {
    await make("organizations", { name: "wayne" });
    for (const [what, answer, problem] of otherwise) {
      const error = await read({ fetch: answering(path, 1, () => answer) }).then(
        () => "it was read",
        ({ message }: Error) => message,
      );
      const expected = `^The ${name} of .* cannot be read: page 1 ${problem}.*\\. Try again later.`;
      expect({ what, error }).toEqual({ what, error: expect.stringMatching(new RegExp(expected)) });
    }
  });

  it("as a second page", async () => {
    for (let number = 0; number < 101; number++) {
      await make("clients", { name: `client ${number}`, app_type: "non_interactive" });
    }
    for (const [answer, problem] of [
      ["<html>", "is not JSON"],
      ["{}", 'has no list "clients"'],
    ] as const) {
      await expect(read({ fetch: answering(/\/clients\?/, 2, () => answer) })).rejects.toThrow(
        new RegExp(`^The clients of .* cannot be read: page 2 ${problem}`),
      );
    }
  }, 60_000);

  it("as the same page again", async () => {
    await expect(read({ fetch: answering(/\/clients\?/, 0, pageOf("client-a")) })).rejects.toThrow(
      /^The clients of .* cannot be read: page 2 repeats client-a of an earlier page: the list is changing/,
    );
  });

  /** A full page, of which no end is in sight. */
  function pageOf(first: string): () => string {
    const clients = Array.from({ length: 100 }, (_, index) => ({
      client_id: index === 0 ? first : `${index}`,
    }));
    return () => JSON.stringify({ clients, total: 1_000 });
  }

  it("fewer entries than Auth0 counts", async () => {
    await make("clients", { name: "a", app_type: "non_interactive" });
    const fewer = answering(/\/clients\?/, 1, ({ clients, ...more }) =>
      JSON.stringify({ ...more, clients: Array.isArray(clients) ? clients.slice(1) : [] }),
    );
    await expect(read({ fetch: fewer })).rejects.toThrow(
      /: Auth0 counts 2 and returns 1: the list is changing/,
    );
  });

  it("a page that leads back to itself", async () => {
    let number = 0;
    const again = answering(/\/organizations\?/, 0, () => {
      number += 1;
      return JSON.stringify({ organizations: [{ id: `org_${number}`, name: `o${number}` }], next: "here" });
    });
    await expect(read({ fetch: again })).rejects.toThrow(
      /organizations of .* page 2 leads back to an earlier page/,
    );
  });

  it("as the API", async () => {
    await makeApi();
    for (const [answer, problem] of [
      ["<html>", "the answer is not JSON"],
      ["", "the answer is not JSON"],
      ["{}", "the answer has no id"],
      ["null", "the answer has no id"],
    ] as const) {
      await expect(read({ fetch: answering(/\/resource-servers\//, 1, () => answer) })).rejects.toThrow(
        new RegExp(`^The API of .* cannot be read: ${problem}`),
      );
    }
  });
});
