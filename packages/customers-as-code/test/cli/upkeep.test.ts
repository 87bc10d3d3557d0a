// `customers upgrade` and `customers doctor` as processes: what they print, what they write, and their exit codes.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { installCompany, writeJson } from "../upkeep/fake-installation";

const program = resolve("packages/customers-as-code/bin.cjs");
const { version: own }: { version: string } = JSON.parse(
  readFileSync("packages/customers-as-code/package.json", "utf8"),
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-upkeep-"));
  installCompany(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param path folder with programs, before Node.js's own */
function run(args: readonly string[], path = "/nowhere") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: path, HOME: folder },
  });
  return { code: status, stdout, stderr };
}

/** A program that prints a version as the Pulumi CLI does, and fails if it would look for a newer one. */
function installPulumi(script: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "pulumi"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, "pulumi"), 0o755);
  return bin;
}

describe("customers upgrade", () => {
  const old =
    "name: company\nruntime:\n  name: nodejs\n  options:\n    nodeargs: -r customers-as-code/start-up.cjs\n";
  beforeEach(() => {
    writeFileSync(join(folder, "Pulumi.yaml"), old);
    mkdirSync(join(folder, "policy/config"), { recursive: true });
    writeFileSync(join(folder, "policy/config/dev.json"), "{}\n");
  });

  it("prints every change with its place, writes it, and finds nothing the second time", () => {
    const { code, stdout, stderr } = run(["upgrade"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").map((line) => line.split("  ")[0])).toEqual([
      "Pulumi.yaml:5:15",
      "policy/config/dev.json",
      "Changed 2 files. Run npx customers validate, and preview before you deploy.",
      "",
    ]);
    expect(readFileSync(join(folder, "policy/dev.json"), "utf8")).toBe("{}\n");
    expect(run(["upgrade"])).toEqual({ code: 0, stdout: "All files are up to date.\n", stderr: "" });
  });

  it("--check writes nothing, and ends with 1 as long as something would change", () => {
    expect(run(["upgrade", "--check"])).toMatchObject({ code: 1, stderr: "" });
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toBe(old);
    run(["upgrade"]);
    expect(run(["upgrade", "--check"]).code).toBe(0);
  });

  it("writes nothing if any file can't be read, and ends with 2", () => {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: [\n");
    mkdirSync(join(folder, "customers"));
    writeFileSync(join(folder, "customers/acme.yaml"), "a: 1\na: 2\n");
    const { code, stdout, stderr } = run(["upgrade"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Pulumi\.dev\.yaml:2:1 .*\ncustomers\/acme\.yaml:2:1 /);
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toBe(old);
  });

  it("changes no file if one can't be written, and ends with 2", () => {
    mkdirSync(join(folder, "policy/dev.json/full"), { recursive: true });
    expect(run(["upgrade"])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /^No file was changed, because one can't be written: E.* 'policy\/dev\.json'\. Make it writable, and run the command again\.$/m,
      ),
    });
    expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toBe(old);
  });

  it("--json lists changes, and lines to check by hand", () => {
    writeFileSync(join(folder, "README.md"), "See policy/config.\n");
    const { code, stdout } = run(["upgrade", "--check", "--json"]);
    expect({ code, json: JSON.parse(stdout) }).toEqual({
      code: 1,
      json: {
        check: true,
        changes: [
          { version: "0.2.0", file: "Pulumi.yaml", line: 5, column: 15, message: expect.any(String) },
          { version: "0.2.0", file: "policy/config/dev.json", message: expect.any(String) },
        ],
        notes: [{ file: "README.md", line: 1, column: 5, message: expect.any(String) }],
      },
    });
  });
});

describe("customers doctor", () => {
  it("prints the versions, without a Pulumi CLI, and that all fits", () => {
    expect(run(["doctor"])).toEqual({
      code: 0,
      stderr: "",
      stdout: `Node.js                  ${process.versions.node}
Pulumi CLI               not on the PATH, so its version cannot be checked
customers-as-code        0.2.0
customers-as-code-local  0.2.0
@pulumi/auth0            3.50.0
@pulumi/aws              7.48.0
@pulumi/policy           1.21.0
@pulumi/pulumi           3.277.1
plugin auth0             3.50.0, which the next deployment downloads
plugin aws               7.48.0, which the next deployment downloads
lock file                package-lock.json

Everything fits.
`,
    });
  });

  it("asks the Pulumi CLI for its version, without the network", () => {
    const pulumi = installPulumi('[ "$1 $PULUMI_SKIP_UPDATE_CHECK" = "version true" ] && echo v3.280.0');
    const { code, stdout } = run(["doctor", "--json"], pulumi);
    expect({ code, json: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      json: { fits: true, versions: { pulumiCli: "3.280.0" }, problems: [] },
    });
  });

  it("ends with 1 if something doesn't fit, and prints all of it after the versions", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: x\nconfig:\n  protect:\n    default: true\n");
    rmSync(join(folder, "package-lock.json"));
    const { code, stdout, stderr } = run(["doctor"], installPulumi("echo v3.1.0"));
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const [, problems = ""] = stdout.split("\n\n");
    expect(problems.split("\n").map((line) => line.split("  ")[0])).toEqual([
      "Pulumi.yaml:2:1",
      "package.json",
      "this computer",
      "3 problems. docs/reference/problems.md explains file-outdated, lock-file-missing, pulumi-cli-unsuitable",
      "",
    ]);
    const { json } = { json: JSON.parse(run(["doctor", "--json"]).stdout) };
    expect(json).toMatchObject({
      fits: false,
      problems: [{ code: "file-outdated" }, { code: "lock-file-missing" }],
    });
  });

  it("ends with 2 if it cannot find out: package.json, or the CLI, doesn't answer", () => {
    expect(run(["doctor"], installPulumi("echo broken >&2; exit 9"))).toMatchObject({ code: 2, stdout: "" });
    rmSync(join(folder, "package.json"));
    expect(run(["doctor"])).toMatchObject({ code: 2, stdout: "" });
  });

  it("--workflows compares the version of the workflows with its own, in one sentence, anywhere", () => {
    rmSync(join(folder, "package.json"));
    expect(run(["doctor", "--workflows", `v${own}`])).toEqual({
      code: 0,
      stdout: `customers-as-code ${own} fits the workflows of version ${own}.\n`,
      stderr: "",
    });
    expect(run(["doctor", "--workflows", "9.1.0"])).toEqual({
      code: 1,
      stdout: "",
      stderr: `The workflows of version 9.1.0 don't fit the installed customers-as-code ${own}: take the workflows of the tag v${own}, or run npm install --save-exact customers-as-code@9.1.0.\n`,
    });
    const { code, stdout } = run(["doctor", "--workflows", "9.1.0", "--json"]);
    expect({ code, json: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      json: { fits: false, problems: [{ code: "workflow-unsuitable", file: "the workflow" }] },
    });
  });

  it("finds what is installed from the project's folder", () => {
    const project = join(folder, "infra");
    mkdirSync(project);
    writeJson(join(project, "package.json"), { dependencies: { "customers-as-code": "0.2.0" } });
    writeFileSync(join(project, "Pulumi.yaml"), "name: company\n");
    expect(run(["doctor", "--project", "infra"])).toMatchObject({ code: 0 });
  });
});
