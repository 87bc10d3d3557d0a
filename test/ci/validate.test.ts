// `npm run ci:validate` as a process, with neither an account nor the Pulumi CLI.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "openapi.yaml", "customers"]) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
});

function run(...args: string[]) {
  const script = resolve("ci/validate.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: "" },
  });
  return { code: status, output: stdout + stderr };
}

test("the example is valid", () => {
  expect(run("--stack", "dev")).toEqual({ code: 0, output: "dev: all is well\n" });
});

test("what is wrong with any stack is told: settings, document and files, as the program tells it", () => {
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const other = settings.replace("customers-as-code:protect: false", "customers-as-code:protect: perhaps");
  writeFileSync(join(folder, "Pulumi.other.yaml"), other);
  const acme = join(folder, "customers/acme.yaml");
  writeFileSync(acme, readFileSync(acme, "utf8").replace("read:orders", "read:order"));
  const { code, output } = run();
  expect(code).toBe(1);
  expect(output).toContain(
    'dev: customers/acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?',
  );
  expect(output).toContain("other: Pulumi.other.yaml  protect must be true or false.");
  expect(output).toContain("2 of 2 stacks have problems");
});

test("it checks all that the program checks before it declares anything", () => {
  const called = (file: string) =>
    [...new Set(readFileSync(file, "utf8").match(/\b(load|check)[A-Z]\w*(?=\()/g))].sort();
  const program = called("index.ts");
  expect(program).toEqual(
    expect.arrayContaining(["checkApiType", "loadCustomers", "loadDocument", "loadSettings"]),
  );
  expect(called("ci/validate.ts")).toEqual(program);
});
