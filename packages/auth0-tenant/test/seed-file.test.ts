// Seeds in Auth0's words: what they make, and what is wrong with them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSeed, type Seed, SeedChanged, SeedError, startTenant, type TenantOptions } from "../src";
import { renderSeedSchema } from "../src/seed/seed-schema";
import { temporaryDirectory } from "../testing/in-process";
import { openSession, withTenant } from "../testing/main-session";

const audience = "https://api.example.com";

const everything = `
tenant:
  friendly_name: Acme tests
  default_audience: ${audience}
apis:
  - identifier: ${audience}
    name: Orders
    scopes: [read:orders, { value: write:orders, description: Change orders }]
    token_lifetime: 600
connections:
  - name: Username-Password-Authentication
    strategy: auth0
    enabled_clients: [Acme sync]
  - name: acme-oidc
    strategy: oidc
    options: { client_id: x, discovery_url: https://idp.example/.well-known/openid-configuration }
    enabled_clients: [ci]
organizations:
  - id: org_0000000000000001
    name: acme
    display_name: Acme Corp
    metadata: { tier: gold }
    connections: [acme-oidc, { name: Username-Password-Authentication, assign_membership_on_login: true }]
    members: [ada@acme.example, { user: bob, roles: [Viewer] }]
  - name: globex
clients:
  - name: Acme sync
    client_id: acme-sync
    client_secret: only-for-tests-acme-sync
    app_type: non_interactive
    default_organization: acme
    grants:
      - audience: ${audience}
        scope: [read:orders]
        organizations: [acme]
  - name: CI
    client_id: ci
    client_secret: only-for-tests-ci-client
    grants:
      - { audience: "https://{domain}/api/v2/", scope: all }
      - { audience: ${audience}, scope: all, organization_usage: allow, organizations: [acme, globex] }
roles:
  - name: Viewer
    description: Reads orders
    permissions: [{ audience: ${audience}, scope: [read:orders] }]
users:
  - email: Ada@acme.example
    roles: [Viewer]
  - email: bob@acme.example
    username: bob
    user_id: bob
    app_metadata: { plan: gold }
  - { connection: acme-oidc, user_id: eve }
requests:
  - { request: PATCH /organizations/org_0000000000000001, body: { display_name: "Acme at {domain}" }, save: { acme: id } }
`;

