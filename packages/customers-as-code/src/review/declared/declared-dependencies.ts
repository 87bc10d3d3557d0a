// What a company's package.json asks for, and what its lock file has npm, pnpm, Yarn or Bun install: read as data.
import { basename } from "node:path";
import { asRecord, getOwn, isRecord } from "../../problems/record";
import { parseSource } from "../../problems/source";
import type { Files } from "../git/files";

export interface Dependencies {
  /** The company's package.json; of one above the project's folder too, by path. */
  packages: Record<string, Record<string, unknown>>;
  locked: LockedPackage[];
  /** Paths of files in which nothing can be read. */
  unreadable: string[];
}

/** A package as a lock file has it. */
export interface LockedPackage {
  name: string;
  version: string;
  /** Where it is downloaded from; absent if that is the registry of the settings. */
  source?: string;
  /** Digest of its contents. */
  integrity?: string;
  /** Whether it runs a script when it is installed. */
  hasScript: boolean;
}

/** In the project's folder and in those above it, where workspaces have them. */
export function readDependencies(files: Files): Dependencies {
  const dependencies: Dependencies = { packages: {}, locked: [], unreadable: [] };
  const paths = files.paths.filter((path) => /^(\.\.\/)*[^/]+$/.test(path));
  const isRead = (path: string) =>
    Object.hasOwn(readers, basename(path)) || basename(path) === "package.json";
  for (const [path, text] of files.read(paths.filter(isRead))) {
    try {
      const read = getOwn(readers, basename(path));
      if (read) dependencies.locked.push(...read(text));
      else dependencies.packages[path] = asRecord(JSON.parse(text));
    } catch {
      dependencies.unreadable.push(path);
    }
  }
  return dependencies;
}

/** By the name of the lock file. */
const readers: Record<string, (text: string) => LockedPackage[]> = {
  "package-lock.json": readNpm,
  "npm-shrinkwrap.json": readNpm,
  "pnpm-lock.yaml": readPnpm,
  "yarn.lock": readYarn,
  "bun.lock": readBun,
};

/** https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json: `npm ci` still takes version 1 of it, which has no `packages`. */
function readNpm(text: string): LockedPackage[] {
  const { packages, dependencies } = asRecord(JSON.parse(text));
  if (packages === undefined && dependencies !== undefined) throw new SyntaxError("it is of version 1");
  return Object.entries(asRecord(packages)).flatMap(([path, entry]): LockedPackage[] => {
    const folder = "node_modules/";
    // The company's own packages are in no folder of modules.
    if (!path.includes(folder) || !isRecord(entry) || entry.link === true) return [];
    const installedAs = path.slice(path.lastIndexOf(folder) + folder.length);
    const { name, version, resolved, integrity, hasInstallScript } = entry;
    const isAlias = typeof name === "string" && name !== installedAs;
    return [
      locked(installedAs, isAlias ? `${name}@${String(version)}` : version, {
        ...{ source: resolved, integrity },
        hasScript: hasInstallScript === true,
      }),
    ];
  });
}

/** https://github.com/pnpm/spec/blob/master/lockfile/9.0.md: `name@version`, before version 9 with a slash first. */
function readPnpm(text: string): LockedPackage[] {
  const { packages } = asRecord(parse(text));
  return Object.entries(asRecord(packages)).map(([key, entry]) => {
    const { resolution, requiresBuild } = asRecord(entry);
    const { integrity, tarball, repo, commit } = asRecord(resolution);
    const { name, rest } = splitSpecifier(key.replace(/^\//, "").replace(/\(.*$/, ""));
    const source = tarball ?? (repo === undefined ? undefined : `${String(repo)}#${String(commit)}`);
    return locked(name, rest, { source, integrity, hasScript: requiresBuild === true });
  });
}

/** Both forms: the first version's own, and YAML with `resolution` and `checksum`. */
function readYarn(text: string): LockedPackage[] {
  return text.split(/\n(?=\S)/).flatMap((block): LockedPackage[] => {
    const [, first] = /^"?([^",:#\s][^",:\s]*)/.exec(block.replace(/^(#.*\n|\s*\n)+/, "")) ?? [];
    const value = (key: string) => new RegExp(`^ {2}${key}:? "?([^"\\n]*?)"?$`, "m").exec(block)?.[1];
    const version = value("version");
    if (first === undefined || version === undefined || version === "0.0.0-use.local") return [];
    const resolution = value("resolution");
    const isFromRegistry = resolution === undefined || /@npm:[^:]*$/.test(resolution);
    const source = value("resolved") ?? (isFromRegistry ? undefined : resolution);
    const integrity = value("integrity") ?? value("checksum");
    const name = splitSpecifier(resolution ?? first).name;
    return [
      locked(name, version, { source: source?.replace(/#[0-9a-f]+$/, ""), integrity, hasScript: false }),
    ];
  });
}

/** JSON with commas at the ends of lists, which YAML allows: `[name@version, registry, data, integrity]`. */
function readBun(text: string): LockedPackage[] {
  const { packages } = asRecord(parse(text));
  return Object.values(asRecord(packages)).flatMap((entry): LockedPackage[] => {
    if (!Array.isArray(entry) || typeof entry[0] !== "string") return [];
    const { name, rest } = splitSpecifier(entry[0]);
    if (rest.startsWith("workspace:")) return [];
    const [, registry, , integrity] = entry.map((one: unknown) =>
      typeof one === "string" ? one : undefined,
    );
    return [locked(name, rest, { source: registry, integrity, hasScript: false })];
  });
}

function parse(text: string): unknown {
  const { value, problems } = parseSource("", text);
  if (problems.length > 0) throw new SyntaxError("it is not valid YAML");
  return value;
}

/** `@scope/name@version` */
function splitSpecifier(text: string): { name: string; rest: string } {
  const at = text.indexOf("@", 1);
  return at === -1 ? { name: text, rest: "" } : { name: text.slice(0, at), rest: text.slice(at + 1) };
}

function locked(
  name: string,
  version: unknown,
  { source, integrity, hasScript }: { source: unknown; integrity: unknown; hasScript: boolean },
): LockedPackage {
  return {
    name,
    version: typeof version === "string" ? version : "",
    ...(typeof source === "string" && source !== "" && { source }),
    ...(typeof integrity === "string" && { integrity }),
    hasScript,
  };
}
