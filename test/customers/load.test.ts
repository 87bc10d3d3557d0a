import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { loadCustomers, parseCustomers } from "../../customers/load";
import { formatProblems } from "../../diagnostics/problem";

const scopes = ["read:orders", "write:orders", "read:invoices"];

/** The problems as a user sees them, for files by name. */
function problemsOf(files: Record<string, string>): string[] {
  const named = Object.entries(files).map(([name, text]) => ({ name, text }));
  const { problems } = parseCustomers("customers", named, scopes);
  return problems.length === 0 ? [] : formatProblems(problems, named.length).split("\n").slice(0, -1);
}

const acme = `displayName: Acme Corporation
clients:
  default:
    scopes: [read:orders]
`;

describe("a customer file", () => {
  it("becomes a customer, with defaults filled in", () => {
    const { customers, problems } = parseCustomers("customers", [{ name: "acme.yaml", text: acme }], scopes);
    expect(problems).toEqual([]);
    expect(customers).toEqual([
      {
        id: "acme",
        displayName: "Acme Corporation",
        organization: "acme",
        status: "active",
        clients: [{ name: "default", scopes: ["read:orders"] }],
      },
    ]);
  });

  it("keeps its clients in the order in which it names them", () => {
    const text = `${acme}  another:\n    scopes: [write:orders, read:orders]\n`;
    const { customers } = parseCustomers("customers", [{ name: "acme.yaml", text }], scopes);
    expect(customers[0]?.clients).toEqual([
      { name: "default", scopes: ["read:orders"] },
      { name: "another", scopes: ["write:orders", "read:orders"] },
    ]);
  });

  it("may name its organization otherwise than itself, and be suspended", () => {
    const text = `${acme}organization: acme-eu\nstatus: suspended\n`;
    const { customers } = parseCustomers("customers", [{ name: "acme.yaml", text }], scopes);
    expect(customers[0]).toMatchObject({ id: "acme", organization: "acme-eu", status: "suspended" });
  });
});

