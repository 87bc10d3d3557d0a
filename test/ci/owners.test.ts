import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ownersOf, parseOwners } from "../../ci/owners";
import { type Change, checkChangedFiles, checkOwners } from "../../ci/owners-of-changes";

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

test("the last rule that fits counts, also where it names nobody", () => {
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

test("what GitHub passes over, is nobody's", () => {
  const rules = parseOwners(["!a @x", "\\#a @x", "[ab] @x"].join("\n"));
  expect(rules).toEqual([]);
});

const rules = parseOwners(
  ["/customers/ @example/platform", "/customers/acme.yaml @Jane @joe", "/customers/free.yaml"].join("\n"),
);
const change = (more: Partial<Change>): Change => ({
  author: "eve",
  approvedBy: [],
  teams: {},
  files: [],
  ...more,
});
const refused = (more: Partial<Change>) => checkOwners(rules, change(more)).map(({ message }) => message);
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

test("a team's customer is its members', where it is known who they are", () => {
  const globex = { files: ["customers/globex.yaml"] };
  const teams = { "@example/Platform": ["Eve"] };
  expect(refused({ ...globex, teams })).toEqual([]);
  expect(refused({ ...globex, teams, author: "mallory" })[0]).not.toContain("CODEOWNERS_TEAMS");
  expect(refused(globex)[0]).toContain("(who is in @example/platform, CODEOWNERS_TEAMS does not say)");
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
    checkChangedFiles(environment, folder).map(({ message }) => message.split(" belongs")[0]);

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

  it("nobody's ownership is checked without an author", () => {
    expect(check({})).toEqual([]);
  });

  it("a base that is not there is told", () => {
    const [refusal] = checkChangedFiles({ PR_AUTHOR: "eve", PR_BASE: "main^9" }, folder);
    expect(refusal?.message).toMatch(
      /^Whose the changed files are cannot be told: .*\. Check out the base too/,
    );
  });

  it("teams that are no JSON are told, and let nothing pass", () => {
    expect(checkChangedFiles({ PR_AUTHOR: "jane", CODEOWNERS_TEAMS: "{" }, folder)).toHaveLength(1);
  });
});

test("without CODEOWNERS, every file is everyone's", () => {
  const folder = mkdtempSync(join(tmpdir(), "owners-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  git("init", "--quiet");
  for (const text of ["1", "2"]) {
    writeFileSync(join(folder, "a.yaml"), text);
    git("add", "--all");
    git("commit", "--quiet", "--message", text);
  }
  expect(checkChangedFiles({ PR_AUTHOR: "eve" }, folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
