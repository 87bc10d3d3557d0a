// Refuses a pull request that imports a client and leaves its secret in an AWS account, unless the owners of both files approve. Either
// alone gives nobody a secret: together, whoever writes them gets that of a client which was somebody else's until now.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { importsFile } from "../customers/imports";
import { isRecord, record } from "../diagnostics/record";
import { parseSource } from "../diagnostics/source";
import type { Refusal } from "./guards";
import { ownersOf, parseOwners, type Rule } from "./owners";
import { type Change, checkOwners, places } from "./owners-of-changes";

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
  // Paths from the repository's root, as CODEOWNERS has them.
  const show = (path: string) =>
    git("ls-tree", "--full-tree", "--name-only", base, "--", path).trim() === ""
      ? undefined
      : git("show", `${base}:${path}`);
  try {
    const inRepository = join(git("rev-parse", "--show-prefix").trim(), customers);
    const versions = (name: string) => ({
      name,
      base: () => show(join(inRepository, name)),
      head: readIfThere(resolve(folder, customers, name)),
    });
    const delivered = deliveredImports(versions(importsFile), (customer) => {
      const yaml = versions(`${customer}.yaml`);
      return yaml.head === undefined ? versions(`${customer}.yml`) : yaml;
    });
    if (delivered.length === 0) return [];
    const owners = places.map(show).find((text) => text !== undefined) ?? "";
    const approvedBy = PR_APPROVED_BY.split(/[\s,]+/).filter(Boolean);
    const teams: Record<string, string[]> = CODEOWNERS_TEAMS ? JSON.parse(CODEOWNERS_TEAMS) : {};
    return checkDeliveredImports(delivered, parseOwners(owners), { author, approvedBy, teams }, inRepository);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    const message = `What the pull request imports cannot be told: ${reason}. Check out the base too (fetch-depth: 2), or set PR_BASE to its commit.`;
    return [refusal(message)];
  }
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
