// The command that judges: with a plan and two commits, as the workflow "Comment" runs it.
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { writePreviewed } from "../../src/review/comment/plan-file";
import { customer, plan } from "../../testing/preview-events";

// Each test starts processes, which take their time on a machine that is busy.
jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "review-"));
afterAll(() => rmSync(folder, { recursive: true }));
const comment = join(folder, "comment.md");
const planFile = join(folder, "plan.json");
const repository = join(folder, "repository");

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: repository,
    encoding: "utf8",
  }).trim();
function put(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
}

/** As npm writes them. */
function dependencies(version: string, integrity = `sha512-${version}`): Record<string, string> {
  const resolved = `https://registry.npmjs.org/customers-as-code/-/customers-as-code-${version}.tgz`;
  const packages = { "node_modules/customers-as-code": { version, resolved, integrity } };
  return {
    "package.json": JSON.stringify({ dependencies: { "customers-as-code": version } }),
    "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages }),
  };
}

/** The pull request's merge commit, which is not checked out: the working tree stays the base's. */
function propose(change: () => void): { PR_CHANGES: string; PR_HEAD: string } {
  git("checkout", "--quiet", "-b", "proposal");
  change();
  git("add", "--all");
  git("commit", "--quiet", "--message", "change");
  const head = git("rev-parse", "HEAD");
  const merge = git("commit-tree", "HEAD^{tree}", "-p", "HEAD^1", "-p", head, "-m", "merge");
  git("checkout", "--quiet", "main");
  git("branch", "--quiet", "-D", "proposal");
  return { PR_CHANGES: merge, PR_HEAD: head };
}

beforeAll(() => {
  mkdirSync(repository);
  git("init", "--quiet", "--initial-branch=main");
  put({
    ".github/CODEOWNERS": "/customers/globex.yaml @jane\n",
    "Pulumi.dev.yaml": "config:\n  customers-as-code:removalLimit: 1\n",
    "customers/acme.yaml": "displayName: Acme\n",
    "customers/globex.yaml": "displayName: Globex\n",
    "index.ts": "1",
    ...dependencies("0.2.0"),
  });
  git("add", "--all");
  git("commit", "--quiet", "--message", "base");
});

const found = {
  main: plan(customer("acme", { before: "active", after: "active", displayName: "Acme" })),
  others: [],
};

function review(environment: Record<string, string>) {
  rmSync(comment, { force: true });
  const { PATH = "" } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[resolve("packages/customers-as-code/bin.cjs"), "review"],
      ...["--stack", found.main.stack, "--plan", planFile, "--comment", comment],
    ],
    { cwd: repository, env: { PATH, PR_AUTHOR: "eve", ...environment }, encoding: "utf8" },
  );
  const text = existsSync(comment) ? readFileSync(comment, "utf8") : "";
  return { status, printed: stdout + stderr, text };
}

test("a change of one's own customer passes", () => {
  writePreviewed(planFile, found);
  const { status, printed, text } = review(propose(() => put({ "customers/acme.yaml": "displayName: A\n" })));
  expect({ status, printed }).toEqual({ status: 0, printed: "" });
  expect(text).toContain("### Preview of");
});

test("customers together with the removal limit are refused, in the comment and the log", () => {
  writePreviewed(planFile, found);
  const changes = propose(() =>
    put({
      "customers/acme.yaml": "displayName: A\n",
      "Pulumi.dev.yaml": "config:\n  customers-as-code:removalLimit: 100%\n",
    }),
  );
  const { status, printed, text } = review(changes);
  expect(status).toBe(1);
  expect(printed).toMatch(
    /^guards with customers: This pull request changes customers \(customers\/acme\.yaml\)/,
  );
  expect(text).toContain("**guards with customers**");
  expect(text).toContain("Open two pull requests");
});

test("another's customer needs its owner, whom the pull request cannot replace", () => {
  writePreviewed(planFile, found);
  const changes = propose(() =>
    put({ "customers/globex.yaml": "displayName: G\n", ".github/CODEOWNERS": "* @eve\n" }),
  );
  const { status, printed } = review(changes);
  expect(status).toBe(1);
  expect(printed).toContain("owners: customers/globex.yaml belongs to @jane, and eve is none of them.");
  const approved = review({ ...changes, PR_APPROVED_BY: "jane" });
  expect(approved.printed).not.toContain("owners: ");
  // It is its mixture with the owners' list that refuses it then.
  expect(approved.printed).toContain("guards with customers: ");
});

