// The program `auth0-tenant`: the tenant as a process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import { trustingFetch } from "../src";
import { temporaryDirectory } from "../testing/in-process";
import { runMain, type TenantProcess } from "../testing/main-process";
import { openSession } from "../testing/main-session";

// A start takes half a second of a free processor.
jest.setTimeout(60_000);

let directory: string;
let remove: () => void;
const running: TenantProcess[] = [];

beforeEach(() => {
  ({ directory, remove } = temporaryDirectory());
});

afterEach(async () => {
  for (const one of running.splice(0)) {
    one.kill("SIGKILL");
    await one.ended;
  }
  remove();
});

function run(...args: string[]): TenantProcess {
  const started = runMain(args);
  running.push(started);
  return started;
}

it("prints one line of JSON, logs its requests, and ends well with SIGTERM", async () => {
  const tenant = run("--dir", directory);
  const printed = await tenant.printed;
  expect(printed).toEqual({
    domain: expect.stringMatching(/^localhost:\d+$/),
    url: `https://${printed.domain}`,
    caFile: join(directory, "tls", "ca.pem"),
    clientId: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    clientSecret: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
  });
  const session = await openSession(printed);
  expect(await session.call("POST", "/organizations", { name: "acme" })).toMatchObject({ status: 201 });
  expect(await session.call("GET", "/organizations/nobody?fields=x")).toMatchObject({ status: 400 });
  expect(await session.call("GET", "/organizations/nobody")).toMatchObject({ status: 404 });
  // The connection is still open, for keep-alive.
  tenant.kill("SIGTERM");
  expect(await tenant.ended).toEqual({
    code: 0,
    signal: null,
    stdout: `${JSON.stringify(printed)}\n`,
    stderr: "",
  });
  const log = readFileSync(join(directory, "requests.jsonl"), "utf8");
  const { clientId } = printed;
  const line = (method: string, path: string, status: number, more: object) => ({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    ms: expect.any(Number),
    ...{ method, path, status, clientId, ...more },
  });
  const lines: unknown[] = log
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text));
  expect(lines).toEqual([
    line("POST", "/oauth/token", 200, {}),
    line("POST", "/api/v2/organizations", 201, { scope: "create:organizations" }),
    line("GET", "/api/v2/organizations/nobody", 400, { scope: "read:organizations" }),
    line("GET", "/api/v2/organizations/nobody", 404, { scope: "read:organizations" }),
  ]);
  expect(log).not.toContain(printed.clientSecret);
  expect(log).not.toContain("eyJ");
});

it("has the same port, credentials and state at the second start, and ends well with SIGINT", async () => {
  const first = run("--dir", directory);
  const printed = await first.printed;
  const before = await openSession(printed);
  const { body } = await before.call("POST", "/organizations", { name: "acme" });
  first.kill("SIGINT");
  expect(await first.ended).toMatchObject({ code: 0 });
  const second = run("--dir", directory);
  expect(await second.printed).toEqual(printed);
  // The token of before is good, as its key was kept.
  expect(await before.call("GET", "/organizations/name/acme")).toMatchObject({ status: 200, body });
});

// With dash as the shell, npx doesn't pass a signal on beyond it.
it("ends with SIGTERM to npx, which started it", async () => {
  const command = ["exec", "--no", "--", "auth0-tenant", "--dir", directory];
  const npm = spawn("npm", command, {
    cwd: join(__dirname, "../../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Once the tenant has ended, too, which holds the other end.
  const closed = once(npm.stdout, "close", { signal: AbortSignal.timeout(50_000) });
  try {
    const [line] = await once(createInterface({ input: npm.stdout }), "line");
    const { url } = JSON.parse(String(line));
    npm.kill("SIGTERM");
    await closed;
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  } finally {
    npm.stdout.destroy();
  }
});

it("says that its port is taken, also where it is the remembered one", async () => {
  const first = run("--dir", directory);
  const { domain } = await first.printed;
  const port = domain.replace("localhost:", "");
  const message = `Port ${port} of the tenant is taken. Stop what uses it, or give another port.\n`;
  const other = join(directory, "other");
  expect(await run("--dir", other, "--port", port).ended).toMatchObject({
    code: 1,
    stdout: "",
    stderr: message,
  });
  first.kill("SIGTERM");
  await first.ended;
  const server = createServer().listen(Number(port), "127.0.0.1");
  await once(server, "listening");
  const second = await run("--dir", directory).ended;
  server.close();
  expect(second).toMatchObject({ code: 1, stdout: "", stderr: message });
});

it("keeps its state in .auth0-tenant, which Git ignores, unless a directory is given", async () => {
  const started = runMain([], { cwd: directory });
  running.push(started);
  expect(await started.printed).toMatchObject({ caFile: join(".auth0-tenant", "tls", "ca.pem") });
  expect(readFileSync(join(directory, ".auth0-tenant", ".gitignore"), "utf8")).toBe("*\n");
  expect(readdirSync(directory)).toEqual([".auth0-tenant"]);
});

it("listens where clients of other machines reach it, under the domain that they use", async () => {
  const tenant = run("--dir", directory, "--host", "0.0.0.0", "--domain", "auth0.internal");
  const { domain, url, caFile, ...credentials } = await tenant.printed;
  const port = Number(domain.replace("auth0.internal:", ""));
  expect(url).toBe(`https://auth0.internal:${port}`);
  const trusting = trustingFetch(caFile);
  const { issuer } = Object(
    await (await trusting(`https://localhost:${port}/.well-known/openid-configuration`)).json(),
  );
  expect(issuer).toBe(`https://auth0.internal:${port}/`);
  const response = await trusting(`https://127.0.0.1:${port}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      audience: `https://auth0.internal:${port}/api/v2/`,
    }),
  });
  expect(response.status).toBe(200);
  // As a client in another container has it: the name leads to this address, and the certificate is for the name.
  const socket = connect({ port, host: "127.0.0.1", servername: "auth0.internal", ca: readFileSync(caFile) });
  await once(socket, "secureConnect");
  socket.destroy();
});

