// A file or folder that the operating system does not let us read.
import type { Problem } from "./problem";

/** @param remedy a sentence that says what to do */
export function unreadableFile(file: string, error: unknown, remedy: string): Problem {
  return { file, code: "file-unreadable", message: `cannot be read (${errorCode(error)}). ${remedy}` };
}

/** `ENOENT`, for example; the error itself where it has no code. */
export function errorCode(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : error;
}
