// Which files and settings of a pull request loosen or change what guards the customers: pure functions of base and head.
import { posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { asRecord, isRecord } from "../../problems/record";
import { parseSource } from "../../problems/source";
import { projectNameIn } from "../../stacks/stack-settings";
import { type CompanyData, type FileRole, findCompanyData, roleOfPath } from "../declared/file-roles";
import type { ChangedFile } from "../git/changed-files";
import { type Files, readFileOf } from "../git/files";
import type { Refusal } from "./guards";
import { escapeUnprintable } from "./printable";
import { type SettingKind, settingKinds } from "./setting-kinds";

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

const describeRole: Partial<Record<FileRole, string>> = {
  policy: "part of the policy pack, which refuses deployments",
  owners: "the list of who must approve which files",
  workflow: "run by CI, with the deployment's rights once it is merged",
  dependencies: "part of the dependencies, which run with the deployment's rights",
  program: "part of the program, which makes the plan and the deployment",
};

/** @param data of base and head: a change of the settings hides nothing */
export function roleOf({ path, before, after }: ChangedFile, data: CompanyData): FileRole {
  const role = roleOfPath(path, data);
  if (role === "owners") return role;
  // A link leads anywhere, and a submodule brings in what no review of this repository sees.
  return [before, after].some((kind) => kind === "link" || kind === "submodule") ? "program" : role;
}

/** Every guard that the pull request changes, with its sentence. */
export function guardChanges(changed: readonly ChangedFile[], trees: Trees): GuardChange[] {
  const { base, head } = trees;
  const data = dataOf(trees);
  return changed.flatMap((file): GuardChange[] => {
    const { path } = file;
    const role = roleOf(file, data);
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
  const data = dataOf(trees);
  const customers = changed.filter((file) => roleOf(file, data) === "customer").map(({ path }) => path);
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

/** As any stack's settings name it before or after. A file that was no document, such as one that CI includes, doesn't become one. */
function dataOf({ base, head }: Trees): CompanyData {
  const [before, after] = [findCompanyData(base), findCompanyData(head)];
  const newDocuments = [...after.documents].filter((path) => base.kindOf(path) === undefined);
  return {
    customers: new Set([...before.customers, ...after.customers]),
    documents: new Set([...before.documents, ...newDocuments]),
  };
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
