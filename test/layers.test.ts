// The layers: which part may import which. Biome finds import cycles between files (`npm run lint`); this reads the imports of
// every file and holds them against the tables below, folder by folder. It also holds what the tree promises: the company's
// folders have no code, and a file's name, and a name that is exported, is found once in a package.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import {
  canHaveModifiers,
  createSourceFile,
  getModifiers,
  isClassDeclaration,
  isEnumDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isTypeAliasDeclaration,
  isVariableStatement,
  preProcessFile,
  ScriptTarget,
  type Statement,
  SyntaxKind,
} from "typescript";

/** Folders of the product's sources, lowest layer first. Folders of one layer don't import each other. */
const layers = [
  ["problems"],
  ["customers", "openapi", "pulumi"],
  ["auth0"],
  ["gateway", "policy"],
  ["portal", "delivery"],
  ["tenant", "settings"],
  ["deployment"],
  ["stacks"],
  ["edit"],
  ["reconcile", "review"],
  ["verify", "upkeep"],
  ["cli"],
];

const product = "packages/customers-as-code/src/";

/** What sources, benchmarks and what packages offer to tests import outside their own folder, by the folder. */
const allowed: Record<string, readonly string[]> = {
  "authorizer/src/": [],
  "authorizer/build/": ["authorizer/src/"],
  "packages/auth0-tenant/src/": [],
  [product]: ["authorizer/build/", "authorizer/src/"],
  "packages/customers-as-code/policy/": [
    "packages/customers-as-code/fast-start.cjs",
    "packages/customers-as-code/dist/policy/pack.js",
  ],
  // It knows the product only through the Pulumi engine.
  "packages/local-cloud/src/": ["packages/auth0-tenant/src/index.ts"],
  "packages/create-customers-as-code/src/": [],
  "authorizer/testing/": ["authorizer/build/", "authorizer/src/"],
  "packages/auth0-tenant/testing/": ["packages/auth0-tenant/package.json", "packages/auth0-tenant/src/"],
  "packages/customers-as-code/testing/": [product],
  "packages/local-cloud/testing/": ["authorizer/src/signature-v4.ts", "packages/local-cloud/src/"],
  "bench/": [
    "authorizer/build/",
    "authorizer/src/",
    "authorizer/testing/",
    "packages/auth0-tenant/src/",
    product,
    "packages/customers-as-code/testing/",
    "packages/local-cloud/src/",
    "packages/local-cloud/testing/",
    "scripts/",
  ],
  "scripts/": ["authorizer/build/"],
};

test("The product's folders import only from lower layers.", () => {
  const heights = new Map(layers.flatMap((folders, height) => folders.map((folder) => [folder, height])));
  const height = (folder: string) => heights.get(folder) ?? Number.NaN;
  const upwards = importsWithin(product).filter(({ from, to }) => {
    // index.ts is what a company imports: it lies above all folders.
    if (!from.includes("/") || firstPart(from) === firstPart(to)) return false;
    return !(height(firstPart(to)) < height(firstPart(from)));
  });
  expect(upwards.map(show)).toEqual([]);
});

test("Every folder of the product has a layer.", () => {
  const folders = sources
    .filter((file) => file.startsWith(product))
    .map((file) => file.slice(product.length));
  const found = new Set(folders.filter((file) => file.includes("/")).map(firstPart));
  expect([...found].sort()).toEqual(layers.flat().sort());
});

test.each(layers.flat())("The folders within %s/ have no import cycle among each other.", (folder) => {
  // A file that lies in none of them counts for itself.
  const nodeOf = (file: string) => firstPart(file);
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of importsWithin(`${product}${folder}/`)) {
    if (nodeOf(from) === nodeOf(to)) continue;
    graph.set(nodeOf(from), (graph.get(nodeOf(from)) ?? new Set()).add(nodeOf(to)));
  }
  expect(findCycle(graph)).toBeUndefined();
});

test.each(Object.keys(allowed))("%s imports nothing of other packages but what it may.", (folder) => {
  const outside = allImports.filter(
    ({ from, to }) =>
      from.startsWith(folder) &&
      ![folder, ...(allowed[folder] ?? [])].some((prefix) => to.startsWith(prefix)),
  );
  expect(outside.map(show)).toEqual([]);
});

test("Tests import no other package's tests, only what it offers in testing/, and the root's test/support/.", () => {
  const testsOf = (file: string) => /^(authorizer\/|packages\/[\w-]+\/)?(test|bench)\//.exec(file)?.[0];
  const found = allImports.filter(({ from, to }) => {
    const theirs = testsOf(to);
    return theirs !== undefined && theirs !== testsOf(from) && !to.startsWith("test/support/");
  });
  expect(found.map(show)).toEqual([]);
});

test("The authorizer ships nothing but itself, Node.js and aws-jwt-verify.", () => {
  const packages = sources.filter((file) => file.startsWith("authorizer/src/")).flatMap(packagesOf);
  expect(packages.filter((name) => !/^(node:|aws-jwt-verify(\/|$))/.test(name))).toEqual([]);
});

