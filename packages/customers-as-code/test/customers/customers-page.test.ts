// docs/reference/customers.md, held together with what it is about.
import { readFileSync } from "node:fs";
import { commands } from "../../src/cli/main";
import { clientFile, customerFile } from "../../src/customers/customer-schema";
import { parseCustomers } from "../../src/customers/load-customers";

const page = readFileSync("docs/reference/customers.md", "utf8");
const [ofCustomer = "", ofClient = ""] = page.split("\nOf a client:\n");
const keysIn = (text: string) => [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);

test("the page has every key of a customer and of a client, and no other", () => {
  expect(keysIn(ofCustomer)).toEqual(Object.keys(customerFile.shape));
  expect(keysIn(ofClient)).toEqual(Object.keys(clientFile.shape));
});

test("its example is a customer without a problem, which shows all keys that do not exclude each other", () => {
  const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const scopes = ["read:orders", "write:orders", "read:invoices"];
  const { customers, problems } = parseCustomers("customers", [{ name: "globex.yaml", text }], scopes);
  expect(problems).toEqual([]);
  const shown = Object.keys(customerFile.shape).filter((key) => new RegExp(`^${key}:`, "m").test(text));
  expect(shown).toEqual(Object.keys(customerFile.shape).filter((key) => key !== "previously"));
  expect(customers[0]?.clients.map(({ publicKey }) => publicKey !== undefined)).toEqual([false, true]);
});

test("it names every command, and none that there is not", () => {
  const named = [...page.matchAll(/npx customers ([\w-]+)/g)].map(([, name]) => name);
  const known = commands.map(({ name }) => name);
  expect(named.filter((name) => !known.includes(name ?? ""))).toEqual([]);
  const ofCustomers = commands.filter(({ group }) => group === "Customers:").map(({ name }) => name);
  expect(ofCustomers.filter((name) => !named.includes(name))).toEqual([]);
});
