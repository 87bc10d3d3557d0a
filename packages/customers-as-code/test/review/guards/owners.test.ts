import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkPullRequest } from "../../../src/review/guards/check-pull-request";
import { ownersOf, parseOwners, skippedLines } from "../../../src/review/guards/owners";
import { checkOwners, type Proposal } from "../../../src/review/guards/owners-of-changes";

// Git's processes take their time on a machine that is busy.
jest.setTimeout(120_000);

// Patterns and what GitHub's documentation says of them:
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
const patterns: [pattern: string, owned: string[], others: string[]][] = [
  ["*", ["a", "customers/acme.yaml", ".github/workflows/up.yml"], []],
  ["*.js", ["a.js", "x/y/b.js"], ["a.jsx", "a.js.map"]],
  ["/build/logs/", ["build/logs/a", "build/logs/b/c"], ["x/build/logs/a", "build/logs"]],
  ["docs/*", ["docs/getting-started.md"], ["docs/build-app/troubleshooting.md", "x/docs/a.md"]],
  ["apps/", ["apps/a", "x/apps/b/c"], ["apps", "myapps/a"]],
  ["/docs/", ["docs/a", "docs/b/c"], ["x/docs/a"]],
  ["/scripts/", ["scripts/a"], ["x/scripts/a"]],
  ["**/logs", ["logs", "build/logs", "build/logs/a", "deeply/nested/logs/x"], ["mylogs"]],
  ["/apps/github", ["apps/github", "apps/github/a"], ["apps/githubx"]],
  [
    "customers/acme.yaml",
    ["customers/acme.yaml"],
    ["customers/acme.yaml.old", "x/customers/acme.yaml", "customers/acmeXyaml"],
  ],
  ["/customers/eu-*.yaml", ["customers/eu-a.yaml"], ["customers/us-a.yaml", "customers/eu-/a.yaml"]],
  ["/customers/**/eu.yaml", ["customers/eu.yaml", "customers/a/b/eu.yaml"], ["customers/aeu.yaml"]],
  ["/a?c", ["abc"], ["a/c", "ac"]],
  ["acme.yaml", ["acme.yaml", "customers/acme.yaml"], ["customers/Acme.yaml"]],
  ["/with\\ space/", ["with space/a"], ["with/a"]],
];

test.each(patterns)("%s owns %j, and not %j", (pattern, owned, others) => {
  const rules = parseOwners(`${pattern} @owner`);
  expect(owned.filter((path) => ownersOf(rules, path).length === 0)).toEqual([]);
  expect(others.filter((path) => ownersOf(rules, path).length > 0)).toEqual([]);
});

test("the last rule that matches counts, even if it names nobody", () => {
  const rules = parseOwners(
    [
      "# whose is what",
      "* @all # everything else",
      "",
      "customers/ @sales jane@example.com",
      "customers/acme.yaml",
    ].join("\n"),
  );
  expect(ownersOf(rules, "index.ts")).toEqual(["@all"]);
  expect(ownersOf(rules, "customers/globex.yaml")).toEqual(["@sales", "jane@example.com"]);
  expect(ownersOf(rules, "customers/acme.yaml")).toEqual([]);
});

test("lines with other syntax have no effect, as on GitHub, and are named", () => {
  const text = [
    "!a @x",
    "* @all",
    "\\#a @x",
    "[ab] @x",
    "# comment",
    "",
    "index.ts @all nobody",
    "ci/ @a/b/c",
  ].join("\n");
  expect(parseOwners(text)).toHaveLength(1);
  expect(ownersOf(parseOwners(text), "index.ts")).toEqual(["@all"]);
  expect(skippedLines(text)).toEqual([1, 3, 4, 7, 8]);
});

const rules = parseOwners(
  ["/customers/ @example/platform", "/customers/acme.yaml @Jane @joe", "/customers/free.yaml"].join("\n"),
);
const change = (more: Partial<Proposal>): Proposal => ({
  author: "eve",
  approvedBy: [],
  teams: {},
  files: [],
  ...more,
});
const refused = (more: Partial<Proposal>) => checkOwners(rules, change(more)).map(({ message }) => message);
const acme = { files: ["customers/acme.yaml", "README.md", "customers/free.yaml"] };

test("another's customer is refused, with its owners and the way out", () => {
  expect(refused(acme)).toEqual([
    "customers/acme.yaml belongs to @Jane, @joe, and eve is none of them. Ask one of them to approve the pull request, and run the preview again.",
  ]);
});

