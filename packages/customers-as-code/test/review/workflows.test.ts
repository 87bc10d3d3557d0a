// What must hold for every workflow; actionlint checks the rest (`.github/actionlint/run`).
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { engines } from "../../../../package.json";
import { commands } from "../../src/cli/main";

interface Step {
  if?: string;
  env?: Record<string, string>;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  if?: string;
  needs?: string | string[];
  /** Another workflow, in place of steps. */
  uses?: string;
  with?: Record<string, unknown>;
  secrets?: string;
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
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));

test("there are those that docs/ci.md names, and those that a deployment calls", () => {
  const called = ["deploy-stack.yml", "state.yml", "up.yml"];
  expect(workflows.map(({ name }) => name).sort()).toEqual(
    [
      ...called,
      ...["comment.yml", "deploy.yml", "nightly.yml", "pull-request.yml", "review.yml", "test.yml"],
    ].sort(),
  );
  const calls = jobs.flatMap(({ job }) => job.uses ?? []);
  expect(new Set(calls)).toEqual(new Set(called.map((name) => `./.github/workflows/${name}`)));
  // A called workflow runs for nothing but its caller.
  const only = workflows.filter(({ workflow }) => Object.keys(workflow.on).join() === "workflow_call");
  expect(only.map(({ name }) => name).sort()).toEqual(called);
});

