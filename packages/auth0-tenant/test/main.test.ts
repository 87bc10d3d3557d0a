// The program `auth0-tenant`: the tenant as a process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
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
  const message = `port ${port} of the tenant is taken. Stop what uses it, or give another port.\n`;
  expect(await run("--dir", directory).ended).toMatchObject({ code: 1, stdout: "", stderr: message });
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const address = other.address();
  const taken = typeof address === "object" && address ? String(address.port) : "";
  const second = await run("--dir", join(directory, "other"), "--port", taken).ended;
  other.close();
  expect(second).toMatchObject({ code: 1, stderr: message.replace(port, taken) });
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
  const file = join(directory, "seed.json");
  const seed = [{ request: "POST /organizations", body: { name: "acme" }, save: { acme: "id" } }];
  writeFileSync(file, JSON.stringify(seed));
  const args = ["--dir", join(directory, "tenant"), "--seed", file];
  const first = run(...args);
  const printed = await first.printed;
  const session = await openSession(printed);
  const { body } = await session.call("GET", "/organizations/name/acme");
  expect(printed).toHaveProperty("seeded", { acme: Object(body).id });
  first.kill("SIGTERM");
  await first.ended;
  expect(await run(...args).printed).toEqual(printed);
});

it("explains itself", async () => {
  const { code, stdout, stderr } = await run("--help").ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const option of ["--dir", "--port", "--plan", "--rate-limits", "--seed", "--fault"]) {
    expect(stdout).toContain(option);
  }
});

it.each<[string[], RegExp]>([
  [[], /^--dir is missing\n/],
  [["--dir", "DIR", "--port", "eighty"], /^--port is a number from 0 to 65535, not "eighty"\n$/],
  [["--dir", "DIR", "--port", "65536"], /^--port is a number from 0 to 65535, not "65536"\n$/],
  [["--dir", "DIR", "--plan", "gold"], /^--plan is one of free, self-service, enterprise, not "gold"\n$/],
  [
    ["--dir", "DIR", "--rate-limits", "x"],
    /^--rate-limits is one of free, self-service, enterprise, not "x"\n$/,
  ],
  [["--dir", "DIR", "--fault", "GET / 418"], /^fault "GET \/ 418": expected METHOD PATH KIND/],
  [["--dir", "DIR", "--seed", "missing.json"], /^--seed missing.json: ENOENT: no such file/],
  [["--dir", "DIR", "--color"], /^Unknown option '--color'/],
])("refuses %j with a sentence, not a stack", async (args, message) => {
  const ended = await run(...args.map((one) => (one === "DIR" ? directory : one))).ended;
  expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(message) });
  expect(ended.stderr).not.toMatch(/^ +at /m);
});
