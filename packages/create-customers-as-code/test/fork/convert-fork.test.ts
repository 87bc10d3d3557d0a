// From a fork of 0.1.0 to a company's repository. That its next preview is empty is shown in test/e2e/fork-to-package.test.ts.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { writeReleasedFork } from "../../testing/released-fork";
import { describeRelease } from "../record-release";
import { emptyFolder, readFolder, runCreate } from "../run-create";

const folder = emptyFolder();
const fork = join(folder, "fork");
let released: Record<string, string>;
let before: Record<string, string>;

beforeAll(() => {
  writeReleasedFork(fork);
  released = readFolder(fork);
});

// Each test changes the fork in its own way, and little of it.
afterEach(() => {
  rmSync(join(fork, ".git"), { recursive: true, force: true });
  const known = new Set(Object.keys(released).flatMap((path) => [path, ...foldersOf(path)]));
  for (const path of readdirSync(fork, { recursive: true, encoding: "utf8" })) {
    if (!known.has(path)) rmSync(join(fork, path), { recursive: true, force: true });
  }
  const changed = readFolder(fork);
  for (const [path, content] of Object.entries(released)) {
    if (changed[path] === content) continue;
    mkdirSync(dirname(join(fork, path)), { recursive: true });
    writeFileSync(join(fork, path), content);
  }
});

function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(fork, file);
  const text = readFileSync(path, "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
}

let count = 0;

function convert(...flags: string[]) {
  before = readFolder(fork);
  const name = `company-${++count}`;
  const run = runCreate(folder, name, "--no-install", "--from-fork", "fork", ...flags);
  // The fork is only read.
  expect(readFolder(fork)).toEqual(before);
  return { ...run, files: run.code === 0 ? readFolder(join(folder, name)) : {} };
}

function converted(...flags: string[]): Record<string, string> {
  const { code, errors, files } = convert(...flags);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  return files;
}

/** Without the last line, which says that nothing was written. */
function refusals(...flags: string[]): string[] {
  const { code, errors } = convert(...flags);
  expect(code).toBe(1);
  expect(errors).toMatch(/\n\nNothing was written\.\n$/);
  return (errors.split("\n\n")[0] ?? "").split("\n");
}

test("The record of the release is that of its commit.", () => {
  const recorded = readFileSync(join(__dirname, "../../released/0.1.0.json"), "utf8");
  const { version, commit } = JSON.parse(recorded);
  expect(describeRelease(version, commit)).toBe(recorded);
});

test("The fork of an unchanged release becomes a dozen files, with its data and its name.", () => {
  const { output, files } = convert();
  expect(output).toContain(
    "Compared with version 0.1.0 of customers-as-code, the fork has changed nothing but its data.",
  );
  expect(Object.keys(files)).toEqual([
    ".github/CODEOWNERS",
    ".github/workflows/comment.yml",
    ".github/workflows/customers.yml",
    ".gitignore",
    "Pulumi.dev.yaml",
    "Pulumi.yaml",
    "README.md",
    "customers/acme.yaml",
    "customers/globex.yaml",
    "customers/initech.yaml",
    "index.ts",
    "openapi.yaml",
    "package.json",
    "policy/dev.json",
    "renovate.json",
  ]);
  for (const file of [".github/CODEOWNERS", "Pulumi.dev.yaml", "openapi.yaml"])
    expect(files[file]).toBe(before[file]);
  expect(files["policy/dev.json"]).toBe(before["policy/config/dev.json"]);
  // The project's name is part of every URN, the package's is not.
  expect(parse(files["Pulumi.yaml"] ?? "")).toEqual({
    name: "customers-as-code",
    description: parse(before["Pulumi.yaml"] ?? "").description,
    main: "index.ts",
    runtime: {
      name: "nodejs",
      options: { typescript: false, nodeargs: "--import customers-as-code/start-up" },
    },
  });
  expect(JSON.parse(files["package.json"] ?? "").name).toBe(`company-${count}`);
  expect(Object.keys(JSON.parse(files["package.json"] ?? "").dependencies)).toEqual(["customers-as-code"]);
});

test("Of customer files, only the line that names the schema changes, which the package has.", () => {
  const files = converted();
  for (const name of ["acme", "globex", "initech"]) {
    const file = `customers/${name}.yaml`;
    expect(files[file]).toBe(
      before[file]?.replace("$schema=schema.json", "$schema=../node_modules/customers-as-code/schema.json"),
    );
  }
});