test("customers/ and policy/ of the company hold data only.", () => {
  // The company's pull requests change these folders. Its reviewers must not have to read code there, in any language.
  const isData = (file: string) => /\.(ya?ml|json|md)$|\/\.gitkeep$/.test(file);
  expect(repositoryFiles.filter((file) => /^(customers|policy)\//.test(file) && !isData(file))).toEqual([]);
});

test.each([
  "authorizer/",
  "packages/auth0-tenant/",
  "packages/customers-as-code/",
  "packages/local-cloud/",
  "",
])('No two files in "%s" have the same name for two things.', (folder) => {
  const isRoot = folder === "";
  const paths = new Map<string, string[]>();
  for (const file of sources) {
    if (isRoot ? /^(authorizer|packages)\//.test(file) : !file.startsWith(folder)) continue;
    const name = posix.basename(file);
    // index.ts is named after its folder: that is how Node.js finds it.
    if (name === "index.ts") continue;
    // Other test runs than `npm test` may test the same thing in their own surroundings, under the same name.
    const run = /\/(e2e|browser|moto)\//.exec(`/${file}`)?.[1] ?? "";
    const key = name.endsWith(".test.ts") ? `${run} ${name}` : name;
    paths.set(key, [...(paths.get(key) ?? []), file]);
  }
  expect([...paths.values()].filter(({ length }) => length > 1)).toEqual([]);
});

test.each([
  "authorizer/build/",
  "authorizer/src/",
  "packages/auth0-tenant/src/",
  product,
  "packages/local-cloud/src/",
])("No two files in %s export one name for two things.", (folder) => {
  const files = new Map<string, string[]>();
  for (const file of sources.filter((one) => one.startsWith(folder) && one.endsWith(".ts"))) {
    for (const name of exportedNames(file)) files.set(name, [...(files.get(name) ?? []), file]);
  }
  expect([...files].filter(([, { length }]) => length > 1)).toEqual([]);
});

/** What a file declares and exports. What it hands on from another file is that file's, and a name that it has twice is a type's and a value's. */
function exportedNames(file: string): Set<string> {
  const { statements } = createSourceFile(file, readFileSync(file, "utf8"), ScriptTarget.Latest);
  const exported = statements.filter(
    (one) =>
      canHaveModifiers(one) && getModifiers(one)?.some(({ kind }) => kind === SyntaxKind.ExportKeyword),
  );
  const names = exported.flatMap((one) =>
    isVariableStatement(one)
      ? one.declarationList.declarations.map(({ name }) => name)
      : isDeclarationStatement(one)
        ? [one.name]
        : [],
  );
  return new Set(names.flatMap((name) => (name !== undefined && isIdentifier(name) ? [name.text] : [])));
}

function isDeclarationStatement(statement: Statement) {
  return (
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement) ||
    isEnumDeclaration(statement)
  );
}

interface Import {
  from: string;
  to: string;
}

const repositoryFiles = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(file));

const sources = repositoryFiles.filter((file) => /\.[cm]?[jt]sx?$/.test(file));

const specifiers = new Map(
  sources.map((file) => {
    const { importedFiles } = preProcessFile(readFileSync(file, "utf8"), true, true);
    return [file, importedFiles.map(({ fileName }) => fileName)];
  }),
);

/** By it, this repository's own tools find the sources of what a published package has compiled. */
const sourceCondition = "@customers-as-code/source";

/** What stands for a file of this repository in an import of a package. */
const entries = new Map(
  ["authorizer", "packages/auth0-tenant", "packages/customers-as-code", "packages/local-cloud"].flatMap(
    (folder) => {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return exportsOf(manifest).map(([name, target]): [string, string] => [
        name,
        posix.join(folder, target),
      ]);
    },
  ),
);

const allImports: readonly Import[] = sources.flatMap((from) =>
  (specifiers.get(from) ?? []).flatMap((specifier) => {
    const to = resolve(from, specifier);
    return to === undefined ? [] : [{ from, to }];
  }),
);

function packagesOf(file: string): string[] {
  return (specifiers.get(file) ?? []).filter((specifier) => resolve(file, specifier) === undefined);
}

function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return resolveEntry(specifier);
  const path = posix.join(posix.dirname(from), specifier);
  const file = [path, `${path}.ts`, `${path}/index.ts`].find((one) => sources.includes(one));
  // Data, such as a JSON file.
  return file ?? path;
}

function resolveEntry(given: string): string | undefined {
  // The product's names for the authorizer's files, of which a published package has copies ("imports" of its package.json).
  const specifier = given.replace(/^#authorizer\//, "customers-as-code-authorizer/");
  for (const [name, target] of entries) {
    const [start = "", end] = name.split("*");
    if (end === undefined ? specifier === name : specifier.startsWith(start)) {
      return target.replace("*", specifier.slice(start.length));
    }
  }
  return undefined;
}

/** The names under which a package's files can be imported, and the files. */
function exportsOf(manifest: unknown): [string, string][] {
  if (typeof manifest !== "object" || manifest === null) return [];
  if (!("name" in manifest && "exports" in manifest && typeof manifest.exports === "object")) return [];
  const { name, exports } = manifest;
  return Object.entries(exports ?? {}).map(([path, target]: [string, unknown]) => [
    posix.join(String(name), path),
    String(isSourced(target) ? target[sourceCondition] : target),
  ]);
}

function isSourced(target: unknown): target is Record<typeof sourceCondition, unknown> {
  return typeof target === "object" && target !== null && sourceCondition in target;
}

/** With paths relative to the folder. */
function importsWithin(folder: string): Import[] {
  return allImports
    .filter(({ from, to }) => from.startsWith(folder) && to.startsWith(folder))
    .map(({ from, to }) => ({ from: from.slice(folder.length), to: to.slice(folder.length) }));
}

function firstPart(path: string): string {
  return path.split("/")[0] ?? "";
}

function show({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

/** The nodes of one cycle. */
function findCycle(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(node);
    if (start >= 0) return path.slice(start);
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}
