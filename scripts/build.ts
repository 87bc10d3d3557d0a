// Compiles the packages: each src/ to a dist/ beside it, file by file, so that what runs reads like its source. Then it makes what a package
// has as one file: the authorizer with its checksum, the JSON schemas, the language host of the local cloud.
// npm ci runs it, and so does everything that runs compiled code. It does nothing if every file is newer than its source.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { CompilerOptions } from "typescript";

const root = resolve(__dirname, "..");

/** Folder of sources → folder of what is compiled from it. */
const compiled: Record<string, string> = {
  "authorizer/src": "packages/customers-as-code/dist/authorizer/src",
  "authorizer/build": "packages/customers-as-code/dist/authorizer/build",
  "packages/auth0-tenant/src": "packages/auth0-tenant/dist",
  "packages/create-customers-as-code/src": "packages/create-customers-as-code/dist",
  "packages/customers-as-code/src": "packages/customers-as-code/dist",
  "packages/local-cloud/src": "packages/local-cloud/dist",
};

/** What the product runs of the authorizer's sources while deploying; the rest is in the bundle. */
const ofAuthorizer = [
  "ambiguous-paths",
  "config",
  "json",
  "keys",
  "log",
  "pattern",
  "reason",
  "routes",
  "build/compile",
];

interface Product {
  path: string;
  /** Files from which it is made; without a newer one, it stays. */
  sources: readonly string[];
  make(): void | Promise<void>;
}

/** @returns how many files were made */
export async function buildPackages(): Promise<number> {
  const compilations = Object.entries(compiled).flatMap(([from, to]) =>
    compile(join(root, from), join(root, to)),
  );
  removeOrphans(compilations.map(({ path }) => path));
  const made = await makeStale(compilations);
  return made + (await makeStale(bundles()));
}

async function makeStale(products: readonly Product[]): Promise<number> {
  const stale = products.filter(({ path, sources }) => {
    const made = modified(path);
    return sources.some((source) => modified(source) >= made);
  });
  for (const { path, make } of stale) {
    mkdirSync(dirname(path), { recursive: true });
    await make();
  }
  return stale.length;
}

/** In milliseconds since 1970; 0 for a missing file. */
function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function compile(from: string, to: string): Product[] {
  return filesIn(from).flatMap((source): Product[] => {
    const name = relative(from, source);
    if (!isCompiled(from, name)) return [];
    if (!/\.ts$/.test(name)) {
      return [{ path: join(to, name), sources: [source], make: () => cpSync(source, join(to, name)) }];
    }
    const path = join(to, name.replace(/\.ts$/, ".js"));
    return [{ path, sources: [source, __filename], make: () => transform(source, path) }];
  });
}

function isCompiled(from: string, name: string): boolean {
  if (!from.includes(join(root, "authorizer"))) return true;
  const path = from.endsWith("build") ? `build/${name}` : name;
  return ofAuthorizer.includes(path.replace(/\.ts$/, ""));
}

/** Each file by itself: types are checked by `npm run typecheck`. */
const compilerOptions: CompilerOptions = {
  target: 9 /* ES2022, the latest that Node 20 knows */,
  module: 100 /* Node16: CommonJS, where import() stays what it is, since it loads ES modules */,
  esModuleInterop: true,
  isolatedModules: true,
};

function transform(source: string, path: string): void {
  // Loaded only if there is something to compile.
  const { transpileModule }: typeof import("typescript") = require("typescript");
  const { outputText } = transpileModule(readFileSync(source, "utf8"), { compilerOptions, fileName: source });
  writeFileSync(path, outputText);
}

/** Removes what was compiled from sources that are renamed or removed. */
function removeOrphans(expected: readonly string[]): void {
  const wanted = new Set([...expected, ...bundles().map(({ path }) => path)]);
  for (const folder of new Set(Object.values(compiled).map((to) => join(root, to)))) {
    for (const file of filesIn(folder)) if (!wanted.has(file)) rmSync(file);
  }
}

export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function bundles(): Product[] {
  const product = join(root, "packages/customers-as-code");
  const local = join(root, "packages/local-cloud");
  const tenant = join(root, "packages/auth0-tenant");
  const authorizer = join(product, "authorizer/index.js");
  return [
    {
      path: authorizer,
      sources: [...filesIn(join(root, "authorizer/src")), join(root, "authorizer/build/bundle.ts")],
      make() {
        const {
          bundleAuthorizer,
          bundleChecksum,
        }: typeof import("../authorizer/build/bundle") = require("../authorizer/build/bundle");
        writeFileSync(`${authorizer}.sha256`, `${bundleChecksum()}\n`);
        writeFileSync(authorizer, bundleAuthorizer());
      },
    },
    {
      path: join(product, "schema.json"),
      sources: filesIn(join(product, "src/customers")),
      make() {
        const { renderSchema } = require(join(product, "dist/customers/customer-schema.js"));
        writeFileSync(join(product, "schema.json"), renderSchema());
      },
    },
    {
      path: join(tenant, "seed.schema.json"),
      sources: filesIn(join(tenant, "src")),
      make() {
        const { renderSeedSchema } = require(join(tenant, "dist/seed/seed-schema.js"));
        writeFileSync(join(tenant, "seed.schema.json"), renderSeedSchema());
      },
    },
    {
      // One file loads in a third of the time, and the engine starts it twice in each command.
      path: join(local, "dist/engine/language-host.cjs"),
      sources: [join(local, "src/engine/language-host.ts")],
      make() {
        const { buildSync }: typeof import("esbuild") = require("esbuild");
        buildSync({
          entryPoints: [join(local, "src/engine/language-host.ts")],
          outfile: join(local, "dist/engine/language-host.cjs"),
          bundle: true,
          platform: "node",
          target: "node20",
          logLevel: "error",
        });
      },
    },
  ];
}

if (require.main === module) {
  void buildPackages().then((count) => {
    if (count > 0) console.log(`${count} files compiled`);
  });
}
