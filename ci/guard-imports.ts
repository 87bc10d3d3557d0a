// Refuses a pull request that imports a client and leaves its secret in an AWS account, unless the owners of both files approve. Either
// alone gives nobody a secret: together, whoever writes them gets that of a client which was somebody else's until now.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { importsFile } from "../customers/imports";
import { isRecord, record } from "../diagnostics/record";
import { parseSource } from "../diagnostics/source";
import type { Refusal } from "./guards";
import { ownersOf, parseOwners, type Rule } from "./owners";
import { type Change, checkOwners, places } from "./owners-of-changes";

/** A file before the pull request and with it; undefined if there is none. */
export interface FileVersions {
  /** Within the folder of the customer files. */
  name: string;
  base: string | undefined;
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
  imports: Omit<FileVersions, "name">,
  fileOf: (customer: string) => FileVersions,
): DeliveredImport[] {
  const before = importedCustomers(imports.base);
  return [...importedCustomers(imports.head)].flatMap(([customer, imported]) => {
    const file = fileOf(customer);
    const accounts = accountsOf(file.head);
    const others = accounts.filter((account) => !accountsOf(file.base).includes(account));
    const isNew = !isDeepStrictEqual(imported, before.get(customer));
    const guarded = isNew ? accounts : others;
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
 * Of the repository here, whose base says who owns what.
 * @param customers folder of the customer files, as the stack's settings name it
 */
export function checkImportedDeliveries(
  environment: Readonly<Record<string, string | undefined>>,
  customers: string,
  folder = ".",
): Refusal[] {
  const { PR_AUTHOR: author, PR_BASE, PR_APPROVED_BY = "", CODEOWNERS_TEAMS } = environment;
  if (!author) return [];
  const base = PR_BASE || "HEAD^1";
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const show = (commit: string, path: string) =>
    git("ls-tree", "--name-only", commit, "--", path).trim() === ""
      ? undefined
      : git("show", `${commit}:./${path}`);
  const versions = (name: string): FileVersions => {
    const path = join(customers, name);
    return { name, base: show(base, path), head: show("HEAD", path) };
  };
  try {
    const delivered = deliveredImports(versions(importsFile), (customer) => {
      const yaml = versions(`${customer}.yaml`);
      return yaml.head === undefined ? versions(`${customer}.yml`) : yaml;
    });
    if (delivered.length === 0) return [];
    const owners = places.map((place) => show(base, place)).find((text) => text !== undefined) ?? "";
    const approvedBy = PR_APPROVED_BY.split(/[\s,]+/).filter(Boolean);
    const teams: Record<string, string[]> = CODEOWNERS_TEAMS ? JSON.parse(CODEOWNERS_TEAMS) : {};
    return checkDeliveredImports(delivered, parseOwners(owners), { author, approvedBy, teams }, customers);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    const message = `What the pull request imports cannot be told: ${reason}. Check out the base too (fetch-depth: 2), or set PR_BASE to its commit.`;
    return [refusal(message)];
  }
}
