// A company that has a fork converts it: the same project, on the package, creates, changes, replaces and deletes nothing, and customers'
// tokens and credentials go on working.
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { writeReleasedFork } from "../../packages/create-customers-as-code/testing/released-fork";
import { type Credentials, getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { openLocalStack } from "../../packages/local-cloud/src/local-stack";
import { exampleConfig } from "../../packages/local-cloud/testing/example-config";
import { type PackageSource, runIn, servePackages } from "../../scripts/serve-packages";
import { changesOf, openTestCloud, project, type TestCloud } from "./local-cloud";

const folder = mkdtempSync(join(tmpdir(), "fork-to-package-"));
const fork = join(folder, "fork");
const company = join(folder, "acme-api");
let packages: PackageSource;
let system: TestCloud;

beforeAll(async () => {
  packages = await servePackages();
  writeReleasedFork(fork);
  // A name and a default of its own: both are in what the fork deploys.
  edit(join(fork, "Pulumi.yaml"), (text) =>
    text.replace("name: customers-as-code", "name: orders").replace("default: 86400", "default: 3600"),
  );
  edit(join(fork, "Pulumi.dev.yaml"), (text) => text.replaceAll("customers-as-code:", "orders:"));
  appendFileSync(join(fork, "customers/acme.yaml"), "contact: api@acme.example\n");
  linkPackages(fork);
  system = await openTestCloud({ company: fork });
  await system.stack.up();
});
afterAll(async () => {
  await system?.close();
  await packages?.close();
  rmSync(folder, { recursive: true });
});

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

/** As npm ci would leave them: the fork's own workspaces, and packages of the registry, which this repository has too. */
function linkPackages(root: string): void {
  const workspaces: Record<string, string> = {
    "auth0-tenant": "packages/auth0-tenant",
    "customers-as-code": "packages/customers-as-code",
    "customers-as-code-authorizer": "authorizer",
    "local-cloud": "packages/local-cloud",
  };
  const modules = join(root, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(project, "node_modules"))) {
    if (!Object.hasOwn(workspaces, name))
      symlinkSync(join(project, "node_modules", name), join(modules, name));
  }
  for (const [name, path] of Object.entries(workspaces)) symlinkSync(join(root, path), join(modules, name));
}

/** The stack of the fork, as the company's folder has it. @param settings of its Pulumi.dev.yaml beside the example's */
async function reopen(settings: ConfigMap) {
  const { cloud, directory, environment } = system;
  return openLocalStack({
    command: await findCommand(() => undefined),
    project: company,
    directory,
    address: cloud.address,
    config: {
      ...exampleConfig(cloud.address),
      customers: { value: join(company, "customers") },
      "auth0:clientId": { value: environment.AUTH0_CLIENT_ID },
      "auth0:clientSecret": { value: environment.AUTH0_CLIENT_SECRET, secret: true },
      ...settings,
    },
  });
}

async function customersOf() {
  const outputs = await system.stack.outputs();
  const credentials = readOutput<Credentials>(outputs, "credentials");
  const acme = credentials.acme?.default;
  if (!acme) throw new Error("the company has no client acme/default");
  const token = await getToken(system.cloud.fetch, acme);
  const url = `${readOutput<string>(outputs, "url")}/orders`;
  const call = async () => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
  return { credentials, call };
}

test("npm create converts the fork, and the next preview and deployment are empty.", async () => {
  const before = await customersOf();
  expect(await before.call()).toBe(200);

  const create = ["npm", "create", "--yes", "customers-as-code", company, "--", "--from-fork", fork];
  const created = await runIn(folder, packages, create);
  expect(created).toMatchObject({ status: 0, stdout: expect.stringContaining("nothing but its data") });
  expect(await runIn(company, packages, ["npm", "test"])).toMatchObject({ status: 0 });

  const { config } = parse(readFileSync(join(company, "Pulumi.dev.yaml"), "utf8"));
  expect(config).toHaveProperty("orders:tokenLifetime", 3600);
  const stack = await reopen({ tokenLifetime: { value: String(config["orders:tokenLifetime"]) } });
  expect(await changesOf((options) => stack.preview(options))).toEqual({});

  await stack.up();
  // The same token, from before the conversion.
  expect(await before.call()).toBe(200);
  expect((await customersOf()).credentials).toEqual(before.credentials);
});

test("A default of the fork that got lost would show in the preview.", async () => {
  const stack = await reopen({});
  await stack.removeConfig("tokenLifetime");
  const changes = await changesOf((options) => stack.preview(options));
  expect(Object.values(changes).flat()).not.toEqual([]);
});
