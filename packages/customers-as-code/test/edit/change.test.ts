import type { CustomerFiles } from "../../src/customers/load-customers";
import { addCustomer, removeCustomer, resumeCustomer, suspendCustomer } from "../../src/edit/change";
import { formatProblem } from "../../src/problems/problem";

const acme = "displayName: Acme\nclients:\n  default:\n    scopes: [read:orders]\n";
const globex = `displayName: Globex # ours
clients:
  # Places orders.
  warehouse:
    scopes: [read:orders, write:orders]
  bookkeeping:
    scopes: [read:orders]
`;

function folder(files: Record<string, string> = { "acme.yaml": acme, "globex.yaml": globex }): CustomerFiles {
  return {
    folder: "customers",
    files: Object.entries(files).map(([name, text]) => ({ name, text })),
    scopes: ["read:orders", "write:orders"],
  };
}

const umbrella = { displayName: "Umbrella", client: "default", scopes: ["read:orders", "write:orders"] };
const add = (id: string, more: Partial<typeof umbrella> = {}, all = folder()) => {
  const { displayName, client, scopes } = { ...umbrella, ...more };
  return addCustomer(all, id, { displayName, clients: { [client]: { scopes } } }, "schema.json");
};

describe("adding a customer", () => {
  it("writes its file, and reports its client and scopes", () => {
    expect(add("umbrella")).toEqual({
      problems: [],
      file: {
        name: "umbrella.yaml",
        text: "# yaml-language-server: $schema=schema.json\ndisplayName: Umbrella\nclients:\n  default:\n    scopes: [read:orders, write:orders]\n",
      },
      says: "adds customer Umbrella (1 client: read:orders, write:orders). Once it is deployed, hand out what this prints: npx customers credentials umbrella",
    });
  });

  it("can be the first in its folder", () => {
    expect(add("umbrella", {}, folder({})).file?.name).toBe("umbrella.yaml");
  });
});

describe("suspending a customer", () => {
  it("changes one line, and reports how many clients it stops", () => {
    expect(suspendCustomer(folder(), "globex", "unpaid")).toEqual({
      problems: [],
      file: {
        name: "globex.yaml",
        text: globex.replace("# ours\n", "# ours\nstatus: suspended # unpaid\n"),
      },
      says: "suspends Globex: its 2 clients get 403 within authorizerCacheSeconds (a minute by default) of the deployment.",
    });
    expect(suspendCustomer(folder(), "acme").says).toBe(
      "suspends Acme: its 1 client gets 403 within authorizerCacheSeconds (a minute by default) of the deployment.",
    );
  });

  it("that is suspended already changes nothing, unless there is a new reason to note", () => {
    const all = folder({ "acme.yaml": `${acme}status: suspended # unpaid\n` });
    expect(suspendCustomer(all, "acme")).toEqual({ problems: [], says: "Acme is already suspended." });
    expect(suspendCustomer(all, "acme", "unpaid")).toEqual({
      problems: [],
      says: "Acme is already suspended.",
    });
    expect(suspendCustomer(all, "acme", "abuse")).toEqual({
      problems: [],
      file: { name: "acme.yaml", text: `${acme}status: suspended # abuse\n` },
      says: "records why Acme is suspended, and changes nothing else.",
    });
  });
});

describe("resuming a customer", () => {
  it("takes the status away", () => {
    expect(resumeCustomer(folder({ "acme.yaml": `${acme}status: suspended # unpaid\n` }), "acme")).toEqual({
      problems: [],
      file: { name: "acme.yaml", text: acme },
      says: "resumes Acme: its 1 client can call the API again within authorizerCacheSeconds (a minute by default) of the deployment.",
    });
  });

  it("calls a removal off", () => {
    expect(resumeCustomer(folder({ "globex.yaml": `${globex}status: closing\n` }), "globex")).toEqual({
      problems: [],
      file: { name: "globex.yaml", text: globex },
      says: "resumes Globex: its 2 clients can call the API again within authorizerCacheSeconds (a minute by default) of the deployment. It is no longer closing.",
    });
  });

  it("that is active changes nothing", () => {
    expect(resumeCustomer(folder(), "acme")).toEqual({ problems: [], says: "Acme is already active." });
    const explicit = folder({ "acme.yaml": `${acme}status: active # at last\n` });
    expect(resumeCustomer(explicit, "acme")).toEqual({ problems: [], says: "Acme is already active." });
  });
});

