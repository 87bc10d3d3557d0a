// Reads the customer files: a pure function from texts to customers and all their problems, and its edge to the disk.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compare, type Problem } from "../diagnostics/problem";
import { parseSource, type Source } from "../diagnostics/source";
import { suggestion } from "../diagnostics/suggestion";
import { unreadable } from "../diagnostics/unreadable";
import { describeIssue, explainIssue } from "./issue";
import { type CustomerFile, customerFile, organizationName } from "./schema";

/** One client of a customer. */
export interface CustomerClient {
  name: string;
  scopes: string[];
}

/** One customer, from one file. */
export interface CustomerDeclaration {
  /** The file's name without its ending: immutable, since the customer's resources are named after it. */
  id: string;
  displayName: string;
  /** Name of its Auth0 organization. */
  organization: string;
  status: CustomerFile["status"];
  /** In the order of the file. */
  clients: CustomerClient[];
}

export interface LoadedCustomers {
  /** In the order of the files' names. To be used only where there is no problem. */
  customers: CustomerDeclaration[];
  problems: Problem[];
  /** How many files were read. */
  files: number;
}

/**
 * Reads every `*.yaml` of a folder.
 * @param folder path relative to the working directory, as it is to show in problems
 * @param scopes every scope that the API declares
 */
export function loadCustomers(folder: string, scopes: readonly string[]): LoadedCustomers {
  let names: string[];
  try {
    names = [...readdirSync(folder)].filter((name) => /\.ya?ml$/.test(name));
  } catch (error) {
    const remedy = 'Create the folder, or set the config key "customers" to the right one.';
    return { customers: [], problems: [unreadable(folder, error, remedy)], files: 0 };
  }
  const files = names.sort(compare).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  return parseCustomers(folder, files, scopes);
}

/** Like {@link loadCustomers}, of texts; `name` is the file's name with its ending. */
export function parseCustomers(
  folder: string,
  files: readonly { name: string; text: string }[],
  scopes: readonly string[],
): LoadedCustomers {
  if (files.length === 0) {
    const message =
      'has no customer file. Add one, for example acme.yaml, or set the config key "customers" to the folder that has them.';
    return { customers: [], problems: [{ file: folder, message }], files: 0 };
  }
  const parsed = files.map(({ name, text }) => parseCustomer(join(folder, name), name, text, scopes));
  const problems = [...parsed.flatMap((one) => one.problems), ...findDuplicates(parsed)];
  const customers = parsed.flatMap(({ customer }) => customer ?? []);
  return { customers, problems, files: files.length };
}

interface Parsed {
  id: string;
  /** As far as it can be told; a file with other problems takes its name all the same. */
  organization: string;
  source: Source;
  customer?: CustomerDeclaration;
  problems: Problem[];
}

function parseCustomer(file: string, name: string, text: string, scopes: readonly string[]): Parsed {
  const source = parseSource(file, text);
  const id = name.replace(/\.ya?ml$/, "");
  const named = isRecord(source.value) ? source.value.organization : undefined;
  const organization = typeof named === "string" ? named : id;
  const problems = [...checkFileName(file, name, id), ...source.problems];
  if (source.problems.length > 0) return { id, organization, source, problems };
  problems.push(...checkScopes(source, scopes));
  const result = customerFile.safeParse(source.value);
  if (!result.success) {
    problems.push(...result.error.issues.flatMap((issue) => explainIssue(source, issue)));
    return { id, organization, source, problems };
  }
  const { displayName, status } = result.data;
  const clients = Object.entries(result.data.clients).map(([client, { scopes }]) => ({
    name: client,
    scopes,
  }));
  return { id, organization, source, problems, customer: { id, displayName, organization, status, clients } };
}

function checkFileName(file: string, name: string, id: string): Problem[] {
  const { success, error } = organizationName.safeParse(id);
  if (success) return [];
  const reasons = error.issues.map((issue) => describeIssue(issue, id)).join(", and ");
  return [{ file, line: 1, column: 1, message: `file name: "${name}" ${reasons}. Rename the file.` }];
}

/** Looks at the plain value, so that scopes are checked in a file that has other problems too. */
function checkScopes(source: Source, scopes: readonly string[]): Problem[] {
  const clients = isRecord(source.value) ? source.value.clients : undefined;
  return Object.entries(isRecord(clients) ? clients : {}).flatMap(([name, client]) => {
    const listed: unknown = isRecord(client) ? client.scopes : undefined;
    return (Array.isArray(listed) ? listed : []).flatMap((scope: unknown, index, all) => {
      if (typeof scope !== "string") return [];
      const at = source.at(["clients", name, "scopes", index]);
      const prefix = `clients.${name}.scopes: "${scope}"`;
      if (!scopes.includes(scope)) {
        return [{ ...at, message: `${prefix} is not a scope of the API. ${suggestion(scope, scopes)}` }];
      }
      return all.indexOf(scope) < index ? [{ ...at, message: `${prefix} is listed twice. Drop one.` }] : [];
    });
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An organization's name is unique in its tenant; two endings make two files of one id. */
function findDuplicates(parsed: readonly Parsed[]): Problem[] {
  const problems: Problem[] = [];
  const organizations = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const { id, organization, source } of parsed) {
    const at = source.at(["organization"]);
    const other = ids.get(id);
    if (other !== undefined) {
      problems.push({ ...source.at([]), message: `customer "${id}" is declared by ${other} too. Keep one.` });
      continue;
    }
    ids.set(id, at.file);
    const taken = organizations.get(organization);
    if (taken !== undefined) {
      problems.push({ ...at, message: `organization name "${organization}" is taken by ${taken}` });
    } else {
      organizations.set(organization, `${at.file}:${at.line}:${at.column}`);
    }
  }
  return problems;
}
