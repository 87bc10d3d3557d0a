// customers/imports.json: what exists in a tenant already, which a deployment imports instead of creating it. `npx customers import`
// and `npx customers repair` write it; once it is deployed, it goes.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ProblemCode } from "../problems/codes";
import type { Problem } from "../problems/problem";
import { own } from "../problems/record";
import { type Place, parseSource, type Source } from "../problems/source";
import { suggestion } from "../problems/suggestion";
import { readTextFile } from "../problems/text-file";
import { printPath } from "../problems/words";
import { explainIssue, type IssueKind } from "../problems/zod-issue";
import { checkImportData } from "./check-import-data";
import { generationsOf } from "./generations";
import type { CustomerDeclaration, LoadedCustomers } from "./load-customers";

/** A name that no customer's file can have, in the folder that a pull request changes anyway. */
export const importsFile = "imports.json";

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
const allImports = z.record(z.string(), tenantImports);

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

export interface LoadedImports {
  /** Of the one tenant; empty where there are none. */
  imports: TenantImports;
  /** Of all tenants. */
  all: AllImports;
  placeOf: PlaceOfImport;
  problems: Problem[];
  files: number;
}

/** Reads the file, if there is one. @param domain of the tenant that the stack has */
export function loadImports(folder: string, domain: string, declared: LoadedCustomers): LoadedImports {
  const file = join(folder, importsFile);
  const nothing = { imports: { customers: {} }, all: {}, placeOf: () => ({ file, line: 1, column: 1 }) };
  if (!existsSync(file)) return { ...nothing, problems: [], files: 0 };
  // Hundreds of kilobytes for each thousand customers.
  const { text, problems } = readTextFile(file, {
    remedy: "Fix that, or delete the file.",
    limit: 64 * 1024 * 1024,
  });
  if (text === undefined) return { ...nothing, problems, files: 1 };
  return parseImports(file, text, domain, declared);
}

/** Like {@link loadImports}, of a text. */
export function parseImports(
  file: string,
  text: string,
  domain: string,
  declared: LoadedCustomers,
): LoadedImports {
  const source = parseSource(file, text);
  const placeOf: PlaceOfImport = (path) => source.at([domain, ...path]);
  const none = { imports: { customers: {} }, all: {}, placeOf, files: 1 };
  if (source.problems.length > 0) return { ...none, problems: source.problems };
  const { data, error } = allImports.safeParse(source.value);
  if (!data) {
    const findings = error.issues.flatMap((issue) => explainIssue(issue, source.value));
    const problems = findings.map(({ kind, path, key, message }): Problem => {
      const reason = kind === "unknownKey" ? `Unrecognized key: "${key}"` : message;
      return {
        ...(key === undefined ? source.at(path) : source.atKey(path, key)),
        code: codes[kind],
        message: `${printPath(path) || "the file"}: ${reason}. Delete the file, and have "npx customers import" write it again.`,
      };
    });
    return { ...none, problems };
  }
  const imports = own(data, domain) ?? { customers: {} };
  const problems = [
    ...checkImportData(imports, placeOf),
    // Of files with problems it is not known what they declare.
    ...(declared.problems.length > 0 ? [] : strangers(source, domain, imports, declared.customers)),
  ];
  return { imports, all: data, placeOf, problems, files: 1 };
}

const codes = {
  unknownKey: "imports-unknown-key",
  missingValue: "imports-missing-value",
  wrongType: "imports-wrong-type",
  // Any string is a key of its maps.
  invalidKey: "imports-invalid-value",
  invalidValue: "imports-invalid-value",
} as const satisfies Record<IssueKind, ProblemCode>;

/** Import data of customers and clients that no file declares: each would be made a second time under another name. */
function strangers(
  source: Source,
  domain: string,
  imports: TenantImports,
  customers: readonly CustomerDeclaration[],
): Problem[] {
  const declared = new Map(customers.map((customer) => [customer.id, customer]));
  return Object.entries(imports.customers).flatMap(([id, { clients }]): Problem[] => {
    const path = [domain, "customers", id];
    const customer = declared.get(id);
    if (!customer) {
      const message = `customer "${id}" has no file. ${suggestion(id, [...declared.keys()])} If it is gone, delete its lines here.`;
      return [{ ...source.atKey(path.slice(0, -1), id), code: "imports-customer-unknown", message }];
    }
    const names = customer.clients.flatMap(generationsOf).map(({ key }) => key);
    return Object.keys(clients)
      .filter((name) => !names.includes(name))
      .map((name) => ({
        ...source.atKey([...path, "clients"], name),
        code: "imports-client-unknown",
        message: `customer "${id}" has no client "${name}". ${suggestion(name, names)} If it is gone, delete its lines here.`,
      }));
  });
}

/** The file's text. */
export function renderImports(all: AllImports): string {
  return `${JSON.stringify(all, null, 2)}\n`;
}
