// The files of which a change can make everything else untrue: the program, what it depends on, and what guards it.
import { dirname } from "node:path";
import type { Files } from "./files";

export const programParts = {
  owners: "the rules of owners",
  workflows: "the workflows",
  guards: "the guards",
  dependencies: "the dependencies",
  code: "the program",
} as const;
export type ProgramPart = keyof typeof programParts;

/** Content by path. @param customers the folder of the customers' files, which are data */
export function programOf(files: Files, customers: string): Record<string, string> {
  const isProgram = (path: string) => partOf(path) !== undefined && !isData(path, customers);
  return Object.fromEntries(files.paths.filter(isProgram).map((path) => [path, files.digest(path)]));
}

/** Undefined of what nothing is deployed from. */
export function partOf(path: string): ProgramPart | undefined {
  // Of a repository whose project is a folder of it.
  const beside = path.replace(/^(\.\.\/)+/, "");
  if (beside !== path && !/^(\.github\/|CODEOWNERS$|docs\/CODEOWNERS$)/.test(beside)) return undefined;
  if (beside !== path) return partOf(beside);
  if (/^(\.github\/|docs\/)?CODEOWNERS$/.test(path)) return "owners";
  if (path.startsWith(".github/")) return "workflows";
  if (/^(docs|test|bench|findings)\//.test(path)) return undefined;
  if (/^(ci|policy)\//.test(path)) return path.startsWith("policy/config/") ? undefined : "guards";
  if (/(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|\.npmrc)$/.test(path)) return "dependencies";
  return /\.([cm]?[jt]sx?|json)$/.test(path) && !/^(biome|tsconfig|jest\..*|stryker\..*)\.\w+$/.test(path)
    ? "code"
    : undefined;
}

function isData(path: string, customers: string): boolean {
  return dirname(path) === customers && /\.json$/.test(path);
}
