// `auth0-tenant compare` against a second emulator instead of Auth0: first an honest one, then ones that each lie in one point.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type RunningTenant, startTenant } from "../src";
import { compareShapes } from "../src/compare/answer-shape";
import { exitCodeOf, renderComparison } from "../src/compare/compare-command";
import { compareRows } from "../src/compare/compare-rows";
import { ComparedTenant } from "../src/compare/compared-tenant";
import { type Comparison, runComparison } from "../src/compare/run-comparison";
import { neededScopes, sandboxName } from "../src/compare/sandbox";
import { temporaryDirectory } from "../testing/in-process";

const folders = [temporaryDirectory(), temporaryDirectory()];
let emulated: RunningTenant;
let real: RunningTenant;
beforeAll(async () => {
  const [first, second] = folders.map(({ directory }) => startTenant({ directory }));
  if (!first || !second) throw new Error("two folders make two tenants");
  emulated = await first;
  real = await second;
  await name(sandboxName);
});
afterAll(async () => {
  for (const tenant of [emulated, real]) await tenant?.close();
  for (const { remove } of folders) remove();
});
afterEach(() => real.setFaults([]));

const name = (friendly_name: string) =>
  new ComparedTenant(real).call("PATCH", "/api/v2/tenants/settings", { friendly_name });

let runs = 0;
function compare(options: Partial<Parameters<typeof runComparison>[0]> = {}): Promise<Comparison> {
  runs += 1;
  const { signal } = new AbortController();
  // Another name each time: the emulator keeps what a row that ended early has made.
  return runComparison({ emulated, real, run: `compare-${runs}`, signal, ...options });
}

async function listNames(): Promise<string[]> {
  const tenant = new ComparedTenant(real);
  const lists = await Promise.all(
    ["organizations", "clients", "resource-servers", "client-grants", "connections", "users"].map(
      (collection) => tenant.call("GET", `/api/v2/${collection}?per_page=100`),
    ),
  );
  return lists
    .flatMap(({ body }) => body as { name?: string; id?: string }[])
    .map((one) => String(one.name ?? one.id));
}

/** Answers of the tenant, changed on their way. */
function lyingFetch(lie: (request: string, status: number, body: unknown) => [number, unknown] | undefined) {
  return async (...[input, options]: Parameters<typeof fetch>): Promise<Response> => {
    const answer = await real.fetch(input, options);
    const text = await answer.text();
    const { pathname } = new URL(String(input));
    const request = `${options?.method} ${pathname}`;
    const [status, body] = lie(request, answer.status, text === "" ? undefined : JSON.parse(text)) ?? [
      answer.status,
      text === "" ? undefined : JSON.parse(text),
    ];
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: answer.headers,
    });
  };
}

test("two tenants that are the same differ nowhere, and nothing is left behind", async () => {
  const before = await listNames();
  const comparison = await compare();
  expect(comparison).toEqual({
    steps: compareRows.flatMap(({ steps }) => steps).length,
    ...{ differences: [], isAborted: false, left: [] },
  });
  expect(exitCodeOf(comparison)).toBe(0);
  expect(await listNames()).toEqual(before);
});

test("the scopes that the help names are enough", async () => {
  const owner = new ComparedTenant(real);
  const { body } = await owner.call("POST", "/api/v2/clients", {
    name: "comparison",
    app_type: "non_interactive",
  });
  const { client_id: clientId, client_secret: clientSecret } = body as Record<string, string>;
  if (!clientId || !clientSecret) throw new Error("the client has no credentials");
  const audience = `https://${real.domain}/api/v2/`;
  await owner.call("POST", "/api/v2/client-grants", { client_id: clientId, audience, scope: neededScopes });
  // In a tenant of Auth0, the client of the comparison is the only one.
  const fetch = lyingFetch((request, status, body) =>
    request === "GET /api/v2/clients" && Array.isArray(body)
      ? [status, body.filter(({ client_id }) => client_id !== real.clientId)]
      : undefined,
  );
  expect(
    (await compare({ real: { domain: real.domain, clientId, clientSecret, fetch } })).differences,
  ).toEqual([]);
  await owner.call("DELETE", `/api/v2/clients/${clientId}`);
});

test("a row ends where the tenant refuses what the next steps need", async () => {
  const refusing = lyingFetch((request, status) =>
    request === "POST /api/v2/clients" && status === 201 ? [403, { statusCode: 403 }] : undefined,
  );
  const { differences } = await compare({
    real: { ...real, fetch: refusing },
    rows: compareRows.slice(2, 3),
  });
  expect(differences).toMatchObject([
    { step: 1, differences: ["the status is 201 in the emulator, 403 in the tenant"] },
    { step: 2, differences: ["not sent, nor the rest of the row: there is no client"] },
  ]);
});

