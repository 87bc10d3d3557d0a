// What a customer's file says of single stacks: what comes of it, and that problems have their place in it.
import { parseCustomers } from "../../src/customers/load-customers";
import { formatProblem } from "../../src/problems/problem";

const scopes = ["read:orders", "write:orders", "read:invoices"];
const acme = `displayName: Acme
metadata:
  tier: gold
  region: eu
clients:
  ci:
    scopes: [read:orders, write:orders]
    rotation: 2
`;

function parse(text: string, stack?: string, more: Record<string, string> = {}) {
  const files = Object.entries({ "acme.yaml": text, ...more }).map(([name, one]) => ({ name, text: one }));
  return parseCustomers("customers", files, scopes, { stack, known: ["dev", "production"] });
}
const customerOf = (text: string, stack?: string) => {
  const { customers, problems } = parse(text, stack);
  expect(problems).toEqual([]);
  return customers[0];
};
const problemsOf = (text: string, stack?: string, more?: Record<string, string>) =>
  parse(text, stack, more).problems.map(formatProblem);

const staged = `${acme}stacks:
  dev:
    displayName: Acme (dev)
    organization: acme-dev
    status: suspended
    contact: dev@acme.example
    metadata:
      tier: none
    delivery:
      awsAccountId: "012345678901"
    clients:
      ci:
        scopes: [read:orders]
      playground:
        scopes: [read:invoices]
`;

describe("a stack", () => {
  it("of which the file says nothing has what it says of all", () => {
    expect(customerOf(staged, "production")).toEqual(customerOf(acme));
    expect(customerOf(staged)).toEqual(customerOf(acme));
  });

  it("has maps joined key by key, and everything else replaced", () => {
    expect(customerOf(staged, "dev")).toEqual({
      id: "acme",
      displayName: "Acme (dev)",
      organization: "acme-dev",
      status: "suspended",
      contact: "dev@acme.example",
      metadata: { tier: "none", region: "eu" },
      delivery: { awsAccountId: "012345678901" },
      clients: [
        { name: "ci", scopes: ["read:orders"], closing: false, rotation: "2" },
        { name: "playground", scopes: ["read:invoices"], closing: false, rotation: "1" },
      ],
    });
  });

  it("does not lend its place to what is wrong with the file as a whole", () => {
    expect(problemsOf(staged, "dev", { "acme.yml": staged })).toEqual([
      'customers/acme.yml:1:1  customer "acme" is declared by customers/acme.yaml too. Keep one.',
    ]);
  });

  it("has organizations whose names are its own", () => {
    const other = {
      "globex.yaml": "displayName: G\norganization: acme-dev\nclients: {a: {scopes: [read:orders]}}\n",
    };
    expect(problemsOf(staged, "production", other)).toEqual([]);
    expect(problemsOf(staged, "dev", other)).toEqual([
      'customers/globex.yaml:2:15  organization name "acme-dev" is taken by customers/acme.yaml:12:19',
    ]);
  });
});

/** Lines under `stacks`, from the tenth line of the file on. */
const wrong: [what: string, lines: string, problems: string[]][] = [
  [
    "a key that is none, with what was meant",
    "  dev:\n    displaynam: Acme\n",
    ['11:5  stacks.dev: "displaynam" is not a known key. Did you mean "displayName"?'],
  ],
  [
    "a client's key that is none",
    "  dev:\n    clients:\n      ci:\n        scope: []\n",
    ['13:9  stacks.dev.clients.ci: "scope" is not a known key. Did you mean "scopes"?'],
  ],
  [
    "a delivery's key that is none",
    "  dev:\n    delivery:\n      awsAccountID: '1'\n",
    [
      "12:7  stacks.dev.delivery.awsAccountId: is missing; it must be a string",
      '12:7  stacks.dev.delivery: "awsAccountID" is not a known key. Did you mean "awsAccountId"?',
    ],
  ],
  [
    "a past of its own",
    "  dev:\n    previously: acme-inc\n",
    ['11:5  stacks.dev: "previously" is not a known key.'],
  ],
  [
    "a value that is none",
    "  dev:\n    status: gone\n",
    ['11:13  stacks.dev.status: "gone" is not allowed.'],
  ],
  [
    "a scope that the API has not",
    "  dev:\n    clients:\n      ci:\n        scopes: [read:order]\n",
    [
      '13:18  stacks.dev: clients.ci.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?',
    ],
  ],
  [
    "a new client that lacks what it needs",
    "  dev:\n    clients:\n      cd:\n        rotation: 2\n",
    ["13:9  stacks.dev: clients.cd.scopes: is missing; it must be a list"],
  ],
  [
    "what does not go with the rest",
    "  dev:\n    clients:\n      ci:\n        retiring: 3\n",
    ["13:9  stacks.dev: clients.ci.retiring: 2 does not come right after 3. Write 1, or remove the line."],
  ],
  [
    "a stack that the project has not, with what was meant",
    "  prodution:\n    displayName: Acme\n",
    [
      '10:3  stacks: "prodution" is not a stack of the project: there is no Pulumi.prodution.yaml. Did you mean "production"?',
    ],
  ],
  ["a stack without a part", "  dev:\n", ["10:7  stacks.dev: is missing; it must be a map"]],
  [
    "problems of several stacks at once, whichever is deployed",
    "  dev:\n    status: gone\n  production:\n    contact: nobody\n",
    [
      '11:13  stacks.dev.status: "gone" is not allowed.',
      "13:14  stacks.production.contact: must be an e-mail address",
    ],
  ],
];

test.each(wrong)("%s is reported at its place", (_what, lines, problems) => {
  for (const stack of [undefined, "dev", "production"]) {
    expect(problemsOf(`${acme}stacks:\n${lines}`, stack)).toEqual(
      problems.map((problem) => expect.stringContaining(`customers/acme.yaml:${problem}`)),
    );
  }
});

test("what is wrong for all stacks is reported once", () => {
  const text = staged
    .replace("tier: gold", "tier: 1")
    .replace("  ci:\n    scopes: [read:orders,", "  ci:\n    scopes: [read:order,");
  expect(problemsOf(text, "dev")).toEqual([
    expect.stringContaining('customers/acme.yaml:7:14  clients.ci.scopes: "read:order" is not a scope'),
    expect.stringContaining("customers/acme.yaml:3:9  metadata.tier: must be a string"),
  ]);
});

test("the stack that is deployed is known, also without settings in a file", () => {
  const { problems } = parseCustomers(
    "customers",
    [{ name: "acme.yaml", text: staged.replace("  dev:", "  local:") }],
    scopes,
    { stack: "local", known: ["dev"] },
  );
  expect(problems).toEqual([]);
});
