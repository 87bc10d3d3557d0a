// `npx customers config`: what it lists of a stack, and where it says that a value comes from.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "config-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(
  join(folder, "Pulumi.yaml"),
  "name: shop\nruntime: nodejs\nconfig:\n  stageName: v2\n  ourTeam: { type: string, default: sales }\n",
);
writeFileSync(
  join(folder, "Pulumi.dev.yaml"),
  "encryptionsalt: v1:a\nconfig:\n  auth0:domain: example.eu.auth0.com\n  shop:audience: https://api.example.com/\n  shards: 2\n  shop:moesifApplicationId:\n    secure: v1:secret\n",
);

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve("packages/customers-as-code/bin.cjs"), "config", ...args],
    { cwd: folder, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

test("it lists each setting with its value and its source, and no secret", () => {
  const { status, stdout } = run("--stack", "dev");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^audience +https:\/\/api\.example\.com\/ +Pulumi\.dev\.yaml:4 +Identifier of the API/m,
  );
  expect(stdout).toMatch(/^shards +2 +Pulumi\.dev\.yaml:5 /m);
  expect(stdout).toMatch(/^tokenLifetime +86400 +default +Seconds/m);
  expect(stdout).toMatch(/^stageName +v2 +Pulumi\.yaml /m);
  expect(stdout).toMatch(/^moesifApplicationId +- +Pulumi\.dev\.yaml:6 /m);
  expect(stdout).toMatch(/^stripeApiKey +- +not set /m);
  expect(stdout).toMatch(/^ourTeam +sales +Pulumi\.yaml$/m);
  expect(stdout).toMatch(/^auth0:domain +example\.eu\.auth0\.com +Pulumi\.dev\.yaml:3$/m);
  expect(stdout).not.toContain("v1:secret");
});

test("--json has values of their own types", () => {
  const settings: { name: string }[] = JSON.parse(run("--stack", "dev", "--json").stdout);
  const named = (name: string) => settings.find((one) => one.name === name);
  expect(named("shards")).toMatchObject({ type: "number", default: 1, value: 2, from: "Pulumi.dev.yaml:5" });
  expect(named("portalScopes")).toMatchObject({ type: "list", default: [], value: [], from: "default" });
  expect(named("moesifApplicationId")).toEqual({
    name: "moesifApplicationId",
    type: "secret",
    description: expect.stringContaining("Moesif"),
    from: "Pulumi.dev.yaml:6",
  });
});

test("a file with problems is refused, as by every command", () => {
  writeFileSync(join(folder, "Pulumi.wrong.yaml"), "config:\n  shrads: 2\n");
  const { status, stderr } = run("--stack", "wrong");
  expect(status).toBe(1);
  expect(stderr).toContain('shrads is not a setting. Did you mean "shards"?');
});
