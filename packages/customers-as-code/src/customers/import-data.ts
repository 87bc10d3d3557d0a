// The format of customers/imports.json.
import { z } from "zod";
import type { Place } from "../problems/source";

const existing = z.strictObject({
  /** Auth0's. */
  id: z.string().min(1),
  /** Properties that stay as Auth0 has them for as long as this is here. */
  keeps: z.array(z.string()),
});

const importedClient = z.strictObject({
  ...existing.shape,
  /** Absent if a deployment must still create it. */
  grant: existing.optional(),
  /** What else a deployment must still create of it, after one was broken off. */
  lacks: z.array(z.enum(["credentials", "organizationGrant"])).optional(),
});
const importedCustomer = z.strictObject({
  organization: existing,
  clients: z.record(z.string(), importedClient),
});
const tenantImports = z.strictObject({
  api: z.strictObject({ ...existing.shape, scopes: existing }).optional(),
  customers: z.record(z.string(), importedCustomer),
});
export const allImports = z.record(z.string(), tenantImports);

/** A thing of Auth0's that is imported. */
export type Imported = z.output<typeof existing>;
export type ImportedClient = z.output<typeof importedClient>;
export type ImportedCustomer = z.output<typeof importedCustomer>;
export type ImportedApi = NonNullable<TenantImports["api"]>;
/** Place of the value at a path of one tenant's import data. */
export type PlaceOfImport = (path: readonly string[]) => Place;
/** By customer and client. */
export type TenantImports = z.output<typeof tenantImports>;
/** By the tenant's domain, since stacks have tenants of their own and share the customers. */
export type AllImports = z.output<typeof allImports>;
