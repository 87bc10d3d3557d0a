import * as fc from "fast-check";
import { parse } from "yaml";
import { renderCustomer } from "../../src/edit/edit";
import { setStatus } from "../../src/edit/edit-status";

const acme = `# yaml-language-server: $schema=schema.json
# Our first customer.
displayName:   "Acme"   # as on the contract

clients:
    # The shop.
    default: { scopes: [ read:orders,write:orders ] }
`;

/** Acme with lines behind its name. */
const withLines = (lines: string) => acme.replace("contract\n", `contract\n${lines}`);

describe("a status", () => {
  it("is a line behind the name, and every other line stays as it was", () => {
    expect(setStatus(acme, "suspended")).toBe(withLines("status: suspended\n"));
    expect(setStatus(acme, "closing")).toBe(withLines("status: closing\n"));
  });

  it("has its reason behind it", () => {
    expect(setStatus(acme, "suspended", "unpaid: invoice #7")).toBe(
      withLines("status: suspended # unpaid: invoice #7\n"),
    );
  });

  it("takes no reason for a line of its own, however it is written", () => {
    expect(setStatus(acme, "suspended", "unpaid\nstatus: active\r\u0000\u2028")).toBe(
      withLines("status: suspended # unpaid status: active\n"),
    );
    expect(setStatus(acme, "suspended", " \n ")).toBe(withLines("status: suspended\n"));
  });

  it("keeps the remark behind it when it becomes another, unless there is a new one", () => {
    const suspended = withLines("status: suspended  # unpaid\n");
    expect(setStatus(suspended, "closing")).toBe(withLines("status: closing  # unpaid\n"));
    expect(setStatus(suspended, "closing", "gone")).toBe(withLines("status: closing # gone\n"));
  });

  it("goes with its line and its reason when the customer is active again", () => {
    expect(setStatus(withLines("status: suspended # unpaid\n"), "active")).toBe(acme);
    expect(setStatus(acme, "active")).toBe(acme);
  });
});

// Each with its status, however unusual it is written.
const forms: [what: string, text: string, suspended: string, active: string][] = [
  [
    "lines that end as on Windows",
    "displayName: Acme\r\nclients: {}\r\n",
    "displayName: Acme\r\nstatus: suspended\r\nclients: {}\r\n",
    "displayName: Acme\r\nclients: {}\r\n",
  ],
  [
    "a name of several lines",
    "displayName: >-\n  Acme\n  Corporation\nclients: {}\n",
    "displayName: >-\n  Acme\n  Corporation\nstatus: suspended\nclients: {}\n",
    "displayName: >-\n  Acme\n  Corporation\nclients: {}\n",
  ],
  [
    "a name at the end of the file, without a newline",
    "clients: {}\ndisplayName: Acme",
    "clients: {}\ndisplayName: Acme\nstatus: suspended\n",
    "clients: {}\ndisplayName: Acme",
  ],
  [
    "a status at the end of the file, without a newline",
    "displayName: Acme\nclients: {}\nstatus: closing",
    "displayName: Acme\nclients: {}\nstatus: suspended",
    "displayName: Acme\nclients: {}\n",
  ],
  [
    "a status at the top, in quotes",
    '"status": "closing"\ndisplayName: Acme\n',
    '"status": suspended\ndisplayName: Acme\n',
    "displayName: Acme\n",
  ],
  [
    "a status of several lines",
    "status: >-\n  closing\ndisplayName: Acme\n",
    "status: suspended\ndisplayName: Acme\n",
    "displayName: Acme\n",
  ],
  [
    "a map that is indented",
    "---\n  displayName: Acme\n  clients: {}\n",
    "---\n  displayName: Acme\n  status: suspended\n  clients: {}\n",
    "---\n  displayName: Acme\n  clients: {}\n",
  ],
  [
    "a map in braces",
    "{displayName: Acme, status: closing, clients: {}}\n",
    "{displayName: Acme, status: suspended, clients: {}}\n",
    "{displayName: Acme, clients: {}}\n",
  ],
];

test.each(forms)("a status is found and written in %s", (_what, text, suspended, active) => {
  expect(setStatus(text, "suspended")).toBe(suspended);
  expect(setStatus(text, "active")).toBe(active);
});

test("whatever the reason, the file means the same but for its status", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("suspended", "closing"), (reason, status) => {
      const text = setStatus(acme, status, reason);
      expect(parse(text)).toEqual({ ...parse(acme), status });
      expect(setStatus(text, "active")).toBe(acme);
      const inBraces = setStatus("{displayName: Acme, clients: {}}\n", status, reason);
      expect(parse(inBraces)).toEqual({ displayName: "Acme", status, clients: {} });
    }),
    { seed: 7, numRuns: 500 },
  );
});

describe("a new file", () => {
  it("looks like those that people write", () => {
    const customer = {
      displayName: "Umbrella",
      contact: "api@umbrella.example",
      clients: { default: { scopes: ["read:orders", "write:orders"] } },
    };
    expect(renderCustomer(customer, "schema.json")).toBe(`# yaml-language-server: $schema=schema.json
displayName: Umbrella
contact: api@umbrella.example
clients:
  default:
    scopes: [read:orders, write:orders]
`);
  });

  it("says what was asked for, whatever the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (displayName) => {
        const text = renderCustomer(
          { displayName, clients: { null: { scopes: ["1", "a: b"] } } },
          "schema.json",
        );
        expect(parse(text)).toEqual({ displayName, clients: { null: { scopes: ["1", "a: b"] } } });
      }),
      { seed: 7, numRuns: 500, examples: [["yes"], ["7"], ["# no comment"], ["- a\n- b"], [" "]] },
    );
  });
});
