import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { ChangedFile } from "../../../src/review/git/changed-files";
import { type Files, filesOf } from "../../../src/review/git/files";
import { checkMixture, guardChanges, roleOf } from "../../../src/review/guards/guarded-files";
import { settingKinds } from "../../../src/review/guards/setting-kinds";
import { secretSettings, settingsSchema } from "../../../src/settings/settings";

const file = (path: string): ChangedFile => ({ path, before: "file", after: "file" });

test("every setting is classified, and nothing that is not a setting", () => {
  const settings = [...Object.keys(settingsSchema.shape), ...secretSettings];
  const classified = Object.keys(settingKinds);
  expect(settings.filter((key) => !classified.includes(key))).toEqual([]);
  const beside = classified.filter((key) => !settings.includes(key) && !/^(auth0|aws):|^\(\w+\)$/.test(key));
  expect(beside).toEqual([]);
});

const data = { customers: new Set(["customers"]), documents: new Set(["openapi.yaml", "api/schemas.json"]) };

describe("the role of a changed file", () => {
  const roles: [role: ReturnType<typeof roleOf>, paths: string[]][] = [
    [
      "customer",
      ["customers/acme.yaml", "customers/acme.yml", "customers/ACME.YAML", "customers/imports.json"],
    ],
    ["settings", ["Pulumi.dev.yaml", "Pulumi.production.yml"]],
    [
      "policy",
      [
        "policy/dev.json",
        "policy/config/dev.json",
        "packages/customers-as-code/src/policy/pack.ts",
        "packages/customers-as-code/policy/PulumiPolicy.yaml",
      ],
    ],
    ["owners", [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]],
    [
      "workflow",
      [
        ...[".github/workflows/up.yml", ".github/actions/x/action.yml", ".github/dependabot.yml"],
        ...[".gitlab-ci.yml", ".gitlab/deploy.yml", "ci/.gitlab-ci.yml", ".circleci/config.yml"],
        ...["azure-pipelines.yml", "azure-pipelines-prod.yaml", "bitbucket-pipelines.yml", "Jenkinsfile"],
        ...["buildspec.yml", "cloudbuild.yaml", ".travis.yml"],
      ],
    ],
    [
      "dependencies",
      [
        ...["package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc", "pnpm-lock.yaml"],
        ...["pnpm-workspace.yaml", ".pnpmfile.cjs", "yarn.lock", ".yarnrc.yml", ".yarn/releases/yarn.cjs"],
        ...["bun.lock", "bun.lockb", "bunfig.toml", "renovate.json", "renovate.json5", ".renovaterc.json"],
        ...[".nvmrc", ".node-version", ".tool-versions", "mise.toml"],
      ],
    ],
    [
      "program",
      [
        ...[
          "index.ts",
          "packages/customers-as-code/src/customers/checks.ts",
          "customers/schema.json",
          "packages/customers-as-code/src/review/guards/guards.ts",
          "packages/customers-as-code/start-up.mjs",
        ],
        ...["index.js", "tsconfig.json", "Pulumi.yaml", "Pulumi.dev.json"],
        ...["patches/a.patch", ".gitmodules", ".gitattributes"],
        // A job of GitLab can include it.
        ...["templates/deploy.yml", "docker-compose.yaml", "docs/helper.ts", "other-openapi.yaml"],
        ...["bin/tool", "test/run-program.ts", "customers/x.test.ts", "Makefile", "a.wasm"],
      ],
    ],
    [
      "other",
      [
        "README.md",
        "docs/explanation/ci.md",
        "openapi.yaml",
        "api/schemas.json",
        "packages/customers-as-code/test/review/guards/owners.test.ts",
        "LICENSE",
        "customers/README.md",
      ],
    ],
  ];
  test.each(roles)("is %s for each of its kind", (role, paths) => {
    expect(Object.fromEntries(paths.map((path) => [path, roleOf(file(path), data)]))).toEqual(
      Object.fromEntries(paths.map((path) => [path, role])),
    );
  });

  test("is program for a link or a submodule, whatever its name", () => {
    for (const kind of ["link", "submodule"] as const) {
      expect(roleOf({ path: "customers/acme.yaml", after: kind }, data)).toBe("program");
      expect(roleOf({ path: "docs/explanation/ci.md", before: kind }, data)).toBe("program");
    }
  });
});

test("what a new company has is customers, settings, a guard, or the document and the README", () => {
  const template = "packages/create-customers-as-code/template";
  const paths = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(template, join(parentPath, name)));
  const roles: Record<string, string> = Object.fromEntries(
    paths.map((path) => [path, roleOf(file(path), data)]),
  );
  expect(roles).toMatchObject({
    "index.ts": "program",
    "Pulumi.yaml": "program",
    "Pulumi.dev.yaml": "settings",
    "package.json": "dependencies",
    "renovate.json": "dependencies",
    "policy/dev.json": "policy",
    ".github/CODEOWNERS": "owners",
    ".github/workflows/customers.yml": "workflow",
    "customers/acme.yaml": "customer",
  });
  const others = paths.filter((path) => roles[path] === "other").sort();
  expect(others).toEqual([".gitignore", "README.md", "openapi.yaml"]);
});