describe("removing a customer", () => {
  it("first closes it, and reports how it goes on", () => {
    expect(removeCustomer(folder(), "globex")).toEqual({
      problems: [],
      file: { name: "globex.yaml", text: globex.replace("# ours\n", "# ours\nstatus: closing\n") },
      says: "closes Globex: its 2 clients get 403 within authorizerCacheSeconds (a minute by default) of the deployment. Once that is deployed, remove it again: that deletes the file.",
    });
  });

  it("closes a suspended one, which changes nothing for its clients", () => {
    const all = folder({ "acme.yaml": `${acme}status: suspended # unpaid\n` });
    expect(removeCustomer(all, "acme")).toMatchObject({
      file: { text: `${acme}status: closing # unpaid\n` },
      says: "closes Acme: its 1 client gets 403 as before. Once that is deployed, remove it again: that deletes the file.",
    });
  });

  it("then deletes the file", () => {
    const all = folder({ "acme.yaml": `${acme}status: closing\n`, "globex.yaml": globex });
    expect(removeCustomer(all, "acme")).toEqual({
      problems: [],
      file: { name: "acme.yaml" },
      says: "removes Acme: its organization and 1 client are deleted for good. Merge it once the closing is deployed. Tokens that it still has get 403 until they expire.",
    });
  });
});

const closing = { "acme.yaml": `${acme}status: closing\n` };
const broken = { "acme.yaml": acme, "globex.yaml": globex.replace("write:orders", "write:order") };
const inBroken =
  'customers/globex.yaml:5:27  clients.warehouse.scopes: "write:order" is not a scope of the API. Did you mean "write:orders"?';

const refused: [what: string, change: () => ReturnType<typeof add>, problems: string[]][] = [
  [
    "a customer that there is already",
    () => add("acme"),
    ['customers/acme.yaml  customer "acme" already exists. Edit the file, or choose another id.'],
  ],
  [
    "a customer that there is already, by the other ending",
    () => add("acme", {}, folder({ "acme.yml": acme })),
    ['customers/acme.yml  customer "acme" already exists. Edit the file, or choose another id.'],
  ],
  ...["../acme", "Acme Inc", "schema.json"].map((id): [string, () => ReturnType<typeof add>, string[]] => [
    `the id ${id}`,
    () => add(id),
    [
      `customers  "${id}" cannot be a customer's id, the name of its file: it must consist of lower-case letters, digits, '-' and '_', and begin with a letter or digit.`,
    ],
  ]),
  [
    "a name, a client, and scopes that are wrong, all at once",
    () => add("umbrella", { displayName: "<Umbrella>", client: "The Client", scopes: ["read:order"] }),
    [
      'customers/umbrella.yaml:5:14  clients.The Client.scopes: "read:order" is not a scope of the API. Did you mean "read:orders"?',
      "customers/umbrella.yaml:2:14  displayName: must not contain '<' or '>'",
      `customers/umbrella.yaml:4:3  clients.The Client: the name "The Client" must consist of lower-case letters, digits, '-' and '_', and begin with a letter or digit`,
    ],
  ],
  [
    "a customer without scopes",
    () => add("umbrella", { scopes: [] }),
    ["customers/umbrella.yaml:5:13  clients.default.scopes: needs at least 1 entry"],
  ],
  [
    "an organization's name that is taken",
    () => add("umbrella", {}, folder({ "acme.yaml": `${acme}organization: umbrella\n` })),
    ['customers/umbrella.yaml:2:1  organization name "umbrella" is taken by customers/acme.yaml:5:15'],
  ],
  ...[suspendCustomer, resumeCustomer, removeCustomer].map(
    (change): [string, () => ReturnType<typeof add>, string[]] => [
      `${change.name} of nobody`,
      () => change(folder(), "acne"),
      ['customers  has no customer "acne". Did you mean "acme"?'],
    ],
  ),
  [
    "suspending one that is closing",
    () => suspendCustomer(folder(closing), "acme"),
    [
      'customers/acme.yaml  customer "acme" is closing, so its requests are refused too. To keep it, resume it first.',
    ],
  ],
  [
    "removing the last one, which would leave a folder that no stack accepts",
    () => removeCustomer(folder(closing), "acme"),
    [
      'customers  has no customer file. Add one, for example acme.yaml, or set the config key "customers" to the folder that has them.',
    ],
  ],
  ["changing one whose file is wrong", () => suspendCustomer(folder(broken), "globex"), [inBroken]],
  ["changing one beside a file that is wrong", () => suspendCustomer(folder(broken), "acme"), [inBroken]],
  ["adding one beside a file that is wrong", () => add("umbrella", {}, folder(broken)), [inBroken]],
];

test.each(refused)("refused is %s, and nothing is written", (_what, change, problems) => {
  const { file, ...refusal } = change();
  expect(file).toBeUndefined();
  expect(refusal.problems.map(formatProblem)).toEqual(problems);
});
