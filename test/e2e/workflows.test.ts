// A company's workflows, as act runs them: which commands of customers run for which event, in which order, with which secret. Actions do
// nothing here, and programs only record how they were called. act has no environments, so secrets come from the command line.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

let folder: string;
let act: string;
/** Options that replace each action with one that does nothing. */
let actions: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "workflows-"));
  act = join(folder, "act");
  execFileSync("go", ["build", "-mod=readonly", "-o", act, "github.com/nektos/act"], { cwd: ".github/act" });
  mkdirSync(join(folder, "home"));
  makePrograms();
  makeCompany();
  actions = makeActions();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function makePrograms() {
  mkdirSync(join(folder, "bin"));
  for (const name of ["gh", "npm", "npx"]) {
    const file = join(folder, "bin", name);
    writeFileSync(
      file,
      `#!/bin/bash
echo "\${PULUMI_STACK:+PULUMI_STACK=$PULUMI_STACK }\${AUTH0_CLIENT_SECRET:+AUTH0_CLIENT_SECRET=$AUTH0_CLIENT_SECRET }${name} $*" >> "$LOG"
case "${name} $*" in
  gh*"/runs/98 "*) echo pull_request ;;
  gh*"/runs/99 "*) echo push ;;
  gh*) printf '98\\n99\\n' ;;
  *"shards list"*) echo "$SHARDS" ;;
  *"customers pull-request") printf 'number=7\\nauthor=eve\\nhead=abc\\nrun=99\\n' ;;
  *"customers review"*) echo comment > preview.md ;;
esac
if [ -n "$FAIL" ]; then case "\${PULUMI_STACK} $*" in *"$FAIL"*) exit 1 ;; esac; fi
`,
    );
    chmodSync(file, 0o755);
  }
}

function makeCompany() {
  const company = join(folder, "company");
  const workflows = join(company, ".github/workflows");
  cpSync(".github/workflows", workflows, { recursive: true });
  for (const name of readdirSync(workflows)) {
    const file = join(workflows, name);
    // act doesn't know this key of an environment.
    writeFileSync(file, readFileSync(file, "utf8").replace(/^ *deployment: false\n/gm, ""));
  }
  commitAll(company);
  git(company, "remote", "add", "origin", "https://github.com/example/customers.git");
}

function makeActions(): string[] {
  const texts = readdirSync(".github/workflows").map((name) =>
    readFileSync(`.github/workflows/${name}`, "utf8"),
  );
  const used = new Set(
    [...texts.join("\n").matchAll(/uses: ([\w-]+\/[\w-]+@[0-9a-f]{40})/g)].map(([, ref = ""]) => ref),
  );
  return [...used].flatMap((ref) => {
    const stub = join(folder, "actions", ref.replace("/", "_"));
    mkdirSync(stub, { recursive: true });
    writeFileSync(
      join(stub, "action.yml"),
      "name: does nothing\nruns:\n  using: composite\n  steps: [{ run: 'true', shell: bash }]\n",
    );
    commitAll(stub);
    return ["--local-repository", `https://github.com/${ref}=${stub}`];
  });
}

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd });
function commitAll(cwd: string) {
  git(cwd, "init", "--quiet", "--initial-branch=main");
  git(cwd, "add", ".");
  git(cwd, "commit", "--quiet", "--message", "all");
}

/** @returns the calls of programs, without those of npm, and apart from them the checks of the version */
function run(event: string, file: string, payload: object = {}, environment: Record<string, string> = {}) {
  const log = join(folder, "log");
  rmSync(log, { force: true });
  const eventFile = join(folder, "event.json");
  writeFileSync(eventFile, JSON.stringify(payload));
  const path = `${join(folder, "bin")}${delimiter}${process.env.PATH}`;
  const given = { PATH: path, LOG: log, SHARDS: "[]", FAIL: "", ...environment };
  const { status, stdout } = spawnSync(
    act,
    [
      event,
      ...["--workflows", `.github/workflows/${file}`, "--eventpath", eventFile],
      ...["--platform", "ubuntu-24.04=-self-hosted", "--action-offline-mode", ...actions],
      ...["--var", 'STACKS=["dev","production"]', "--var", "PULUMI_ORGANIZATION=example"],
      ...["--secret", "AUTH0_CLIENT_SECRET=s3cret", "--secret", "GITHUB_TOKEN=of-the-run"],
      ...Object.entries(given).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ],
    {
      cwd: join(folder, "company"),
      encoding: "utf8",
      env: { PATH: path, HOME: join(folder, "home") },
    },
  );
  const calls = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  const others = calls.filter((call) => !isCheck(call) && !/(^| )npm /.test(call));
  return {
    status,
    stdout,
    checks: calls.filter(isCheck),
    calls: others.map((call) => call.replace(/--summary .*$/, "--summary FILE")),
  };
}
const isCheck = (call: string) => call.includes("customers doctor --workflows");

const secret = "AUTH0_CLIENT_SECRET=s3cret";
const on = (stack: string) => `PULUMI_STACK=example/${stack}`;
const up = (stack: string) => `${on(stack)} ${secret} npx customers up --summary FILE`;
const deployment = (stack: string, ...others: string[]) => [
  `${on(stack)} npx customers shards move --stack example/${stack}`,
  up(stack),
  `${on(stack)} npx customers shards list --stack ${stack}`,
  ...others,
  `${on(stack)} npx customers state --out state`,
];

const repository = { full_name: "example/customers", default_branch: "main" };
const pullRequest = (from: string, into = "main") => ({
  number: 7,
  pull_request: { number: 7, head: { ref: "feature", repo: { full_name: from } }, base: { ref: into } },
  repository,
});

