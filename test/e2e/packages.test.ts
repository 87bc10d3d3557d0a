// What npm would publish: nothing more than runs, with types that resolve in every way that the packages are imported.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { type PackageSource, servePackages } from "../../scripts/serve-packages";

let packages: PackageSource;
beforeAll(async () => {
  packages = await servePackages();
});
afterAll(() => packages.close());

const names = ["auth0-tenant", "create-customers-as-code", "customers-as-code", "customers-as-code-local"];

function tarballOf(name: string): string {
  const path = packages.tarballs[name];
  if (path === undefined) throw new Error(`${name} was not packed`);
  return path;
}

function filesOf(name: string): string[] {
  const listed = execFileSync("tar", ["-tzf", tarballOf(name)], { encoding: "utf8" });
  return listed
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
}

/** Files, and folders with a slash, at the top; of dist/, its own. */
function outlineOf(name: string): string[] {
  const shown = filesOf(name).map((path) => {
    const [first = "", second, ...rest] = path.split("/");
    if (second === undefined) return first;
    return first === "dist" ? `dist/${second}${rest.length > 0 ? "/" : ""}` : `${first}/`;
  });
  return [...new Set(shown)].sort();
}

test("customers-as-code has the program, its types, the commands, the policy pack, the IAM policies, the schema and the authorizer.", () => {
  expect(outlineOf("customers-as-code")).toEqual([
    "LICENSE",
    "README.md",
    "authorizer/",
    "bin.cjs",
    ...[...["auth0", "authorizer", "cli", "customers", "delivery", "deployment", "edit", "gateway"]].map(
      (folder) => `dist/${folder}/`,
    ),
    "dist/index.d.ts",
    "dist/index.js",
    ...[
      ...["openapi", "policy", "portal", "problems", "pulumi", "reconcile", "review", "settings", "stacks"],
      ...["tenant", "upkeep", "verify"],
    ].map((folder) => `dist/${folder}/`),
    "fast-start.cjs",
    "iam/",
    "package.json",
    "policy/",
    "schema.json",
    "start-up.mjs",
    "typescript-hooks.mjs",
  ]);
  const beside = filesOf("customers-as-code").filter((path) => /^(authorizer|policy)\//.test(path));
  expect(beside.sort()).toEqual([
    "authorizer/index.js",
    "authorizer/index.js.sha256",
    "policy/PulumiPolicy.yaml",
    "policy/index.js",
    "policy/package.json",
  ]);
});

test.each(names)("%s has no sources, tests or tools of this repository, and is under 1.5 MB.", (name) => {
  const unneeded = filesOf(name).filter(
    (path) =>
      /(^|\/)(src|test|testing|node_modules)\//.test(path.replace("dist/authorizer/src/", "")) ||
      // The create package's template is the source of a company's program.
      (/(?<!\.d)\.ts$|\.tsbuildinfo$|\.map$/.test(path) && path !== "template/index.ts"),
  );
  expect(unneeded).toEqual([]);
  expect(statSync(tarballOf(name)).size).toBeLessThan(1.5e6);
  const manifest = execFileSync("tar", ["-xzOf", tarballOf(name), "package/package.json"], {
    encoding: "utf8",
  });
  expect(manifest).not.toMatch(
    /customers-as-code\/source|"private"|"devDependencies"|"tsx"|"esbuild"|"typescript"/,
  );
  // Each version that it names is exact, so that every company runs what was tested.
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(manifest);
  const ranges = Object.values({ ...dependencies, ...peerDependencies }).filter(
    (one) => !/^\d+\.\d+\.\d+$/.test(String(one)),
  );
  expect(ranges).toEqual([]);
});

test.each(names)("publint finds nothing in %s.", (name) => {
  const output = run("publint", "run", tarballOf(name), "--strict");
  expect(output).toContain("All good!");
});

test.each(["auth0-tenant", "customers-as-code"])(
  "The types of %s resolve from CommonJS, ES modules and bundlers.",
  (name) => {
    // Of no use to import: what Pulumi's runner and the local cloud start, and the function's code.
    const excluded = ["./authorizer", "./bin", "./start-up"];
    // It ends with 1 if it finds a problem.
    run("attw", tarballOf(name), "--profile", "node16", "--exclude-entrypoints", ...excluded);
  },
);

function run(tool: string, ...args: string[]): string {
  return execFileSync("npx", ["--no-install", tool, ...args], { encoding: "utf8" });
}
