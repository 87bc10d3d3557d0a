// A pull request on a laptop: `customers local pr` in a company's repository.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { project } from "./local-cloud";
import { processesOf } from "./processes-of";
import { createPullRequestCompany, customerFile, type PullRequestCompany } from "./pull-request-company";

let company: PullRequestCompany;
beforeAll(() => {
  company = createPullRequestCompany();
  company.write("customers/umbrella.yaml", customerFile("Umbrella", "default", "read:orders"));
  company.commit("add-umbrella");
  company.git("checkout", "--quiet", "main");
});
afterAll(() => company.close());
afterEach(() => {
  company.git("checkout", "--quiet", "--force", "main");
  company.git("clean", "--quiet", "--force", "-d");
});

/** Everything of the repository that a user could see change. */
function snapshot(): unknown {
  const { folder, git } = company;
  const files = readdirSync(join(folder, ".git"), { recursive: true, encoding: "utf8" }).sort();
  return [
    files,
    readFileSync(join(folder, ".git", "index")),
    git("status", "--porcelain"),
    git("for-each-ref"),
  ];
}

const deployed = "main at COMMIT is deployed already";

/** The output without what each run has of its own. The engine starts what doesn't depend on each other in any order. */
function normalize(output: string): string {
  return output
    .replace(/\d+\.\d s$/gm, "TIME")
    .replace(/\b[\da-f]{10}\b/g, "COMMIT")
    .replace(/\d+ (created|the same)$/gm, "N $1")
    .replace(/(?:^ {2}[+] .*\n)+/gm, (lines) => lines.split("\n").sort().join("\n"));
}

test("an added customer's pull request is shown as docs/how-to/preview-a-pull-request.md does, and nothing is left but the cloud", async () => {
  company.write("customers/hooli.yaml", customerFile("Hooli", "shop", "read:orders"));
  company.commit("add-hooli");
  const before = snapshot();
  const { code, stdout, stderr } = await company.pr("--comment", ".local/comment.md");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const page = readFileSync(join(project, "docs/how-to/preview-a-pull-request.md"), "utf8");
  const [shown] = /(?<=```\n)Pull request of add-hooli[\s\S]*?(?=```)/.exec(page) ?? [];
  expect(normalize(stdout)).toBe(normalize(shown ?? "the page shows no output"));
  const markdown = readFileSync(join(company.folder, ".local/comment.md"), "utf8");
  expect(markdown).toContain("### Preview of `dev`: customers: 1 added\n");
  expect(markdown).toContain(`<sub>commit ${company.git("rev-parse", "--short=10", "add-hooli")}</sub>`);
  expect(snapshot()).toEqual(before);
  expect(readdirSync(join(company.folder, ".local/pr")).sort()).toEqual(["base", "cloud"]);
  expect(processesOf(company.folder)).toEqual([]);
});

test("a deleted customer file is refused, with whom it cuts off", async () => {
  company.remove("customers/globex.yaml");
  company.commit("delete-globex");
  company.git("checkout", "--quiet", "main");
  const { code, stdout } = await company.pr("delete-globex");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Preview of dev: refused, 1 problem; ⚠️ check 1 first$/m);
  expect(stdout).toMatch(/^• cuts off: removes globex \(Globex\): its 2 clients stop working at once/m);
  expect(stdout).toContain(
    "customers/globex.yaml  protect: globex cannot be deleted because it is protected",
  );
  expect(stdout).toMatch(/✗ This pull request would be refused\n$/);
});

test("an invalid file is refused with its place, once", async () => {
  const text = readFileSync(join(company.folder, "customers/acme.yaml"), "utf8");
  company.write("customers/acme.yaml", text.replace("read:orders", "read:order"));
  company.commit("misspell");
  const { code, stdout } = await company.pr();
  expect(code).toBe(1);
  const problem =
    'customers/acme.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?';
  expect(stdout.split(problem)).toHaveLength(2);
});

