// A file or folder that cannot be read, and why.
import { lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Problem } from "./problem";

/**
 * Explains why a file cannot be read.
 * @param remedy a sentence that says what to do, if it is neither a folder nor a link that leads nowhere
 * @param at where it is, if that is not the path that problems show
 */
export function unreadableFile(file: string, error: unknown, remedy: string, at = file): Problem {
  if (errorCode(error) === "EISDIR") {
    const message = "is a folder, but must be a file. Put the file there, or correct the path.";
    return { file, code: "file-is-folder", message };
  }
  // A part of the path in front of the file's name is a file itself.
  if (errorCode(error) === "ENOTDIR" && isFile(dirname(at))) return fileNotFolder(dirname(file));
  return brokenLink(file, at) ?? unreadable(file, error, remedy);
}

/** Like {@link unreadableFile}, of a folder. */
export function unreadableFolder(folder: string, error: unknown, remedy: string): Problem {
  if (errorCode(error) === "ENOTDIR" && isFile(folder)) return fileNotFolder(folder);
  return brokenLink(folder, folder) ?? unreadable(folder, error, remedy);
}

/** Whether nothing has the path. A link that leads nowhere has it, and so has what lies below a file instead of a folder. */
export function isAbsent(path: string): boolean {
  try {
    lstatSync(path);
    return false;
  } catch (error) {
    return errorCode(error) === "ENOENT";
  }
}

/** `ENOENT`, for example; the error itself where it has no code. */
export function errorCode(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : error;
}

function unreadable(file: string, error: unknown, remedy: string): Problem {
  return { file, code: "file-unreadable", message: `cannot be read (${errorCode(error)}). ${remedy}` };
}

function fileNotFolder(file: string): Problem {
  const message = "is a file, but must be a folder. Put the folder there, or correct the path.";
  return { file, code: "folder-is-file", message };
}

function brokenLink(file: string, at: string): Problem | undefined {
  try {
    if (!lstatSync(at).isSymbolicLink()) return undefined;
    statSync(at);
    return undefined;
  } catch (error) {
    if (isAbsent(at) || !["ENOENT", "ENOTDIR", "ELOOP"].includes(String(errorCode(error)))) return undefined;
    const message = "is a link that leads nowhere. Replace it with what it should lead to, or correct it.";
    return { file, code: "link-leads-nowhere", message };
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
