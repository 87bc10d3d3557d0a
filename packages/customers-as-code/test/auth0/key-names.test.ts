import { publicPem } from "../../../auth0-tenant/testing/assertion";
import { deployedKeyNames, nameKeys, namesIn } from "../../src/auth0/key-names";
import { thumbprintOf } from "../../src/customers/public-key";

const [first, second, third] = [publicPem("one"), publicPem("two"), publicPem("three")];
const called = (...names: [string, string][]) =>
  Object.fromEntries(names.map(([pem, name]) => [thumbprintOf(pem), name]));

test("a client's first key is called as it always was, and a second one by its thumbprint", () => {
  expect(nameKeys([first])).toEqual(["customer"]);
  expect(nameKeys([first, second])).toEqual(["customer", thumbprintOf(second)]);
});

test("a key keeps the name that it has, through a rotation, its end and the next one", () => {
  const before = called([first, "customer"]);
  expect(nameKeys([first, second], before)).toEqual(["customer", thumbprintOf(second)]);
  const both = called([first, "customer"], [second, thumbprintOf(second)]);
  expect(nameKeys([second], both)).toEqual([thumbprintOf(second)]);
  const after = called([second, thumbprintOf(second)]);
  expect(nameKeys([second], after)).toEqual([thumbprintOf(second)]);
  const next = nameKeys([second, third], after);
  expect(next).toEqual([thumbprintOf(second), thumbprintOf(third)]);
});

test("a rotation that is called off leaves the first key with its name", () => {
  const both = called([first, "customer"], [second, thumbprintOf(second)]);
  expect(nameKeys([first], both)).toEqual(["customer"]);
  expect(nameKeys([second, first], both)).toEqual([thumbprintOf(second), "customer"]);
});

test("no two keys get one name, whichever the last deployment knew", () => {
  const all = [first, second, third];
  const knowns = [{}, ...all.map((pem) => called([pem, "customer"]))];
  for (const known of knowns) {
    for (const one of all) {
      for (const other of all.filter((pem) => pem !== one)) {
        const [a, b] = nameKeys([one, other], known);
        expect(a).not.toBe(b);
      }
    }
  }
});

test("keys that have been imported, or that both have the old name, stay as Auth0 has them", () => {
  expect(nameKeys([first], called([first, "production"]))).toEqual(["production"]);
  const same = called([first, "customer"], [second, "customer"]);
  expect(nameKeys([first, second], same)).toEqual(["customer", "customer"]);
});

test("names are read from Auth0's thumbprint, or else from the key", () => {
  const key = { credentialType: "public_key", algorithm: "RS256", createdAt: "", updatedAt: "", id: "" };
  const rest = { ...key, expiresAt: "" };
  const credentials = [
    { ...rest, name: "customer", keyId: "abc", pem: "" },
    { ...rest, name: "other", keyId: "", pem: first },
  ];
  expect(namesIn({ credentials })).toEqual({ abc: "customer", [thumbprintOf(first)]: "other" });
  expect(namesIn(undefined)).toEqual({});
});

test("the last deployment's names are found under the old names of a customer and a client", () => {
  const keys = { ci: { abc: "customer" } };
  const deployed = { acme: { status: "active", clients: {}, keys } };
  const client = { name: "build", previously: "ci", scopes: [], rotation: "1", closing: false };
  const customer = { id: "acme-inc", previously: "acme", clients: [client] };
  expect(deployedKeyNames(customer, deployed)).toEqual({ build: { abc: "customer" } });
  expect(deployedKeyNames({ ...customer, id: "acme" }, deployed)).toEqual({ build: { abc: "customer" } });
  expect(deployedKeyNames({ id: "wayne", clients: [client] }, deployed)).toEqual({});
});
