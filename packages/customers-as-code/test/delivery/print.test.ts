// `npx customers credentials`: what it prints, and the command as a process.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type PrintRequest, printCredentials } from "../../src/delivery/print";

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

  it("several clients have their names in front of the variables, and so does one of them by itself", () => {
    const names = (text: string) => [...text.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect(names(print("globex"))).toEqual([
      ...["CLIENT_ID", "CLIENT_SECRET", "TOKEN_URL", "AUDIENCE", "SCOPES", "API_URL"].map(
        (name) => `BUILD_SERVER_${name}`,
      ),
      ...["CLIENT_ID", "TOKEN_URL", "AUDIENCE", "SCOPES", "API_URL"].map((name) => `_2ND_${name}`),
    ]);
    expect(names(print("globex", { client: "2nd" }))).toEqual(
      ["CLIENT_ID", "TOKEN_URL", "AUDIENCE", "SCOPES", "API_URL"].map((name) => `_2ND_${name}`),
    );
    expect(names(print("acme", { client: "ci" }))).toContain("CLIENT_ID");
  });

  it("clients that are appended one after the other to one file keep their own values", () => {
    const file = print("globex", { client: "build-server" }) + print("globex", { client: "2nd" });
    expect(sourced(file, "BUILD_SERVER_CLIENT_ID", "_2ND_CLIENT_ID", "CLIENT_ID")).toEqual(["g1", "g2"]);
  });

  it("clients whose variables would have the same names are refused together, and printed one by one", () => {
    const clients = { "a-b": { ...shared, clientId: "1" }, a_b: { ...shared, clientId: "2" } };
    const all = { ...outputs, credentials: { acme: { ...clients, ab: { ...shared, clientId: "3" } } } };
    expect(() => print("acme", { outputs: all })).toThrow(
      "The names of a-b and a_b are the same in a .env file: A_B_. Print each into a file of its own with --client, or use --format json.",
    );
    expect(print("acme", { outputs: all, client: "a_b" })).toContain("A_B_CLIENT_ID='2'");
    expect(print("acme", { outputs: all, format: "curl" }).match(/^curl/gm)).toHaveLength(3);
    expect(Object.keys(JSON.parse(print("acme", { outputs: all, format: "json" })))).toHaveLength(3);
  });

  it("a shard's outputs by themselves have no URL of the API, and none is made up", () => {
    const { url: _, ...shard } = outputs;
    for (const format of ["env", "json", "curl"] as const) {
      expect(print("acme", { outputs: shard, format })).not.toMatch(/undefined|url"|API_URL/);
    }
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
    "No client of globex that you ask for has an old secret: none of them is rotating.",
  );
});

const refused: [what: string, request: () => string, message: string][] = [
  [
    "an unknown customer",
    () => print("acne"),
    'The stack has no customer "acne". Did you mean "acme"? A new customer is there after its deployment.',
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
    "initech is suspended: its credentials would get 403. Resume it first: npx customers resume initech",
  ],
  ["a closing customer", () => print("umbrella"), "umbrella is closing: its credentials would get 403."],
  [
    "a stack that was never brought up",
    () => print("acme", { outputs: {} }),
    'The stack has no output "credentials": has it been deployed?',
  ],
];

test.each(refused)("refused is %s", (_what, request, message) => {
  expect(request).toThrow(message);
});

describe("the command", () => {
  function run(args: string[], more: { input?: string; path?: string; cwd?: string } = {}) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [resolve("packages/customers-as-code/bin.cjs"), "credentials", ...args],
      {
        encoding: "utf8",
        input: more.input,
        cwd: more.cwd,
        env: { ...process.env, ...(more.path && { PATH: more.path }) },
      },
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
    const path = commandPath(`echo "$*" > called; cat <<'END'\n${JSON.stringify(outputs)}\nEND`);
    for (const option of [["--format", "json"], ["--json"]]) {
      expect(run(["acme", "--stack", "dev", ...option], { path, cwd: folder })).toEqual({
        code: 0,
        stdout: print("acme", { format: "json" }),
        stderr: "",
      });
    }
    expect(readFileSync(join(folder, "called"), "utf8")).toBe(
      "stack output --json --show-secrets --stack dev --non-interactive\n",
    );
  });

  describe("where customers are split into shards", () => {
    // By their ids, acme is in the second of two shards, and globex in the first.
    const settings = 'config:\n  customers-as-code:shards: "2"\n';
    const { url, credentials, customers } = outputs;
    const one = { customers, credentials: { globex: credentials.globex } };
    const two = { customers, credentials: { acme: credentials.acme } };
    const answers = {
      prod: { url, customers: {}, credentials: {} },
      "prod-shard-1": one,
      "prod-shard-2": two,
    };
    const cwd = join(folder, "sharded");

    beforeAll(() => {
      mkdirSync(join(cwd, "customers"), { recursive: true });
      writeFileSync(join(cwd, "Pulumi.prod.yaml"), settings);
    });
    /** The CLI, whose current stack is `prod`. */
    const sharded = (...args: string[]) => {
      const cases = Object.entries(answers).map(
        ([stack, told]) => `*"--stack ${stack} "*) cat <<'END'\n${JSON.stringify(told)}\nEND\n;;`,
      );
      const current = `*--show-name*) echo prod;;\n*) cat <<'END'\n${JSON.stringify(answers.prod)}\nEND\n;;`;
      const path = commandPath(`echo "$*" >> calls; case "$*" in\n${cases.join("\n")}\n${current}\nesac`);
      return run(args, { path, cwd });
    };

    it.each([
      ["acme", ["--stack", "prod"]],
      ["acme", ["--stack", "prod-shard-1"]],
      ["acme", ["--stack", "prod-shard-2"]],
      ["acme", []],
      ["globex", ["--stack", "prod"]],
    ])("prints those of %s, %j", (customer, args) => {
      expect(sharded(customer, ...args)).toMatchObject({ code: 0, stdout: print(customer) });
    });

    it("knows where a customer with a new id is, and says of whom there is none", () => {
      writeFileSync(join(cwd, "customers", "acme-eu.yaml"), "previously: globex\n");
      const { stderr } = sharded("acme-eu", "--stack", "prod");
      expect(readFileSync(join(cwd, "calls"), "utf8")).toContain("--stack prod-shard-1 ");
      expect(stderr).toContain('The stack has no customer "acme-eu".');
    });
  });

  it("says that there is no stack, in Pulumi's words and its own", () => {
    const path = commandPath("echo \"error: no stack named 'dve' found\" >&2; exit 255");
    expect(run(["acme", "--stack", "dve"], { path })).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "Pulumi did not report the stack's outputs: pulumi stack output --json --show-secrets --stack dve failed: error: no stack named 'dve' found. --stack names another stack.\n",
    });
    expect(run(["acme"], { path: mkdtempSync(join(folder, "empty-")) }).stderr).toBe(
      "Pulumi did not report the stack's outputs: the Pulumi CLI is not on the PATH; install it from https://www.pulumi.com/docs/iac/download-install/. --stack names another stack.\n",
    );
  });

  it("does not repeat what it cannot read", () => {
    const { code, stderr } = run(["acme", "--outputs", "-"], { input: '{"clientSecret": s3cret}' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "The standard input cannot be read as JSON.\n" });
  });

  it.each([
    [[], "Missing required argument 'id'"],
    [["acme", "globex"], 'Unexpected argument "globex".'],
    [["acme", "--format", "yaml"], `argument 'yaml' is invalid. Known: "env", "json", "curl".`],
    [["acme", "--program", "cobol"], `argument 'cobol' is invalid. Known: "node", "python", "go", "java".`],
    [["acme", "--secret"], "Unknown option '--secret'"],
  ])("%j is a wrong use", (args, message) => {
    expect(run(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
  });
});
