// `npx customers validate` as a process, with neither an account nor the Pulumi CLI.
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { config, runProgram } from "../../../../test/support/run-program";

const folder = mkdtempSync(join(tmpdir(), "validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "openapi.yaml", "customers"]) {
    cpSync(name, join(folder, name), { recursive: true });
  }
});

const command = [resolve("packages/customers-as-code/bin.cjs"), "validate"];

const start = (args: string[]) =>
  spawnSync(process.execPath, [...command, ...args], { cwd: folder, encoding: "utf8", env: { PATH: "" } });

function run(...args: string[]) {
  const { status, stdout, stderr } = start(args);
  return { code: status, output: stdout + stderr };
}

test("a folder without a stack's file is refused: nothing has been checked there", () => {
  const empty = mkdtempSync(join(tmpdir(), "validate-empty-"));
  const start = (...args: string[]) =>
    spawnSync(process.execPath, [...command, ...args], { cwd: empty, encoding: "utf8", env: { PATH: "" } });
  const outside = start();
  const asJson = start("--json");
  writeFileSync(join(empty, "Pulumi.yaml"), "name: acme\n");
  const company = start();
  rmSync(empty, { recursive: true });
  expect([outside.status, asJson.status, company.status]).toEqual([1, 1, 1]);
  expect(outside.stderr).toContain(
    "Pulumi.STACK.yaml  does not exist here, and neither does Pulumi.yaml. Run the command in your company's folder.",
  );
  expect(JSON.parse(asJson.stdout)).toMatchObject({ problems: [{ code: "stack-file-missing" }] });
  expect(company.stderr).toContain("Write one, such as Pulumi.dev.yaml.");
});

test("the example is valid", () => {
  expect(run("--stack", "dev")).toEqual({ code: 0, output: "dev: all is well\n" });
});

test("reports what is wrong with any stack, in settings, document and files, as the program does", () => {
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const other = `${settings}  customers-as-code:protect: perhaps\n`;
  writeFileSync(join(folder, "Pulumi.other.yaml"), other);
  const acme = join(folder, "customers/acme.yaml");
  writeFileSync(acme, readFileSync(acme, "utf8").replace("read:orders", "read:order"));
  const { code, output } = run();
  expect(code).toBe(1);
  expect(output).toContain(
    'dev: customers/acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?',
  );
  expect(output).toMatch(/^other: Pulumi\.other\.yaml:\d+:3 {2}protect must be true or false\./m);
  expect(output).toContain("2 of 2 stacks have problems");
});

test("settings are read strictly: keys that nothing reads, secrets in clear, and what Pulumi would pass over", () => {
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const lines = [
    "customers-as-code:protct: false",
    "auth0:clientSecret: the-secret",
    "customers-as-code:shards: 0",
  ];
  const file = join(folder, "Pulumi.strict.yaml");
  writeFileSync(file, `${settings}${lines.map((line) => `  ${line}\n`).join("")}`);
  const { code, output } = run("--stack", "strict");
  writeFileSync(file, `${settings}protect: false\n`);
  const top = run("--stack", "strict");
  rmSync(file);
  expect([code, top.code]).toEqual([1, 1]);
  const line = settings.split("\n").length;
  expect(output).toContain(`Pulumi.strict.yaml:${line}:3  protct is not a setting. Did you mean "protect"?`);
  expect(output).toContain(
    `Pulumi.strict.yaml:${line + 1}:3  auth0:clientSecret is a secret, but is not encrypted.`,
  );
  expect(output).toContain("shards must be at least 1.");
  expect(output).not.toContain("the-secret");
  expect(top.output).toContain('"protect" is not a key that Pulumi reads.');
});

const words = { message: expect.any(String), remedy: expect.any(String) };

/** What --json has of the one stack that is wrong. */
const problemsOf = (stack: string): unknown => {
  const { status, stdout } = start(["--stack", stack, "--json"]);
  expect(status).toBe(1);
  const { stacks } = JSON.parse(stdout);
  expect(stacks).toEqual([{ stack, isValid: false, problems: expect.any(Array) }]);
  return stacks[0].problems;
};

test("--json gives the problem of a setting its code and its place", () => {
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const file = "Pulumi.coded.yaml";
  const lines = ["customers-as-code:shards: 0", "customers-as-code:protct: false"];
  writeFileSync(join(folder, file), `${settings}${lines.map((line) => `  ${line}\n`).join("")}`);
  const problems = problemsOf("coded");
  rmSync(join(folder, file));
  const line = settings.split("\n").length;
  expect(problems).toEqual([
    { code: "setting-invalid-value", file, line, column: 3, ...words },
    {
      ...{ code: "setting-unknown", file, line: line + 1, column: 3 },
      ...words,
      message: expect.stringMatching(/^protct is not a setting\. Did you mean "protect"\?/),
    },
  ]);
});

test("--json gives the problem of a customer file its code and its place", () => {
  const file = "customers/coded.yaml";
  const lines = ["displayName: Coded", "contcat: api@coded.example", "clients: { a: { scopes: [read] } }"];
  writeFileSync(join(folder, file), lines.join("\n"));
  const problems = problemsOf("dev");
  rmSync(join(folder, file));
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: "customer-file-unknown-key", file, line: 2, column: 1 }),
      expect.objectContaining({ code: "scope-not-in-api", file, line: 3, column: 26 }),
    ]),
  );
});

