// @pulumi/awsx is installed by the companies that have a portal, and by no others: what runs without it, and what reports that it is missing.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { portal } from "../../testing/portal-blocks";

const folder = mkdtempSync(join(tmpdir(), "without-awsx-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { peerDependencies } = JSON.parse(readFileSync("packages/customers-as-code/package.json", "utf8"));

/** As if npm had not installed it. */
const blocker = join(folder, "blocker.cjs");
writeFileSync(
  blocker,
  `const module_ = require("node:module");
const { _resolveFilename: locate } = module_;
module_._resolveFilename = (name, ...rest) => {
  if (!name.startsWith("@pulumi/awsx")) return locate(name, ...rest);
  throw Object.assign(new Error(\`Cannot find module '\${name}'\`), { code: "MODULE_NOT_FOUND" });
};
`,
);

for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "openapi.yaml", "customers"]) {
  cpSync(name, join(folder, name), { recursive: true });
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", blocker, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

test("a program without a portal loads nothing of it", () => {
  const product = resolve("packages/customers-as-code/dist/index.js");
  expect(run("--print", `typeof require(${JSON.stringify(product)}).DeveloperPortal`)).toEqual({
    status: 0,
    output: "function\n",
  });
});

test("customers validate reports that a stack with a portal needs it, at the place of the setting", () => {
  const command = resolve("packages/customers-as-code/bin.cjs");
  expect(run(command, "validate", "--stack", "dev").output).toBe("dev: all is well\n");
  const settings = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  const secret = (name: string) => `  customers-as-code:${name}: { secure: v1:x }\n`;
  const secrets = ["moesifApplicationId", "moesifManagementToken", "stripeApiKey"].map(secret).join("");
  const block = stringify({ "customers-as-code:portal": portal }).replaceAll(/^/gm, "  ").trimEnd();
  writeFileSync(join(folder, "Pulumi.portal.yaml"), `${settings}${secrets}${block}\n`);
  const line = settings.split("\n").length + 3;
  expect(run(command, "validate", "--stack", "portal").output).toContain(
    `portal: Pulumi.portal.yaml:${line}:3  portal needs the package @pulumi/awsx, which is not installed. Install it with: npm install --save-exact @pulumi/awsx@${peerDependencies["@pulumi/awsx"]}\n1 problem in 1 of 1 file.`,
  );
});
