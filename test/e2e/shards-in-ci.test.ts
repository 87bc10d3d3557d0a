// A company with shards, as CI deploys and previews it on the real engine: by the commands that the workflows run.
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shardStacks, stackOf } from "../../packages/customers-as-code/src/customers/shard-placement";
import { runCommand } from "./engine-process";
import { openTestCloud, readTenant, type TestCloud } from "./local-cloud";

let system: TestCloud;
const to = { main: "local", shards: 2 };
const policy = () => join(system.directory, "policy.json");

beforeAll(async () => {
  system = await openTestCloud({ config: { protect: { value: "true" }, shards: { value: "2" } } });
  writeFileSync(policy(), JSON.stringify({ "public-routes": { allowed: ["GET /health"] } }));
  copyFileSync("openapi.yaml", join(system.directory, "openapi.yaml"));
  await system.stack.setConfig("openapi", { value: join(system.directory, "openapi.yaml") });
  git("init", "--quiet");
  git("add", "openapi.yaml", "policy.json", "engine/project/*.yaml");
  commit();
});
afterAll(() => system?.close());

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: system.directory,
  });
function commit() {
  git("add", "customers");
  git("commit", "--quiet", "--message", "change", "--allow-empty");
}
const up = (stack: string) => runCommand(system, "up", ["--stack", stack, "--policy", policy()]);
const preview = () => runCommand(system, "preview", ["--changed-since", "HEAD^1", "--policy", policy()]);

test("after a merge the customers are moved, and the main stack, the shards and the main stack again deployed", async () => {
  const moved = await runCommand(system, "shards", ["move"]);
  expect(moved).toMatchObject({ code: 0 });
  const listed = await runCommand(system, "shards", ["list"]);
  expect(JSON.parse(listed.output)).toEqual(shardStacks(to));
  expect(await up("local")).toMatchObject({ code: 0 });
  for (const shard of shardStacks(to)) {
    const { code, output } = await up(shard);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(`### Deployment of \`${shard}\``);
    expect(output).not.toContain("will not show as a stack output");
  }
  const last = await up("local");
  expect(last).toMatchObject({ code: 0 });
  // Initech is suspended, of which the main stack knows by its shard.
  expect(last.output).toContain("`update` Function `gateway-authorizer`");
  expect((await readTenant(system)).organizations).toHaveLength(3);
});

test("a pull request that adds a customer previews its shard and the main stack, and no other", async () => {
  const home = stackOf({ id: "umbrella" }, to);
  const [other = ""] = shardStacks(to).filter((name) => name !== home);
  writeFileSync(
    join(system.customers, "umbrella.yaml"),
    "displayName: Umbrella\nclients:\n  default:\n    scopes: [read:orders]\n",
  );
  commit();
  const { code, output } = await preview();
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain("### Preview of `local`: customers: 1 added");
  expect(output).toContain(`Of its 2 shards, concerned: \`${home}\`.`);
  expect(output).toContain(
    "- adds customer `umbrella` (*Umbrella*) with 1 client (`default` with `read:orders`)",
  );
  expect(output).toContain(`[${home}] `);
  expect(output).not.toContain(other);
});

test("the same pull request has the same comment by states without secrets, of the main stack and the shards", async () => {
  const [state, plan] = ["blank", "plan.json"].map((name) => join(system.directory, name));
  const written = await runCommand(system, "state", ["--out", String(state)]);
  expect(written).toEqual({
    code: 0,
    output: `Wrote local, ${shardStacks(to).join(", ")}, without secrets.\n`,
  });
  const planned = await runCommand(system, "preview", [
    "--changed-since",
    "HEAD^1",
    "--policy",
    policy(),
    "--state",
    String(state),
    "--plan",
    String(plan),
  ]);
  expect(planned).toMatchObject({ code: 0 });
  const reviewed = await runCommand(system, "review", ["--plan", String(plan)]);
  expect(reviewed).toMatchObject({ code: 0 });
  const { output } = await preview();
  const comment = output.slice(output.indexOf("<!-- customers-as-code"));
  // In any order: the engine works on several resources at once.
  const words = (text: string) =>
    text
      .trim()
      .split(/[\s,]+/)
      .sort();
  expect(words(reviewed.output)).toEqual(words(comment));
});

test("too many customers of the company at once are refused, whichever shards have them", async () => {
  for (const id of ["acme", "globex"]) rmSync(join(system.customers, `${id}.yaml`));
  commit();
  const { code, output } = await preview();
  expect(code).toBe(1);
  expect(output).toContain("### Preview of `local`: refused, 1 problem");
  expect(output).toMatch(
    /this deployment removes (acme, globex|globex, acme): 2 of 3 customers, and at most 1/,
  );
  // What the shards find wrong for the same reason is in the log alone.
  const comment = output.slice(output.indexOf("### Preview of"));
  expect(comment).not.toContain("cannot be deleted");
});
