// Finds the Pulumi CLI: on the PATH, in the cache, from its installer, or built from its Go module, in this order.
import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { PulumiCommand } from "@pulumi/pulumi/automation";

export interface EngineCommand {
  /** Path of the executable. */
  path: string;
  /** Folder above its `bin`; absent where it is the one on the PATH. */
  root?: string;
  version: string;
  /** Which way it was found, as a person would say it. */
  origin: string;
}

/** What to print while the search goes on; a later line may replace an earlier one of the same step. */
export type Progress = (line: string) => void;

const buildFolder = join(__dirname, "build");

/** The version that is built where none can be had; in go.mod of the folder build/. */
export const builtVersion = (() => {
  const goMod = readFileSync(join(buildFolder, "go.mod"), "utf8");
  return /pulumi\/pkg\/v3 v(\S+)/.exec(goMod)?.[1] ?? "";
})();

/** Older ones do not know all that the program uses. */
const oldestMajor = 3;
const oldestMinor = 200;

const onThePath = "on the PATH";

/** Where a CLI that was downloaded or built is kept across runs and checkouts. */
function cacheFolder(): string {
  const home = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(home, "customers-as-code", `pulumi-${builtVersion}`);
}

/** @throws where there is no way to get a CLI, with every reason and what to do. */
export async function findCommand(progress: Progress, signal?: AbortSignal): Promise<EngineCommand> {
  const reasons: string[] = [];
  const cache = cacheFolder();
  const ways: [string, () => Promise<string | undefined>][] = [
    [onThePath, async () => onPath()],
    ["from the cache", async () => existing(join(cache, "bin", "pulumi"))],
    ["by its installer", () => install(join(cache, "installed"), progress)],
    ["built from its Go module", () => build(join(cache, "bin", "pulumi"), progress, signal)],
  ];
  for (const [origin, find] of ways) {
    try {
      const path = await find();
      if (path === undefined) {
        reasons.push(`${origin}: there is none`);
        continue;
      }
      const version = await readVersion(path);
      return { path, version, origin, ...(origin !== onThePath && { root: dirname(dirname(path)) }) };
    } catch (error) {
      signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      reasons.push(`${origin}: ${reason}`);
      progress(`The Pulumi CLI cannot be had ${origin}: ${reason.split("\n")[0]}`);
    }
  }
  throw new Error(
    `The Pulumi CLI cannot be had:\n${reasons.map((reason) => `  ${reason}`).join("\n")}\n` +
      "Install it (https://www.pulumi.com/docs/install/), or Go 1.26.6 or newer so that it can be built.",
  );
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, "pulumi")).find((path) => existsSync(path));
}

async function readVersion(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const version = stdout.trim().replace(/^v/, "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(`${path} is ${version}; ${oldestMajor}.${oldestMinor} or newer is needed`);
  }
  return version;
}

async function install(root: string, progress: Progress): Promise<string> {
  const installed = existing(join(root, "bin", "pulumi"));
  if (installed) return installed;
  progress("Getting the Pulumi CLI by its installer");
  try {
    return (await PulumiCommand.install({ root })).command;
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Builds into a file of its own and renames it, so that a build that was broken off leaves nothing. Go runs in a copy of the
 * module: the installed one may be read-only, or lie in a repository that has other Go modules.
 */
async function build(target: string, progress: Progress, signal?: AbortSignal): Promise<string> {
  const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${builtVersion}`;
  const partial = `${target}.${process.pid}`;
  const folder = `${partial}.module`;
  mkdirSync(folder, { recursive: true });
  progress(`Building the Pulumi CLI ${builtVersion} from its Go module; once, for some minutes`);
  let packages = 0;
  try {
    for (const file of moduleFiles) copyFileSync(join(buildFolder, file), join(folder, file));
    await go(
      folder,
      ["build", "-v", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", partial, mainPackage],
      signal,
      (line) => {
        if (line.startsWith("go: downloading ")) progress(`Building the Pulumi CLI: ${line.slice(4)}`);
        else progress(`Building the Pulumi CLI: ${++packages} packages, ${line}`);
      },
    );
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
  return target;
}

const mainPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

const moduleFiles = ["go.mod", "go.sum", "tools.go"];

function go(
  folder: string,
  args: string[],
  signal: AbortSignal | undefined,
  onLine: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd: folder,
      // A workspace or flags of the user's own would be about other modules than this one.
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
      stdio: ["ignore", "ignore", "pipe"],
      signal,
    });
    const tail: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      onLine(line);
      if (tail.push(line) > 8) tail.shift();
    });
    child.on("error", (error) =>
      reject("code" in error && error.code === "ENOENT" ? new Error("Go is not installed") : error),
    );
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`go ended with ${code}: ${tail.join("\n")}`)),
    );
  });
}