test("settings that cannot be read are the comment, and so are wrong ones, with the places of the company's file", async () => {
  company.write("Pulumi.dev.yaml", "config:\n  auth0:domain: [\n");
  company.commit("break-settings");
  const broken = await company.pr();
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/^Preview of dev: refused/m);
  expect(broken.stdout).toMatch(/^ {2}Pulumi\.dev\.yaml:3:1 {2}/m);
  company.git("checkout", "--quiet", "main");
  const text = readFileSync(join(company.folder, "Pulumi.dev.yaml"), "utf8");
  company.write("Pulumi.dev.yaml", `${text}  # A comment\n\n  customers-as-code:tokenLifetime: soon\n`);
  company.commit("mistake-setting");
  const line = readFileSync(join(company.folder, "Pulumi.dev.yaml"), "utf8").split("\n").length - 1;
  const wrong = await company.pr();
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain(`Pulumi.dev.yaml:${line}:3  tokenLifetime`);
});

test("what is not committed is named, and counts only with --uncommitted; the base is deployed only once", async () => {
  company.write("customers/hooli.yaml", customerFile("Hooli", "shop", "read:orders"));
  company.commit("with-uncommitted");
  company.write("customers/piedpiper.yaml", customerFile("Pied Piper", "box", "read:orders"));
  const before = snapshot();
  const without = await company.pr();
  expect(without.stdout).toContain(
    "Without what is not committed yet: customers/piedpiper.yaml. To count it as well: --uncommitted",
  );
  expect(without.stdout).toContain("customers: 1 added");
  const counted = await company.pr("--uncommitted");
  expect(normalize(counted.stdout)).toContain(deployed);
  expect(counted.stdout).toContain("With what is not committed yet: customers/piedpiper.yaml\n");
  expect(counted.stdout).toContain("customers: 2 added");
  expect(counted.stdout).not.toContain("\ncommit ");
  expect([without.code, counted.code]).toEqual([0, 0]);
  expect(snapshot()).toEqual(before);
});

test("settings, guards and owners are judged as in CI, against the stack's own settings", async () => {
  const text = readFileSync(join(company.folder, "Pulumi.dev.yaml"), "utf8");
  company.write("Pulumi.dev.yaml", `${text}  customers-as-code:removalLimit: 100%\n`);
  company.write("customers/hooli.yaml", customerFile("Hooli", "shop", "read:orders"));
  company.commit("loosen");
  const { code, stdout } = await company.pr("--author", "eve");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^• owners: .*customers\/hooli\.yaml belongs to @example\/sales, and eve is none/m);
  expect(stdout).toMatch(/^• guards with customers: This pull request changes customers/m);
  expect(stdout).toMatch(/^• loosens a guard: changes removalLimit from 25% to 100%/m);
  expect(stdout).toMatch(/^The policy pack ran, with policy\/dev\.json\.$/m);
  expect(stdout).not.toContain("--author");
});

test("what only the company's tenant has is not in the local one: imports are created there, and members are refused", async () => {
  const imported = (id: string) => ({ id, keeps: [] });
  const hooli = {
    organization: imported("org_AbCdEfGhIjKlMnOp"),
    clients: {
      shop: { ...imported("AbCdEfGhIjKlMnOpQrStUvWxYz012345"), grant: imported("cgr_AbCdEfGhIjKlMnOp") },
    },
  };
  company.write("customers/hooli.yaml", customerFile("Hooli", "shop", "read:orders"));
  company.write(
    "customers/imports.json",
    JSON.stringify({ "example.eu.auth0.com": { customers: { hooli } } }),
  );
  company.commit("import-hooli");
  const imports = await company.pr();
  expect(imports.stdout).toContain("  + auth0:index/client:Client hooli/shop\n");
  company.git("checkout", "--quiet", "main");
  const text = customerFile("Hooli", "shop", "read:orders");
  company.write("customers/hooli.yaml", text.replace("clients:", "members: [gavin@hooli.example]\nclients:"));
  company.commit("add-members");
  const members = await company.pr();
  expect(members.code).toBe(1);
  expect(members.stdout).toContain('"gavin@hooli.example" is not exactly one user of the tenant.');
});