test("a seed fills the tenant with everything that it names", async () => {
  await withTenant({ seed: parseSeed(everything) }, async (tenant, { call }) => {
    const { seeded, domain } = tenant;
    const acme = "org_0000000000000001";
    expect(seeded).toEqual({
      apis: { [audience]: expect.stringMatching(/^[0-9a-f]{24}$/) },
      clients: { "Acme sync": "acme-sync", CI: "ci" },
      connections: {
        "Username-Password-Authentication": expect.stringMatching(/^con_/),
        "acme-oidc": expect.stringMatching(/^con_/),
      },
      organizations: { acme, globex: expect.stringMatching(/^org_\w{16}$/) },
      roles: { Viewer: expect.stringMatching(/^rol_/) },
      users: {
        "Ada@acme.example": expect.stringMatching(/^auth0\|/),
        "bob@acme.example": "auth0|bob",
        "oidc|eve": "oidc|eve",
      },
      saved: { acme },
    });
    const body = async (path: string) => (await call("GET", path)).body;
    expect(await body("/tenants/settings")).toMatchObject({
      friendly_name: "Acme tests",
      default_audience: audience,
    });
    expect(await body(`/resource-servers/${seeded.apis[audience]}`)).toMatchObject({
      name: "Orders",
      scopes: [{ value: "read:orders" }, { value: "write:orders", description: "Change orders" }],
      token_lifetime: 600,
    });
    expect(await body(`/organizations/${acme}`)).toMatchObject({
      name: "acme",
      display_name: `Acme at ${domain}`,
      metadata: { tier: "gold" },
    });
    expect(await body(`/organizations/${acme}/enabled_connections`)).toMatchObject([
      { connection_id: seeded.connections["acme-oidc"], assign_membership_on_login: false },
      { connection: { name: "Username-Password-Authentication" }, assign_membership_on_login: true },
    ]);
    expect(await body(`/organizations/${acme}/members`)).toMatchObject([
      { email: "ada@acme.example" },
      { user_id: "auth0|bob" },
    ]);
    expect(await body(`/organizations/${acme}/members/auth0%7Cbob/roles`)).toMatchObject([
      { name: "Viewer" },
    ]);
    expect(await body("/clients/acme-sync")).toMatchObject({
      name: "Acme sync",
      client_secret: "only-for-tests-acme-sync",
      default_organization: { organization_id: acme, flows: ["client_credentials"] },
    });
    expect(await body("/client-grants?client_id=acme-sync")).toMatchObject([
      { audience, scope: ["read:orders"], organization_usage: "require" },
    ]);
    expect(await body(`/organizations/${acme}/client-grants`)).toMatchObject([
      { client_id: "acme-sync" },
      { client_id: "ci", scope: ["read:orders", "write:orders"], organization_usage: "allow" },
    ]);
    expect(await body("/connections?name=Username-Password-Authentication")).toMatchObject([
      { enabled_clients: ["acme-sync"] },
    ]);
    expect(await body("/connections?name=acme-oidc")).toMatchObject([{ enabled_clients: ["ci"] }]);
    expect(await body(`/roles/${seeded.roles.Viewer}/permissions`)).toMatchObject([
      { permission_name: "read:orders", resource_server_identifier: audience },
    ]);
    expect(await body(`/roles/${seeded.roles.Viewer}/users`)).toMatchObject([{ email: "ada@acme.example" }]);
    expect(await body("/users/auth0%7Cbob")).toMatchObject({
      username: "bob",
      app_metadata: { plan: "gold" },
    });
  });
});

test("a client with a chosen id and secret gets tokens for the API and the Management API", async () => {
  await withTenant({ seed: parseSeed(everything) }, async ({ url, caFile, fetch }) => {
    const token = (body: object) =>
      fetch(`${url}/oauth/token`, {
        method: "POST",
        body: new URLSearchParams({ grant_type: "client_credentials", ...body }),
      });
    const sync = { client_id: "acme-sync", client_secret: "only-for-tests-acme-sync", audience };
    const response = await token({ ...sync, organization: "org_0000000000000001" });
    const { access_token = "" } = Object(await response.json());
    const [, payload = ""] = String(access_token).split(".");
    expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({
      azp: "acme-sync",
      org_id: "org_0000000000000001",
      scope: "read:orders",
    });
    const ci = await openSession({ url, caFile, clientId: "ci", clientSecret: "only-for-tests-ci-client" });
    expect(await ci.call("GET", "/organizations/name/globex")).toMatchObject({ status: 200 });
  });
});

test("a seed that is a value is checked as a file is", async () => {
  const seed: Seed = {
    organizations: [{ name: "acme" }],
    clients: [{ name: "Sync", default_organization: "acme" }],
  };
  await withTenant({ seed }, async ({ seeded }, { call }) => {
    const { body } = await call("GET", `/clients/${seeded.clients.Sync}`);
    expect(body).toMatchObject({ default_organization: { organization_id: seeded.organizations.acme } });
  });
  const wrong = { organisations: [] } as Seed;
  await expect(startTenant({ seed: wrong })).rejects.toThrow(
    'seed  organisations is not a known key. Did you mean "organizations"?',
  );
});

