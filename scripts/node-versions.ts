// Other versions of Node.js than the one that runs, for tests.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Those of Lambda's nodejs22.x and nodejs24.x, and the oldest line that the project runs on. */
export const nodeVersions = ["20.20.2", "22.23.3", "24.21.0"];

/** The version's binary, from npm's package of it, which needs no install script; kept for the next time. */
export function findNode(version: string): string {
  const { platform, arch } = process;
  if (process.version === `v${version}`) return process.execPath;
  const name = `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${platform}-${arch}`;
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const prefix = join(cache, "customers-as-code", `node-${version}`);
  const binary = join(prefix, "node_modules", name, "bin", "node");
  if (!existsSync(binary)) {
    mkdirSync(prefix, { recursive: true });
    const options = ["--no-save", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
    execFileSync("npm", ["install", "--prefix", prefix, ...options, `${name}@${version}`], {
      stdio: "inherit",
    });
  }
  const found = execFileSync(binary, ["--version"]).toString().trim();
  if (found !== `v${version}`) throw new Error(`${binary} is ${found}, not v${version}; delete it`);
  return binary;
}
