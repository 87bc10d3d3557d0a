// `npx customers rotation-due`: which credentials it reminds of, and the command as a process.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findDue, readCredentialTimes, renderReminder } from "../../src/customers/due-credentials";
import type { CustomerClient, CustomerDeclaration } from "../../src/customers/load-customers";

const today = "2026-11-27";
const client = (more: Partial<CustomerClient> = {}): CustomerClient => ({
  name: "ci",
  scopes: ["read:orders"],
  closing: false,
  rotation: "1",
  ...more,
});
const customer = (
  clients: CustomerClient[],
  more: Partial<CustomerDeclaration> = {},
): CustomerDeclaration => ({
  id: "acme",
  displayName: "Acme",
  organization: "acme",
  status: "active",
  metadata: {},
  clients,
  ...more,
});
const state = (key: string, created: string, modified = created) => ({ [key]: { created, modified } });

function due(customers: CustomerDeclaration[], times: Parameters<typeof findDue>[0]["state"] = {}) {
  const { old, unfinished, unknown } = findDue({ customers, state: times, rotateEveryDays: 90, today });
  const names = (list: typeof old) => list.map((one) => `${one.client.name} ${one.since} ${one.age}`);
  return { old: names(old), unfinished: names(unfinished), unknown };
}

const none = { old: [], unfinished: [], unknown: [] };

describe("a credential is due", () => {
  it.each([
    ["2026-08-29", ["ci 2026-08-29 90"]],
    ["2026-08-30", []],
  ])("by the date in its file: %s", (rotation, old) => {
    expect(due([customer([client({ rotation })])])).toEqual({ ...none, old });
  });

  it("by the state's time of its own generation where the file has no date", () => {
    const times = {
      ...state("acme/ci", "2020-01-01T00:00:00Z"),
      ...state("acme/ci/2", "2026-11-01T00:00:00Z"),
    };
    expect(due([customer([client({ rotation: "2" })])], times)).toEqual(none);
    expect(due([customer([client()])], times)).toEqual({ ...none, old: ["ci 2020-01-01 2522"] });
  });

  it("by the last change of the keys, where it is a key", () => {
    const times = state("acme/ci", "2020-01-01T00:00:00Z", "2026-11-01T00:00:00Z");
    expect(due([customer([client({ publicKey: "pem" })])], times)).toEqual(none);
    expect(due([customer([client({ publicKey: "pem", rotation: "2026-01-01" })])], times)).toEqual({
      ...none,
      old: ["ci 2026-01-01 330"],
    });
  });

  it("oldest first", () => {
    const clients = [client({ rotation: "2026-02-01" }), client({ name: "app", rotation: "2026-01-01" })];
    expect(due([customer(clients)]).old).toEqual(["app 2026-01-01 330", "ci 2026-02-01 299"]);
  });

  it("unless its customer is closing", () => {
    expect(due([customer([client({ rotation: "2020-01-01" })], { status: "closing" })])).toEqual(none);
    expect(due([customer([client({ rotation: "2020-01-01" })], { status: "suspended" })]).old).toHaveLength(
      1,
    );
  });

  it("is unknown without a date and a state", () => {
    expect(due([customer([client()])])).toEqual({ ...none, unknown: ["acme/ci"] });
  });
});

describe("an unfinished rotation", () => {
  it.each([
    ["2026-11-13", ["ci 2026-11-13 14"]],
    ["2026-11-14", []],
  ])("two weeks after it began: %s", (rotation, unfinished) => {
    expect(due([customer([client({ rotation, retiring: "1" })])])).toEqual({ ...none, unfinished });
  });

  it("and is not begun again, however old", () => {
    const clients = [
      client({ rotation: "2020-01-01", retiring: "1" }),
      client({ name: "app", rotation: "2020-01-01", publicKey: "pem", retiringPublicKey: "old" }),
    ];
    expect(due([customer(clients)])).toMatchObject({
      old: [],
      unfinished: [{}, {}].map(() => expect.any(String)),
    });
  });
});

test("the text has a line with the command for each, under what to do", () => {
  const customers = [
    customer([
      client({ rotation: "2026-01-01" }),
      client({ name: "app", rotation: "2026-02-01", publicKey: "pem" }),
    ]),
    customer([client({ rotation: "2026-11-01", retiring: "1" })], { id: "globex", displayName: "Globex" }),
  ];
  const reminder = findDue({ customers, state: {}, rotateEveryDays: 90, today });
  expect(renderReminder(reminder, 90)).toBe(`### Rotate

They are 90 days old or older. The old and the new one both work until you finish the rotation.

- [ ] **Acme**, \`acme/ci\`: secret of 2026-01-01, 330 days ago: \`npx customers rotate acme ci\`
- [ ] **Acme**, \`acme/app\`: key of 2026-02-01, 299 days ago: \`npx customers rotate acme app --key NEW.pem\`

### Finish

The old one still works beside the new one. Finish the rotation once the customer uses the new one.

- [ ] **Globex**, \`globex/ci\`: secret of 2026-11-01, 26 days ago: \`npx customers rotate globex ci --finish\`
`);
});

