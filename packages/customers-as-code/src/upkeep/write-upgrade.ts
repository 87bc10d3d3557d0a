// Writes the files of an upgrade: all of them, or none.
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ChangedText } from "./plan-upgrade";

/**
 * Every file is written beside its place first, and only then all are renamed into place. Ctrl-C has no effect in these few
 * milliseconds.
 * @throws {Error} of the operating system, with every file as it was
 */
export function writeUpgrade(files: readonly ChangedText[]): void {
  // With a listener, Node.js doesn't end by itself.
  const ignore = () => undefined;
  for (const signal of signals) process.on(signal, ignore);
  try {
    replaceFiles(files);
    removeEmptyFolders(files);
  } finally {
    for (const signal of signals) process.off(signal, ignore);
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Replacement {
  /** The file that is replaced. */
  from: string;
  to: string;
  /** The new file, until it is renamed. */
  unfinished: string;
  /** A copy of the old one, until all is done. */
  backup: string;
}

function replaceFiles(files: readonly ChangedText[]): void {
  const prepared: Replacement[] = [];
  const undo: (() => void)[] = [];
  try {
    for (const file of files) prepared.push(prepareFile(file, undo));
    for (const { from, to, unfinished, backup } of prepared) {
      renameSync(unfinished, to);
      undo.push(() => (to === from ? renameSync(backup, from) : rmSync(to)));
      if (to === from) continue;
      rmSync(from);
      undo.push(() => renameSync(backup, from));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
  for (const { backup } of prepared) rmSync(backup);
}

function prepareFile({ path, text, to }: ChangedText, undo: (() => void)[]): Replacement {
  // A file that is a link stays one, and its target is written. One that moves is replaced by a file.
  const from = to === undefined ? realpathSync(path) : path;
  const target = to ?? from;
  const hidden = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  // customers/folder.ts knows the ending.
  const replacement = {
    from,
    to: target,
    unfinished: `${hidden}.new.unfinished`,
    backup: `${hidden}.old.unfinished`,
  };
  mkdirSync(dirname(target), { recursive: true });
  for (const file of [replacement.unfinished, replacement.backup]) {
    undo.push(() => rmSync(file, { force: true }));
  }
  writeFileSync(replacement.unfinished, text, { flag: "wx" });
  chmodSync(replacement.unfinished, statSync(from).mode);
  copyFileSync(from, replacement.backup);
  return replacement;
}

/** Those from which all files have moved. A link to a folder stays, as does what it leads to. */
function removeEmptyFolders(files: readonly ChangedText[]): void {
  const folders = new Set(files.filter(({ to }) => to !== undefined).map(({ path }) => dirname(path)));
  for (const folder of folders) {
    if (lstatSync(folder).isDirectory() && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
