// The tenant's files hold client secrets, private keys and token claims: only their owner may read them.
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Makes the folder if there is none, and closes it and everything in it to other users. */
export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  closeToOthers(path);
}

/** Closes the file to other users, if it exists. */
export function closeFileToOthers(path: string): void {
  if (existsSync(path)) closeToOthers(path);
}

/** For the files of this process and of the processes that it starts. */
export function makeNewFilesPrivate(): void {
  process.umask(0o077);
}

/** Opens an LMDB database with private files; the option is missing from its types (lmdb, src/env.cpp). */
export const privateDatabaseOptions = { permissionsMode: 0o600 };

/** An earlier version of the tenant, or another umask, may have opened the file, or what is in the folder, to others. */
function closeToOthers(path: string): void {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return;
  if ((status.mode & 0o077) !== 0) chmodSync(path, status.mode & 0o700);
  if (status.isDirectory()) for (const name of readdirSync(path)) closeToOthers(join(path, name));
}