const base = filesOf({
  "Pulumi.dev.yaml": "config:\n  auth0:domain: example.eu.auth0.com\n  customers-as-code:removalLimit: 1\n",
  "customers/acme.yaml": "",
});
const withSettings = (config: string, beside = "") =>
  filesOf({ "Pulumi.dev.yaml": `config:\n  auth0:domain: example.eu.auth0.com\n${config}${beside}` });
const same = "  customers-as-code:removalLimit: 1\n";
const acme = file("customers/acme.yaml");
const dev = file("Pulumi.dev.yaml");

describe("a pull request that changes customers together with", () => {
  const refused: [what: string, head: Files, words: RegExp][] = [
    [
      "the removal limit",
      withSettings("  customers-as-code:removalLimit: 100%\n"),
      /removalLimit goes from 1 to "100%"/,
    ],
    ["the removal limit's default", withSettings(""), /removalLimit goes from 1 to its default/],
    [
      "a second removal limit",
      withSettings(`${same}  removalLimit: 100%\n`),
      /removalLimit goes from its default to "100%"/,
    ],
    [
      "protection",
      withSettings(`${same}  customers-as-code:protect: false\n`),
      /protect goes from its default to false/,
    ],
    [
      "replaceable customers",
      withSettings(`${same}  customers-as-code:replaceable: [acme]\n`),
      /replaceable goes .* \["acme"\]/,
    ],
    ["public routes", withSettings(`${same}  customers-as-code:publicRoutes: [GET /x]\n`), /publicRoutes/],
    [
      "the tenant",
      filesOf({ "Pulumi.dev.yaml": `config:\n  auth0:domain: other.eu.auth0.com\n${same}` }),
      /auth0:domain/,
    ],
    [
      "Pulumi's own client",
      withSettings(`${same}  auth0:clientSecret:\n    secure: x\n`),
      /auth0:clientSecret goes from its default to a secret/,
    ],
    ["an environment", withSettings(same, "environment: [customers/other]\n"), /\(environment\)/],
    [
      "a key that nobody knows",
      withSettings(`${same}  customers-as-code:protct: false\n`),
      /protct .* doesn't know/,
    ],
    ["settings that cannot be read", withSettings(`${same}  a: [\n`), /has syntax errors/],
    ["settings with a key twice", withSettings(`${same}${same}`), /has syntax errors/],
    ["a stack without settings", filesOf({}), /removalLimit goes from 1 to its default/],
  ];
  test.each(refused)("%s is refused, with two pull requests as the way out", (_, head, words) => {
    const [refusal, ...more] = checkMixture([acme, dev], { base, head });
    expect(more).toEqual([]);
    expect(refusal?.guard).toBe("guards with customers");
    expect(refusal?.message).toMatch(words);
    expect(refusal?.message).toMatch(/^This pull request changes customers \(customers\/acme\.yaml\)/);
    expect(refusal?.message).toMatch(/Open two pull requests/);
    // Alone it is allowed, and has a sentence.
    expect(checkMixture([dev], { base, head })).toEqual([]);
    expect(guardChanges([dev], { base, head }).some(({ sentence }) => words.test(sentence))).toBe(true);
  });

  test.each([
    "policy/dev.json",
    ".github/workflows/up.yml",
    "docs/CODEOWNERS",
    "index.ts",
    "package.json",
    "package-lock.json",
    "yarn.lock",
    "renovate.json",
    ".gitlab-ci.yml",
    "ci/included.yml",
  ])("%s is refused", (path) => {
    const [refusal] = checkMixture([acme, file(path)], { base, head: base });
    expect(refusal?.message).toContain(` ${path} `);
    expect(checkMixture([file(path)], { base, head: base })).toEqual([]);
  });

  const allowed: [what: string, config: string][] = [
    ["a plan", "  customers-as-code:plans:\n    gold: {}\n  customers-as-code:defaultPlan: gold\n"],
    ["the key of a first delivery", "  customers-as-code:deliveryKmsKeyArn: arn\n"],
    [
      "the backend, which the comment shows as grave",
      "  customers-as-code:backendUrl: https://other.example.com\n",
    ],
    ["a comment of the file", "  # why\n"],
  ];
  test.each(allowed)("%s is allowed", (_, config) => {
    expect(checkMixture([acme, dev], { base, head: withSettings(same + config) })).toEqual([]);
  });

  test("the API's document, or documentation, is allowed", () => {
    expect(checkMixture([acme, file("openapi.yaml"), file("README.md")], { base, head: base })).toEqual([]);
  });
});

