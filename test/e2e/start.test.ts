// The commands as people run them, each a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { project } from "./local-cloud";
import { processesOf } from "./processes-of";

const directory = mkdtempSync(join(tmpdir(), "customers-as-code-"));
afterAll(() => rmSync(directory, { recursive: true }));

class Run {
  output = "";
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown[]>;
  private readonly watchers = new Set<() => void>();

  constructor(args: string[], environment: Record<string, string> = {}) {
    this.child = spawn(process.execPath, ["packages/customers-as-code/bin.cjs", "local", ...args], {
      cwd: project,
      env: { ...process.env, NO_COLOR: "1", ...environment },
      // A process group of its own, as a shell on a terminal gives it one.
      detached: true,
    });
    this.closed = once(this.child, "close");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk) => {
        this.output += chunk;
        for (const watcher of this.watchers) watcher();
      });
    }
  }

  /** Resolves once the output holds the text. */
  says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => this.output.includes(text) && resolve();
      this.watchers.add(look);
      look();
      this.closed.then(() => reject(new Error(`ended without saying "${text}":\n${this.output}`)));
    });
  }

  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** As Ctrl-C on a terminal: every process that the command started gets the signal. */
  interruptAll(): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGINT");
  }

  async code(): Promise<unknown> {
    return (await this.closed)[0];
  }
}

const start = (...args: string[]) => new Run(["start", "--directory", directory, ...args]);
const local = async (...args: string[]) => {
  const run = new Run([...args, "--directory", directory]);
  return { code: await run.code(), output: run.output };
};
/** If a command looks for the Pulumi CLI, it finds none, and fails. */
const localWithoutCli = async (...args: string[]) => {
  const run = new Run([...args, "--directory", directory], {
    PATH: "/usr/bin:/bin",
    XDG_CACHE_HOME: "/dev/null",
  });
  return { code: await run.code(), output: run.output };
};

test.each(["Pulumi CLI", "created  auth0:index/organization"])(
  "npm start that is interrupted once it says %p ends, and leaves no process",
  async (moment) => {
    const run = start();
    await run.says(moment);
    run.interrupt();
    expect(await run.code()).toBe(130);
    expect(processesOf(directory)).toEqual([]);
    expect(existsSync(join(directory, "pid"))).toBe(false);
  },
);

test("Ctrl-C on a terminal while npm start opens the stack is no failure, and shows no command line", async () => {
  for (const milliseconds of [0, 300, 600]) {
    const run = start();
    await run.says("Pulumi CLI");
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    run.interruptAll();
    expect(await run.code()).toBe(130);
    expect(run.output).not.toMatch(/Secret|service was stopped/);
    expect(processesOf(directory)).toEqual([]);
  }
});

test("the next npm start goes on where the interrupted one ended, shows every answer and leaves no process", async () => {
  const run = start();
  expect({ code: await run.code(), output: run.output }).toMatchObject({ code: 0 });
  const answers = run.output.split("\n").filter((line) => /^[✓✗]/.test(line));
  expect(answers.map((line) => line.replace(/ \d+\.\d s$/, ""))).toEqual([
    "✓ Pulumi CLI",
    "✓ Stack local",
    "✓ pulumi up",
    "✓ 200: acme/default reads an order, and the backend sees the organization",
    "✓ 401: without a token",
    "✓ 403: globex/bookkeeping lacks the scope read:orders",
    "✓ 403: initech/default is suspended",
    "✓ 200: GET /health needs no token",
    "✓ Moesif has the call of acme/default as one of its organization",
  ]);
  // Every step says how long it took.
  expect(answers.filter((line) => !/ \d+\.\d s$/.test(line))).toEqual([]);
  expect(processesOf(directory)).toEqual([]);
});

test("a second run changes nothing", async () => {
  const run = start();
  expect(await run.code()).toBe(0);
  expect(run.output).toMatch(/^ {2}\d+ unchanged$/m);
  expect(run.output).not.toMatch(/^ {2}(\d+ )?(created|updated|replaced|deleted)/m);
});

test("calls right after npm start, with nothing else running, need no Pulumi CLI and don't disturb each other", async () => {
  const [one, other] = await Promise.all([
    localWithoutCli("call", "GET", "/orders", "--as", "globex/warehouse"),
    localWithoutCli("call", "GET", "/orders", "--as", "initech", "--expect", "403"),
  ]);
  expect(one).toMatchObject({ code: 0, output: expect.stringContaining("200 OK") });
  expect(other).toMatchObject({ code: 0, output: expect.stringContaining("403 Forbidden") });
  const refused = await localWithoutCli("call", "GET", "/orders", "--as", "initech");
  expect(refused).toMatchObject({
    code: 1,
    output: expect.stringContaining("The status is 403, and not 200 to 299."),
  });
});

