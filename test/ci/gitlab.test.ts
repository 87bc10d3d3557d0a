// A company's .gitlab-ci.yml: gitlab-ci-local checks it with GitLab's own schema and evaluates its rules and references, and bash runs
// its scripts in real clones, with programs that only record how they were called.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { renderPipeline } from "../../packages/create-customers-as-code/src/gitlab-pipeline";
import product from "../../packages/customers-as-code/package.json";

interface Job {
  image: { name: string };
  before_script: string[];
  script: string[];
  id_tokens?: Record<string, { aud: string }>;
  environment?: string | { name: string; action: string };
  resource_group?: string;
  variables?: Record<string, string>;
}

const template = "packages/create-customers-as-code/template-ci/gitlab.yml";
const text = readFileSync(template, "utf8");

let folder: string;
/** A clone on the branch `feature`, whose base has a newer commit. */
let clone: string;
/** With references and `extends` expanded. */
let jobs: Record<string, Job>;
let others: { variables: Record<string, string>; workflow: { rules: object[] } };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gitlab-ci-"));
  const origin = join(folder, "origin.git");
  clone = join(folder, "clone");
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin]);
  execFileSync("git", ["clone", "--quiet", origin, clone], { stdio: "ignore" });
  git("checkout", "--quiet", "-B", "main");
  commit(".gitlab-ci.yml", text);
  git("checkout", "--quiet", "-b", "feature");
  commit("feature.txt", "of the merge request\n");
  git("checkout", "--quiet", "main");
  commit("main.txt", "merged meanwhile\n");
  git("push", "--quiet", "origin", "main", "feature");
  git("checkout", "--quiet", "feature");
  makePrograms();
  const { stages, variables, workflow, ...rest } = parse(gitlab(["--preview"]).stdout);
  expect(stages).toEqual([".pre", "check", "deploy", "report", ".post"]);
  others = { variables, workflow };
  jobs = rest;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: clone,
    encoding: "utf8",
  }).trim();
function commit(file: string, content: string) {
  writeFileSync(join(clone, file), content);
  git("add", file);
  git("commit", "--quiet", "--message", `add ${file}`);
}

function gitlab(args: readonly string[], cwd = clone) {
  const program = require.resolve("gitlab-ci-local");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

/** @returns another clone, with this pipeline */
function cloneWith(pipeline: string): string {
  const other = join(folder, "other");
  rmSync(other, { recursive: true, force: true });
  execFileSync("git", ["clone", "--quiet", clone, other]);
  writeFileSync(join(other, ".gitlab-ci.yml"), pipeline);
  return other;
}

/** They write their arguments into a log. `FAIL` has what one of them fails for. */
function makePrograms() {
  mkdirSync(join(folder, "bin"));
  for (const name of ["npm", "npx", "curl", "pulumi"]) {
    const file = join(folder, "bin", name);
    writeFileSync(
      file,
      `#!/bin/bash
echo "\${PULUMI_STACK:+PULUMI_STACK=$PULUMI_STACK }${name} $*" >> "$LOG"
case "$*" in
  "customers shards list"*) echo "$SHARDS" ;;
  "customers state"*) mkdir -p state ;;
  "customers review"*) echo comment > preview.md ;;
  *"--output state.tgz"*) mkdir -p state && tar -czf state.tgz state && rm -r state ;;
esac
if [ -n "$FAIL" ]; then case "$*" in *"$FAIL"*) exit 1 ;; esac; fi
`,
    );
    chmodSync(file, 0o755);
  }
}

/** Runs a job as GitLab's runner does: both scripts in one shell, which ends with the first command that fails. */
function run(name: string, variables: Record<string, string> = {}, script = jobs[name]?.script ?? []) {
  const job = jobs[name];
  if (!job) throw new Error(`there is no job ${name}`);
  const log = join(folder, "log");
  rmSync(log, { force: true });
  const build = join(folder, "build");
  rmSync(build, { recursive: true, force: true });
  cpSync(clone, build, { recursive: true });
  const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail"], {
    cwd: build,
    encoding: "utf8",
    input: [...job.before_script, ...script].join("\n"),
    env: {
      PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
      HOME: folder,
      LOG: log,
      SHARDS: "[]",
      FAIL: "",
      TMPDIR: build,
      WORKFLOWS_VERSION: "0.2.0",
      PULUMI_ORGANIZATION: "example",
      PULUMI_ID_TOKEN: "token-for-pulumi",
      AWS_ID_TOKEN: "token-for-aws",
      CI_API_V4_URL: "https://gitlab.example.com/api/v4",
      CI_PROJECT_ID: "7",
      CI_JOB_ID: "42",
      CI_JOB_TOKEN: "token-of-job",
      CI_PIPELINE_SOURCE: "push",
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_COMMIT_SHA: git("rev-parse", "feature"),
      ...job.variables,
      ...variables,
    },
  });
  const calls = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  return { code: status, output: stdout + stderr, calls, build };
}

