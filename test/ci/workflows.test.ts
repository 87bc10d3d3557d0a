// What must hold for every workflow; actionlint checks the rest (`npm run lint:workflows`).
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  if?: string;
  environment?: string | { name: string };
  permissions?: Record<string, string>;
  concurrency?: Record<string, unknown>;
  steps: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency?: Record<string, unknown>;
  jobs: Record<string, Job>;
}

/** As workflows write it. */
const stack = `$${"{{ matrix.stack }}"}`;

const folder = ".github/workflows";
const workflows = [...readdirSync(folder)].map((name) => {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  return { name, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name} ${id}`, workflow, job })),
);
const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, step })));

test("there are the three that docs/ci.md tells of", () => {
  expect(workflows.map(({ name }) => name).sort()).toEqual(["deploy.yml", "nightly.yml", "pull-request.yml"]);
});

test("every action is pinned by a commit, with its version beside it, and the same one everywhere", () => {
  const lines = workflows.flatMap(({ text }) => text.match(/^.*\buses:.*$/gm) ?? []);
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
    "deploy.yml up": { contents: "read", "id-token": "write" },
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

test("one deployment at a time for each stack, with its environment's approval, and none is broken off", () => {
  const job = jobs.find(({ name }) => name === "deploy.yml up")?.job;
  expect(job).toMatchObject({
    environment: stack,
    concurrency: { group: `stack-${stack}`, "cancel-in-progress": false },
  });
  expect(jobs.filter(({ job: { environment } }) => environment === job?.environment)).toHaveLength(1);
});

test("whoever deploys nothing has another environment, whose rights only read", () => {
  for (const { name, job } of jobs.filter(({ name }) => name !== "deploy.yml up")) {
    if (job.environment === undefined) continue;
    expect({ name, environment: job.environment }).toMatchObject({
      environment: { name: `${stack}-preview` },
    });
  }
});

test("the commands are those that run anywhere", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const run = steps.flatMap(({ step }) =>
    [...(step.run ?? "").matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script]) => script),
  );
  expect(run).toEqual(
    expect.arrayContaining(["ci:preview", "ci:comment", "ci:up", "ci:validate", "drift", "rotation:due"]),
  );
  expect(run.filter((script = "") => !(script in scripts))).toEqual([]);
});

test("the tenant is looked at every night", () => {
  const nightly = workflows.find(({ name }) => name === "nightly.yml");
  expect(nightly?.workflow.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
});
