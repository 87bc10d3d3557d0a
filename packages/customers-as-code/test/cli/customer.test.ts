// `npx customers` as a process, over a copy of this project's own customers.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "customers-"));
const file = (name: string) => join(folder, name);
const names = () => readdirSync(folder).sort();

beforeEach(() => {
  for (const name of names()) rmSync(file(name));
  for (const name of ["acme", "globex", "initech"]) cpSync(`customers/${name}.yaml`, file(`${name}.yaml`));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const options = args.length > 0 ? ["--customers", folder] : [];
  const command = ["packages/customers-as-code/bin.cjs", ...args, ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  // The folder is another one in each run.
  const plain = (text: string) => text.replaceAll(folder, "customers").trimEnd();
  return { code: status, stdout: plain(stdout), stderr: plain(stderr) };
}

test("a customer's life: added, shown, suspended, resumed, closed and removed", () => {
  expect(run("add", "umbrella", "--name", "Umbrella", "--scopes", "read:orders, write:orders")).toEqual({
    code: 0,
    stdout: `customers/umbrella.yaml is written. The pull request adds customer Umbrella (1 client: read:orders, write:orders). Once it is deployed, hand out what this prints: npx customers credentials umbrella`,
    stderr: "",
  });
  const added = readFileSync(file("umbrella.yaml"), "utf8");
  expect(added).toMatch(
    /^# yaml-language-server: \$schema=\S*packages\/customers-as-code\/schema\.json\ndisplayName: Umbrella\n/,
  );
  expect(run("show", "umbrella").stdout.split("\n")).toEqual([
    "id               umbrella",
    "name             Umbrella",
    "organization     umbrella",
    "status           active",
    "clients.default  read:orders write:orders (client_secret)",
  ]);

  expect(run("suspend", "umbrella", "--reason", "unpaid").code).toBe(0);
  expect(readFileSync(file("umbrella.yaml"), "utf8")).toContain("\nstatus: suspended # unpaid\n");
  expect(run("resume", "umbrella").code).toBe(0);
  expect(readFileSync(file("umbrella.yaml"), "utf8")).toBe(added);
  expect(run("remove", "umbrella").stdout).toContain("The pull request closes Umbrella");
  expect(names()).toContain("umbrella.yaml");
  expect(run("remove", "umbrella").stdout).toContain(
    "customers/umbrella.yaml is deleted. The pull request removes Umbrella",
  );
  expect(names()).toEqual(["acme.yaml", "globex.yaml", "initech.yaml"]);
});

test("a secret is rotated and the rotation finished, and a key that cannot be read is reported", () => {
  const before = readFileSync(file("acme.yaml"), "utf8");
  const today = new Date().toISOString().slice(0, 10);
  expect(run("rotate", "acme").stdout).toMatch(
    /^customers\/acme\.yaml is written\. The pull request begins to rotate the secret of acme\/default: /,
  );
  expect(readFileSync(file("acme.yaml"), "utf8")).toBe(`${before}    rotation: ${today}\n    retiring: 1\n`);
  expect(run("show", "acme").stdout).toContain(`(client_secret, rotation ${today}, retiring 1)`);
  expect(run("rotate", "acme", "default", "--finish").stdout).toContain(
    "finishes the rotation of acme/default",
  );
  expect(readFileSync(file("acme.yaml"), "utf8")).toBe(`${before}    rotation: ${today}\n`);
  expect(run("rotate", "acme", "--finish").stdout).toBe("Nothing to do: acme/default is not rotating.");
  expect(run("rotate", "acme", "--key", "missing.pem")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("rotate: missing.pem cannot be read (ENOENT)."),
  });
});

test("a renamed customer keeps its file's comments and format, and what names it goes along", () => {
  const company = mkdtempSync(join(tmpdir(), "customers-rename-"));
  const at = (path: string) => join(company, "infrastructure", path);
  const program = resolve("packages/customers-as-code/bin.cjs");
  const rename = (...args: string[]) =>
    spawnSync(process.execPath, [program, "rename", ...args], { cwd: at("."), encoding: "utf8" });
  mkdirSync(join(company, ".git"));
  for (const name of ["customers", "openapi.yaml", "Pulumi.yaml", "Pulumi.dev.yaml"]) {
    cpSync(name, at(name), { recursive: true });
  }
  appendFileSync(at("Pulumi.dev.yaml"), "  customers-as-code:replaceable: [globex]\n");
  const owners = join(company, "CODEOWNERS");
  writeFileSync(owners, "/infrastructure/customers/globex.yaml @example/key-accounts\n");
  const before = readFileSync(at("customers/globex.yaml"), "utf8");
  const settings = readFileSync(at("Pulumi.dev.yaml"), "utf8");
  const { status, stdout, stderr } = rename("globex", "globex-europe");
  const again = rename("globex-europe", "globex-world");
  expect({ status, stderr, stdout }).toEqual({
    status: 0,
    stderr: "",
    stdout: `customers/globex.yaml is now customers/globex-europe.yaml.
Pulumi.dev.yaml is changed.
../CODEOWNERS is changed.
The pull request renames Globex from globex to globex-europe: its organization, clients, grants and credentials stay. Its organization gets the name globex-europe in Auth0. Once it is deployed in every stack, you can remove the line "previously".
CI accepts changes of Pulumi.dev.yaml and ../CODEOWNERS only in a pull request of its own. Merge that one first.
`,
  });
  expect(readdirSync(at("customers")).sort()).toEqual([
    ...["acme.yaml", "globex-europe.yaml", "initech.yaml", "schema.json"],
  ]);
  const after = readFileSync(at("customers/globex-europe.yaml"), "utf8");
  expect(after).toBe(before.replace("Globex\n", "Globex\npreviously: globex\n"));
  expect(readFileSync(at("Pulumi.dev.yaml"), "utf8")).toBe(settings.replace("[globex]", "[globex-europe]"));
  expect(readFileSync(owners, "utf8")).toBe(
    "/infrastructure/customers/globex-europe.yaml @example/key-accounts\n",
  );
  expect(again.status).toBe(1);
  expect(again.stderr).toContain(
    'customers/globex-europe.yaml:3:1  previously: customer "globex-europe" still says that it was "globex". Remove the line once that is deployed in every stack, and rename the customer then.',
  );
  rmSync(company, { recursive: true });
});

test("what a command does in one stack stands in that stack's part of the file", () => {
  const before = readFileSync(file("acme.yaml"), "utf8");
  expect(run("suspend", "acme", "--stack", "dev", "--reason", "load tests")).toEqual({
    code: 0,
    stdout:
      "customers/acme.yaml is written. The pull request suspends Acme Corporation in the stack dev only: its 1 client gets 403 within authorizerCacheSeconds (a minute by default) of the deployment.",
    stderr: "",
  });
  expect(readFileSync(file("acme.yaml"), "utf8")).toBe(
    `${before}stacks:\n  dev:\n    status: suspended # load tests\n`,
  );
  expect(run("show", "acme", "--stack", "dev").stdout).toMatch(/^status +suspended$/m);
  expect(run("show", "acme").stdout).toMatch(/^status +active$/m);
  expect(run("resume", "acme", "--stack", "dev").code).toBe(0);
  expect(readFileSync(file("acme.yaml"), "utf8")).toBe(before);
  expect(run("suspend", "acme", "--stack", "dve")).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("Pulumi.dve.yaml  does not exist. Name one of the project's stacks"),
  });
  expect(readFileSync(file("acme.yaml"), "utf8")).toBe(before);
});