test.each<[string, string, [code: string, place: string, message: string][]]>([
  [
    "unknown keys at every depth, with the key that was meant",
    "organisations: []\nclients:\n  - name: a\n    client-id: a\n    grants:\n      - { audiense: x }\norgs: []\n",
    [
      ["unknown-key", "1:1", 'organisations is not a known key. Did you mean "organizations"?'],
      ["unknown-key", "4:5", 'clients[0].client-id is not a known key. Did you mean "client_id"?'],
      ["missing-value", "6:9", "clients[0].grants[0].audience is missing. Add it."],
      ["unknown-key", "6:11", 'clients[0].grants[0].audiense is not a known key. Did you mean "audience"?'],
      [
        "unknown-key",
        "7:1",
        'orgs is not a known key. Known: "tenant", "apis", "connections", "organizations", "clients", "roles", "users", "requests".',
      ],
    ],
  ],
  [
    "values of a wrong type or form",
    "apis:\n  - { identifier: 42, scopes: [7] }\n  - https://api\nclients:\n  - { name: a, client_id: a b, client_secret: short, app_type: spaa }\nusers:\n  - email: ada\nroles: viewer\norganizations:\n  - { id: acme, name: Acme }\n",
    [
      ["wrong-type", "2:19", "apis[0].identifier must be a string, not 42. Put it in quotes."],
      ["wrong-type", "2:32", "apis[0].scopes[0] must be a string or a map, not 7."],
      ["wrong-type", "3:5", 'apis[1] must be a map, not "https://api".'],
      [
        "invalid-value",
        "5:27",
        'clients[0].client_id must have 1 to 64 letters, digits, hyphens or underscores; it is "a b".',
      ],
      ["invalid-value", "5:47", "clients[0].client_secret must have at least 16 characters."],
      ["invalid-value", "5:64", 'clients[0].app_type can\'t be "spaa". Did you mean "spa"?'],
      ["invalid-value", "7:12", 'users[0].email must be an email address; it is "ada".'],
      ["wrong-type", "8:8", 'roles must be a list, not "viewer".'],
      [
        "invalid-value",
        "10:11",
        'organizations[0].id must be "org_" and 16 letters or digits; it is "acme".',
      ],
      [
        "invalid-value",
        "10:23",
        'organizations[0].name must have lower-case letters, digits, hyphens and underscores, and begin with a letter or digit; it is "Acme".',
      ],
    ],
  ],
  [
    "names that are given twice",
    "apis:\n  - identifier: x\n  - identifier: x\norganizations:\n  - name: a\n  - name: a\nclients:\n  - { name: a, client_id: a, grants: [{ audience: x, scope: [] }, { audience: x, scope: [] }] }\n  - { name: A, client_id: a }\nconnections:\n  - { name: c, strategy: auth0 }\n  - { name: c, strategy: auth0 }\nroles:\n  - name: r\n  - name: r\nusers:\n  - email: a@b.example\n  - email: A@b.example\n  - { email: a@b.example, connection: c }\n",
    [
      [
        "duplicate",
        "3:17",
        'apis[1].identifier is "x", as apis[0].identifier is. Rename or remove one of them.',
      ],
      [
        "duplicate",
        "6:11",
        'organizations[1].name is "a", as organizations[0].name is. Rename or remove one of them.',
      ],
      [
        "duplicate",
        "8:79",
        'clients[0].grants[1].audience is "x", as clients[0].grants[0].audience is. Rename or remove one of them.',
      ],
      ["duplicate", "9:13", 'clients[1].name is "A", as clients[0].name is. Rename or remove one of them.'],
      [
        "duplicate",
        "9:27",
        'clients[1].client_id is "a", as clients[0].client_id is. Rename or remove one of them.',
      ],
      [
        "duplicate",
        "12:13",
        'connections[1].name is "c", as connections[0].name is. Rename or remove one of them.',
      ],
      ["duplicate", "15:11", 'roles[1].name is "r", as roles[0].name is. Rename or remove one of them.'],
      [
        "duplicate",
        "18:12",
        'users[1].email is "A@b.example", as users[0].email is. Rename or remove one of them.',
      ],
    ],
  ],
  [
    "references to nothing",
    `apis:
  - { identifier: x, scopes: [read:orders] }
connections:
  - { name: c, strategy: auth0, enabled_clients: [nobody] }
organizations:
  - { name: acme, members: [ada@b.example, { user: bob, roles: [Viewer] }], connections: [d, { name: e }] }
clients:
  - name: Sync
    default_organization: acmee
    grants:
      - { audience: y, scope: [] }
      - { audience: x, scope: [read:order], organizations: [globex] }
roles:
  - { name: Viewers, permissions: [{ audience: x, scope: [write:orders] }] }
users:
  - { email: a@b.example, connection: f, roles: [Viewer] }
`,
    [
      [
        "unknown-reference",
        "4:51",
        'connections[0].enabled_clients[0]: the seed has no client "nobody". Known: "Sync".',
      ],
      [
        "unknown-reference",
        "6:29",
        'organizations[0].members[0]: the seed has no user "ada@b.example". Did you mean "a@b.example"?',
      ],
      [
        "unknown-reference",
        "6:52",
        'organizations[0].members[1].user: the seed has no user "bob". Known: "a@b.example".',
      ],
      [
        "unknown-reference",
        "6:65",
        'organizations[0].members[1].roles[0]: the seed has no role "Viewer". Did you mean "Viewers"?',
      ],
      [
        "unknown-reference",
        "6:91",
        'organizations[0].connections[0]: the seed has no connection "d". Did you mean "c"?',
      ],
      [
        "unknown-reference",
        "6:102",
        'organizations[0].connections[1].name: the seed has no connection "e". Did you mean "c"?',
      ],
      [
        "unknown-reference",
        "9:27",
        'clients[0].default_organization: the seed has no organization "acmee". Did you mean "acme"?',
      ],
      [
        "unknown-reference",
        "11:21",
        'clients[0].grants[0].audience: the seed has no API "y". Did you mean "x"?',
      ],
      [
        "unknown-reference",
        "12:32",
        'clients[0].grants[1].scope[0]: the API "x" has no scope "read:order". Did you mean "read:orders"?',
      ],
      [
        "unknown-reference",
        "12:61",
        'clients[0].grants[1].organizations[0]: the seed has no organization "globex". Known: "acme".',
      ],
      [
        "unknown-reference",
        "14:59",
        'roles[0].permissions[0].scope[0]: the API "x" has no scope "write:orders". Did you mean "read:orders"?',
      ],
      [
        "unknown-reference",
        "16:39",
        'users[0].connection: the seed has no connection "f". Did you mean "c"?',
      ],
      [
        "unknown-reference",
        "16:50",
        'users[0].roles[0]: the seed has no role "Viewer". Did you mean "Viewers"?',
      ],
    ],
  ],
  [
    "references of a kind of which the seed has nothing",
    "clients:\n  - { name: A, grants: [{ audience: x, scope: [y], organizations: [acme] }] }\n",
    [
      [
        "unknown-reference",
        "2:37",
        'clients[0].grants[0].audience: the seed has no API "x". Add it under "apis", or remove the reference.',
      ],
      [
        "unknown-reference",
        "2:68",
        'clients[0].grants[0].organizations[0]: the seed has no organization "acme". Add it under "organizations", or remove the reference.',
      ],
    ],
  ],
  [
    "text that is not YAML, and keys that are there twice",
    "apis: []\napis: [\n",
    [
      ["invalid-yaml", "2:1", "This is not valid YAML: Map keys must be unique."],
      [
        "invalid-yaml",
        "3:1",
        expect.stringMatching(/^This is not valid YAML: Flow sequence in block collection/),
      ],
    ],
  ],
  [
    "a second document",
    "apis: []\n---\napis: []\n",
    [["invalid-yaml", "2:1", "A second document begins here. A seed is one document: remove one of them."]],
  ],
  [
    "an anchor within itself",
    "requests:\n  - request: POST /hooks\n    body: &a [*a]\n",
    [["invalid-yaml", "1:1", "An anchor is used within itself, or too often. Write out what it stands for."]],
  ],
  [
    "empty strings",
    'users: [{ password: "" }]\n',
    [["invalid-value", "1:21", "users[0].password must not be empty."]],
  ],
  ["a seed that is no map", "42", [["wrong-type", "1:1", "The seed must be a map, not 42."]]],
])("reports %s", (_, text, expected) => {
  const problems = problemsOf(() => parseSeed(text, "tenant.yaml"));
  expect(problems.map(({ code, line, column, message }) => [code, `${line}:${column}`, message])).toEqual(
    expected,
  );
});

