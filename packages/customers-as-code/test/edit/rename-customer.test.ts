import { parse } from "yaml";
import type { CustomerFiles } from "../../src/customers/load-customers";
import { type ReferringFile, renameCustomer } from "../../src/edit/rename-customer";
import { formatProblem } from "../../src/problems/problem";

const acme = "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\n";
const globex = `# yaml-language-server: $schema=schema.json
displayName:   'Globex'   # as on the contract

clients:
    # Places orders.
    warehouse: { scopes: [ read:orders,write:orders ] }
`;

const folder = (files: Record<string, string> = {}): CustomerFiles => ({
  folder: "customers",
  files: Object.entries({ "acme.yaml": acme, "globex.yaml": globex, ...files }).map(([name, text]) => ({
    name,
    text,
  })),
  scopes: ["read:orders", "write:orders"],
});

const rename = (
  id: string,
  to: string,
  {
    files = {},
    referring = [],
    fromRoot = "",
  }: { files?: Record<string, string>; referring?: ReferringFile[]; fromRoot?: string } = {},
) => renameCustomer(folder(files), id, to, referring, { project: "orders", fromRoot });

/** The text that another file has after globex has become globex-europe. */
function renamedIn(kind: ReferringFile["kind"], text: string, fromRoot?: string): string {
  const referring = [{ path: "other", kind, text }];
  const { files } = rename("globex", "globex-europe", {
    referring,
    ...(fromRoot !== undefined && { fromRoot }),
  });
  return files.find(({ path }) => path === "other")?.text ?? text;
}

describe("renaming a customer", () => {
  it("moves the file and adds one line, and every other line stays as it was", () => {
    expect(rename("globex", "globex-europe")).toEqual({
      problems: [],
      files: [
        {
          path: "customers/globex.yaml",
          to: "customers/globex-europe.yaml",
          text: globex.replace("contract\n", "contract\npreviously: globex\n"),
        },
      ],
      says: 'renames Globex from globex to globex-europe: its organization, clients, grants and credentials stay. Its organization gets the name globex-europe in Auth0. Once it is deployed in every stack, you can remove the line "previously".',
    });
  });

  it("keeps the organization's name if the file gives it, and the file's ending", () => {
    const files = { "initech.yml": `${acme.replace("Acme", "Initech")}organization: initech-inc\n` };
    const { files: changed, says } = rename("initech", "initech-eu", { files });
    expect(changed).toMatchObject([
      {
        path: "customers/initech.yml",
        to: "customers/initech-eu.yml",
        text: `${files["initech.yml"]}previously: initech\n`,
      },
    ]);
    expect(says).toContain("Its organization keeps the name initech-inc.");
  });

  it.each(["007", "1e3", "true", "no", "2026-12-01", "10_000"])("puts the former name %s in quotes", (id) => {
    const files = { [`${id}.yaml`]: acme.replace("Acme", "Umbrella") };
    const [changed] = rename(id, "umbrella", { files }).files;
    expect(changed?.text).toContain(`\npreviously: "${id}"\n`);
  });

  it("writes the former name into a file in braces", () => {
    const files = { "007.yaml": "{displayName: Bond, clients: {default: {scopes: [read:orders]}}}\n" };
    const [changed] = rename("007", "bond", { files }).files;
    expect(parse(changed?.text ?? "")).toMatchObject({ displayName: "Bond", previously: "007" });
  });

  it("keeps line ends as on Windows", () => {
    const files = { "hooli.yaml": acme.replace("Acme", "Hooli").replaceAll("\n", "\r\n") };
    const [changed] = rename("hooli", "hooli-eu", { files }).files;
    expect(changed?.text).toBe(files["hooli.yaml"].replace("Hooli\r\n", "Hooli\r\npreviously: hooli\r\n"));
  });
});

test.each<
  [what: string, id: string, to: string, files: Record<string, string>, code: string, problem: string]
