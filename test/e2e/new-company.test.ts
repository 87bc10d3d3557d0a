// A new company: created, started, changed and deployed from the packages alone, in a folder with nothing of this repository in reach.
import {
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseDocument } from "yaml";
import { type PackageSource, runIn, servePackages } from "../../scripts/serve-packages";

let packages: PackageSource;
let parent: string;
let company: string;
beforeAll(async () => {
  packages = await servePackages();
  parent = realpathSync(mkdtempSync(join(tmpdir(), "new-company-")));
  company = join(parent, "my-company");
  const created = await runIn(
    parent,
    packages,
    ["npm", "create", "customers-as-code", "my-company", "--", "--yes"],
    {
      npm_config_yes: "true",
    },
  );
  expect(created).toMatchObject({ status: 0 });
});
afterAll(async () => {
  await packages?.close();
  if (parent) rmSync(parent, { recursive: true });
});

/** The command's output, with its status if that is not 0. */
async function run(...command: string[]): Promise<string> {
  const { status, stdout, stderr } = await runIn(company, packages, command);
  return status === 0 ? stdout : `${stdout}${stderr}\nended with ${status}`;
}

const customers = (...args: string[]) => run("npx", "--no-install", "customers", ...args);

function ownFiles(): string[] {
  return readdirSync(company, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(company, join(parentPath, name)))
    .filter((path) => !/^(node_modules|\.local)\//.test(path))
    .sort();
}

test("The repository is a dozen small files, and depends on one package, and on one more for development.", () => {
  const files = ownFiles().filter((path) => path !== "package-lock.json");
  expect(files.length).toBeLessThanOrEqual(13);
  const lines = files
    .filter((path) => path !== "openapi.yaml")
    .map((path) => readFileSync(join(company, path), "utf8").split("\n").length - 1);
  expect(lines.reduce((sum, one) => sum + one, 0)).toBeLessThan(300);
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(company, "package.json"), "utf8"));
  expect(Object.keys(dependencies)).toEqual(["customers-as-code"]);
  expect(Object.keys(devDependencies)).toEqual(["customers-as-code-local"]);
});

test("No package is a link out of the company's folder, and none compiles TypeScript.", () => {
  const installed = join(company, "node_modules");
  const links = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name));
  expect(links.filter((path) => !realpathSync(path).startsWith(`${company}/`))).toEqual([]);
  const names = readdirSync(installed);
  expect(names.filter((name) => /^(typescript|tsx|esbuild|ts-node|@swc)$/.test(name))).toEqual([]);
  expect(lstatSync(join(installed, "customers-as-code")).isDirectory()).toBe(true);
});

test("npm start deploys its document and its customers to the local cloud, and npm test checks its data.", async () => {
  const output = await run("npm", "start");
  expect(output).toMatch(/✓ 200: acme\/default/);
  expect(output).toMatch(/✓ 401: /);
  expect(output).not.toMatch(/✗|ended with/);
  expect(await run("npm", "test")).toContain("dev: all is well");
  // Nothing was written but what is ignored.
  expect(ownFiles()).not.toContain("Pulumi.local.yaml");
});

test("A customer's life: added, previewed, deployed, rotated, suspended and removed.", async () => {
  expect(await customers("add", "globex", "--name", "Globex", "--scopes", "read:orders")).toContain(
    "globex.yaml",
  );
  expect(await customers("validate")).toContain("dev: all is well");
  expect(await customers("local", "preview")).toMatch(/Organization.*globex.*create/s);
  expect(await customers("local", "call", "GET", "/orders", "--as", "globex")).toContain("ended with 1");
  await deploy();
  expect(await customers("local", "call", "GET", "/orders", "--as", "globex")).not.toContain("ended with");
  expect(await customers("local", "call", "GET", "/orders", "--expect", "401")).not.toContain("ended with");

  const before = await credentialsOf("globex");
  await change("rotate", "globex");
  const during = await credentialsOf("globex");
  expect(during.clientSecret).not.toBe(before.clientSecret);
  // The one before keeps working until the rotation is finished.
  expect(JSON.stringify(during.retiring)).toContain(String(before.clientId));
  await change("rotate", "globex", "--finish");
  expect(await credentialsOf("globex")).toEqual({ ...during, retiring: undefined });

  await change("suspend", "globex");
  expect(
    await customers("local", "call", "GET", "/orders", "--as", "globex", "--expect", "403"),
  ).not.toContain("ended with");

  await change("remove", "globex");
  await change("remove", "globex");
  expect(ownFiles()).not.toContain("customers/globex.yaml");
  expect(await customers("local", "call", "GET", "/orders", "--as", "globex")).toMatch(
    /globex[\s\S]*ended with 1/,
  );
  expect(await customers("local", "call", "GET", "/orders", "--as", "acme")).not.toContain("ended with");
});

test("A wrong customer file is refused by name and line, and changes nothing.", async () => {
  const file = join(company, "customers/acme.yaml");
  const good = readFileSync(file, "utf8");
  writeFileSync(file, good.replace("read:orders", "read:order"));
  const output = await run("npm", "start");
  expect(output).toMatch(/customers\/acme\.yaml:\d+:\d+ .*read:order/);
  expect(output).toContain("ended with 1");
  writeFileSync(file, good);
  expect(await customers("local", "call", "GET", "/orders", "--as", "acme")).not.toContain("ended with");
});

test("The same company has an HTTP API with one setting.", async () => {
  const http = join(parent, "http-company");
  cpSync(company, http, { recursive: true, filter: (path) => !path.endsWith("/.local") });
  company = http;
  const file = join(http, "Pulumi.dev.yaml");
  const settings = parseDocument(readFileSync(file, "utf8"));
  settings.setIn(["config", "my-company:apiType"], "http");
  writeFileSync(file, String(settings));
  const output = await run("npm", "start");
  expect(output).toContain("apigatewayv2");
  expect(output).toMatch(/✓ 200: acme\/default/);
  expect(output).not.toMatch(/✗|ended with/);
});

/** What a pull request changes by a command, and its deployment. */
async function change(...command: string[]): Promise<void> {
  expect(await customers(...command)).not.toContain("ended with");
  await deploy();
}

async function deploy(): Promise<void> {
  expect(await customers("local", "up")).not.toContain("ended with");
}

async function credentialsOf(customer: string): Promise<Record<string, unknown>> {
  const output = await customers("local", "outputs", "--show-secrets");
  return JSON.parse(output).credentials[customer].default;
}
