// The emulators' files hold secrets: clients' secrets, private keys, tokens' claims. They are their owner's alone.
import { chmodSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Makes the folder, if it is not there. Whatever is in it already, others may no longer read. */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  takeBack(path);
}

/** For files of this process, and of those that it starts. */
export function makeFilesPrivate(): void {
  process.umask(0o077);
}

/** To open LMDB with, which has no such option in its types (lmdb, src/env.cpp). */
export const privateDatabase = { permissionsMode: 0o600 };

/** Of a file, or a folder with all that is in it: an earlier version, or another umask, may have given it to others. */
function takeBack(path: string): void {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return;
  if ((status.mode & 0o077) !== 0) chmodSync(path, status.mode & 0o700);
  if (status.isDirectory()) for (const name of readdirSync(path)) takeBack(join(path, name));
}
