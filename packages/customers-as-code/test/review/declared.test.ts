// Base and head of a pull request, read from a repository of Git's.
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { company, filesOfCompany } from "../../../../test/support/company";
import { comparePullRequest } from "../../src/review/changes/compare-pull-request";
import { readDeclared } from "../../src/review/declared/declared";
import { filesAtCommit, filesOnDisk } from "../../src/review/git/files";

let repository: string;
/** Where the project is in it. */
let project: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "declared-"));
  project = join(repository, "infra");
  git("init", "--quiet");
  const files = filesOfCompany(company());
  for (const [path, text] of files.read(files.paths)) write(path, text);
  commit();
});
afterEach(() => rmSync(repository, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: repository,
    encoding: "utf8",
  });
function commit() {
  git("add", "--all");
  git("commit", "--quiet", "--message", "change");
}
function write(path: string, text: string) {
  mkdirSync(join(project, path, ".."), { recursive: true });
  writeFileSync(join(project, path), text);
}
function sentences(more: { base?: string; head?: string } = {}): string[] {
  const changes = comparePullRequest({ stack: "example/dev", project, base: "HEAD", ...more });
  return "reason" in changes ? [changes.reason] : changes.map(({ sentence }) => sentence);
}

test("a folder of a repository declares the same on the disk and at the commit", () => {
  const atCommit = readDeclared(filesAtCommit("HEAD", project), "dev");
  expect(readDeclared(filesOnDisk(project), "dev")).toEqual(atCommit);
  expect(atCommit.unreadable).toEqual([]);
  expect(Object.keys(atCommit.customers)).toEqual(["acme", "globex", "initech", "umbrella"]);
  expect(sentences()).toEqual([]);
});

test("what is not committed yet is compared, and between two commits what is", () => {
  write("customers/wayne.yaml", "displayName: Wayne\nclients: { ci: { scopes: [read:orders] } }\n");
  const added = ["adds customer `wayne` (*Wayne*) with 1 client (`ci` with `read:orders`)"];
  expect(sentences()).toEqual(added);
  commit();
  expect(sentences()).toEqual([]);
  expect(sentences({ base: "HEAD^1", head: "HEAD" })).toEqual(added);
});

test("customers beside the project are found, and rules of owners above it", () => {
  const config = { ...company().config, "customers-as-code:customers": "../customers/" };
  write("Pulumi.dev.yaml", JSON.stringify({ config }));
  write("../customers/wayne.yaml", "displayName: Wayne\nclients: { ci: { scopes: [read:orders] } }\n");
  commit();
  unlinkSync(join(repository, "customers/wayne.yaml"));
  write("../customers/stark.yaml", "displayName: Stark\nclients: { ci: { scopes: [read:orders] } }\n");
  write("../.github/CODEOWNERS", "* @eve\n");
  const said = sentences();
  expect(said).toContainEqual(expect.stringMatching(/^removes `wayne`/));
  expect(said).toContainEqual(expect.stringMatching(/^adds customer `stark`/));
  expect(said).toContainEqual(expect.stringContaining("`../.github/CODEOWNERS`"));
});

test("files beside the project are reported if they apply to all folders, and not if they belong to others", () => {
  const told = [
    ".gitlab-ci.yml",
    ".github/workflows/up.yml",
    "package-lock.json",
    ".npmrc",
    "docs/CODEOWNERS",
  ];
  const others = [
    "other/package.json",
    "other/.gitlab-ci.yml",
    "other/index.ts",
    "index.ts",
    "policy/dev.json",
  ];
  for (const path of [...told, ...others]) write(`../${path}`, "{}\n");
  const said = sentences().join("\n");
  expect(told.filter((path) => !said.includes(`\`../${path}\``))).toEqual([]);
  expect(others.filter((path) => said.includes(path === "index.ts" ? "`../index.ts`" : path))).toEqual([]);
});

test.each([
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "customers/acme.yaml",
  "customers/imports.json",
  "openapi.yaml",
])("%s as a link is reported and not followed, on the disk and at the commit", (path) => {
  write("customers/imports.json", "{}");
  commit();
  // With the same content as before: only that it is a link has changed.
  renameSync(join(project, path), join(project, "content"));
  symlinkSync(relative(dirname(path), "content"), join(project, path));
  const isReported = expect.stringMatching(
    `^cannot read \`${path}\` as it is in this pull request: .*is a symbolic link`,
  );
  expect(sentences()).toContainEqual(isReported);
  commit();
  expect(sentences({ base: "HEAD^1", head: "HEAD" })).toContainEqual(isReported);
  expect(readDeclared(filesOnDisk(project), "dev")).toEqual(
    readDeclared(filesAtCommit("HEAD", project), "dev"),
  );
});

test("a folder of customers that is a link is reported and not followed", () => {
  renameSync(join(project, "customers"), join(project, "people"));
  symlinkSync("people", join(project, "customers"));
  expect(sentences()).toContainEqual(
    expect.stringMatching("^cannot read `customers` as it is in this pull request: .*is a symbolic link"),
  );
});

test("a submodule is part of the program, and the same on the disk and at the commit", () => {
  const at = (commit: string) =>
    git("update-index", "--add", "--cacheinfo", `160000,${commit.repeat(40)},infra/vendor`);
  at("a");
  git("commit", "--quiet", "--message", "submodule");
  mkdirSync(join(project, "vendor"));
  expect(sentences()).toEqual([]);
  at("b");
  expect(sentences()).toEqual([expect.stringContaining("changes the program: `vendor`")]);
});

test("a base that nobody can read today is reported, and changes are not passed over", () => {
  write("customers/acme.yaml", "displayName: Acme\nunknown: key\n");
  commit();
  write("customers/acme.yaml", "displayName: Acme\nclients: { ci: { scopes: [read:orders] } }\n");
  const said = sentences();
  expect(said[0]).toMatch(/^cannot read `customers\/acme.yaml` as it is before this pull request: /);
  expect(said).toContainEqual(expect.stringMatching(/^adds customer `acme`/));
});

test("without the base's commit, the error says what to do", () => {
  expect(sentences({ base: "no-such-commit" })).toEqual([
    expect.stringMatching(/^The base no-such-commit cannot be read .*fetch-depth: 2.*PR_BASE/),
  ]);
});

test("a base that looks like an option of Git's is none", () => {
  expect(sentences({ base: "--output=/tmp/x" })).toEqual([expect.stringContaining("cannot be read")]);
});

test("policy settings that move to their new place change nothing", () => {
  mkdirSync(join(project, "policy/config"), { recursive: true });
  renameSync(join(project, "policy/dev.json"), join(project, "policy/config/dev.json"));
  commit();
  expect(sentences()).toEqual([]);
  renameSync(join(project, "policy/config/dev.json"), join(project, "policy/dev.json"));
  expect(sentences()).toEqual([]);
});

test("a Pulumi.yaml that no longer documents the settings is one sentence, and a removed default is reported", () => {
  const documented = readFileSync(join(__dirname, "../settings/fork/Pulumi.yaml"), "utf8");
  const bare = documented.slice(0, documented.indexOf("config:\n"));
  write("Pulumi.yaml", documented);
  commit();
  write("Pulumi.yaml", bare);
  expect(sentences()).toEqual([
    expect.stringMatching(
      /^no longer documents settings in Pulumi\.yaml: `customers`, .*: the package has the type/,
    ),
  ]);
  write("Pulumi.yaml", documented.replace("default: 300", "default: 400"));
  commit();
  write("Pulumi.yaml", bare);
  expect(sentences()[0]).toMatch(/^changes `maxResources` from `400` to `300`/);
});
