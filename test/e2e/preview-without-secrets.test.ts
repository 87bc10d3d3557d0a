// What runs the pull request's code has no secret, and sees the same plan as whoever has them all; on the real engine.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import type { Previewed } from "../../packages/customers-as-code/src/review/comment/plan-file";
import { portal, portalSecrets } from "../../packages/customers-as-code/testing/portal-blocks";
import { managementApi, openTestCloud, project, type TestCloud } from "./local-cloud";

let system: TestCloud;
/** Every secret that there is, by what it is of. */
const secrets = new Map<string, string>();

/** The block as `pulumi config set --path` writes it. */
function settingsOf(block: object, path: string): ConfigMap {
  return Object.fromEntries(
    Object.entries(block).flatMap(([key, value]): [string, { value: string }][] =>
      typeof value === "object"
        ? Object.entries(settingsOf(value, `${path}.${key}`)).map(([name, of]) => [name, { value: of.value }])
        : [[`${path}.${key}`, { value: String(value) }]],
    ),
  );
}

beforeAll(async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  const certificateArn = portal.certificateArn.replace("eu-central-1", "us-east-1");
  system = await openTestCloud({
    awsx: true,
    config: {
      ...settingsOf({ ...portal, certificateArn }, "portal"),
      "plans.basic.throttle.rate": { value: "10" },
      "plans.basic.throttle.burst": { value: "20" },
      defaultPlan: { value: "basic" },
      deliveryKmsKeyArn: { value: kmsKeyArn },
      protect: { value: "true" },
      moesifManagementToken: { value: portalSecrets.moesifManagementToken, secret: true },
      stripeApiKey: { value: portalSecrets.stripeApiKey, secret: true },
    },
  });
  edit("acme", (text) => text.replace("clients:\n", 'delivery:\n  awsAccountId: "210987654321"\nclients:\n'));
  writeFileSync(
    join(system.directory, "policy.json"),
    JSON.stringify({ "public-routes": { allowed: ["GET /health"] } }),
  );
  await system.stack.up();
  await noteSecrets();
  const written = await command(all(), "state", "--out", stateFolder());
  expect(written).toMatchObject({ code: 0, output: "Wrote local, without secrets.\n" });
});
afterAll(() => system?.close());

const stateFolder = () => join(system.directory, "blank");
const policy = () => ["--policy", join(system.directory, "policy.json")];
const projectFolder = () => system.stack.workspace.workDir;
const edit = (id: string, change: (text: string) => string) => {
  const file = join(system.customers, `${id}.yaml`);
  writeFileSync(file, change(readFileSync(file, "utf8")));
};

async function noteSecrets(): Promise<void> {
  const api = await managementApi(system.cloud);
  const clients = await api<{ name: string; client_secret?: string }[]>("clients?per_page=100");
  for (const { name, client_secret } of clients) if (client_secret) secrets.set(name, client_secret);
  for (const { inputs, outputs } of system.cloud.aws.account.list("aws:apigateway/apiKey:ApiKey")) {
    secrets.set(`API key: ${inputs.description}`, String(outputs.value));
  }
  secrets.set("moesifApplicationId", system.cloud.address.moesif.applicationId);
  secrets.set("moesifManagementToken", portalSecrets.moesifManagementToken);
  secrets.set("stripeApiKey", portalSecrets.stripeApiKey);
}

/** Of the job that may read the states. */
function all(): Record<string, string | undefined> {
  const { envVars, pulumiCommand } = system.stack.workspace;
  const PATH = [envVars.PATH, dirname(pulumiCommand.command)].join(":");
  return { ...process.env, ...envVars, PATH };
}

/** Of the job that runs the pull request's code. */
function none(): Record<string, string | undefined> {
  const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, ...others } = all();
  return others;
}

