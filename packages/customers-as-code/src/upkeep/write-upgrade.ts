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
  /** Copies of what is replaced or moves, by its path, until all is done. */
  backups: Map<string, string>;
}

function replaceFiles(files: readonly ChangedText[]): void {
  const prepared: Replacement[] = [];
  const undo: (() => void)[] = [];
  try {
    for (const file of files) prepared.push(prepareFile(file, undo));
    for (const { from, to, unfinished, backups } of prepared) {
      renameSync(unfinished, to);
      undo.push(() => restoreFile(to, backups));
      if (to === from) continue;
      rmSync(from);
      undo.push(() => restoreFile(from, backups));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
  for (const { backups } of prepared) for (const backup of backups.values()) rmSync(backup);
}

function restoreFile(path: string, backups: ReadonlyMap<string, string>): void {
  const backup = backups.get(path);
  if (backup === undefined) rmSync(path);
  else renameSync(backup, path);
}

function prepareFile({ path, text, to }: ChangedText, undo: (() => void)[]): Replacement {
  // A file that is a link stays one, and its target is written. One that moves is replaced by a file.
  const from = to === undefined ? realpathSync(path) : path;
  const target = to ?? from;
  const hidden = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  // customers/folder.ts knows the ending.
  const unfinished = `${hidden}.new.unfinished`;
  mkdirSync(dirname(target), { recursive: true });
  undo.push(() => rmSync(unfinished, { force: true }));
  writeFileSync(unfinished, text, { flag: "wx" });
  chmodSync(unfinished, statSync(from).mode);
  const backups = new Map<string, string>();
  for (const file of new Set([from, target])) {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    const backup = `${hidden}.${backups.size}.old.unfinished`;
    undo.push(() => rmSync(backup, { force: true }));
    copyFileSync(file, backup);
    backups.set(file, backup);
  }
  return { from, to: target, unfinished, backups };
}

/** Those from which all files have moved. A link to a folder stays, as does what it leads to. */
function removeEmptyFolders(files: readonly ChangedText[]): void {
  const folders = new Set(files.filter(({ to }) => to !== undefined).map(({ path }) => dirname(path)));
  for (const folder of folders) {
    if (lstatSync(folder).isDirectory() && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
