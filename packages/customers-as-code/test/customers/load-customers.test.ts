import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { loadCustomers, parseCustomers } from "../../src/customers/load-customers";
import { formatProblems } from "../../src/problems/problem";

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

function keyPair(modulusLength: number) {
  return generateKeyPairSync("rsa", {
    modulusLength,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
const { publicKey, privateKey } = keyPair(2048);

function indented(pem: string): string {
  return pem.replace(/^(?=.)/gm, "      ");
}

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
        metadata: {},
        clients: [{ name: "default", scopes: ["read:orders"], closing: false, rotation: "1" }],
      },
    ]);
  });

  it("says everything that there is to say of a customer", () => {
    const text = `displayName: Acme Corporation
organization: acme-eu
contact: api@acme.example
status: closing
previously: acme-inc
metadata:
  moesifCompanyId: "4711"
clients:
  default:
    scopes: [read:orders]
    closing: true
    previously: first
    authentication: private_key_jwt
    publicKey: |
${indented(publicKey)}`;
    const { customers, problems } = parseCustomers("customers", [{ name: "acme.yaml", text }], scopes);
    expect(problems).toEqual([]);
    expect(customers).toEqual([
      {
        id: "acme",
        displayName: "Acme Corporation",
        organization: "acme-eu",
        contact: "api@acme.example",
        status: "closing",
        previously: "acme-inc",
        metadata: { moesifCompanyId: "4711" },
        clients: [
          {
            name: "default",
            scopes: ["read:orders"],
            closing: true,
            rotation: "1",
            previously: "first",
            publicKey,
          },
        ],
      },
    ]);
  });

  it("keeps its clients in the order in which it names them", () => {
    const text = `${acme}  another:\n    scopes: [write:orders, read:orders]\n`;
    const { customers } = parseCustomers("customers", [{ name: "acme.yaml", text }], scopes);
    expect(customers[0]?.clients).toEqual([
      { name: "default", scopes: ["read:orders"], closing: false, rotation: "1" },
      { name: "another", scopes: ["write:orders", "read:orders"], closing: false, rotation: "1" },
    ]);
  });

  it("may name its organization otherwise than itself, and be suspended", () => {
    const text = `${acme}organization: acme-eu\nstatus: suspended\n`;
    const { customers } = parseCustomers("customers", [{ name: "acme.yaml", text }], scopes);
    expect(customers[0]).toMatchObject({ id: "acme", organization: "acme-eu", status: "suspended" });
  });
});

/** Acme with metadata, a line each. */
const withMetadata = (...lines: string[]) =>
  `${acme}metadata:\n${lines.map((line) => `  ${line}\n`).join("")}`;

