// A pull request on the real engine: its preview, what refuses it, and its deployment; by the commands that CI runs.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parseEnv } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { checkDeploymentPlan } from "../../packages/customers-as-code/src/review/guards/guards";
import { readPlan } from "../../packages/customers-as-code/src/stacks/plan";
import { type Credentials, readOutput } from "../../packages/local-cloud/src/credentials";
import { findCommand } from "../../packages/local-cloud/src/engine/command";
import { openLocalStack } from "../../packages/local-cloud/src/local-stack";
import { exampleConfig } from "../../packages/local-cloud/testing/example-config";
import { openTestCloud, project, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
let environment: Record<string, string | undefined>;
/** All that any command has printed or written. */
const everything: string[] = [];

beforeAll(async () => {
  system = await openTestCloud({ config: { protect: { value: "true" } } });
  copyFileSync(join(project, "openapi.yaml"), document());
  await system.stack.setConfig("openapi", { value: document() });
  await system.stack.up();
  writeFileSync(policyConfig(), JSON.stringify({ "public-routes": { allowed: ["GET /health"] } }));
  const { envVars } = system.stack.workspace;
  const { path } = await findCommand(() => undefined);
  environment = { ...process.env, ...envVars, PATH: [dirname(path), envVars.PATH].join(delimiter) };
  git("init", "--quiet");
  commit();
});
afterAll(() => system?.close());

const document = () => join(system.directory, "openapi.yaml");
/** The repository of the company; a pull request is what is not committed in it. */
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: system.directory,
  });
function commit() {
  git("add", "customers", "openapi.yaml", "policy.json", "engine/project/*.yaml");
  git("commit", "--quiet", "--message", "change", "--allow-empty");
}
const policyConfig = () => join(system.directory, "policy.json");
const customerFile = (id: string) => join(system.customers, `${id}.yaml`);
const edit = (id: string, change: (text: string) => string) =>
  writeFileSync(customerFile(id), change(readFileSync(customerFile(id), "utf8")));

/** @returns the exit code, the Markdown, and what else is printed */
async function run(
  script: "preview" | "up",
  more: Record<string, string> = {},
): Promise<{ code: number | null; text: string; printed: string }> {
  const file = join(system.directory, `${script}.md`);
  rmSync(file, { force: true });
  const to = script === "preview" ? "--comment" : "--summary";
  const target = ["--stack", "local", "--project", projectFolder(), "--policy", policyConfig()];
  const { code, printed } = await spawned(
    process.execPath,
    ["packages/customers-as-code/bin.cjs", script, ...target, to, file],
    project,
    { PR_BASE: "HEAD", ...more },
  );
  const text = readFileSync(file, "utf8").replaceAll(system.customers, "customers");
  everything.push(printed, text);
  return { code, text, printed };
}

const projectFolder = () => join(system.directory, "engine", "project");

async function spawned(command: string, args: string[], cwd: string, more: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd, env: { ...environment, ...more } });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, printed };
}

const bullets = (text: string) =>
  text.split("\n").filter((line) => line.startsWith("- ") && !/^- \w+:/.test(line));

test("wrong files are the comment, with their places", async () => {
  edit("acme", (text) => text.replace("read:orders", "read:order"));
  const { code, text } = await run("preview");
  edit("acme", (text) => text.replace("read:order,", "read:orders,"));
  expect({ code, text }).toEqual({
    code: 1,
    text: expect.stringContaining("### Preview of `local`: refused, 1 problem"),
  });
  expect(text).toContain(
    'customers/acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?\n1 problem in 1 of 4 files',
  );
});

test("too many customers at once are refused, with the way out", async () => {
  const texts = ["acme", "globex"].map((id) => ({ id, text: readFileSync(customerFile(id), "utf8") }));
  for (const { id } of texts) rmSync(customerFile(id));
  const { code, text } = await run("preview");
  for (const { id, text: before } of texts) writeFileSync(customerFile(id), before);
  expect(code).toBe(1);
  expect(text).toContain(
    "this deployment removes acme, globex: 2 of 3 customers, and at most 1 may go at once (25%).",
  );
  expect(text).toContain("pulumi config set removalLimit 2");
});

test("what only the engine refuses names the customer, and no URN", async () => {
  const deployment = await system.stack.exportStack();
  const { resources } = deployment.deployment;
  const root = resources.find(({ type }: { type: string }) => type === "pulumi:pulumi:Stack");
  const { outputs } = root;
  // As after a first deployment that failed: the program has nothing to compare with.
  root.outputs = {};
  await system.stack.importStack(deployment);
  const text = readFileSync(customerFile("acme"), "utf8");
  rmSync(customerFile("acme"));
  const refused = await run("preview");
  writeFileSync(customerFile("acme"), text);
  root.outputs = outputs;
  await system.stack.importStack(deployment);
  expect(refused.code).toBe(1);
  expect(refused.text.match(/would delete protected resources of customer acme/g)).toHaveLength(1);
  expect(refused.text).toContain('run "npx customers remove acme", merge and deploy that');
  expect(refused.text).not.toMatch(/urn:pulumi|unprotect/);
});