test("A schema that the company changed stays, and customer files go on naming it.", () => {
  edit("customers/schema.json", (text) => text.replace('"title"', '"$comment": "ours", "title"'));
  const files = converted();
  expect(files["customers/schema.json"]).toBe(before["customers/schema.json"]);
  expect(files["customers/acme.yaml"]).toBe(before["customers/acme.yaml"]);
});

test("Defaults that the fork changed become settings of each stack that doesn't set them, and everything else stays byte by byte.", () => {
  edit("Pulumi.yaml", (text) =>
    text
      .replace("default: 86400", "default: 010")
      .replace("default: 25%", "default: 10%")
      .replace(/(portalScopes:[\s\S]*?)default: \[\]/, "$1default: [read:orders]"),
  );
  edit("Pulumi.dev.yaml", (text) =>
    text.replace("  # Moesif instead", "  removalLimit: 5 # few\n  # Moesif instead"),
  );
  const prod = `# Production.
encryptionsalt: v1:abc
config:
    auth0:domain: example.auth0.com   # theirs
    customers-as-code:config:tokenLifetime: 600
    customers-as-code:moesifApplicationId:
        secure: v1:x:y==

# The end.
`;
  writeFileSync(join(fork, "Pulumi.prod.yaml"), prod);
  writeFileSync(join(fork, "Pulumi.empty.yaml"), "secretsprovider: awskms://alias/x\n");
  writeFileSync(join(fork, "Pulumi.prod-shard-1.yaml"), "config: {}\n");
  const files = converted();
  const comment = "# Defaults of the fork's Pulumi.yaml:\n";
  // Octal to Pulumi, and not to YAML 1.2: as it was written.
  expect(files["Pulumi.dev.yaml"]).toBe(
    before["Pulumi.dev.yaml"]?.replace(
      "  # Moesif instead",
      `  ${comment}  customers-as-code:tokenLifetime: 010\n  customers-as-code:portalScopes: [ read:orders ]\n  # Moesif instead`,
    ),
  );
  expect(files["Pulumi.prod.yaml"]).toBe(
    prod.replace(
      "y==\n",
      `y==\n    ${comment}    customers-as-code:portalScopes: [ read:orders ]\n    customers-as-code:removalLimit: 10%\n`,
    ),
  );
  expect(parse(files["Pulumi.empty.yaml"] ?? "", { schema: "failsafe" })).toEqual({
    secretsprovider: "awskms://alias/x",
    config: {
      "customers-as-code:tokenLifetime": "010",
      "customers-as-code:portalScopes": ["read:orders"],
      "customers-as-code:removalLimit": "10%",
    },
  });
  expect(files).not.toHaveProperty(["Pulumi.prod-shard-1.yaml"]);
});

test("A setting that an environment may have too is pointed out.", () => {
  edit("Pulumi.yaml", (text) => text.replace("default: 86400", "default: 3600"));
  edit("Pulumi.dev.yaml", (text) => `environment:\n  - acme/dev\n${text}`);
  expect(convert().output).toContain(
    "Pulumi.dev.yaml imports an environment. If that sets tokenLifetime, remove the setting from the file.",
  );
});

test("A backend, own settings and their comments stay in Pulumi.yaml; own packages stay in package.json.", () => {
  edit("Pulumi.yaml", (text) =>
    text
      .replace(
        "name: customers-as-code\n",
        "name: acme-api\n# Where the states are.\nbackend:\n  url: s3://acme-states\n",
      )
      .concat(
        "  # Who pays.\n  billingTopic:\n    type: string\n  cloudflare:email:\n    value: a@acme.example\n",
      ),
  );
  edit("package.json", (text) =>
    text.replace('"@pulumi/auth0"', '"@pulumi/cloudflare": "6.1.0",\n    "@pulumi/auth0"'),
  );
  edit("Pulumi.dev.yaml", (text) =>
    text
      .replaceAll("customers-as-code:", "acme-api:")
      .concat("  acme-api:portal: { domainName: portal.acme.example }\n"),
  );
  const files = converted();
  expect(files["Pulumi.yaml"]).toContain("name: acme-api\n");
  expect(files["Pulumi.yaml"]).toMatch(
    /# Where the states are\.\nbackend:\n {2}url: s3:\/\/acme-states\nconfig:\n {2}# Who pays\.\n {2}billingTopic:\n {4}type: string\n {2}cloudflare:email:\n {4}value: a@acme\.example\n$/,
  );
  expect(JSON.parse(files["package.json"] ?? "").dependencies).toEqual({
    "@pulumi/cloudflare": "6.1.0",
    // The portal needs it.
    "@pulumi/awsx": "3.9.0",
    "customers-as-code": require("../../package.json").version,
  });
});