test("only what the state knows of credentials is read from it", () => {
  const urn = (type: string, name: string) =>
    `urn:pulumi:dev::customers-as-code::customers-as-code:auth0:Customer$${type}::${name}`;
  const type = "auth0:index/clientCredentials:ClientCredentials";
  const created = "2026-01-01T00:00:00Z";
  const resources = [
    { type, urn: urn(type, "acme/ci/2"), created, modified: "2026-02-01T00:00:00Z" },
    { type, urn: urn(type, "acme/app"), created },
    { type: "auth0:index/client:Client", urn: urn("auth0:index/client:Client", "acme/other"), created },
    { type },
    null,
  ];
  expect(readCredentialTimes({ deployment: { resources } })).toEqual({
    "acme/ci/2": { created, modified: "2026-02-01T00:00:00Z" },
    "acme/app": { created, modified: created },
  });
  for (const state of [undefined, {}, { deployment: null }]) expect(readCredentialTimes(state)).toEqual({});
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "rotation-due-"));
  const states = mkdtempSync(join(tmpdir(), "states-"));
  afterAll(() => {
    for (const one of [folder, states]) rmSync(one, { recursive: true });
  });
  const write = (rotation: string) =>
    writeFileSync(
      join(folder, "acme.yaml"),
      `displayName: Acme\nclients:\n  ci:\n    scopes: [read:orders]\n${rotation}`,
    );
  function run(...args: string[]) {
    const command = ["packages/customers-as-code/bin.cjs", "rotation-due", "--customers", folder, ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
    return { code: status, stdout, stderr };
  }

  it("ends with 1 and the reminder where something is due, by the file or by the state", () => {
    write("    rotation: 2020-01-01\n");
    const { code, stdout } = run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^### Rotate\n/);

    write("");
    const resource = {
      type: "auth0:index/clientCredentials:ClientCredentials",
      urn: "urn:pulumi:dev::p::auth0:index/clientCredentials:ClientCredentials::acme/ci",
      created: "2020-01-01T00:00:00Z",
    };
    const state = join(states, "state.json");
    writeFileSync(state, JSON.stringify({ deployment: { resources: [resource] } }));
    expect(run("--state", state)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("secret of 2020-01-01"),
    });
  });

  it("knows of each customer by the state of its own shard", () => {
    write("");
    writeFileSync(
      join(folder, "globex.yaml"),
      "displayName: Globex\nclients: { ci: { scopes: [read:orders] } }\n",
    );
    const options = ["acme", "globex"].map((id) => {
      const type = "auth0:index/clientCredentials:ClientCredentials";
      const resource = { type, urn: `urn:pulumi:dev::p::${type}::${id}/ci`, created: "2020-01-01T00:00:00Z" };
      const file = join(states, `${id}.json`);
      writeFileSync(file, JSON.stringify({ deployment: { resources: [resource] } }));
      return ["--state", file];
    });
    const { stdout, stderr } = run(...options.flat());
    rmSync(join(folder, "globex.yaml"));
    expect({ stdout: stdout.match(/`\w+\/ci`/g), stderr }).toEqual({
      stdout: ["`acme/ci`", "`globex/ci`"],
      stderr: "",
    });
  });

  it("ends with 0 if nothing is due, and names what it doesn't know", () => {
    const today = new Date().toISOString().slice(0, 10);
    write(`    rotation: ${today}\n  app:\n    scopes: [read:orders]\n`);
    expect(run()).toEqual({
      code: 0,
      stdout: "No secret or key is 180 days old, and no rotation is unfinished.\n",
      stderr:
        "Skipped acme/app: neither the file nor the stack's state has the age. Name the stack with --stack, or deploy it first.\n",
    });
  });

  it("ends with 2 if it cannot find out", () => {
    write("    rotation: 0\n");
    expect(run()).toMatchObject({ code: 2, stderr: expect.stringContaining("clients.ci.rotation: must be") });
    expect(run("--days", "soon")).toMatchObject({ code: 2, stderr: expect.stringContaining("'soon'") });
    expect(run("--stack", "nowhere").stderr).toContain("Pulumi.nowhere.yaml  does not exist.");
  });
});
