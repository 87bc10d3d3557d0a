// A new company in an empty folder: with npm create, and with pulumi new.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { type PackageSource, runIn, servePackages } from "../../scripts/serve-packages";
import { project } from "./local-cloud";

const folder = mkdtempSync(join(tmpdir(), "create-"));
let packages: PackageSource;
beforeAll(async () => {
  packages = await servePackages();
});
afterAll(async () => {
  await packages.close();
  rmSync(folder, { recursive: true });
});

const openapi = `openapi: 3.0.3
info: { title: Parcels API, version: "1.0" }
paths:
  /parcels/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      security: [{ parcels: ["parcels:read"] }]
      responses: { "200": { description: The parcel. } }
components:
  securitySchemes:
    parcels:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: "https://parcels.auth0.com/oauth/token", scopes: { "parcels:read": Read } } }
`;

test("npm create writes a company in JavaScript with its own document, whose commands work.", async () => {
  writeFileSync(join(folder, "parcels.yaml"), openapi);
  const flags = ["--openapi", "parcels.yaml", "--language", "javascript", "--stacks", "test"];
  const create = ["npm", "create", "--yes", "customers-as-code", "parcels", "--", ...flags];
  expect(await runIn(folder, packages, create)).toMatchObject({ status: 0 });
  const company = join(folder, "parcels");
  expect(existsSync(join(company, "package-lock.json"))).toBe(true);
  expect(await runIn(company, packages, ["npm", "test"])).toMatchObject({ status: 0 });
  // The steps of its README, and the local cloud with its own document and customers.
  const add = ["npx", "customers", "add", "globex", "--name", "Globex", "--scopes", "parcels:read"];
  expect(await runIn(company, packages, add)).toMatchObject({ status: 0 });
  const start = await runIn(company, packages, ["npm", "start"]);
  expect(start).toMatchObject({ status: 0, stdout: expect.stringContaining("✓ 200: ") });
});

test("pulumi new asks for the same settings, and the new folder passes its own test.", async () => {
  const company = join(folder, "shop");
  mkdirSync(company);
  const template = join(folder, "template");
  cpSync(join(project, "packages/create-customers-as-code/template"), template, { recursive: true });
  const config = ["-c", "auth0:domain=shop.eu.auth0.com", "-c", "audience=urn:shop"];
  const pulumi = await pulumiNew(template, company, "--stack", "dev", ...config);
  // Last of all it installs the packages, for which the local cloud's language host has no code.
  expect(pulumi.stderr).toContain("Created stack 'dev'");
  expect(pulumi.stderr).toContain("does not implement the method installDependencies");
  expect(parse(readFileSync(join(company, "Pulumi.yaml"), "utf8"))).toMatchObject({
    name: "shop",
    description: "Our shop.",
  });
  expect(parse(readFileSync(join(company, "Pulumi.dev.yaml"), "utf8")).config).toMatchObject({
    "auth0:domain": "shop.eu.auth0.com",
    "aws:region": "eu-central-1",
    "shop:audience": "urn:shop",
    "shop:backendUrl": "https://backend.example.com",
    "shop:publicRoutes": ["GET /health"],
  });
  expect(JSON.parse(readFileSync(join(company, "package.json"), "utf8")).name).toBe("shop");
  // Expressions of GitHub look like placeholders, and stay.
  const workflow = (root: string) => readFileSync(join(root, ".github/workflows/customers.yml"), "utf8");
  expect(workflow(company)).toBe(workflow(template));
  expect(await runIn(company, packages, ["npm", "install"])).toMatchObject({ status: 0 });
  expect(await runIn(company, packages, ["npm", "test"])).toMatchObject({ status: 0 });
});

test("pulumi new --generate-only writes the files, for a stack to come.", async () => {
  const company = join(folder, "later");
  mkdirSync(company);
  expect(
    await pulumiNew(join(project, "packages/create-customers-as-code/template"), company, "--generate-only"),
  ).toMatchObject({ status: 0 });
  expect(readdirSync(company).sort()).toEqual(
    readdirSync(join(project, "packages/create-customers-as-code/template")).sort(),
  );
});

/** Pulumi's own command, with a state in files and the language host that the local cloud has. */
async function pulumiNew(template: string, company: string, ...flags: string[]) {
  const { path } = await findCommand(() => undefined);
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, "state"), { recursive: true });
  const host = join(project, "packages/local-cloud/dist/engine/language-host.cjs");
  writeFileSync(
    join(bin, "pulumi-language-nodejs"),
    `#!/bin/sh\nexec "${process.execPath}" "${host}" "$@"\n`,
  );
  chmodSync(join(bin, "pulumi-language-nodejs"), 0o755);
  const named = [
    "--name",
    company.slice(company.lastIndexOf("/") + 1),
    "--description",
    "Our shop.",
    "--yes",
  ];
  return runIn(folder, packages, [path, "new", template, "--dir", company, ...named, ...flags], {
    PATH: [bin, process.env.PATH].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });
}
