// What a change of package.json and of the lock file means: which version of the product runs, and whether the packages are still the
// published ones.
import { isDeepStrictEqual } from "node:util";
import { asRecord, getOwn } from "../../problems/record";
import { pluralize } from "../../problems/words";
import { describeChange, differencesOf, showValue } from "../compare-values";
import type { Dependencies, LockedPackage } from "../declared/declared-dependencies";
import { inlineCode } from "../markdown";
import { type Change, grave, type Meaning, notable, plain } from "./declared-change";

export function compareDependencies(before: Dependencies, after: Dependencies): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  return [
    ...describeUnreadable(before, after),
    ...compareProduct(before, after),
    ...comparePackageFiles(before.packages, after.packages),
    ...compareContents(before.locked, after.locked),
    ...compareSources(before.locked, after.locked),
    ...compareScripts(before.locked, after.locked),
    ...compareOthers(before.locked, after.locked),
  ];
}

function describeUnreadable(before: Dependencies, after: Dependencies): Change[] {
  const paths = Object.keys({ ...before.unreadable, ...after.unreadable });
  const meaning = grave("unknown", "nobody knows which packages it has installed");
  return paths.map((path) =>
    tell(
      `dependencies: ${path}`,
      path,
      `changes dependencies, and ${inlineCode(path)} cannot be read`,
      meaning,
    ),
  );
}

const product = "customers-as-code";
/** Whose versions a reviewer must see one by one. */
const isOurs = (name: string) =>
  name === product || name === `${product}-local` || name.startsWith("@pulumi/");

function compareProduct(before: Dependencies, after: Dependencies): Change[] {
  const names = [
    ...new Set([before, after].flatMap((one) => [...Object.keys(wantedBy(one)), ...namesIn(one)])),
  ];
  return names
    .filter(isOurs)
    .sort()
    .flatMap((name): Change[] => {
      const [old, next] = [versionOf(name, before), versionOf(name, after)];
      const disagrees = describeDisagreement(name, after);
      if (old === next) return disagrees;
      const moves = `moves ${inlineCode(name)} from ${show(old)} to ${show(next)}`;
      return [tell(`dependencies: ${name}`, name, moves, meaningOfVersion(name, old, next)), ...disagrees];
    });
}

function show(version: string | undefined): string {
  return version === undefined ? "nothing" : inlineCode(version);
}

function meaningOfVersion(name: string, old: string | undefined, next: string | undefined): Meaning {
  if (next !== undefined && !exactVersion.test(next)) {
    return grave(
      "guard",
      "that is no exact version of the registry, so that what runs can change without a pull request",
    );
  }
  if (name === `${product}-local`) return notable("it runs on developers' machines");
  if (name !== product) return grave("program", "another version of Pulumi's SDK or of a provider runs");
  if (isOlder(next, old)) {
    return grave(
      "guard",
      "an older version of the program and of its guards runs; guards that came later are gone",
    );
  }
  return grave(
    "program",
    "another version of the program and of its guards runs; its CHANGELOG says what is different",
  );
}

const exactVersion = /^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/;

