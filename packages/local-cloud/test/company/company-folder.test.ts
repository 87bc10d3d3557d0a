// A folder in which the local cloud can run, and what is reported of any other.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../package.json";
import { checkCompanyFolder } from "../../src/company/company-folder";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "company-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(name: string, itsVersion: string): void {
  const path = join(folder, "node_modules", name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, version: itsVersion }));
}

const check = () => checkCompanyFolder(folder);

test("a company has a project file and both packages, in one version", () => {
  writeFileSync(join(folder, "Pulumi.yaml"), "name: acme\n");
  install("customers-as-code", version);
  install("@pulumi/pulumi", "3.276.0");
  expect(check).not.toThrow();
  expect(readdirSync(folder).sort()).toEqual(["Pulumi.yaml", "node_modules"]);
});

test("a folder without Pulumi.yaml is no company", () => {
  expect(check).toThrow(
    `There is no Pulumi.yaml in ${folder}. Change to your company's folder, or create one with: npm create customers-as-code my-company`,
  );
});

test("packages that are not installed are reported together", () => {
  writeFileSync(join(folder, "Pulumi.yaml"), "name: acme\n");
  expect(check).toThrow(
    `customers-as-code and @pulumi/pulumi are not installed in ${folder}. Run: npm install`,
  );
  install("@pulumi/pulumi", "3.276.0");
  expect(check).toThrow(`customers-as-code is not installed in ${folder}. Run: npm install`);
});

test("two versions are refused with both, and what makes them one", () => {
  writeFileSync(join(folder, "Pulumi.yaml"), "name: acme\n");
  install("customers-as-code", "0.0.9");
  install("@pulumi/pulumi", "3.276.0");
  expect(check).toThrow(
    `${folder} has customers-as-code 0.0.9 and customers-as-code-local ${version}. Give both the same version in package.json, then run: npm install`,
  );
});
