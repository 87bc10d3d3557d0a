// Every scope that a page, a message or the code names exists: Auth0's Management API has it, or the API of an example.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { managementScopes } from "../../packages/auth0-tenant/src";
import { pulumiScopes } from "../e2e/local-cloud";

const skipped = new Set(["node_modules", ".git", "test", ".pulumi"]);

/** What people read or run, without the tests. */
function textFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : textFiles(path);
    return /\.(ts|md|ya?ml)$/.test(entry.name) ? [path] : [];
  });
}

const scopesIn = (text: string) => text.match(/\b(?:read|create|update|delete|blacklist):[a-z_]+/g) ?? [];

/** Of the API in openapi.yaml, of the one in bench/, and `read:order`, a scope that is misspelt on purpose. */
const examples = ["read:orders", "read:order", "read:invoices", "read:all"];
/** Scopes of users' tokens, which no client can be granted (Auth0 docs, "Management API Access Tokens for SPAs"). */
const ofUsers = ["read:current_user", "delete:current_user"];

test("every scope that is named exists", () => {
  const known = new Set([...managementScopes, ...examples, ...ofUsers]);
  const invented = textFiles(".").flatMap((file) =>
    scopesIn(readFileSync(file, "utf8"))
      .filter((scope) => !known.has(scope))
      .map((scope) => `${file}: ${scope}`),
  );
  expect(invented).toEqual([]);
});

test("the Management API's scopes are Auth0's, each with a description", () => {
  expect(managementScopes).toHaveLength(273);
  expect(new Set(managementScopes).size).toBe(273);
  expect(managementScopes).toEqual(
    expect.arrayContaining(["read:organization_clients", "read:grants", "create:authentication_methods"]),
  );
  expect(managementScopes).not.toContain("update:organization_client_grants");
});

test("the page about deployments names the scopes that the end-to-end tests grant, and no other", () => {
  const page = readFileSync("docs/how-to/deploy.md", "utf8");
  const [, step = ""] = /^## 1\. A client of Auth0 for Pulumi$([\s\S]*?)^## 2\. /m.exec(page) ?? [];
  expect(scopesIn(step).sort()).toEqual([...pulumiScopes].sort());
});