function isOlder(version: string | undefined, other: string | undefined): boolean {
  const [a, b] = [version, other].map((one) => one?.match(/\d+/g)?.slice(0, 3).map(Number));
  if (!a || !b) return false;
  const at = a.findIndex((part, index) => part !== b[index]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** What is installed; what is asked for, if no lock file says it. */
function versionOf(name: string, dependencies: Dependencies): string | undefined {
  const installed = dependencies.locked.filter((one) => one.name === name).map(({ version }) => version);
  return installed.length > 0 ? [...new Set(installed)].sort().join(", ") : wantedBy(dependencies)[name];
}

function wantedBy({ packages }: Dependencies): Record<string, string> {
  const maps = Object.values(packages).flatMap((one) => dependencyKeys.map((key) => asRecord(one[key])));
  const entries = maps.flatMap((map) => Object.entries(map));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function namesIn({ locked }: Dependencies): string[] {
  return locked.map(({ name }) => name);
}

function describeDisagreement(name: string, after: Dependencies): Change[] {
  const wanted = wantedBy(after)[name];
  const installed = after.locked.filter((one) => one.name === name).map(({ version }) => version);
  if (wanted === undefined || !exactVersion.test(wanted) || installed.length === 0) return [];
  if (installed.includes(wanted)) return [];
  const does = `asks for ${inlineCode(name)} ${inlineCode(wanted)} in package.json, and locks ${show(installed.join(", "))}`;
  return [tell(`dependencies: ${name} (locked)`, name, does, grave("unknown", "`npm ci` refuses it"))];
}

const dependencyKeys = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/** By what a change of a key of package.json means. */
const packageKeys: Record<string, Meaning> = {
  scripts: grave("program", "npm runs it, in CI with the rights of the job"),
  overrides: grave("program", "another package runs instead of one"),
  resolutions: grave("program", "another package runs instead of one"),
  pnpm: grave("program", "other packages, or their scripts, can run"),
  workspaces: grave("program", "packages of other folders can run"),
  main: grave("program", "another program can run"),
  type: grave("program", "the program is read as another kind of module"),
  imports: grave("program", "other files can run"),
  exports: grave("program", "other files can run"),
  engines: notable("which versions of Node.js can run it"),
  packageManager: grave("program", "another package manager runs"),
  volta: grave("program", "another Node.js or package manager runs"),
  bin: grave("program", "other commands can run"),
  ...Object.fromEntries(dependencyKeys.map((key) => [key, notable("the lock file says which version runs")])),
  ...Object.fromEntries(
    ["name", "version", "private", "description", "license", "author", "repository", "keywords"].map(
      (key) => [key, plain("nothing reads it")],
    ),
  ),
};

function comparePackageFiles(before: Dependencies["packages"], after: Dependencies["packages"]): Change[] {
  const files = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return files.flatMap((file) =>
    differencesOf(before[file] ?? {}, after[file] ?? {})
      .filter(({ path }) => !isDependency(path) || !isOurs(path[1] ?? ""))
      .map((difference) => {
        const [key = ""] = difference.path;
        const meaning = isDependency(difference.path)
          ? meaningOfSpecifier(difference.after)
          : getOwn(packageKeys, key);
        const name = difference.path.join(".");
        const does = `${describeChange(inlineCode(name), difference.before, difference.after)} in ${inlineCode(file)}`;
        return tell(
          `dependencies: ${file}: ${name}`,
          name,
          does,
          meaning ?? grave("unknown", "what reads it is not known here"),
        );
      }),
  );
}

function isDependency(path: readonly string[]): boolean {
  return path.length === 2 && dependencyKeys.includes(path[0] ?? "");
}

/** From elsewhere than a registry, a package is nothing that anyone published. */
function meaningOfSpecifier(specifier: unknown): Meaning {
  const isVersion =
    specifier === undefined || /^[\^~<>=*\dvx][^:/]*$|^(latest|next)$/.test(String(specifier));
  return isVersion
    ? notable("the lock file says which version runs")
    : grave("program", "that is no version of the registry");
}

/** The same version of a package never has other contents: whoever writes them into the lock file has another package installed. */
function compareContents(before: readonly LockedPackage[], after: readonly LockedPackage[]): Change[] {
  const found = differingBy(before, after, ({ integrity }) => integrity);
  return describePackages("contents", found, (names) => [
    `locks other contents of ${names} without another version`,
    grave(
      "guard",
      "a version that was published once does not change: this may be another package than the one that its name says",
    ),
  ]);
}

function compareSources(before: readonly LockedPackage[], after: readonly LockedPackage[]): Change[] {
  const moved = differingBy(before, after, ({ source }) => source);
  const known = new Set(before.flatMap(({ source }) => hostOf(source) ?? []));
  const elsewhere = after.filter(
    (one) =>
      !before.some((other) => isSame(one, other)) && !moved.includes(one) && isElsewhere(one.source, known),
  );
  const found = [...moved, ...elsewhere];
  return describePackages("sources", found, (names) => [
    `has ${names} downloaded from elsewhere: ${[...new Set(found.map(({ source }) => showValue(source)))].slice(0, 5).join(", ")}`,
    grave("guard", "whoever controls that place decides what runs"),
  ]);
}

/** Without a lock file before, no host is known, and the registry of npm is the only one to trust. */
function isElsewhere(source: string | undefined, known: ReadonlySet<string>): boolean {
  if (source === undefined) return false;
  const host = hostOf(source);
  if (host === undefined) return true;
  return known.size > 0 ? !known.has(host) : host !== "registry.npmjs.org";
}

/** Of an address of the web; what Git clones doesn't have one. */
function hostOf(source: string | undefined): string | undefined {
  if (source === undefined || !/^https:/.test(source) || !URL.canParse(source)) return undefined;
  return new URL(source).host;
}

function compareScripts(before: readonly LockedPackage[], after: readonly LockedPackage[]): Change[] {
  const had = new Set(before.filter(({ hasScript }) => hasScript).map(({ name }) => name));
  const found = after.filter(({ name, hasScript }) => hasScript && !had.has(name));
  return describePackages("scripts", found, (names) => [
    `installs ${names}, which runs a script when it is installed`,
    grave("program", "it runs before anything checks it"),
  ]);
}

/** How many of all others come, go and move. */
function compareOthers(before: readonly LockedPackage[], after: readonly LockedPackage[]): Change[] {
  const added = after.filter((one) => !isOurs(one.name) && !before.some((other) => isSame(one, other)));
  const removed = before.filter((one) => !isOurs(one.name) && !after.some((other) => isSame(one, other)));
  if (added.length + removed.length === 0) return [];
  const does = `locks ${pluralize(added.length, "version")} of other packages that were not there, and drops ${removed.length}: ${listPackages([...added, ...removed])}`;
  return [tell("dependencies: others", "other packages", does, notable("they run with the program"))];
}

function isSame(one: LockedPackage, other: LockedPackage): boolean {
  return one.name === other.name && one.version === other.version;
}

/** Those of after whose version was there before, with none of the same values. */
function differingBy(
  before: readonly LockedPackage[],
  after: readonly LockedPackage[],
  read: (one: LockedPackage) => string | undefined,
): LockedPackage[] {
  return after.filter((one) => {
    const others = before.filter((other) => isSame(one, other));
    return others.length > 0 && !others.some((other) => read(other) === read(one));
  });
}

function describePackages(
  what: string,
  found: readonly LockedPackage[],
  describe: (names: string) => [does: string, meaning: Meaning],
): Change[] {
  if (found.length === 0) return [];
  const [does, meaning] = describe(listPackages(found));
  return [
    tell(
      `dependencies: ${what}`,
      found
        .map(({ name }) => name)
        .slice(0, 3)
        .join(", "),
      does,
      meaning,
    ),
  ];
}

/** The product first: of many, not all fit. */
function listPackages(packages: readonly LockedPackage[]): string {
  const sorted = [...packages].sort((a, b) => Number(isOurs(b.name)) - Number(isOurs(a.name)));
  const names = [...new Set(sorted.map(({ name, version }) => inlineCode(`${name} ${version}`)))];
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

function tell(at: string, name: string, does: string, meaning: Meaning): Change {
  return {
    ...{ at, name: inlineCode(name), does },
    sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
    ...meaning,
  };
}
