// Each thing that doesn't fit, made in a folder in which everything else does.
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkInstallation } from "../../src/upkeep/check-installation";
import { readInstallation } from "../../src/upkeep/installation";
import { installCompany, writeJson } from "./fake-installation";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-installation-"));
  installCompany(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Given {
  node?: string;
  pulumiCli?: string;
  environment?: Record<string, string>;
}

function read({ node = "22.18.0", pulumiCli, environment = {} }: Given = {}, at = folder) {
  const { installation, problems } = readInstallation(at, {
    nodeVersion: node,
    pulumiCli,
    environment: { PATH: "", PULUMI_HOME: join(folder, "pulumi"), ...environment },
  });
  if (installation === undefined) throw new Error(JSON.stringify(problems));
  return installation;
}

/** The codes and places of what doesn't fit. */
const found = (given?: Given, at?: string) =>
  checkInstallation(read(given, at)).map(({ code, file, line }) =>
    [code, file.replace(`${folder}/`, ""), line].filter((one) => one !== undefined).join(" "),
  );

const modules = (...path: string[]) => join(folder, "node_modules", ...path, "package.json");
const manifest = (dependencies: object, devDependencies: object = {}) =>
  writeJson(join(folder, "package.json"), { dependencies, devDependencies });

test("everything fits, with a Pulumi CLI and without", () => {
  expect(found()).toEqual([]);
  expect(found({ pulumiCli: "3.277.0" })).toEqual([]);
  expect(found({ pulumiCli: "3.300.0-alpha.x12345" })).toEqual([]);
});

test("a Node.js that the package doesn't run on", () => {
  expect(found({ node: "20.19.9" })).toEqual(["node-unsuitable this computer"]);
  expect(found({ node: "20.20.0" })).toEqual([]);
});

test.each(["3.276.9", "2.99.0", "4.0.0"])("a Pulumi CLI %s with an SDK 3.277.1", (pulumiCli) => {
  expect(found({ pulumiCli })).toEqual(["pulumi-cli-unsuitable this computer"]);
});

test("two copies of Pulumi's SDK, whoever brings the second", () => {
  writeJson(modules("@pulumi/aws/node_modules/@pulumi/pulumi"), { version: "3.200.0" });
  expect(found()).toEqual(["sdk-installed-twice package.json"]);
  expect(
    read()
      .sdkCopies.map(({ version }) => version)
      .sort(),
  ).toEqual(["3.200.0", "3.277.1"]);
  rmSync(join(folder, "node_modules/@pulumi/aws/node_modules"), { recursive: true });
  manifest({ "customers-as-code": "0.2.0", "@example/own": "1.0.0" });
  writeJson(modules("@example/own"), { version: "1.0.0" });
  writeJson(modules("@example/own/node_modules/@pulumi/pulumi"), { version: "3.277.1" });
  expect(found()).toEqual(["sdk-installed-twice package.json"]);
});

test("a copy that two packages reach by links counts once", () => {
  const store = join(folder, "store/pulumi");
  mkdirSync(join(folder, "store"));
  renameSync(join(folder, "node_modules/@pulumi/pulumi"), store);
  symlinkSync(store, join(folder, "node_modules/@pulumi/pulumi"));
  mkdirSync(join(folder, "node_modules/@pulumi/auth0/node_modules/@pulumi"), { recursive: true });
  symlinkSync(store, join(folder, "node_modules/@pulumi/auth0/node_modules/@pulumi/pulumi"));
  expect(found()).toEqual([]);
});

test("a package of Pulumi that is missing, or of a version that the product doesn't work with", () => {
  rmSync(join(folder, "node_modules/@pulumi/policy"), { recursive: true });
  writeJson(modules("@pulumi/aws"), { version: "6.0.0" });
  expect(found()).toEqual(["package-unsuitable package.json", "package-missing package.json"]);
});

test("awsx may be missing, and must fit if it is there", () => {
  writeJson(modules("@pulumi/awsx"), { version: "2.0.0" });
  expect(found()).toEqual(["package-unsuitable package.json"]);
});

test("the product is not installed", () => {
  rmSync(join(folder, "node_modules"), { recursive: true });
  expect(found()).toEqual(["package-missing package.json 7", "package-missing package.json"]);
});

test.each(["^0.2.0", "~0.2.0", "0.2", "latest", "*", ">=0.2.0 <1", ""])(
  "a version %j that isn't exact",
  (range) => {
    manifest({ "customers-as-code": range }, { "customers-as-code-local": range });
    expect(found()).toEqual(["dependency-not-exact package.json 3", "dependency-not-exact package.json 6"]);
  },
);

test.each([
  "0.2.0",
  "file:../customers-as-code-0.2.0.tgz",
  "workspace:*",
  "example/customers-as-code#v0.2.0",
])("a version %j that is exact, or none at all", (version) => {
  manifest({ "customers-as-code": version });
  expect(found()).toEqual([]);
});

test("package.json doesn't name the product", () => {
  manifest({});
  expect(found()).toEqual(["dependency-not-exact package.json"]);
});

test("another version is installed than package.json names", () => {
  manifest({ "customers-as-code": "0.2.1" }, { "customers-as-code-local": "0.2.0" });
  expect(found()).toEqual(["dependency-not-installed package.json 3"]);
});

test("the local cloud is of another version, or not installed", () => {
  writeJson(modules("customers-as-code-local"), { version: "0.2.1" });
  manifest({ "customers-as-code": "0.2.0" }, { "customers-as-code-local": "0.2.1" });
  expect(found()).toEqual(["local-cloud-unsuitable package.json"]);
  rmSync(join(folder, "node_modules/customers-as-code-local"), { recursive: true });
  expect(found()).toEqual(["package-missing package.json 6"]);
});

test("no lock file, or one where a workspace's packages are installed", () => {
  rmSync(join(folder, "package-lock.json"));
  expect(found()).toEqual(["lock-file-missing package.json"]);
  for (const name of ["pnpm-lock.yaml", "yarn.lock", "bun.lock", "npm-shrinkwrap.json"]) {
    writeFileSync(join(folder, name), "");
    expect(found()).toEqual([]);
    rmSync(join(folder, name));
  }
  writeFileSync(join(folder, "yarn.lock"), "");
  const inner = join(folder, "packages/infra");
  writeJson(join(inner, "package.json"), { dependencies: { "customers-as-code": "0.2.0" } });
  expect(found({}, inner)).toEqual([]);
});

test("workflows of another version, or of none", () => {
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
  const call = (ref: string) => `    uses: example/customers-as-code/.github/workflows/x.yml@${ref}\n`;
  const text = `jobs:\n  a:\n${call("v0.2.9")}  b:\n${call("v0.3.0")}  c:\n${call("main")}`;
  writeFileSync(join(folder, ".github/workflows/customers.yml"), text);
  mkdirSync(join(folder, ".git"));
  expect(checkInstallation(read()).map(({ code, line }) => [code, line])).toEqual([
    ["workflow-unsuitable", 5],
    ["workflow-not-exact", 7],
  ]);
});

test("plugins: those that are installed, and programs on the PATH that would replace them", () => {
  mkdirSync(join(folder, "pulumi/plugins/resource-aws-v7.48.0"), { recursive: true });
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "pulumi-resource-auth0"), "");
  const onPath = join(bin, "pulumi-resource-auth0");
  expect(read({ environment: { PATH: `/nowhere:${bin}` } }).plugins).toEqual([
    { name: "auth0", version: "3.50.0", isInstalled: false, onPath },
    { name: "aws", version: "7.48.0", isInstalled: true },
  ]);
  expect(found({ environment: { PATH: bin } })).toEqual(["plugin-on-path this computer"]);
  expect(found({ environment: { PATH: bin, PULUMI_IGNORE_AMBIENT_PLUGINS: "1" } })).toEqual([]);
});

test("package.json is missing or broken: nothing is known", () => {
  writeFileSync(join(folder, "package.json"), "{");
  const surroundings = { nodeVersion: "22.18.0", pulumiCli: undefined, environment: {} };
  expect(readInstallation(folder, surroundings)).toMatchObject({ problems: [{ code: "yaml-invalid" }] });
  rmSync(join(folder, "package.json"));
  expect(readInstallation(folder, surroundings)).toMatchObject({ problems: [{ code: "file-unreadable" }] });
});
