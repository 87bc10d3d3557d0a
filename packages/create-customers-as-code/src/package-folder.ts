// What this package has beside its code.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asRecord } from "./record";

const folder = join(__dirname, "..");

/** @param path relative to the package, such as `template/index.ts` */
export function packagePath(path: string): string {
  return join(folder, path);
}

export function readPackageFile(path: string): string {
  return readFileSync(packagePath(path), "utf8");
}

/** Also the version of the packages that the company installs. */
export function readVersion(): string {
  return String(asRecord(JSON.parse(readPackageFile("package.json"))).version);
}

/** URL of a page of the documentation, as this version has it. @param page such as `explanation/ci.md` */
export function docsUrl(page: string): string {
  return `https://github.com/customers-as-code/customers-as-code/blob/v${readVersion()}/docs/${page}`;
}