function command(
  environment: Record<string, string | undefined>,
  name: string,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    [join(project, "packages/customers-as-code/bin.cjs"), name, ...args, ...["--stack", "local"]],
    { cwd: projectFolder(), env: environment },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

/** Two previews do not lose a customer at one time: the output `lastDeployment` has the date of each loss. */
function undated(previewed: Previewed): unknown {
  return JSON.parse(JSON.stringify(previewed), (key, value) => (key === "at" ? "some time" : value));
}

async function plan(environment: Record<string, string | undefined>, ...more: string[]): Promise<Previewed> {
  const file = join(system.directory, "plan.json");
  rmSync(file, { force: true });
  const { code, output } = await command(environment, "preview", "--plan", file, ...policy(), ...more);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(secretsIn(output)).toEqual([]);
  const text = readFileSync(file, "utf8");
  expect(secretsIn(text)).toEqual([]);
  // What the engine appends to the names of new resources.
  return inOrder(JSON.parse(text.replaceAll(/-[0-9a-f]{7}(?=")/g, "-random")));
}

/** The engine works on several resources at once, and reports each when it is done. */
function inOrder({ main, ...rest }: Previewed): Previewed {
  const key = ({ urn, op }: Previewed["main"]["steps"][number]) => `${urn} ${op}`;
  const steps = main.steps
    .map((step) => ({ ...step, differences: [...step.differences].sort() }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return { ...rest, main: { ...main, steps } };
}

const secretsIn = (text: string) =>
  [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
const changed = ({ main }: Previewed) =>
  main.steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, name, differences }) => ({ op, name, differences }));

test("the tenant, the gateway, the portal and the settings have secrets to look for", () => {
  expect([...secrets.keys()]).toEqual(
    expect.arrayContaining([
      "acme/default",
      "globex/warehouse",
      "API key: Counts the requests of the customer acme.",
      "stripeApiKey",
    ]),
  );
  expect([...secrets.values()].filter((secret) => secret.length < 8)).toEqual([]);
});

test("an unchanged program has the same plan without the secrets, in which nothing changes", async () => {
  const found = await plan(none(), "--state", stateFolder());
  expect(changed(found)).toEqual([]);
  expect(found).toEqual(await plan(all()));
});

test("a change has the same plan without the secrets, however much of it is made of them", async () => {
  edit("globex", (text) => text.replace("clients:", "status: suspended\nclients:"));
  edit("acme", (text) => text.replace("displayName: ", "displayName: New "));
  await command(all(), "rotate", "acme", "--customers", system.customers);
  writeFileSync(
    join(system.customers, "umbrella.yaml"),
    'displayName: Umbrella\ndelivery:\n  awsAccountId: "210987654322"\nclients:\n  default:\n    scopes: [read:orders]\n',
  );
  await system.stack.setConfig("stripeApiKey", { value: "sk_live_another_secret", secret: true });
  secrets.set("new stripeApiKey", "sk_live_another_secret");
  const found = await plan(none(), "--state", stateFolder());
  expect(changed(found).length).toBeGreaterThan(8);
  expect(changed(found).map(({ name }) => name)).toContain("gateway-authorizer");
  // The portal's secret, by the changed setting.
  expect(changed(found)).toContainEqual(
    expect.objectContaining({ name: "portal", differences: ["secretString"] }),
  );
  expect(undated(found)).toEqual(undated(await plan(all())));

  const comments = ["reviewed.md", "previewed.md"].map((name) => join(system.directory, name));
  const [reviewed = "", previewed = ""] = comments;
  const file = join(system.directory, "plan.json");
  expect(await command(process.env, "review", "--plan", file, "--comment", reviewed)).toMatchObject({
    code: 0,
  });
  const alone = await command(all(), "preview", "--comment", previewed, ...policy());
  expect(alone).toMatchObject({ code: 0 });
  // In any order: the engine works on several resources at once.
  const [words, others] = comments.map((path) =>
    readFileSync(path, "utf8")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "some time")
      .split(/[\s,]+/)
      .sort(),
  );
  expect(words).toEqual(others);
});

test("a program that prints everything it can reach prints no secret", async () => {
  const folder = join(system.directory, "attack");
  mkdirSync(folder);
  const file = parseDocument(readFileSync(join(projectFolder(), "Pulumi.yaml"), "utf8"));
  file.set("main", join(project, "test/fixtures/prints-everything/index.ts"));
  file.setIn(
    ["runtime", "options", "nodeargs"],
    `--import ${join(project, "packages/customers-as-code/start-up.mjs")}`,
  );
  writeFileSync(join(folder, "Pulumi.yaml"), String(file));
  cpSync(join(projectFolder(), "Pulumi.local.yaml"), join(folder, "Pulumi.local.yaml"));
  const to = join(system.directory, "attack.json");
  const { output } = await command(
    { ...none(), PROJECT_FOLDER: folder },
    "preview",
    ...["--project", folder, "--state", stateFolder(), "--plan", to],
  );
  // It looks where secrets would be.
  for (const seen of [
    "PULUMI_BACKEND_URL",
    '"credentials"',
    "blank",
    "acme/default",
    "moesifApplicationId",
  ]) {
    expect(output).toContain(seen);
  }
  expect(secretsIn(output + readFileSync(to, "utf8"))).toEqual([]);
  const files = readdirSync(stateFolder(), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const kept = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1")).join("\n");
  expect(secretsIn(kept)).toEqual([]);
  const exported = execFileSync("pulumi", ["stack", "export", "--show-secrets", "--stack", "local"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    env: {
      ...none(),
      PULUMI_BACKEND_URL: `file://${join(stateFolder(), "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "placeholders",
    },
  });
  expect(secretsIn(exported)).toEqual([]);
  expect(exported).toContain("blank");
});
