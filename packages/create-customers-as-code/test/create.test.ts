// From the command line to the files, and everything that is refused before one is written.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { readFlags } from "../src/command-line";
import { StagedFolder } from "../src/write-folder";
import { emptyFolder, readFolder, runCreate } from "./run-create";

const folder = emptyFolder();

/** @returns the new files, which are in the folder of the name */
function create(name: string, ...args: string[]): Record<string, string> {
  const run = runCreate(folder, name, "--no-install", ...args);
  expect(run).toMatchObject({ code: 0, errors: "" });
  return readFolder(join(folder, name));
}

function problemsOf(...args: string[]): string[] {
  const before = readFolder(folder);
  const { code, errors } = runCreate(folder, ...args);
  expect(code).toBe(2);
  expect(readFolder(folder)).toEqual(before);
  const [problems = "", end = ""] = errors.split("\n\n");
  expect(end).toMatch(/^Nothing was written\./);
  return problems.split("\n");
}

test("The company's repository is a dozen files with fewer than 300 lines, without the API's document.", () => {
  const files = create("small");
  expect(Object.keys(files)).toEqual([
    ".github/CODEOWNERS",
    ".github/workflows/comment.yml",
    ".github/workflows/customers.yml",
    ".gitignore",
    "Pulumi.dev.yaml",
    "Pulumi.yaml",
    "README.md",
    "customers/acme.yaml",
    "index.ts",
    "openapi.yaml",
    "package.json",
    "policy/dev.json",
    "renovate.json",
  ]);
  const { "openapi.yaml": _, ...written } = files;
  expect(Object.values(written).join("").split("\n").length).toBeLessThan(300);
});

test("The company depends on one exact version of the product and of the local cloud, and on nothing else.", () => {
  const { version } = require("../package.json");
  expect(JSON.parse(create("exact")["package.json"] ?? "")).toEqual({
    name: "exact",
    private: true,
    type: "module",
    scripts: { start: "customers local start", test: "customers validate" },
    dependencies: { "customers-as-code": version },
    devDependencies: { "customers-as-code-local": version },
  });
});

test("Pulumi's project has the package's start-up and no settings, whose defaults the package has.", () => {
  expect(parse(create("project")["Pulumi.yaml"] ?? "")).toEqual({
    name: "project",
    description: "Orders API: customers as code",
    main: "index.ts",
    runtime: {
      name: "nodejs",
      options: { typescript: false, nodeargs: "--import customers-as-code/start-up" },
    },
  });
});

test("Flags become settings of each stack, in the project's namespace.", () => {
  const files = create(
    "flags",
    ...[
      "--domain",
      "acme.eu.auth0.com",
      "--audience=urn:acme",
      "--backend-url",
      "http://orders.internal:8080/v2",
    ],
    ...["--region", "us-gov-west-1", "--stacks", "dev,prod"],
  );
  for (const stack of ["dev", "prod"]) {
    expect(parse(files[`Pulumi.${stack}.yaml`] ?? "")).toEqual({
      config: {
        "auth0:domain": "acme.eu.auth0.com",
        "aws:region": "us-gov-west-1",
        "flags:audience": "urn:acme",
        "flags:backendUrl": "http://orders.internal:8080/v2",
        "flags:publicRoutes": ["GET /health"],
        "flags:manageCloudWatchRole": true,
      },
    });
    expect(JSON.parse(files[`policy/${stack}.json`] ?? "")).toEqual({
      "public-routes": { allowed: ["GET /health"] },
    });
  }
  // A tenant has one API with an audience, so that the second stack needs another of either.
  expect(files["Pulumi.dev.yaml"]).not.toContain("Change the domain");
  expect(files["Pulumi.prod.yaml"]).toContain("Change the domain");
  expect(files["openapi.yaml"]).toContain("https://acme.eu.auth0.com/oauth/token");
});

test("Each CI system gets its own files, and none gets none.", () => {
  const ofCi = (ci: string) =>
    Object.keys(create(`ci-${ci}`, "--ci", ci)).filter(
      (path) => /^\.git|CODEOWNERS|renovate/.test(path) && path !== ".gitignore",
    );
  expect(ofCi("github")).toEqual([
    ".github/CODEOWNERS",
    ".github/workflows/comment.yml",
    ".github/workflows/customers.yml",
    "renovate.json",
  ]);
  expect(ofCi("gitlab")).toEqual([".gitlab-ci.yml", "CODEOWNERS", "renovate.json"]);
  expect(ofCi("none")).toEqual([]);
});

