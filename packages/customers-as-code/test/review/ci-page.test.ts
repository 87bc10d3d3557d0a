// docs/explanation/ci.md and docs/how-to/ci-setup.md are true.
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { commands } from "../../src/cli/main";
import { compareDeclared } from "../../src/review/changes/compare";
import { renderComment } from "../../src/review/comment/comment-text";
import { readDeclared } from "../../src/review/declared/declared";
import { filesOf } from "../../src/review/git/files";
import { api, archiveMark, customer, plan, step } from "../../testing/preview-events";

const text = readFileSync("docs/explanation/ci.md", "utf8");
const setup = readFileSync("docs/how-to/ci-setup.md", "utf8");
const workflows = [...readdirSync(".github/workflows")].map((name) =>
  readFileSync(`.github/workflows/${name}`, "utf8"),
);

const settings =
  "config:\n  auth0:domain: example.eu.auth0.com\n  customers-as-code:audience: https://api.example.com/\n";
const customerFile = (name: string, scopes: string, more = "") =>
  `displayName: ${name}\n${more}clients:\n  default:\n    scopes: [${scopes}]\n`;
const document = (demanded: string) =>
  JSON.stringify({
    openapi: "3.0.3",
    info: { title: "Orders API", version: "1.0.0" },
    components: {
      securitySchemes: {
        customers: {
          type: "oauth2",
          flows: {
            clientCredentials: {
              tokenUrl: "https://example.eu.auth0.com/oauth/token",
              scopes: { "read:orders": "Read orders", "write:orders": "Place orders" },
            },
          },
        },
      },
    },
    paths: {
      "/orders": {
        delete: { security: [{ customers: [demanded] }], responses: { "204": { description: "Done." } } },
      },
    },
  });

/** Of a pull request that does a little of everything. */
const base = {
  "Pulumi.dev.yaml": `${settings}  customers-as-code:backendUrl: https://orders.example.com\n`,
  "openapi.yaml": document("write:orders"),
  "customers/acme.yaml": customerFile("Acme", "read:orders", "status: closing\n"),
  "customers/initech.yaml": customerFile("Initech", "read:orders"),
  "customers/umbrella.yaml": customerFile("Umbrella", "read:orders"),
};
const head = {
  "Pulumi.dev.yaml": `${settings}  customers-as-code:backendUrl: https://orders.example.net\n  customers-as-code:dashboard: true\n`,
  "openapi.yaml": document("read:orders"),
  "customers/globex.yaml": customerFile("Globex", "read:orders"),
  "customers/initech.yaml": customerFile("Initech", "read:orders", "status: suspended\n"),
  "customers/umbrella.yaml": customerFile("Umbrella", "read:orders, write:orders"),
};
const example = renderComment({
  changes: compareDeclared(readDeclared(filesOf(base), "dev"), readDeclared(filesOf(head), "dev")),
  plan: plan(
    api,
    customer("globex", {
      after: "active",
      displayName: "Globex",
      clients: { default: [undefined, ["read:orders"]] },
    }),
    customer("acme", {
      before: "closing",
      displayName: "Acme",
      clients: { default: [["read:orders"], undefined] },
    }),
    customer("initech", { before: "active", after: "suspended", displayName: "Initech" }),
    customer("umbrella", {
      before: "active",
      after: "active",
      displayName: "Umbrella",
      clients: { default: [["read:orders"], ["read:orders", "write:orders"]] },
    }),
    step("Function", "gateway-authorizer", {
      op: "update",
      old: { code: archiveMark("a4e9a6642fdad20430c02072bcef5a45"), timeout: 5 },
      new: { code: archiveMark("b44ef93c7ac95cb2eb8e6f936f80e035"), timeout: 3 },
      diffs: ["code", "timeout"],
    }),
  ),
  refusals: [],
  lastSeen: { org_acme: { at: "2026-11-20T13:37:00.000Z" }, org_initech: "never" },
  commit: "5d961290a1b2c3d4",
  runUrl: "https://github.com/example/customers/actions/runs/1",
});

