// npm run pack [-- FOLDER]: the packages as npm publishes them, as tarballs in the folder (default .local/packages). A tarball has only
// what its entry points reach: no sources, no tests, no types that nobody can import.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, posix, relative, resolve } from "node:path";
import { buildPackages, filesIn } from "./build";

const root = resolve(__dirname, "..");

interface Packed {
  folder: string;
  /** What runs and is no entry of package.json: the CLI, the engine or the package itself starts it by path. */
  started?: readonly string[];
}

const packages: readonly Packed[] = [
  { folder: "packages/auth0-tenant" },
  { folder: "packages/create-customers-as-code" },
  { folder: "packages/customers-as-code", started: ["policy/index.js", "typescript-hooks.mjs"] },
  {
    folder: "packages/local-cloud",
    started: ["dist/awsx/main.js", "dist/engine/language-host.cjs", "dist/aws/lambda-bootstrap.mjs"],
  },
];

interface Manifest extends Record<string, unknown> {
  name: string;
  version: string;
  files: string[];
}

/** Like {@link packPackages}, but keeps the tarballs, and packs again only if a file of the packages is newer. */
export async function packIfStale(): Promise<Record<string, string>> {
  const kept = join(root, "node_modules/.cache/packages");
  const newest = Math.max(
    ...[...packages.map(({ folder }) => folder), "authorizer", "scripts"].map(lastChange),
  );
  // By the versions of today: those of earlier ones may lie there, too.
  const tarballs = packages.map(({ folder }): [string, string] => {
    const { name, version } = readManifest(join(root, folder));
    return [name, join(kept, `${name}-${version}.tgz`)];
  });
  const isNewer = (path: string) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newest;
  if (tarballs.every(([, path]) => isNewer(path))) return Object.fromEntries(tarballs);
  // Tests of two processes may do so at once: each replaces whole files.
  const made = mkdtempSync(join(tmpdir(), "packed-"));
  try {
    const packed = await packPackages(made);
    mkdirSync(kept, { recursive: true });
    return Object.fromEntries(
      Object.entries(packed).map(([name, path]) => {
        const target = join(kept, basename(path));
        cpSync(path, `${target}.${process.pid}`);
        renameSync(`${target}.${process.pid}`, target);
        return [name, target];
      }),
    );
  } finally {
    rmSync(made, { recursive: true });
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** In milliseconds since 1970: the newest file of a package's folder, without what the build makes there. */
function lastChange(folder: string): number {
  const isMade = /\/(dist|node_modules|authorizer\/index\.js.*)(\/|$)|schema\.json$/;
  const files = filesIn(join(root, folder)).filter((path) => !isMade.test(path.slice(root.length)));
  return Math.max(0, ...files.map((path) => statSync(path).mtimeMs));
}

/** @returns the tarballs by package */
export async function packPackages(target: string): Promise<Record<string, string>> {
  await buildPackages();
  const work = mkdtempSync(join(tmpdir(), "pack-"));
  try {
    mkdirSync(target, { recursive: true });
    const types = join(work, "types");
    compileTypes(types);
    return Object.fromEntries(packages.map((packed) => pack(packed, { work, types, target })));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function compileTypes(to: string): void {
  const compiler = require.resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", join(__dirname, "tsconfig.types.json"), "--outDir", to], {
    stdio: "inherit",
  });
  // Where the product's package has its copies of the authorizer's files.
  const copies = join(to, "packages/customers-as-code/src/authorizer");
  for (const part of ["src", "build"]) {
    if (existsSync(join(to, "authorizer", part))) {
      cpSync(join(to, "authorizer", part), join(copies, part), { recursive: true });
    }
  }
}

interface Folders {
  work: string;
  types: string;
  target: string;
}

function pack({ folder, started = [] }: Packed, { work, types, target }: Folders): [string, string] {
  const source = join(root, folder);
  const manifest = readManifest(source);
  const published = publishedManifest(manifest);
  const staging = join(work, manifest.name);
  // Declarations take the places that package.json names.
  const laidOut = join(work, `${manifest.name}-all`);
  for (const path of manifest.files) cpSync(join(source, path), join(laidOut, path), { recursive: true });
  for (const file of filesIn(join(types, folder, "src"))) {
    const path = posix.join("dist", relative(join(types, folder, "src"), file));
    mkdirSync(dirname(join(laidOut, path)), { recursive: true });
    writeFileSync(join(laidOut, path), withRelativeImports(readFileSync(file, "utf8"), path, published));
  }
  // Code may read its own version.
  writeFileSync(join(laidOut, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  const entries = [...entriesOf(published), ...started];
  for (const path of reachable(laidOut, entries, published)) place(join(laidOut, path), join(staging, path));
  for (const name of ["README.md", "LICENSE"]) {
    const own = join(source, name);
    place(existsSync(own) ? own : join(root, name), join(staging, name));
  }
  const output = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", target], {
    cwd: staging,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return [manifest.name, join(target, tarballIn(output))];
}

/** npm 11 prints a list, and newer ones an object by package. */
function tarballIn(output: string): string {
  const printed: unknown = JSON.parse(output);
  const [first] = Object.values(printed ?? {});
  if (typeof first === "object" && first !== null && "filename" in first) return String(first.filename);
  throw new Error(`npm pack printed no name of a tarball: ${output}`);
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}

/** Without what only this repository needs. */
function publishedManifest(manifest: Manifest): Manifest {
  const { devDependencies, private: _, scripts, ...published } = manifest;
  return {
    ...published,
    files: manifest.files,
    ...("exports" in manifest && { exports: withoutSources(manifest.exports) }),
    ...("imports" in manifest && { imports: withoutSources(manifest.imports) }),
  };
}

/** Declarations without the names of "imports", which older ways of resolving modules don't know. */
function withRelativeImports(text: string, path: string, { imports }: Manifest): string {
  return text.replaceAll(/(?<=\bfrom |\bimport\()"(#[^"]+)"/g, (_, specifier: string) => {
    const target = mapped(specifier, imports).replace(/\.js$/, "");
    const route = posix.relative(posix.dirname(path), target);
    return JSON.stringify(route.startsWith(".") ? route : `./${route}`);
  });
}

const sourceCondition = "@customers-as-code/source";

function withoutSources(targets: unknown): unknown {
  if (typeof targets !== "object" || targets === null) return targets;
  const kept = Object.entries(targets).filter(([key]) => key !== sourceCondition);
  const [[only, target] = []] = kept;
  if (kept.length === 1 && only === "default") return target;
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutSources(one)]));
}