test("The owner of --owner approves every file.", () => {
  const { ".github/CODEOWNERS": owners = "" } = create("owned", "--owner", "@acme/api @jane");
  const rules = owners.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(rules).toEqual(["*                        @acme/api @jane"]);
});

test("The README's three steps name the company's own scope, stack and files.", () => {
  const { "README.md": readme = "" } = create(
    "readme",
    "--stacks",
    "test",
    "--owner",
    "@acme/api",
    "--domain",
    "a.auth0.com",
    "--audience",
    "urn:a",
    "--backend-url",
    "https://b.example",
  );
  expect(readme).toContain('npx customers add globex --name "Globex" --scopes read:orders');
  expect(readme).toContain("pulumi stack init test && pulumi up");
  expect(readme.match(/^\d\. \*\*.*?\*\*/gm)).toEqual([
    "1. **See it run.**",
    "2. **Add a customer**",
    "3. **Deploy.**",
  ]);
  // What is no example any more needs no replacement.
  expect(readme).not.toMatch(/Enter your own values|Replace/);
  expect(readme).toContain("3. **Deploy.** With [credentials for Auth0 and AWS]");
  expect(create("readme-of-examples")["README.md"]).toMatch(
    /Enter your own values in `Pulumi.dev.yaml`[\s\S]*Replace `@example\/platform`/,
  );
});

test("Every page that the README links is in the docs.", () => {
  const { "README.md": readme = "" } = create("links");
  const pages = [...readme.matchAll(/^\[[\w/-]+\]: .*\/docs\/(.+)$/gm)].map(([, page]) => page ?? "");
  expect(pages.length).toBeGreaterThan(3);
  const missing = pages.filter((page) => !existsSync(join(__dirname, "../../../docs", page)));
  expect(missing).toEqual([]);
  for (const [, page] of readme.matchAll(/\]\[([\w/-]+)\]/g)) expect(pages).toContain(`${page}.md`);
});

test("The company's own document is copied byte by byte, and its customer may read.", () => {
  const document = `openapi: 3.1.0 # ours
info: { title: Parcels, version: "2" }
paths:
  /parcels:
    get: { security: [{ oauth: [parcels:read] }], responses: { "200": { description: ok } } }
    post: { security: [{ oauth: [parcels:write] }], responses: { "200": { description: ok } } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://x", scopes: { "parcels:write": w, "parcels:read": r } } } }
`;
  writeFileSync(join(folder, "parcels.yml"), document);
  const files = create("own-document", "--openapi", "parcels.yml");
  expect(files["openapi.yaml"]).toBe(document);
  expect(parse(files["customers/acme.yaml"] ?? "").clients.default.scopes).toEqual(["parcels:read"]);
  expect(parse(files["Pulumi.yaml"] ?? "").description).toBe("Parcels: customers as code");
  const settings = parse(files["Pulumi.dev.yaml"] ?? "").config;
  expect(settings).not.toHaveProperty("own-document:publicRoutes");
  expect(settings).not.toHaveProperty("own-document:openapi");
  expect(JSON.parse(files["policy/dev.json"] ?? "")).toEqual({ "public-routes": { allowed: [] } });

  writeFileSync(join(folder, "parcels.json"), JSON.stringify(parse(document)));
  const ofJson = create("json-document", "--openapi", join(folder, "parcels.json"));
  expect(ofJson["openapi.json"]).toBe(JSON.stringify(parse(document)));
  expect(parse(ofJson["Pulumi.dev.yaml"] ?? "").config["json-document:openapi"]).toBe("openapi.json");
});

