// Refuses a pull request that imports a client and leaves its secret in an AWS account, unless the owners of both files approve. Either
// alone gives nobody a secret: together, whoever writes them gets that of a client which was somebody else's until now.
import { join, posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { importsFile } from "../../customers/imports";
import { formatProblem, type Problem } from "../../problems/problem";
import { asRecord, isRecord } from "../../problems/record";
import { parseSource } from "../../problems/source";
import { checkFollowed, readFileOf } from "../git/files";
import type { Trees } from "./guarded-files";
import type { Refusal } from "./guards";
import { ownersOf, type Rule } from "./owners";
import { checkOwners, type Proposal } from "./owners-of-changes";
import { escapeUnprintable } from "./printable";

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
  for (const tenant of Object.values(asRecord(parsed(text)))) {
    for (const [customer, imported] of Object.entries(asRecord(asRecord(tenant).customers))) {
      const { organization, clients } = asRecord(imported);
      const ids = [organization, ...Object.values(asRecord(clients))].map((one) => String(asRecord(one).id));
      found.set(customer, [...(found.get(customer) ?? []), ...ids].sort());
    }
  }
  return found;
}

/** Of every stack that the file speaks of. */
function accountsOf(text: string | undefined): string[] {
  const { delivery, stacks } = asRecord(parsed(text));
  const all = [delivery, ...Object.values(asRecord(stacks)).map((one) => asRecord(one).delivery)];
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
  proposal: Omit<Proposal, "files">,
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
    const mayAll = checkOwners(rules, { ...proposal, files }).length === 0;
    // An author may own one of the files, or both; somebody else must have seen it.
    const isSeen = checkOwners(rules, { ...proposal, author: "", files }).length < files.length;
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

/** Every file of import data counts, whichever folder a stack's settings name. */
export function checkImportedDeliveries(
  { base, head }: Trees,
  rules: readonly Rule[],
  proposal: Omit<Proposal, "files">,
): Refusal[] {
  const importFiles = head.paths.filter((path) => posix.basename(path) === importsFile);
  return importFiles.flatMap((path) => {
    const customers = posix.dirname(path);
    const links: Problem[] = checkFollowed(head, path);
    const versions = (name: string) => ({
      name,
      base: () => readFileOf(base, posix.join(customers, name)),
      head: readFileOf(head, posix.join(customers, name)),
    });
    const delivered = deliveredImports(versions(importsFile), (customer) => {
      const name = [`${customer}.yaml`, `${customer}.yml`].find((one) =>
        head.kindOf(posix.join(customers, one)),
      );
      if (name !== undefined) links.push(...checkFollowed(head, posix.join(customers, name)));
      return versions(name ?? `${customer}.yaml`);
    });
    return [
      ...links.map((problem) => refusal(escapeUnprintable(formatProblem(problem)))),
      ...checkDeliveredImports(delivered, rules, proposal, customers),
    ];
  });
}
