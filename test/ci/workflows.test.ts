// What must hold for every workflow; actionlint checks the rest (`npm run lint:workflows`).
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

interface Step {
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  if?: string;
  needs?: string;
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

test("there are the three that docs/ci.md tells of, and those that a deployment calls", () => {
  expect(workflows.map(({ name }) => name).sort()).toEqual([
    ...["deploy-stack.yml", "deploy.yml", "nightly.yml", "pull-request.yml", "up.yml"],
  ]);
  const called = jobs.flatMap(({ job }) => job.uses ?? []);
  expect(new Set(called)).toEqual(
    new Set(["./.github/workflows/deploy-stack.yml", "./.github/workflows/up.yml"]),
  );
  // A called workflow runs for nothing but its caller.
  const only = workflows.filter(({ workflow }) => Object.keys(workflow.on).join() === "workflow_call");
  expect(only.map(({ name }) => name).sort()).toEqual(["deploy-stack.yml", "up.yml"]);
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

test("a fork's pull request gets neither a secret nor a token that is worth anything", () => {
  const ours = "github.event.pull_request.head.repo.full_name == github.repository";
  for (const { workflow, job, name } of jobs) {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    expect(Object.keys(workflow.on)).not.toContain("workflow_run");
    if (!("pull_request" in workflow.on)) continue;
    const isWorthSomething =
      JSON.stringify(job).includes("secrets.") ||
      job.environment !== undefined ||
      job.permissions !== undefined;
    expect({ name, isGuarded: job.if?.startsWith(`${ours} && `) ?? false }).toEqual({
      name,
      isGuarded: isWorthSomething,
    });
    expect(job.if ?? "").not.toContain("||");
  }
  expect(workflows.every(({ text }) => !text.includes("secrets.") || text.includes("environment:"))).toBe(
    true,
  );
});

test("tokens may do no more than they must", () => {
  expect(workflows.map(({ workflow }) => workflow.permissions)).toEqual(
    workflows.map(() => ({ contents: "read" })),
  );
  expect(Object.fromEntries(jobs.map(({ name, job }) => [name, job.permissions]))).toEqual({
    ...Object.fromEntries(
      [
        "deploy.yml stack",
        ...["main", "shards", "last"].map((id) => `deploy-stack.yml ${id}`),
        "up.yml up",
      ].map((name) => [name, { contents: "read", "id-token": "write" }]),
    ),
    "nightly.yml look": { contents: "read", "id-token": "write", issues: "write" },
    "pull-request.yml preview": { contents: "read", "id-token": "write", "pull-requests": "write" },
    "pull-request.yml validate": undefined,
  });
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
  expect(checkouts.map(({ step }) => step.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
});

test("no text of anyone else's is put into a script", () => {
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

  it("goes on with its shards side by side, where it has any", () => {
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

  it("ends with the stack once more, where all of them are well", () => {
    const last = jobOf("deploy-stack.yml last");
    expect(last).toMatchObject({
      needs: "shards",
      uses: up,
      with: { stack: theStack, environment: `${theStack}-shards` },
      secrets: "inherit",
    });
    // Without a condition of its own, it is passed over where the shards are, or fail.
    expect(last.if).toBeUndefined();
  });

  it("moves customers before it deploys the stack itself, and names the shards", () => {
    const { steps: all = [] } = jobOf("up.yml up");
    const commands = all.flatMap(({ run, ...step }) =>
      run?.startsWith("npm run") || run?.includes("shards") ? [{ run, if: step.if }] : [],
    );
    expect(commands).toEqual([
      { run: 'npm run --silent shards -- move --stack "$PULUMI_STACK"', if: "inputs.is-first" },
      { run: 'npm run --silent ci:up -- --summary "$GITHUB_STEP_SUMMARY"', if: undefined },
      {
        run: expect.stringContaining('npm run --silent shards -- list --stack "$STACK"'),
        if: "inputs.is-first",
      },
    ]);
  });
});

test("a pull request's preview is one for the stack and those of its shards that it concerns", () => {
  const { steps: all = [] } = jobOf("pull-request.yml preview");
  const previews = all.filter(({ run }) => run?.includes("ci:preview"));
  expect(previews.map(({ run }) => run)).toEqual([
    "npm run --silent ci:preview -- --changed-since HEAD^1 --comment preview.md",
  ]);
  const checkout = all.find(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkout?.with?.["fetch-depth"]).toBe(2);
});

test("whoever deploys nothing has another environment, whose rights only read", () => {
  for (const { name, job } of jobs.filter(({ name }) => name !== "up.yml up")) {
    if (job.environment === undefined) continue;
    expect({ name, environment: job.environment }).toMatchObject({
      environment: { name: `${stack}-preview` },
    });
  }
});

test("a pull request has its comment also where the checks of the files or the preview find something wrong", () => {
  const { needs, if: condition, steps: all = [] } = jobOf("pull-request.yml preview");
  expect([needs, condition?.split(" && ").at(-1)]).toEqual(["validate", "!cancelled()"]);
  const at = (script: string) => all.findIndex(({ run }) => run?.includes(script));
  expect([at("ci:approvals"), at("ci:preview"), at("ci:comment")].every((n) => n >= 0)).toBe(true);
  expect([at("ci:approvals") < at("ci:preview"), at("ci:preview") < at("ci:comment")]).toEqual([true, true]);
  expect(all[at("ci:comment")]?.if).toBe(expression("!cancelled() && hashFiles('preview.md') != ''"));
});

test("the commands are those that run anywhere", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const run = steps.flatMap(({ step }) =>
    [...(step.run ?? "").matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script]) => script),
  );
  expect(run).toEqual(
    expect.arrayContaining([
      ...["ci:approvals", "ci:comment", "ci:issue", "ci:preview", "ci:up", "ci:validate"],
      ...["drift", "rotation:due", "shards"],
    ]),
  );
  expect(run.filter((script = "") => !(script in scripts))).toEqual([]);
});

test("the tenant is looked at every night", () => {
  const nightly = workflows.find(({ name }) => name === "nightly.yml");
  expect(nightly?.workflow.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
});
