// `npm run credentials`: what it prints, and the command as a process.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type PrintRequest, printCredentials } from "../../delivery/print";

const shared = {
  tokenUrl: "https://example.eu.auth0.com/oauth/token",
  audience: "https://api.example.com/",
};
const outputs = {
  url: "https://api.example.com/v1",
  customers: {
    acme: { status: "active" },
    globex: { status: "active" },
    initech: { status: "suspended" },
    umbrella: { status: "closing" },
  },
  credentials: {
    acme: {
      ci: {
        ...shared,
        rotation: "2",
        clientId: "new",
        clientSecret: "s3cret",
        scopes: ["read:orders", "write:orders"],
        retiring: { clientId: "old", clientSecret: "0ld" },
      },
    },
    globex: {
      "build-server": { ...shared, clientId: "g1", clientSecret: "it's $5 \"\\`", scopes: ["read:orders"] },
      "2nd": { ...shared, clientId: "g2", scopes: ["read:orders"] },
    },
    initech: { default: { ...shared, clientId: "i", clientSecret: "i", scopes: [] } },
    umbrella: { default: { ...shared, clientId: "u", clientSecret: "u", scopes: [] } },
  },
};
const print = (customer: string, more: Partial<PrintRequest> = {}) =>
  printCredentials({ outputs, customer, format: "env", retiring: false, ...more });

/** By a shell, which is one of the readers of such files. */
function sourced(env: string, ...names: string[]): string[] {
  const file = join(folder, "printed.env");
  writeFileSync(file, env);
  const echo = names.map((name) => `printf '%s\\n' "$${name}"`).join("; ");
  return spawnSync("sh", ["-c", `. "${file}"; ${echo}`], { encoding: "utf8" })
    .stdout.trimEnd()
    .split("\n");
}

const folder = mkdtempSync(join(tmpdir(), "credentials-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("as .env", () => {
  it("one client has plain names", () => {
    expect(print("acme")).toBe(`# acme/ci
CLIENT_ID='new'
CLIENT_SECRET='s3cret'
TOKEN_URL='https://example.eu.auth0.com/oauth/token'
AUDIENCE='https://api.example.com/'
SCOPES='read:orders write:orders'
API_URL='https://api.example.com/v1'
`);
  });

  it("several have their clients' names before them, and one of them asked for has not", () => {
    const names = (text: string) => [...text.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect(names(print("globex"))).toEqual([
      ...["CLIENT_ID", "CLIENT_SECRET", "TOKEN_URL", "AUDIENCE", "SCOPES", "API_URL"].map(
        (name) => `BUILD_SERVER_${name}`,
      ),
      ...["CLIENT_ID", "TOKEN_URL", "AUDIENCE", "SCOPES", "API_URL"].map((name) => `_2ND_${name}`),
    ]);
    expect(names(print("globex", { client: "2nd" }))).toContain("CLIENT_ID");
  });

  it("a shell reads whatever is in a secret", () => {
    const env = print("globex");
    expect(sourced(env, "BUILD_SERVER_CLIENT_SECRET", "_2ND_CLIENT_ID")).toEqual(["it's $5 \"\\`", "g2"]);
  });
});

test("as JSON, by client, or of the one that is asked for", () => {
  const acme = {
    clientId: "new",
    clientSecret: "s3cret",
    ...shared,
    scopes: ["read:orders", "write:orders"],
    url: outputs.url,
  };
  expect(JSON.parse(print("acme", { format: "json" }))).toEqual({ ci: acme });
  expect(JSON.parse(print("acme", { format: "json", client: "ci" }))).toEqual(acme);
});

describe("as a curl line", () => {
  const argumentsOf = (line: string, environment = {}) =>
    spawnSync("sh", ["-c", line.replace("curl ", "printf '%s\\n' ")], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...environment },
    })
      .stdout.trimEnd()
      .split("\n");

  it("gets a token by the secret, whatever is in it", () => {
    const line = print("globex", { format: "curl", client: "build-server" });
    expect(argumentsOf(line)).toEqual([
      "-sS",
      shared.tokenUrl,
      ...[
        "grant_type=client_credentials",
        "client_id=g1",
        "client_secret=it's $5 \"\\`",
        `audience=${shared.audience}`,
      ].flatMap((field) => ["--data-urlencode", field]),
    ]);
  });

  it("leaves the assertion to a client with a key pair", () => {
    const line = print("globex", { format: "curl", client: "2nd" });
    expect(argumentsOf(line, { CLIENT_ASSERTION: "e.y.J" })).toContain("client_assertion=e.y.J");
    expect(line).not.toContain("client_secret");
  });
});

