// What each file of a company's repository is to a review: pure functions of paths, and of what the files of a commit name.
import { basename, posix } from "node:path";
import { asRecord } from "../../problems/record";
import { parseSource } from "../../problems/source";
import { effectiveSettings } from "../../settings/effective-settings";
import { readProjectValues } from "../../settings/stack-file";
import { projectNameIn } from "../../stacks/stack-settings";
import { type Files, readFileOf } from "../git/files";

/** What a file is. */
export type FileRole =
  /** Of a customer, or data of an import. */
  | "customer"
  /** Settings of a stack, of which some guard. */
  | "settings"
  | "policy"
  | "owners"
  | "workflow"
  /** Decides which packages, or which Node.js, run. */
  | "dependencies"
  /** Whatever is run, or decides what is. */
  | "program"
  /** The API's document, documentation, tests. */
  | "other";

/** Where the data of a company is, by paths as the files of a commit have them. */
export interface CompanyData {
  /** Folders of customer files. */
  customers: ReadonlySet<string>;
  /** The APIs' documents, and the files that they refer to. */
  documents: ReadonlySet<string>;
}

/** Of a stack; `.json` is none of ours, and so is taken for a part of the program. */
export const stackFile = /^Pulumi\..+\.ya?ml$/;

/** Where GitHub looks for CODEOWNERS, in its order. */
export const ownersPlaces = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;
/** GitLab looks in its own folder, too: https://docs.gitlab.com/user/project/codeowners/ */
const owners = /^((\.github|\.gitlab|docs)\/)?CODEOWNERS$/;
/** What nothing runs, whatever is in it. */
const inert = /\.(md|png|jpe?g|svg|gif)$|^(LICENSE|\.gitignore)$/i;
/** Of each CI that gives a job credentials by the file that describes it. */
const workflowFolder = /^\.(github|gitlab|circleci|buildkite|woodpecker|forgejo|gitea)\//;
const workflowFile =
  /^(\.gitlab-ci|\.travis|\.drone|\.woodpecker|\.?appveyor|azure-pipelines.*|bitbucket-pipelines|buildspec.*|cloudbuild.*)\.ya?ml$|^Jenkinsfile/i;
/** The company's settings of the pack, and the pack itself where it is developed. */
const policyPack = /^policy\/|^packages\/customers-as-code\/(src\/)?policy\//;
/** Of npm, pnpm, Yarn and Bun; of what updates dependencies by itself; and of what chooses a version of Node.js. */
const dependencyFile =
  /^(package(-lock)?\.json|npm-shrinkwrap\.json|\.npmrc|pnpm-(lock|workspace)\.yaml|\.pnpmfile\.c?js|yarn\.lock|\.yarnrc(\.yml)?|bun\.lockb?|bunfig\.toml|renovate\.json5?|\.renovaterc(\.json5?)?|\.nvmrc|\.node-version|\.tool-versions|\.?mise\.toml)$/;
const test = /^((authorizer|packages\/[\w-]+)\/)?test\/.*(\.test\.ts|\.snap)$/;

/** A kind of file that nobody thought of counts as run: it is no way around a review. */
export function roleOfPath(path: string, { customers, documents }: CompanyData): FileRole {
  const name = basename(path);
  if (owners.test(path)) return "owners";
  if (inert.test(name)) return "other";
  if (workflowFolder.test(path) || workflowFile.test(name)) return "workflow";
  if (policyPack.test(path)) return "policy";
  if (customers.has(posix.dirname(path)) && isCustomerFile(name)) return "customer";
  if (stackFile.test(name)) return "settings";
  if (dependencyFile.test(name) || path.startsWith(".yarn/")) return "dependencies";
  return test.test(path) || (documents.has(path) && isDocument(name)) ? "other" : "program";
}

/** A document can refer to any file, which makes no code of the program a document. */
function isDocument(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name) && !/^(Pulumi|tsconfig)\./i.test(name);
}

function isCustomerFile(name: string): boolean {
  return /\.ya?ml$/i.test(name) || name === "imports.json";
}

/** Data of every stack: as their settings name it, and where it is without them. */
export function findCompanyData(files: Files): CompanyData {
  const projects = [...new Set(["", ...files.paths.filter(isProjectFile).map(folderOf)])];
  const places = projects.flatMap((folder) => placesIn(files, folder));
  return {
    customers: new Set(places.map(({ customers }) => customers)),
    documents: withReferences(
      files,
      places.map(({ openapi }) => openapi),
    ),
  };
}

function isProjectFile(path: string): boolean {
  const name = basename(path);
  return name === "Pulumi.yaml" || stackFile.test(name);
}

function folderOf(path: string): string {
  return path.slice(0, path.length - basename(path).length);
}

function placesIn(files: Files, folder: string): { customers: string; openapi: string }[] {
  const project = readFileOf(files, `${folder}Pulumi.yaml`) ?? "";
  const name = projectNameIn(project);
  const ofProject = shortKeys(readProjectValues(project, name), name);
  const stacks = files.paths.filter((path) => folderOf(path) === folder && stackFile.test(basename(path)));
  const given = stacks.flatMap((path) => {
    const { config } = asRecord(parseSource(path, readFileOf(files, path) ?? "").value);
    // A file can have a key with and without the project's name.
    return [asRecord(config), shortKeys(asRecord(config), name)];
  });
  return [{}, ...given].map((settings) => {
    const { customers, openapi } = effectiveSettings({
      ...ofProject,
      ...stringsOf(settings, ["customers", "openapi"]),
    });
    return { customers: locate(folder, customers), openapi: locate(folder, openapi) };
  });
}

function shortKeys<T>(values: Readonly<Record<string, T>>, project: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      key.startsWith(`${project}:`) ? [[key.slice(project.length + 1), value]] : [],
    ),
  );
}

function stringsOf(values: Readonly<Record<string, unknown>>, keys: readonly string[]) {
  const found = keys.flatMap((key) => {
    const { [key]: value } = values;
    return typeof value === "string" ? [[key, value]] : [];
  });
  return Object.fromEntries(found);
}

function locate(folder: string, path: string): string {
  return posix.join(folder, path).replace(/\/$/, "");
}

/** A document may be in several files. */
function withReferences(files: Files, roots: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...roots];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const text = readFileOf(files, path) ?? "";
    for (const [, target = ""] of text.matchAll(/\$ref["']?\s*:\s*["']?([^"'#\s,}]+)/g)) {
      if (!URL.canParse(target)) waiting.push(posix.join(posix.dirname(path), target));
    }
  }
  return found;
}