test("a URL that changes for every customer is refused, until the change is approved", async () => {
  await system.stack.setConfig("stageName", { value: "v2" });
  const refused = await run("preview");
  await system.stack.setConfig("approvedChanges[0]", { value: "stageName=v2" }, true);
  const approved = await run("preview");
  git("checkout", "--quiet", ".");
  expect(refused).toMatchObject({
    code: 1,
    text: expect.stringContaining("### Preview of `local`: refused, 1 problem"),
  });
  expect(refused.text).toContain(
    `stageName: "v2" instead of "v1" changes the API's URL for every customer: acme, globex, initech`,
  );
  expect(refused.text).not.toMatch(/urn:pulumi|unprotect/);
  expect(approved.code).toBe(0);
  expect(approved.text).toContain("- **loosens a guard**: adds `stageName=v2` to `approvedChanges`");
});

test("what a deployment does is described in the customers' words, with the plan folded below", async () => {
  writeFileSync(
    customerFile("umbrella"),
    "displayName: Umbrella\nclients:\n  default:\n    scopes: [read:orders]\n",
  );
  edit("globex", (text) =>
    text.replace("[read:invoices]", "[read:orders]").replace("clients:", "status: suspended\nclients:"),
  );
  edit("initech", (text) => text.replace(/^status: suspended.*\n/m, ""));
  const { code, text } = await run("preview");
  expect({ code, bullets: bullets(text) }).toEqual({
    code: 0,
    bullets: [
      "- **gains access**: gives `read:orders` to client `bookkeeping` of `globex` (*Globex*)",
      "- **gains access**: resumes `initech` (*Initech*): its 1 client may call the API again",
      "- **cuts off**: suspends `globex` (*Globex*): its 2 clients get 403",
      "- **cuts off**: takes `read:invoices` from client `bookkeeping` of `globex` (*Globex*): it keeps `read:orders`",
      "- adds customer `umbrella` (*Umbrella*) with 1 client (`default` with `read:orders`)",
      "- beside customers: `update` Function `gateway-authorizer`",
    ],
  });
  expect(text).toMatch(/<details><summary>The plan: 6 to create, \d to update, \d+ the same<\/summary>/);
  expect(text).toContain("+ auth0:index/client:Client umbrella/default\n");
});

test("after the merge it is deployed, and described again", async () => {
  commit();
  const { code, text, printed } = await run("up");
  expect({ code, text, printed }).toEqual({
    code: 0,
    text: expect.stringContaining("### Deployment of `local`: customers: 1 added, 2 changed"),
    printed: expect.stringMatching(/^Outputs:$/m),
  });
  expect((await readTenant(system)).organizations?.some((name) => name.startsWith("umbrella "))).toBe(true);
  const { code: second, text: nothing } = await run("preview");
  expect({ second, nothing }).toEqual({
    second: 0,
    nothing: expect.stringContaining("`local`: nothing changes"),
  });
});

test("settings that no resource shows, the policy pack and the document are described by what they mean", async () => {
  await system.stack.setConfig("removalLimit", { value: "100%" });
  await system.stack.setConfig("backendUrl", { value: "https://stranger.example.com" });
  writeFileSync(
    policyConfig(),
    JSON.stringify({ "protected-customers": "disabled", "public-routes": { allowed: ["GET /health"] } }),
  );
  writeFileSync(
    document(),
    readFileSync(document(), "utf8").replace(/(delete:[\s\S]*?)write:orders/, "$1read:orders"),
  );
  edit("umbrella", (text) => text.replace("displayName: Umbrella", "displayName: Globex"));
  const { text } = await run("preview");
  git("checkout", "--quiet", ".");
  for (const sentence of [
    "- **loosens a guard**: changes `removalLimit` from `25%` to `100%`: more customers may go at once",
    "- **loosens a guard**: changes `enforcementLevel` of the policy `protected-customers` from `mandatory` to `disabled`",
    "- **gains access**: `DELETE /orders/{orderId}` requires `read:orders` instead of `write:orders`",
    "to `https://stranger.example.com`: the requests of every operation",
    "- **goes elsewhere**: changes the display name of `umbrella` from `Umbrella` to `Globex`: `globex` has this display name until now",
  ]) {
    expect(text).toContain(sentence);
  }
  expect(text).not.toContain("cannot be compared");
});