describe("a lie", () => {
  const without = (body: unknown, property: string) => {
    const { [property]: _, ...others } = body as Record<string, unknown>;
    return others;
  };

  it.each<[string, Parameters<typeof lyingFetch>[0], object]>([
    [
      "in a status",
      (request, status, body) =>
        request === "POST /api/v2/organizations" && status === 409 ? [400, body] : undefined,
      {
        ...{ row: "organizations that are refused", step: 2, request: "POST /api/v2/organizations" },
        differences: ["the status is 409 in the emulator, 400 in the tenant"],
      },
    ],
    [
      "by a missing property",
      (request, status, body) =>
        request.startsWith("GET /api/v2/organizations/name/")
          ? [status, without(body, "display_name")]
          : undefined,
      {
        ...{ row: "an organization's life", step: 3 },
        differences: ["display_name (string) is only in the emulator"],
      },
    ],
    [
      "by a property of another type",
      (request, status, body) =>
        request.endsWith("/rotate-secret")
          ? [status, { ...(body as object), client_secret: null }]
          : undefined,
      {
        ...{ row: "a client's life", step: 5 },
        differences: ["client_secret is string in the emulator, null in the tenant"],
      },
    ],
    [
      "in an error's code",
      (request, status, body) =>
        request === "POST /api/v2/clients" && status === 400 && "color" in Object(body) === false
          ? [status, { ...(body as object), errorCode: "invalid_query_string" }]
          : undefined,
      {
        ...{ row: "clients that are refused", step: 1 },
        differences: ['errorCode is "invalid_body" in the emulator, "invalid_query_string" in the tenant'],
      },
    ],
    [
      "in a token's claims",
      (request, status, body) => {
        if (request !== "POST /oauth/token" || status !== 200) return undefined;
        const token = String((body as Record<string, unknown>).access_token);
        const [header, payload = "", signature] = token.split(".");
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
        if (!claims.org_id) return undefined;
        const changed = Buffer.from(JSON.stringify(without(claims, "org_id"))).toString("base64url");
        return [status, { ...(body as object), access_token: [header, changed, signature].join(".") }];
      },
      {
        ...{ row: "tokens with and without an organization", step: 7 },
        differences: ["claims.org_id (string) is only in the emulator"],
      },
    ],
    [
      "in a list of members",
      (request, status, body) =>
        request.endsWith("/members") && "next" in Object(body) ? [status, without(body, "next")] : undefined,
      {
        ...{ row: "an organization's members and connections", step: 5 },
        differences: ["next (string) is only in the emulator"],
      },
    ],
    [
      "in an organization's connection",
      (request, status, body) =>
        request.endsWith("/enabled_connections") && status === 201
          ? [status, without(body, "organization_access_level")]
          : undefined,
      {
        ...{ row: "an organization's members and connections", step: 10 },
        differences: ["organization_access_level (string) is only in the emulator"],
      },
    ],
    [
      "in a key",
      (request, status, body) =>
        /^GET .*\/credentials\/./.test(request) ? [status, without(body, "kid")] : undefined,
      { ...{ row: "a client's keys", step: 5 }, differences: ["kid (string) is only in the emulator"] },
    ],
    [
      "in a client that is created with its key",
      (request, status, body) =>
        request === "POST /api/v2/clients" && "client_authentication_methods" in Object(body)
          ? [status, without(body, "client_authentication_methods")]
          : undefined,
      {
        ...{ row: "a client that is created with its key", step: 1 },
        differences: ["client_authentication_methods (a map) is only in the emulator"],
      },
    ],
  ])("%s is found", async (_, lie, expected) => {
    const comparison = await compare({ real: { ...real, fetch: lyingFetch(lie) } });
    expect(comparison.differences[0]).toMatchObject(expected);
    expect(exitCodeOf(comparison)).toBe(1);
    expect(renderComparison("sandbox.example", comparison)).toMatch(
      / of \d+ answers of sandbox\.example differ/,
    );
  });
});

test("what a request made whose answer was lost is deleted as well", async () => {
  const before = await listNames();
  real.setFaults(["POST /api/v2/organizations 500-after count=1"]);
  const { differences, left } = await compare({ rows: compareRows.slice(0, 1) });
  expect(differences[0]?.differences).toEqual(["the status is 201 in the emulator, 500 in the tenant"]);
  expect(left).toEqual([]);
  expect(await listNames()).toEqual(before);
});

test("a connection and a user whose answers were lost are deleted as well", async () => {
  const before = await listNames();
  for (const collection of ["connections", "users"]) {
    real.setFaults([`POST /api/v2/${collection} 500-after count=1`]);
    expect((await compare({ rows: compareRows.slice(-1) })).left).toEqual([]);
    expect(await listNames()).toEqual(before);
  }
});

test("a request over the rate limit is repeated", async () => {
  real.setFaults(["GET /api/v2/organizations/* 429 count=1 reset=1"]);
  expect((await compare({ rows: compareRows.slice(0, 1) })).differences).toEqual([]);
});

test("what cannot be deleted is named, and the comparison ends with 2", async () => {
  real.setFaults(["DELETE /api/v2/organizations/* 503"]);
  const comparison = await compare({ run: "compare-left", rows: compareRows.slice(1, 2) });
  expect(comparison.left).toEqual(["organizations compare-left-1-acme (503)"]);
  expect(exitCodeOf(comparison)).toBe(2);
  real.setFaults([]);
  await expect(compare()).rejects.toThrow("It is not empty: 1 organizations, such as compare-left-1-acme.");
  const tenant = new ComparedTenant(real);
  const { body } = await tenant.call("GET", "/api/v2/organizations/name/compare-left-1-acme");
  await tenant.call("DELETE", `/api/v2/organizations/${(body as { id: string }).id}`);
});