const wrong: [what: string, text: string, expected: string[]][] = [
  [
    "an unknown key, with what was probably meant",
    `${acme}stauts: suspended\n`,
    ['customers/acme.yaml:5:1  "stauts" is not a known key. Did you mean "status"?'],
  ],
  [
    "an unknown key of a client",
    `${acme}    scope: [read:orders]\n`,
    ['customers/acme.yaml:5:5  clients.default: "scope" is not a known key. Did you mean "scopes"?'],
  ],
  [
    "an unknown scope",
    acme.replace("read:orders", "read:order"),
    [
      'customers/acme.yaml:4:14  clients.default.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?',
    ],
  ],
  [
    "a scope that is nothing like a known one",
    acme.replace("read:orders", "admin"),
    [
      'customers/acme.yaml:4:14  clients.default.scopes: "admin" is not a scope of the API. Known: "read:orders", "write:orders", "read:invoices".',
    ],
  ],
  [
    "a scope that is listed twice",
    acme.replace("[read:orders]", "[read:orders, read:orders]"),
    ['customers/acme.yaml:4:27  clients.default.scopes: "read:orders" is listed twice. Drop one.'],
  ],
  [
    "an organization name of over 50 characters",
    `${acme}organization: ${"a".repeat(51)}\n`,
    ["customers/acme.yaml:5:15  organization: is 51 characters long; Auth0 allows 50"],
  ],
  [
    "an organization name with upper-case letters",
    `${acme}organization: Acme\n`,
    [
      "customers/acme.yaml:5:15  organization: must consist of lower-case letters, digits, '-' and '_', and begin with a letter or digit",
    ],
  ],
  [
    "a status that there is not",
    `${acme}status: suspend\n`,
    ['customers/acme.yaml:5:9  status: "suspend" is not allowed. Did you mean "suspended"?'],
  ],
  [
    "a display name that is missing",
    "clients:\n  default:\n    scopes: [read:orders]\n",
    ["customers/acme.yaml:1:1  displayName: is missing; it takes a text"],
  ],
  [
    "a display name that Auth0 refuses",
    acme.replace("Acme Corporation", "<Acme>"),
    ["customers/acme.yaml:1:14  displayName: must not contain '<' or '>'"],
  ],
  [
    "clients that are a list",
    "displayName: Acme\nclients: [default]\n",
    ['customers/acme.yaml:2:10  clients: must be a map, not ["default"]'],
  ],
  [
    "no client at all",
    "displayName: Acme\nclients: {}\n",
    ["customers/acme.yaml:2:10  clients: must name at least one client"],
  ],
  [
    "no scope at all",
    acme.replace("[read:orders]", "[]"),
    ["customers/acme.yaml:4:13  clients.default.scopes: needs at least 1 entry"],
  ],
  [
    "a client name with a space",
    acme.replace("default", "the client"),
    [
      `customers/acme.yaml:3:3  clients.the client: the name "the client" must consist of lower-case letters, digits, '-' and '_', and begin with a letter or digit`,
    ],
  ],
  [
    "a key that is there twice",
    `${acme}displayName: Acme\n`,
    ["customers/acme.yaml:5:1  is not valid YAML: Map keys must be unique"],
  ],
  [
    "broken YAML",
    "displayName: [Acme\n",
    [
      "customers/acme.yaml:2:1  is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ],
  [
    "aliases that expand without end",
    `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]\n`,
    [
      "customers/acme.yaml:1:1  is not valid YAML: Excessive alias count indicates a resource exhaustion attack",
    ],
  ],
  [
    "a file that holds no map",
    "- Acme\n",
    [
      "customers/acme.yaml:1:1  the file must hold a map with the keys displayName, organization, status, clients",
    ],
  ],
  [
    "an empty file",
    "",
    [
      "customers/acme.yaml:1:1  the file must hold a map with the keys displayName, organization, status, clients",
    ],
  ],
  [
    "all problems of one file at once, in the order of their places",
    "displayName: 7\nstatus: gone\nclients:\n  default:\n    scopes: [write:order]\n",
    [
      "customers/acme.yaml:1:14  displayName: must be a text, not 7",
      'customers/acme.yaml:2:9  status: "gone" is not allowed. Known: "active", "suspended".',
      'customers/acme.yaml:5:14  clients.default.scopes: "write:order" is not a scope of the API. Did you mean "write:orders"?',
    ],
  ],
];

test.each(wrong)("a file is refused for %s", (_what, text, expected) => {
  expect(problemsOf({ "acme.yaml": text })).toEqual(expected);
});

describe("the files together", () => {
  it("may not give two organizations one name, and the problem names both places", () => {
    expect(problemsOf({ "acme.yaml": acme, "globex.yaml": `${acme}organization: acme\n` })).toEqual([
      'customers/globex.yaml:5:15  organization name "acme" is taken by customers/acme.yaml:1:1',
    ]);
  });

  it("take an organization's name also where the file has other problems", () => {
    const broken = `${acme}organization: shared\nstatus: gone\n`;
    expect(problemsOf({ "acme.yaml": broken, "globex.yaml": `${acme}organization: shared\n` })).toEqual([
      'customers/acme.yaml:6:9  status: "gone" is not allowed. Known: "active", "suspended".',
      'customers/globex.yaml:5:15  organization name "shared" is taken by customers/acme.yaml:5:15',
    ]);
  });

  it("may not declare one customer with two endings", () => {
    expect(problemsOf({ "acme.yaml": acme, "acme.yml": acme })).toEqual([
      'customers/acme.yml:1:1  customer "acme" is declared by customers/acme.yaml too. Keep one.',
    ]);
  });

  it("must have names that can be an organization's", () => {
    expect(problemsOf({ "Acme Inc.yaml": acme })).toEqual([
      `customers/Acme Inc.yaml:1:1  file name: "Acme Inc.yaml" must consist of lower-case letters, digits, '-' and '_', and begin with a letter or digit. Rename the file.`,
    ]);
  });

  it("list the problems of every file, and count them", () => {
    const files = [
      { name: "acme.yaml", text: acme },
      { name: "globex.yaml", text: "displayName: [\n" },
      { name: "initech.yaml", text: "clients: {}\n" },
    ];
    const { problems } = parseCustomers("customers", files, scopes);
    expect(formatProblems(problems, files.length).split("\n")).toEqual([
      expect.stringMatching(/^customers\/globex\.yaml:2:1 {2}is not valid YAML/),
      "customers/initech.yaml:1:1  displayName: is missing; it takes a text",
      "customers/initech.yaml:1:10  clients: must name at least one client",
      "3 problems in 2 of 3 files",
    ]);
  });
});

describe("the folder", () => {
  const directory = mkdtempSync(join(tmpdir(), "customers-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  it("must exist", () => {
    const folder = join(directory, "missing");
    expect(loadCustomers(folder, scopes).problems).toEqual([
      {
        file: folder,
        message:
          'cannot be read (ENOENT). Create the folder, or set the config key "customers" to the right one.',
      },
    ]);
  });

  it("must hold a customer", () => {
    const folder = join(directory, "empty");
    mkdirSync(folder);
    writeFileSync(join(folder, "schema.json"), "{}");
    expect(loadCustomers(folder, scopes).problems).toEqual([
      {
        file: folder,
        message:
          'has no customer file. Add one, for example acme.yaml, or set the config key "customers" to the folder that has them.',
      },
    ]);
  });

  it("is read in the order of the names, whatever the order on the disk", () => {
    const folder = join(directory, "some");
    mkdirSync(folder);
    for (const name of ["b", "a", "c"]) writeFileSync(join(folder, `${name}.yaml`), acme);
    expect(loadCustomers(folder, scopes).customers.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  });

  it("of this project has no problem", () => {
    const { customers, problems } = loadCustomers("customers", [...scopes, "write:invoices"]);
    expect(problems).toEqual([]);
    expect(customers.map(({ id, status, clients }) => [id, status, clients.length])).toEqual([
      ["acme", "active", 1],
      ["globex", "active", 2],
      ["initech", "suspended", 1],
    ]);
  });
});

test("any text at all gives a customer or a problem that names the file, and never throws", () => {
  const words = fc.constantFrom(
    ...[
      "displayName",
      "clients",
      "scopes",
      "status",
      ": ",
      "\n",
      "  ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "&a",
      "*a",
      "!!",
      '"',
      "read:orders",
      "\t",
      "\u0000",
    ],
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(words, { maxLength: 40 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { customers, problems } = parseCustomers("customers", [{ name: "acme.yaml", text }], scopes);
      if (problems.length === 0) expect(customers).toHaveLength(1);
      for (const { file, line, message } of problems) {
        expect(file).toBe("customers/acme.yaml");
        expect(line).toBeGreaterThan(0);
        expect(message).not.toContain("undefined");
      }
    }),
    { seed: 7, numRuns: 2000 },
  );
});
