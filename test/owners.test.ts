// The company's CODEOWNERS, as GitHub and the review of pull requests read it.
import { readFileSync } from "node:fs";
import { ownersOf, parseOwners, skippedLines } from "../packages/customers-as-code/src/review/guards/owners";

const text = readFileSync(".github/CODEOWNERS", "utf8");
const rules = parseOwners(text);

test("CODEOWNERS has no line that GitHub skips", () => {
  expect(skippedLines(text)).toEqual([]);
});

test.each(["customers/acme.yaml", "customers/README.md"])("sales own %s", (path) => {
  expect(ownersOf(rules, path)).toEqual(["@example/sales"]);
});

test.each([
  ".github/CODEOWNERS",
  ".github/workflows/customers.yml",
  "Pulumi.dev.yaml",
  "Pulumi.yaml",
  "customers/imports.json",
  "customers/schema.json",
  "index.ts",
  "openapi.yaml",
  "package-lock.json",
  "packages/customers-as-code/src/review/guards/guards.ts",
  "policy/dev.json",
])("whoever owns customers does not own %s, which guards them", (path) => {
  expect(ownersOf(rules, path)).toEqual(["@example/platform"]);
});
