// A commit's files in a folder of their own, with the packages that the user's folder has.
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type WritableRepository, writeFilesOf } from "./git-repository";

/**
 * Writes the commit's files instead of what the folder has.
 * @returns the company's folder within it
 */
export function checkOut(repository: WritableRepository, commit: string, target: string): string {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true, mode: 0o700 });
  writeFilesOf(repository, commit, target);
  for (const folder of foldersTo(repository.prefix)) {
    const [own, linked] = [repository.root, target].map((root) => join(root, folder, "node_modules"));
    if (own && linked && existsSync(own) && existsSync(join(linked, "..")) && !existsSync(linked)) {
      symlinkSync(own, linked);
    }
  }
  return join(target, repository.prefix);
}

/** From the root, "", to the folder itself. */
function foldersTo(prefix: string): string[] {
  const parts = prefix.split("/").filter(Boolean);
  return ["", ...parts.map((_, at) => parts.slice(0, at + 1).join("/"))];
}
