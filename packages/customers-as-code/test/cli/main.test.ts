// The program `customers` as a process: its help, its exit codes, its completion, and what it loads.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { commands, createProgram } from "../../src/cli/main";

const folder = mkdtempSync(join(tmpdir(), "customers-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], { cwd, requires = [] }: { cwd?: string; requires?: string[] } = {}) {
  const preloaded = requires.flatMap((file) => ["--require", file]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...preloaded, resolve("packages/customers-as-code/bin.cjs"), ...args],
    { cwd, encoding: "utf8", env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" } },
  );
  return { code: status, stdout, stderr };
}

const lines = (text: string) => text.trimEnd().split("\n");

test("the help is one screen and has every command", () => {
  const { code, stdout, stderr } = run(["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(lines(stdout).length).toBeLessThanOrEqual(42);
  expect(Math.max(...lines(stdout).map((line) => line.length))).toBeLessThanOrEqual(100);
  const named = [...stdout.matchAll(/^ {2}([\w-]+) {2,}\S/gm)].map(([, name]) => name);
  expect(named).toEqual(commands.map(({ name }) => name));
});

test("the help loads no command, and so nothing of Pulumi", () => {
  const listed = join(folder, "loaded");
  const recorder = join(folder, "recorder.cjs");
  writeFileSync(
    recorder,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(listed)}, Object.keys(require.cache).join("\\n")));`,
  );
  expect(run(["--help"], { requires: [recorder] }).code).toBe(0);
  const loaded = spawnSync("cat", [listed], { encoding: "utf8" }).stdout;
  expect(loaded).toContain("cli/main.js");
  // The shim is what stands for the TypeScript compiler until something uses it.
  expect(loaded).not.toMatch(
    /@pulumi\/(?!pulumi\/typescript-shim\.js)|cli\/(?!(main|failure)\.js)[\w-]+\.js/,
  );
});

test("each command is a file, and each file a command or what commands have in common", () => {
  const files = readdirSync("packages/customers-as-code/src/cli").map((name) => name.replace(/\.ts$/, ""));
  const shared = ["edit-files", "failure", "main", "options"];
  expect(files.sort()).toEqual([...commands.map(({ name }) => name), ...shared].sort());
});

describe.each(commands)("npx customers $name", ({ name, load }) => {
  it("is defined under its name", () => {
    expect(load().name()).toBe(name);
  });

  it("has help with its usage and an example that begins with it", () => {
    let help = "";
    createProgram(name)
      .commands.find((command) => command.name() === name)
      ?.configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    if (name === "local") help = run(["local", "--help"]).stdout;
    expect(help).toContain(`Usage: npx customers ${name} `);
    expect(help).toContain(`\nExamples:\n  npx customers ${name}`);
    expect(Math.max(...lines(help).map((line) => line.length))).toBeLessThanOrEqual(130);
  });
});

test.each([
  [[], "Name a command."],
  [["suspnd", "acme"], "Unknown command 'suspnd'\n(Did you mean suspend?)"],
  [["suspend", "acme", "--raeson", "unpaid"], "Unknown option '--raeson'\n(Did you mean --reason?)"],
  [["help", "nothing"], "Unknown command 'nothing'"],
  [["shards", "lsit", "--stack", "dev"], 'Did you mean "list"?'],
  [["shards", "nothing", "--stack", "dev"], 'Known: "list", "plan", "move", "preview", "up", "outputs".'],
  [["completion", "bsh"], 'Did you mean "bash"?'],
  [["credentials", "acme", "--format", "jsn"], 'Did you mean "json"?'],
  [["credentials", "acme", "--program", "nod"], 'Did you mean "node"?'],
  [["shards", "list", "--stack", "dev", "--only", "dev-shard-1"], '--only has no meaning with "list"'],
  [["shards", "plan", "--stack", "dev", "--show-secrets"], '--show-secrets has no meaning with "plan"'],
  [["shards", "up", "--stack", "dev", "--only", "dev", "--changed-since", "HEAD"], "cannot be used with"],
  [["shards", "up", "--stack", "dev", "--at-once", "0"], "Write a whole number from 1."],
  [["rotation-due", "--days", "soon"], "Write a whole number from 1."],
  [["verify", "--stack", "dev", "--moesif-seconds", "abc"], "Write a whole number from 1."],
  [["verify", "--stack", "dev", "--too-slow", "GET"], '--too-slow "GET" is not an operation'],
  [["doctor", "--workflows", "main"], '--workflows "main" is not a version such as 0.2.0.'],
  [["local", "strat"], "(Did you mean start?)"],
])("%j is a wrong command line: it ends with 2 and suggests the right one", (args, message) => {
  const { code, stdout, stderr } = run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("a failure is 2 where 1 is an answer, and 1 elsewhere", () => {
  const nowhere = { cwd: folder };
  expect(run(["rotation-due"], nowhere).code).toBe(2);
  expect(run(["drift", "--audience", "https://api.example.com/"], nowhere).code).toBe(2);
  expect(run(["credentials", "acme", "--outputs", "missing.json"], nowhere).code).toBe(1);
});

test("a reader that ends before the output, such as head, causes no error", () => {
  const file = resolve("packages/customers-as-code/bin.cjs");
  const script = `{ "$1" "$2" list --help; echo "$?" >&2; } | true`;
  const { stderr } = spawnSync("bash", ["-c", script, "bash", process.execPath, file], { encoding: "utf8" });
  expect(stderr).toBe("0\n");
});

test("help COMMAND is the same as COMMAND --help", () => {
  expect(run(["help", "suspend"])).toEqual(run(["suspend", "--help"]));
});

test("the local cloud needs a company's folder, and its installation if it is missing", () => {
  const company = join(folder, "company");
  mkdirSync(company);
  expect(run(["local", "up"], { cwd: company })).toEqual({
    code: 1,
    stdout: "",
    stderr: `There is no Pulumi.yaml in ${company}. Change to your company's folder, or create one with: npm create customers-as-code my-company\n`,
  });
  writeFileSync(join(company, "Pulumi.yaml"), "name: acme\n");
  expect(run(["local", "up"], { cwd: company })).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "The local cloud is not installed. Install it with: npm install --save-dev --save-exact customers-as-code-local@0.2.0\n",
  });
});