it("hands out the certificate of its authority", async () => {
  const { url, caFile } = await run("--dir", directory).printed;
  const response = await trustingFetch(caFile)(`${url}/ca.pem`);
  expect(await response.text()).toBe(readFileSync(caFile, "utf8"));
});

it("takes options and a seed from the environment, and prefers what is given", async () => {
  const environment = {
    AUTH0_TENANT_DIR: join(directory, "tenant"),
    AUTH0_TENANT_DOMAIN: "auth0.test:443",
    AUTH0_TENANT_PLAN: "gold",
    AUTH0_TENANT_PORT: "",
    AUTH0_TENANT_RATE_LIMITS: "free",
    AUTH0_TENANT_SEED: "organizations: [{ name: acme, id: org_0000000000000001 }]",
  };
  const tenant = runMain(["--plan", "self-service"], { env: environment });
  running.push(tenant);
  const printed = await tenant.printed;
  expect(printed).toMatchObject({
    domain: "auth0.test",
    url: "https://auth0.test",
    caFile: join(directory, "tenant", "tls", "ca.pem"),
    seeded: { organizations: { acme: "org_0000000000000001" } },
  });
  const wrong = { ...environment, AUTH0_TENANT_PORT: "https", AUTH0_TENANT_SEED: "organizations: acme" };
  expect(await runMain([], { env: wrong }).ended).toMatchObject({
    code: 1,
    stderr:
      'AUTH0_TENANT_PORT must be a number from 0 to 65535, not "https".\nAUTH0_TENANT_PLAN must be one of free, self-service, enterprise, not "gold".\n',
  });
  const unreadable = runMain([], { env: { AUTH0_TENANT_SEED: "organizations: acme" }, cwd: directory });
  expect(await unreadable.ended).toMatchObject({
    code: 1,
    stderr: 'AUTH0_TENANT_SEED:1:16  organizations must be a list, not "acme".\n',
  });
});

it("takes plan, rate limits and faults", async () => {
  const fault = "GET /api/v2/organizations 503 count=1";
  const tenant = run("--dir", directory, "--plan", "free", "--rate-limits", "free", "--fault", fault);
  const printed = await tenant.printed;
  const session = await openSession(printed);
  expect(await session.call("GET", "/organizations")).toMatchObject({ status: 503 });
  const { status, headers } = await session.call("GET", "/organizations");
  expect({ status, limit: headers.get("x-ratelimit-limit") }).toEqual({ status: 200, limit: "2" });
  const page = await session.fetch(printed.url);
  expect(await page.text()).toMatch(/plan free/);
});

it("fills a new tenant from a seed, and prints what it saved at every start", async () => {
  const file = join(directory, "seed.yaml");
  writeFileSync(file, "organizations:\n  - name: acme\n");
  const args = ["--dir", join(directory, "tenant"), "--seed", file];
  const first = run(...args);
  const printed = await first.printed;
  const session = await openSession(printed);
  const { body } = await session.call("GET", "/organizations/name/acme");
  expect(printed).toHaveProperty("seeded", { organizations: { acme: Object(body).id } });
  first.kill("SIGTERM");
  await first.ended;
  const second = run(...args);
  expect(await second.printed).toEqual(printed);
  second.kill("SIGTERM");
  await second.ended;
  writeFileSync(file, "organizations:\n  - name: globex\n");
  expect(await run(...args).ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The tenant in .* has data of another seed or none, .* --reset .*\n$/),
  });
  const { seeded } = await run(...args, "--reset").printed;
  expect(seeded).toHaveProperty("organizations.globex");
});

it("explains itself", async () => {
  const { code, stdout, stderr } = await run("--help").ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const options = [
    "--dir",
    "--port",
    "--host",
    "--domain",
    "--plan",
    "--rate-limits",
    "--seed",
    "--reset",
    "--fault",
  ];
  for (const option of options) {
    expect(stdout).toContain(option);
  }
});

it.each<[string[], RegExp]>([
  [["serve"], /^Unexpected argument 'serve'/],
  [["--dir", "DIR", "--port", "eighty"], /^--port must be a number from 0 to 65535, not "eighty"\.\n$/],
  [["--dir", "DIR", "--port", "65536"], /^--port must be a number from 0 to 65535, not "65536"\.\n$/],
  [
    ["--dir", "DIR", "--plan", "gold", "--rate-limits", "x"],
    /^--plan must be one of free, self-service, enterprise, not "gold"\.\n--rate-limits must be one of .*, not "x"\.\n$/,
  ],
  [
    ["--dir", "DIR", "--domain", "https://auth0"],
    /^"https:\/\/auth0" is not a domain\. Give a host without https/,
  ],
  [
    ["--dir", "DIR", "--host", "192.0.2.1"],
    /^This machine has no address 192\.0\.2\.1\. Choose 127\.0\.0\.1/,
  ],
  [["--dir", "DIR", "--fault", "GET / 418"], /^fault "GET \/ 418": expected METHOD PATH KIND/],
  [
    ["--dir", "DIR", "--seed", "missing.json"],
    /^missing\.json {2}The seed file doesn't exist\. Check its path\.\n$/,
  ],
  [["--dir", "DIR", "--color"], /^Unknown option '--color'/],
])("refuses %j with a sentence, not a stack", async (args, message) => {
  const ended = await run(...args.map((one) => (one === "DIR" ? directory : one))).ended;
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(message) });
  expect(ended.stderr).not.toMatch(/^ +at /m);
});
