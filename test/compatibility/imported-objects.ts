// What people have made in a tenant before anyone deployed, and what a company's customers/imports.json imports.
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { managementApi, type TestCloud } from "../e2e/local-cloud";
import type { Company } from "./kept-companies";

/** What a kept file has instead of a value that each tenant has for itself. */
export type Placeholder = [placeholder: string, value: string];

/** @returns the ids in the tenant, none if the company imports nothing */
export async function createImportedObjects(
  { folder }: Company,
  { cloud }: TestCloud,
): Promise<Placeholder[]> {
  if (!existsSync(join(folder, "customers", "imports.json"))) return [];
  const post = await managementApi(cloud);
  const audience = "https://api.example.com/";
  const scopes = ["read:orders", "write:orders"];
  const api = await post<{ id: string }>("resource-servers", {
    name: "Orders of old",
    identifier: audience,
    token_lifetime: 7200,
    scopes: scopes.map((value) => ({ value, description: "Of old" })),
  });
  const organization = await post<{ id: string }>("organizations", {
    name: "acme-of-old",
    display_name: "Acme Corporation",
    metadata: { number: "4711" },
  });
  const client = await post<{ client_id: string }>("clients", {
    name: "Acme: Warehouse",
    description: "Since 2019",
    app_type: "non_interactive",
    grant_types: ["client_credentials"],
  });
  const grant = await post<{ id: string }>("client-grants", {
    client_id: client.client_id,
    audience,
    scope: scopes,
    organization_usage: "allow",
  });
  await post(`organizations/${organization.id}/client-grants`, { grant_id: grant.id });
  return [
    ["{{id of the API}}", api.id],
    ["{{id of the organization}}", organization.id],
    ["{{id of the client}}", client.client_id],
    ["{{id of the grant}}", grant.id],
  ];
}

/** Copies the company's customers with this tenant's ids in their import data. */
export function copyCustomers({ folder }: Company, to: string, placeholders: readonly Placeholder[]): void {
  cpSync(join(folder, "customers"), to, { recursive: true });
  const file = join(to, "imports.json");
  const filled = placeholders.reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder, value),
    readFileSync(file, "utf8"),
  );
  writeFileSync(file, filled);
}
