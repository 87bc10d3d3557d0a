// The wording of every problem of an installation and of an upgrade, in one file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../src/problems/problem";
import { checkInstallation } from "../../src/upkeep/check-installation";
import { readInstallation } from "../../src/upkeep/installation";
import type { AnyMigration } from "../../src/upkeep/migrations";
import { describeOldFiles, planUpgrade } from "../../src/upkeep/plan-upgrade";
import { expectGolden } from "../problems/golden";
import { installCompany, writeJson } from "./fake-installation";

const folder = mkdtempSync(join(tmpdir(), "upkeep-problems-"));
const before = process.cwd();
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** Runs in a folder in which everything fits but for what is changed there, so that paths are relative to it. */
function inCompany(change: () => void, run: () => Problem[]): Problem[] {
  rmSync(join(folder, "company"), { recursive: true, force: true });
  mkdirSync(join(folder, "company"));
  process.chdir(join(folder, "company"));
  try {
    installCompany(".");
    change();
    return run();
  } finally {
    process.chdir(before);
  }
}

function check(change: () => void, nodeVersion = "22.18.0", pulumiCli?: string) {
  return inCompany(change, () => {
    const environment = { PATH: "bin" };
    const { installation } = readInstallation(".", { nodeVersion, pulumiCli, environment });
    return installation === undefined ? [] : checkInstallation(installation);
  });
}

function upgrade(files: Record<string, string>, rows?: readonly AnyMigration[]): Problem[] {
  const write = () => {
    for (const path of ["customers", "policy/config"]) mkdirSync(path, { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(path, text);
  };
  return inCompany(write, () => {
    const plan = planUpgrade(".", rows);
    return [...plan.problems, ...describeOldFiles(plan)];
  });
}

const rename: AnyMigration = {
  kind: "key renamed",
  version: "9.1.0",
  file: "customers",
  from: ["clients", "*", "rights"],
  to: "scopes",
  why: "It is what OAuth calls them.",
};
const workflow = (ref: string) => () => {
  for (const path of [".git", ".github/workflows"]) mkdirSync(path, { recursive: true });
  const call = `jobs:\n  up:\n    uses: example/customers-as-code/.github/workflows/up.yml@${ref}\n`;
  writeFileSync(".github/workflows/customers.yml", call);
};
const nothing = () => undefined;
const ofPackage = (version: string) => ({ version });

test("the wording of problems of upkeep is that of the golden file", () => {
  expectGolden("upkeep", join(__dirname, "__golden__/upkeep.txt"), {
    "node-unsuitable": () => check(nothing, "18.20.0"),
    "pulumi-cli-unsuitable": () => check(nothing, "22.18.0", "3.200.0"),
    "plugin-on-path": () =>
      check(() => {
        mkdirSync("bin");
        writeFileSync("bin/pulumi-resource-aws", "");
      }),
    "sdk-installed-twice": () =>
      check(() =>
        writeJson("node_modules/@pulumi/aws/node_modules/@pulumi/pulumi/package.json", ofPackage("3.200.0")),
      ),
    "package-missing": () => check(() => rmSync("node_modules/@pulumi/policy", { recursive: true })),
    "package-unsuitable": () =>
      check(() => writeJson("node_modules/@pulumi/aws/package.json", ofPackage("6.0.0"))),
    "local-cloud-unsuitable": () =>
      check(() => writeJson("node_modules/customers-as-code-local/package.json", ofPackage("0.1.0"))),
    "dependency-not-exact": () =>
      check(() => writeJson("package.json", { dependencies: { "customers-as-code": "^0.2.0" } })),
    "dependency-not-installed": () =>
      check(() => writeJson("package.json", { dependencies: { "customers-as-code": "0.3.0" } })),
    "lock-file-missing": () => check(() => rmSync("package-lock.json")),
    "workflow-not-exact": () => check(workflow("main")),
    "workflow-unsuitable": () => check(workflow("v0.3.0")),
    "file-outdated": () => upgrade({ "customers/acme.yaml": "clients:\n  ci:\n    rights: []\n" }, [rename]),
    "upgrade-by-hand": () =>
      upgrade({ "customers/acme.yaml": "clients:\n  ci: '{\"rights\": []}'\n" }, [rename]),
    "upgrade-key-twice": () =>
      upgrade({ "customers/acme.yaml": "clients:\n  ci: {rights: [], scopes: []}\n" }, [rename]),
    "upgrade-target-exists": () => upgrade({ "policy/config/dev.json": "{}", "policy/dev.json": "[]" }),
  });
});
