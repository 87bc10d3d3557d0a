// Every secret that a stack's life makes, looked for in all that is printed, commented, logged and kept meanwhile.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { currentValue } from "../../packages/local-cloud/src/aws/services/secrets-manager";
import { type Credentials, getToken, readOutput } from "../../packages/local-cloud/src/credentials";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { managementApi, openTestCloud, project, type TestCloud } from "./local-cloud";

let system: TestCloud;
let environment: Record<string, string | undefined>;
/** By where it was seen. */
const seen = new Map<string, string>();
/** Every client secret that the tenant has had, by its client's name. */
const secrets = new Map<string, string>();

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const file = () => join(system.customers, "acme.yaml");

beforeAll(async () => {
  system = await openTestCloud({
    config: { protect: { value: "true" }, deliveryKmsKeyArn: { value: kmsKeyArn } },
  });
  const text = readFileSync(file(), "utf8");
  writeFileSync(file(), text.replace("clients:\n", 'delivery:\n  awsAccountId: "210987654321"\nclients:\n'));
  const { envVars } = system.stack.workspace;
  const { path } = await findCommand(() => undefined);
  environment = { ...process.env, ...envVars, PATH: [dirname(path), envVars.PATH].join(delimiter) };
});

afterAll(() => system?.close());

function see(where: string, text: string): void {
  seen.set(where, (seen.get(where) ?? "") + text);
}

/** What the engine prints and reports of each step, with every property that changes. */
async function deploy(step: string, operations: readonly ("preview" | "up")[] = ["up"]): Promise<void> {
  for (const operation of operations) {
    await system.stack[operation]({
      diff: true,
      onOutput: (text) => see(`${step}: output of ${operation}`, text),
      onError: (text) => see(`${step}: errors of ${operation}`, text),
      onEvent: (event) => see(`${step}: events of ${operation}`, JSON.stringify(event)),
    });
  }
  await noteSecrets();
}

async function noteSecrets(): Promise<void> {
  const api = await managementApi(system.cloud);
  const clients = await api<{ name: string; client_secret?: string }[]>("clients?per_page=100");
  for (const { name, client_secret } of clients) if (client_secret) secrets.set(name, client_secret);
}

function run(step: string, command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, { cwd: project, env: environment });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  return new Promise((resolve) =>
    child.on("close", () => {
      see(`${step}: ${[command.split("/").at(-1), ...args].join(" ")}`, printed);
      resolve(printed);
    }),
  );
}

const runCustomers = (step: string, ...args: string[]) =>
  run(step, process.execPath, ["packages/customers-as-code/bin.cjs", ...args]);
const customer = (...args: string[]) => runCustomers("files", ...args, "--customers", system.customers);

async function comment(step: string): Promise<string> {
  const to = join(system.directory, "comment.md");
  const folder = join(system.directory, "engine", "project");
  await runCustomers(step, "preview", "--stack", "local", "--project", folder, "--comment", to);
  const text = readFileSync(to, "utf8");
  see(`${step}: comment`, text);
  return text;
}

/** As the customer's own account reads it. */
async function delivered(): Promise<Record<string, unknown>> {
  const { acme } = readOutput<Record<string, Record<string, string>>>(
    await system.stack.outputs(),
    "deliveredSecrets",
  );
  return JSON.parse(currentValue(acme?.default ?? "", system.cloud.aws.account) ?? "{}");
}

const credentials = async () => readOutput<Credentials>(await system.stack.outputs(), "credentials");