test("a branch is merged into a base that has gone on, and a new base is deployed from nothing", async () => {
  company.write("customers/hooli.yaml", customerFile("Hooli", "shop", "read:orders"));
  company.remove("customers/initech.yaml");
  company.commit("next");
  const { code, stdout } = await company.pr("add-umbrella", "--base", "next");
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("customers: 1 added\n"),
  });
  expect(stdout).toContain("adds customer umbrella (Umbrella)");
  expect(stdout).toMatch(/✓ pulumi up of next at /);
});

test("Ctrl-C ends it, and leaves no process and no file but the cloud's", async () => {
  company.write("customers/hooli.yaml", customerFile("Hooli", "shop", "read:orders"));
  company.commit("interrupted");
  const before = snapshot();
  for (const moment of ["✓ Pulumi CLI", "✓ customers validate"]) {
    const running = company.start();
    await running.says(moment);
    running.interrupt();
    expect((await running.ended).code).toBe(130);
    expect(processesOf(company.folder)).toEqual([]);
    const left = readdirSync(join(company.folder, ".local/pr"));
    expect(left.filter((name) => name !== "base").sort()).toEqual(["cloud"]);
  }
  expect(snapshot()).toEqual(before);
});

test("what is no pull request is one sentence, and exit code 2", async () => {
  const nothing = { code: 2, stdout: "" };
  expect(await company.pr("no-such-branch")).toEqual({
    ...nothing,
    stderr: expect.stringMatching(/^There is no branch "no-such-branch"\. Branches here: .+\.\n$/),
  });
  expect(await company.pr("--base", "no-such-base")).toMatchObject({
    ...nothing,
    stderr: expect.stringMatching(/^There is no base "no-such-base"\. Branches here: /),
  });
  expect(await company.pr()).toEqual({
    ...nothing,
    stderr:
      "main is the base itself. Name a branch, commit your changes to one, or add --uncommitted to show what is not committed.\n",
  });
  company.git("branch", "behind", "main");
  expect(await company.pr("behind")).toMatchObject({
    ...nothing,
    stderr: expect.stringMatching(/^behind has no commit that main doesn't have\. /),
  });
  company.write("customers/piedpiper.yaml", customerFile("Pied Piper", "box", "read:orders"));
  expect(await company.pr("add-umbrella", "--uncommitted")).toMatchObject({
    ...nothing,
    stderr: expect.stringMatching(
      /^What is not committed belongs to main, which is checked out, and not to add-umbrella\./,
    ),
  });
});

test("another run at the same time is refused", async () => {
  company.git("checkout", "--quiet", "add-umbrella");
  const first = company.start();
  await first.says("✓ Pulumi CLI");
  const second = await company.pr();
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(
    /\.local\/pr is in use by process \d+\. Stop it, or name another folder with --directory\./,
  );
  first.interrupt();
  expect((await first.ended).code).toBe(130);
});

test("a base that cannot be deployed is reported with the reason", async () => {
  company.write("customers/acme.yaml", "displayName: Acme\n");
  company.commit("bad-base");
  const { code, stderr } = await company.pr("add-umbrella", "--base", "bad-base");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^The base bad-base cannot be deployed to the local cloud:\ncustomers\/acme\.yaml:1:1 {2}clients/,
  );
});

test("a company without a repository, and a repository without commits, are one sentence, and exit code 2", async () => {
  rmSync(join(company.folder, ".git"), { recursive: true });
  const none = await company.pr();
  company.git("init", "--quiet", "--initial-branch=main");
  const empty = await company.pr();
  // The next test, if there is one, finds a repository.
  company.commit();
  const nothing = { code: 2, stdout: "" };
  expect(none).toEqual({
    ...nothing,
    stderr: `${company.folder} is in no Git repository. Create one with: git init\n`,
  });
  expect(empty).toEqual({
    ...nothing,
    stderr: "The repository has no commits. Commit the company's files first: git add . && git commit\n",
  });
});
