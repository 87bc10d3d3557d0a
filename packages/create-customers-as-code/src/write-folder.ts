// Writes the company's folder as a whole, or nothing of it.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { CompanyFiles } from "./company-files";
import { errorCode, type Problem } from "./problem";

/** @returns what is wrong with the folder, as the user names it */
export function checkFolder(folder: string): Problem[] {
  const refuse = (message: string): Problem[] => [{ place: folder, message }];
  const path = resolve(folder);
  try {
    if (existsSync(path)) {
      if (!statSync(path).isDirectory()) return refuse("is a file. Name a new folder.");
      const entries = readdirSync(path).filter((name) => !harmless.includes(name));
      return entries.length === 0
        ? []
        : refuse(
            `is not empty: it has ${entries.slice(0, 3).join(", ")}${entries.length > 3 ? " and more" : ""}. Name a new folder.`,
          );
    }
    const parent = dirname(path);
    if (!existsSync(parent))
      return refuse(`cannot be created, because ${dirname(folder)} doesn't exist. Create that first.`);
    return statSync(parent).isDirectory()
      ? []
      : refuse(`cannot be created, because ${dirname(folder)} is a file.`);
  } catch (error) {
    return refuse(`cannot be read (${errorCode(error)}). Name another folder, or change its permissions.`);
  }
}

/** What a new clone of an empty repository has. */
const harmless = [".git"];

/** The files in a temporary folder: beside the one that they are for, or in it if it exists, since it may be a volume of its own. */
export class StagedFolder {
  private readonly path: string;
  /** Where the files are until they are moved. */
  readonly staging: string;

  constructor(folder: string, files: CompanyFiles) {
    this.path = resolve(folder);
    const parent = existsSync(this.path) ? this.path : dirname(this.path);
    this.staging = join(parent, `.${basename(this.path)}.${process.pid}.tmp`);
    try {
      mkdirSync(this.staging);
      for (const [file, content] of files) {
        const path = join(this.staging, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content, { flag: "wx" });
      }
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  discard(): void {
    rmSync(this.staging, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A new folder appears in one step. In a folder that exists, what has been moved goes back if something fails. */
  moveIntoPlace(): void {
    if (!existsSync(this.path)) {
      renameSync(this.staging, this.path);
      return;
    }
    const moved: string[] = [];
    try {
      for (const name of readdirSync(this.staging)) {
        if (existsSync(join(this.path, name)))
          throw new Error(`${join(this.path, name)} has appeared meanwhile`);
        renameSync(join(this.staging, name), join(this.path, name));
        moved.push(name);
      }
    } catch (error) {
      for (const name of moved) rmSync(join(this.path, name), { recursive: true, force: true });
      throw error;
    } finally {
      this.discard();
    }
  }
}
