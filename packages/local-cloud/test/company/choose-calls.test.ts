// Which calls `customers local start` makes, of any document and any customers.
import { type ChosenCalls, chooseCalls } from "../../src/company/choose-calls";
import type { ApiOperation } from "../../src/company/operations";
import type { Credentials, Customers } from "../../src/credentials";

interface Given {
  /** `GET /orders` → its alternatives */
  operations: Record<string, string[][] | { security: string[][]; backend?: string; hasBody?: false }>;
  /** Customer → client → scopes. */
  customers: Record<string, Record<string, string[]>>;
  status?: Record<string, string>;
  withKey?: string[];
  mocks?: string[];
}

function choose({ operations, customers, status = {}, withKey = [], mocks = [] }: Given) {
  const read = Object.entries(operations).map(([route, given]): ApiOperation => {
    const [method = "", path = ""] = route.split(" ");
    const { security, backend, hasBody } = Array.isArray(given) ? { security: given } : given;
    return {
      method,
      path,
      security,
      ...(backend !== undefined && { backend }),
      makeRequest: () => (hasBody === false ? undefined : { path, headers: {} }),
    };
  });
  const outputs: Customers = {};
  const credentials: Credentials = {};
  for (const [customer, clients] of Object.entries(customers)) {
    outputs[customer] = {
      organizationId: `org_${customer}`,
      status: status[customer] ?? "active",
      clients: {},
    };
    credentials[customer] = Object.fromEntries(
      Object.entries(clients).map(([client, scopes]) => [
        client,
        {
          clientId: client,
          tokenUrl: "",
          audience: "",
          scopes,
          ...(!withKey.includes(`${customer}/${client}`) && { clientSecret: "secret" }),
        },
      ]),
    );
  }
  return describeCalls(chooseCalls(read, outputs, credentials, mocks));
}

/** As a person would say it. */
function describeCalls({ allowed, secured, denied, open, inactive, notes }: ChosenCalls) {
  const route = (call: { operation: ApiOperation } | undefined) =>
    call && `${call.operation.method} ${call.operation.path}`;
  const who = (call: { operation: ApiOperation; client: { name: string }; scope?: string } | undefined) =>
    call && [call.client.name, call.scope ?? [], route(call)].flat().join(" ");
  return {
    allowed: who(allowed),
    secured: route(secured),
    denied: denied && `${who(denied)} lacks ${denied.lacking}`,
    open: route(open),
    inactive: who(inactive),
    notes,
  };
}

const noInactive = "No customer is suspended or closing, so none is refused for that.";
const noOpen = "Every operation needs a token, so none is called without one.";

test("the example company: reading one thing comes first, and another client lacks its scope", () => {
  expect(
    choose({
      operations: {
        "GET /health": [],
        "GET /orders": [["read"]],
        "POST /orders": [["write"]],
        "GET /orders/{id}": [["read"]],
      },
      customers: {
        acme: { default: ["read", "write"] },
        globex: { books: ["bill"], ware: ["read"] },
        ini: { a: ["read"] },
      },
      status: { ini: "suspended" },
    }),
  ).toEqual({
    allowed: "acme/default GET /orders/{id}",
    secured: "GET /orders/{id}",
    denied: "globex/books GET /orders/{id} lacks the scope read",
    open: "GET /health",
    inactive: "ini/a GET /orders/{id}",
    notes: [],
  });
});

test("an API that is only written to is written to", () => {
  expect(
    choose({
      operations: { "POST /parcels": [["send"]], "PUT /labels": [["print"]] },
      customers: { a: { b: ["send"] } },
    }),
  ).toEqual({
    allowed: "a/b POST /parcels",
    secured: "POST /parcels",
    denied: "a/b PUT /labels lacks the scope print",
    open: undefined,
    inactive: undefined,
    notes: [noInactive, noOpen],
  });
});

test("if every client has every scope, a token with one of them is refused", () => {
  const { denied } = choose({
    operations: { "GET /a": [["r"]], "GET /b": [["r", "w"]] },
    customers: { one: { c: ["r", "w"] } },
  });
  expect(denied).toBe("one/c r GET /b lacks the scope w");
});

test.each([
  [[["a", "b", "c"]], "the scopes b and c"],
  [[["b"], ["c"]], "the scope b or c"],
  [
    [
      ["a", "b"],
      ["c", "d"],
    ],
    "the scopes b or c and d",
  ],
])("a client with the scope a, of an operation that demands %j, lacks %s", (security, lacking) => {
  const { denied } = choose({
    operations: { "GET /any": [["a"]], "GET /x": security },
    customers: { one: { c: ["a"] } },
  });
  expect(denied).toBe(`one/c GET /x lacks ${lacking}`);
});