test("the list has a line for each customer", () => {
  expect(run("list")).toEqual({
    code: 0,
    stdout: [
      "acme     active     Acme Corporation  default",
      "globex   active     Globex            warehouse bookkeeping",
      "initech  suspended  Initech           default",
    ].join("\n"),
    stderr: "",
  });
});

test("the list names what is wrong beside what is right, and fails", () => {
  writeFileSync(file("acme.yaml"), "displayName: Acme\n");
  const { code, stdout, stderr } = run("list");
  expect(code).toBe(1);
  expect(stdout.split("\n")).toHaveLength(2);
  expect(stderr).toBe(
    "customers/acme.yaml:1:1  clients: is missing; it must be a map\n1 problem in 1 of 3 files. docs/reference/problems.md explains customer-file-missing-value",
  );
});

test("what would make the folder wrong is refused with every problem, and nothing is written", () => {
  expect(run("add", "umbrella", "--name", "<Umbrella>", "--scopes", "read:order")).toEqual({
    code: 1,
    stdout: "",
    stderr: [
      "customers/umbrella.yaml:2:14  displayName: must not contain '<' or '>'",
      'customers/umbrella.yaml:5:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?',
      "2 problems in 1 of 3 files. docs/reference/problems.md explains customer-file-invalid-value, scope-not-in-api",
    ].join("\n"),
  });
  expect(names()).toEqual(["acme.yaml", "globex.yaml", "initech.yaml"]);
});

test("a document that cannot be read is reported, since there are no scopes then", () => {
  expect(run("list", "--openapi", "missing.yaml")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("missing.yaml  cannot be read (ENOENT)."),
  });
});

const misused: [args: string[], message: string][] = [
  [[], "Name a command."],
  [["lst"], "Unknown command 'lst'\n(Did you mean list?)"],
  [["show"], "Missing required argument 'id'"],
  [["list", "acme"], 'Unexpected argument "acme".'],
  [["suspend", "acme", "globex"], 'Unexpected argument "globex".'],
  [["add", "umbrella", "--scopes", "read:orders"], "Required option '--name <name>' not specified"],
  [["resume", "acme", "--reason", "paid"], "Unknown option '--reason'"],
  [
    ["remove", "acme", "--stack", "dev"],
    "remove: does not accept --stack, because all stacks share the file. To refuse the customer's requests only in dev: npx customers suspend acme --stack dev",
  ],
  [["rotate"], "Missing required argument 'id'"],
  [["rotate", "acme", "default", "more"], 'Unexpected argument "more".'],
  [
    ["rotate", "acme", "--finish", "--key", "new.pem"],
    "rotate: --key begins a rotation. It cannot be used with --finish.",
  ],
];

test.each(misused)("%j is a wrong use, which changes nothing", (args, message) => {
  const before = readFileSync(file("acme.yaml"), "utf8");
  const { code, stdout, stderr } = run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/\nFor help: npx customers (\w+ )?--help$/);
  expect(readFileSync(file("acme.yaml"), "utf8")).toBe(before);
});