test("the old credentials of a rotation are printed where they are asked for", () => {
  expect(print("acme", { retiring: true })).toMatch(/CLIENT_ID='old'\nCLIENT_SECRET='0ld'\nTOKEN_URL='https/);
  expect(() => print("globex", { retiring: true })).toThrow(
    "No client of globex that is asked for has a secret that is being rotated out.",
  );
});

const refused: [what: string, request: () => string, message: string][] = [
  [
    "an unknown customer",
    () => print("acne"),
    'The stack has no customer "acne". Did you mean "acme"? A new one is there once it is deployed.',
  ],
  ["what only looks like one", () => print("constructor"), 'The stack has no customer "constructor".'],
  [
    "an unknown client",
    () => print("acme", { client: "cli" }),
    'acme has no client "cli". Did you mean "ci"?',
  ],
  [
    "a suspended customer",
    () => print("initech"),
    "initech is suspended: what would be printed gets 403. Resume it first: npm run customer -- resume initech",
  ],
  ["a closing customer", () => print("umbrella"), "umbrella is closing: what would be printed gets 403."],
  [
    "a stack that was never brought up",
    () => print("acme", { outputs: {} }),
    'The stack has no output "credentials": has it been brought up?',
  ],
];

test.each(refused)("refused is %s", (_what, request, message) => {
  expect(request).toThrow(message);
});

describe("the command", () => {
  function run(args: string[], more: { input?: string; path?: string } = {}) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "delivery/cli.ts", ...args],
      { encoding: "utf8", input: more.input, env: { ...process.env, ...(more.path && { PATH: more.path }) } },
    );
    return { code: status, stdout, stderr };
  }
  /** A folder with a command of that name, which does what the lines say. */
  function commandPath(lines: string): string {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
    return [folder, process.env.PATH].join(delimiter);
  }

  it("takes outputs from the standard input, and prints nothing but what was asked for", () => {
    expect(run(["acme", "--outputs", "-"], { input: JSON.stringify(outputs) })).toEqual({
      code: 0,
      stdout: print("acme"),
      stderr: "",
    });
  });

  it("asks Pulumi for the stack's outputs, with secrets", () => {
    const path = commandPath(`echo "$*" >&2; cat <<'END'\n${JSON.stringify(outputs)}\nEND`);
    expect(run(["acme", "--stack", "dev", "--format", "json"], { path })).toEqual({
      code: 0,
      stdout: print("acme", { format: "json" }),
      stderr: "stack output --json --show-secrets --non-interactive --stack dev\n",
    });
  });

  it("says that there is no stack, in Pulumi's words and its own", () => {
    const path = commandPath("echo \"error: no stack named 'dve' found\" >&2; exit 255");
    expect(run(["acme", "--stack", "dve"], { path })).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "error: no stack named 'dve' found\nPulumi did not tell the stack's outputs: see above; --stack names another stack.\n",
    });
    expect(run(["acme"], { path: mkdtempSync(join(folder, "empty-")) }).stderr).toBe(
      "Pulumi did not tell the stack's outputs: it is not on the PATH.\n",
    );
  });

  it("does not repeat what it cannot read", () => {
    const { code, stderr } = run(["acme", "--outputs", "-"], { input: '{"clientSecret": s3cret}' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "The standard input cannot be read as JSON.\n" });
  });

  it.each([
    [[], "Name a customer by its id."],
    [["acme", "globex"], '"globex" is one too many'],
    [["acme", "--format", "yaml"], '--format is env, json, curl, not "yaml".'],
    [["acme", "--secret"], "Unknown option '--secret'"],
  ])("%j is a wrong use", (args, message) => {
    expect(run(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
  });
});