test("--json gives no line to the problem of a file as a whole", () => {
  const file = "Pulumi.none.yaml";
  expect(problemsOf("none")).toEqual([{ code: "stack-file-missing", file, ...words }]);
});

test("--json gives the problem of the policy pack's settings its code and its place", () => {
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const [stack, file] = ["Pulumi.guarded.yaml", "policy/guarded.json"];
  const acme = readFileSync("customers/acme.yaml", "utf8");
  const before = readFileSync(join(folder, "customers/acme.yaml"), "utf8");
  writeFileSync(join(folder, "customers/acme.yaml"), acme);
  writeFileSync(join(folder, stack), settings);
  mkdirSync(join(folder, "policy"), { recursive: true });
  writeFileSync(join(folder, file), '{ "all": "advisroy" }\n');
  const problems = problemsOf("guarded");
  writeFileSync(join(folder, "customers/acme.yaml"), before);
  for (const one of [stack, file]) rmSync(join(folder, one));
  expect(problems).toEqual([{ code: "policy-invalid-level", file, line: 1, column: 10, ...words }]);
});

test("policy settings are also read where version 0.1 had them, but not in both places", () => {
  const [file, former] = ["policy/dev.json", "policy/config/dev.json"];
  const before = readFileSync(join(folder, "customers/acme.yaml"), "utf8");
  cpSync("customers/acme.yaml", join(folder, "customers/acme.yaml"));
  mkdirSync(join(folder, "policy/config"), { recursive: true });
  writeFileSync(join(folder, former), '{ "all": "advisroy" }\n');
  const inFormer = problemsOf("dev");
  writeFileSync(join(folder, file), "{}\n");
  const inBoth = problemsOf("dev");
  rmSync(join(folder, "policy"), { recursive: true });
  writeFileSync(join(folder, "customers/acme.yaml"), before);
  expect(inFormer).toEqual([{ code: "policy-invalid-level", file: former, line: 1, column: 10, ...words }]);
  expect(inBoth).toEqual([{ code: "policy-config-twice", file: former, ...words }]);
});

test("a shard is checked as its main stack is", () => {
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  for (const name of ["prod", "prod-shard-1"]) {
    writeFileSync(join(folder, `Pulumi.${name}.yaml`), `${settings}  customers-as-code:shards: 2\n`);
  }
  const file = join(folder, "customers/late.yaml");
  writeFileSync(
    file,
    "displayName: Late\nclients: { a: { scopes: [read:orders] } }\nstacks: { prod: { organization: globex } }\n",
  );
  const { output } = run("--stack", "prod-shard-1");
  rmSync(file);
  expect(output).toMatch(/customers\/late\.yaml:3:\d+ {2}organization name "globex" is taken by/);
});

describe("what the program would refuse, in the same words", () => {
  const project = process.cwd();
  const settings = {
    "customers-as-code:apiType": "http",
    "customers-as-code:tracing": "true",
    "customers-as-code:backends": '{"orders":{"url":"ftp://orders.example.com"}}',
  };
  const places = [
    "openapi.yaml",
    "acme.yaml",
    "imports.json",
    "backends.orders",
    "tracing",
    "deliveryKmsKeyArn",
  ];

  beforeAll(() => {
    writeFileSync(
      join(folder, "customers/acme.yaml"),
      ["displayName: Acme", "status: gone", "clients: { default: { scopes: [read:orders] } }"].join("\n"),
    );
    appendFileSync(join(folder, "customers/globex.yaml"), 'delivery: { awsAccountId: "123456789012" }\n');
    writeFileSync(join(folder, "customers/imports.json"), '{"example.eu.auth0.com":{}}');
    const document = join(folder, "openapi.yaml");
    writeFileSync(
      document,
      readFileSync(document, "utf8").replace("operationId: listOrders", "security: []"),
    );
    process.chdir(folder);
  });
  afterAll(() => process.chdir(project));

  it("is reported for settings, document, customers, what exists, backends, kind of API and delivery", async () => {
    const given = { ...config, ...settings };
    writeFileSync("Pulumi.wrong.yaml", JSON.stringify({ config: given }));
    const refused = await runProgram(settings, { stack: "wrong" }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(places.filter((place) => !refused.includes(place))).toEqual([]);
    expect(run("--stack", "wrong")).toEqual({
      code: 1,
      output: `wrong: ${refused}\n1 of 1 stacks have problems\n`,
    });
  });
});

test("a setting of your own is known once Pulumi.yaml declares it", () => {
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
  const file = join(folder, "Pulumi.own.yaml");
  writeFileSync(file, `${settings}  customers-as-code:colour: red\n`);
  const before = run("--stack", "own");
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `${project}config:\n  colour:\n    type: string\n    default: blue\n`,
  );
  const after = run("--stack", "own");
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  rmSync(file);
  expect(before.output).toContain("colour is not a setting.");
  expect(after.output).not.toContain("colour");
});

test("what Pulumi.yaml says of every stack counts as the stack's own, and its problems name Pulumi.yaml", () => {
  const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
  const shared = "config:\n  stageName: { default: v2 }\n  shards: { value: many }\n";
  writeFileSync(join(folder, "Pulumi.yaml"), `${project}${shared}`);
  const problems = problemsOf("dev");
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  expect(problems).toEqual([{ code: "setting-invalid-value", file: "Pulumi.yaml", ...words }]);
});