/** Acme whose client has a public key, as a block. */
const withKey = (pem: string) =>
  `${acme}    authentication: private_key_jwt\n    publicKey: |\n${indented(pem)}`;

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
    "members that are no addresses, or there twice",
    `${acme}members: [jane, joe@acme.example, Joe@acme.example]\n`,
    [
      "customers/acme.yaml:5:11  members[0]: must be an e-mail address",
      'customers/acme.yaml:5:35  members: "joe@acme.example" is listed twice. Remove one.',
    ],
  ],
  [
    "an account of AWS that is a number, or none",
    `${acme}delivery:\n  awsAccountId: 123456789012\n`,
    ["customers/acme.yaml:6:17  delivery.awsAccountId: must be a string, not 123456789012: put it in quotes"],
  ],
  [
    "an account of AWS without its twelve digits",
    `${acme}delivery:\n  awsAccountId: "12345"\n`,
    ["customers/acme.yaml:6:17  delivery.awsAccountId: must be the 12 digits of an AWS account's id"],
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
    ['customers/acme.yaml:4:27  clients.default.scopes: "read:orders" is listed twice. Remove one.'],
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
    ["customers/acme.yaml:1:1  displayName: is missing; it must be a string"],
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
    "a contact that is no e-mail address",
    `${acme}contact: Alice of Acme\n`,
    ["customers/acme.yaml:5:10  contact: must be an e-mail address"],
  ],
  [
    "metadata that are no texts",
    withMetadata("stripeCustomerId: 4711", "isNew: true", "plan: [gold]"),
    [
      "customers/acme.yaml:6:21  metadata.stripeCustomerId: must be a string, not 4711: put it in quotes",
      "customers/acme.yaml:7:10  metadata.isNew: must be a string, not true: put it in quotes",
      'customers/acme.yaml:8:9  metadata.plan: must be a string, not ["gold"]',
    ],
  ],
  [
    "metadata that are empty or longer than Auth0 allows",
    withMetadata('plan: ""', `note: ${"a".repeat(256)}`, `${"k".repeat(256)}: v`),
    [
      "customers/acme.yaml:6:9  metadata.plan: must not be empty",
      "customers/acme.yaml:7:9  metadata.note: is 256 characters long; Auth0 allows 255",
      `customers/acme.yaml:8:3  metadata.${"k".repeat(256)}: the name "${"k".repeat(256)}" is 256 characters long; Auth0 allows 255`,
    ],
  ],
  [
    "metadata under a name that the program itself writes",
    withMetadata("customer: acme", "contact: api@acme.example", "customerId: c-1"),
    [
      `customers/acme.yaml:6:3  metadata.customer: the name "customer" is reserved for the file's name, which the program writes there: choose another`,
      'customers/acme.yaml:7:3  metadata.contact: the name "contact" is reserved for the key "contact" of the file: write it there',
    ],
  ],
  [
    "more metadata than an organization can hold",
    withMetadata(...Array.from({ length: 24 }, (_, index) => `key${index}: value`)),
    [
      'customers/acme.yaml:6:3  metadata: has too many entries: Auth0 allows 25, of which "customer" and "contact" are the program\'s',
    ],
  ],
  [
    "a closing that is neither true nor false",
    `${acme}    closing: soon\n`,
    ['customers/acme.yaml:5:14  clients.default.closing: must be true or false, not "soon"'],
  ],
  [
    "a key pair of which the public key is missing",
    `${acme}    authentication: private_key_jwt\n`,
    [
      'customers/acme.yaml:5:21  clients.default.publicKey: is missing, which "private_key_jwt" needs. Ask the customer for it.',
    ],
  ],
  [
    "a public key that would not be used",
    `${acme}    publicKey: |\n${indented(publicKey)}`,
    [
      'customers/acme.yaml:5:5  clients.default.publicKey: has no effect with a client secret. Remove it, or add "authentication: private_key_jwt".',
    ],
  ],
  [
    "a public key and its rotation that would make the secret another client's",
    `${acme}    rotation: 2026-05-01\n    publicKey: |\n${indented(publicKey)}`,
    [
      'customers/acme.yaml:6:5  clients.default.publicKey: has no effect with a client secret. Remove it and rotation, or add "authentication: private_key_jwt".',
    ],
  ],
  [
    "a private key, without repeating it",
    withKey(privateKey),
    [
      "customers/acme.yaml:6:16  clients.default.publicKey: is a private key; it must not be here. Whoever has read this file can pose as the customer: drop it, have the customer make a new pair and write only its public key here",
    ],
  ],
  [
    "a private key behind a public one",
    withKey(publicKey + privateKey),
    [
      expect.stringContaining(
        "customers/acme.yaml:6:16  clients.default.publicKey: is a private key; it must not be here.",
      ),
    ],
  ],
  [
    "a public key that is too short",
    withKey(keyPair(1024).publicKey),
    [
      "customers/acme.yaml:6:16  clients.default.publicKey: is an RSA key of 1024 bits; it must have 2048 or more",
    ],
  ],
  [
    "a public key of another kind",
    withKey(String(generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }))),
    [
      "customers/acme.yaml:6:16  clients.default.publicKey: must be an RSA key, not ed25519: RS256 is what Auth0 checks with it",
    ],
  ],
  [
    "a public key that is none",
    withKey("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
    [
      'customers/acme.yaml:6:16  clients.default.publicKey: must be a public key as PEM, that is "-----BEGIN PUBLIC KEY-----" and what follows. Make it with: openssl rsa -in private.pem -pubout',
    ],
  ],
  [
    "two public keys in one place",
    withKey(publicKey + keyPair(2048).publicKey),
    [
      'customers/acme.yaml:6:16  clients.default.publicKey: must be a public key as PEM, that is "-----BEGIN PUBLIC KEY-----" and what follows. Make it with: openssl rsa -in private.pem -pubout',
    ],
  ],
  [
    "being what it is called already",
    `${acme}    previously: default\npreviously: acme\n`,
    [
      'customers/acme.yaml:5:17  clients.default.previously: "default" is the name that the client has now. Remove the line.',
      'customers/acme.yaml:6:13  previously: "acme" is the name that the customer has now. Remove the line.',
    ],
  ],
  [
    "a client that was another which still exists",
    `${acme}  second:\n    scopes: [read:orders]\n    previously: default\n`,
    [
      'customers/acme.yaml:7:17  clients.second.previously: "default" is a client that still exists. Rename that one, or remove this line.',
    ],
  ],
  [
    "two clients that were one",
    `${acme}    previously: first\n  second:\n    scopes: [read:orders]\n    previously: first\n`,
    [
      'customers/acme.yaml:8:17  clients.second.previously: "first" is also in customers/acme.yaml:5:17. Only one of them can have had this name: remove the other line.',
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
      "customers/acme.yaml:1:1  the file must hold a map with the keys displayName, organization, contact, status, plan, previously, metadata, members, delivery, clients, stacks",
    ],
  ],
  [
    "an empty file",
    "",
    [
      "customers/acme.yaml:1:1  the file must hold a map with the keys displayName, organization, contact, status, plan, previously, metadata, members, delivery, clients, stacks",
    ],
  ],
  [
    "all problems of one file at once, in the order of their places",
    "displayName: 7\nstatus: gone\nclients:\n  default:\n    scopes: [write:order]\n",
    [
      "customers/acme.yaml:1:14  displayName: must be a string, not 7: put it in quotes",
      'customers/acme.yaml:2:9  status: "gone" is not allowed. Known: "active", "suspended", "closing".',
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
      'customers/acme.yaml:6:9  status: "gone" is not allowed. Known: "active", "suspended", "closing".',
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

  it("may not call a customer the former self of two, nor of one beside which it exists", () => {
    const renamed = `${acme}previously: initech\n`;
    expect(problemsOf({ "acme.yaml": renamed, "globex.yaml": renamed })).toEqual([
      'customers/globex.yaml:5:13  previously: "initech" is also in customers/acme.yaml:5:13. Only one of them can have had this name: remove the other line.',
    ]);
    expect(problemsOf({ "acme.yaml": renamed, "initech.yaml": acme })).toEqual([
      'customers/acme.yaml:5:13  previously: "initech" is a customer that still exists. Rename that one, or remove this line.',
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
      "customers/initech.yaml:1:1  displayName: is missing; it must be a string",
      "customers/initech.yaml:1:10  clients: must name at least one client",
      "3 problems in 2 of 3 files. docs/reference/problems.md explains customer-file-invalid-value, customer-file-missing-value, yaml-invalid",
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
        code: "file-unreadable",
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
        code: "customers-none",
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

test("no scope is unknown while the document cannot be read: that is its own problem", () => {
  const files = [{ name: "acme.yaml", text: acme }];
  expect(parseCustomers("customers", files, [], { stack: "dev", known: [] }).problems).toEqual([]);
});