test("the policy pack refuses a deployment from a laptop too: public routes, and customers without protection", async () => {
  const before = await readTenant(system);
  await system.stack.setConfig("protect", { value: "false" });
  edit("umbrella", (text) => text.replace("Umbrella", "Umbrella Corporation"));
  const pack = ["--policy-pack", join(project, "packages/customers-as-code/policy")];
  const up = await spawned(
    "pulumi",
    ["up", "--yes", "--stack", "local", "--non-interactive", ...pack],
    projectFolder(),
  );
  await system.stack.setConfig("protect", { value: "true" });
  edit("umbrella", (text) => text.replace("Umbrella Corporation", "Umbrella"));
  const { printed: failure } = up;
  expect(up.code).not.toBe(0);
  expect(failure).toContain("GET /health is public, and not allowed to be.");
  expect(failure).toContain("The organization of customer umbrella is not protected.");
  expect(failure).toContain("The client globex/warehouse is not protected.");
  expect(failure).toContain("Set the stack's config protect to true");
  expect(failure).toContain("add it to public-routes.allowed in policy/STACK.json");
  expect(await readTenant(system)).toEqual(before);
});

test("the policy pack refuses a client that may do nothing, unless its customer is closing", async () => {
  const stack = await openLocalStack({
    command: await findCommand(() => undefined),
    project: join(project, "test/fixtures/no-scopes"),
    directory: join(system.directory, "no-scopes"),
    address: system.cloud.address,
    config: exampleConfig(system.cloud.address),
  });
  const failure = await stack
    .preview({ policyPacks: [join(project, "packages/customers-as-code/policy")] })
    .then(() => "", String);
  expect(failure).toContain("The client acme/ci has no scope.");
  expect(failure).toContain("set its status to closing or suspended, or give the client its scopes back.");
  expect(failure).not.toContain("The client globex/ci has no scope.");
});

test("customers preview names the policy that refuses it, and reports that the owners of the changed files are unknown", async () => {
  writeFileSync(policyConfig(), JSON.stringify({ "public-routes": { allowed: [] } }));
  // Without it, the stack would have no new outputs, which the CLI would show.
  edit("umbrella", (content) => content.replace("read:orders", "read:invoices"));
  const { code, text, printed } = await run("preview", { PR_AUTHOR: "eve", PR_BASE: "no-such-commit" });
  expect(code).toBe(1);
  expect(bullets(text).slice(0, 3)).toEqual([
    expect.stringMatching(/^- \*\*owners\*\*: The owners of the changed files cannot be determined: /),
    expect.stringMatching(
      /^- \*\*public-routes\*\*: GET \/health is public, and not allowed to be\. Only routes/,
    ),
    expect.stringMatching(/^- \*\*cannot be compared\*\*: .*no\\-such\\-commit/),
  ]);
  const before = await readTenant(system);
  const up = await run("up");
  edit("umbrella", (content) => content.replace("read:invoices", "read:orders"));
  expect(up.code).toBe(1);
  expect(await readTenant(system)).toEqual(before);
  // A refusal ends the output.
  for (const shown of [printed, up.printed]) {
    expect(shown).toContain("GET /health is public, and not allowed to be.");
    expect(shown).not.toMatch(/^Outputs:|lastDeployment/m);
  }
});

test("a plan that replaces a customer's client is refused", async () => {
  const { stack } = system;
  await stack.setConfig("protect", { value: "false" });
  const events: EngineEvent[] = [];
  const urn =
    "urn:pulumi:local::customers-as-code::customers-as-code:auth0:Customer$auth0:index/client:Client::acme/default";
  await stack.preview({ replace: [urn], onEvent: (event) => events.push(event) });
  await stack.setConfig("protect", { value: "true" });
  expect(checkDeploymentPlan(readPlan("local", events), undefined)).toEqual([
    {
      guard: "replaced customers",
      message: expect.stringMatching(/^The client "default" of acme would be replaced/),
    },
  ]);
});

test("no secret is in what was printed, in a comment or, in clear, in the state", async () => {
  const outputs = await system.stack.outputs();
  const credentials = readOutput<Credentials>(outputs, "credentials");
  const { PLUGIN_AUTH0_M2M_CLIENT_SECRET: ofPortal } = parseEnv(readOutput<string>(outputs, "portalEnv"));
  const { moesif } = system.cloud.address;
  const secrets = [
    ...Object.values(credentials).flatMap((clients) =>
      Object.values(clients).map(({ clientSecret }) => clientSecret),
    ),
    ...[ofPortal, system.environment.AUTH0_CLIENT_SECRET, moesif.applicationId],
  ];
  expect(secrets.filter((secret) => secret === undefined || secret.length < 8)).toEqual([]);
  expect(secrets.length).toBe(8);
  const state = join(system.directory, "engine", "state");
  const files = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
  expect(files.some((text) => text.includes("umbrella/default"))).toBe(true);
  const texts = [...everything, ...files];
  expect(secrets.filter((secret) => texts.some((text) => text.includes(String(secret))))).toEqual([]);
});