test("Customers and the document are found where the settings say that they are.", () => {
  mkdirSync(join(fork, "api"));
  renameSync(join(fork, "openapi.yaml"), join(fork, "api/orders.yaml"));
  renameSync(join(fork, "customers"), join(fork, "clients"));
  edit(
    "Pulumi.dev.yaml",
    (text) =>
      `${text}  customers-as-code:openapi: api/orders.yaml\n  customers-as-code:customers: ./clients\n`,
  );
  const { files, output } = convert();
  expect(files["api/orders.yaml"]).toBe(before["api/orders.yaml"]);
  expect(files["clients/acme.yaml"]).toContain("$schema=../node_modules/customers-as-code/schema.json");
  expect(files).not.toHaveProperty(["clients/schema.json"]);
  // What is in the new folder is not reported as left behind.
  expect(output).not.toMatch(/added {2}(api|clients)\//);
});

test("What the fork changed is listed with what to do, and refuses the conversion if the preview would not be empty.", () => {
  appendFileSync(join(fork, "index.ts"), "// ours\n");
  appendFileSync(join(fork, "packages/customers-as-code/src/gateway/gateway.ts"), "// ours\n");
  appendFileSync(join(fork, "authorizer/src/token.ts"), "// ours\n");
  unlinkSync(join(fork, "packages/customers-as-code/src/portal/network.ts"));
  writeFileSync(join(fork, "packages/customers-as-code/src/settings/ours.ts"), "");
  appendFileSync(join(fork, ".github/workflows/up.yml"), "# ours\n");
  appendFileSync(join(fork, "packages/customers-as-code/src/cli/add.ts"), "// ours\n");
  writeFileSync(join(fork, "notes.md"), "ours\n");
  const problems = refusals();
  expect(problems.map((line) => line.split(". ")[0])).toEqual([
    "authorizer/src/token.ts  changed by the fork, so that the next preview would not be empty",
    "index.ts  changed by the fork, so that the next preview would not be empty",
    "packages/customers-as-code/src/gateway/gateway.ts  changed by the fork, so that the next preview would not be empty",
    "packages/customers-as-code/src/portal/network.ts  deleted by the fork, so that the next preview would not be empty",
    "packages/customers-as-code/src/settings/ours.ts  added by the fork, so that the next preview would not be empty",
    "--leave-changes  converts the fork without these changes",
  ]);
  const { code, output, files } = convert("--leave-changes");
  expect(code).toBe(0);
  expect(output).toContain("Your own file. Copy it if you still need it.\n  added  notes.md\n");
  expect(output).toMatch(
    /The reusable workflows replace it\..*\n {2}changed {2}\.github\/workflows\/up\.yml\n/,
  );
  expect(output).toMatch(
    /It changes a command.*\n {2}changed {2}packages\/customers-as-code\/src\/cli\/add\.ts\n/,
  );
  expect(output).toContain(
    "Make the fork's changes of the program in the new folder. Then the next preview must be empty:",
  );
  expect(files["index.ts"]).not.toContain("// ours");
});

test("Line ends that Git wrote are no change.", () => {
  edit("index.ts", (text) => text.replaceAll("\n", "\r\n"));
  expect(convert().output).toContain("the fork has changed nothing but its data.");
});

test("Changes of files that the new folder has in a version of its own are listed.", () => {
  appendFileSync(join(fork, "README.md"), "Call 555 at night.\n");
  appendFileSync(join(fork, ".gitignore"), ".env\n");
  const { code, output } = convert();
  expect(code).toBe(0);
  expect(output).toContain(
    "The new folder has its own. Copy what you still need.\n  changed  .gitignore\n  changed  README.md\n",
  );
});

test("A fork of another commit is compared with the commit that it left.", () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
      cwd: fork,
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=main");
  appendFileSync(join(fork, "packages/customers-as-code/src/gateway/gateway.ts"), "// upstream\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "upstream");
  git("tag", "upstream");
  appendFileSync(join(fork, "customers/acme.yaml"), "contact: api@acme.example\n");
  git("commit", "--quiet", "-am", "ours");
  writeFileSync(join(fork, ".git/info/exclude"), "ignored.txt\n");
  writeFileSync(join(fork, "ignored.txt"), "");
  expect(refusals()[0]).toContain("gateway.ts  changed by the fork");
  const { code, output } = convert("--upstream", "upstream");
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(
      /Compared with commit [0-9a-f]{10} of .* nothing but its data\.\n\nThe next preview also shows/,
    ),
  });
  expect(runCreate(folder, "unknown", "--from-fork", "fork", "--upstream", "v9")).toMatchObject({
    code: 2,
    errors: expect.stringContaining('--upstream  is "v9", with which HEAD of fork has no commit in common.'),
  });
});

