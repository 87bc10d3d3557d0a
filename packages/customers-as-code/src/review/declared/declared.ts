// What a company's files declare for one stack: read as data, whoever's they are.
import { join } from "node:path";
import type { AllImports } from "../../customers/import-data";
import { importsFile, parseImports } from "../../customers/imports";
import {
  type CustomerDeclaration,
  type CustomerText,
  idOf,
  parseCustomers,
} from "../../customers/load-customers";
import { mainOf, plainName } from "../../customers/shard-placement";
import { needsPolicies } from "../../gateway/api-type";
import { type ApiDocument, readDocument } from "../../openapi/document";
import { documentOptions } from "../../openapi/references";
import type { Problem } from "../../problems/problem";
import { asRecord } from "../../problems/record";
import { parseSource, type Source } from "../../problems/source";
import { locatePolicySettings } from "../../stacks/policy-settings";
import { projectNameIn, settingsFile } from "../../stacks/stack-settings";
import { checkFollowed, type Files, readFileOf } from "../git/files";
import { type Dependencies, readDependencies } from "./declared-dependencies";
import { programOf } from "./declared-program";
import { effectiveValue, hideSecrets, mergeSettings, ownNamespace, settingOf } from "./declared-settings";

export interface Declared {
  /** By their names with the namespace, such as `aws:region`: the stack's over the project's. */
  settings: Record<string, unknown>;
  /** Names of the settings that the stack's file itself has, without the program's namespace. */
  written: string[];
  /** What else the stack's file has, such as its environments. */
  stack: Record<string, unknown>;
  /** Pulumi.yaml, without the values of settings. */
  project: Record<string, unknown>;
  /** By id, as the stack sees them. */
  customers: Record<string, CustomerDeclaration>;
  /** Absent if there is no document that can be read. */
  api?: ApiDocument;
  /** The files of the document as they are, by path. */
  document: Record<string, unknown>;
  /** By the tenant's domain. */
  imports: AllImports;
  /** Settings of the policy pack, by the policy's name. */
  policy: Record<string, unknown>;
  /** By path, what identifies the content: of the program, its dependencies, the workflows and the owners' rules. */
  program: Record<string, string>;
  /** Which packages run. */
  dependencies: Dependencies;
  /** What cannot be read as today's program reads it, so that nothing can be said of it. */
  unreadable: Problem[];
}

/**
 * @param stack as `pulumi stack select` takes it; of a shard, what its main stack has
 * @param policyFile path of the policy pack's settings, if it is not the usual one
 */
export function readDeclared(files: Files, stack: string, policyFile?: string): Declared {
  const main = plainName(mainOf(stack) ?? stack);
  const unreadable: Problem[] = [];
  const source = (path: string): Source | undefined => {
    unreadable.push(...checkFollowed(files, path));
    const text = readFileOf(files, path);
    if (text === undefined) return undefined;
    const parsed = parseSource(path, text);
    unreadable.push(...parsed.problems);
    return parsed;
  };
  const { config: ofProject, ...project } = asRecord(source("Pulumi.yaml")?.value);
  const name = projectNameIn(readFileOf(files, "Pulumi.yaml"));
  const { config: ofStack, ...beside } = asRecord(source(settingsFile(main))?.value);
  const settings = mergeSettings(asRecord(ofProject), asRecord(ofStack), name);
  const document = readApi(files, settings);
  const customers = readCustomers(files, main, settings, document.api);
  const folder = files.locate(textSetting(settings, "customers"));
  const imports = readImports(source(join(folder, importsFile)));
  const policyPath = policyFile ?? locatePolicySettings(main, (path) => files.kindOf(path) !== undefined);
  const policy = source(policyPath);
  return {
    settings,
    written: Object.keys(mergeSettings({}, asRecord(ofStack), name)).map((key) =>
      key.replace(`${ownNamespace}:`, ""),
    ),
    stack: asRecord(hideSecrets(beside)),
    project: { ...project, config: withoutValues(asRecord(ofProject)) },
    customers: customers.customers,
    ...(document.api && { api: document.api }),
    document: document.contents,
    imports: imports.all,
    policy: asRecord(policy?.value),
    dependencies: readDependencies(files),
    program: programOf(files, {
      ...{ stack: main, customers: folder, policy: policyPath },
      documents: Object.keys(document.contents).map(files.locate),
    }),
    unreadable: [...unreadable, ...document.problems, ...customers.problems, ...imports.problems],
  };
}