describe("--json", () => {
  const printed = (...args: string[]) => {
    const { code, stdout, stderr } = run(args);
    return { code, stderr, json: JSON.parse(stdout) };
  };

  it("lists the customers and shows one in the same shape", () => {
    const { json: all } = printed("list", "--json");
    expect(all.map(({ id }: { id: string }) => id)).toEqual(["acme", "globex", "initech"]);
    expect(printed("show", "globex", "--json").json).toEqual(all[1]);
    expect(all[0]).toMatchObject({
      id: "acme",
      name: "Acme Corporation",
      organization: "acme",
      status: "active",
      clients: [{ name: "default", authentication: "client_secret", rotation: "1", isRotating: false }],
    });
  });

  it("validates each stack", () => {
    expect(printed("validate", "--stack", "dev", "--json")).toEqual({
      code: 0,
      stderr: "",
      json: { stacks: [{ stack: "dev", isValid: true, problems: [] }] },
    });
  });

  it("lists what is due", () => {
    const state = join(folder, "state.json");
    const resource = (name: string) => ({
      urn: `urn:pulumi:dev::example::t::${name}`,
      type: "auth0:index/clientCredentials:ClientCredentials",
      created: "2020-01-01T00:00:00Z",
    });
    writeFileSync(state, JSON.stringify({ deployment: { resources: [resource("acme/default")] } }));
    const { code, json } = printed("rotation-due", "--state", state, "--days", "100", "--json");
    expect(code).toBe(1);
    expect(json).toEqual({
      rotateEveryDays: 100,
      toRotate: [
        {
          customer: "acme",
          client: "default",
          credential: "secret",
          since: "2020-01-01",
          ageInDays: expect.any(Number),
        },
      ],
      toFinish: [],
      unknown: expect.arrayContaining(["initech/default"]),
    });
  });
});

