// Refuses a pull request that imports a client and leaves its secret in an AWS account, unless the owners of both files approve. Either
// alone gives nobody a secret: together, whoever writes them gets that of a client which was somebody else's until now.
import { join, posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { importsFile } from "../../customers/imports";
import { isRecord, record } from "../../problems/record";
import { parseSource } from "../../problems/source";
import type { Refusal } from "./guards";
import { ownersOf, type Rule } from "./owners";
import { type Change, checkOwners, readApproval, readPullRequest } from "./owners-of-changes";

/** A file before the pull request and with it; undefined if there is none. */
export interface FileVersions {
  base(): string | undefined;
  head: string | undefined;
}

export interface DeliveredImport {
  customer: string;
  /** Name of its file. */
  file: string;
  /** Ids of the AWS accounts that get its secrets. */
  accounts: string[];
}

/** @param fileOf the file of the customer with this id */
export function deliveredImports(
  imports: FileVersions,
  fileOf: (customer: string) => FileVersions & { name: string },
): DeliveredImport[] {
  const after = importedCustomers(imports.head);
  if (after.size === 0) return [];
  const before = importedCustomers(imports.base());
  return [...after].flatMap(([customer, imported]) => {
    const file = fileOf(customer);
    const accounts = accountsOf(file.head);
    if (accounts.length === 0) return [];
    const isNew = !isDeepStrictEqual(imported, before.get(customer));
    const known = isNew ? [] : accountsOf(file.base());
    const guarded = accounts.filter((account) => !known.includes(account));
    return guarded.length === 0 ? [] : [{ customer, file: file.name, accounts: guarded }];
  });
}

/** Ids alone: what else import data says of a customer gives nobody anything. */
function importedCustomers(text: string | undefined): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const tenant of Object.values(record(parsed(text)))) {
    for (const [customer, imported] of Object.entries(record(record(tenant).customers))) {
      const { organization, clients } = record(imported);
      const ids = [organization, ...Object.values(record(clients))].map((one) => String(record(one).id));
      found.set(customer, [...(found.get(customer) ?? []), ...ids].sort());
    }
  }
  return found;
}

/** Of every stack that the file speaks of. */
function accountsOf(text: string | undefined): string[] {
  const { delivery, stacks } = record(parsed(text));
  const all = [delivery, ...Object.values(record(stacks)).map((one) => record(one).delivery)];
  const ids = all.filter(isRecord).flatMap(({ awsAccountId: id }) => (id === undefined ? [] : [String(id)]));
  return [...new Set(ids)];
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : parseSource("", text).value;
}

/** @param folder of the customer files */
export function checkDeliveredImports(
  delivered: readonly DeliveredImport[],
  rules: readonly Rule[],
  change: Omit<Change, "files">,
  folder: string,
): Refusal[] {
  const imports = join(folder, importsFile);
  return delivered.flatMap(({ customer, file, accounts }) => {
    const files = [imports, join(folder, file)];
    const what = `${imports} imports ${customer}, whose secrets go to the AWS account ${accounts.join(", ")}: its author would get the secrets of clients that exist.`;
    const nobodys = files.filter((file) => ownersOf(rules, file).length === 0);
    if (nobodys.length > 0) {
      return [
        refusal(
          `${what} CODEOWNERS gives ${nobodys.join(" and ")} to nobody. Split it: import and deploy first, delete the lines of ${imports}, and add the delivery by another pull request.`,
        ),
      ];
    }
    const owners = files.map((file) => `${ownersOf(rules, file).join(", ")} (${file})`).join(" and ");
    const mayAll = checkOwners(rules, { ...change, files }).length === 0;
    // An author may own one of the files, or both; somebody else must have seen it.
    const isSeen = checkOwners(rules, { ...change, author: "", files }).length < files.length;
    if (mayAll && isSeen) return [];
    return [
      refusal(
        `${what} Have an owner of each file approve, at least one of them not the author: ${owners}. Then run the preview again.`,
      ),
    ];
  });
}

function refusal(message: string): Refusal {
  return { guard: "imports with delivery", message };
}

/**
 * Of the repository here: the pull request's files are read as data of Git, and its base says who owns what. Every file of import data
 * counts, whichever folder a stack's settings name.
 * @param environment see the usage of `npx customers review`
 */
export function checkImportedDeliveries(
  environment: Readonly<Record<string, string | undefined>>,
  folder = ".",
): Refusal[] {
  const { PR_AUTHOR: author } = environment;
  if (!author) return [];
  try {
    const { trees, rules } = readPullRequest(environment, folder);
    const change = { author, ...readApproval(environment) };
    const importFiles = trees.head.paths().filter((path) => posix.basename(path) === importsFile);
    return importFiles.flatMap((path) => {
      const customers = posix.dirname(path);
      const versions = (name: string) => ({
        name,
        base: () => trees.base.read(posix.join(customers, name)),
        head: trees.head.read(posix.join(customers, name)),
      });
      const delivered = deliveredImports(versions(importsFile), (customer) => {
        const yaml = versions(`${customer}.yaml`);
        return yaml.head === undefined ? versions(`${customer}.yml`) : yaml;
      });
      return checkDeliveredImports(delivered, rules, change, customers);
    });
  } catch {
    // If the commits cannot be read, checkChangedFiles refuses that.
    return [];
  }
}
