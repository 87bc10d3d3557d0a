// The files of the folder `customers`: what is read of it, and why anything else is not.
import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { findHidden } from "../problems/invisible";
import { compareStrings, type Fault, type Problem } from "../problems/problem";
import { readTextFile } from "../problems/text-file";
import { errorCode, unreadableFolder } from "../problems/unreadable";

/** A file, by its name with the ending. */
export interface CustomerText {
  name: string;
  text: string;
}

/** Of a company before its first customer. */
export const noCustomerYet =
  'There is no customer yet. Add the first: npx customers add ID --name "NAME" --scopes SCOPE';

/**
 * Reads a folder's `*.yaml`, in the order of their names. The folder itself may be a link. One with the default name, `customers`,
 * may be missing: then there is no customer yet.
 */
export function readCustomerFiles(folder: string): { files: CustomerText[]; problems: Problem[] } {
  let names: string[];
  try {
    names = [...readdirSync(folder)].sort(compareStrings);
  } catch (error) {
    // Git keeps no empty folder: a clone of a company without customers has no such folder.
    const isMissing = lstatSync(folder, { throwIfNoEntry: false }) === undefined;
    if (isMissing && basename(folder) === "customers") return { files: [], problems: [] };
    const remedy = 'Create the folder, or set the config key "customers" to the right one.';
    return { files: [], problems: [unreadableFolder(folder, error, remedy)] };
  }
  const files: CustomerText[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const fault = faultOf(folder, name);
    if (fault !== undefined) {
      problems.push({ file: join(folder, name), ...fault });
      continue;
    }
    if (!/\.ya?ml$/.test(name)) continue;
    const { text, problems: wrong } = readTextFile(join(folder, name), { remedy: "Make it readable." });
    problems.push(...wrong);
    if (text !== undefined) files.push({ name, text });
  }
  return { files, problems };
}

/** Files that belong beside customers, as do programs and pages: ours, and what Git and editors keep in any folder. */
const beside = new Set([
  ...["schema.json", "imports.json"],
  ...["README", "LICENSE", "CODEOWNERS", "OWNERS"],
  ...[".git", ".gitkeep", ".keep", ".gitignore", ".gitattributes", ".editorconfig", ".prettierignore"],
  ...[".DS_Store", "Thumbs.db"],
]);

/** What a command writes before it renames it. */
const unfinished = /^\..+\.unfinished$/;

function faultOf(folder: string, name: string): Fault | undefined {
  try {
    return entryFault(folder, name);
  } catch (error) {
    const message = `cannot be read (${errorCode(error)}). Make it readable, or remove it.`;
    return { code: "file-unreadable", message };
  }
}

/** Why an entry is neither a customer's file nor one that belongs beside them. */
function entryFault(folder: string, name: string): Fault | undefined {
  const ignored = (message: string): Fault => ({ code: "customer-file-ignored", message });
  const path = join(folder, name);
  if (name !== ".git" && lstatSync(path).isSymbolicLink()) {
    const fault = linkFault(folder, path);
    if (fault !== undefined) return fault;
  }
  const isFolder = statSync(path).isDirectory();
  // Whoever reads the imports reports a folder of their name.
  if (isFolder && name !== ".git" && name !== "imports.json") {
    return ignored(
      /\.ya?ml$/i.test(name)
        ? "is a folder with the name of a customer file. Move what is in it, and remove the folder."
        : "is a folder, and files in folders are not read. Move the customer files in it up, and any other out.",
    );
  }
  if (/\.ya?ml$/.test(name)) {
    return name.startsWith(".")
      ? ignored("is a hidden file, which no customer can have. Rename it, or remove it.")
      : undefined;
  }
  if (/\.ya?ml$/i.test(name)) {
    const right = name.replace(/\.ya?ml$/i, (ending) => ending.toLowerCase());
    return ignored(`is not read, because its ending is not in lower case. Rename it to ${right}.`);
  }
  if (unfinished.test(name)) return undefined;
  if (/\.ya?ml/i.test(name)) {
    return ignored(
      "is not read, because it does not end with .yaml. It looks like a copy of a customer file: remove it, or rename it.",
    );
  }
  if (beside.has(name) || /\.(md|[cm]?[jt]s)$/.test(name)) return undefined;
  return ignored(
    "is not read, because it does not end with .yaml. Rename it if it is a customer's, or move it out of the folder.",
  );
}

/** A link in a repository may lead to any file of the machine that reads it, also to one with secrets. */
function linkFault(folder: string, path: string): Fault | undefined {
  const code = "customer-file-link";
  try {
    const target = realpathSync(path);
    if (target.startsWith(realpathSync(folder) + sep)) return undefined;
    return { code, message: "is a link to a file outside of the folder. Replace the link with the file." };
  } catch (error) {
    const message = `is a link that leads nowhere (${errorCode(error)}). Replace it with a file, or remove it.`;
    return { code, message };
  }
}

/** What a reviewer cannot see in a file: the first of it in each line. */
export function checkVisible(file: string, text: string): Problem[] {
  if (findHidden(text, { layout: true }) === undefined) return [];
  return text.split("\n").flatMap((line, at): Problem[] => {
    const hidden = findHidden(line, { layout: true });
    if (hidden === undefined) return [];
    const place = { file, line: at + 1, column: hidden.index + 1 };
    return at === 0 && hidden.index === 0 && hidden.name === "U+FEFF"
      ? [
          {
            ...place,
            code: "customer-file-byte-order-mark",
            message: "begins with a byte order mark. Save the file as UTF-8 without one.",
          },
        ]
      : [
          {
            ...place,
            code: "customer-file-invisible-character",
            message: `has the invisible character ${hidden.name}. Remove it.`,
          },
        ];
  });
}