function textSetting(settings: Record<string, unknown>, key: string): string {
  const value = effectiveValue(key, settingOf(settings, key));
  return typeof value === "string" ? value : "";
}

function readCustomers(
  files: Files,
  stack: string,
  settings: Record<string, unknown>,
  api: ApiDocument | undefined,
): Pick<Declared, "customers"> & { problems: Problem[] } {
  const folder = files.locate(textSetting(settings, "customers"));
  const isFile = (path: string) =>
    path.startsWith(`${folder}/`) && /^[^/]+\.ya?ml$/.test(path.slice(folder.length + 1));
  const paths = files.paths.filter(isFile);
  const unfollowed = [
    ...checkFollowed(files, folder),
    ...paths.flatMap((path) => checkFollowed(files, path)),
  ];
  const texts = files.read(paths);
  const given: CustomerText[] = [...texts].map(([path, text]) => ({
    name: path.slice(folder.length + 1),
    text,
  }));
  const { customers, problems } = parseCustomers(folder, given, Object.keys(api?.scopes ?? {}), {
    stack,
    known: [],
  });
  const byId = Object.fromEntries(customers.map((customer) => [customer.id, customer]));
  // Whatever else is wrong with a file keeps nobody from comparing what it says.
  const lost = new Set(
    given.flatMap(({ name }) => (Object.hasOwn(byId, idOf(name)) ? [] : [join(folder, name)])),
  );
  return { customers: byId, problems: [...unfollowed, ...problems.filter(({ file }) => lost.has(file))] };
}

function readApi(
  files: Files,
  settings: Record<string, unknown>,
): { api?: ApiDocument; contents: Record<string, unknown>; problems: Problem[] } {
  const path = files.locate(textSetting(settings, "openapi"));
  const contents: Record<string, unknown> = {};
  const unfollowed: Problem[] = [];
  const read = (file: string): string => {
    unfollowed.push(...checkFollowed(files, files.locate(file)));
    const text = readFileOf(files, files.locate(file));
    if (text === undefined) throw Object.assign(new Error(`${file} does not exist`), { code: "ENOENT" });
    contents[file] = parseSource(file, text, documentOptions).value ?? text;
    return text;
  };
  let root: Source;
  try {
    root = parseSource(path, read(path), documentOptions);
  } catch {
    if (unfollowed.length > 0) return { contents, problems: unfollowed };
    const code = "file-unreadable";
    return { contents, problems: [{ file: path, code, message: "does not exist." }] };
  }
  // Which operations may be public is a setting, and its own change.
  const routes = operationsIn(root.value);
  const { api, problems } = readDocument(
    root,
    routes,
    read,
    needsPolicies({
      apiType: textSetting(settings, "apiType"),
      httpAuthorizer: textSetting(settings, "httpAuthorizer"),
    }),
  );
  const told = [
    ...unfollowed,
    ...problems.filter(({ code }) => code !== "operation-public" && code !== "public-route-unknown"),
  ];
  return api.operations.length > 0 ? { api, contents, problems: told } : { contents, problems: told };
}

/** Of a document in one file; of another, a public operation is a problem that is passed over. */
function operationsIn(document: unknown): string[] {
  return Object.entries(asRecord(asRecord(document).paths)).flatMap(([path, item]) =>
    Object.keys(asRecord(item)).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

function readImports(source: Source | undefined): { all: AllImports; problems: Problem[] } {
  if (!source || source.problems.length > 0) return { all: {}, problems: [] };
  // Of which customers they are, only the program asks.
  return parseImports(source.file, JSON.stringify(source.value), "", {
    customers: [],
    problems: [],
    files: 0,
  });
}

function withoutValues(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, entry]) => {
      const { default: _, value: __, ...rest } = asRecord(entry);
      return [key, rest];
    }),
  );
}
