// Which client of a tenant is which generation of a file's client.
import { declareClient } from "../../src/auth0/declaration";
import { generationsOf } from "../../src/customers/generations";
import { parseCustomers } from "../../src/customers/load-customers";
import { matchTenant } from "../../src/tenant/match-customers";
import { client, organization, tenant } from "../customers/tenants";

const text = `displayName: Acme
clients:
  ci:
    scopes: [read:orders]
    rotation: 3
    retiring: 2
  app:
    scopes: [read:orders]
    previously: portal
    rotation: 2026-05-01
`;
const { customers } = parseCustomers("customers", [{ name: "acme.yaml", text }], ["read:orders"]);

/** Of the clients as the program makes them: with its marks, or by their names alone. */
function match(isMarked: boolean) {
  const clients = customers.flatMap((customer) =>
    customer.clients.flatMap(generationsOf).map((generation) => {
      const { name, clientMetadata } = declareClient(customer, generation, "org_acme");
      return client(isMarked ? `renamed ${name}` : name, { id: name, ...(isMarked && { clientMetadata }) });
    }),
  );
  const ended = client("acme/ci", { id: "ended", clientMetadata: { customer: "acme", client: "ci" } });
  const found = tenant({ organizations: [organization("acme")], clients: [ended, ...clients] });
  const matched = matchTenant(found, customers, { customers: {} });
  return {
    found: matched.customers.flatMap((one) =>
      one.clients.map(({ client: { key }, found }) => [key, found?.id]),
    ),
    left: matched.clients.map(({ id }) => id),
  };
}

test.each([true, false])(
  "each rotation has its own client, and what has ended is nobody's (marks: %s)",
  (isMarked) => {
    expect(match(isMarked)).toEqual({
      found: [
        ["ci/3", "acme/ci/3"],
        ["ci/2", "acme/ci/2"],
        ["app/2026-05-01", "acme/app/2026-05-01"],
      ],
      left: ["ended"],
    });
  },
);

test("a renamed client's rotations are found by its old name", () => {
  const old = client("acme/portal/2026-05-01", { id: "old" });
  const {
    customers: [acme],
  } = matchTenant(tenant({ clients: [old] }), customers, { customers: {} });
  expect(acme?.clients.map(({ found }) => found?.id)).toEqual([undefined, undefined, "old"]);
});
