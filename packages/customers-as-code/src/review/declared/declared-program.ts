// The files of which a change can make everything else untrue: the program, what it depends on, and what guards it.
import { basename, dirname } from "node:path";
import type { Files } from "../git/files";

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

/** Undefined of what nothing is deployed from. A kind of file that nobody thought of counts as run: see `roleOf` of packages/customers-as-code/src/review/guards/guarded-files.ts. */
export function partOf(path: string): ProgramPart | undefined {
  // Of a repository whose project is a folder of it.
  const beside = path.replace(/^(\.\.\/)+/, "");
  if (beside !== path && !/^(\.github\/|CODEOWNERS$|docs\/CODEOWNERS$)/.test(beside)) return undefined;
  if (beside !== path) return partOf(beside);
  if (/^(\.github\/|docs\/)?CODEOWNERS$/.test(path)) return "owners";
  if (path.startsWith(".github/")) return "workflows";
  if (isAside.test(path)) return undefined;
  if (path.startsWith("policy/config/")) return undefined;
  if (isGuard.test(path)) return "guards";
  const name = basename(path);
  if (/^(package(-lock)?\.json|npm-shrinkwrap\.json|\.npmrc)$/.test(name)) return "dependencies";
  return isText.test(name) || isDocument.test(name) || isTool.test(path) ? undefined : "code";
}

/** Of the company, and of the packages where they are developed. */
const isAside = /^(docs|bench|findings)\/|^((authorizer|packages\/[\w-]+)\/)?test\//;
const isGuard = /^policy\/|^packages\/customers-as-code\/(policy|src\/(policy|review|deployment))\//;
const isText = /\.(md|png|jpe?g|svg|gif)$|^(LICENSE|\.gitignore)$/i;
/** Such as openapi.yaml, and the settings that are compared key by key; but not `Pulumi.yml`, which Pulumi may take for the project's. */
const isDocument = /^(?!\.|pnpm-|Pulumi(Policy)?\.).*\.ya?ml$|^Pulumi\.([\w.-]+\.)?yaml$/;
/** tsconfig.json is none of them: by its `paths`, another file runs (https://tsx.is/dev-api/register-cjs). */
const isTool = /^(biome|jest\..*|stryker\..*)\.\w+$/;

function isData(path: string, customers: string): boolean {
  return dirname(path) === customers && /^(imports|schema)\.json$/.test(basename(path));
}