test("customers are found in the folder that a stack's settings name, before or after", () => {
  const moved = (folder: string) =>
    filesOf({ "Pulumi.prod.yaml": `config:\n  customers-as-code:customers: ${folder}\n` });
  for (const trees of [
    { base: moved("clients"), head: moved("clients") },
    { base: moved("clients"), head: moved("elsewhere") },
    { base: moved("elsewhere"), head: moved("./clients/") },
  ]) {
    expect(checkMixture([file("clients/acme.yaml"), file("index.ts")], trees)).toHaveLength(1);
  }
});

test("documents are found as settings name them, with the files that they refer to", () => {
  const files = filesOf({
    "Pulumi.dev.yaml": "config:\n  customers-as-code:openapi: api/orders.json\n",
    "api/orders.json": '{"paths": {"/orders": {"$ref": "paths/orders.yaml#/orders"}}}',
    "api/paths/orders.yaml": "orders:\n  get:\n    schema: { $ref: '../order.yaml' }\n",
    "api/order.yaml": "type: object\n",
    "openapi.yaml": "openapi: 3.1.0\n",
  });
  const together = (path: string) => checkMixture([acme, file(path)], { base: files, head: files });
  for (const path of ["api/orders.json", "api/paths/orders.yaml", "api/order.yaml", "openapi.yaml"]) {
    expect(together(path)).toEqual([]);
  }
  expect(together("api/deploy.yaml")).toHaveLength(1);
});

test("a document that names a part of the program makes it no document", () => {
  const parts = ["index.ts", "lib/ours.mjs", "Pulumi.yaml", "tsconfig.json", "tsconfig.base.json", "deploy"];
  const head = filesOf({
    "openapi.yaml": `description: '${parts.map((path) => `$ref: ${path}`).join(" ")}'\n`,
  });
  for (const path of parts) {
    expect(checkMixture([acme, file("openapi.yaml"), file(path)], { base: filesOf({}), head })).toHaveLength(
      1,
    );
    const settings = filesOf({ "Pulumi.dev.yaml": `config:\n  customers-as-code:openapi: ${path}\n` });
    expect(checkMixture([acme, file(path)], { base: filesOf({}), head: settings })).toHaveLength(1);
  }
});

test("a file that was there is a document only if it was one before", () => {
  const deploy = { "templates/deploy.yml": "plan: {}\n" };
  const base = filesOf({ ...deploy, "openapi.yaml": "openapi: 3.1.0\n" });
  const naming = (path: string) => ({ "openapi.yaml": `x-part: { $ref: ${path} }\n` });
  const changed = [acme, file("openapi.yaml"), file("templates/deploy.yml")];
  expect(
    checkMixture(changed, { base, head: filesOf({ ...deploy, ...naming("templates/deploy.yml") }) }),
  ).toHaveLength(1);
  const added = [acme, file("openapi.yaml"), file("schemas.yaml")];
  expect(checkMixture(added, { base, head: filesOf({ ...deploy, ...naming("schemas.yaml") }) })).toEqual([]);
});

describe("in a project with a name of its own", () => {
  const project = (name: string, key: string, value: string, folder = "") =>
    filesOf({
      [`${folder}Pulumi.yaml`]: `name: ${name}\n`,
      [`${folder}Pulumi.dev.yaml`]: `config:\n  ${key}: ${value}\n`,
    });
  const sentences = (head: Files) =>
    guardChanges([dev], { base: project("acme-api", "acme-api:removalLimit", "1"), head }).map(
      ({ sentence }) => sentence,
    );

  test("settings are known by the project's name, and what another project's name precedes is not", () => {
    expect(sentences(project("acme-api", "acme-api:removalLimit", "9"))).toEqual([
      expect.stringMatching(/^Pulumi\.dev\.yaml: removalLimit goes from 1 to 9; it limits/),
    ]);
    expect(sentences(project("acme-api", "acme-api:backendUrl", "https://a.example"))).toHaveLength(1);
    expect(sentences(project("acme-api", "customers-as-code:plans", "1"))[1]).toMatch(/doesn't know/);
  });

  test("another name of the project changes no setting", () => {
    expect(sentences(project("globex-api", "globex-api:removalLimit", "1"))).toEqual([]);
    expect(sentences(project("globex-api", "globex-api:removalLimit", "2"))).toHaveLength(1);
  });

  test("customers are found in the folder that its settings name", () => {
    for (const key of ["acme-api:customers", "customers"]) {
      const files = project("acme-api", key, "clients", "infra/");
      const changed = [file("infra/clients/acme.yaml"), file("index.ts")];
      expect(checkMixture(changed, { base: files, head: files })).toHaveLength(1);
    }
  });
});

test("a name in a sentence neither begins a line nor hides a character", () => {
  const path = "x\n::error::\u202e.ts";
  const [change] = guardChanges([file(path)], { base, head: base });
  expect(change?.sentence).toBe(
    "x\\u{a}::error::\\u{202e}.ts is part of the program, which makes the plan and the deployment.",
  );
});
