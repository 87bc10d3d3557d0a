// Which organization and client of a tenant is whose: ids of an import before marks, and marks before names.
import type { TenantImports } from "../../src/customers/import-data";
import { type CustomerDeclaration, parseCustomers } from "../../src/customers/load-customers";
import { Grants, isPortalMade, matchTenant } from "../../src/tenant/match-customers";
import { audience, client, grant, organization, tenant } from "./tenants";

const none: TenantImports = { customers: {} };

function declare(text: string, id = "acme"): CustomerDeclaration[] {
  const file = {
    name: `${id}.yaml`,
    text: `displayName: A\n${text}clients: {ci: {scopes: [read:orders]}}\n`,
  };
  return parseCustomers("customers", [file], ["read:orders"]).customers;
}

const marked = (customer: string, id: string, name = id) =>
  organization(name, { id, metadata: { customer } });
const markedClient = (customer: string, id: string, name = id) =>
  client(name, { id, clientMetadata: { customer, client: "ci" } });

const organizations: [
  what: string,
  found: ReturnType<typeof organization>[],
  given: [string, TenantImports?],
  id?: string,
][] = [
  ["its name", [organization("other"), organization("acme")], [""], "org_acme"],
  [
    "the name that its file says",
    [organization("acme"), organization("acme-eu")],
    ["organization: acme-eu\n"],
    "org_acme-eu",
  ],
  ["its mark, before a name", [organization("acme"), marked("acme", "1", "renamed")], [""], "1"],
  ["the mark that it had until now", [marked("old", "1")], ["previously: old\n"], "1"],
  [
    "the id of an import, before a mark",
    [marked("acme", "1"), organization("theirs", { id: "2" })],
    ["", { customers: { acme: { organization: { id: "2", keeps: [] }, clients: {} } } }],
    "2",
  ],
  ["nothing that is another's", [marked("other", "1", "other")], [""], undefined],
];

test.each(organizations)("an organization is found by %s", (_, found, [text, imports = none], id) => {
  const match = matchTenant(tenant({ organizations: found }), declare(text), imports);
  expect(match.customers[0]?.organization?.id).toBe(id);
  expect(match.organizations).toEqual(found.filter((one) => one.id !== id));
});

const clients: [
  what: string,
  found: ReturnType<typeof client>[],
  given: [string, TenantImports?],
  id?: string,
][] = [
  ["its name", [client("ci", { id: "0" }), client("acme/ci", { id: "1" })], [""], "1"],
  ["its mark, before a name", [client("acme/ci", { id: "1" }), markedClient("acme", "2")], [""], "2"],
  ["the mark that it had until now", [markedClient("old", "1")], ["previously: old\n"], "1"],
  [
    "the id of an import, before a mark",
    [markedClient("acme", "1"), client("theirs", { id: "2" })],
    [
      "",
      {
        customers: {
          acme: {
            organization: { id: "x", keeps: [] },
            clients: { ci: { id: "2", keeps: [], grant: { id: "g", keeps: [] } } },
          },
        },
      },
    ],
    "2",
  ],
  ["nothing that is another's", [markedClient("other", "1")], [""], undefined],
];

test.each(clients)("a client is found by %s", (_, found, [text, imports = none], id) => {
  const match = matchTenant(tenant({ clients: found }), declare(text), imports);
  expect(match.customers[0]?.clients[0]?.found?.id).toBe(id);
  expect(match.clients).toEqual(found.filter((one) => one.id !== id));
});

test("what is one customer's is no other's", () => {
  const customers = [...declare("", "acme"), ...declare("organization: acme\n", "zeta")];
  const { customers: matched } = matchTenant(
    tenant({ organizations: [organization("acme")] }),
    customers,
    none,
  );
  expect(matched.map(({ organization: found }) => found?.id)).toEqual(["org_acme", undefined]);
});

test("a grant is a client's, on the API, and for the client itself", () => {
  const one = client("one", { id: "1" });
  const found = tenant({
    organizations: [
      organization("a", { grants: ["right"] }),
      organization("b", { grants: ["right", "other"] }),
    ],
    clients: [one],
    grants: [
      grant("1", { id: "other", audience: "https://other/" }),
      grant("1", { id: "users", subjectType: "user" }),
      grant("1", { id: "right" }),
      grant("2", { id: "another's" }),
      grant("", { id: "nobody's", clientId: undefined }),
      grant("", { id: "elsewhere", clientId: undefined, audience: "https://other/" }),
    ],
  });
  const grants = new Grants(found, audience);
  const own = grants.onApi(one);
  expect(own?.id).toBe("right");
  expect(grants.of(one).map(({ id }) => id)).toEqual(["other", "users", "right"]);
  expect(own && grants.organizationsOf(own).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(grants.ofNobody.map(({ id }) => id)).toEqual(["nobody's"]);
});

const portals: [client: string, organization: string | undefined, isPortal: boolean][] = [
  ["Jane.Doe+api@customer-a.example", "janedoeapicustomeraexample", true],
  ["jane@customer.example", "customer", false],
  ["janecustomerexample", "janecustomerexample", false],
  ["jane@customer.example", undefined, false],
];

test.each(portals)("that the portal made %s of %s is %p", (name, own, isPortal) => {
  expect(isPortalMade(client(name), own === undefined ? undefined : organization(own))).toBe(isPortal);
});
