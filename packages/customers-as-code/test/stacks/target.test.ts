// Whose tenant, which API and which files the commands that read a tenant work on.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../src/problems/problem";
import { readStack } from "../../src/stacks/stack-settings";
import { findTarget } from "../../src/stacks/target";

const before = { ...process.env };
const project = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "target-"));

beforeAll(() => {
  for (const name of ["customers", "openapi.yaml"]) cpSync(name, join(folder, name), { recursive: true });
  writeFileSync(
    join(folder, "Pulumi.dev.yaml"),
    [
      "config:",
      "  auth0:domain: dev.eu.auth0.com",
      "  customers-as-code:audience: https://api.example.com/",
      "  customers-as-code:tokenLifetime: 7200",
      "  customers-as-code:moesifApplicationId: {secure: abc}",
      "",
    ].join("\n"),
  );
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(project);
  process.env = before;
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  process.env = { ...before, AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "secret" };
  delete process.env.AUTH0_DOMAIN;
});

function failure(given: Parameters<typeof findTarget>[0]): string {
  try {
    findTarget(given);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

test("a stack says the tenant, the API and how long its tokens live", () => {
  const target = findTarget({ stack: "dev" });
  expect(target).toMatchObject({
    access: { domain: "dev.eu.auth0.com", clientId: "id", clientSecret: "secret" },
    audience: "https://api.example.com/",
    api: { identifier: "https://api.example.com/", name: "Orders API", tokenLifetime: 7200 },
    existing: { folder: "customers" },
  });
  expect(target.declared.map(({ id }) => id)).toEqual(["acme", "globex", "initech"]);
  expect(target.existing.scopes).toEqual(Object.keys(target.api.scopes));
  expect(target.schema).toBe("schema.json");
});

test("a shard has the settings of its main stack, also where nobody has copied them yet", () => {
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    "config:\n  auth0:domain: prod.auth0.com\n  customers-as-code:audience: a\n  customers-as-code:shards: 3\n",
  );
  const { access, placement } = findTarget({ stack: "example/prod-shard-2" });
  expect({ domain: access.domain, placement }).toEqual({
    domain: "prod.auth0.com",
    placement: { main: "example/prod", number: 2, shards: 3 },
  });
  rmSync(join(folder, "Pulumi.prod.yaml"));
  expect(failure({ stack: "prod-shard-2" })).toContain("Pulumi.prod.yaml  does not exist.");
});

test("what the command says goes before the stack, and the stack before the environment", () => {
  process.env.AUTH0_DOMAIN = "environment.auth0.com";
  const domain = (given: Parameters<typeof findTarget>[0]) =>
    findTarget({ audience: "a", ...given }).access.domain;
  expect(domain({ stack: "dev", domain: "given.auth0.com" })).toBe("given.auth0.com");
  expect(domain({ stack: "dev" })).toBe("dev.eu.auth0.com");
  expect(domain({})).toBe("environment.auth0.com");
  expect(findTarget({ stack: "dev", audience: "https://other/" }).audience).toBe("https://other/");
});

test("a domain in another spelling than its tokens' is refused, wherever it is given", () => {
  const audience = "a";
  expect(failure({ domain: "Given.auth0.com", audience })).toContain(
    'the command  --domain is "Given.auth0.com"; tokens name the tenant without capital letters. Set it to given.auth0.com.',
  );
  process.env.AUTH0_DOMAIN = "environment.auth0.com.";
  expect(failure({ audience })).toContain(
    'the environment  AUTH0_DOMAIN is "environment.auth0.com."; tokens name the tenant without a dot at the end. Set it to environment.auth0.com.',
  );
  expect(failure({ stack: "dev" })).toBe("");
});

test("the domain of the environment is reported once, if a stack is checked with it too", () => {
  process.env.AUTH0_DOMAIN = "Environment.auth0.com";
  writeFileSync(join(folder, "Pulumi.test.yaml"), "config:\n  customers-as-code:audience: a\n");
  const lines = failure({ stack: "test" }).split("\n");
  rmSync(join(folder, "Pulumi.test.yaml"));
  expect(lines.filter((line) => line.startsWith("the environment"))).toEqual([
    'the environment  AUTH0_DOMAIN is "Environment.auth0.com"; tokens name the tenant without capital letters. Set it to environment.auth0.com.',
  ]);
});

test("without a stack nobody knows how long tokens live", () => {
  const { api } = findTarget({ domain: "a.auth0.com", audience: "a" });
  expect("tokenLifetime" in api).toBe(false);
});

test("everything that is missing is reported at once", () => {
  for (const name of ["AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"]) delete process.env[name];
  expect(failure({ stack: "prod" }).split("\n").slice(0, -1)).toEqual([
    "Pulumi.prod.yaml  does not exist. Name one of the project's stacks with --stack.",
    "the command  names no audience of the API. Add --stack or --audience.",
    ...["AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"].map(
      (name) => `the environment  has no ${name}, which Pulumi needs too`,
    ),
  ]);
});

test("wrong files are reported before the tenant is asked", () => {
  const file = join(folder, "customers/wrong.yaml");
  writeFileSync(file, "displayName: Wrong\n");
  writeFileSync(join(folder, "customers/imports.json"), "{");
  const message = failure({ stack: "dev" });
  rmSync(file);
  rmSync(join(folder, "customers/imports.json"));
  expect(message).toContain("customers/wrong.yaml:1:1  clients: is missing");
  expect(message).toContain("customers/imports.json:1:2  is not valid YAML");
  expect(failure({ stack: "dev", openapi: "missing.yaml" })).toContain(
    "missing.yaml  cannot be read (ENOENT).",
  );
});

test("a folder without any customer is where an import begins", () => {
  const empty = mkdtempSync(join(folder, "empty-"));
  expect(findTarget({ stack: "dev", customers: empty }).declared).toEqual([]);
  expect(failure({ stack: "dev", customers: "nowhere" })).toContain("nowhere  cannot be read (ENOENT).");
});

test("of a stack's settings, those in clear are read, and no other", () => {
  const problems: Problem[] = [];
  expect(readStack("dev", problems)).toEqual({
    domain: "dev.eu.auth0.com",
    audience: "https://api.example.com/",
    tokenLifetime: "7200",
  });
  expect(problems).toEqual([]);
});