const install = [
  "npm ci --ignore-scripts",
  "npm run build --if-present",
  "npx customers doctor --workflows 0.2.0",
];
const state = "https://gitlab.example.com/api/v4/projects/7/packages/generic/customers-state/dev/state.tgz";
const login = "pulumi login --oidc-token token-for-pulumi --oidc-org example";
const onStack = "PULUMI_STACK=example/dev";

test("it has the version of the product, and of the Pulumi CLI that it is tested with", () => {
  expect(others.variables.WORKFLOWS_VERSION).toBe(product.version);
  const images = Object.values(jobs).map(({ image }) => image.name);
  expect(images.length).toBe(4);
  expect(new Set(images)).toEqual(
    new Set([`pulumi/pulumi-nodejs-22:${product.peerDependencies["@pulumi/pulumi"]}`]),
  );
});

describe("GitLab's schema", () => {
  it("accepts it", () => {
    const { status, stderr } = gitlab(["--list"]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining("json schema validated"),
    });
  });

  it.each([
    ["an unknown key", "resource_group:", "resource_groups:"],
    ["an unknown value", "action: access", "action: read"],
    ["a script that isn't text", "    - npx customers validate", "    - npx: customers validate"],
  ])("refuses %s", (_, good, bad) => {
    expect(text).toContain(good);
    expect(gitlab(["--list"], cloneWith(text.replace(good, bad))).status).toBe(1);
  });
});

