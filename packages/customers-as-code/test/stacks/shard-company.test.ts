// Which shards a change concerns, in a repository of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { shardStack, shardStacks, stackOf } from "../../src/customers/shard-placement";
import { concernedShards, readCompany } from "../../src/stacks/shard-company";

const to = { main: "example/prod", shards: 8 };
const root = mkdtempSync(join(tmpdir(), "shard-company-"));
// As in a repository that has more than this project.
const project = join(root, "customers-as-code");
afterAll(() => rmSync(root, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: root });
function write(file: string, text: string) {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
}
const customer = (id: string, more = "") =>
  write(`customers/${id}.yaml`, `displayName: ${id}\n${more}clients: { a: { scopes: [b] } }\n`);
const settings = (file: string, shards: number) =>
  write(file, `config:\n  customers-as-code:shards: ${shards}\n`);

beforeAll(() => {
  settings("Pulumi.prod.yaml", 8);
  for (const id of ["acme", "globex", "renamed"])
    customer(id, id === "renamed" ? "previously: initech\n" : "");
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "first");
});
afterEach(() => {
  git("clean", "--quiet", "--force", "-d");
  git("reset", "--quiet", "--hard");
});

const concerned = () => {
  git("add", "--all");
  return concernedShards(readCompany(to.main, project), "HEAD");
};
const homes = (...ids: string[]) => {
  const names = new Set(ids.map((id) => stackOf({ id }, to)));
  return shardStacks(to).filter((name) => names.has(name));
};

test("nothing, where nothing is another", () => {
  expect(concerned()).toEqual([]);
});

test("a customer that is new, another or gone: its shard alone, with the organization of the main stack's name", () => {
  customer("new");
  expect(concerned()).toEqual(homes("new"));
  customer("acme", "status: suspended\n");
  expect(concerned()).toEqual(homes("new", "acme"));
  rmSync(join(project, "customers/globex.yaml"));
  expect(concerned()).toEqual(homes("new", "acme", "globex"));
  expect(homes("acme")[0]).toMatch(/^example\/prod-shard-[1-8]$/);
});

test("a customer with a new id: the shard in which it stays; and without its old one, both", () => {
  rmSync(join(project, "customers/acme.yaml"));
  customer("acme-two", "previously: acme\n");
  expect(concerned()).toEqual(homes("acme"));
  git("reset", "--quiet", "--hard");
  expect(homes("initech", "renamed")).toHaveLength(2);
  customer("renamed");
  expect(concerned()).toEqual(homes("initech", "renamed"));
});

test.each(["index.ts", "docs/helper.ts", "openapi.yaml", "customers/imports.json", "Pulumi.prod.yaml"])(
  "%s concerns all of them",
  (file) => {
    if (file === "Pulumi.prod.yaml") settings(file, 3);
    else write(file, "1");
    const { shards } = readCompany(to.main, project);
    expect(concerned()).toEqual(Array.from({ length: shards }, (_, n) => shardStack(to.main, n + 1)));
  },
);

test.each(["README.md", "docs/x.png", "Pulumi.dev.yaml"])("%s concerns none", (file) => {
  write(file, "config: {}\n");
  expect(concerned()).toEqual([]);
});

test("a stack that is not split has no shards", () => {
  settings("Pulumi.prod.yaml", 1);
  customer("new");
  expect(concerned()).toEqual([]);
});

test("what is wrong with the settings is reported at once", () => {
  settings("Pulumi.prod.yaml", 0);
  expect(() => readCompany(to.main, project)).toThrow(
    "Pulumi.prod.yaml  shards must be a whole number from 1.",
  );
  expect(() => readCompany("example/other", project)).toThrow("Pulumi.other.yaml  does not exist.");
});
