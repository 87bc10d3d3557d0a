// A company's folder with packages that have nothing but a package.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** As `npm create customers-as-code` and `npm ci` leave it, with everything fitting. */
export function installCompany(folder: string): void {
  writeJson(join(folder, "package.json"), {
    name: "company",
    dependencies: { "customers-as-code": "0.2.0" },
    devDependencies: { "customers-as-code-local": "0.2.0" },
  });
  writeJson(join(folder, "package-lock.json"), {});
  writeFileSync(join(folder, "Pulumi.yaml"), "name: company\n");
  const modules = join(folder, "node_modules");
  const pulumi = (name: string, version: string) => ({ resource: true, name, version });
  writeJson(join(modules, "customers-as-code/package.json"), {
    version: "0.2.0",
    engines: { node: ">=20.20" },
    peerDependencies: {
      "@pulumi/auth0": "^3.49.0",
      "@pulumi/aws": "7.48.0",
      "@pulumi/awsx": "3.9.0",
      "@pulumi/policy": "1.21.0",
      "@pulumi/pulumi": "^3.276.0",
    },
    peerDependenciesMeta: { "@pulumi/awsx": { optional: true } },
  });
  writeJson(join(modules, "customers-as-code-local/package.json"), { version: "0.2.0" });
  writeJson(join(modules, "@pulumi/pulumi/package.json"), { version: "3.277.1" });
  writeJson(join(modules, "@pulumi/policy/package.json"), { version: "v1.21.0" });
  writeJson(join(modules, "@pulumi/auth0/package.json"), {
    version: "3.50.0",
    pulumi: pulumi("auth0", "3.50.0"),
  });
  writeJson(join(modules, "@pulumi/aws/package.json"), {
    version: "7.48.0",
    pulumi: pulumi("aws", "7.48.0"),
  });
}