>([
  [
    "a customer that does not exist",
    ...(["globx", "globex-europe", {}, "customer-unknown"] as const),
    'customers  has no customer "globx". Did you mean "globex"?',
  ],
  [
    "an id that another customer has",
    ...(["globex", "acme", {}, "customer-exists"] as const),
    'customers/acme.yaml  customer "acme" already exists. Edit the file, or choose another id.',
  ],
  [
    "an id that no organization can have",
    ...(["globex", "Globex", {}, "customer-invalid-id"] as const),
    /^customers {2}"Globex" cannot be a customer's id, the name of its file: it .+\.$/.source,
  ],
  [
    "the former name of another customer",
    ...(["globex", "apex", { "acme.yaml": `${acme}previously: apex\n` }, "rename-unfinished"] as const),
    'customers/acme.yaml:5:1  previously: "apex" is the former name of customer "acme". Remove this line once that rename is deployed in every stack, or choose another id.',
  ],
  [
    "a customer that is being renamed already",
    ...(["acme", "acme-eu", { "acme.yaml": `${acme}previously: apex\n` }, "rename-unfinished"] as const),
    'customers/acme.yaml:5:1  previously: customer "acme" still says that it was "apex". Remove the line once that is deployed in every stack, and rename the customer then.',
  ],
  [
    "an id that is the name of another organization",
    ...([
      "globex",
      "apex",
      { "acme.yaml": `${acme}organization: apex\n` },
      "organization-name-taken",
    ] as const),
    '^customers/apex\\.yaml:.* organization name "apex" is taken by customers/acme\\.yaml',
  ],
])("refuses %s, and changes nothing", (_what, id, to, files, code, problem) => {
  const { problems, files: changed } = rename(id, to, { files });
  expect(changed).toEqual([]);
  expect(problems.map((one) => one.code)).toEqual([code]);
  const [shown = ""] = problems.map(formatProblem);
  if (problem.startsWith("^")) expect(shown).toMatch(new RegExp(problem));
  else expect(shown).toBe(problem);
});

describe("other files that name the customer", () => {
  it("the setting replaceable, with and without the project's name, as a list and as JSON", () => {
    const of = (id: string) => `config:
  orders:replaceable:
    - acme # first
    - "${id}"
  replaceable: '["acme","${id}"]'
  orders:audience: https://globex/
`;
    expect(renamedIn("settings", of("globex"))).toBe(
      of("globex-europe").replace('"globex-europe"\n', "globex-europe\n"),
    );
    expect(renamedIn("settings", "config:\n  replaceable: [globexx]\n")).toBe(
      "config:\n  replaceable: [globexx]\n",
    );
    expect(renamedIn("settings", "name: globex\n")).toBe("name: globex\n");
  });

  it("the import data of every tenant", () => {
    const of = (id: string) =>
      `{ "a.auth0.com": { "customers": { "acme": {}, "${id}": { "clients": { "globex": {} } } } },\n  "b.auth0.com": { "customers": { "${id}": {} } } }\n`;
    expect(renamedIn("imports", of("globex"))).toBe(of("globex-europe"));
  });

  it("the customer's own line in CODEOWNERS, from the repository's root", () => {
    const of = (name: string) => `# customers/globex.yaml is special
*  @example/platform
/customers/  @example/sales
/customers/${name}  @example/key-accounts # customers/globex.yaml
${name} @example/key-accounts
/other/customers/globex.yaml @example/other
/customers/globex.yaml.bak @example/other
`;
    expect(renamedIn("owners", of("globex.yaml"))).toBe(of("globex-europe.yaml"));
    expect(
      renamedIn("owners", "/company/customers/globex.yaml @a\n/customers/globex.yaml @b\n", "company"),
    ).toBe("/company/customers/globex-europe.yaml @a\n/customers/globex.yaml @b\n");
  });

  it("are left out if they don't change", () => {
    const referring: ReferringFile[] = [{ path: "Pulumi.dev.yaml", kind: "settings", text: "config: {}\n" }];
    expect(rename("globex", "globex-europe", { referring }).files).toHaveLength(1);
  });
});