test("a customer's own account gets the new secret by itself when it rotates", async () => {
  await deploy("first");
  const first = (await credentials()).acme?.default;
  const { clientId, clientSecret, tokenUrl, audience, scopes } = first ?? {};
  expect(await delivered()).toEqual({ clientId, clientSecret, tokenUrl, audience, scopes });

  await customer("rotate", "acme");
  expect(await comment("rotating")).toContain("a new secret");
  await deploy("rotating", ["preview", "up"]);
  const second = (await credentials()).acme?.default;
  expect(second?.retiring?.clientSecret).toBe(clientSecret);
  expect((await delivered()).clientSecret).toBe(second?.clientSecret);
  expect(second?.clientSecret).not.toBe(clientSecret);

  await customer("rotate", "acme", "--finish");
  await deploy("finishing");
  expect((await delivered()).clientSecret).toBe(second?.clientSecret);
});

test("npx customers credentials asks the stack, and prints just what was asked for", async () => {
  const { acme } = await credentials();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      ...[join(project, "packages/customers-as-code/bin.cjs"), "credentials"],
      ...["acme", "--stack", "local", "--format", "json"],
    ],
    { cwd: join(system.directory, "engine", "project"), env: environment, encoding: "utf8" },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { clientId, clientSecret } = acme?.default ?? {};
  expect(JSON.parse(stdout)).toEqual({ default: expect.objectContaining({ clientId, clientSecret }) });
  for (const secret of [...secrets.values()].filter((one) => one !== clientSecret)) {
    expect(stdout).not.toContain(secret);
  }
});

test("no secret is in what is printed, commented, logged or kept", async () => {
  const { acme, globex } = await credentials();
  const url = readOutput<string>(await system.stack.outputs(), "url");
  for (const client of [acme?.default, globex?.warehouse]) {
    if (!client) throw new Error("there are no credentials");
    const authorization = `Bearer ${await getToken(system.cloud.fetch, client)}`;
    secrets.set(`token of ${client.clientId}`, authorization.split(".")[2] ?? "");
    expect((await fetch(`${url}/orders`, { headers: { authorization } })).status).toBe(200);
  }
  await system.cloud.aws.flushLogs();
  await system.stack.refresh({ onOutput: (text) => see("refresh: output", text) });
  for (const args of [
    ["stack"],
    ["stack", "output"],
    ["stack", "output", "--json"],
    ["stack", "export"],
    ["config"],
  ]) {
    const inProject = [...args, "--stack", "local", "--cwd", join(system.directory, "engine", "project")];
    await run("afterwards", "pulumi", inProject);
  }
  // What the engine keeps, its history and backups among it, and what API Gateway, the function and Firehose have written.
  for (const folder of ["engine", "aws/logs", "moesif", "backend"]) {
    const entries = readdirSync(join(system.directory, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      see(path.slice(system.directory.length + 1), readFileSync(path, "latin1"));
    }
  }

  const [first, rotated] = [...secrets.keys()].filter((name) => name.startsWith("acme/default"));
  expect([first, rotated]).toEqual(["acme/default", expect.stringMatching(/^acme\/default\/\d{4}-/)]);
  expect([...secrets.keys()]).toEqual(
    expect.arrayContaining(["globex/warehouse", "initech/default", expect.stringContaining("Portal")]),
  );
  const all = [...secrets].flatMap(([name, secret]) =>
    [secret, Buffer.from(secret).toString("base64").replace(/=*$/, "")].map((text) => ({ name, text })),
  );
  expect(all.every(({ text }) => text.length >= 32)).toBe(true);
  const found = [...seen].flatMap(([where, text]) =>
    all.filter((secret) => text.includes(secret.text)).map(({ name }) => `${name} in ${where}`),
  );
  expect(found).toEqual([]);

  // The search looks where something is: everywhere that may show a client shows its id.
  const { clientId = "" } = acme?.default ?? {};
  const shows = [...seen].filter(([, text]) => text.includes(clientId)).map(([where]) => where);
  for (const where of [
    /events of up/,
    /output of up/,
    /stack output/,
    /stack export/,
    /^engine\/state/,
    /^aws\/logs/,
    /^moesif/,
  ]) {
    expect(shows).toContainEqual(expect.stringMatching(where));
  }
  expect([...seen.keys()]).toContainEqual(expect.stringMatching(/: comment$/));
});