describe("a tenant is refused, and nothing is made in it, if", () => {
  const writes: string[] = [];
  const watching = async (...[input, options]: Parameters<typeof fetch>): Promise<Response> => {
    const { pathname } = new URL(String(input));
    if (options?.method !== "GET" && pathname !== "/oauth/token") writes.push(pathname);
    return real.fetch(input, options);
  };
  const refuse = async () => {
    writes.length = 0;
    const error = await compare({ real: { ...real, fetch: watching } }).then(() => "", String);
    expect(writes).toEqual([]);
    return error;
  };

  it("its friendly name does not say that it is a sandbox", async () => {
    await name("Acme Production");
    expect(await refuse()).toContain(
      'Its friendly name is "Acme Production". If it is a sandbox, change that to "auth0-tenant-sandbox" in the tenant\'s settings.',
    );
    await name(sandboxName);
  });

  it.each([
    ["organizations", { name: "acme" }, "id"],
    ["clients", { name: "billing" }, "client_id"],
    ["resource-servers", { name: "orders", identifier: "https://orders.example/" }, "id"],
    ["connections", { name: "staff", strategy: "auth0" }, "id"],
    [
      "users",
      {
        connection: "Username-Password-Authentication",
        email: "ann@example.com",
        password: "correct horse battery",
      },
      "user_id",
    ],
  ])("it has %s", async (collection, body, id) => {
    const tenant = new ComparedTenant(real);
    const made = await tenant.call("POST", `/api/v2/${collection}`, body);
    expect(await refuse()).toContain(
      `It is not empty: 1 ${collection}, such as ${"name" in body ? body.name : body.email}`,
    );
    const path = encodeURIComponent(String((made.body as Record<string, unknown>)[id]));
    await tenant.call("DELETE", `/api/v2/${collection}/${path}`);
  });

  it("the client may not look", async () => {
    real.setFaults(["GET /api/v2/clients 503", "GET /api/v2/tenants/settings 503"]);
    const error = await refuse();
    expect(error).toContain("Its clients cannot be listed (503). Grant the client read:clients.");
    expect(error).toContain("Its settings cannot be read (503). Grant the client read:tenant_settings.");
  });
});

describe("the shape of answers", () => {
  it.each<[unknown, unknown, string[]]>([
    [{ id: "a" }, { id: "b" }, []],
    [{ list: [] }, { list: [{ id: 1 }] }, []],
    [
      { list: [{ id: 1 }] },
      { list: [{ id: "1" }] },
      ["list[].id is number in the emulator, string in the tenant"],
    ],
    [{}, { more: { deep: { id: 1 } } }, ["more (a map) is missing in the emulator"]],
    [[], {}, ["the answer is a list in the emulator, a map in the tenant"]],
    [undefined, {}, ["the answer is undefined in the emulator, a map in the tenant"]],
  ])("%j and %j", (ours, theirs, differences) => {
    expect(compareShapes(ours, theirs)).toEqual(differences);
  });
});

describe("as a program", () => {
  function run(args: readonly string[], environment: Record<string, string | undefined> = {}) {
    const program = join(__dirname, "../bin.cjs");
    const child = spawn(process.execPath, [program, "compare", ...args], {
      env: {
        ...process.env,
        ...{
          NODE_EXTRA_CA_CERTS: real.caFile,
          AUTH0_CLIENT_ID: real.clientId,
          AUTH0_CLIENT_SECRET: real.clientSecret,
        },
        ...environment,
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
      child.on("close", (code) => resolve({ code, output })),
    );
    return { ended, child };
  }

  it("prints that nothing differs, or the same as JSON", async () => {
    const { code, output } = await run(["--domain", real.domain]).ended;
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/^0 of \d+ answers of localhost:\d+ differ from the emulator's\.\n$/),
    });
  });

  it("reports everything that is wrong with its command line and environment at once", async () => {
    const nobody = { AUTH0_CLIENT_ID: undefined, AUTH0_CLIENT_SECRET: undefined };
    const { code, output } = await run(["--plan", "gold"], nobody).ended;
    expect(code).toBe(2);
    expect(output).toMatch(
      /^--domain is missing\n.*AUTH0_CLIENT_ID\n.*AUTH0_CLIENT_SECRET\n--plan is one of /,
    );
  });

  it("deletes what it made after Ctrl-C", async () => {
    const before = await listNames();
    real.setFaults(["GET /api/v2/organizations/name/* slow delay=3000"]);
    const { ended, child } = run(["--domain", real.domain]);
    while ((await listNames()).length === before.length)
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGINT");
    const { code, output } = await ended;
    expect(output).toContain("The comparison was ended early.");
    expect(code).toBe(130);
    expect(await listNames()).toEqual(before);
  });
});
