// The README's example: it runs here, and the README shows the same lines.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ManagementClient } from "auth0";
import { startTenant } from "../src";
import { temporaryDirectory } from "../testing/in-process";

test("the README's example reads a seeded organization, whatever the fault", async () => {
  const { directory, remove } = temporaryDirectory();

  const tenant = await startTenant({
    directory,
    seed: { organizations: [{ name: "acme" }] },
    faults: ["GET /api/v2/organizations/* 429 count=1"],
  });
  const { domain, clientId, clientSecret, fetch } = tenant;
  const management = new ManagementClient({ domain, clientId, clientSecret, fetch });
  const acme = await management.organizations.get(tenant.seeded.organizations.acme ?? "");
  await tenant.close();

  expect(acme).toMatchObject({ id: tenant.seeded.organizations.acme, name: "acme" });
  remove();
});

test("the README shows the example as it runs", () => {
  const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
  const [, block = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const [, code = ""] = /^import .* from "auth0-tenant";\n\n(.+)$/s.exec(block) ?? [];
  const indented = code.replace(/^(?=.)/gm, "  ");
  expect(code).not.toBe("");
  expect(readFileSync(__filename, "utf8")).toContain(`\n${indented}\n`);
});