test("the comment is as the commands write it", () => {
  const [, shown = ""] = /<!-- the comment -->\n([\s\S]*?)<!-- the comment's end -->/.exec(text) ?? [];
  const quoted = example
    .trimEnd()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd());
  expect(shown.split("\n").slice(1, -2)).toEqual(quoted);
});

test("the setup has every variable and secret that a workflow takes", () => {
  const names = workflows.flatMap((workflow) =>
    [...workflow.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name]) => name),
  );
  expect(new Set(names).size).toBe(10);
  expect([...new Set(names)].filter((name) => !setup.includes(`\`${name}\``))).toEqual([]);
});

test("the checks that protect the branch are those of the workflows", () => {
  const [, checks = ""] = /the checks (.*) with GitHub Actions as their source/.exec(setup) ?? [];
  expect(checks).toBe("*Pull request / Validate* and *Preview (dev)*");
  // GitHub names a job of a called workflow after both: https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows
  const nameOf = (file: string, job: string) =>
    parse(readFileSync(`.github/workflows/${file}`, "utf8")).jobs[job].name;
  const names = [nameOf("customers.yml", "pull-request"), nameOf("customers-pull-request.yml", "validate")];
  expect(names.join(" / ")).toBe("Pull request / Validate");
  const comment = readFileSync(".github/workflows/customers-comment.yml", "utf8");
  expect(comment).toContain('--context "Preview ($STACK)"');
});

test("every command of it exists, and every command of CI is in it", () => {
  const named = new Set([...text.matchAll(/npx customers ([\w-]+)/g)].map(([, name = ""]) => name));
  expect([...named].filter((one) => !commands.some(({ name }) => name === one))).toEqual([]);
  const ofCi = commands.flatMap(({ name, group }) => (group === "Pull requests, in CI:" ? [name] : []));
  expect([...ofCi, "validate", "preview", "up"].filter((name) => !named.has(name))).toEqual([]);
});

test("every workflow is in it, and every environment that one uses", () => {
  const files = [...readdirSync(".github/workflows")];
  expect(files.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  const suffixes = workflows.flatMap((workflow) =>
    [...workflow.matchAll(/(?:environment|name): \$\{\{ \w+\.stack \}\}(-[a-z]+)$/gm)].map(
      ([, suffix]) => suffix,
    ),
  );
  expect(new Set(suffixes)).toEqual(new Set(["-plan", "-preview", "-shards"]));
  const [, head = ""] = /^\| \| (`dev`.*) \|$/m.exec(setup) ?? [];
  expect(head).toBe("`dev` | `dev-preview` | `dev-plan`");
  expect(setup).toContain(
    "| deployment branches | `main` alone | `main` alone | all: pull requests run there |",
  );
});

test("its trust policy names one environment of one repository, without a wildcard", () => {
  const [policy] = [...setup.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => JSON.parse(json));
  const condition = policy.Statement[0].Condition;
  expect(Object.keys(condition)).toEqual(["StringEquals"]);
  expect(Object.values(condition.StringEquals)).toEqual([
    "sts.amazonaws.com",
    "repo:example/customers:environment:dev",
  ]);
});

test("every guard of the plan is in it", () => {
  const sources = [
    "packages/customers-as-code/src/review/guards/guards.ts",
    "packages/customers-as-code/src/review/comment/grave-changes.ts",
    "packages/customers-as-code/src/review/guards/owners-of-changes.ts",
    "packages/customers-as-code/src/review/guards/guarded-files.ts",
  ]
    .map((file) => readFileSync(file, "utf8"))
    .join("");
  const guards = new Set([...sources.matchAll(/guard: "([^"]+)"/g)].map(([, name = ""]) => name));
  expect(guards.size).toBe(6);
  expect([...guards].filter((name) => !text.includes(`| ${name} |`))).toEqual([]);
  const policies = [...readdirSync("packages/customers-as-code/src/policy")].map((name) =>
    /\.ts$/.test(name) ? readFileSync(`packages/customers-as-code/src/policy/${name}`, "utf8") : "",
  );
  const names = [...policies.join("").matchAll(/^ {2}name: "([^"]+)"/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
});
