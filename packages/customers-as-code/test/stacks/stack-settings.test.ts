// Pulumi.STACK.yaml as every command reads it, without the engine: strictly, with the place of each problem.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblem, type Problem } from "../../src/problems/problem";
import { readStack } from "../../src/stacks/stack-settings";

const folder = mkdtempSync(join(tmpdir(), "stack-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() =>
  writeFileSync(join(folder, "Pulumi.yaml"), "name: orders\nruntime: nodejs\nconfig:\n  ourOwn: {}\n"),
);

function read(text: string | Buffer) {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
  const problems: Problem[] = [];
  const settings = readStack("dev", problems, folder);
  return { settings, problems: problems.map(formatProblem) };
}

test("settings are the project's, with or without its name, as the engine hands them over; the provider's are not", () => {
  const { settings, problems } = read(
    [
      "config:",
      "  orders:audience: https://api.example.com/",
      "  tokenLifetime: 1_000",
      "  orders:config:shards: 010",
      "  auth0:domain: example.eu.auth0.com",
      "  auth0:audience: https://example.eu.auth0.com/api/v2/",
      "  orders:moesifApplicationId: {secure: v1:abc}",
      "  orders:ourOwn: x",
      "",
    ].join("\n"),
  );
  expect(problems).toEqual([]);
  expect(settings).toEqual({
    audience: "https://api.example.com/",
    tokenLifetime: "1000",
    shards: "8",
    domain: "example.eu.auth0.com",
    ourOwn: "x",
  });
});

test.each([
  [
    "confg: {}",
    'Pulumi.dev.yaml:1:1  "confg" is not a key that Pulumi reads. Did you mean "config"? Settings belong under "config".',
  ],
  [
    "config: {}\nprotect: false",
    /^Pulumi\.dev\.yaml:2:1 {2}"protect" is not a key that Pulumi reads\. Known: "config", /,
  ],
  ["- a", /^Pulumi\.dev\.yaml:1:1 {2}must hold a map with the keys config, environment, /],
  ["config: [a]", "Pulumi.dev.yaml:1:9  config: must be a map of settings. Write one per line."],
  [
    "config:\n  protect: true\n  orders:protect: false",
    'Pulumi.dev.yaml:3:3  config: "orders:protect" is the same setting as "protect". Remove one.',
  ],
  [
    "config:\n  a:b:c: 1",
    'Pulumi.dev.yaml:2:3  config: "a:b:c" is not a key. Write it as NAME or NAMESPACE:NAME.',
  ],
  [
    "config:\n  orders:protect: .inf",
    'Pulumi.dev.yaml:2:3  config: "orders:protect" has a value that Pulumi cannot read as a number. Put it in quotes.',
  ],
  ["config:\n  protct: true", /^Pulumi\.dev\.yaml:2:3 {2}protct is not a setting\. Did you mean "protect"\?/],
  ["config:\n  customers-as-code:protect: true", /^$/],
  [
    "config:\n  auth0:clientSecret: abc",
    /^Pulumi\.dev\.yaml:2:3 {2}auth0:clientSecret is a secret, but is not encrypted\./,
  ],
  ["config:\n  orders:removalLimit: 200%", /^Pulumi\.dev\.yaml:2:3 {2}removalLimit must be at most/],
  [
    "config:\n  a: 1\n---\nconfig: {}",
    "Pulumi.dev.yaml:3:1  begins a second YAML document. Remove this line, or move what follows it into a file of its own.",
  ],
  [
    "config:\n  protect: !!binary aGVsbG8=",
    /^Pulumi\.dev\.yaml:2:\d+ {2}has the tag !!binary, which is not read\. Remove it\.$/,
  ],
  [
    "config:\n<<<<<<< ours\n  protect: true\n=======\n  protect: false\n>>>>>>> theirs",
    "Pulumi.dev.yaml:2:1  has an unresolved merge conflict. Keep the lines that you want, and delete the markers <<<<<<<, ======= and >>>>>>>.",
  ],
  [
    "config:\n  protect: true\n  protect: false",
    "Pulumi.dev.yaml:3:3  is not valid YAML: Map keys must be unique",
  ],
  [
    Buffer.from("config: {}\n# caf\u00e9", "latin1"),
    "Pulumi.dev.yaml:2:1  is not valid UTF-8. Save it as UTF-8.",
  ],
  [Buffer.from("\ufeffconfig: {}", "utf16le"), "Pulumi.dev.yaml:1:1  is UTF-16. Save it as UTF-8."],
])("refuses %j", (text, problem) => {
  const { problems } = read(text);
  if (problem instanceof RegExp) expect(problems.join("\n")).toMatch(problem);
  else expect(problems).toEqual([problem]);
});

test("a file with another ending is not read", () => {
  writeFileSync(join(folder, "Pulumi.prod.yml"), "config: {}\n");
  const problems: Problem[] = [];
  readStack("prod", problems, folder);
  expect(problems.map(formatProblem)).toEqual([
    "Pulumi.prod.yaml  does not exist, and Pulumi does not read Pulumi.prod.yml. Rename that to Pulumi.prod.yaml.",
  ]);
});

test.each([
  [
    "Pulumi.json",
    "Pulumi.json  hides Pulumi.yaml: Pulumi reads it instead, and no longer reads Pulumi.prod.yaml. Remove it.",
  ],
  [
    "Pulumi.prod.yml",
    "Pulumi.prod.yml  is not read: the stack's settings are in Pulumi.prod.yaml. Move its settings there, and remove it.",
  ],
])("beside what the CLI reads, %s is refused", (name, problem) => {
  for (const file of ["Pulumi.prod.yaml", name]) writeFileSync(join(folder, file), "{}\n");
  const problems: Problem[] = [];
  readStack("prod", problems, folder);
  rmSync(join(folder, name));
  expect(problems.map(formatProblem)).toContain(problem);
});