test("an operation that demands a token without scopes is one that any client may call", () => {
  expect(choose({ operations: { "GET /me": [[]] }, customers: { one: { c: ["a"] } } })).toEqual({
    allowed: "one/c GET /me",
    secured: "GET /me",
    denied: undefined,
    open: undefined,
    inactive: undefined,
    notes: ["Every active client may call every operation, so no scope is refused.", noInactive, noOpen],
  });
});

test("a mock is refused as any other, but shows no backend", () => {
  expect(
    choose({
      operations: { "GET /later/{id}": { security: [["later"]], backend: "mock" }, "GET /now": [["now"]] },
      customers: { one: { c: ["now"] } },
      mocks: ["mock"],
    }),
  ).toMatchObject({ allowed: "one/c GET /now", denied: "one/c GET /later/{id} lacks the scope later" });
});

const reading = { "GET /a": [["r"]] };
test.each<[string, Given, string]>([
  [
    "no operation",
    { operations: {}, customers: {} },
    "The OpenAPI document has no operation, so there is nothing to call.",
  ],
  [
    "public operations only",
    { operations: { "GET /health": [] }, customers: { one: { c: [] } } },
    "No operation needs a token, so there is nothing to refuse.",
  ],
  [
    "mocks only",
    { operations: reading, customers: { one: { c: ["r"] } }, mocks: ["default"] },
    "API Gateway itself answers every operation that needs a token, so no backend sees a call.",
  ],
  [
    "bodies that are not JSON",
    { operations: { "POST /a": { security: [["r"]], hasBody: false } }, customers: { one: { c: ["r"] } } },
    "Every operation that needs a token requires a body that is not JSON: call it with your own client.",
  ],
  [
    "no customers",
    { operations: reading, customers: {} },
    "No customer has a client yet. Add one: npx customers add NAME --scopes SCOPE",
  ],
  [
    "no active customer",
    { operations: reading, customers: { one: { c: ["r"] } }, status: { one: "closing" } },
    "No customer is active, so nobody may call the API.",
  ],
  [
    "keys only",
    { operations: reading, customers: { one: { c: ["r"], d: ["r"] } }, withKey: ["one/c", "one/d"] },
    "Every active client (one/c, one/d) authenticates with a private key, which is not here. To see calls, add a client with a secret.",
  ],
  [
    "clients without scopes of any operation",
    { operations: reading, customers: { one: { c: ["w"] } } },
    "No active client has the scopes of any operation.",
  ],
])("with %s, no call is allowed, and the reason is printed", (_what, given, note) => {
  const { allowed, notes } = choose(given);
  expect({ allowed, note: notes[0] }).toEqual({ allowed: undefined, note });
});

test.each<[string, Pick<Given, "status" | "withKey" | "customers">, string]>([
  ["all customers are active", { customers: { one: { c: ["r"] } } }, noInactive],
  [
    "the suspended customer has a private key",
    { customers: { one: { c: ["r"] } }, status: { one: "suspended" }, withKey: ["one/c"] },
    "one/c is suspended, but authenticates with a private key, which is not here.",
  ],
  [
    "the closing customer lacks every scope",
    { customers: { one: { c: ["w"] } }, status: { one: "closing" } },
    "one/c is closing, but no operation needs only the scopes that it has.",
  ],
])("if %s, no refusal of an inactive customer is shown, and the reason is printed", (_what, given, note) => {
  const { inactive, notes } = choose({ operations: { ...reading, "GET /open": [] }, ...given });
  expect({ inactive, note: notes.at(-1) }).toEqual({ inactive: undefined, note });
});

test("of public operations, one with a backend that sees the call is called", () => {
  const operations = { ...reading, "GET /a-mock": { security: [], backend: "mock" }, "POST /open": [] };
  const customers = { one: { c: ["r"] } };
  expect(choose({ operations, customers, mocks: ["mock"] }).open).toBe("POST /open");
  const { open, notes } = choose({
    operations: { ...reading, "GET /a-mock": { security: [], backend: "mock" } },
    customers,
    mocks: ["mock"],
  });
  expect({ open, note: notes.at(-1) }).toEqual({
    open: undefined,
    note: "Every operation that needs no token is answered by API Gateway itself, or requires a body that is not JSON.",
  });
});