test("a seed's message has a line for each problem: file, line, column, what is wrong, what to do", () => {
  expect(() => parseSeed("apis: 1\nroles: 2", "tenant.yaml")).toThrow(
    new Error("tenant.yaml:1:7  apis must be a list, not 1.\ntenant.yaml:2:8  roles must be a list, not 2."),
  );
});

describe("in a directory", () => {
  let directory: string;
  let remove: () => void;
  beforeEach(() => {
    ({ directory, remove } = temporaryDirectory());
  });
  afterEach(() => remove());
  const start = (options: Partial<TenantOptions>) =>
    startTenant({ directory: join(directory, "tenant"), ...options });

  test("reads a file by its path, and names it in its problems", async () => {
    const file = join(directory, "seed.yaml");
    writeFileSync(file, "# nothing yet\n");
    await (await start({ seed: file })).close();
    writeFileSync(file, "organizations: [{ nmae: acme }]\n");
    await expect(start({ seed: file })).rejects.toThrow(
      `${file}:1:19  organizations[0].nmae is not a known key.`,
    );
    await expect(start({ seed: join(directory, "none.yaml") })).rejects.toThrow(
      `${join(directory, "none.yaml")}  The seed file doesn't exist. Check its path.`,
    );
    writeFileSync(file, Buffer.from("\ufefforganizations: []", "utf16le"));
    await expect(start({ seed: file })).rejects.toThrow(
      `${file}  The seed file is not UTF-8. Save it as UTF-8.`,
    );
    mkdirSync(join(directory, "folder"));
    await expect(start({ seed: join(directory, "folder") })).rejects.toThrow(
      "The seed is a folder. Name a file.",
    );
  });

  test("reports everything that the tenant refuses, and leaves no directory behind", async () => {
    const clients = Array.from({ length: 11 }, (_, n) => ({ name: `Client ${n}` }));
    const grants = [{ audience, scope: [], organizations: ["acme"] }];
    const text = JSON.stringify({
      apis: [{ identifier: audience }],
      organizations: [{ name: "acme" }],
      clients: [{ name: "Sync", grants }, ...clients],
      users: [{ connection: "Username-Password-Authentication" }],
    });
    const problems = await start({ seed: parseSeed(text, "seed.json"), plan: "free" }).catch(
      (error: SeedError) => error.problems.map(({ code, path, message }) => [code, path, message]),
    );
    expect(problems).toEqual([
      [
        "plan",
        "clients[0].grants[0]",
        "clients[0].grants[0] is refused: 403 Please upgrade your subscription to use Machine to Machine access to Organizations. The plan is free: choose one with more, or remove it.",
      ],
      // The client of the tenant itself counts.
      ...[9, 10, 11].map((at) => [
        "plan",
        `clients[${at}]`,
        `clients[${at}] is refused: 403 You reached the limit of entities of this type for this tenant. The plan is free: choose one with more, or remove it.`,
      ]),
      ["refused", "users[0]", "users[0] is refused: 400 attributes must contain one active identifier."],
    ]);
    // It would be taken for a tenant without a seed.
    const again = await start({ seed: parseSeed("organizations: [{ name: acme }]") });
    expect(again.seeded.organizations).toHaveProperty("acme");
    await again.close();
  });

  test("private keys of clients need a plan that has them", async () => {
    const credential = { credential_type: "public_key" as const, pem: "x" };
    const seed: Seed = {
      clients: [
        { name: "Keys", client_authentication_methods: { private_key_jwt: { credentials: [credential] } } },
      ],
    };
    await expect(start({ seed, plan: "self-service" })).rejects.toThrow(
      "seed  clients[0] is refused: 403 Please upgrade your subscription to use private key JWT and mTLS. The plan is self-service: choose one with more, or remove it.",
    );
  });

  test("a tenant that gets another domain keeps its state, and the grants of its clients", async () => {
    const first = await start({ seed: parseSeed(everything), domain: "auth0.internal" });
    const { port } = new URL(first.url);
    expect(first.domain).toBe(`auth0.internal:${port}`);
    await first.close();
    const { url, caFile, seeded, close } = await start({});
    expect(url).toBe(`https://localhost:${port}`);
    expect(seeded).toEqual(first.seeded);
    const ci = await openSession({ url, caFile, clientId: "ci", clientSecret: "only-for-tests-ci-client" });
    expect(await ci.call("GET", "/organizations/name/acme")).toMatchObject({ status: 200 });
    await close();
  });

  test("a seed that differs from the first is refused, unless the state is deleted", async () => {
    const seed = parseSeed("organizations: [{ name: acme, display_name: Acme }]");
    const other = parseSeed("organizations: [{ name: globex }]");
    const first = await start({ seed });
    const { domain, caFile } = first;
    await first.close();
    // The order of keys makes no difference, nor do comments or the notation.
    const same = await start({
      seed: parseSeed('{ "organizations": [{ "display_name": "Acme", "name": "acme" }] } # same'),
    });
    expect(same.seeded).toEqual(first.seeded);
    const keys = await (await same.fetch(`${same.url}/.well-known/jwks.json`)).json();
    await same.close();
    await expect(start({ seed: other })).rejects.toThrow(SeedChanged);
    await expect(start({ seed: other })).rejects.toThrow(
      `The tenant in ${join(directory, "tenant")} has data of another seed or none, and a seed runs only in a new tenant. Start with --reset to delete its state and run the seed, or without a seed to keep its state.`,
    );
    // A reset that fails keeps what is there.
    const refused = parseSeed("users: [{ connection: Username-Password-Authentication }]");
    await expect(start({ seed: refused, reset: true })).rejects.toThrow(SeedError);
    const kept = await start({});
    expect(kept).toMatchObject({ domain, clientId: first.clientId, seeded: first.seeded });
    await kept.close();
    const filled = await start({ seed: other, reset: true });
    try {
      expect(filled).toMatchObject({
        domain,
        caFile,
        seeded: { organizations: { globex: expect.any(String) } },
      });
      expect(filled.clientId).not.toBe(first.clientId);
      const { call } = await openSession(filled);
      expect((await call("GET", "/organizations")).body).toMatchObject([{ name: "globex" }]);
      expect((await call("GET", "/clients?include_totals=true")).body).toMatchObject({ total: 1 });
      expect(await (await filled.fetch(`${filled.url}/.well-known/jwks.json`)).json()).toEqual(keys);
    } finally {
      await filled.close();
    }
  });
});

test("the schema for editors has every key, and refuses unknown ones", () => {
  const schema: unknown = JSON.parse(renderSeedSchema());
  expect(schema).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    additionalProperties: false,
    properties: { clients: { items: { required: ["name"], additionalProperties: false } } },
  });
  const keys = Object.keys(Object(Object(schema).properties));
  expect(keys).toEqual([
    "$schema",
    "tenant",
    "apis",
    "connections",
    "organizations",
    "clients",
    "roles",
    "users",
    "requests",
  ]);
});

function problemsOf(action: () => unknown): SeedError["problems"] {
  try {
    action();
  } catch (error) {
    if (error instanceof SeedError) return error.problems;
    throw error;
  }
  return [];
}
