// Which base the cloud holds: a run with the same one deploys nothing.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @param parts what tells one base from another, such as Git's id of its files
 * @param product folder of the installed product
 */
export function digestBase(parts: Readonly<Record<string, string>>, product: string): string {
  const installed = join(dirname(product), ".package-lock.json");
  const program = join(product, "dist", "index.js");
  const all = {
    ...parts,
    product: readFileSync(join(product, "package.json"), "utf8"),
    // By npm, of all packages.
    ...(existsSync(installed) && { installed: readFileSync(installed, "utf8") }),
    // In this product's own repository, a build changes no version.
    ...(existsSync(program) && { built: statSync(program).mtimeMs }),
  };
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** @returns what {@link digestBase} said of the base that is deployed; undefined if none is */
export function readBaseState(directory: string): string | undefined {
  const file = fileIn(directory);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

export function writeBaseState(directory: string, base: string): void {
  writeFileSync(fileIn(directory), base, { mode: 0o600 });
}

const fileIn = (directory: string) => join(directory, "base");
