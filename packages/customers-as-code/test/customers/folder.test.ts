// What is read of the folder of customer files: everything in it is a customer's file, belongs beside them, or is refused.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCustomers } from "../../src/customers/load-customers";
import { formatProblem } from "../../src/problems/problem";

let root: string;
let folder: string;
const acme = "displayName: Acme\nclients: { default: { scopes: [read] } }\n";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "folder-"));
  folder = join(root, "customers");
  mkdirSync(folder);
  writeFileSync(join(folder, "acme.yaml"), acme);
});
afterEach(() => rmSync(root, { recursive: true }));

const path = (name: string) => join(folder, name);
function load(at = folder) {
  const { customers, problems } = loadCustomers(at, ["read"]);
  const told = problems.map(formatProblem).map((line) => line.replaceAll(`${at}/`, ""));
  return { ids: customers.map(({ id }) => id), problems: told };
}

const copy =
  "is not read, because it does not end with .yaml. It looks like a copy of a customer file: remove it, or rename it.";
const other =
  "is not read, because it does not end with .yaml. Rename it if it is a customer's, or move it out of the folder.";

test.each([
  ["globex.YAML", "is not read, because its ending is not in lower case. Rename it to globex.yaml."],
  ["globex.Yml", "is not read, because its ending is not in lower case. Rename it to globex.yml."],
  ...["acme.yaml.bak", "acme.yaml~", "acme.yaml.orig", "acme.yaml.swp", ".acme.yaml.swp", "#acme.yaml#"].map(
    (name) => [name, copy],
  ),
  ...["acme.yaml.txt", "acme.yml.old", "acme.yaml.1234", "acme.YAML.bak", "acme.yaml "].map((name) => [
    name,
    copy,
  ]),
  ...["globex", "globex.json", "globex.txt", "globex.yalm", "globex.toml", ".env", "notes"].map((name) => [
    name,
    other,
  ]),
  [".globex.yaml", "is a hidden file, which no customer can have. Rename it, or remove it."],
  [".yaml", "is a hidden file, which no customer can have. Rename it, or remove it."],
])("a file named %j is refused", (name, problem) => {
  writeFileSync(path(name), acme.replace("Acme", "Globex"));
  expect(load()).toEqual({ ids: ["acme"], problems: [`${name}  ${problem}`] });
});

test("what belongs beside customers stays unnoticed", () => {
  const names = [
    "README.md",
    ".gitkeep",
    "CODEOWNERS",
    "schema.json",
    "imports.json",
    ".git",
    "load.ts",
    "data.test.js",
  ];
  for (const name of [...names, ".acme.yaml.123.unfinished"]) writeFileSync(path(name), "x");
  expect(load()).toEqual({ ids: ["acme"], problems: [] });
});

test("folders are refused, whatever is in them", () => {
  mkdirSync(path("eu"));
  mkdirSync(path("globex.yaml"));
  writeFileSync(path("eu/initech.yaml"), acme);
  expect(load()).toEqual({
    ids: ["acme"],
    problems: [
      "eu  is a folder, and files in folders are not read. Move the customer files in it up, and any other out.",
      "globex.yaml  is a folder with the name of a customer file. Move what is in it, and remove the folder.",
    ],
  });
});

test("links may not lead out of the folder, or nowhere; the folder itself may be one", () => {
  writeFileSync(join(root, "secret.yaml"), "password: abc\n");
  symlinkSync("../secret.yaml", path("globex.yaml"));
  symlinkSync("/etc/hostname", path("hooli.yaml"));
  symlinkSync("missing", path("initech.yaml"));
  symlinkSync("loop.yaml", path("loop.yaml"));
  symlinkSync("..", path("up"));
  const outside = "is a link to a file outside of the folder. Replace the link with the file.";
  const nowhere = (code: string) =>
    `is a link that leads nowhere (${code}). Replace it with a file, or remove it.`;
  expect(load()).toEqual({
    ids: ["acme"],
    problems: [
      `globex.yaml  ${outside}`,
      `hooli.yaml  ${outside}`,
      `initech.yaml  ${nowhere("ENOENT")}`,
      `loop.yaml  ${nowhere("ELOOP")}`,
      `up  ${outside}`,
    ],
  });
  for (const name of ["globex", "hooli", "initech", "loop"]) rmSync(path(`${name}.yaml`));
  rmSync(path("up"));
  symlinkSync(folder, join(root, "linked"));
  expect(load(join(root, "linked"))).toEqual({ ids: ["acme"], problems: [] });
});

describe("what cannot be read as a file", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it("is refused without being opened: a pipe, a socket", async () => {
    execFileSync("mkfifo", [path("globex.yaml")]);
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(path("hooli.yaml"), resolve));
    expect(load().problems).toEqual([
      "globex.yaml  is not a regular file. Replace it with one.",
      "hooli.yaml  is not a regular file. Replace it with one.",
    ]);
  });
});