test("Whoever may call without a token is named twice: in the document, and with --public-route.", () => {
  const document = `openapi: 3.0.3
info: { title: Open, version: "1" }
paths:
  /status: { get: { responses: { "200": { description: ok } } } }
  /ping: { get: { security: [{}], responses: { "200": { description: ok } } } }
  /orders: { get: { security: [{ oauth: [read] }], responses: { "200": { description: ok } } } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://x", scopes: { read: r } } } }
`;
  writeFileSync(join(folder, "open.yaml"), document);
  expect(problemsOf("public", "--openapi", "open.yaml", "--public-route", "GET /statu")).toEqual([
    expect.stringMatching(
      /^--public-route {2}is missing for "GET \/status", which needs no token according to open.yaml\. .*--public-route "GET \/status"/,
    ),
    expect.stringMatching(/^--public-route {2}is missing for "GET \/ping"/),
    '--public-route  "GET /statu" is not an operation without "security" in open.yaml. Did you mean "GET /status"?',
  ]);
  const files = create(
    "public",
    "--openapi",
    "open.yaml",
    "--public-route",
    "GET /status",
    "--public-route",
    "GET /ping",
  );
  expect(parse(files["Pulumi.dev.yaml"] ?? "").config["public:publicRoutes"]).toEqual([
    "GET /status",
    "GET /ping",
  ]);
  expect(JSON.parse(files["policy/dev.json"] ?? "")["public-routes"].allowed).toEqual([
    "GET /status",
    "GET /ping",
  ]);
  expect(problemsOf("example", "--public-route", "GET /orders")).toEqual([
    '--public-route  "GET /orders" is not an operation without "security" in the example. Remove it.',
  ]);
});

test("All wrong answers are reported at once, each with its flag, and nothing is written.", () => {
  writeFileSync(
    join(folder, "no-scheme.yaml"),
    "openapi: 3.0.3\ninfo: { title: T }\npaths: { /a: { get: {} } }\n",
  );
  const problems = problemsOf(
    ...[
      "Wrong_Name",
      "--domain",
      "https://Example.eu.auth0.com/",
      "--audience",
      " x",
      "--backend-url",
      "orders.example",
    ],
    ...[
      "--openapi",
      "no-scheme.yaml",
      "--region",
      "EU",
      "--stacks",
      "dev,a/b,Dev",
      "--ci",
      "jenkins",
      "--language",
      "go",
    ],
    ...["--owner", "platform", "--regoin", "--name", "--yes=1", "more"],
  );
  const places = problems.map((line) => line.split("  ")[0]);
  expect(places).toEqual([
    ...["--regoin", "--name", "--yes", "more"],
    ...[
      "--domain",
      "--audience",
      "--backend-url",
      "--region",
      "--ci",
      "--language",
      "--owner",
      "--stacks",
      "--stacks",
    ],
    ...["Wrong_Name", "--openapi no-scheme.yaml"],
  ]);
  expect(problems[0]).toBe('--regoin  is not an option. Did you mean "--region"?');
});

test.each([
  [["--name"], "--name  needs a value: --name <name>."],
  [["--name", "--yes"], "--name  needs a value: --name <name>."],
  [["--yes=1"], "--yes  takes no value. Leave it out."],
  [["-q"], "-q  is not an option. For all options: --help"],
  [["--upstream", "main"], "--upstream  has no effect without --from-fork. Remove it, or name the fork."],
  [["--leave-changes"], "--leave-changes  has no effect without --from-fork. Remove it, or name the fork."],
  [
    ["--adapt-security"],
    "--adapt-security  has no effect without --openapi. Remove it, or name the document.",
  ],
  [
    ["--from-fork", "elsewhere", "--region", "eu-west-1"],
    "--region  has no effect with --from-fork: the fork's own is kept. Remove it.",
  ],
  [
    ["--ci", "none", "--owner", "@a/b"],
    "--owner  has no effect with --ci none, which writes no CODEOWNERS. Remove it.",
  ],
])("The flags %p are refused.", (args, problem) => {
  expect(problemsOf("company", ...args)).toEqual([problem]);
});

test("Without a folder and a terminal, the command asks nothing, and ends.", () => {
  for (const args of [[], [""]])
    expect(problemsOf(...args)).toEqual([expect.stringMatching(/^FOLDER {2}is missing\./)]);
  expect(problemsOf("--from-fork", "elsewhere")).toEqual([expect.stringMatching(/^FOLDER {2}is missing\./)]);
});

test("A folder that has something is left as it is.", () => {
  mkdirSync(join(folder, "taken"));
  writeFileSync(join(folder, "taken/notes.md"), "mine");
  writeFileSync(join(folder, "file"), "mine");
  expect(problemsOf("taken")).toEqual(["taken  is not empty: it has notes.md. Name a new folder."]);
  expect(problemsOf("file")).toEqual(["file  is a file. Name a new folder."]);
  expect(problemsOf("missing/company")).toEqual([
    "missing/company  cannot be created, because missing doesn't exist. Create that first.",
  ]);
  expect(problemsOf("file/company")).toEqual(["file/company  cannot be created, because file is a file."]);
});

