// The files of which a change can make everything else untrue: the program, what it depends on, and what guards it.
import { basename, dirname, posix } from "node:path";
import { settingsFile } from "../../stacks/stack-settings";
import type { Files } from "../git/files";
import { type CompanyData, type FileRole, findCompanyData, roleOfPath, stackFile } from "./file-roles";

export const programParts = {
  owners: "the rules of owners",
  workflows: "the workflows",
  guards: "the guards",
  dependencies: "the dependencies",
  code: "the program",
} as const;
export type ProgramPart = keyof typeof programParts;

/** What the review compares by what it says. */
export interface ComparedFiles {
  /** Name of the main stack. */
  stack: string;
  /** Folder of the customers' files. */
  customers: string;
  /** Settings of the policy pack. */
  policy: string;
  /** Of the API. */
  documents: readonly string[];
}

/** Content by path. */
export function programOf(files: Files, { stack, customers, policy, documents }: ComparedFiles) {
  const found = findCompanyData(files);
  const data = {
    customers: new Set([...found.customers, customers]),
    documents: new Set([...found.documents, ...documents]),
  };
  const others = new Set(policiesOfOtherStacks(files, stack));
  const isData = (path: string) => path === policy || others.has(path) || isSchema(path, customers);
  const isProgram = (path: string) => partOf(path, data) !== undefined && !isData(path);
  return Object.fromEntries(files.paths.filter(isProgram).map((path) => [path, files.digest(path)]));
}

/** Each stack has a review of its own. */
function policiesOfOtherStacks(files: Files, stack: string): string[] {
  return files.paths
    .filter((path) => stackFile.test(path) && path !== settingsFile(stack))
    .flatMap((path) => {
      const name = `${path.split(".").slice(1, -1).join(".")}.json`;
      return [`policy/${name}`, `policy/config/${name}`];
    });
}

/** Only editors read it. */
function isSchema(path: string, customers: string): boolean {
  return dirname(path) === customers && basename(path) === "schema.json";
}

const nothing: CompanyData = { customers: new Set(), documents: new Set() };

const parts: Record<FileRole, ProgramPart | undefined> = {
  customer: undefined,
  settings: undefined,
  policy: "guards",
  owners: "owners",
  workflow: "workflows",
  dependencies: "dependencies",
  program: "code",
  other: undefined,
};

/** Undefined of what nothing is deployed from. */
export function partOf(path: string, data = nothing): ProgramPart | undefined {
  // Of a repository whose project is a folder of it, what is beside the project is others', but for what decides over all of it.
  const beside = path.replace(/^(\.\.\/)+/, "");
  const part = parts[roleOfPath(beside === path ? posix.normalize(path) : beside, data)];
  if (beside !== path)
    return part !== "code" && part !== "guards" && isForAll.test(beside) ? part : undefined;
  if (path === "Pulumi.yaml") return undefined;
  // Pulumi reads no such file: what it is for, nobody knows.
  if (/^Pulumi\..+\.yml$/.test(path)) return "code";
  return part === "code" && guards.test(path) ? "guards" : part;
}

/** What counts for every folder below it: lock files, CODEOWNERS, and what CI reads. */
const isForAll = /^([^/]+|\.[^/]+\/.+|docs\/CODEOWNERS)$/;

/** Of the packages where they are developed. */
const guards = /^packages\/customers-as-code\/src\/(review|deployment)\//;
