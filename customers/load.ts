// Reads the customer files: a pure function from texts to customers and all their problems, and its edge to the disk.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compare, type Problem } from "../diagnostics/problem";
import { record } from "../diagnostics/record";
import { parseSource } from "../diagnostics/source";
import { unreadable } from "../diagnostics/unreadable";
import { checkClients, checkTogether, type Named } from "./checks";
import { firstRotation } from "./generations";
import { describeIssues, explainIssue } from "./issue";
import { type CustomerFile, customerFile, organizationName } from "./schema";

/** One client of a customer. */
export interface CustomerClient {
  name: string;
  scopes: string[];
  /** Whether it may be deleted by the next change. */
  closing: boolean;
  /** Where it authenticates by a key pair and not by a secret: the customer's public key, as PEM. */
  publicKey?: string;
  /** The key before it, for as long as both shall be good. */
  retiringPublicKey?: string;
  /** Number or date. */
  rotation: string;
  /** The rotation before it, for as long as the secrets of both shall be good. */
  retiring?: string;
  /** Name that it had until now. */
  previously?: string;
}

/** One customer, from one file. */
export interface CustomerDeclaration {
  /** The file's name without its ending: the customer's resources are named after it. */
  id: string;
  displayName: string;
  /** Name of its Auth0 organization. */
  organization: string;
  /** E-mail address. */
  contact?: string;
  status: CustomerFile["status"];
  /** Id that it had until now. */
  previously?: string;
  metadata: Record<string, string>;
  /** Where its secrets go beside the stack's outputs. */
  delivery?: CustomerFile["delivery"];
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
  const { files, problems } = readCustomerFiles(folder);
  return problems.length > 0 ? { customers: [], problems, files: 0 } : parseCustomers(folder, files, scopes);
}

/** The texts of a folder's `*.yaml`, in the order of their names. */
export function readCustomerFiles(folder: string): { files: CustomerText[]; problems: Problem[] } {
  let names: string[];
  try {
    names = [...readdirSync(folder)].filter((name) => /\.ya?ml$/.test(name));
  } catch (error) {
    const remedy = 'Create the folder, or set the config key "customers" to the right one.';
    return { files: [], problems: [unreadable(folder, error, remedy)] };
  }
  const files = names.sort(compare).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  return { files, problems: [] };
}

/** A file, by its name with the ending. */
export interface CustomerText {
  name: string;
  text: string;
}

/** The id of the customer whose file has the name. */
export function idOf(name: string): string {
  return name.replace(/\.ya?ml$/, "");
}

/** Like {@link loadCustomers}, of texts. */
export function parseCustomers(
  folder: string,
  files: readonly CustomerText[],
  scopes: readonly string[],
): LoadedCustomers {
  if (files.length === 0) {
    const message =
      'has no customer file. Add one, for example acme.yaml, or set the config key "customers" to the folder that has them.';
    return { customers: [], problems: [{ file: folder, message }], files: 0 };
  }
  const parsed = files.map(({ name, text }) => parseCustomer(join(folder, name), name, text, scopes));
  const problems = [...parsed.flatMap((one) => one.problems), ...checkTogether(parsed)];
  const customers = parsed.flatMap(({ customer }) => customer ?? []);
  return { customers, problems, files: files.length };
}

interface Parsed extends Named {
  customer?: CustomerDeclaration;
  problems: Problem[];
}

function parseCustomer(file: string, name: string, text: string, scopes: readonly string[]): Parsed {
  const source = parseSource(file, text);
  const id = idOf(name);
  const given = record(source.value).organization;
  // A file with other problems takes its name all the same.
  const organization = typeof given === "string" ? given : id;
  const problems = [...checkFileName(file, name, id), ...source.problems];
  if (source.problems.length > 0) return { id, organization, source, problems };
  problems.push(...checkClients(source, scopes));
  const result = customerFile.safeParse(source.value);
  if (!result.success) {
    problems.push(...result.error.issues.flatMap((issue) => explainIssue(source, issue)));
    return { id, organization, source, problems };
  }
  const { metadata = {}, clients: declared, ...rest } = result.data;
  const clients = Object.entries(declared).map(
    ([client, { authentication: _, rotation = firstRotation, retiring, ...more }]) => ({
      name: client,
      rotation: String(rotation),
      ...(retiring !== undefined && { retiring: String(retiring) }),
      ...more,
    }),
  );
  return { id, organization, source, problems, customer: { ...rest, id, organization, metadata, clients } };
}

function checkFileName(file: string, name: string, id: string): Problem[] {
  const { success, error } = organizationName.safeParse(id);
  if (success) return [];
  const message = `file name: "${name}" ${describeIssues(error.issues, id)}. Rename the file.`;
  return [{ file, line: 1, column: 1, message }];
}