test.each<[what: string, break_: () => void, problem: string]>([
  [
    "a secret among the defaults",
    () =>
      edit("Pulumi.yaml", (text) => text.replace(/(moesifApplicationId:\n.*\n.*\n.*default: )""/, '$1"abc"')),
    'Pulumi.yaml  has a value for "moesifApplicationId", which is a secret. Set it in each stack with: pulumi config set --secret moesifApplicationId',
  ],
  [
    "another start of the program",
    () => edit("Pulumi.yaml", (text) => text.replace("nodeargs: ", "nodeargs: --max-old-space-size=8192 ")),
    'Pulumi.yaml  has another "runtime" than what was forked.',
  ],
  [
    "a Pulumi.yaml that is no YAML",
    () => writeFileSync(join(fork, "Pulumi.yaml"), "name: [\n"),
    "Pulumi.yaml  cannot be read:",
  ],
  [
    "a stack's file that is no YAML",
    () => writeFileSync(join(fork, "Pulumi.dev.yaml"), "config: [\n"),
    "Pulumi.dev.yaml  cannot be read:",
  ],
  [
    "no stack",
    () => unlinkSync(join(fork, "Pulumi.dev.yaml")),
    "fork  has no Pulumi.STACK.yaml. Commit the settings of each stack first: pulumi config refresh",
  ],
  [
    "customers outside",
    () => appendFileSync(join(fork, "Pulumi.dev.yaml"), "  customers-as-code:customers: ../customers\n"),
    'customers  is "../customers", which is not in the fork. Move it there.',
  ],
  [
    "no customers",
    () => appendFileSync(join(fork, "Pulumi.dev.yaml"), "  customers-as-code:customers: nowhere\n"),
    'customers  is "nowhere", which has no customer files. Correct the setting.',
  ],
  [
    "a folder among the settings of policies",
    () => mkdirSync(join(fork, "policy/config/old")),
    "policy/config/old  is not a regular file.",
  ],
  [
    "a link among the customers",
    () => symlinkSync("acme.yaml", join(fork, "customers/umbrella.yaml")),
    "customers/umbrella.yaml  is not a regular file.",
  ],
  [
    "no document",
    () => unlinkSync(join(fork, "openapi.yaml")),
    "openapi fork/openapi.yaml  cannot be read (ENOENT).",
  ],
  [
    "a package.json that is no JSON",
    () => writeFileSync(join(fork, "package.json"), "{"),
    "package.json  cannot be read:",
  ],
])("A fork with %s is refused, with the file and what to do.", (_, breakFork, problem) => {
  breakFork();
  expect(refusals()).toContainEqual(expect.stringContaining(problem));
});

test("All that is wrong with a fork is reported at once.", () => {
  appendFileSync(join(fork, "index.ts"), "// ours\n");
  unlinkSync(join(fork, "openapi.yaml"));
  appendFileSync(join(fork, "Pulumi.dev.yaml"), "  customers-as-code:customers: ../customers\n");
  expect(refusals().map((line) => line.split("  ")[0])).toEqual([
    "customers",
    "openapi fork/openapi.yaml",
    "index.ts",
    "--leave-changes",
  ]);
});

test.each([
  ["missing", "cannot be read (ENOENT). Name the folder of the fork."],
  ["fork/README.md", "is not a folder. Name the folder of the fork."],
  [
    "fork/docs",
    "is not a fork of customers-as-code 0.1.0: it doesn't have Pulumi.yaml, index.ts, packages/customers-as-code, authorizer.",
  ],
])("--from-fork %s is refused.", (path, message) => {
  const { code, errors } = runCreate(folder, "refused", "--from-fork", path);
  expect({ code, errors }).toEqual({
    code: 2,
    errors: expect.stringContaining(`--from-fork ${path}  ${message}`),
  });
});

test("The new folder is not in the fork.", () => {
  for (const target of ["fork/company", "fork"]) {
    const { code, errors } = runCreate(folder, target, "--from-fork", "./fork/");
    expect({ code, errors }).toEqual({
      code: 2,
      errors: expect.stringContaining(`${target}  is in the fork. Name a folder outside of it.`),
    });
  }
});
