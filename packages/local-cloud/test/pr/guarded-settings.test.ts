// A review has the company's own guards, although the local stack goes without.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCompany, settingsFor } from "../../src/company/company";
import { keepGuards } from "../../src/pr/guarded-settings";

const folder = mkdtempSync(join(tmpdir(), "company-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** @param config of Pulumi.dev.yaml @param defaults of Pulumi.yaml */
function guard(config: string, defaults = "") {
  writeFileSync(join(folder, "Pulumi.yaml"), `name: acme\n${defaults}`);
  writeFileSync(join(folder, "Pulumi.dev.yaml"), `config:\n  acme:tokenLifetime: 600\n${config}`);
  writeFileSync(join(folder, "openapi.yaml"), "openapi: 3.0.3\npaths: {}\n");
  const company = readCompany(folder);
  const settings = settingsFor(company, {
    pid: 1,
    tenant: { domain: "localhost:1", caFile: "ca.pem", clientId: "id", clientSecret: "secret" },
    providers: {},
    backendUrl: "http://127.0.0.1:2",
    gatewayUrl: "http://127.0.0.1:2",
    moesif: { ingestUrl: "http://127.0.0.1:3", applicationId: "application" },
  });
  const { config: kept, notices } = keepGuards(settings, company);
  return { protect: kept["acme:protect"], removalLimit: kept["acme:removalLimit"], kept, notices };
}

test("guards that nobody sets have the program's defaults", () => {
  const { protect, removalLimit, kept } = guard("");
  expect({ protect, removalLimit }).toEqual({ protect: undefined, removalLimit: undefined });
  expect(kept["acme:tokenLifetime"]).toBe("600");
});

test("guards that the stack sets are the company's, and no line says that they are replaced", () => {
  const { protect, removalLimit, notices } = guard("  acme:protect: true\n  removalLimit: 10%\n");
  expect({ protect, removalLimit }).toEqual({ protect: "true", removalLimit: '"10%"' });
  expect(notices.filter((notice) => /protect|removalLimit/.test(notice))).toEqual([]);
});

test("guards that Pulumi.yaml sets are left to it", () => {
  const { removalLimit } = guard("", "config:\n  acme:removalLimit: 10%\n");
  expect(removalLimit).toBeUndefined();
});