describe("a merge", () => {
  it("deploys one stack after the other, and writes the state of each", () => {
    const { status, calls, checks } = run("push", "customers.yml");
    expect({ status, calls }).toEqual({
      status: 0,
      calls: [...deployment("dev"), ...deployment("production")],
    });
    expect(checks).toHaveLength(4);
  });

  it("deploys the shards, and then the main stack again", () => {
    const { status, calls } = run("push", "customers.yml", {}, { SHARDS: '["dev-1","dev-2"]' });
    const ofDev = calls.slice(0, 7);
    // Side by side, in any order.
    ofDev.splice(3, 2, ...ofDev.slice(3, 5).sort());
    expect({ status, ofDev }).toEqual({
      status: 0,
      ofDev: deployment("dev", up("dev-1"), up("dev-2"), up("dev")),
    });
  });

  it("deploys the other shards if one fails, doesn't deploy the main stack again, and writes the state", () => {
    const failing = { SHARDS: '["dev-1","dev-2"]', FAIL: "example/dev-1 customers up" };
    const { status, calls } = run("push", "customers.yml", {}, failing);
    expect(status).toBe(1);
    expect(calls.filter((call) => call.startsWith(`${on("dev")} `))).toEqual(deployment("dev"));
    expect(calls).toContain(up("dev-2"));
  });

  it("does nothing if the package doesn't fit the workflows", () => {
    const { status, stdout, calls } = run("push", "customers.yml", {}, { FAIL: "customers doctor" });
    expect({ status, calls }).toEqual({ status: 1, calls: [] });
    expect(stdout).toContain("These workflows are version ");
  });
});

it("looks for drift and old credentials every night, and writes the states", () => {
  const { status, calls } = run("schedule", "customers.yml");
  expect(status).toBe(0);
  const ofStack = (stack: string) => [
    `${on(stack)} ${secret} npx customers drift --stack ${stack}`,
    `${on(stack)} npx customers issue --title Drift of ${stack} drift.txt`,
    `${on(stack)} npx customers issue --title Rotation in ${stack} rotation.md`,
    `${on(stack)} npx customers rotation-due --stack example/${stack}`,
    `${on(stack)} npx customers state --out state`,
  ];
  expect(calls.sort()).toEqual([...ofStack("dev"), ...ofStack("production")].sort());
});

it.each([
  ["nightly", "npx customers drift", "npx customers up"],
  ["deploy", "npx customers up", "npx customers drift"],
])("runs %s by hand", (name, expected, other) => {
  const all = run("workflow_dispatch", "customers.yml", { inputs: { run: name } }).calls.join("\n");
  expect(all).toContain(expected);
  expect(all).not.toContain(other);
});

describe("a pull request", () => {
  it("is validated, and planned for each stack, without signing in to Pulumi", () => {
    const { status, calls } = run("pull_request", "customers.yml", pullRequest("example/customers"));
    expect(status).toBe(0);
    expect(calls[0]).toBe("npx customers validate");
    const previews = calls.filter((call) => call.includes("customers preview"));
    const preview = (stack: string) =>
      `${secret} npx customers preview --stack ${stack} --state state --changed-since HEAD^1 --plan plan.json`;
    expect(previews.sort()).toEqual([preview("dev"), preview("production")]);
    expect(calls.join("\n")).not.toContain("PULUMI_STACK");
  });

  it("is planned, too, if the files are wrong", () => {
    const failing = { FAIL: "customers validate" };
    const { status, calls } = run("pull_request", "customers.yml", pullRequest("example/customers"), failing);
    expect(status).toBe(1);
    expect(calls.filter((call) => call.includes("customers preview"))).toHaveLength(2);
  });

  it.each([
    ["from a fork", pullRequest("eve/customers")],
    ["into another branch", pullRequest("example/customers", "release")],
  ])("%s is only validated, without any secret", (_, payload) => {
    const { status, calls } = run("pull_request", "customers.yml", payload);
    expect({ status, calls }).toEqual({ status: 0, calls: ["npx customers validate"] });
  });

  it("runs nothing of its own for an approval, which only the comment follows", () => {
    const { status, calls } = run("pull_request_review", "customers.yml", pullRequest("example/customers"));
    expect({ status, calls }).toEqual({ status: 0, calls: [] });
  });
});

describe("the comment", () => {
  const afterRun = (event: string, from = "example/customers") => ({
    workflow_run: {
      event,
      head_sha: "abc",
      head_branch: "feature",
      workflow_id: 42,
      head_repository: { full_name: from },
    },
    repository,
  });

  it.each(["pull_request", "pull_request_review"])(
    "follows a run for a %s, and its status follows the review",
    (event) => {
      const { calls } = run("workflow_run", "comment.yml", afterRun(event));
      const ofDev = calls.filter((call) => !call.includes("production"));
      expect(new Set(ofDev)).toEqual(
        new Set([
          "npx customers pull-request",
          "npx customers approvals",
          `${secret} npx customers review --stack dev --plan plan/plan.json --comment preview.md`,
          "npx customers comment preview.md",
          expect.stringMatching(/^npx customers status --context Preview \(dev\) \w+$/),
        ]),
      );
    },
  );

  it.each([
    ["a run for a fork", afterRun("pull_request", "eve/customers")],
    ["a deployment", afterRun("push")],
    ["a night", afterRun("schedule")],
  ])("doesn't follow %s", (_, payload) => {
    const { status, calls, checks } = run("workflow_run", "comment.yml", payload);
    expect({ status, calls, checks }).toEqual({ status: 0, calls: [], checks: [] });
  });
});
