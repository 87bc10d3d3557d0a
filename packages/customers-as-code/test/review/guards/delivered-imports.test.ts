// An import and a delivery together: whoever writes both gets the secret of a client that was somebody else's.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkPullRequest } from "../../../src/review/guards/check-pull-request";
import {
  checkDeliveredImports,
  deliveredImports,
  type FileVersions,
} from "../../../src/review/guards/delivered-imports";
import { parseOwners } from "../../../src/review/guards/owners";

const importsOf = (...customers: [id: string, client: string][]) =>
  JSON.stringify({
    "example.eu.auth0.com": {
      customers: Object.fromEntries(
        customers.map(([id, client]) => [
          id,
          { organization: { id: `org_${id}`, keeps: [] }, clients: { ci: { id: client, keeps: [] } } },
        ]),
      ),
    },
  });
const file = (delivery?: string) =>
  `displayName: Mallory\nclients: {ci: {scopes: [a]}}\n${delivery === undefined ? "" : `delivery: {awsAccountId: "${delivery}"}\n`}`;
const [one, two] = ["111111111111", "222222222222"];
const none = undefined;

interface Versions {
  base: string | undefined;
  head: string | undefined;
}
const versions = ({ base, head }: Versions): FileVersions => ({ base: () => base, head });
const rows: [what: string, imports: Versions, file: Versions, accounts: string[]][] = [
  [
    "a new import and a first delivery",
    { base: none, head: importsOf(["m", "a"]) },
    { base: none, head: file(one) },
    [one],
  ],
  [
    "an import of another client",
    { base: importsOf(["m", "a"]), head: importsOf(["m", "b"]) },
    { base: file(one), head: file(one) },
    [one],
  ],
  [
    "a first import of whom delivery serves already",
    { base: none, head: importsOf(["m", "a"]) },
    { base: file(one), head: file(one) },
    [one],
  ],
  [
    "a first delivery to whom is being imported",
    { base: importsOf(["m", "a"]), head: importsOf(["m", "a"]) },
    { base: file(), head: file(one) },
    [one],
  ],
  [
    "another account of whom is being imported",
    { base: importsOf(["m", "a"]), head: importsOf(["m", "a"]) },
    { base: file(one), head: file(two) },
    [two],
  ],
  [
    "a delivery in one stack",
    { base: none, head: importsOf(["m", "a"]) },
    { base: none, head: `${file()}stacks: {prod: {delivery: {awsAccountId: "${one}"}}}\n` },
    [one],
  ],
  ["an import alone", { base: none, head: importsOf(["m", "a"]) }, { base: none, head: file() }, []],
  ["a delivery alone", { base: none, head: none }, { base: file(), head: file(one) }, []],
  [
    "a delivery of another customer",
    { base: none, head: importsOf(["other", "a"]) },
    { base: none, head: none },
    [],
  ],
  [
    "what stays as it is",
    { base: importsOf(["m", "a"]), head: importsOf(["m", "a"]) },
    { base: file(one), head: file(one) },
    [],
  ],
  ["files that cannot be read", { base: none, head: "{" }, { base: none, head: "a: [" }, []],
];

test.each(rows)("%s is seen as it is", (_, imports, customer, accounts) => {
  const found = deliveredImports(versions(imports), () => ({ name: "m.yaml", ...versions(customer) }));
  expect(found.flatMap((one) => one.accounts)).toEqual(accounts);
});

describe("is refused", () => {
  const rules = parseOwners("/customers/imports.json @jane\n/customers/mallory.yaml @mallory @joe\n");
  const check = (author: string, approvedBy: string[], owners = rules) =>
    checkDeliveredImports(
      [{ customer: "mallory", file: "mallory.yaml", accounts: [one] }],
      owners,
      { author, approvedBy, teams: {} },
      "customers",
    ).map(({ guard, message }) => `${guard}: ${message}`);
  const refused = [
    "imports with delivery: customers/imports.json imports mallory, whose secrets go to the AWS account 111111111111: its author would get the secrets of clients that exist. Have an owner of each file approve, at least one of them not the author: @jane (customers/imports.json) and @mallory, @joe (customers/mallory.yaml). Then run the preview again.",
  ];

  it("without an owner of each file", () => {
    expect(check("mallory", [])).toEqual(refused);
    expect(check("eve", ["jane"])).toEqual(refused);
    expect(check("eve", ["joe"])).toEqual(refused);
    expect(check("mallory", ["jane"])).toEqual([]);
    expect(check("eve", ["jane", "joe"])).toEqual([]);
  });

  it("if the author alone owns both", () => {
    const own = parseOwners("* @mallory @jane");
    expect(check("mallory", [], own)).toHaveLength(1);
    expect(check("mallory", ["eve"], own)).toHaveLength(1);
    expect(check("mallory", ["jane"], own)).toEqual([]);
  });

  it("if nobody owns one of them, with the way to split it", () => {
    expect(check("mallory", ["jane"], parseOwners("/customers/imports.json @jane"))).toEqual([
      "imports with delivery: customers/imports.json imports mallory, whose secrets go to the AWS account 111111111111: its author would get the secrets of clients that exist. CODEOWNERS gives customers/mallory.yaml to nobody. Split it: import and deploy first, delete the lines of customers/imports.json, and add the delivery by another pull request.",
    ]);
  });
});

describe("in a repository", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
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
  const check = (more: Record<string, string> = {}) =>
    checkPullRequest({ PR_AUTHOR: "mallory", ...more }, folder).refusals.filter(
      ({ guard }) => guard === "imports with delivery",
    );

  beforeAll(() => {
    git("init", "--quiet");
    write(
      "CODEOWNERS",
      "/customers/imports.json @jane\n/customers/ @mallory\n/customers/imports.json @jane\n",
    );
    write("customers/acme.yaml", file());
    commit();
    write("CODEOWNERS", "* @mallory\n");
    write("customers/imports.json", importsOf(["mallory", "a"]));
    write("customers/mallory.yml", file(one));
    commit();
  });

  it("the files of the pull request count, and the owners of its base", () => {
    expect(check().map(({ message }) => message)).toEqual([
      expect.stringContaining("@jane (customers/imports.json) and @mallory (customers/mallory.yml)"),
    ]);
    expect(check({ PR_APPROVED_BY: "jane" })).toEqual([]);
    expect(check({ PR_AUTHOR: "" })).toEqual([]);
  });

  it("a link instead of import data or of an imported customer's file is refused, and not followed", () => {
    const link = (path: string, target: string) => {
      rmSync(join(folder, path));
      symlinkSync(target, join(folder, path));
      commit();
      return check({ PR_APPROVED_BY: "jane" }).map(({ message }) => message);
    };
    const isLink = "is a symbolic link. Replace it with what it leads to.";
    expect(link("customers/mallory.yml", "acme.yaml")).toEqual([`customers/mallory.yml  ${isLink}`]);
    write("customers/notes.md", importsOf(["mallory", "a"]));
    expect(link("customers/imports.json", "notes.md")).toEqual([`customers/imports.json  ${isLink}`]);
  });
});
