// The company's folder: whether it is one, and whether what its package.json installs fits this package.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord } from "../record";

/**
 * Nothing is written before this holds.
 * @throws {Error} with one sentence that includes the remedy
 */
export function checkCompanyFolder(folder: string): void {
  if (!existsSync(join(folder, "Pulumi.yaml"))) {
    throw new Error(
      `There is no Pulumi.yaml in ${folder}. Change to your company's folder, or create one with: npm create customers-as-code my-company`,
    );
  }
  const missing = ["customers-as-code", "@pulumi/pulumi"].filter(
    (name) => findManifest(folder, name) === undefined,
  );
  if (missing.length > 0) {
    const verb = missing.length === 1 ? "is" : "are";
    throw new Error(`${missing.join(" and ")} ${verb} not installed in ${folder}. Run: npm install`);
  }
  const product = readManifest(findManifest(folder, "customers-as-code"));
  const own = readManifest(join(__dirname, "..", "..", "package.json"));
  if (product.version !== own.version) {
    throw new Error(
      `${folder} has ${product.name} ${product.version} and ${own.name} ${own.version}. Give both the same version in package.json, then run: npm install`,
    );
  }
}

/** Path of the package's package.json, where Node.js looks for it from the company's program. */
function findManifest(folder: string, name: string): string | undefined {
  const file = join(folder, "node_modules", name, "package.json");
  if (existsSync(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : findManifest(above, name);
}

function readManifest(file: string | undefined): { name: string; version: string } {
  const manifest: unknown = file === undefined ? {} : JSON.parse(readFileSync(file, "utf8"));
  const { name, version } = isRecord(manifest) ? manifest : {};
  return { name: String(name), version: String(version) };
}
