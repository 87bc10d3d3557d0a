import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AllImports } from "../../src/customers/import-data";
import { importsFile, loadImports, parseImports, renderImports } from "../../src/customers/imports";
import { parseCustomers } from "../../src/customers/load-customers";
import { formatProblem } from "../../src/problems/problem";

const domain = "example.eu.auth0.com";
const files = [{ name: "wayne.yaml", text: "displayName: Wayne\nclients:\n  warehouse: {scopes: [a]}\n" }];
const declared = parseCustomers("customers", files, ["a"]);

const client = { id: "abc", keeps: ["name"], grant: { id: "cgr_1", keeps: [] } };
const imports: AllImports = {
  [domain]: {
    customers: { wayne: { organization: { id: "org_1", keeps: [] }, clients: { warehouse: client } } },
  },
  "test.eu.auth0.com": { customers: { batman: { organization: { id: "org_2", keeps: [] }, clients: {} } } },
};
const problems = (text: string, of = declared) =>
  parseImports("customers/imports.json", text, domain, of).problems.map(formatProblem);

test("what is written is read again, of the one tenant and of all", () => {
  const read = parseImports("customers/imports.json", renderImports(imports), domain, declared);
  expect(read).toMatchObject({ imports: imports[domain], all: imports, problems: [], files: 1 });
});

test("another tenant's stack takes nothing in, and knows nothing of its customers", () => {
  const read = parseImports("customers/imports.json", renderImports(imports), "other.auth0.com", declared);
  expect(read.imports).toEqual({ customers: {} });
  expect(read.problems).toEqual([]);
});

const wrong: [text: string, problems: string[]][] = [
  ["{", ["customers/imports.json:1:2  is not valid YAML: Flow map must end with a }"]],
  [
    `{"${domain}": {"customers": {"wayne": {"organization": {"id": ""}, "clients": {}}}}}`,
    [
      expect.stringMatching(
        /^customers\/imports\.json:1:\d+ {2}example\.eu\.auth0\.com\.customers\.wayne\.organization\.id: .*Delete the file, and have "npx customers import" write it again\.$/,
      ),
      expect.stringMatching(/\.organization\.keeps: /),
    ],
  ],
  ["[]", [expect.stringMatching(/^customers\/imports\.json:1:1 {2}the file: /)]],
  [
    `{"${domain}": {"customers": {},\n  "clients": {}}}`,
    [
      expect.stringMatching(
        /^customers\/imports\.json:2:3 {2}example\.eu\.auth0\.com: Unrecognized key: "clients"/,
      ),
    ],
  ],
];

test.each(wrong)("the file %s is refused, with places", (text, expected) => {
  expect(problems(text)).toEqual(expected);
});

test("each unknown key is reported, at its place", () => {
  const text = `{"${domain}": {"customers": {},\n  "clients": {},\n  "organizations": {}}}`;
  expect(
    parseImports("customers/imports.json", text, domain, declared).problems.map(({ code, line, column }) => ({
      code,
      line,
      column,
    })),
  ).toEqual([
    { code: "imports-unknown-key", line: 2, column: 3 },
    { code: "imports-unknown-key", line: 3, column: 3 },
  ]);
});

test("a customer without a file, and a client that the file lacks, are refused: they would be made a second time", () => {
  const text = renderImports({
    [domain]: {
      customers: {
        wain: { organization: { id: "org_1", keeps: [] }, clients: {} },
        wayne: { organization: { id: "org_2", keeps: [] }, clients: { warehous: client } },
      },
    },
  });
  expect(problems(text)).toEqual([
    'customers/imports.json:4:7  customer "wain" has no file. Did you mean "wayne"? If it is gone, delete its lines here.',
    'customers/imports.json:17:11  customer "wayne" has no client "warehous". Did you mean "warehouse"? If it is gone, delete its lines here.',
  ]);
  const unreadable = parseCustomers("customers", [{ name: "wayne.yaml", text: "a: [" }], ["a"]);
  expect(problems(text, unreadable)).toEqual([]);
});

describe("from the disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("there need not be a file", () => {
    expect(loadImports(folder, domain, declared)).toMatchObject({
      imports: { customers: {} },
      all: {},
      problems: [],
      files: 0,
    });
  });

  it("is read where there is one", () => {
    writeFileSync(join(folder, importsFile), renderImports(imports));
    expect(loadImports(folder, domain, declared)).toMatchObject({ imports: imports[domain], files: 1 });
    rmSync(join(folder, importsFile));
  });

  it("is a problem where it cannot be read", () => {
    mkdirSync(join(folder, importsFile));
    const [problem] = loadImports(folder, domain, declared).problems;
    expect(problem?.message).toBe(
      "is a folder, but must be a file. Put the file there, or correct the path.",
    );
  });
});

test("what is named twice is refused with both places, and so is what import data cannot keep", () => {
  const two = parseCustomers(
    "customers",
    [...files, { name: "stark.yaml", text: "displayName: Stark\nclients:\n  ci: {scopes: [a]}\n" }],
    ["a"],
  );
  const keeping = {
    id: "abc",
    keeps: ["name", "isFirstParty"],
    grant: { id: "cgr_1", keeps: ["allowAnyOrganization"] },
  };
  const text = renderImports({
    [domain]: {
      api: { id: "rs", keeps: ["identifier"], scopes: { id: "https://a/", keeps: ["scopes", "name"] } },
      customers: {
        wayne: { organization: { id: "org_1", keeps: ["branding"] }, clients: { warehouse: client } },
        stark: { organization: { id: "org_1", keeps: [] }, clients: { ci: keeping } },
      },
    },
  });
  const twice = (what: string, at: string) =>
    `is imported twice, also at customers/imports.json:${at}. It can belong to only one customer: delete the wrong lines.`.replace(
      /^/,
      `${what} `,
    );
  const kept = (property: string, of: string, known: string) =>
    `keeps "${property}" of the ${of}, which import data cannot keep: it would stay as Auth0 has it, whatever the file says. Delete it; known: ${known}.`;
  expect(
    problems(text, two).map((problem) => problem.replace(/^customers\/imports\.json:\d+:\d+ {2}/, "")),
  ).toEqual([
    twice("organization org_1", "19:17"),
    twice("client abc", "26:19"),
    twice("client grant cgr_1", "31:21"),
    kept("identifier", "API", '"name", "signingAlg", "tokenLifetime"'),
    kept("name", "API", '"scopes"'),
    kept("branding", "organization", '"displayName", "metadata"'),
    kept(
      "isFirstParty",
      "client",
      '"name", "description", "clientMetadata", "grantTypes", "tokenQuota", "defaultOrganization", "organizationUsage"',
    ),
    kept("allowAnyOrganization", "client grant", '"scopes", "organizationUsage"'),
  ]);
});

test("each import has its place", () => {
  const { placeOf } = parseImports("customers/imports.json", renderImports(imports), domain, declared);
  expect(placeOf(["customers", "wayne", "clients", "warehouse", "id"])).toEqual({
    ...{ file: "customers/imports.json", line: 11, column: 19 },
  });
});
