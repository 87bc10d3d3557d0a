// The user's Git repository, which a review only reads.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOut } from "../../src/pr/checkout";
import {
  commitCheckout,
  findBase,
  findBranch,
  hasCommit,
  keepObjectsIn,
  listUncommitted,
  mergeForReview,
  type NamedCommit,
  openRepository,
  treeOf,
} from "../../src/pr/git-repository";
import { WrongProposal } from "../../src/pr/wrong-proposal";

let root: string;
let scratch: string;

beforeEach(() => {
  // The temporary folder may be a link, and Git resolves it.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "git-repository-")));
  root = join(folder, "company");
  scratch = join(folder, "scratch");
  for (const one of [root, scratch]) mkdirSync(one);
  git("init", "--quiet", "--initial-branch=main");
});
afterEach(() => rmSync(join(root, ".."), { recursive: true }));

function git(...args: string[]): string {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  return execFileSync("git", [...identity, ...args], { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
}

const write = (name: string, text: string) => writeFileSync(join(root, name), text);

/** Commits files, on a branch if there is one. */
function commit(files: Record<string, string>, branch?: string): void {
  if (branch !== undefined) git("checkout", "--quiet", "-b", branch);
  for (const [name, text] of Object.entries(files)) write(name, text);
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "change");
}

/** Everything that a user could see change. */
function snapshot(): unknown {
  const files = readdirSync(join(root, ".git"), { recursive: true, encoding: "utf8" }).sort();
  return [files, readFileSync(join(root, ".git", "index")), git("for-each-ref"), git("worktree", "list")];
}

function merge(base: string, head: NamedCommit) {
  const repository = keepObjectsIn(openRepository(root), scratch);
  return { repository, commit: mergeForReview(repository, findBase(repository, base), head) };
}

test("a folder that is in no repository, and a repository without commits, are reported with the remedy", () => {
  expect(() => openRepository(root)).toThrow(
    new WrongProposal(
      "The repository has no commits. Commit the company's files first: git add . && git commit",
    ),
  );
  rmSync(join(root, ".git"), { recursive: true });
  expect(() => openRepository(root)).toThrow(
    new WrongProposal(`${root} is in no Git repository. Create one with: git init`),
  );
});

test("the branch is what is checked out, by its name or, if it has none, by its commit", () => {
  commit({ a: "1" }, "topic");
  const repository = openRepository(root);
  const head = git("rev-parse", "HEAD");
  expect(findBranch(repository, undefined)).toEqual({ name: "topic", commit: head });
  git("checkout", "--quiet", "--detach");
  expect(findBranch(repository, undefined)).toEqual({ name: head.slice(0, 10), commit: head });
});

test("a branch that only the remote repository has is found by its short name", () => {
  commit({ a: "1" });
  const head = git("rev-parse", "HEAD");
  git("update-ref", "refs/remotes/origin/theirs", head);
  expect(findBranch(openRepository(root), "theirs")).toEqual({ name: "theirs", commit: head });
});

test("an unknown branch or base is reported with the branches that there are, the latest first", () => {
  commit({ a: "1" });
  const repository = openRepository(root);
  expect(() => findBranch(repository, "nope")).toThrow(
    new WrongProposal('There is no branch "nope". Branches here: main.'),
  );
  expect(() => findBase(repository, "--all")).toThrow('There is no base "--all". Branches here: main.');
  for (const name of "abcdefghij") git("branch", name);
  expect(() => findBranch(repository, "nope")).toThrow(/Branches here: (\S+, ){7}\S+ and 3 more\.$/);
});

test("the base is the remote repository's default branch, or else main, or master", () => {
  commit({ a: "1" });
  const repository = openRepository(root);
  expect(findBase(repository, undefined).name).toBe("main");
  git("branch", "--move", "main", "master");
  expect(findBase(repository, undefined).name).toBe("master");
  git("update-ref", "refs/remotes/origin/trunk", "HEAD");
  git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk");
  expect(findBase(repository, undefined).name).toBe("origin/trunk");
});

test("without a default branch, the base must be named", () => {
  commit({ a: "1" }, "topic");
  expect(() => findBase(openRepository(root), undefined)).toThrow(
    new WrongProposal(
      "There is no default branch, neither origin/HEAD nor main nor master. Name the base: --base BRANCH",
    ),
  );
});

test("what is not committed is listed: changed, new and deleted files, with any characters, and nothing ignored", () => {
  commit({ ".gitignore": "ignored", gone: "1", kept: "1", changed: "1" });
  rmSync(join(root, "gone"));
  write("changed", "2");
  write('new "file"', "1");
  write("ignored", "1");
  expect(listUncommitted(openRepository(root)).sort()).toEqual(["changed", "gone", 'new "file"']);
});

test("a merge has what the base has got since the branch began, as GitHub's merge commit", () => {
  commit({ a: "1", b: "1" });
  commit({ a: "2" }, "topic");
  git("checkout", "--quiet", "main");
  commit({ c: "of main" });
  const { repository, commit: merged } = merge("main", findBranch(openRepository(root), "topic"));
  const folder = checkOut(repository, merged, join(scratch, "checkout"));
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  expect([text("a"), text("b"), text("c")]).toEqual(["2", "1", "of main"]);
  const parents = execFileSync("git", ["show", "--no-patch", "--format=%P", merged], {
    cwd: root,
    env: { ...process.env, ...repository.environment },
    encoding: "utf8",
  });
  expect(parents.trim().split(" ")).toEqual([git("rev-parse", "main"), git("rev-parse", "topic")]);
});

test("a branch that has all of the base is taken as it is", () => {
  commit({ a: "1" });
  commit({ a: "2" }, "topic");
  const { repository, commit: merged } = merge("main", findBranch(openRepository(root), "topic"));
  expect(hasCommit(repository, "topic", "main")).toBe(true);
  expect(treeOf(repository, git("rev-parse", "topic"))).toBe(
    execFileSync("git", ["rev-parse", `${merged}^{tree}`], {
      cwd: root,
      env: { ...process.env, ...repository.environment },
      encoding: "utf8",
    }).trim(),
  );
});

test("a conflict is reported with its files, and with what to do", () => {
  commit({ a: "1", b: "1" });
  commit({ a: "2", b: "2" }, "topic");
  git("checkout", "--quiet", "main");
  commit({ a: "3", b: "3" });
  expect(() => merge("main", findBranch(openRepository(root), "topic"))).toThrow(
    "topic conflicts with main in a, b. Merge main into topic and resolve the conflicts.",
  );
});

test("branches without a common commit cannot be merged", () => {
  commit({ a: "1" });
  git("checkout", "--quiet", "--orphan", "topic");
  commit({ b: "1" });
  expect(() => merge("main", findBranch(openRepository(root), "topic"))).toThrow(
    "topic cannot be merged into main: refusing to merge unrelated histories",
  );
});

test("what is not committed is merged too if it counts, and the repository stays as it was", () => {
  commit({ ".gitignore": "ignored", a: "1", gone: "1" });
  commit({ a: "2" }, "topic");
  rmSync(join(root, "gone"));
  for (const name of ["new", "ignored"]) write(name, "1");
  const before = snapshot();
  const repository = keepObjectsIn(openRepository(root), scratch);
  const head = findBranch(repository, undefined);
  const proposed = { ...head, commit: commitCheckout(repository, head.commit) };
  const merged = mergeForReview(repository, findBase(repository, "main"), proposed);
  const folder = checkOut(repository, merged, join(scratch, "checkout"));
  expect(readdirSync(folder).sort()).toEqual([".gitignore", "a", "new"]);
  expect(listUncommitted(repository).sort()).toEqual(["gone", "new"]);
  expect(snapshot()).toEqual(before);
});

test("a checkout has the files of that commit alone, and the packages that are installed for each folder", () => {
  mkdirSync(join(root, "infra"));
  commit({
    ".gitattributes": "infra/b export-ignore\n",
    ".gitignore": "node_modules",
    "infra/a": "1",
    "infra/b": "1",
  });
  for (const folder of ["", "infra"]) mkdirSync(join(root, folder, "node_modules"));
  const repository = keepObjectsIn(openRepository(join(root, "infra")), scratch);
  const target = join(scratch, "checkout");
  mkdirSync(target);
  writeFileSync(join(target, "old"), "1");
  expect(checkOut(repository, git("rev-parse", "HEAD"), target)).toBe(join(target, "infra/"));
  expect(readdirSync(target).sort()).toEqual([".gitattributes", ".gitignore", "infra", "node_modules"]);
  expect(readdirSync(join(target, "infra")).sort()).toEqual(["a", "b", "node_modules"]);
  expect(realpathSync(join(target, "infra", "node_modules"))).toBe(join(root, "infra", "node_modules"));
  rmSync(target, { recursive: true });
  expect(existsSync(join(root, "node_modules"))).toBe(true);
});
