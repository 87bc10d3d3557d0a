// What the program declares in Auth0, as far as it is composed of what files say.
import { declareApi, declareClient, declareScopes } from "../../src/auth0/declaration";
import { generationsOf } from "../../src/customers/generations";
import { parseCustomers } from "../../src/customers/load-customers";

/** The description of the one client of a customer, whose file the schema takes. */
function descriptionOf(displayName: string, client: string): string {
  const text = JSON.stringify({ displayName, clients: { [client]: { scopes: ["read:orders"] } } });
  const { customers, problems } = parseCustomers("customers", [{ name: "acme.yaml", text }], ["read:orders"]);
  expect(problems).toEqual([]);
  const [customer] = customers;
  const [generation] = customer?.clients.flatMap(generationsOf) ?? [];
  if (!customer || !generation) throw new Error("there is no client");
  return declareClient(customer, generation, "org_1").description;
}

describe("a client's description", () => {
  it("names the client and its customer", () => {
    expect(descriptionOf("Acme", "ci")).toBe('Client "ci" of Acme.');
    const fitting = descriptionOf("A".repeat(124), "ci");
    expect(fitting).toBe(`Client "ci" of ${"A".repeat(124)}.`);
    expect(fitting).toHaveLength(140);
  });

  it("is cut to the 140 characters that Auth0 takes", () => {
    expect(descriptionOf("A".repeat(125), "ci")).toBe(`Client "ci" of ${"A".repeat(124)}…`);
    expect(descriptionOf("A".repeat(255), "c".repeat(50))).toHaveLength(140);
  });

  it("is cut between characters, however they are counted, and not behind a space", () => {
    expect(descriptionOf(`${"A".repeat(123)}${"😀".repeat(60)}`, "ci")).toBe(
      `Client "ci" of ${"A".repeat(123)}…`,
    );
    expect(descriptionOf(`${"A".repeat(123)} ${"B".repeat(60)}`, "ci")).toBe(
      `Client "ci" of ${"A".repeat(123)}…`,
    );
  });
});

test("what the API's document says is cut to what Auth0 takes too", () => {
  const api = { name: "N".repeat(201), identifier: "https://x", scopes: {}, tokenLifetime: 60 };
  expect(declareApi(api).name).toBe(`${"N".repeat(199)}…`);
  expect(declareScopes({ read: "R".repeat(500), write: "W".repeat(501) })).toEqual([
    { name: "read", description: "R".repeat(500) },
    { name: "write", description: `${"W".repeat(499)}…` },
  ]);
});
