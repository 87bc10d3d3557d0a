// A customer with another id: a pure function from the files to those that change, with every other file that names the customer.
import { basename, join } from "node:path";
import { isMap, isScalar, isSeq, type Pair, parse, parseDocument } from "yaml";
import { type CustomerFiles, idOf, parseCustomers } from "../customers/load-customers";
import { compareStrings, type Fault, type Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import { parseSource } from "../problems/source";
import { checkNewId, findCustomer } from "./change";
import { findPair, rangeOf } from "./edit";
import { editMap } from "./edit-map";

/** A file beside the customers' own that may name a customer. */
export interface ReferringFile {
  /** Where it is. */
  path: string;
  text: string;
  kind: "settings" | "imports" | "owners";
}

export interface CustomerRename {
  /** Why it is refused: nothing is to be written then. */
  problems: Problem[];
  /** The customer's file with its new place, and the other files that change. */
  files: { path: string; text: string; to?: string }[];
  /** What the pull request does, to be read after "The pull request". */
  says: string;
}

/** Where the files are that a rename looks at. */
export interface RenamePlaces {
  /** Name of the project, which may be written in front of a setting's name. */
  project: string;
  /** Path from the repository's root to the folder of Pulumi.yaml, with `/` between folders; empty if it is the root. */
  fromRoot: string;
}

/**
 * Renames a customer's file, has it say its former name, and changes the settings, import data and CODEOWNERS that name it.
 * @param referring files that may name the customer
 */
export function renameCustomer(
  all: CustomerFiles,
  id: string,
  to: string,
  referring: readonly ReferringFile[],
  places: RenamePlaces,
): CustomerRename {
  const refused = (problems: Problem[]): CustomerRename => ({ problems, files: [], says: "" });
  const wrongId = checkNewId(all, to);
  if (wrongId.length > 0) return refused(wrongId);
  const { name, text, customer, problems } = findCustomer(all, id);
  if (!customer || problems.length > 0) return refused(problems);
  const file = join(all.folder, name);
  const source = parseSource(file, text);
  const refuseLine = (fault: Fault) => refused([{ ...source.atKey([], "previously"), ...fault }]);
  if (customer.previously !== undefined) {
    const message = `previously: customer "${id}" still says that it was "${customer.previously}". Remove the line once that is deployed in every stack, and rename the customer then.`;
    return refuseLine({ code: "rename-unfinished", message });
  }
  const former = formerNames(all, to);
  if (former.length > 0) return refused(former);
  const written = isPlainId(id) ? id : JSON.stringify(id);
  const after = ["organization", "displayName"];
  const renamed = editMap(text, [], [{ set: "previously", value: written, after, first: true }]);
  if (renamed === undefined) {
    const message = "uses an anchor or alias where the former name belongs: rename it by hand.";
    return refused([{ file, code: "edit-by-hand", message }]);
  }
  const newName = name.replace(id, to);
  const texts = [...all.files.filter((one) => one.name !== name), { name: newName, text: renamed }];
  texts.sort((a, b) => compareStrings(a.name, b.name));
  const wrong = parseCustomers(all.folder, texts, all.scopes, all.stacks).problems;
  if (wrong.length > 0) return refused(wrong);
  const others = referring.flatMap(({ path, text: before, kind }) => {
    const changed = renameIn[kind](before, id, to, { ...places, file, newName });
    return changed === before ? [] : [{ path, text: changed }];
  });
  const keepsName = asRecord(source.value).organization !== undefined;
  const organization = keepsName
    ? `Its organization keeps the name ${customer.organization}.`
    : `Its organization gets the name ${to} in Auth0.`;
  return {
    problems: [],
    files: [{ path: file, text: renamed, to: join(all.folder, newName) }, ...others],
    says: `renames ${customer.displayName} from ${id} to ${to}: its organization, clients, grants and credentials stay. ${organization} Once it is deployed in every stack, you can remove the line "previously".`,
  };
}

/** The name that a customer is about to get must not be one from which another is just being renamed. */
function formerNames({ folder, files }: CustomerFiles, id: string): Problem[] {
  return files.flatMap(({ name, text }): Problem[] => {
    const source = parseSource(join(folder, name), text);
    if (asRecord(source.value).previously !== id) return [];
    const message = `previously: "${id}" is the former name of customer "${idOf(name)}". Remove this line once that rename is deployed in every stack, or choose another id.`;
    return [{ ...source.atKey([], "previously"), code: "rename-unfinished", message }];
  });
}

interface RenamedFile extends RenamePlaces {
  /** Path of the customer's file from the folder of Pulumi.yaml. */
  file: string;
  newName: string;
}

type RenameIn = (text: string, id: string, to: string, renamed: RenamedFile) => string;

const renameIn: Record<ReferringFile["kind"], RenameIn> = {
  settings: renameInSettings,
  imports: renameInImports,
  owners: renameInOwners,
};

/** The list `replaceable` is the one setting that names customers. */
function renameInSettings(text: string, id: string, to: string, { project }: RenamedFile): string {
  const config = parseDocument(text).get("config");
  if (!isMap(config)) return text;
  const names = ["replaceable", `${project}:replaceable`];
  const pairs = names.flatMap((name) => findPair(config, name) ?? []);
  return replaceRanges(
    text,
    pairs.flatMap(({ value }) => {
      // As `pulumi config set` writes a list without --path.
      if (isScalar(value) && typeof value.value === "string") return renameInJson(value, value.value, id, to);
      if (!isSeq(value)) return [];
      return value.items
        .filter((item) => isScalar(item) && String(item.value) === id)
        .map((item) => ({ range: rangeOf(item), text: isPlainId(to) ? to : JSON.stringify(to) }));
    }),
  );
}

function renameInJson(node: unknown, json: string, id: string, to: string): Replaced[] {
  const { value: list, problems } = parseSource("", json);
  if (problems.length > 0 || !Array.isArray(list) || !list.includes(id)) return [];
  const renamed = JSON.stringify(list.map((one: unknown) => (one === id ? to : one)));
  return [{ range: rangeOf(node), text: `'${renamed}'` }];
}

function renameInImports(text: string, id: string, to: string): string {
  const tenants = parseDocument(text).contents;
  const keys = (isMap(tenants) ? tenants.items : []).flatMap(({ value }): Pair[] => {
    const customers = isMap(value) ? findPair(value, "customers")?.value : undefined;
    const pair = isMap(customers) ? findPair(customers, id) : undefined;
    return pair ? [pair] : [];
  });
  return replaceRanges(
    text,
    keys.map(({ key }) => ({ range: rangeOf(key), text: JSON.stringify(to) })),
  );
}

/** Without its line in CODEOWNERS, the file would have the owners of the folder. */
function renameInOwners(
  text: string,
  _id: string,
  _to: string,
  { file, newName, fromRoot }: RenamedFile,
): string {
  const path = [...(fromRoot === "" ? [] : [fromRoot]), ...file.split(/[\\/]/)].join("/");
  return text.replaceAll(/^([^\S\n]*)((?:\\.|[^\s#])+)/gm, (line, indentation: string, pattern: string) => {
    const isIt = pattern.includes("/") ? pattern.replace(/^\//, "") === path : pattern === basename(path);
    if (!isIt) return line;
    return indentation + pattern.slice(0, pattern.length - basename(path).length) + newName;
  });
}

interface Replaced {
  range: readonly number[];
  text: string;
}

function replaceRanges(text: string, replaced: readonly Replaced[]): string {
  const fromTheEnd = [...replaced].sort((a, b) => (b.range[0] ?? 0) - (a.range[0] ?? 0));
  return fromTheEnd.reduce(
    (before, { range: [start = 0, end = start], text: by }) =>
      before.slice(0, start) + by + before.slice(end),
    text,
  );
}

/** Whether YAML reads it as a string without quotes, both 1.2 and Pulumi's 1.1. */
function isPlainId(id: string): boolean {
  return /^[a-z]/.test(id) && parse(id, { version: "1.1" }) === id && parse(id) === id;
}