test.each<[content: string | Buffer, problem: string]>([
  [Buffer.from("displayName: Caf\u00e9\n", "latin1"), "1:1  is not valid UTF-8. Save it as UTF-8."],
  [
    Buffer.concat([Buffer.from("a: 1\nb: "), Buffer.from([0xc3, 0x28])]),
    "2:1  is not valid UTF-8. Save it as UTF-8.",
  ],
  [Buffer.from(`\ufeff${acme}`, "utf16le"), "1:1  is UTF-16. Save it as UTF-8."],
  [
    `\ufeff${acme.replace("Acme", "Globex")}`,
    "1:1  begins with a byte order mark. Save the file as UTF-8 without one.",
  ],
  [`${"# comment\n".repeat(110_000)}`, "  has 1100000 bytes, and at most 1048576 are read. Make it smaller."],
  ["", "1:1  the file must hold a map with the keys "],
  [
    `${acme.replace("Acme", "Globex")}---\n${acme}`,
    "3:1  begins a second YAML document. Remove this line, or move what follows it into a file of its own.",
  ],
  [
    "<<<<<<< HEAD\ndisplayName: A\n=======\ndisplayName: B\n>>>>>>> x\n",
    "1:1  has an unresolved merge conflict. Keep the lines that you want, and delete the markers <<<<<<<, ======= and >>>>>>>.",
  ],
  ["displayName: !!js/function x\n", "has the tag !!js/function, which is not read. Remove it."],
  ["displayName: !!binary aGVsbG8=\n", "has the tag !!binary, which is not read. Remove it."],
  ["displayName: !name Acme\n", "has the tag !name, which is not read. Remove it."],
  ["displayName: A\u202eb\n", "1:15  has the invisible character U+202E. Remove it."],
  ["displayName: A\u200bb\n", "1:15  has the invisible character U+200B. Remove it."],
  ["displayName: A # note\u2066 x\n", "1:22  has the invisible character U+2066. Remove it."],
  ["displayName: A\u0007b\n", "1:15  has the invisible character U+0007. Remove it."],
  ["displayName: A\u3164b\n", "1:15  has the invisible character U+3164. Remove it."],
  ["displayName: A\u{e0041}b\n", "1:15  has the invisible character U+E0041. Remove it."],
  [
    'displayName: "A\\u202eb"\n',
    "1:14  displayName: contains the invisible character U+202E. Type it again without it.",
  ],
  [
    'displayName: "A\\tb"\n',
    "1:14  displayName: contains the invisible character U+0009, a tab. Type it again without it.",
  ],
  [
    "displayName: |\n  A\n  b\n",
    "displayName: contains the invisible character U+000A, a line break. Type it again without it.",
  ],
  [
    'metadata: {"a\\u200b": x}\n',
    "metadata.a key: contains the invisible character U+200B. Type it again without it.",
  ],
  ['displayName: " "\n', "1:14  displayName: must not be blank, or begin or end with a space"],
  ['displayName: "Acme "\n', "1:14  displayName: must not be blank, or begin or end with a space"],
  ['displayName: "\\u00a0"\n', "1:14  displayName: must not be blank, or begin or end with a space"],
  ['metadata: { a: " b" }\n', "metadata.a: must not be blank, or begin or end with a space"],
])("a file with %j is refused", (content, problem) => {
  writeFileSync(path("globex.yaml"), content);
  const { problems } = load();
  expect(problems.map((line) => line.replace("globex.yaml", ""))).toContainEqual(
    expect.stringContaining(problem),
  );
});

test("a public key has lines", () => {
  writeFileSync(
    path("globex.yaml"),
    'displayName: Globex\nclients: { a: { scopes: [read], authentication: private_key_jwt, publicKey: "a\\nb" } }\n',
  );
  expect(load().problems.join()).not.toContain("invisible");
});

test.each(["Acme", "ACME", " acme", "\uff21cme", "Acme\u00a0"])(
  "a display name that another customer has is refused: %j",
  (name) => {
    writeFileSync(
      path("globex.yaml"),
      `displayName: ${JSON.stringify(name)}\nclients: { a: { scopes: [read] } }\n`,
    );
    expect(load().problems).toContain(
      `globex.yaml:1:14  displayName: "${name}" is also the name at acme.yaml:1:14; case and spaces make no difference. Give one of them another name.`.replace(
        "at acme",
        `at ${folder}/acme`.replace(`${folder}/`, ""),
      ),
    );
  },
);

test("two customers with different names of equal letters are two", () => {
  writeFileSync(path("globex.yaml"), acme.replace("Acme", "Acme 2"));
  expect(load()).toEqual({ ids: ["acme", "globex"], problems: [] });
});