test("a call sends the file and the headers that it is given", async () => {
  const file = join(directory, "order.json");
  writeFileSync(file, '{"sku": "A-1"}');
  const post = ["call", "POST", "/orders", "--as", "acme", "--data", `@${file}`];
  expect(await localWithoutCli(...post)).toMatchObject({
    code: 0,
    output: expect.stringContaining('"POST"'),
  });
  const forged = ["call", "GET", "/orders", "--header", "Authorization: Bearer forged", "--expect"];
  expect(await localWithoutCli(...forged, "401")).toMatchObject({ code: 0 });
});

test("outputs are the same, whether they are read from the state or the CLI prints them", async () => {
  const fromState = await localWithoutCli("outputs", "--show-secrets");
  const state = join(directory, "engine/state/.pulumi/stacks/customers-as-code/local.json");
  const content = readFileSync(state);
  // Only the CLI reads one that is compressed.
  writeFileSync(`${state}.gz`, gzipSync(content));
  rmSync(state);
  const fromCli = await local("outputs", "--show-secrets");
  rmSync(`${state}.gz`);
  writeFileSync(state, content);
  expect(fromState).toEqual({ code: 0, output: expect.stringContaining('"clientSecret"') });
  expect(fromState).toEqual(fromCli);
});

test("--keep goes on serving, others join it, and Ctrl-C ends it", async () => {
  const run = start("--keep");
  await run.says("The cloud stays up until Ctrl-C.");
  const url = /(http:\S+)\/orders/.exec(run.output)?.[1] ?? "";
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/orders`)).status).toBe(401);

  const call = await local("call", "GET", "/orders", "--as", "globex/warehouse");
  expect(call).toMatchObject({ code: 0, output: expect.stringContaining("200 OK") });
  expect(call.output).toContain('"organization":"org_');
  const refused = await local("call", "GET", "/orders", "--as", "initech");
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("--expect 403") });
  const expected = await local("call", "GET", "/orders", "--as", "initech", "--expect", "403");
  expect(expected).toMatchObject({ code: 0, output: expect.stringContaining("403 Forbidden") });

  const second = start();
  expect(await second.code()).toBe(0);
  expect(second.output).toContain("✓ Moesif has the call of acme/default as one of its organization");

  run.interrupt();
  expect(await run.code()).toBe(0);
  expect(processesOf(directory)).toEqual([]);
});

test("outputs are shown without secrets, unless they are asked for", async () => {
  const { code, output } = await local("outputs");
  expect(code).toBe(0);
  const outputs = JSON.parse(output.slice(output.indexOf("{")));
  expect(outputs).toMatchObject({
    credentials: "[secret]",
    portalEnv: "[secret]",
    customers: { initech: { status: "suspended" } },
  });
  const shown = await local("outputs", "--show-secrets");
  expect(
    JSON.parse(shown.output.slice(shown.output.indexOf("{"))).credentials.acme.default.clientSecret,
  ).toHaveLength(64);
});

test("a token carries the organization of its customer, and the scopes that were asked for", async () => {
  const { code, output } = await local("token", "acme", "--scope", "read:orders");
  expect(code).toBe(0);
  const token = output.trim().split("\n").at(-1) ?? "";
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  expect(claims).toMatchObject({
    aud: "https://api.example.com/",
    scope: "read:orders",
    gty: "client-credentials",
  });
  expect(claims.org_id).toMatch(/^org_\w{16}$/);
});

test.each([
  [["token", "acm"], 1, 'there is no customer "acm"; known: acme, globex, initech'],
  [["token", "globex"], 1, "name one of the clients: globex/bookkeeping, globex/warehouse"],
  [["token", "acme", "--scope", "write:invoices"], 1, "answered 403 access_denied"],
  [["tokn"], 2, "(Did you mean token?)"],
  [["call", "GET"], 2, "missing required argument 'path'"],
  [["call", "GET", "orders"], 2, "A path begins with a slash"],
  [["call", "GET", "/orders", "--expect", "forbidden"], 2, "A status is a number such as 403."],
  [
    ["call", "GET", "/orders", "--header", "Accept"],
    2,
    'A header is "Name: value", such as "Accept: text/csv".',
  ],
  [
    ["call", "GET", "/orders", "--as", "acme", "--header", "authorization: Bearer x"],
    2,
    "--as and an Authorization header exclude each other. Leave one of them out.",
  ],
  [["call", "POST", "/orders", "--data", "@missing.json"], 2, 'There is no file "missing.json".'],
  [["up", "--plugins", "other"], 2, "argument 'other' is invalid. Allowed choices are local, official."],
  [["up", "acme"], 2, "too many arguments for 'up'"],
  [
    ["preview", "--settings-of", "prod"],
    1,
    "Stacks with settings: dev. Name one of them with --settings-of.",
  ],
])("npx customers local %p ends with %p and says why", async (args, expected, reason) => {
  const { code, output } = await local(...args);
  expect({ code, output }).toEqual({ code: expected, output: expect.stringContaining(reason) });
});

test("destroy takes everything down", async () => {
  const { code } = await local("destroy");
  expect(code).toBe(0);
  const outputs = await local("token", "acme");
  expect(outputs).toMatchObject({
    code: 1,
    output: expect.stringContaining("bring it up with: npx customers local up"),
  });
  expect(processesOf(directory)).toEqual([]);
});