test("every action is pinned by a commit, with its version beside it, and the same one everywhere", () => {
  const lines = workflows.flatMap(({ text }) => text.match(/^.*\buses: (?!\.\/).*$/gm) ?? []);
  expect(lines.length).toBe(steps.filter(({ step }) => step.uses !== undefined).length);
  expect(lines.filter((line) => !/ uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
    [],
  );
  const pins = new Set(lines.map((line) => line.replace(/^.*uses: /, "")));
  expect(new Set([...pins].map((pin) => pin.split("@")[0])).size).toBe(pins.size);
});

/** GitHub runs these files as the pull request has them, whatever they say on the default branch. */
const ofPullRequest = jobs.filter(({ workflow }) =>
  ["pull_request", "pull_request_review"].some((event) => event in workflow.on),
);
/** All others run on the default branch: their environments admit no other. */
const ofDefaultBranch = jobs.filter((job) => !ofPullRequest.includes(job));
const secretsOf = (job: Job) => [...JSON.stringify(job).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);
const writes = ({ permissions = {} }: Job) =>
  Object.keys(permissions).filter((name) => name !== "id-token" && permissions[name] === "write");

describe("what runs a pull request's code", () => {
  test("is known: four jobs check it out, and one does nothing", () => {
    expect(ofPullRequest.map(({ name }) => name).sort()).toEqual([
      "pull-request.yml plan",
      "pull-request.yml validate",
      "review.yml noted",
      "test.yml commands",
      "test.yml everything",
    ]);
    // An event that runs the default branch's file with its secrets is no place to check out anything else.
    for (const { text, workflow } of workflows) {
      expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
      if (!("pull_request" in workflow.on)) expect(text).not.toContain("pull_request.head.sha");
    }
    const others = ofDefaultBranch
      .flatMap(({ job }) => job.steps ?? [])
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(others.map((step) => Object.keys(step.with ?? {}))).toEqual(
      others.map(() => ["persist-credentials"]),
    );
  });

  test("has no token that writes", () => {
    expect(ofPullRequest.flatMap(({ name, job }) => writes(job).map((right) => `${name}: ${right}`))).toEqual(
      [],
    );
  });

  test("has no environment but the one for plans, and no secret but that of a client that reads", () => {
    const environments = ofPullRequest.flatMap(({ job }) => (job.environment ? [job.environment] : []));
    expect(environments).toEqual([{ name: `${stack}-plan`, deployment: false }]);
    expect(ofPullRequest.flatMap(({ job }) => secretsOf(job))).toEqual(["AUTH0_CLIENT_SECRET"]);
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
    const step = jobOf("pull-request.yml plan").steps?.find(({ run }) => run?.includes("/artifacts?"));
    expect(step?.run).toContain(".workflow_run.head_branch == env.BRANCH");
    expect(step?.run).toContain(".workflow_run.head_repository_id == .workflow_run.repository_id");
    expect(step?.env?.BRANCH).toBe(expression("github.event.repository.default_branch"));
  });

  test("is nothing of a fork's, or of a pull request into another branch, wherever there are credentials", () => {
    for (const { name, job } of ofPullRequest.filter(({ job }) => job.environment || job.permissions)) {
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
  const comment = () => jobOf("comment.yml comment");

  test("runs the default branch's code after a run of the pull request's, and of no fork's", () => {
    const { workflow } = jobs.find(({ name }) => name === "comment.yml comment") ?? {};
    expect(workflow?.on).toEqual({
      workflow_run: { workflows: ["Pull request", "Review"], types: ["completed"] },
    });
    const names = workflows
      .filter(({ name }) => /^(pull-request|review)\.yml$/.test(name))
      .map(({ text }) => /^name: (.*)$/m.exec(text)?.[1]);
    expect(names).toEqual(["Pull request", "Review"]);
    expect(comment().if).toMatch(
      /^github\.event\.workflow_run\.head_repository\.full_name == github\.repository && /,
    );
    expect(comment().if).not.toContain("||");
    // Or else a fork's branch of the same name would cancel it.
    expect(workflow?.concurrency?.group).toContain(
      expression("github.event.workflow_run.head_repository.full_name"),
    );
  });

  test("is the only job that writes under a pull request, and has no secrets but those that read", () => {
    const rights = jobs.flatMap(({ name, job }) => writes(job).map((right) => `${name}: ${right}`));
    expect(rights.filter((right) => !/issues$/.test(right))).toEqual([
      "comment.yml comment: pull-requests",
      "comment.yml comment: statuses",
    ]);
    // With the default branch's code: when a customer was last seen, and a client used.
    expect(secretsOf(comment())).toEqual(["AUTH0_CLIENT_SECRET", "MOESIF_MANAGEMENT_API_KEY"]);
    expect(comment().permissions).not.toHaveProperty("id-token");
  });

  test("asks GitHub which pull request it is, and has no word of the run's but its commit and branch", () => {
    const { text = "" } = workflows.find(({ name }) => name === "comment.yml") ?? {};
    const said = [...text.matchAll(/workflow_run\.([\w.]+)/g)].map(([, name]) => name);
    expect(new Set(said)).toEqual(new Set(["event", "head_branch", "head_repository.full_name", "head_sha"]));
    const numbers = (comment().steps ?? []).flatMap(({ env }) => env?.PR_NUMBER ?? []);
    expect(new Set(numbers)).toEqual(new Set([expression("steps.pull-request.outputs.number")]));
  });

  test("fetches the pull request's commits into Git, reviews, comments and sets the status, however the review ends", () => {
    const { steps: all = [] } = comment();
    const scripts = all.flatMap(({ run, if: condition }) => (run ? [{ run, condition }] : []));
    const at = (script: string) => scripts.findIndex(({ run }) => run.includes(script));
    const order = [
      "npm ci --ignore-scripts",
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
      workflows.map(({ name }) => [name, name === "review.yml" ? {} : { contents: "read" }]),
    ),
  );
  const deploys = [
    "deploy.yml stack",
    ...["main", "shards", "last", "state"].map((id) => `deploy-stack.yml ${id}`),
  ];
  const signsIn = [...deploys, "up.yml up", "state.yml state", "nightly.yml state"];
  expect(Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions]))).toEqual({
    ...Object.fromEntries(signsIn.map((name) => [name, { contents: "read", "id-token": "write" }])),
    "nightly.yml look": { contents: "read", "id-token": "write", issues: "write" },
    "pull-request.yml plan": { actions: "read", contents: "read", "id-token": "write" },
    "comment.yml comment": { actions: "read", contents: "read", "pull-requests": "write", statuses: "write" },
    "pull-request.yml validate": undefined,
    "review.yml noted": undefined,
    "test.yml commands": undefined,
    "test.yml everything": undefined,
  });
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
  expect(checkouts.map(({ step }) => step.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
});

test("no package runs a script when it is installed", () => {
  const installs = steps.flatMap(({ step }) =>
    /npm (ci|i|install)\b/.test(step.run ?? "") ? [step.run] : [],
  );
  expect(installs.length).toBeGreaterThan(4);
  expect(new Set(installs)).toEqual(new Set(["npm ci --ignore-scripts"]));
});

describe("the tests of this repository", () => {
  const { text = "" } = workflows.find(({ name }) => name === "test.yml") ?? {};
  const own = () => ["test.yml everything", "test.yml commands"].map(jobOf);
  const scriptsOf = ({ steps: all = [] }: Job) => all.flatMap(({ run }) => run ?? []);

  test("run for a pull request and for main, and see no secret and no variable", () => {
    const { workflow } = workflows.find(({ name }) => name === "test.yml") ?? {};
    expect(workflow?.on).toEqual({ pull_request: null, push: { branches: ["main"] } });
    expect(text).not.toMatch(/secrets|\bvars\b/);
  });

  test("are all of them on the oldest Node.js, and what the README promises on the others", () => {
    const [everything, commands] = own();
    expect(scriptsOf(everything ?? {}).at(-1)).toBe(".ci/run");
    expect(scriptsOf(commands ?? {})).toEqual(["npm ci --ignore-scripts", "npm start", "npm test"]);
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
    ({ step }) => step.run?.split("\n").filter((line) => line.includes("$GITHUB_OUTPUT")) ?? [],
  );
  expect(outputs.sort()).toEqual([
    'echo "list=$list" >> "$GITHUB_OUTPUT"',
    'echo "run=$run" >> "$GITHUB_OUTPUT"',
    'npx customers approvals >> "$GITHUB_OUTPUT"',
    'npx customers pull-request >> "$GITHUB_OUTPUT"',
  ]);
});

test("no string of anyone else's is put into a script", () => {
  expect(steps.filter(({ step }) => step.run?.includes("${{")).map(({ name }) => name)).toEqual([]);
});

const jobOf = (name: string) => {
  const found = jobs.find((one) => one.name === name);
  if (!found) throw new Error(`there is no job ${name}`);
  return found.job;
};
const up = "./.github/workflows/up.yml";
const theStack = expression("inputs.stack");

test("one deployment at a time for each stack with its shards, and none is broken off", () => {
  expect(jobOf("deploy.yml stack")).toMatchObject({
    concurrency: { group: `stack-${stack}`, "cancel-in-progress": false },
    strategy: { "max-parallel": 1 },
    uses: "./.github/workflows/deploy-stack.yml",
    with: { stack },
    secrets: "inherit",
  });
});

describe("the deployment of a stack", () => {
  it("waits for the approval of its environment, and begins with the stack itself", () => {
    const main = jobOf("deploy-stack.yml main");
    expect(main).toMatchObject({
      uses: up,
      with: { stack: theStack, environment: theStack, "is-first": true },
      secrets: "inherit",
    });
    expect([main.needs, main.if]).toEqual([undefined, undefined]);
    expect(jobOf("up.yml up").environment).toBe(expression("inputs.environment"));
    const approved = Object.entries(
      workflows.find(({ name }) => name === "deploy-stack.yml")?.workflow.jobs ?? {},
    );
    expect(approved.filter(([, job]) => job.with?.environment === theStack).map(([id]) => id)).toEqual([
      "main",
    ]);
  });

  it("goes on with its shards side by side, if it has any", () => {
    expect(jobOf("deploy-stack.yml shards")).toMatchObject({
      needs: "main",
      if: "needs.main.outputs.shards != '[]'",
      strategy: {
        "fail-fast": false,
        matrix: { shard: expression("fromJSON(needs.main.outputs.shards)") },
      },
      uses: up,
      with: { stack: expression("matrix.shard"), environment: `${theStack}-shards` },
      secrets: "inherit",
    });
  });

  it("ends with the stack again if all of them are well", () => {
    const last = jobOf("deploy-stack.yml last");
    expect(last).toMatchObject({
      needs: "shards",
      uses: up,
      with: { stack: theStack, environment: `${theStack}-shards` },
      secrets: "inherit",
    });
    // Without a condition of its own, it is skipped if the shards are, or if they fail.
    expect(last.if).toBeUndefined();
  });

  it("moves customers before it deploys the stack itself, and names the shards", () => {
    const { steps: all = [] } = jobOf("up.yml up");
    const commands = all.flatMap(({ run, ...step }) =>
      run?.startsWith("npx customers") || run?.includes("shards") ? [{ run, if: step.if }] : [],
    );
    expect(commands).toEqual([
      { run: 'npx customers shards move --stack "$PULUMI_STACK"', if: "inputs.is-first" },
      { run: 'npx customers up --summary "$GITHUB_STEP_SUMMARY"', if: undefined },
      {
        run: expect.stringContaining('npx customers shards list --stack "$STACK"'),
        if: "inputs.is-first",
      },
    ]);
  });
});

test("a pull request's plan is one for the stack and those of its shards that it concerns", () => {
  const { steps: all = [] } = jobOf("pull-request.yml plan");
  const checkout = all.find(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkout?.with?.["fetch-depth"]).toBe(2);
});

test("whoever deploys nothing has another environment, whose rights only read", () => {
  const environments = jobs
    .filter(({ name, job }) => name !== "up.yml up" && job.environment !== undefined)
    .map(({ name, job }) => [name, job.environment]);
  expect(Object.fromEntries(environments)).toEqual({
    "comment.yml comment": { name: `${stack}-preview`, deployment: false },
    "nightly.yml look": { name: `${stack}-preview`, deployment: false },
    "pull-request.yml plan": { name: `${stack}-plan`, deployment: false },
    "state.yml state": { name: `${theStack}-preview`, deployment: false },
  });
});

test("a pull request has its plan also if the checks of the files or the preview find something wrong", () => {
  const { needs, if: condition, steps: all = [] } = jobOf("pull-request.yml plan");
  expect([needs, condition?.split(" && ").at(-1)]).toEqual(["validate", "!cancelled()"]);
  const upload = all.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
  expect(upload).toMatchObject({
    if: expression("!cancelled() && hashFiles('plan.json') != ''"),
    with: { name: `plan-${stack}`, path: "plan.json" },
  });
});

describe("the state without secrets", () => {
  it("is made of a whole company after each deployment, however that ends, and every night", () => {
    expect(jobOf("deploy-stack.yml state")).toMatchObject({
      needs: ["main", "shards", "last"],
      if: expression("!cancelled() && needs.main.result != 'skipped'"),
      uses: "./.github/workflows/state.yml",
      with: { stack: theStack },
    });
    expect(jobOf("nightly.yml state")).toMatchObject({
      uses: "./.github/workflows/state.yml",
      with: { stack },
    });
  });

  it("is all that the job gives away, with no secret of GitHub's in reach", () => {
    const state = jobOf("state.yml state");
    expect(secretsOf(state)).toEqual([]);
    const upload = state.steps?.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
    expect(upload?.with).toMatchObject({
      name: `state-${theStack}`,
      path: "state",
      "include-hidden-files": true,
    });
  });
});

test("the commands are those that run anywhere", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const scriptsRun = steps.flatMap(({ step }) =>
    [...(step.run ?? "").matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script),
  );
  expect(scriptsRun.filter((script = "") => !(script in scripts))).toEqual([]);
  const run = steps.flatMap(({ step }) =>
    [...(step.run ?? "").matchAll(/npx customers ([\w-]+)/g)].map(([, name]) => name),
  );
  expect(run).toEqual(
    expect.arrayContaining([
      ...["approvals", "comment", "issue", "preview", "pull-request", "review"],
      ...["state", "status", "up", "validate", "drift", "rotation-due", "shards"],
    ]),
  );
  expect(run.filter((one) => !commands.some(({ name }) => name === one))).toEqual([]);
});

test("npx runs the program of the lockfile: it never downloads another one of its name", () => {
  const callers = workflows.filter(({ workflow }) => JSON.stringify(workflow).includes("npx "));
  expect(callers.length).toBeGreaterThan(4);
  const unguarded = callers.filter(({ workflow }) => workflow.env?.npm_config_yes !== "false");
  expect(unguarded.map(({ name }) => name)).toEqual([]);
});

test("the tenant is looked at every night", () => {
  const nightly = workflows.find(({ name }) => name === "nightly.yml");
  expect(nightly?.workflow.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
});