test("An empty folder, or a new clone, is filled.", () => {
  mkdirSync(join(folder, "clone/.git"), { recursive: true });
  writeFileSync(join(folder, "clone/.git/HEAD"), "ref: refs/heads/main\n");
  const run = runCreate(join(folder, "clone"), ".", "--no-install");
  expect(run).toMatchObject({ code: 0, errors: "" });
  const files = readFolder(join(folder, "clone"));
  expect(files).toHaveProperty([".git/HEAD"], "ref: refs/heads/main\n");
  expect(JSON.parse(files["package.json"] ?? "").name).toBe("clone");
});

test("The files of a folder that exists are staged in it, since it may be a volume of its own.", () => {
  const volume = join(folder, "volume");
  mkdirSync(volume);
  const staged = new StagedFolder(volume, new Map([["customers/acme.yaml", "a: 1\n"]]));
  expect(dirname(staged.staging)).toBe(volume);
  staged.moveIntoPlace();
  expect(readFolder(volume)).toEqual({ "customers/acme.yaml": "a: 1\n" });
});

test("The new folder has the permissions of any new folder, and nothing else is left beside it.", () => {
  const own = join(folder, "alone");
  mkdirSync(own);
  expect(runCreate(own, "company", "--no-install").code).toBe(0);
  expect(readdirSync(own)).toEqual(["company"]);
  expect(statSync(join(own, "company")).mode & 0o777).toBe(0o777 & ~process.umask());
});

test("--help and --version print to the standard output, and end with 0.", () => {
  const help = runCreate(folder, "--help");
  expect(help).toMatchObject({ code: 0, errors: "" });
  expect(help.output).toContain("npm create customers-as-code my-company -- --from-fork ../our-fork");
  expect(runCreate(folder, "--version")).toEqual({
    code: 0,
    errors: "",
    output: `${require("../package.json").version}\n`,
  });
});

test("docs/tutorial/getting-started.md lists every option, with its default.", () => {
  const page = readFileSync(join(__dirname, "../../../docs/tutorial/getting-started.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `--"));
  const documented = rows.flatMap((row) => {
    const [, names = "", , value = ""] = row.split("|");
    const shown = /`(.*)`/.exec(value)?.[1];
    return [...names.matchAll(/--[\w-]+/g)].map(([name]) => [name, shown]);
  });
  const { output } = runCreate(folder, "--help");
  const plain = output.replaceAll(/\n {10,}/g, " ");
  const options = [...plain.matchAll(/^ {2}(?:-\w, )?(--[\w-]+).*?(?:\(default: "(.*)"\))?$/gm)].map(
    ([, name, value]) => [name, value],
  );
  const own = options.filter(([name]) => name !== "--help" && name !== "--version");
  expect(own.length).toBeGreaterThan(10);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(own));
});

test("Options that npm has taken, because no -- precedes them, are refused instead of ignored.", () => {
  // As npm 11 hands them over: npm create customers-as-code taken --domain acme.auth0.com --backend-url=https://b.example
  const environment = { npm_config_domain: "true", npm_config_backend_url: "https://b.example" };
  expect(readFlags(["taken", "acme.auth0.com"], environment).problems).toEqual([
    {
      place: "--domain",
      message:
        'has gone to npm. Put "--" before the options: npm create customers-as-code my-company -- --domain <domain>',
    },
    {
      place: "--backend-url",
      message:
        'has gone to npm. Put "--" before the options: npm create customers-as-code my-company -- --backend-url <url>',
    },
  ]);
  // npm's own settings are no options of the command, and what follows -- is given.
  const own = { npm_config_yes: "true", npm_config_install: "", npm_config_domain: "b.auth0.com" };
  expect(readFlags(["given", "--domain", "acme.auth0.com"], own).problems).toEqual([]);
});

test("The next steps don't change to the folder in which the command runs.", () => {
  const here = emptyFolder();
  const { output } = runCreate(here, ".", "--name", "here", "--no-install");
  expect(output).toContain("explains:\n\n  npm install\n  npm start\n");
});