test("a changed program alone passes, and the comment names it and that it has no owner", () => {
  writePreviewed(planFile, found);
  const { status, text } = review(propose(() => put({ "index.ts": "2" })));
  expect(status).toBe(0);
  expect(text).toMatch(/\*\*guards change\*\*: index\.ts: part of the program/);
  expect(text).toMatch(/\*\*guards without owners\*\*: index\.ts: no owner/);
});

test("an upgrade of the product passes alone, with both versions in the comment", () => {
  writePreviewed(planFile, found);
  const { status, text } = review(propose(() => put(dependencies("0.3.0"))));
  expect(status).toBe(0);
  expect(text).toMatch(
    /\*\*changes the program\*\*: moves `customers-as-code` from `0\.2\.0` to `0\.3\.0`: .*its CHANGELOG says what is different/,
  );
  expect(text).toMatch(
    /\*\*guards change\*\*: package\S+lock\.json, package\.json: part of the dependencies/,
  );
});

test("an upgrade together with customers is refused", () => {
  writePreviewed(planFile, found);
  const changes = propose(() => put({ ...dependencies("0.3.0"), "customers/acme.yaml": "displayName: A\n" }));
  const { status, printed } = review(changes);
  expect(status).toBe(1);
  expect(printed).toMatch(/^guards with customers: .* package\.json is part of the dependencies/);
});

test("other contents of the same version are what the comment says before any other change", () => {
  writePreviewed(planFile, found);
  const { text } = review(propose(() => put(dependencies("0.2.0", "sha512-other"))));
  const changes = text.split("\n").filter((line) => line.startsWith("- **") && !line.includes("compared**"));
  const [first] = changes;
  expect(first).toMatch(/^- \*\*loosens a guard\*\*: locks other contents of `customers-as-code 0\.2\.0`/);
});

test("settings of the policy pack that it doesn't have are refused, as the pull request has them", () => {
  writePreviewed(planFile, found);
  const policy = JSON.stringify({ "granted-scope": "disabled" });
  const { status, printed, text } = review(propose(() => put({ "policy/dev.json": policy })));
  expect(status).toBe(1);
  expect(printed).toMatch(/^policy settings: policy\/dev\.json:1:2 {2}"granted-scope" is not a policy\./m);
  expect(text).toContain("**policy settings**");
});

test("settings of the policy pack that are a link are refused, and not followed", () => {
  writePreviewed(planFile, found);
  const { status, printed } = review(
    propose(() => {
      mkdirSync(join(repository, "policy"), { recursive: true });
      symlinkSync("/etc/passwd", join(repository, "policy/dev.json"));
    }),
  );
  expect(status).toBe(1);
  expect(printed).toMatch(/^policy settings: policy\/dev\.json {2}is a symbolic link\./m);
  expect(printed).not.toContain("root:");
});

test("the changed files are read from Git once", () => {
  writePreviewed(planFile, found);
  const trace = join(folder, "trace");
  const changes = propose(() => put({ "customers/acme.yaml": "displayName: Again\n" }));
  expect(review({ ...changes, GIT_TRACE: trace }).status).toBe(0);
  const differences = readFileSync(trace, "utf8")
    .split("\n")
    .filter((line) => line.includes("git diff"));
  expect(differences).toHaveLength(1);
});

test("nothing of the pull request runs, is followed or begins a line of the log", () => {
  const marked = join(folder, "ran");
  rmSync(planFile);
  symlinkSync(join(repository, ".git/config"), planFile);
  const changes = propose(() => {
    put({
      "customers/x\n::error::y.yaml": "a: 1\n",
      "package.json": JSON.stringify({ scripts: { "customers review": `touch ${marked}` } }),
      ".gitattributes": "*.yaml diff=evil filter=evil\n",
      ".git/config.worktree": `[diff "evil"]\n\ttextconv = touch ${marked}\n`,
    });
    symlinkSync("/etc/passwd", join(repository, "customers/link.yaml"));
  });
  const { status, printed, text } = review(changes);
  expect(status).toBe(1);
  expect(text).toContain("The plan is no file");
  expect(printed.split("\n").filter((line) => line.trimStart().startsWith("::"))).toEqual([]);
  expect(printed).toContain("customers/x\\u{a}::error::y.yaml");
  expect(text + printed).not.toContain("root:");
  expect(existsSync(marked)).toBe(false);
});

test("without a plan, it is refused, and the comment says why", () => {
  rmSync(planFile, { force: true });
  const { status, text } = review(propose(() => put({ "customers/acme.yaml": "displayName: B\n" })));
  expect(status).toBe(1);
  expect(text).toContain("There is no plan: the preview ended before it had one. Its log says why.");
});
