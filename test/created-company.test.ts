// What `npm create customers-as-code` writes, as `customers doctor` and `customers upgrade` see it: new, and with what can be wrong.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const { version }: { version: string } = JSON.parse(
  readFileSync("packages/customers-as-code/package.json", "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "created-company-"));
const company = join(folder, "shop");
const customers = resolve("packages/customers-as-code/bin.cjs");
afterAll(() => rmSync(folder, { recursive: true }));

function run(file: string, args: readonly string[], cwd: string) {
  const env = { PATH: "/nowhere", HOME: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

beforeAll(() => {
  const create = resolve("packages/create-customers-as-code/bin.cjs");
  expect(run(create, ["shop", "--yes", "--no-install"], folder)).toMatchObject({ code: 0 });
  symlinkSync(resolve("node_modules"), join(company, "node_modules"));
  writeFileSync(join(company, "package-lock.json"), "{}");
});

test("everything fits, and nothing is old", () => {
  const { code, stdout } = run(customers, ["doctor"], company);
  expect(stdout).toContain("\nEverything fits.\n");
  expect(code).toBe(0);
  expect(run(customers, ["upgrade", "--check"], company)).toEqual({
    code: 0,
    stdout: "All files are up to date.\n",
    stderr: "",
  });
});

test("workflows of another version don't fit, each in its place", () => {
  const file = join(company, ".github/workflows/customers.yml");
  const text = readFileSync(file, "utf8");
  const calls = text.split(`@v${version}`).length - 1;
  expect(calls).toBeGreaterThan(0);
  writeFileSync(file, text.replaceAll(`@v${version}`, "@v9.1.0"));
  try {
    const { code, stdout } = run(customers, ["doctor", "--json"], company);
    const found = JSON.parse(stdout).problems.map(
      ({ code, file }: Record<string, string>) => `${code} ${file}`,
    );
    expect(code).toBe(1);
    expect(found).toEqual(Array(calls).fill("workflow-unsuitable .github/workflows/customers.yml"));
  } finally {
    writeFileSync(file, text);
  }
});
