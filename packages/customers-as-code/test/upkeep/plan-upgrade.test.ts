// What an upgrade does to the files of a company: by a table of the test for every kind of change, and by the product's own table.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { type AnyMigration, migrations } from "../../src/upkeep/migrations";
import { planUpgrade } from "../../src/upkeep/plan-upgrade";
import { writeUpgrade } from "../../src/upkeep/write-upgrade";

const folder = mkdtempSync(join(tmpdir(), "plan-upgrade-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** @param files by their paths @returns the folder */
function company(files: Record<string, string>): string {
  const root = join(folder, String(count++));
  for (const [path, text] of Object.entries({ "Pulumi.yaml": "name: shop\n", ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const why = "It is clearer.";
const version = "9.1.0";
const table: readonly AnyMigration[] = [
  {
    kind: "key renamed",
    version,
    file: "settings",
    from: ["cacheSeconds"],
    to: "authorizerCacheSeconds",
    why,
  },
  { kind: "key renamed", version, file: "settings", from: ["portal", "domain"], to: "domainName", why },
  { kind: "key renamed", version, file: "settings", from: ["apiKey"], to: "stripeApiKey", why },
  { kind: "key renamed", version, file: "customers", from: ["clients", "*", "rights"], to: "scopes", why },
  { kind: "key renamed", version, file: "customers", from: ["title"], to: "displayName", why },
  { kind: "key renamed", version, file: "imports", from: ["*", "clients"], to: "customers", why },
  { kind: "key renamed", version, file: "policy", from: ["public-routes", "routes"], to: "allowed", why },
];

/** What the plan writes, by path within the company. */
function writtenBy(root: string, rows = table): Record<string, string> {
  const { files, problems } = planUpgrade(root, rows);
  expect(problems).toEqual([]);
  return Object.fromEntries(files.map(({ path, text }) => [path.slice(root.length + 1), text]));
}

test("renames settings in each spelling, and keeps what is encrypted", () => {
  const text = `config:
  # how long
  cacheSeconds: "60"   # a minute
  shop:portal:
    domain: portal.example.com
    title: domain
  shop:config:apiKey:
    secure: v1:abc:def==
  other:cacheSeconds: 5
secretsprovider: awskms://alias/x
`;
  expect(writtenBy(company({ "Pulumi.dev.yaml": text }))).toEqual({
    "Pulumi.dev.yaml": text
      .replace('cacheSeconds: "60"', 'authorizerCacheSeconds: "60"')
      .replace("    domain:", "    domainName:")
      .replace("config:apiKey", "config:stripeApiKey"),
  });
});

test("refuses a setting that has the old and the new name, whatever their spellings", () => {
  const text = "config:\n  shop:cacheSeconds: 1\n  authorizerCacheSeconds: 2\n";
  const { files, problems } = planUpgrade(company({ "Pulumi.dev.yaml": text }), table);
  expect(files).toEqual([]);
  expect(problems).toMatchObject([{ code: "upgrade-key-twice", line: 2, column: 3 }]);
});

test("renames keys of customer files, also in what they say of one stack, and in the folder that a stack names", () => {
  const text = `title: Acme # as they write it
clients:
  default: {rights: [read:orders]}
  title: {rights: []}
stacks:
  prod:
    title: Acme Inc.
    clients:
      default:
        rights: [] # title
`;
  const root = company({
    "Pulumi.dev.yaml": "config:\n  shop:customers: data/people\n",
    "data/people/acme.yaml": text,
    "data/people/README.md": "title: no customer\n",
    "customers/other.yaml": "title: not read\n",
  });
  const upgraded = text
    .replaceAll("rights:", "scopes:")
    .replace("title: Acme #", "displayName: Acme #")
    .replace("    title: Acme Inc.", "    displayName: Acme Inc.");
  expect(writtenBy(root)).toEqual({ "data/people/acme.yaml": upgraded });
});

test("renames keys of JSON files, with their formatting", () => {
  const imports = '{\n    "example.eu.auth0.com": { "clients": {"acme": {"id": "org_1"}} }\n}\n';
  const policy = '{ "public-routes": {\t"routes":["GET /health"] } }';
  const root = company({ "customers/imports.json": imports, "policy/dev.json": policy });
  expect(writtenBy(root)).toEqual({
    "customers/imports.json": imports.replace('"clients"', '"customers"'),
    "policy/dev.json": policy.replace('"routes"', '"allowed"'),
  });
});

test("a key that two versions rename gets its last name", () => {
  const twice: AnyMigration[] = [
    { kind: "key renamed", version: "9.1.0", file: "customers", from: ["a"], to: "b", why },
    { kind: "key renamed", version: "9.2.0", file: "customers", from: ["b"], to: "c", why },
  ];
  const root = company({ "customers/acme.yaml": "x: 0\na: 1\n" });
  expect(writtenBy(root, twice)).toEqual({ "customers/acme.yaml": "x: 0\nc: 1\n" });
  expect(
    planUpgrade(root, twice).changes.map(({ version, line, column }) => [version, line, column]),
  ).toEqual([
    ["9.1.0", 2, 1],
    ["9.2.0", 2, 1],
  ]);
});

test("reports every file that can't be read, and would write none", () => {
  const root = company({
    "Pulumi.dev.yaml": "config:\n  cacheSeconds: 1\n  cacheSeconds: 2\n",
    "Pulumi.prod.yaml": "config: {cacheSeconds: 60}\n",
    "customers/acme.yaml": "title: [\n",
    "customers/copy.yaml.bak": "title: Copy\n",
    "customers/imports.json": "{",
    "policy/config/dev.json": "\u0000",
  });
  writeFileSync(join(root, "policy/config/prod.json"), Buffer.from([0xff, 0xfe]));
  const { files, changes, problems } = planUpgrade(root, table);
  expect({ files, changes }).toEqual({ files: [], changes: [] });
  expect(problems.map(({ file, code }) => [file.slice(root.length + 1), code])).toEqual(
    expect.arrayContaining([
      ["Pulumi.dev.yaml", "yaml-invalid"],
      ["customers/acme.yaml", "yaml-invalid"],
      ["customers/copy.yaml.bak", "customer-file-ignored"],
      ["customers/imports.json", "yaml-invalid"],
      ["policy/config/prod.json", "file-not-utf8"],
    ]),
  );
});

test("says where to run it if there is no Pulumi.yaml", () => {
  const root = join(folder, "empty");
  mkdirSync(root);
  expect(planUpgrade(root).filesRead).toBe(1);
  expect(planUpgrade(root).problems).toMatchObject([
    { file: join(root, "Pulumi.yaml"), code: "file-unreadable" },
  ]);
});

describe("0.2.0", () => {
  const start = (args: string) =>
    `name: shop\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: ${args}\n`;

  it.each([
    ["--require customers-as-code/start-up.cjs", "--import customers-as-code/start-up"],
    ["-r customers-as-code/start-up.cjs # fast", "--import customers-as-code/start-up # fast"],
    ['"--require=customers-as-code/start-up.cjs"', '"--import customers-as-code/start-up"'],
    [
      "'--max-old-space-size=4096 --require customers-as-code/start-up.cjs --trace-warnings'",
      "'--max-old-space-size=4096 --import customers-as-code/start-up --trace-warnings'",
    ],
  ])("starts the program without a loader: %s", (args, expected) => {
    const root = company({ "Pulumi.yaml": start(args) });
    expect(writtenBy(root, migrations)).toEqual({ "Pulumi.yaml": start(expected) });
  });

  it("asks a person to change arguments that are written over several lines", () => {
    const root = company({
      "Pulumi.yaml": start(">-\n      --require\n      customers-as-code/start-up.cjs"),
    });
    const { problems, files } = planUpgrade(root);
    // The value is one line, and so the whole of it can be found: its lines stay.
    expect(problems).toEqual([]);
    expect(parse(files[0]?.text ?? "").runtime.options.nodeargs).toBe("--import customers-as-code/start-up");
    const escaped = company({ "Pulumi.yaml": start('"--require\\x20customers-as-code/start-up.cjs"') });
    expect(planUpgrade(escaped).problems).toMatchObject([{ code: "upgrade-by-hand", line: 6, column: 15 }]);
  });

  it("moves the policy pack's settings, and keeps what else is in their folder", () => {
    const root = company({
      "policy/config/dev.json": '{"all": "mandatory"}\n',
      "policy/config/prod.json": "{}",
      "policy/config/README.md": "Ours.",
    });
    writeUpgrade(planUpgrade(root).files);
    expect(readFileSync(join(root, "policy/dev.json"), "utf8")).toBe('{"all": "mandatory"}\n');
    expect(readFileSync(join(root, "policy/prod.json"), "utf8")).toBe("{}");
    expect(readFileSync(join(root, "policy/config/README.md"), "utf8")).toBe("Ours.");
    expect(planUpgrade(root)).toMatchObject({ files: [], changes: [] });
  });

  it("refuses to replace settings that are in the new place", () => {
    const settings = { "policy/config/dev.json": "{}", "policy/dev.json": '{"all": "disabled"}' };
    const { files, problems } = planUpgrade(company(settings));
    expect(files).toEqual([]);
    expect(problems).toMatchObject([{ code: "upgrade-target-exists" }]);
    const same = company({ ...settings, "policy/dev.json": "{}" });
    writeUpgrade(planUpgrade(same).files);
    expect(() => readFileSync(join(same, "policy/config/dev.json"))).toThrow("ENOENT");
  });

  const declared = `name: shop
config:
  # ours
  tokenLifetime:
    type: integer
    default: 3600
  # Secrets have no type.
  stripeApiKey:
    secret: true
    default: ""
  shop:plans:
    default: {}

  portalScopes: {type: array, default: []}
  # the company's own
  slackChannel:
    type: string
    default: ""
  audience:
    value: https://api.example.com/
  aws:region: eu-central-1
# end
`;

  it("drops declarations that repeat defaults, and keeps those that say more", () => {
    const root = company({ "Pulumi.yaml": declared });
    expect(writtenBy(root, migrations)["Pulumi.yaml"]).toBe(`name: shop
config:
  # ours
  tokenLifetime:
    type: integer
    default: 3600

  # the company's own
  slackChannel:
    type: string
    default: ""
  audience:
    value: https://api.example.com/
  aws:region: eu-central-1
# end
`);
    expect(planUpgrade(root).changes.map(({ line, column }) => [line, column])).toEqual([
      [8, 3],
      [11, 3],
      [14, 3],
    ]);
  });

  it("drops the block if nothing is left of it", () => {
    const block = "config:\n  # how long\n  tokenLifetime:\n    default: 86400\n";
    const root = company({ "Pulumi.yaml": `name: shop\n# settings\n${block}main: index.ts\n` });
    expect(writtenBy(root, migrations)).toEqual({ "Pulumi.yaml": "name: shop\nmain: index.ts\n" });
  });

  it("names lines of other files that mention what has gone", () => {
    const root = company({
      ".github/CODEOWNERS": "* @us\n/policy/config/ @platform\n",
      ".github/workflows/ci.yml": "jobs: {}\n# node --require customers-as-code/start-up.cjs x.ts\n",
      "package.json": "{}",
      "index.ts": "export = declareProgram(async () => {});\n",
    });
    const { notes, changes } = planUpgrade(root);
    expect(changes).toEqual([]);
    expect(notes.map(({ file, line, column }) => [file.slice(root.length + 1), line, column])).toEqual([
      [".github/CODEOWNERS", 2, 2],
      ["index.ts", 1, 1],
      [".github/workflows/ci.yml", 2, 36],
    ]);
  });

  it("upgrades a company of version 0.1.0, which then has nothing left to change", () => {
    const root = join(folder, "fork");
    mkdirSync(root);
    cpSync("test/compatibility/forks/0.1.0", root, { recursive: true });
    const data = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
    writeUpgrade(planUpgrade(root).files);
    const { config: _, ...rest } = data;
    const { runtime } = rest;
    const options = { ...runtime.options, nodeargs: "--import customers-as-code/start-up" };
    expect(parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"))).toEqual({
      ...rest,
      runtime: { ...runtime, options },
    });
    expect(planUpgrade(root)).toMatchObject({ files: [], changes: [], problems: [] });
  });
});

test("rows are in the order of versions, and none has a version that isn't released or next", () => {
  const { version: next }: { version: string } = JSON.parse(
    readFileSync("packages/customers-as-code/package.json", "utf8"),
  );
  const versions = migrations.map((row) => row.version);
  const inOrder = [...versions].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  expect(versions).toEqual(inOrder);
  expect(versions.filter((one) => one.localeCompare(next, "en", { numeric: true }) > 0)).toEqual([]);
});
