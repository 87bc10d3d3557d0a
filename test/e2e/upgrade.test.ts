// A company on an earlier version installs today's: the next deployment creates, replaces and deletes nothing, and its customers' tokens
// and credentials go on working all the time.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Credentials, getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { openLocalStack } from "../../packages/local-cloud/src/local-stack";
import { exampleConfig } from "../../packages/local-cloud/testing/example-config";
import { type PackageSource, releasesFolder, runIn, servePackages } from "../../scripts/serve-packages";
import { changesOf, openTestCloud, project, type TestCloud } from "./local-cloud";

const { version: today }: { version: string } = JSON.parse(
  readFileSync(join(project, "packages/customers-as-code/package.json"), "utf8"),
);

let packages: PackageSource;
beforeAll(async () => {
  packages = await servePackages();
});
afterAll(() => packages.close());

const versions = readdirSync(releasesFolder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test.each(versions)("A company on %s upgrades, and its customers don't notice.", async (version) => {
  const folder = mkdtempSync(join(tmpdir(), "company-"));
  let system: TestCloud | undefined;
  try {
    cpSync(join(releasesFolder, version, "company"), folder, { recursive: true });
    await install(folder);
    expect(installedVersion(folder)).toBe(version);
    system = await openTestCloud({ company: folder });
    await system.stack.up();
    const before = await customersOf(system);
    expect(await before.call()).toBe(200);

    await upgrade(folder, version);
    expect(installedVersion(folder)).toBe(today);
    const stack = await reopen(system, folder);
    const changes = await changesOf((options) => stack.preview(options));
    expect(changes).toEqual({});
    expect(await before.call()).toBe(200);

    await stack.up();
    // The same token, from before the upgrade.
    expect(await before.call()).toBe(200);
    const after = await customersOf(system);
    expect(after.credentials).toEqual(before.credentials);
    expect(await after.call()).toBe(200);
  } finally {
    await system?.close();
    rmSync(folder, { recursive: true });
  }
});

async function install(folder: string): Promise<void> {
  const { status, stderr } = await runIn(folder, packages, ["npm", "install"]);
  if (status !== 0) throw new Error(stderr);
}

function installedVersion(folder: string): string {
  const file = join(folder, "node_modules/customers-as-code/package.json");
  return JSON.parse(readFileSync(file, "utf8")).version;
}

/** What docs/how-to/upgrade.md has a company do: the version, and `customers upgrade`; after the fork, also the program's form. */
async function upgrade(folder: string, from: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const isFork = from === "0.1.0";
  const upgraded = {
    ...manifest,
    ...(isFork && { type: "module" }),
    dependencies: { "customers-as-code": today },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(upgraded));
  if (isFork) cpSync(join(project, "index.ts"), join(folder, "index.ts"));
  await install(folder);
  const { status, stdout, stderr } = await runIn(folder, packages, [
    "npx",
    "--no-install",
    "customers",
    "upgrade",
  ]);
  if (status !== 0) throw new Error(stdout + stderr);
  expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toContain("--import customers-as-code/start-up");
}

/** The stack as the upgraded company's Pulumi.yaml has it, with the settings that it has already. */
async function reopen({ cloud, directory, environment, customers }: TestCloud, folder: string) {
  return openLocalStack({
    command: await findCommand(() => undefined),
    project: folder,
    directory,
    address: cloud.address,
    config: {
      ...exampleConfig(cloud.address),
      customers: { value: customers },
      "auth0:clientId": { value: environment.AUTH0_CLIENT_ID },
      "auth0:clientSecret": { value: environment.AUTH0_CLIENT_SECRET, secret: true },
    },
  });
}

async function customersOf({ stack, cloud }: TestCloud) {
  const outputs = await stack.outputs();
  const credentials = readOutput<Credentials>(outputs, "credentials");
  const acme = credentials.acme?.default;
  if (!acme) throw new Error("the company has no client acme/default");
  const token = await getToken(cloud.fetch, acme);
  const url = `${readOutput<string>(outputs, "url")}/orders`;
  const call = async () => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
  return { credentials, call };
}
