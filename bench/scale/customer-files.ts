// Customers as a company has them: most with one client, each tenth with two.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function writeCustomers(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  for (let n = 0; n < count; n += 1) writeCustomer(folder, n);
}

/** @param scopes of its first client */
export function writeCustomer(folder: string, n: number, scopes = "read:orders, write:orders"): void {
  const second = n % 10 === 0 ? "  bookkeeping:\n    scopes: [read:invoices]\n" : "";
  writeFileSync(
    join(folder, `customer-${n}.yaml`),
    `displayName: Customer ${n}
contact: api@customer-${n}.example
metadata:
  stripeCustomerId: cus_${n}
clients:
  default:
    scopes: [${scopes}]
${second}`,
  );
}
