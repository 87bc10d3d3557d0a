// Members of a customer's organization on the real engine, with the client that the README describes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Customers, readOutput } from "../../packages/local-cloud/src/credentials";
import { startUp } from "./engine-process";
import { changesOf, managementApi, openTestCloud, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
const file = () => join(system.customers, "acme.yaml");
const edit = (change: (text: string) => string) =>
  writeFileSync(file(), change(readFileSync(file(), "utf8")));
const up = () => changesOf((options) => system.stack.up(options));

beforeAll(async () => {
  system = await openTestCloud({ config: { protect: { value: "true" } } });
  await system.stack.up();
  const api = await managementApi(system.cloud);
  await api("users", {
    email: "jane@acme.example",
    password: "correct horse battery staple 9!",
    connection: "Username-Password-Authentication",
  });
});

afterAll(() => system?.close());

async function members(): Promise<string[]> {
  const { acme } = readOutput<Customers>(await system.stack.outputs(), "customers");
  const api = await managementApi(system.cloud);
  const found = await api<{ email: string }[]>(`organizations/${acme?.organizationId}/members`);
  return found.map(({ email }) => email);
}

test("an address that nobody has fails the preview, which says whose it is", async () => {
  edit((text) => `${text}members: [joe@acme.example]\n`);
  await expect(system.stack.preview()).rejects.toThrow(
    /acme: members: "joe@acme\.example" is not exactly one user of the tenant\. .*No users found/,
  );
});

test("without a preview, nothing is deployed either before every address is somebody's", async () => {
  const before = await readTenant(system);
  edit((text) => text.replace("Acme Corporation", "Acme"));
  const { code, output: said } = await startUp(system.stack).ended;
  edit((text) => text.replace("displayName: Acme", "displayName: Acme Corporation"));
  expect(code).not.toBe(0);
  expect(said).toMatch(
    /acme\.yaml {2}acme: members: "joe@acme\.example" is not exactly one user of the tenant/,
  );
  expect(await readTenant(system)).toEqual(before);
});

test("a user of the tenant becomes a member, and is found to be one by a refresh", async () => {
  edit((text) => text.replace("joe@acme.example", "Jane@acme.example"));
  expect(await up()).toEqual({ "OrganizationMember acme/jane@acme.example": "create" });
  expect(await members()).toEqual(["jane@acme.example"]);
  const { summary } = await system.stack.refresh();
  expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
  expect(await up()).toEqual({});
});

test("the address written in another way is the same member", async () => {
  edit((text) => text.replace("Jane@acme.example", "jane@acme.example"));
  expect(await up()).toEqual({});
  expect(await members()).toEqual(["jane@acme.example"]);
});

test("taken out of the list, the user leaves the organization, also where protection is on", async () => {
  edit((text) => text.replace("members: [jane@acme.example]\n", ""));
  expect(await up()).toEqual({ "OrganizationMember acme/jane@acme.example": "delete" });
  expect(await members()).toEqual([]);
  const api = await managementApi(system.cloud);
  expect(await api("users-by-email?email=jane@acme.example")).toHaveLength(1);
});