/** Every file that package.json names. */
function entriesOf(manifest: Manifest): string[] {
  const named = (value: unknown): string[] =>
    typeof value === "string"
      ? [posix.normalize(value)]
      : typeof value === "object" && value !== null
        ? Object.values(value).flatMap(named)
        : [];
  const { main, types, bin, exports } = manifest;
  return [main, types, bin, exports].flatMap(named).filter((path) => path !== "package.json");
}

/** The files that the entries import, directly or not, and those beside them that are no code. */
function reachable(folder: string, entries: readonly string[], manifest: Manifest): Set<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    if (!/\.([cm]?js|d\.ts)$/.test(path)) return;
    const text = readFileSync(join(folder, path), "utf8");
    for (const specifier of specifiersIn(text)) {
      const target = resolveWithin(folder, path, specifier, manifest);
      if (target !== undefined) visit(target);
    }
  };
  for (const entry of entries) visit(entry);
  for (const file of filesIn(folder)) {
    const path = relative(folder, file);
    // Assets: they are read by their path. The checksum of the authorizer is one.
    if (!/\.(js|d\.ts)$/.test(path) && !/(^|\/)\w+\.test\./.test(path)) found.add(path);
  }
  return found;
}

function specifiersIn(text: string): string[] {
  return [...text.matchAll(/\b(?:require|import)\(\s*"([^"]+)"\s*\)|\b(?:from|import)\s+"([^"]+)"/g)].map(
    ([, called, declared]) => called ?? declared ?? "",
  );
}

/** Undefined for another package's module. @throws if this package doesn't have the file */
function resolveWithin(
  folder: string,
  from: string,
  specifier: string,
  { imports }: Manifest,
): string | undefined {
  const isTypes = from.endsWith(".d.ts");
  let path = posix.join(posix.dirname(from), specifier);
  if (specifier.startsWith("#")) path = mapped(specifier, imports);
  else if (!specifier.startsWith(".")) return undefined;
  const base = isTypes ? path.replace(/\.js$/, "") : path;
  const candidates = isTypes
    ? [`${base}.d.ts`, `${base}/index.d.ts`]
    : [base, `${base}.js`, `${base}/index.js`, `${base}.json`];
  const target = candidates.find((one) => statSync(join(folder, one), { throwIfNoEntry: false })?.isFile());
  if (target === undefined) throw new Error(`${from} imports ${specifier}, which is not in the package`);
  return target;
}

function mapped(specifier: string, imports: unknown): string {
  for (const [pattern, target] of Object.entries(imports ?? {})) {
    const [start = ""] = pattern.split("*");
    if (specifier.startsWith(start)) {
      return posix.normalize(String(target).replace("*", specifier.slice(start.length)));
    }
  }
  throw new Error(`package.json has no "imports" for ${specifier}`);
}

if (require.main === module) {
  const target = resolve(process.argv[2] ?? join(root, ".local/packages"));
  void packPackages(target).then((tarballs) => {
    for (const [name, path] of Object.entries(tarballs)) {
      console.log(`${name}  ${Math.round(statSync(path).size / 1024)} kB  ${relative(process.cwd(), path)}`);
    }
  });
}
