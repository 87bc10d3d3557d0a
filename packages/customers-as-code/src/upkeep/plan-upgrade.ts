// What `customers upgrade` would do to a company's files: every change with its place, or everything that keeps a file from being read.
import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { readCustomerFiles } from "../customers/folder";
import { compareStrings, type Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import { parseSource } from "../problems/source";
import { readTextFile } from "../problems/text-file";
import { projectNameIn } from "../stacks/stack-settings";
import {
  type AnyMigration,
  migrations as allMigrations,
  type DroppedDefaults,
  type KeyedFile,
  type MovedFiles,
  type RenamedKey,
  type ReplacedNodeArgument,
} from "./migrations";
import { dropDefaults, replaceNodeArgument } from "./project-file";
import { type KeyRename, renameKey } from "./rename-key";

export interface UpgradePlan {
  /** What to write, in the order of the paths; empty if nothing is old, or if there are problems. */
  files: ChangedText[];
  /** In the order of files and places. */
  changes: UpgradeChange[];
  /** Lines that mention what has a new name, in files that the command doesn't change. */
  notes: UpgradeNote[];
  /** Why nothing may be written. */
  problems: Problem[];
  filesRead: number;
}

export interface ChangedText {
  path: string;
  text: string;
  /** Where it moves. */
  to?: string;
}

interface UpgradeNote {
  file: string;
  line: number;
  column: number;
  message: string;
}

interface UpgradeChange extends Omit<UpgradeNote, "line" | "column"> {
  /** Absent if the file as a whole moves. */
  line?: number;
  column?: number;
  /** The version that needs it. */
  version: string;
}

/** A file as it is, and as the upgrade leaves it. */
interface CompanyFile {
  kind: KeyedFile | "project";
  path: string;
  before: string;
  text: string;
  to?: string;
}

/**
 * @param project folder of Pulumi.yaml
 * @param migrations those of all versions up to this one: a file that has been upgraded is left alone
 */
export function planUpgrade(
  project: string,
  migrations: readonly AnyMigration[] = allMigrations,
): UpgradePlan {
  const { files, problems: unreadable } = readCompany(project);
  const changes: UpgradeChange[] = [];
  const problems = [...unreadable];
  if (unreadable.length === 0) {
    const projectFile = files.find(({ kind }) => kind === "project");
    const name = projectNameIn(projectFile?.before);
    for (const migration of migrations) {
      for (const file of files) migrate(file, migration, { project, name, files, changes, problems });
    }
  }
  const changed = problems.length > 0 ? [] : files.filter(isChanged);
  return {
    files: changed.map(({ path, text, to }) => ({ path, text, ...(to !== undefined && { to }) })),
    changes: problems.length > 0 ? [] : changes.sort(comparePlaces),
    notes: findMentions(project, files, migrations),
    problems,
    filesRead: new Set([...files.map(({ path }) => path), ...unreadable.map(({ file }) => file)]).size,
  };
}

/** Each change that is still to make, as a problem of the file. */
export function describeOldFiles({ changes }: UpgradePlan): Problem[] {
  return changes.map(({ file, line, column, message }) => ({
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    code: "file-outdated",
    message: `is of an older version, and npx customers upgrade changes it: ${message}`,
  }));
}

function isChanged({ before, text, to }: CompanyFile): boolean {
  return text !== before || to !== undefined;
}

function comparePlaces(a: UpgradeChange, b: UpgradeChange): number {
  return compareStrings(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

interface Migrating {
  /** Folder of Pulumi.yaml. */
  project: string;
  /** The project's name, which is the namespace of its settings. */
  name: string;
  files: readonly CompanyFile[];
  changes: UpgradeChange[];
  problems: Problem[];
}

function migrate(file: CompanyFile, migration: AnyMigration, upgrade: Migrating): void {
  if (migration.kind === "key renamed") renameInFile(file, migration, upgrade);
  else if (migration.kind === "files moved") moveFile(file, migration, upgrade);
  else if (migration.kind !== "changed by hand" && file.kind === "project")
    changeProject(file, migration, upgrade);
}

function changeProject(
  file: CompanyFile,
  migration: ReplacedNodeArgument | DroppedDefaults,
  { changes, problems }: Migrating,
): void {
  const changed =
    migration.kind === "defaults dropped"
      ? dropDefaults(file.path, file.text)
      : replaceNodeArgument(file.path, file.text, migration);
  file.text = changed.text;
  problems.push(...changed.problems);
  const { version, why } = migration;
  for (const { place, message } of changed.changes) {
    changes.push({ ...place, version, message: `${message} ${why}` });
  }
}

function renameInFile(
  file: CompanyFile,
  migration: RenamedKey,
  { name, changes, problems }: Migrating,
): void {
  if (file.kind !== migration.file) return;
  for (const rename of renamesOf(migration, name)) {
    const renamed = renameKey(file.path, file.text, rename);
    file.text = renamed.text;
    problems.push(...renamed.problems);
    const { version, from, to, why } = migration;
    const message = `${from.join(".")} is renamed to ${to}. ${why}`;
    changes.push(...renamed.places.map((place) => ({ ...place, version, message })));
  }
}

/** The places of a file where a key can be. */
function renamesOf({ file, from, to }: RenamedKey, project: string): KeyRename[] {
  const name = from.at(-1) ?? "";
  const steps = from.map((step) => (step === "*" ? () => true : is(step)));
  if (file === "customers") {
    const ofOneStack = [is("stacks"), () => true, ...steps];
    return [steps, ofOneStack].map((path) => ({ from: path, name, to, isTaken: is(to) }));
  }
  if (file !== "settings") return [{ from: steps, name, to, isTaken: is(to) }];
  // The CLI knows three spellings of a setting.
  const isSetting = (key: string) => (one: string) =>
    [key, `${project}:${key}`, `${project}:config:${key}`].includes(one);
  const path = [is("config"), isSetting(from[0] ?? ""), ...steps.slice(1)];
  return [{ from: path, name, to, isTaken: from.length === 1 ? isSetting(to) : is(to) }];
}

function is(key: string): (one: string) => boolean {
  return (one) => one === key;
}

function moveFile(
  file: CompanyFile,
  { from, to, version, why }: MovedFiles,
  { project, files, changes, problems }: Migrating,
): void {
  const folder = join(project, from);
  if (file.kind !== "policy" || !file.path.startsWith(join(folder, "/"))) return;
  const target = join(project, to, file.path.slice(folder.length));
  const existing = files.find(({ path }) => path === target);
  if (existing && existing.text !== file.text) {
    const message = `belongs in ${target} now, which has something else. Keep one of the two files, as ${target}.`;
    problems.push({ file: file.path, code: "upgrade-target-exists", message });
    return;
  }
  file.to = target;
  changes.push({ file: file.path, version, message: `moves to ${target}. ${why}` });
}

interface ReadFiles {
  files: CompanyFile[];
  problems: Problem[];
}

/** Every file that a migration can change, each of which must be readable. */
function readCompany(project: string): ReadFiles {
  const read: ReadFiles = { files: [], problems: [] };
  const projectFile = join(project, "Pulumi.yaml");
  readInto(
    read,
    "project",
    projectFile,
    "Run the command in the folder of Pulumi.yaml, or name it with --project.",
  );
  const stacks = listFiles(project).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  const name = projectNameIn(read.files[0]?.before);
  const folders = new Set<string>();
  for (const stack of stacks) {
    const file = readInto(read, "settings", join(project, stack));
    folders.add(customersFolder(file?.before, name));
  }
  if (folders.size === 0) folders.add("customers");
  for (const folder of [...folders].map((one) => join(project, one)).filter(existsSync)) {
    const { files, problems } = readCustomerFiles(folder);
    read.problems.push(...problems);
    for (const { name: file, text } of files) addFile(read, "customers", join(folder, file), text);
    const imports = join(folder, "imports.json");
    if (existsSync(imports)) readInto(read, "imports", imports);
  }
  for (const folder of [join(project, "policy", "config"), join(project, "policy")]) {
    const names = listFiles(folder).filter((one) => one.endsWith(".json"));
    for (const one of names) readInto(read, "policy", join(folder, one));
  }
  return read;
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort(compareStrings);
}

function readInto(
  read: ReadFiles,
  kind: CompanyFile["kind"],
  path: string,
  remedy = "Make it readable.",
): CompanyFile | undefined {
  const { text, problems } = readTextFile(path, { remedy });
  read.problems.push(...problems);
  return text === undefined ? undefined : addFile(read, kind, path, text);
}

function addFile(read: ReadFiles, kind: CompanyFile["kind"], path: string, text: string): CompanyFile {
  read.problems.push(...parseSource(path, text, { schema: "failsafe" }).problems);
  const file = { kind, path, before: text, text };
  read.files.push(file);
  return file;
}

/** As the stack's settings name it. */
function customersFolder(text: string | undefined, project: string): string {
  const { config } = asRecord(parseSource("", text ?? "").value);
  const { customers = asRecord(config)[`${project}:customers`] } = asRecord(config);
  return typeof customers === "string" && customers !== "" ? customers : "customers";
}

/** Files in which people name the company's other files, or how Node.js starts; and the program. */
const beside = [
  ...[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"],
  ...[".gitlab-ci.yml", "package.json", "README.md", "index.ts"],
];

function findMentions(
  project: string,
  files: readonly CompanyFile[],
  migrations: readonly AnyMigration[],
): UpgradeNote[] {
  const workflows = posix.join(".github", "workflows");
  const names = [
    ...beside,
    ...listFiles(join(project, workflows)).map((name) => posix.join(workflows, name)),
  ];
  const unchanged = names.flatMap((name) => {
    const path = join(project, name);
    const { text } = existsSync(path) ? readTextFile(path, { remedy: "" }) : {};
    return text === undefined ? [] : [{ path, text }];
  });
  // What is left in a file that the command does change is a comment, for example.
  const left = files.map(({ path, text }) => ({ path, text }));
  return [...left, ...unchanged].flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      migrations.flatMap(({ mention, version, why }): UpgradeNote[] => {
        const column = mention === undefined ? -1 : line.indexOf(mention);
        if (column < 0) return [];
        const message = `mentions ${mention}, which is gone since version ${version}. ${why}`;
        return [{ file: path, line: index + 1, column: column + 1, message }];
      }),
    ),
  );
}