test("an owner may, and so may anyone of whom an owner approves", () => {
  expect(refused({ ...acme, author: "jane" })).toEqual([]);
  expect(refused({ ...acme, approvedBy: ["Joe"] })).toEqual([]);
  expect(refused({ ...acme, approvedBy: ["mallory"] })).toHaveLength(1);
});

test("members of a team own its customers if CODEOWNERS_TEAMS names them", () => {
  const globex = { files: ["customers/globex.yaml"] };
  const teams = { "@example/Platform": ["Eve"] };
  expect(refused({ ...globex, teams })).toEqual([]);
  expect(refused({ ...globex, teams, author: "mallory" })[0]).not.toContain("CODEOWNERS_TEAMS");
  expect(refused(globex)[0]).toContain("(CODEOWNERS_TEAMS doesn't say who is in @example/platform)");
});

describe("in a repository", () => {
  const folder = mkdtempSync(join(tmpdir(), "owners-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const commit = () => git("add", "--all") && git("commit", "--quiet", "--message", "change");
  const check = (environment: Record<string, string>) =>
    refusalsBy("owners", environment, folder).map((message) => message.split(" belongs")[0]);

  beforeAll(() => {
    git("init", "--quiet");
    write(".github/CODEOWNERS", "/customers/acme.yaml @jane\n/customers/globex.yaml @joe\n");
    write("customers/acme.yaml", "a: 1\n");
    write("customers/globex.yaml", "a: 2\n");
    commit();
    write(".github/CODEOWNERS", "* @eve\n");
    renameSync(join(folder, "customers/acme.yaml"), join(folder, "customers/acme-eu.yaml"));
    write("customers/globex.yaml", "a: 3\n");
    commit();
  });

  it("changes are against the base, and so are owners: nobody gives a file to themselves", () => {
    expect(check({ PR_AUTHOR: "eve" })).toEqual(["customers/acme.yaml", "customers/globex.yaml"]);
    expect(check({ PR_AUTHOR: "joe" })).toEqual(["customers/acme.yaml"]);
    expect(check({ PR_AUTHOR: "joe", PR_APPROVED_BY: "someone jane", PR_BASE: "HEAD~1" })).toEqual([]);
  });

  it("who is in a team must be lists of logins", () => {
    const teams = JSON.stringify({ "@example/platform": "jane" });
    expect(refusalsBy("owners", { PR_AUTHOR: "jane", CODEOWNERS_TEAMS: teams }, folder)).toHaveLength(1);
  });

  it("nobody's ownership is checked without an author", () => {
    expect(check({})).toEqual([]);
  });

  it("refuses a base that is not there", () => {
    const [message] = refusalsBy("owners", { PR_AUTHOR: "eve", PR_BASE: "main^9" }, folder);
    expect(message).toMatch(
      /^The owners of the changed files cannot be determined: .*\. Check out the base too/,
    );
  });

  it("refuses teams that are no JSON", () => {
    expect(refusalsBy("owners", { PR_AUTHOR: "jane", CODEOWNERS_TEAMS: "{" }, folder)).toHaveLength(1);
  });
});

function refusalsBy(name: string, environment: Record<string, string>, folder: string): string[] {
  const { refusals } = checkPullRequest(environment, folder);
  return refusals.flatMap(({ guard, message }) => (guard === name ? [message] : []));
}

/** A repository whose first commit has the files, and whose second one is made by the change. */
function repository(files: Record<string, string>, change: (folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "owners-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  git("init", "--quiet");
  for (const [path, text] of Object.entries(files)) put(folder, path, text);
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "base");
  change(folder);
  git("add", "--all");
  git("commit", "--quiet", "--message", "change");
  return folder;
}

function put(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe("in a repository of its own", () => {
  const made: string[] = [];
  const of = (files: Record<string, string>, change: (folder: string) => void) => {
    const folder = repository(files, change);
    made.push(folder);
    return folder;
  };
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true });
  });
  const messages = (folder: string, more: Record<string, string> = {}) =>
    refusalsBy("owners", { PR_AUTHOR: "eve", ...more }, folder);

  const guards = (folder: string) => refusalsBy("guards with customers", { PR_AUTHOR: "eve" }, folder);

  test("without CODEOWNERS, every file is everyone's", () => {
    expect(messages(of({ "a.yaml": "1" }, (folder) => put(folder, "a.yaml", "2")))).toEqual([]);
  });

  test("a CODEOWNERS file that the pull request brings has no say", () => {
    const folder = of({ "a.yaml": "1" }, (into) => put(into, ".github/CODEOWNERS", "* @jane\n"));
    expect(messages(folder)).toEqual([]);
  });

  test.each([
    "customers/line\nbreak.yaml",
    'customers/"quoted".yaml',
    "customers/ümläut.yaml",
    "customers/tab\t.yaml",
  ])("a file named %j has its owners, and begins no line of the log", (path) => {
    const folder = of({ CODEOWNERS: "/customers/ @jane" }, (into) => put(into, path, "a: 1"));
    const [message, ...more] = messages(folder);
    expect(more).toEqual([]);
    expect(message).toMatch(/^customers\/[^\n\t]+ belongs to @jane/);
    expect(messages(folder, { PR_APPROVED_BY: "jane" })).toEqual([]);
  });

  test("a file that is moved out of an owner's folder needs that owner", () => {
    const folder = of({ CODEOWNERS: "/customers/ @jane", "customers/acme.yaml": "a: 1\n" }, (into) =>
      renameSync(join(into, "customers/acme.yaml"), join(into, "acme.yaml")),
    );
    expect(messages(folder)).toEqual([expect.stringMatching(/^customers\/acme\.yaml belongs to @jane/)]);
  });

  test("a link in the folder of customers is part of no customer, and is not followed", () => {
    const folder = of({ "customers/acme.yaml": "a: 1\n", secret: "s" }, (into) => {
      put(into, "customers/acme.yaml", "a: 2\n");
      symlinkSync("../secret", join(into, "customers/globex.yaml"));
    });
    expect(guards(folder)).toEqual([
      expect.stringMatching(
        /^This pull request changes customers \(customers\/acme\.yaml\) .* customers\/globex\.yaml is part of the program/,
      ),
    ]);
  });

  test("a merge commit that is not of the last commit is refused: GitHub keeps an old one while there are conflicts", () => {
    const folder = of({ "a.yaml": "1" }, (into) => put(into, "a.yaml", "2"));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: folder,
        encoding: "utf8",
      }).trim();
    const head = git("rev-parse", "HEAD");
    const merge = git("commit-tree", "HEAD^{tree}", "-p", "HEAD^1", "-p", head, "-m", "merge");
    expect(messages(folder, { PR_CHANGES: merge, PR_HEAD: head })).toEqual([]);
    expect(messages(folder, { PR_CHANGES: merge, PR_HEAD: "0".repeat(40) })).toEqual([
      expect.stringMatching(/GitHub's merge commit is not of 0000000000.* resolve conflicts/),
    ]);
    expect(messages(folder, { PR_CHANGES: "refs/remotes/pull/merge", PR_HEAD: head })).toHaveLength(1);
  });

  test("guards together with customers are refused, whoever owns them", () => {
    const folder = of({ CODEOWNERS: "* @eve", "index.ts": "1" }, (into) => {
      put(into, "index.ts", "2");
      put(into, "customers/acme.yaml", "a: 1");
    });
    expect(messages(folder)).toEqual([]);
    expect(guards(folder)).toHaveLength(1);
    expect(checkPullRequest({}, folder)).toEqual({ refusals: [], advice: [] });
  });

  test("of a pull request whose author is unknown, everything but the owners is checked", () => {
    const folder = of({ CODEOWNERS: "* @jane", "index.ts": "1" }, (into) => {
      put(into, "index.ts", "2");
      put(into, "customers/acme.yaml", "a: 1");
    });
    const { refusals, advice } = checkPullRequest({ PR_CHANGES: "HEAD" }, folder);
    expect(refusals.map(({ guard }) => guard)).toEqual(["guards with customers"]);
    expect(advice.map(({ about }) => about)).toEqual(["guards change"]);
  });

  test("guards that nobody owns, and lines that GitHub skips, are advice", () => {
    const files = {
      CODEOWNERS: "/policy/ @jane\n/index.ts jane\n",
      "index.ts": "1",
      "policy/pack.ts": "1",
    };
    const folder = of(files, (into) => {
      put(into, "index.ts", "2");
      put(into, "policy/pack.ts", "2");
    });
    const { advice } = checkPullRequest({ PR_AUTHOR: "eve" }, folder);
    expect(advice.map(({ message }) => message.split("\n")[1])).toEqual([
      "index.ts: part of the program, which makes the plan and the deployment.",
      "policy/pack.ts: part of the policy pack, which refuses deployments.",
      "index.ts: no owner.",
      "No effect in the base's CODEOWNERS: line 2.",
    ]);
    expect(checkPullRequest({}, folder).advice).toEqual([]);
  });
});
