// What must hold for every workflow; actionlint checks the rest (`.github/actionlint/run`).
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { engines } from "../../../../package.json";
import product from "../../package.json";
import { commands } from "../../src/cli/main";

interface Step {
  id?: string;
  if?: string;
  env?: Record<string, string>;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  if?: string;
  env?: Record<string, string>;
  needs?: string | string[];
  /** Another workflow, instead of steps. */
  uses?: string;
  with?: Record<string, unknown>;
  secrets?: Record<string, string>;
  strategy?: Record<string, unknown>;
  environment?: string | { name: string };
  permissions?: Record<string, string>;
  concurrency?: Record<string, unknown>;
  steps?: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  env?: Record<string, string>;
  permissions: Record<string, string>;
  concurrency?: Record<string, unknown>;
  jobs: Record<string, Job>;
}

/** As workflows write it. */
const expression = (name: string) => `$\{{ ${name} }}`;
const stack = expression("matrix.stack");

const folder = ".github/workflows";
const workflows = [...readdirSync(folder)].map((name) => {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  return { name, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name} ${id}`, workflow, job })),
);
/** Each once, also one that several jobs share by a YAML anchor. */
const steps = [...new Set(jobs.flatMap(({ job }) => job.steps ?? []))];
const workflowOf = (name: string) => {
  const found = workflows.find((one) => one.name === name);
  if (!found) throw new Error(`there is no workflow ${name}`);
  return found;
};
const jobOf = (name: string) => {
  const found = jobs.find((one) => one.name === name);
  if (!found) throw new Error(`there is no job ${name}`);
  return found.job;
};

/** Runs the script of a step as GitHub does, with an npx of these lines: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
function runStep(script: string, npx: readonly string[], env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), "step-"));
  try {
    writeFileSync(join(cwd, "npx"), ["#!/bin/sh", ...npx, ""].join("\n"));
    chmodSync(join(cwd, "npx"), 0o755);
    const { status, stdout } = spawnSync("bash", ["-e", "-c", script], {
      cwd,
      encoding: "utf8",
      env: { PATH: `${cwd}${delimiter}${process.env.PATH}`, GITHUB_OUTPUT: join(cwd, "output"), ...env },
    });
    const files = readdirSync(cwd).filter((name) => name !== "npx");
    return {
      status,
      stdout,
      files: Object.fromEntries(files.map((name) => [name, readFileSync(join(cwd, name), "utf8")])),
    };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

const callers = ["comment.yml", "customers.yml"];
const called = ["comment", "deploy", "nightly", "pull-request"].map((name) => `customers-${name}.yml`);

test("there are a company's two files, the workflows that they call, and this repository's tests and site", () => {
  expect(workflows.map(({ name }) => name).sort()).toEqual(
    [...callers, ...called, "docs.yml", "test.yml"].sort(),
  );
  const calls = jobs.flatMap(({ name, job }) => (job.uses === undefined ? [] : [[name, job.uses]]));
  expect(Object.fromEntries(calls)).toEqual({
    "comment.yml comment": "./.github/workflows/customers-comment.yml",
    "customers.yml deploy": "./.github/workflows/customers-deploy.yml",
    "customers.yml nightly": "./.github/workflows/customers-nightly.yml",
    "customers.yml pull-request": "./.github/workflows/customers-pull-request.yml",
  });
  // A called workflow runs only for its caller.
  const only = workflows.filter(({ workflow }) => Object.keys(workflow.on).join() === "workflow_call");
  expect(only.map(({ name }) => name).sort()).toEqual(called);
});

describe("a call of a workflow", () => {
  const calls = () => jobs.filter(({ job }) => job.uses !== undefined);
  const calledBy = ({ uses = "" }: Job) => workflowOf(uses.split("/").at(-1) ?? "");

  it("grants each of its jobs what it asks for, and nothing more, because GitHub starts none of them otherwise", () => {
    const rank = (level = "none") => ["none", "read", "write"].indexOf(level);
    for (const { name, job } of calls()) {
      const asked: Record<string, string> = {};
      for (const { permissions } of Object.values(calledBy(job).workflow.jobs))
        for (const [right, level] of Object.entries(permissions ?? {}))
          if (rank(level) > rank(asked[right])) asked[right] = level;
      expect({ name, permissions: job.permissions }).toEqual({ name, permissions: asked });
    }
  });

  it("passes the secrets that it reads by name, and no other", () => {
    for (const { name, job } of calls()) {
      const { text, workflow } = calledBy(job);
      const { secrets: declared = {} } = (workflow.on.workflow_call ?? {}) as { secrets?: object };
      const read = new Set([...text.matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret));
      expect({ name, declared: new Set(Object.keys(declared)) }).toEqual({ name, declared: read });
      expect({ name, passed: job.secrets }).toEqual({
        name,
        passed: Object.fromEntries([...read].map((secret) => [secret, expression(`secrets.${secret}`)])),
      });
    }
  });

  it("requires no secret, because the values come from environments, which the caller can't see", () => {
    for (const name of called) {
      const { secrets } = workflowOf(name).workflow.on.workflow_call as { secrets: object };
      for (const secret of Object.values(secrets))
        expect(secret).toEqual({ description: expect.stringContaining("environment"), required: false });
    }
  });
});

describe("the version of the workflows that a company calls", () => {
  const script = steps.find(({ run }) => run?.includes("customers doctor"))?.run ?? "";

  it("is the product's", () => {
    for (const name of called) expect(workflowOf(name).workflow.env?.WORKFLOWS_VERSION).toBe(product.version);
  });

  it("is compared with the installed package before any other command runs", () => {
    const withCommands = jobs.filter(
      ({ name, job }) => called.includes(name.split(" ")[0] ?? "") && JSON.stringify(job).includes("npx "),
    );
    expect(withCommands.length).toBeGreaterThan(6);
    for (const { name, job } of withCommands) {
      const [first] = (job.steps ?? []).flatMap(({ run }) => (run?.includes("npx ") ? [run] : []));
      expect({ name, first }).toEqual({ name, first: script });
    }
  });

  it.each([
    ["fits", "exit 0", 0, ""],
    ["doesn't fit", "echo doctor says why; exit 1", 1, "doctor says why\n"],
    ["is too old for the command", "echo \"error: unknown command 'doctor'\" >&2; exit 1", 1, ""],
    ["isn't installed", "exit 127", 1, ""],
  ])("ends the job with what to do, unless the package fits: one that %s", (_, npx, code, said) => {
    const check = '[ "$*" = "customers doctor --workflows 0.2.0" ] || exit 9';
    const { status, stdout } = runStep(script, [check, npx], { WORKFLOWS_VERSION: "0.2.0" });
    const sentence =
      "::error::These workflows are version 0.2.0, and the installed customers-as-code doesn't fit. In one pull request, set the dependency in package.json and the tag in .github/workflows to the same version.\n";
    expect({ status, stdout }).toEqual({ status: code, stdout: code === 0 ? "" : `${said}${sentence}` });
  });
});

test("the Pulumi CLI has the version of the SDK that the product is tested with", () => {
  const versions = steps.flatMap((step) => step.with?.["pulumi-version"] ?? []);
  expect(versions).toEqual(versions.map(() => product.peerDependencies["@pulumi/pulumi"]));
  expect(versions.length).toBe(3);
});

test("every action is pinned to a commit, with its version beside it, and the same one everywhere", () => {
  const lines = workflows.flatMap(({ text }) => text.match(/^.*\buses: (?!\.\/).*$/gm) ?? []);
  expect(lines.length).toBe(steps.filter(({ uses }) => uses !== undefined).length);
  expect(lines.filter((line) => !/ uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
    [],
  );
  const pins = new Set(lines.map((line) => line.replace(/^.*uses: /, "")));
  expect(new Set([...pins].map((pin) => pin.split("@")[0])).size).toBe(pins.size);
});

/** Jobs that run for a pull request, from files as the pull request has them, whatever they are on the default branch. */
const ofPullRequest = jobs.filter(
  ({ name }) =>
    /^(test|customers-pull-request)\.yml /.test(name) || /^customers\.yml (pull-request|review)$/.test(name),
);
/** All others run on the default branch, because their environments admit no other. */
const ofDefaultBranch = jobs.filter((job) => !ofPullRequest.includes(job));
const secretsOf = (job: Job) => [...JSON.stringify(job).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);
const writes = ({ permissions = {} }: Job) =>
  Object.keys(permissions).filter((name) => name !== "id-token" && permissions[name] === "write");

describe("what runs a pull request's code", () => {
  test("is known: four jobs check it out, one calls two of them, and one does nothing", () => {
    expect(ofPullRequest.map(({ name }) => name).sort()).toEqual([
      "customers-pull-request.yml plan",
      "customers-pull-request.yml validate",
      "customers.yml pull-request",
      "customers.yml review",
      "test.yml commands",
      "test.yml everything",
    ]);
    // An event that runs the default branch's file with its secrets must check out nothing else.
    for (const { text, workflow } of workflows) {
      expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
      expect(text).not.toContain("pull_request.head.sha");
    }
    const others = ofDefaultBranch
      .flatMap(({ job }) => job.steps ?? [])
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(others.map((step) => Object.keys(step.with ?? {}))).toEqual(
      others.map(() => ["persist-credentials"]),
    );
  });

  test("is nothing that another event starts: each job of the file belongs to its events", () => {
    const { on, jobs: all } = workflowOf("customers.yml").workflow;
    expect(Object.keys(on)).toEqual([
      "pull_request",
      "pull_request_review",
      "push",
      "schedule",
      "workflow_dispatch",
    ]);
    expect(Object.fromEntries(Object.entries(all).map(([id, job]) => [id, job.if]))).toEqual({
      "pull-request": "github.event_name == 'pull_request'",
      review: "github.event_name == 'pull_request_review'",
      deploy: "(github.event_name == 'push' || inputs.run == 'deploy') && vars.STACKS != ''",
      nightly: "github.event_name == 'schedule' || inputs.run == 'nightly'",
    });
    expect(on.push).toEqual({ branches: ["main"] });
  });

  test("has no token that writes", () => {
    expect(ofPullRequest.flatMap(({ name, job }) => writes(job).map((right) => `${name}: ${right}`))).toEqual(
      [],
    );
  });

  test("has no environment but the one for plans, and no secret but that of a client that reads", () => {
    const environments = ofPullRequest.flatMap(({ job }) => (job.environment ? [job.environment] : []));
    expect(environments).toEqual([{ name: `${stack}-plan`, deployment: false }]);
    expect(new Set(ofPullRequest.flatMap(({ job }) => secretsOf(job)))).toEqual(
      new Set(["AUTH0_CLIENT_SECRET"]),
    );
    for (const { job } of ofDefaultBranch)
      expect(JSON.stringify(job.environment ?? "")).not.toContain("-plan");
  });

  test("doesn't sign in to Pulumi, and previews with a state that has no secrets", () => {
    const uses = ofPullRequest.flatMap(({ job }) => (job.steps ?? []).flatMap((step) => step.uses ?? []));
    expect(uses.filter((action) => action.startsWith("pulumi/auth-actions"))).toEqual([]);
    const scripts = ofPullRequest.flatMap(({ job }) => (job.steps ?? []).flatMap((step) => step.run ?? []));
    expect(scripts.filter((script) => /customers (preview|up|state|shards|drift)/.test(script))).toEqual([
      'npx customers preview --stack "$STACK" --state state --changed-since HEAD^1 --plan plan.json',
    ]);
  });

  test("takes states from runs of the default branch alone", () => {
    const step = jobOf("customers-pull-request.yml plan").steps?.find(({ run }) =>
      run?.includes("/artifacts?"),
    );
    expect(step?.run).toContain(".workflow_run.head_branch == env.BRANCH");
    expect(step?.run).toContain(".workflow_run.head_repository_id == .workflow_run.repository_id");
    expect(step?.env?.BRANCH).toBe(expression("github.event.repository.default_branch"));
  });

  test("takes no state from a pull request of the default branch into another one, whose code its run has", () => {
    const script =
      jobOf("customers-pull-request.yml plan").steps?.find(({ id }) => id === "state")?.run ?? "";
    const findState = (events: Record<number, string>) => {
      const ids = Object.keys(events).join(" ");
      const answers = Object.entries(events).map(([id, event]) => `*/runs/${id}) echo ${event} ;;`);
      const gh = `gh() { case "$2" in */artifacts*) echo ${ids} ;; ${answers.join(" ")} esac; }`;
      return runStep(`${gh}\n${script}`, [], { STACK: "dev", GITHUB_REPOSITORY: "example/customers" });
    };
    for (const event of ["push", "schedule", "workflow_dispatch"]) {
      expect(findState({ 1: "pull_request", 2: event, 3: "push" }).files).toEqual({ output: "run=2\n" });
    }
    for (const event of ["pull_request", "pull_request_review"]) {
      expect(findState({ 1: event })).toMatchObject({ status: 1, files: {} });
    }
  });

  test("is nothing of a fork's, or of a pull request into another branch, wherever there are credentials", () => {
    const credentials = ({ environment, permissions = {} }: Job) =>
      environment !== undefined || Object.keys(permissions).some((right) => right !== "contents");
    for (const { name, job } of ofPullRequest.filter(({ job }) => !job.uses && credentials(job))) {
      const conditions = job.if?.split(" && ") ?? [];
      expect({ name, conditions }).toMatchObject({
        conditions: [
          "github.event.pull_request.head.repo.full_name == github.repository",
          "github.event.pull_request.base.ref == github.event.repository.default_branch",
          ...["vars.STACKS != ''", "!cancelled()"],
        ],
      });
    }
  });
});

describe("what judges a pull request", () => {
  const comment = () => jobOf("customers-comment.yml comment");

  test("runs the default branch's code after a run of the pull request's, and of no fork's", () => {
    const { workflow } = workflowOf("comment.yml");
    expect(workflow.on).toEqual({ workflow_run: { workflows: ["Customers"], types: ["completed"] } });
    expect(workflowOf("customers.yml").text).toMatch(/^name: Customers$/m);
    expect(Object.keys(workflow.jobs)).toEqual(["comment"]);
    expect(comment().if).toBe(
      "github.event.workflow_run.head_repository.full_name == github.repository " +
        `&& contains(fromJSON('["pull_request", "pull_request_review"]'), github.event.workflow_run.event) ` +
        "&& vars.STACKS != ''",
    );
    // Otherwise, a fork's branch of the same name would cancel it.
    expect(workflow.concurrency?.group).toContain(
      expression("github.event.workflow_run.head_repository.full_name"),
    );
  });

  test("is the only job that writes under a pull request, and has no secrets but those that read", () => {
    const rights = jobs.flatMap(({ name, job }) => writes(job).map((right) => `${name}: ${right}`));
    // The site's deployment never runs for a pull request.
    expect(rights.filter((right) => !/issues$|^docs\.yml deploy: pages$/.test(right))).toEqual(
      ["comment.yml comment", "customers-comment.yml comment"].flatMap((name) => [
        `${name}: pull-requests`,
        `${name}: statuses`,
      ]),
    );
    // With the default branch's code: when a customer was last seen, and a client used.
    expect(secretsOf(comment())).toEqual(["AUTH0_CLIENT_SECRET", "MOESIF_MANAGEMENT_API_KEY"]);
    expect(comment().permissions).not.toHaveProperty("id-token");
  });

  test("asks GitHub which pull request it is, and reads nothing of the run but its commit, branch and workflow", () => {
    const text = ["comment.yml", "customers-comment.yml"].map((name) => workflowOf(name).text).join("");
    const read = [...text.matchAll(/workflow_run\.([\w.]+)/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(
      new Set(["event", "head_branch", "head_repository.full_name", "head_sha", "workflow_id"]),
    );
    const numbers = (comment().steps ?? []).flatMap(({ env }) => env?.PR_NUMBER ?? []);
    expect(new Set(numbers)).toEqual(new Set([expression("steps.pull-request.outputs.number")]));
  });

  test("fetches the pull request's commits into Git, reviews, comments and sets the status, however the review ends", () => {
    const { steps: all = [] } = comment();
    const scripts = all.flatMap(({ run, if: condition }) => (run ? [{ run, condition }] : []));
    const at = (script: string) => scripts.findIndex(({ run }) => run.includes(script));
    const order = [
      "npm ci --ignore-scripts",
      "npm run build --if-present",
      "npx customers doctor",
      "npx customers pull-request",
      "git fetch",
      "npx customers approvals",
      "npx customers review",
      "npx customers comment",
      "npx customers status",
    ];
    expect(order.map(at)).toEqual(order.map((_, index) => index));
    expect(scripts[at("git fetch")]?.run).toContain("+refs/pull/$PR_NUMBER/merge:refs/remotes/pull/merge");
    expect(all.find(({ run }) => run?.includes("npx customers review"))?.env).toMatchObject({
      PR_CHANGES: "refs/remotes/pull/merge",
      PR_HEAD: expression("steps.pull-request.outputs.head"),
      PR_APPROVED_BY: expression("steps.approvals.outputs.approved-by"),
    });
    expect(scripts[at("npx customers comment")]?.condition).toBe(
      expression("!cancelled() && hashFiles('preview.md') != ''"),
    );
    expect(scripts[at("npx customers status")]?.condition).toBe(
      expression("!cancelled() && steps.pull-request.outputs.number != ''"),
    );
  });
});

test("tokens may do no more than they must", () => {
  expect(Object.fromEntries(workflows.map(({ name, workflow }) => [name, workflow.permissions]))).toEqual(
    Object.fromEntries(
      workflows.map(({ name }) => [name, callers.includes(name) ? {} : { contents: "read" }]),
    ),
  );
  const deploys = ["main", "shards", "last", "state"].map((id) => `customers-deploy.yml ${id}`);
  const signsIn = ["customers.yml deploy", ...deploys, "customers-nightly.yml state"];
  const comments = { actions: "read", contents: "read", "pull-requests": "write", statuses: "write" };
  const looks = { contents: "read", "id-token": "write", issues: "write" };
  const plans = { actions: "read", contents: "read", "id-token": "write" };
  expect(Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions]))).toEqual({
    ...Object.fromEntries(signsIn.map((name) => [name, { contents: "read", "id-token": "write" }])),
    "customers.yml nightly": looks,
    "customers-nightly.yml look": looks,
    "customers.yml pull-request": plans,
    "customers-pull-request.yml plan": plans,
    "customers-pull-request.yml validate": { contents: "read" },
    "comment.yml comment": comments,
    "customers-comment.yml comment": comments,
    "customers.yml review": undefined,
    "docs.yml build": undefined,
    "docs.yml deploy": { "id-token": "write", pages: "write" },
    "test.yml commands": undefined,
    "test.yml everything": undefined,
  });
  const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
});

test("no package runs a script when it is installed", () => {
  const installs = steps.flatMap(({ run = "" }) => (/npm (ci|i|install)\b/.test(run) ? [run] : []));
  expect(installs.length).toBeGreaterThan(4);
  expect(new Set(installs)).toEqual(new Set(["npm ci --ignore-scripts"]));
});

describe("the site", () => {
  const { text } = workflowOf("docs.yml");

  test("is built for a pull request that touches it, without rights, and deployed only from this repository's main", () => {
    const { on } = workflowOf("docs.yml").workflow;
    expect(on.push).toEqual({ branches: ["main"] });
    const { if: condition, needs, steps: deploying = [] } = jobOf("docs.yml deploy");
    expect(condition).toBe(
      "github.event_name == 'push' && github.repository == 'customers-as-code/customers-as-code'",
    );
    expect(needs).toBe("build");
    expect(deploying.flatMap(({ run }) => run ?? [])).toEqual([]);
    expect(text).not.toMatch(/secrets|\bvars\b/);
  });
});

describe("the tests of this repository", () => {
  const { text, workflow } = workflowOf("test.yml");
  const own = () => ["test.yml everything", "test.yml commands"].map(jobOf);
  const scriptsOf = ({ steps: all = [] }: Job) => all.flatMap(({ run }) => run ?? []);

  test("run for a pull request and for main, and see no secret and no variable", () => {
    expect(workflow.on).toEqual({ pull_request: null, push: { branches: ["main"] } });
    expect(text).not.toMatch(/secrets|\bvars\b/);
  });

  test("are all of them on the oldest Node.js, and what the README promises on the others", () => {
    const [everything, commands] = own();
    expect(scriptsOf(everything ?? {}).at(-1)).toBe(".ci/run");
    expect(scriptsOf(commands ?? {})).toEqual([
      "npm ci --ignore-scripts",
      "npm run build",
      "npm start",
      "npm test",
    ]);
    const versions = [...JSON.stringify(everything?.strategy).matchAll(/\d[\d.]*/g)].map(
      ([version]) => version,
    );
    const [oldest, ...others] = new Set(versions);
    expect(`>=${oldest}`).toBe(engines.node);
    expect(commands?.strategy?.matrix).toEqual({ node: others });
    expect(others).toEqual(["22", "24"]);
  });

  test("install packages without their scripts in .ci/run, too", () => {
    expect(parse(text).env).toEqual({ npm_config_ignore_scripts: "true" });
  });
});

test("an output is one line of one command that has ended well", () => {
  const outputs = steps.flatMap(
    ({ run }) => run?.split("\n").filter((line) => line.includes("$GITHUB_OUTPUT")) ?? [],
  );
  expect(outputs.sort()).toEqual([
    'echo "list=$list" >> "$GITHUB_OUTPUT"',
    'echo "run=$run" >> "$GITHUB_OUTPUT"',
    'npx customers approvals >> "$GITHUB_OUTPUT"',
    'npx customers pull-request >> "$GITHUB_OUTPUT"',
  ]);
});

test("no string of anyone else's is put into a script", () => {
  expect(steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
});

const theStack = expression("inputs.stack");
/** Other backends than Pulumi Cloud have one organization: https://www.pulumi.com/docs/iac/concepts/state-and-backends/ */
const organization = expression("vars.PULUMI_ORGANIZATION || 'organization'");

test("one deployment at a time for each stack with its shards, in the order of STACKS, and none is broken off", () => {
  expect(jobOf("customers.yml deploy")).toMatchObject({
    concurrency: { group: `stack-${stack}`, "cancel-in-progress": false },
    strategy: { "max-parallel": 1, matrix: { stack: expression(`fromJSON(vars.STACKS || '["dev"]')`) } },
    with: { stack },
  });
});

test("a newer commit cancels the run for a pull request, and nothing else", () => {
  const { concurrency } = jobOf("customers.yml pull-request");
  expect(concurrency).toEqual({
    group: `pull-request-${expression("github.event.number")}`,
    "cancel-in-progress": true,
  });
  const canceling = [
    ...workflows.map(({ name, workflow: { concurrency } }) => ({ name, concurrency })),
    ...jobs.map(({ name, job: { concurrency } }) => ({ name, concurrency })),
  ].flatMap(({ name, concurrency }) => (concurrency?.["cancel-in-progress"] === true ? [name] : []));
  expect(canceling).toEqual(["comment.yml", "customers.yml pull-request"]);
});

describe("the deployment of a stack", () => {
  const deployment = (id: string) => jobOf(`customers-deploy.yml ${id}`);
  const commandsOf = ({ steps: all = [] }: Job) =>
    all.flatMap(({ run }) => (run?.includes("npx customers") ? [run.trim()] : [])).slice(1);
  const up = 'npx customers up --summary "$GITHUB_STEP_SUMMARY"';
  const stackIn = ({ env = {} }: { env?: Record<string, string> }) => env.PULUMI_STACK;

  it("waits for the approval of its environment, and begins with the stack itself", () => {
    const main = deployment("main");
    expect([main.needs, main.if, main.environment]).toEqual([undefined, undefined, theStack]);
    const others = ["shards", "last"].map((id) => deployment(id).environment);
    expect(others).toEqual(others.map(() => `${theStack}-shards`));
  });

  it("goes on with its shards side by side, if it has any", () => {
    expect(deployment("shards")).toMatchObject({
      needs: "main",
      if: "needs.main.outputs.shards != '[]'",
      strategy: {
        "fail-fast": false,
        matrix: { shard: expression("fromJSON(needs.main.outputs.shards)") },
      },
    });
    expect(stackIn(deployment("shards"))).toBe(`${organization}/${expression("matrix.shard")}`);
  });

  it("ends with the stack again if all of them are well", () => {
    const last = deployment("last");
    expect(last.needs).toBe("shards");
    // Without a condition of its own, it is skipped if the shards are, or if they fail.
    expect(last.if).toBeUndefined();
    expect(stackIn(last)).toBe(`${organization}/${theStack}`);
    expect(stackIn(deployment("main"))).toBe(stackIn(last));
  });

  it("moves customers before it deploys the stack itself, and names the shards", () => {
    expect(commandsOf(deployment("main"))).toEqual([
      'npx customers shards move --stack "$PULUMI_STACK"',
      up,
      expect.stringContaining('list=$(npx customers shards list --stack "$STACK")'),
    ]);
    expect(commandsOf(deployment("shards"))).toEqual([up]);
    expect(commandsOf(deployment("last"))).toEqual([up]);
    expect(jobOf("customers-deploy.yml main")).toMatchObject({
      outputs: { shards: expression("steps.shards.outputs.list") },
    });
  });
});

test("each job that needs a state signs in to Pulumi Cloud, unless the company has another backend", () => {
  const signIns = steps.filter(({ uses }) => uses?.startsWith("pulumi/auth-actions@"));
  expect(signIns.map((step) => step.if)).toEqual(signIns.map(() => "vars.PULUMI_BACKEND_URL == ''"));
  const signingIn = jobs.filter(({ job }) => job.steps?.some((step) => signIns.includes(step)));
  expect(signingIn.map(({ name }) => name)).toEqual([
    ...["main", "shards", "last", "state"].map((id) => `customers-deploy.yml ${id}`),
    ...["look", "state"].map((id) => `customers-nightly.yml ${id}`),
  ]);
  for (const { job } of signingIn) {
    expect(job.env?.PULUMI_BACKEND_URL).toBe(expression("vars.PULUMI_BACKEND_URL"));
    expect(job.env?.PULUMI_STACK).toContain(`${organization}/`);
  }
});

test("a pull request's plan is one for the stack and those of its shards that it concerns", () => {
  const { steps: all = [] } = jobOf("customers-pull-request.yml plan");
  const checkout = all.find(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkout?.with?.["fetch-depth"]).toBe(2);
});

test("jobs that deploy nothing have another environment, whose rights only read", () => {
  const environments = jobs
    .filter(({ name, job }) => !/deploy\.yml (main|shards|last)$/.test(name) && job.environment !== undefined)
    .map(({ name, job }) => [name, job.environment]);
  expect(Object.fromEntries(environments)).toEqual({
    "customers-comment.yml comment": { name: `${stack}-preview`, deployment: false },
    "customers-deploy.yml state": { name: `${theStack}-preview`, deployment: false },
    "customers-nightly.yml look": { name: `${stack}-preview`, deployment: false },
    "customers-nightly.yml state": { name: `${stack}-preview`, deployment: false },
    "customers-pull-request.yml plan": { name: `${stack}-plan`, deployment: false },
    // Of the site, which has no stack.
    "docs.yml deploy": { name: "github-pages", url: expression("steps.deployment.outputs.page_url") },
  });
});

test("a pull request has its plan also if the checks of the files or the preview find something wrong", () => {
  const { needs, if: condition, steps: all = [] } = jobOf("customers-pull-request.yml plan");
  expect([needs, condition?.split(" && ").at(-1)]).toEqual(["validate", "!cancelled()"]);
  const upload = all.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
  expect(upload).toMatchObject({
    if: expression("!cancelled() && hashFiles('plan.json') != ''"),
    with: { name: `plan-${stack}`, path: "plan.json" },
  });
});

describe("the state without secrets", () => {
  const both = () => ["customers-deploy.yml state", "customers-nightly.yml state"].map(jobOf);

  it("is written after each deployment, however that ends, and every night, in the same way", () => {
    const [deployed, nightly] = both();
    expect(deployed).toMatchObject({
      needs: ["main", "shards", "last"],
      if: expression("!cancelled() && needs.main.result != 'skipped'"),
    });
    expect(nightly?.if).toBe("vars.STACKS != ''");
    const ofInput = (job?: Job) => JSON.parse(JSON.stringify(job).replaceAll("matrix.stack", "inputs.stack"));
    const { steps: own, env, environment } = ofInput(nightly);
    expect(own.at(-2).run).toBe("npx customers state --out state");
    expect({ steps: own, env, environment }).toEqual({
      steps: deployed?.steps,
      env: deployed?.env,
      environment: deployed?.environment,
    });
  });

  it("is all that the job gives away, with no secret of GitHub's in reach", () => {
    for (const state of both()) {
      expect(secretsOf(state)).toEqual([]);
      const upload = state.steps?.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
      expect(upload?.with).toMatchObject({
        name: expect.stringMatching(/^state-\$/),
        path: "state",
        "include-hidden-files": true,
      });
    }
  });
});

test("the commands are those that run anywhere", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const scriptsRun = steps.flatMap(({ run = "" }) =>
    [...run.matchAll(/npm run (?!.*--if-present)([\w:-]+)/g)].map(([, script]) => script),
  );
  expect(scriptsRun.filter((script = "") => !(script in scripts))).toEqual([]);
  const run = steps.flatMap((step) =>
    [...(step.run ?? "").matchAll(/npx customers ([\w-]+)/g)].map(([, name]) => name),
  );
  expect(run).toEqual(
    expect.arrayContaining([
      ...["approvals", "comment", "issue", "preview", "pull-request", "review"],
      ...["doctor", "state", "status", "up", "validate", "drift", "rotation-due", "shards"],
    ]),
  );
  expect(run.filter((one) => !commands.some(({ name }) => name === one))).toEqual([]);
});

test("npx runs the program of the lockfile: it never downloads another one of its name", () => {
  const callingNpx = workflows.filter(({ workflow }) => JSON.stringify(workflow).includes("npx "));
  expect(callingNpx.length).toBe(called.length);
  const unguarded = callingNpx.filter(({ workflow }) => workflow.env?.npm_config_yes !== "false");
  expect(unguarded.map(({ name }) => name)).toEqual([]);
});

test("the tenant is looked at every night", () => {
  expect(workflowOf("customers.yml").workflow.on.schedule).toEqual([
    { cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) },
  ]);
});

describe.each([
  ["drift", "drift.txt"],
  ["rotation-due", "rotation.md"],
])("the nightly report of customers %s", (command, file) => {
  const script = steps.find(({ run }) => run?.includes(`npx customers ${command}`))?.run ?? "";

  it.each([
    [
      "is a file for the issue, and doesn't fail the run, if there is something to report",
      1,
      0,
      { [file]: "found\n" },
    ],
    ["is no file, which closes the issue, if there is nothing", 0, 0, {}],
    ["fails the run if the command cannot tell", 2, 1, { [file]: "found\n" }],
  ])("%s", (_, code, status, files) => {
    expect(runStep(script, ["echo found", `exit ${code}`])).toEqual({ status, stdout: "", files });
  });
});

test("a deployment that can't list its shards fails, instead of deploying none", () => {
  const script = steps.find(({ run }) => run?.includes("npx customers shards list"))?.run ?? "";
  expect(runStep(script, [`echo '["dev-1"]'`]).files).toEqual({ output: 'list=["dev-1"]\n' });
  expect(runStep(script, ["exit 1"])).toMatchObject({ status: 1, files: {} });
});
