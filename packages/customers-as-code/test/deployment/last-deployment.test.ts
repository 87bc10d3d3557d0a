import { clientsOf, joinLastDeployments, readLastDeployment } from "../../src/deployment/last-deployment";

const customers = { acme: { status: "active" } };

test("what the last deployment left is read", () => {
  const lastDeployment = {
    protect: true,
    clients: {
      acme: { "default/2": { scopes: "read:orders write:orders" }, default: { scopes: "", mayGo: true } },
    },
    address: { domain: "example.eu.auth0.com", audience: "https://api/" },
    losses: [{ at: "2026-11-30T12:00:00Z", customer: "acme", client: "ci" }],
    formerOrganizations: { org_1: { customer: "acme", since: "2026-11-30T12:00:00Z", replaced: true } },
  };
  const { protect: _, ...rest } = lastDeployment;
  expect(readLastDeployment({ customers, lastDeployment })).toEqual({
    ...rest,
    clients: {
      acme: {
        "default/2": { scopes: ["read:orders", "write:orders"] },
        default: { scopes: [], mayGo: true },
      },
    },
    unprotected: new Set(),
  });
});

test("what is not known is protected, and nothing else is known of it", () => {
  const unknown = {
    unprotected: new Set(),
    clients: {},
    losses: [],
    formerOrganizations: {},
  };
  for (const outputs of [undefined, {}, { customers }, { customers, lastDeployment: null }]) {
    expect(readLastDeployment(outputs)).toEqual(unknown);
  }
});

test("of a stack without protection, all customers are unprotected", () => {
  expect(readLastDeployment({ customers, lastDeployment: { protect: false } }).unprotected).toEqual(
    new Set(["acme"]),
  );
});

test("a part that cannot be read loses nothing of the others", () => {
  const formerOrganizations = { org_1: { customer: "acme", since: "2026-11-30T12:00:00Z" } };
  const lastDeployment = { protect: "yes", clients: 1, address: [], losses: {}, formerOrganizations };
  expect(readLastDeployment({ customers, lastDeployment })).toMatchObject({
    formerOrganizations,
    unprotected: new Set(),
  });
});

test("of an entry that cannot be read, the organization is remembered still", () => {
  const formerOrganizations = { org_1: 1, org_2: { customer: "acme", since: "2026-11-30T12:00:00Z" } };
  expect(readLastDeployment({ lastDeployment: { formerOrganizations } }).formerOrganizations).toEqual({
    ...formerOrganizations,
    org_1: { customer: "", since: "" },
  });
});

test("a main stack knows what its shards do, and of an organization what it has known itself", () => {
  const stack = (id: string, since: string, protect: boolean) =>
    readLastDeployment({
      customers: { [id]: {} },
      lastDeployment: {
        protect,
        clients: { [id]: { default: { scopes: "" } } },
        losses: [{ at: since, customer: id }],
        formerOrganizations: { org_1: { customer: "gone", since } },
      },
    });
  const joined = joinLastDeployments(stack("a", "2026-01-01", true), [stack("b", "2026-01-02", false)]);
  expect(joined).toMatchObject({
    unprotected: new Set(["b"]),
    clients: { a: {}, b: {} },
    losses: [{ customer: "a" }],
    formerOrganizations: { org_1: { since: "2026-01-01" } },
  });
});

test("each generation of a client is left by its key, and those that may go are marked", () => {
  const client = { scopes: ["read:orders", "write:orders"], closing: false, rotation: "1" };
  const clients = [
    { ...client, name: "ci", closing: true },
    { ...client, name: "default", rotation: "2", retiring: "1" },
  ];
  const acme = { id: "acme", displayName: "Acme", organization: "acme", metadata: {}, clients };
  const scopes = "read:orders write:orders";
  expect(clientsOf([{ ...acme, status: "active" }])).toEqual({
    acme: { ci: { scopes, mayGo: true }, "default/2": { scopes }, default: { scopes, mayGo: true } },
  });
});