describe("--json of a command that fails prints its problems on the standard output", () => {
  const wrong = join(folder, "wrong");
  const outputs = join(folder, "outputs.json");
  mkdirSync(wrong);
  writeFileSync(join(wrong, "acme.yaml"), "displayName: Acme\nclient: {}\n");
  writeFileSync(outputs, JSON.stringify({ credentials: {}, customers: {} }));
  const files = ["--customers", wrong];
  const api = ["--audience", "https://api.example.com/", "--domain", "example.eu.auth0.com", ...files];
  const acme = join(wrong, "acme.yaml");
  const inFile = [
    { code: "customer-file-missing-value", file: acme, line: 1, column: 1 },
    { code: "customer-file-unknown-key", file: acme, line: 2, column: 1 },
  ];
  const withoutClient = ["AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"].map(() => ({
    code: "environment-variable-missing",
    file: "the environment",
  }));

  const failures: Record<string, [args: string[], code: number, problems: object[]]> = {
    list: [files, 1, inFile],
    show: [["acme", ...files], 1, inFile],
    credentials: [["acme", "--outputs", outputs], 1, [{ code: "customer-unknown", file: "the command" }]],
    config: [["--stack", "nowhere"], 1, [{ code: "stack-file-missing", file: "Pulumi.nowhere.yaml" }]],
    validate: [["--stack"], 2, [{ code: "command-line-invalid", file: "the command" }]],
    import: [api, 1, [...inFile, ...withoutClient]],
    drift: [api, 2, [...inFile, ...withoutClient]],
    repair: [
      [...api, "--stack", "nowhere"],
      2,
      [...inFile, { code: "stack-file-missing", file: "Pulumi.nowhere.yaml" }, ...withoutClient],
    ],
    "rotation-due": [files, 2, inFile],
    doctor: [["--project", folder], 2, [{ code: "file-unreadable", file: join(folder, "package.json") }]],
    upgrade: [["--project", folder], 2, [{ code: "file-unreadable", file: join(folder, "Pulumi.yaml") }]],
    verify: [["--stack", "nowhere"], 2, [{ code: "stack-file-missing", file: "Pulumi.nowhere.yaml" }]],
  };

  it.each(Object.entries(failures))("%s", (name, [args, code, problems]) => {
    const failed = run([name, "--json", ...args]);
    expect({ ...failed, stdout: JSON.parse(failed.stdout) }).toEqual({
      code,
      stderr: "",
      stdout: {
        problems: problems.map((one) => ({
          ...one,
          message: expect.any(String),
          remedy: expect.any(String),
        })),
      },
    });
  });

  it("is tested for every command that has the option", () => {
    const withJson = commands.filter(({ load }) => load().options.some(({ long }) => long === "--json"));
    expect(Object.keys(failures).sort()).toEqual(withJson.map(({ name }) => name).sort());
  });

  it("also for credentials with --format json", () => {
    const { stdout } = run(["credentials", "acme", "--outputs", outputs, "--format", "json"]);
    expect(JSON.parse(stdout).problems).toHaveLength(1);
  });
});

test("credentials waits for outputs from a pipe that another program has made non-blocking, as npx does", () => {
  const outputs = join(folder, "late.json");
  const client = {
    clientId: "id",
    clientSecret: "secret",
    tokenUrl: "https://t/",
    audience: "a",
    scopes: [],
  };
  writeFileSync(
    outputs,
    JSON.stringify({
      url: "https://api/",
      customers: { acme: { status: "active", organizationId: "org_1", clients: { default: "id" } } },
      credentials: { acme: { default: client } },
    }),
  );
  const program = resolve("packages/customers-as-code/bin.cjs");
  const npx = `process.stdin;
require("node:child_process").spawnSync(process.execPath, [${JSON.stringify(program)}, "credentials", "acme", "--outputs", "-"], { stdio: "inherit" });`;
  const { stdout, stderr } = spawnSync(
    "sh",
    ["-c", '(sleep 3; cat "$1") | "$2" -e "$3"', "sh", outputs, process.execPath, npx],
    { encoding: "utf8" },
  );
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining("CLIENT_ID='id'"), stderr: "" });
});

describe("completion", () => {
  it("has bash complete commands, options and choices", () => {
    const script = join(folder, "completion.bash");
    writeFileSync(script, run(["completion", "bash"]).stdout);
    const complete = (...words: string[]) => {
      const quoted = words.map((word) => `'${word}'`).join(" ");
      const completed = spawnSync(
        "bash",
        [
          "--norc",
          "-c",
          `. ${script}; COMP_WORDS=(customers ${quoted}); COMP_CWORD=${words.length}; _customers; echo "\${COMPREPLY[@]}"`,
        ],
        { encoding: "utf8" },
      );
      expect(completed.stderr).toBe("");
      return completed.stdout.trim();
    };
    expect(complete("sus")).toBe("suspend");
    expect(complete("sta")).toBe("state status");
    expect(complete("suspend", "acme", "--re")).toBe("--reason");
    expect(complete("shards", "m")).toBe("move");
  });

  it.each(["zsh", "fish"])("has every command for %s", (shell) => {
    const { code, stdout } = run(["completion", shell]);
    expect(code).toBe(0);
    expect(
      commands.filter(
        ({ name, summary }) => !stdout.includes(name) || !stdout.includes(summary.replaceAll("'", "'\\''")),
      ),
    ).toEqual([]);
  });
});

test("docs/reference/commands.md names every command, and every command with --json", () => {
  const page = readFileSync("docs/reference/commands.md", "utf8");
  const [commandTable = "", jsonTable = ""] = page.split(/\n## (?:JSON|Shell completion)\n/);
  expect(commands.filter(({ name }) => !commandTable.includes(`\`${name}\``))).toEqual([]);
  const withJson = commands.filter(({ load }) => load().options.some(({ long }) => long === "--json"));
  const described = [...jsonTable.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(described.sort()).toEqual(withJson.map(({ name }) => name).sort());
});
