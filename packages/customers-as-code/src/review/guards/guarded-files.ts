// Which files and settings of a pull request loosen or change what guards the customers: pure functions of base and head.
import { basename, posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { asRecord, isRecord } from "../../problems/record";
import { parseSource } from "../../problems/source";
import { projectNameIn } from "../../stacks/stack-settings";
import type { ChangedFile } from "../git/changed-files";
import { type Files, readFileOf } from "../git/files";
import type { Refusal } from "./guards";
import { escapeUnprintable } from "./printable";
import { type SettingKind, settingKinds } from "./setting-kinds";

/** What a changed file is. */
export type FileRole =
  /** Of a customer, or data of an import. */
  | "customer"
  /** Settings of a stack, of which some guard. */
  | "settings"
  | "policy"
  | "owners"
  | "workflow"
  /** Whatever is run, or decides what is. */
  | "program"
  /** The API's document, documentation, tests. */
  | "other";

/** The files of two commits, with paths from the repository's root. */
export interface Trees {
  base: Files;
  head: Files;
}

/** A change of what guards the customers. */
export interface GuardChange {
  path: string;
  /** The setting, if it is one. */
  setting?: string;
  /** What the file guards, if it is no setting. */
  what?: string;
  /** What changes, and what it guards. */
  sentence: string;
}

/** Where GitHub looks for CODEOWNERS, in its order. */
export const ownersPlaces = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

const describeRole: Partial<Record<FileRole, string>> = {
  policy: "part of the policy pack, which refuses deployments",
  owners: "the list of who must approve which files",
  workflow: "run by GitHub, with the deployment's rights once it is merged",
  program: "part of the program, which makes the plan and the deployment",
};

/** Of a stack; `.json` is none of ours, and so is taken for a part of the program. */
const stackFile = /^Pulumi\..+\.ya?ml$/;
/** What nothing runs, whatever is in it. */
const inert = /\.(md|png|jpe?g|svg|gif)$|^(LICENSE|\.gitignore)$/i;
/** The company's settings of the pack, and the pack itself where it is developed. */
const policyPack = /^policy\/|^packages\/customers-as-code\/(src\/)?policy\//;
/** Documents such as openapi.yaml; those with a dot first, and a package manager's, are settings of what runs. */
const yamlDocument = /^(?!\.|pnpm-|Pulumi(Policy)?\.).*\.ya?ml$/i;

/** @param folders of customer files, from the repository's root */
export function roleOf({ path, before, after }: ChangedFile, folders: readonly string[]): FileRole {
  const name = basename(path);
  if (ownersPlaces.some((place) => place === path)) return "owners";
  // A link leads anywhere, and a submodule brings in what no review of this repository sees.
  if ([before, after].some((kind) => kind === "link" || kind === "submodule")) return "program";
  if (inert.test(name)) return "other";
  if (path.startsWith(".github/")) return "workflow";
  if (policyPack.test(path)) return "policy";
  if (folders.includes(posix.dirname(path)) && isCustomerFile(name)) return "customer";
  if (stackFile.test(name)) return "settings";
  // Everything else counts as run: a file type that nobody thought of is no way around this.
  const isTest = /^((authorizer|packages\/[\w-]+)\/)?test\/.*(\.test\.ts|\.snap)$/.test(path);
  return isTest || yamlDocument.test(name) ? "other" : "program";
}

function isCustomerFile(name: string): boolean {
  return /\.ya?ml$/i.test(name) || name === "imports.json";
}

/** Every guard that the pull request changes, with its sentence. */
export function guardChanges(changed: readonly ChangedFile[], trees: Trees): GuardChange[] {
  const { base, head } = trees;
  const folders = customerFolders(trees);
  return changed.flatMap((file): GuardChange[] => {
    const { path } = file;
    const role = roleOf(file, folders);
    if (role === "settings") return changedSettings(path, settingsOf(base, path), settingsOf(head, path));
    const what = describeRole[role];
    return what === undefined ? [] : [{ path, what, sentence: `${escapeUnprintable(path)} is ${what}.` }];
  });
}

/**
 * Whoever changes guards and customers at once has the customers' change judged by guards of their own making: its preview passes
 * by the pull request's own settings and code.
 */
export function checkMixture(changed: readonly ChangedFile[], trees: Trees): Refusal[] {
  const folders = customerFolders(trees);
  const customers = changed.filter((file) => roleOf(file, folders) === "customer").map(({ path }) => path);
  const guards = guardChanges(changed, trees);
  if (customers.length === 0 || guards.length === 0) return [];
  const shown = guards.slice(0, mostShown).map(({ sentence }) => sentence);
  const more = guards.length > mostShown ? ` And ${guards.length - mostShown} more.` : "";
  const message = `This pull request changes customers (${listFirstPaths(customers)}) together with what guards them. ${shown.join(" ")}${more} Open two pull requests: one for the guards, and one for the customers after that is deployed.`;
  return [{ guard: "guards with customers", message }];
}

const mostShown = 10;

/** The first paths, and how many more there are. */
export function listFirstPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).map(escapeUnprintable).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}

