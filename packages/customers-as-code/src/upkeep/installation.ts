// Which versions of the product and its tools a company has installed. Finding them needs no network, account or deployment.
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import type { Problem } from "../problems/problem";
import { asRecord, isRecord } from "../problems/record";
import { parseSource, type Source } from "../problems/source";
import { readTextFile } from "../problems/text-file";
import { findWorkflowCalls, readVersion, type WorkflowCall } from "./workflow-versions";

export interface Installation {
  /** Such as `22.18.0`. */
  node: string;
  /** Absent if there is no Pulumi CLI on the PATH. */
  pulumiCli?: string;
  /** The product's package, its peers and the local cloud, if they are installed. */
  packages: InstalledPackage[];
  /** Every copy of Pulumi's SDK that the company's packages load, by its folder. */
  sdkCopies: InstalledPackage[];
  plugins: Plugin[];
  workflows: WorkflowCall[];
  /** package.json of the company. */
  manifest: Source;
  /** Path of the lock file, if there is one. */
  lockFile?: string;
}

export interface InstalledPackage {
  name: string;
  version: string;
  /** Relative to the folder where the command runs. */
  folder: string;
  manifest: Record<string, unknown>;
}

interface Plugin {
  name: string;
  /** The one that the package asks the engine for. */
  version: string;
  /** Whether it is in Pulumi's folder of plugins; if not, the engine downloads it. */
  isInstalled: boolean;
  /** A program on the PATH that the engine would use instead. */
  onPath?: string;
}

export const productName = "customers-as-code";
export const localName = "customers-as-code-local";
export const sdkName = "@pulumi/pulumi";

interface Surroundings {
  nodeVersion: string;
  pulumiCli: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
}

/** @param project folder of package.json and Pulumi.yaml @returns problems if package.json cannot be read */
export function readInstallation(
  project: string,
  { nodeVersion, pulumiCli, environment }: Surroundings,
): { installation?: Installation; problems: Problem[] } {
  const file = join(project, "package.json");
  const remedy = "Run the command in the company's folder, or name it with --project.";
  const { text, problems } = readTextFile(file, { remedy });
  if (text === undefined) return { problems };
  const manifest = parseSource(file, text);
  if (manifest.problems.length > 0) return { problems: manifest.problems };
  const product = findPackage(productName, project);
  const peers = Object.keys(asRecord(product?.manifest.peerDependencies));
  const packages = [productName, localName, ...peers].flatMap((name) => findPackage(name, project) ?? []);
  const lockFile = findLockFile(project);
  return {
    installation: {
      node: nodeVersion,
      ...(pulumiCli !== undefined && { pulumiCli }),
      packages,
      sdkCopies: findSdkCopies(project, manifest.value, packages),
      plugins: packages.flatMap((one) => findPlugin(one, environment) ?? []),
      workflows: findWorkflowCalls(project),
      manifest,
      ...(lockFile !== undefined && { lockFile }),
    },
    problems: [],
  };
}

/** Version of the package whose command runs. */
export function readOwnVersion(): string {
  const file = join(__dirname, "../../package.json");
  return String(asRecord(JSON.parse(readTextFile(file, { remedy: "" }).text ?? "{}")).version);
}

/** As Node.js looks for it. Its `exports` don't matter, which may hide package.json. */
function findPackage(name: string, from: string): InstalledPackage | undefined {
  for (const folder of foldersAbove(from)) {
    const found = join(folder, "node_modules", name);
    const { text } = readTextFile(join(found, "package.json"), { remedy: "" });
    const manifest = text === undefined ? undefined : parseSource("package.json", text).value;
    if (isRecord(manifest) && typeof manifest.version === "string") {
      const version = readVersion(manifest.version) ?? manifest.version;
      return { name, version, folder: relative(".", realpathSync(found)), manifest };
    }
  }
  return undefined;
}

function foldersAbove(from: string): string[] {
  const folders = [resolve(from)];
  for (let folder = resolve(from); folder !== dirname(folder); ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** Each copy has its own state: it doesn't know the resources that another copy registers. */
function findSdkCopies(
  project: string,
  manifest: unknown,
  packages: readonly InstalledPackage[],
): InstalledPackage[] {
  const { dependencies, devDependencies } = asRecord(manifest);
  const names = Object.keys({ ...asRecord(dependencies), ...asRecord(devDependencies) });
  const loading = [...names.flatMap((name) => findPackage(name, project) ?? []), ...packages];
  const copies = [project, ...loading.map(({ folder }) => folder)].flatMap(
    (folder) => findPackage(sdkName, folder) ?? [],
  );
  return [...new Map(copies.map((copy) => [copy.folder, copy])).values()];
}

/** https://www.pulumi.com/docs/iac/concepts/plugins/ */
function findPlugin(
  { name, version, manifest }: InstalledPackage,
  environment: Surroundings["environment"],
): Plugin | undefined {
  const { pulumi } = manifest;
  if (!isRecord(pulumi) || pulumi.resource !== true) return undefined;
  const plugin = typeof pulumi.name === "string" ? pulumi.name : name.replace(/^@pulumi\//, "");
  const wanted = typeof pulumi.version === "string" ? pulumi.version.replace(/^v/, "") : version;
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const onPath = environment.PULUMI_IGNORE_AMBIENT_PLUGINS
    ? undefined
    : (environment.PATH ?? "")
        .split(delimiter)
        .filter((folder) => folder !== "")
        .map((folder) => join(folder, `pulumi-resource-${plugin}`))
        .find((file) => existsSync(file) || existsSync(`${file}.exe`));
  return {
    name: plugin,
    version: wanted,
    isInstalled: existsSync(join(home, "plugins", `resource-${plugin}-v${wanted}`)),
    ...(onPath !== undefined && { onPath }),
  };
}

const lockFiles = [
  ...["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"],
];

/** Beside package.json, or where a workspace's packages are installed. */
function findLockFile(project: string): string | undefined {
  const folders = foldersAbove(project);
  const top = folders.findIndex((folder) => existsSync(join(folder, "node_modules", productName)));
  const found = folders
    .slice(0, Math.max(top, 0) + 1)
    .flatMap((folder) => lockFiles.map((name) => join(folder, name)))
    .find(existsSync);
  return found === undefined ? undefined : relative(".", found);
}
