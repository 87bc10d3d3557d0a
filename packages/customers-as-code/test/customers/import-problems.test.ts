// The wording of every problem of import data, in one file.
import { join } from "node:path";
import { parseImports } from "../../src/customers/imports";
import { parseCustomers } from "../../src/customers/load-customers";
import { expectGolden } from "../problems/golden";

const domain = "example.eu.auth0.com";
const files = [{ name: "acme.yaml", text: "displayName: Acme\nclients:\n  default: { scopes: [read] }\n" }];
const declared = parseCustomers("customers", files, ["read"]);

const organization = { id: "org_1", keeps: [] };
const read = (customers: object, beside: object = {}) => {
  const text = JSON.stringify({ [domain]: { customers, ...beside } });
  return () => parseImports("customers/imports.json", text, domain, declared).problems;
};
const client = { id: "abc", keeps: [] };

test("the wording of import data's problems is that of the golden file", () => {
  expectGolden("imports", join(__dirname, "__golden__/imports.txt"), {
    "imports-unknown-key": read({}, { clients: {} }),
    "imports-missing-value": read({ acme: { clients: {} } }),
    "imports-wrong-type": read({ acme: { organization: "org_1", clients: {} } }),
    "imports-invalid-value": read({ acme: { organization: { id: "", keeps: [] }, clients: {} } }),
    "imports-customer-unknown": read({ acne: { organization, clients: {} } }),
    "imports-client-unknown": read({ acme: { organization, clients: { defualt: client } } }),
    "imports-id-twice": read({
      acme: { organization, clients: { default: client, "default/2": client } },
    }),
    "imports-property-not-kept": read({
      acme: { organization: { id: "org_1", keeps: ["branding"] }, clients: {} },
    }),
  });
});