/** The folders of customer files, as any stack's settings name them before or after: a change of the folder hides none. */
function customerFolders({ base, head }: Trees): string[] {
  const named = [base, head].flatMap((tree) =>
    tree.paths
      .filter((path) => stackFile.test(basename(path)))
      .flatMap((path) => {
        const { customers, ":customers": named } = settingsOf(tree, path).values;
        return [customers, named].flatMap((folder) =>
          typeof folder === "string" ? [posix.join(posix.dirname(path), folder)] : [],
        );
      }),
  );
  return ["customers", ...named.map((folder) => folder.replace(/\/$/, ""))];
}

/** Of a stack's file: settings that guard, and what decides where settings come from. */
function changedSettings(path: string, was: StackSettings, is: StackSettings): GuardChange[] {
  if (!is.isReadable) {
    return [
      {
        path,
        sentence: `${escapeUnprintable(path)} has syntax errors, so that its guards cannot be compared.`,
      },
    ];
  }
  const changed = [...new Set([...Object.keys(was.values), ...Object.keys(is.values)])].filter(
    (key) => !isDeepStrictEqual(was.values[key], is.values[key]),
  );
  return changed.flatMap((key): GuardChange[] => {
    const setting = key.replace(/^:/, "");
    const kind = kindOf(setting);
    if (kind.kind !== "guard") return [];
    const change = `${escapeUnprintable(setting)} goes from ${show(was.values[key])} to ${show(is.values[key])}`;
    return [{ path, setting, sentence: `${escapeUnprintable(path)}: ${change}; it ${kind.guards}.` }];
  });
}

interface StackSettings {
  /**
   * The project's own by `:KEY`, whatever its name is. The engine also reads `KEY` as one of them; a file can have both, so neither
   * hides the other. The file's other keys, such as `environment`, are in parentheses.
   */
  values: Record<string, unknown>;
  isReadable: boolean;
}

function settingsOf(files: Files, path: string): StackSettings {
  const { value, problems } = parseSource(path, readFileOf(files, path) ?? "");
  const { config, ...beside } = asRecord(value);
  const project = readFileOf(files, posix.join(posix.dirname(path), "Pulumi.yaml"));
  const namespace = `${projectNameIn(project)}:`;
  const ofFile = Object.entries(beside).map(([key, one]) => [`(${key})`, one]);
  const settings = Object.entries(asRecord(config)).map(([key, one]) => [
    key.startsWith(namespace) ? key.slice(namespace.length - 1) : key,
    one,
  ]);
  return { values: Object.fromEntries([...ofFile, ...settings]), isReadable: problems.length === 0 };
}

/** What is unknown counts as a guard. */
function kindOf(setting: string): SettingKind {
  const known = Object.hasOwn(settingKinds, setting) ? settingKinds[setting] : undefined;
  return known ?? { kind: "guard", guards: "is a key that this check doesn't know" };
}

function show(value: unknown): string {
  if (value === undefined) return "its default";
  // Nobody can read ciphertext.
  if (isRecord(value) && typeof value.secure === "string") return "a secret";
  const shown = escapeUnprintable(JSON.stringify(value));
  return shown.length > mostOfValue ? `${shown.slice(0, mostOfValue)}…` : shown;
}

const mostOfValue = 100;
