// This repository's packages as a company installs them: from a registry, by name and version, into a folder of its own.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packIfStale } from "./pack";
import { type Registry, startRegistry } from "./registry";

export const releasesFolder = join(__dirname, "../test/compatibility/packages");

export interface PackageSource {
  registry: Registry;
  /** Tarballs of today's packages by name. */
  tarballs: Record<string, string>;
  /** npm's cache, with the downloads of the user's. */
  cache: string;
  close(): Promise<void>;
}

/** Packs today's packages, and serves them with those of earlier versions. */
export async function servePackages(): Promise<PackageSource> {
  const tarballs = await packIfStale();
  const earlier = readdirSync(releasesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(releasesFolder, name))
        .filter((file) => file.endsWith(".tgz"))
        .map((file) => join(releasesFolder, name, file)),
    );
  const registry = await startRegistry([...earlier, ...Object.values(tarballs)]);
  const cache = createCache();
  return {
    registry,
    tarballs,
    cache,
    async close() {
      rmSync(cache, { recursive: true, force: true });
      await registry.close();
    },
  };
}

/** `npm create` would run what it has installed before, by name and version, in the user's cache: other code of the same version. */
function createCache(): string {
  const cache = mkdtempSync(join(tmpdir(), "npm-cache-"));
  const own = execFileSync("npm", ["config", "get", "cache"], { encoding: "utf8" }).trim();
  const downloads = join(own, "_cacache");
  mkdirSync(downloads, { recursive: true });
  symlinkSync(downloads, join(cache, "_cacache"));
  return cache;
}

export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command in the company's folder, with npm's registry set and nothing of this process's own Node options. */
export function runIn(
  folder: string,
  { registry, cache }: Pick<PackageSource, "registry" | "cache">,
  [command = "", ...args]: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const env = {
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => !/^npm_/i.test(name))),
    npm_config_registry: registry.url,
    npm_config_cache: cache,
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(command, args, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ status, stdout, stderr });
    });
  });
}