describe("docs/how-to/ci-gitlab.md", () => {
  const page = readFileSync("docs/how-to/ci-gitlab.md", "utf8");

  it("names every job, every environment and every variable that a company sets", () => {
    const predefined =
      /^(CI_.*|.*_ID_TOKEN|STACK|PULUMI_STACK|ORGANIZATION|AWS_WEB_IDENTITY_TOKEN_FILE|WORKFLOWS_VERSION)$/;
    const used = new Set([...text.matchAll(/\$\{?([A-Z][A-Z0-9_]+)/g)].map(([, name = ""]) => name));
    const set = [...used].filter((name) => !predefined.test(name));
    expect(set.sort()).toEqual(["AWS_ROLE_ARN", "PULUMI_BACKEND_URL", "PULUMI_ORGANIZATION", "PULUMI_TEAM"]);
    const named = [...set, ...Object.keys(jobs), "dev", "dev-plan", "dev-preview"];
    expect(named.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("adds a stack as the generator does", () => {
    const [, block = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(block).not.toBe("");
    expect(renderPipeline(text, ["dev", "production"])).toBe(
      text.replace("\n.customers:", () => `\n${block}\n.customers:`),
    );
  });
});

describe("the pipeline of several stacks", () => {
  it("deploys them one after the other, and reports on each", () => {
    const other = cloneWith(renderPipeline(text, ["staging", "prod-eu"]));
    const push = ["CI_DEFAULT_BRANCH=main", "CI_COMMIT_BRANCH=main", "CI_PIPELINE_SOURCE=push"];
    const { stdout } = gitlab(["--list-csv", ...push.flatMap((one) => ["--variable", one])], other);
    const [, ...rows] = stdout.slice(stdout.indexOf("name;")).trim().split("\n");
    const needs = rows.map((row) => [row.split(";").at(0), row.split(";").at(-1)]);
    expect(Object.fromEntries(needs)).toEqual({
      "deploy staging": "",
      "report staging": "[deploy staging]",
      "deploy prod-eu": "[deploy staging]",
      "report prod-eu": "[deploy prod-eu]",
    });
    const expanded = parse(gitlab(["--preview"], other).stdout);
    for (const job of ["plan", "deploy", "report"])
      expect(expanded[`${job} prod-eu`].variables.STACK).toBe("prod-eu");
    expect(expanded).not.toHaveProperty("deploy dev");
  });

  it("has names that YAML would not read as strings in quotes", () => {
    expect(renderPipeline(text, ["2026"])).toContain(
      'deploy 2026: { extends: .deploy, variables: { STACK: "2026" } }\n',
    );
  });

  it("is the template itself for dev", () => {
    expect(renderPipeline(text, ["dev"])).toBe(text);
    expect(() => renderPipeline("stages: [check]\n", ["dev"])).toThrow("doesn't have the jobs of dev");
  });
});

describe("a pipeline", () => {
  const branch = (source: string, name = "main") => ({ CI_PIPELINE_SOURCE: source, CI_COMMIT_BRANCH: name });
  const mergeRequest = (target: string, from: string) => ({
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target,
    CI_MERGE_REQUEST_PROJECT_ID: "7",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: from,
  });

  it.each<[string, Record<string, string>, string[]]>([
    ["a merge request", mergeRequest("main", "7"), ["validate", "plan dev"]],
    ["a merge request from a fork", mergeRequest("main", "8"), ["validate"]],
    ["a merge request into another branch", mergeRequest("release", "7"), ["validate"]],
    ["a merge", branch("push"), ["deploy dev", "report dev"]],
    ["a person who starts it on the default branch", branch("web"), ["deploy dev", "report dev"]],
    ["the schedule", branch("schedule"), ["report dev"]],
  ])("of %s has these jobs", (_, given, expected) => {
    const variables = { CI_DEFAULT_BRANCH: "main", ...given };
    const options = Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
    if (!("CI_COMMIT_BRANCH" in given)) options.push("--unset-variable", "CI_COMMIT_BRANCH");
    const { stdout } = gitlab(["--list-csv", ...options]);
    const [, ...rows] = stdout.slice(stdout.indexOf("name;")).trim().split("\n");
    expect(rows.map((row) => row.split(";")[0])).toEqual(expected);
  });

  it("doesn't exist for a branch that nothing is deployed from", () => {
    expect(others.workflow.rules).toEqual([
      { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
      { if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" },
    ]);
  });
});

describe("a merge request", () => {
  it("is validated without any credentials", () => {
    expect(run("validate")).toMatchObject({ code: 0, calls: [...install, "npx customers validate"] });
    expect(jobs.validate).not.toHaveProperty("id_tokens");
    expect(jobs.validate).not.toHaveProperty("environment");
  });

  it("is planned as merged into the default branch, by the latest state without secrets", () => {
    const { code, calls, build } = run("plan dev", { CI_PIPELINE_SOURCE: "merge_request_event" });
    expect({ code, calls }).toEqual({
      code: 0,
      calls: [
        ...install,
        `curl --fail --silent --show-error --header JOB-TOKEN: token-of-job --output state.tgz ${state}`,
        "npx customers preview --stack dev --state state --changed-since HEAD^1 --plan plan.json",
        "npx customers review --stack dev --plan plan.json --comment preview.md",
      ],
    });
    const commitOf = (name: string) =>
      execFileSync("git", ["rev-parse", name], { cwd: build, encoding: "utf8" }).trim();
    expect([commitOf("HEAD^1"), commitOf("HEAD^2")]).toEqual([
      git("rev-parse", "main"),
      git("rev-parse", "feature"),
    ]);
  });

  it("signs in to nothing but AWS, for an environment whose rights only read", () => {
    expect(jobs["plan dev"]).toMatchObject({ environment: { name: "$STACK-plan", action: "access" } });
    expect(Object.keys(jobs["plan dev"]?.id_tokens ?? {})).toEqual(["AWS_ID_TOKEN"]);
  });

  it("is reviewed if there is no plan, too: the review says why", () => {
    const { code, calls } = run("plan dev", { FAIL: "customers preview" });
    expect({ code, last: calls.at(-1) }).toEqual({
      code: 0,
      last: "npx customers review --stack dev --plan plan.json --comment preview.md",
    });
    expect(run("plan dev", { FAIL: "customers review" }).code).toBe(1);
  });

  it("says what to do if there is no state yet", () => {
    const { code, output, calls } = run("plan dev", { FAIL: "--output" });
    expect(code).toBe(1);
    expect(output).toContain(
      "There is no state of dev yet. Run the pipeline's schedule once (docs/how-to/ci-gitlab.md).",
    );
    expect(calls.at(-1)).toMatch(/^curl /);
  });
});

describe("a deployment", () => {
  const signedIn = [...install, login];

  it("deploys the stack, one at a time, in the environment of its name", () => {
    const { code, calls } = run("deploy dev");
    expect({ code, calls }).toEqual({
      code: 0,
      calls: [
        ...signedIn,
        `${onStack} npx customers shards move --stack example/dev`,
        `${onStack} npx customers up --summary summary.md`,
        `${onStack} npx customers shards list --stack dev`,
      ],
    });
    expect(jobs["deploy dev"]).toMatchObject({ environment: "$STACK", resource_group: "$STACK" });
  });

  it("deploys the shards after the main stack, and then the main stack again", () => {
    const { code, calls } = run("deploy dev", { SHARDS: '["dev-1","dev-2"]' });
    expect({ code, calls: calls.slice(-4) }).toEqual({
      code: 0,
      calls: [
        `${onStack} npx customers shards list --stack dev`,
        `${onStack} npx customers up --stack example/dev-1 --summary summary.md`,
        `${onStack} npx customers up --stack example/dev-2 --summary summary.md`,
        `${onStack} npx customers up --summary summary.md`,
      ],
    });
  });

  it("deploys the other shards if one fails, fails, and leaves the main stack as it is", () => {
    const { code, calls, output } = run("deploy dev", {
      SHARDS: '["dev-1","dev-2"]',
      FAIL: "up --stack example/dev-1",
    });
    expect(code).toBe(1);
    expect(calls.at(-1)).toBe(`${onStack} npx customers up --stack example/dev-2 --summary summary.md`);
    expect(output).toContain("These shards failed: dev-1. The main stack isn't deployed again.");
  });

  it.each(["shards move", "up --summary", "shards list", "login"])("ends if this fails: %s", (FAIL) => {
    const { code, calls } = run("deploy dev", { FAIL });
    expect({ code, last: calls.at(-1) }).toEqual({ code: 1, last: expect.stringContaining(FAIL) });
  });

  it("signs in to Pulumi Cloud as a team if there is one, and not at all for another backend", () => {
    expect(run("deploy dev", { PULUMI_TEAM: "the team" }).calls).toContain(`${login} --oidc-team the team`);
    const other = { PULUMI_BACKEND_URL: "s3://states", PULUMI_ORGANIZATION: "" };
    const { code, calls } = run("deploy dev", { ...other, SHARDS: '["dev-1"]' });
    expect(calls.slice(-2)).toEqual([
      "PULUMI_STACK=organization/dev npx customers up --stack organization/dev-1 --summary summary.md",
      "PULUMI_STACK=organization/dev npx customers up --summary summary.md",
    ]);
    expect({ code, logins: calls.filter((call) => call.includes("pulumi login")) }).toEqual({
      code: 0,
      logins: [],
    });
  });
});

test("without its organization, Pulumi Cloud isn't asked for a token, and the job says what is missing", () => {
  const { code, output, calls } = run("deploy dev", { PULUMI_ORGANIZATION: "" });
  expect({ code, calls }).toEqual({ code: 1, calls: install });
  expect(output).toContain("PULUMI_ORGANIZATION: Set this variable (docs/how-to/ci-gitlab.md).");
});

describe("the report", () => {
  const written = [
    `${onStack} npx customers state --out state`,
    `${onStack} curl --fail --silent --show-error --header JOB-TOKEN: token-of-job --upload-file state.tgz ${state}`,
  ];

  it("after a deployment is the state without secrets", () => {
    expect(run("report dev")).toMatchObject({ code: 0, calls: [...install, login, ...written] });
  });

  it("of a night has drift and old credentials, too", () => {
    expect(run("report dev", { CI_PIPELINE_SOURCE: "schedule" })).toMatchObject({
      code: 0,
      calls: [
        ...install,
        login,
        ...written,
        `${onStack} npx customers drift --stack dev`,
        `${onStack} npx customers rotation-due --stack example/dev`,
      ],
    });
  });

  it.each(["drift", "rotation-due"])("fails for either, after both: %s", (FAIL) => {
    const { code, calls } = run("report dev", { CI_PIPELINE_SOURCE: "schedule", FAIL });
    expect({ code, last: calls.at(-1) }).toEqual({ code: 1, last: expect.stringContaining("rotation-due") });
  });
});

test.each(["validate", "plan dev", "deploy dev", "report dev"])(
  "%s ends before it does anything if the installed package doesn't fit the file",
  (name) => {
    const { code, calls, output } = run(name, { FAIL: "customers doctor" });
    expect({ code, calls }).toEqual({ code: 1, calls: install });
    expect(output).toContain(
      "This .gitlab-ci.yml is version 0.2.0, and the installed customers-as-code doesn't fit. In one merge request, set the dependency",
    );
  },
);

test("a role in AWS gets the job's own token from a file, and without a role there is none", () => {
  const print = '\nprintf \'%s \' "$AWS_ROLE_SESSION_NAME"; cat "$AWS_WEB_IDENTITY_TOKEN_FILE"';
  const withRole = (role: Record<string, string>) => run("deploy dev", role, [print]);
  expect(withRole({ AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/customers-deploy" }).output).toContain(
    "gitlab-42 token-for-aws",
  );
  expect(withRole({}).output).not.toContain("token-for-aws");
});
