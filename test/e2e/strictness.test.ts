// Settings and files that the real engine would pass over, refused by the program before anything is declared.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openTestCloud, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;

beforeAll(async () => {
  system = await openTestCloud();
});
afterAll(() => system?.close());

const refusal = () => system.stack.up().then(() => "", String);

test("keys that nothing reads, a secret in clear, another spelling of the domain and a slip in the limit are refused together", async () => {
  const before = await readTenant(system);
  const clear = "the-secret-in-clear";
  const { AUTH0_CLIENT_SECRET: secret } = system.environment;
  const settings = {
    ...{ protct: "false", "auth0:domian": "x", removalLimit: "200%", logRetentionDays: "31" },
    ...{ "auth0:apiToken": clear, "aws:region": "us-eest-1" },
  };
  for (const [key, value] of Object.entries(settings)) await system.stack.setConfig(key, { value });
  const said = (await refusal()).replaceAll(/\s+/g, " ");
  for (const part of [
    'protct is not a setting. Did you mean "protect"?',
    'auth0:domian is not a setting of auth0. Did you mean "auth0:domain"?',
    "removalLimit must be at most 100000 customers or 100%.",
    "logRetentionDays must be one of 1, 3, 5,",
    "auth0:apiToken is a secret, but is not encrypted.",
    'aws:region: "us-eest-1" is not an AWS region that this program knows. Did you mean "us-east-1"?',
  ]) {
    expect(said).toContain(part);
  }
  expect(said).not.toContain(clear);
  expect(said).not.toContain(secret);
  for (const key of Object.keys(settings)) await system.stack.removeConfig(key);
  await system.stack.setConfig("aws:region", { value: "us-east-1" });
  expect(await readTenant(system)).toEqual(before);
});

test("a customer file that is not read is refused, and no customer is taken for removed", async () => {
  const before = await readTenant(system);
  renameSync(join(system.customers, "acme.yaml"), join(system.customers, "acme.YAML"));
  writeFileSync(join(system.customers, "globex.yaml.bak"), "");
  const said = (await refusal()).replaceAll(/\s+/g, " ");
  expect(said).toContain(
    "acme.YAML is not read, because its ending is not in lower case. Rename it to acme.yaml.",
  );
  expect(said).toContain("globex.yaml.bak is not read, because it does not end with .yaml.");
  expect(await readTenant(system)).toEqual(before);
});
