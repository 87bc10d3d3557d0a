// The code of a function: an archive of the Pulumi program, as files.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
// The asset types alone; the whole SDK would take half a second to load.
import { AssetArchive, FileArchive, FileAsset, StringAsset } from "@pulumi/pulumi/asset";

/** Contents by path, sorted by path. */
type CodeFiles = Map<string, Buffer>;

export async function readArchive(archive: unknown): Promise<CodeFiles> {
  const files: CodeFiles = new Map();
  await addArchive(archive, "", files);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Base64 of a SHA-256 over names and contents; stands in for the hash of the zip file that AWS would get. */
export function hashFiles(files: CodeFiles): string {
  const hash = createHash("sha256");
  for (const [path, content] of files) {
    hash.update(`${path.length}:${path}${content.length}:`).update(content);
  }
  return hash.digest("base64");
}

/** Writes the files into a directory named after their hash, whole or not at all. */
export async function storeFiles(files: CodeFiles, parent: string): Promise<string> {
  const directory = join(parent, Buffer.from(hashFiles(files), "base64").toString("hex").slice(0, 40));
  if (existsSync(directory)) return directory;
  const unfinished = `${directory}.${process.pid}.tmp`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  for (const [path, content] of files) {
    const target = join(unfinished, path);
    if (relative(unfinished, target).startsWith(`..${sep}`)) {
      throw new Error(`the archive's file "${path}" lies outside of it`);
    }
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, content, { mode: 0o600 });
  }
  // As in Lambda, nothing above the code says that it has ECMAScript modules, as the company's package.json may.
  await writeFile(join(parent, "package.json"), "{}\n", { mode: 0o600 });
  await rename(unfinished, directory);
  return directory;
}

/** Where the account keeps the code of its functions. */
export const functionsDirectory = ({ directory }: { directory: string }) => join(directory, "functions");

async function addArchive(archive: unknown, prefix: string, files: CodeFiles): Promise<void> {
  if (archive instanceof AssetArchive) {
    for (const [name, entry] of Object.entries(await archive.assets)) {
      await addEntry(entry, join(prefix, name), files);
    }
  } else if (archive instanceof FileArchive) {
    await addDirectory(await archive.path, prefix, files);
  } else {
    throw new Error("the local cloud reads the code of a function from an AssetArchive or a directory only");
  }
}

async function addEntry(entry: unknown, path: string, files: CodeFiles): Promise<void> {
  if (entry instanceof StringAsset) files.set(path, Buffer.from(await entry.text));
  else if (entry instanceof FileAsset) files.set(path, await readFile(await entry.path));
  else await addArchive(entry, path, files);
}

async function addDirectory(directory: string, prefix: string, files: CodeFiles): Promise<void> {
  if (!(await stat(directory)).isDirectory()) {
    throw new Error(`${directory}: the local cloud does not unpack archives. Give the directory itself.`);
  }
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(join(prefix, relative(directory, path)), await readFile(path));
  }
}
