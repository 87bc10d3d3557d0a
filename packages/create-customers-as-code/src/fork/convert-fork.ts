// From a fork of customers-as-code to a company's repository. The project keeps its name, which is part of each resource's URN, and its
// data; the next preview is empty. The fork is read, and never changed.
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import type { CiSystem, Language } from "../answers";
import {
  type CompanyFiles,
  gitignore,
  renderCi,
  renderPackageJson,
  renderProgram,
  renderProject,
} from "../company-files";
import { readCompanyDocument } from "../document";
import { docsUrl } from "../package-folder";
import { errorCode, type Problem, RefusedError } from "../problem";
import { renderForkReadme } from "../readme";
import { asRecord } from "../record";
import { type Baseline, readGitBaseline, readReleasedBaseline } from "./baseline";
import { compareFork, isSame, type ProductChange } from "./compare-fork";
import { addSettings, readForkProject, readSetting } from "./settings";

export interface ConversionOptions {
  /** Of the npm package. */
  name: string;
  ci: CiSystem;
  language: Language;
  /** What was forked, if not the released version. */
  upstream: string | undefined;
  /** Whether to convert although the fork changed the program. */
  leaveChanges: boolean;
}

export interface Conversion {
  files: CompanyFiles;
  /** What the fork changed, and what becomes of it. */
  report: string;
}

/** @throws {RefusedError} if the next preview would not be empty, or if something can't be read */
export function convertFork(fork: string, options: ConversionOptions): Conversion {
  checkIsFork(fork);
  const baseline =
    options.upstream === undefined ? readReleasedBaseline() : readGitBaseline(fork, options.upstream);
  const project = readForkProject(readText(join(fork, "Pulumi.yaml")), baseline.read("Pulumi.yaml"));
  const changes = compareFork(fork, baseline);
  const report = reportChanges(changes, baseline, options.upstream);
  const problems = [
    ...project.problems,
    ...(options.leaveChanges ? [] : changes.filter(({ isOfProgram }) => isOfProgram).map(refuseChange)),
  ];
  const stacks = readStacks(fork, project.name, project.changedDefaults, problems);
  const data = readData(fork, baseline, project, stacks, problems);
  const { dependencies, problems: ofDependencies } = readDependencies(fork, baseline, stacks, project.name);
  problems.push(...ofDependencies);
  if (problems.length > 0) {
    const hint =
      changes.some(({ isOfProgram }) => isOfProgram) && !options.leaveChanges
        ? leaveHint(options.upstream)
        : [];
    throw new RefusedError([...problems, ...hint], 1, report);
  }
  const owners = ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"].filter((path) =>
    existsSync(join(fork, path)),
  );
  const ci = renderCi(options.ci, "@example/platform").filter(
    ([path]) => !path.endsWith("CODEOWNERS") || owners.length === 0,
  );
  const files = new Map<string, string | Buffer>([
    ["package.json", renderPackageJson(options.name, dependencies)],
    ["Pulumi.yaml", renderProject(project.name, project.description, options.language) + project.kept],
    ...stacks.map(({ file, text }): [string, string] => [file, text]),
    ...renderProgram(options.language),
    ...data,
    ...ci,
    ...owners.map((path): [string, Buffer] => [path, readFileSync(join(fork, path))]),
    [
      "README.md",
      renderForkReadme(
        options.name,
        stacks.map(({ name }) => name),
      ),
    ],
    [".gitignore", gitignore],
  ]);
  return { files, report };
}

/** Of the layout that version 0.1.0 has. */
function checkIsFork(fork: string): void {
  const refuse = (message: string): never => {
    throw new RefusedError([{ place: `--from-fork ${fork}`, message }], 2);
  };
  try {
    if (!statSync(fork).isDirectory()) refuse("is not a folder. Name the folder of the fork.");
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    refuse(`can't be read (${errorCode(error)}). Name the folder of the fork.`);
  }
  const missing = ["Pulumi.yaml", "index.ts", "packages/customers-as-code", "authorizer"].filter(
    (path) => !existsSync(join(fork, path)),
  );
  if (missing.length > 0) {
    refuse(
      `is not a fork of customers-as-code 0.1.0: it doesn't have ${missing.join(", ")}. If it is of an earlier version, merge version 0.1.0 and deploy it first.`,
    );
  }
}

interface ForkStack {
  name: string;
  file: string;
  /** With the defaults that the fork changed. */
  text: string;
}

function readStacks(
  fork: string,
  project: string,
  changedDefaults: Readonly<Record<string, unknown>>,
  problems: Problem[],
): ForkStack[] {
  const names = readdirSync(fork).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  // The files of shards are made from their stack's.
  const stacks = names.filter((name) => !/-shard-\d+$/.test(name)).sort();
  if (stacks.length === 0) {
    problems.push({
      place: fork,
      message: "has no Pulumi.STACK.yaml. Commit the settings of each stack first: pulumi config refresh",
    });
  }
  return stacks.map((name) => {
    const file = `Pulumi.${name}.yaml`;
    return { name, file, text: addSettings(readText(join(fork, file)), changedDefaults, project) };
  });
}

/** Customers, the API's document and the settings of policies, from where the settings say that they are. */
function readData(
  fork: string,
  baseline: Baseline,
  project: { name: string },
  stacks: readonly ForkStack[],
  problems: Problem[],
): Map<string, string | Buffer> {
  const files = new Map<string, string | Buffer>();
  const pathsOf = (key: string, other: string) => [
    ...new Set(stacks.map(({ text }) => normalize(String(readSetting(text, key, project.name) ?? other)))),
  ];
  const isOutside = (path: string) => path.startsWith("..") || path.startsWith("/");
  const refuseOutside = (key: string, path: string) =>
    problems.push({ place: key, message: `is "${path}", which is not in the fork. Move it there.` });
  for (const folder of pathsOf("customers", "customers")) {
    if (isOutside(folder)) refuseOutside("customers", folder);
    else copyCustomers(fork, folder, baseline, files, problems);
  }
  for (const path of pathsOf("openapi", "openapi.yaml")) {
    if (isOutside(path)) {
      refuseOutside("openapi", path);
      continue;
    }
    const { document, problems: ofDocument } = readCompanyDocument(join(fork, path), "openapi");
    problems.push(...ofDocument);
    // The settings name it by its path, and it names others by theirs.
    const [first, ...others] = document?.files.keys() ?? [];
    if (first === undefined) continue;
    files.set(path, readFileSync(join(fork, path)));
    for (const other of others) {
      const at = normalize(join(dirname(path), other));
      files.set(at, readFileSync(join(fork, at)));
    }
  }
  const policies = join(fork, "policy/config");
  for (const file of existsSync(policies) ? readdirSync(policies) : []) {
    files.set(`policy/${file}`, readFileSync(join(policies, file)));
  }
  return files;
}

function copyCustomers(
  fork: string,
  folder: string,
  baseline: Baseline,
  files: Map<string, string | Buffer>,
  problems: Problem[],
): void {
  const path = join(fork, folder);
  if (!existsSync(path)) {
    problems.push({
      place: "customers",
      message: `is "${folder}", which doesn't exist. Correct the setting.`,
    });
    return;
  }
  const schema = baseline.blobs.get("customers/schema.json") ?? "";
  const isOurSchema = (file: string) => file === "schema.json" && isSame(join(path, file), schema);
  for (const file of readdirSync(path)) {
    if (isOurSchema(file)) continue;
    if (!lstatSync(join(path, file)).isFile()) {
      problems.push({
        place: `${folder}/${file}`,
        message: "is not a regular file. Move it out of the folder, or replace it with a file.",
      });
      continue;
    }
    const content = readFileSync(join(path, file));
    const isRedirected =
      /\.ya?ml$/.test(file) && existsSync(join(path, "schema.json")) && isOurSchema("schema.json");
    files.set(
      `${folder}/${file}`,
      isRedirected ? redirectSchema(content.toString("latin1"), folder) : content,
    );
  }
}

/** Editors find the schema in the package, so that the company needs no copy. Only that comment changes. */
function redirectSchema(text: string, folder: string): Buffer {
  const schema = relative(folder, "node_modules/customers-as-code/schema.json");
  return Buffer.from(
    text.replace(/^(#\s*yaml-language-server:\s*\$schema=)(\.\/)?schema\.json/m, `$1${schema}`),
    "latin1",
  );
}

/** The company's own packages stay. What the product needs comes with it. */
function readDependencies(fork: string, baseline: Baseline, stacks: readonly ForkStack[], project: string) {
  const dependenciesOf = (text: string): Record<string, unknown> =>
    asRecord(asRecord(JSON.parse(text)).dependencies);
  const dependencies: Record<string, string> = {};
  const problems: Problem[] = [];
  const before = dependenciesOf(baseline.read("package.json"));
  let now: Record<string, unknown> = {};
  try {
    now = dependenciesOf(readText(join(fork, "package.json")));
  } catch {
    problems.push({ place: "package.json", message: "can't be read as JSON. Correct it." });
  }
  for (const [name, version] of Object.entries(now)) {
    if (!Object.hasOwn(before, name)) dependencies[name] = String(version);
  }
  // Only the portal needs it, so that it doesn't come with the product.
  if (stacks.some(({ text }) => Object.keys(asRecord(readSetting(text, "portal", project))).length > 0)) {
    dependencies["@pulumi/awsx"] = String(now["@pulumi/awsx"] ?? before["@pulumi/awsx"]);
  }
  return { dependencies, problems };
}

function readText(path: string): string {
  return readFileSync(path, "utf8");
}

function refuseChange({ file, how, remedy }: ProductChange): Problem {
  return {
    place: file,
    message: `${how} by the fork, so that the next preview would not be empty. ${remedy}`,
  };
}

function leaveHint(upstream: string | undefined): Problem[] {
  const other =
    upstream === undefined
      ? " If you forked another commit than version 0.1.0, name it with --upstream."
      : "";
  return [
    {
      place: "--leave-changes",
      message: `converts the fork without these changes. Then make them in the new folder.${other}`,
    },
  ];
}

/** What doesn't refuse the conversion, too: nothing of the fork gets lost without a word. */
function reportChanges(
  changes: readonly ProductChange[],
  baseline: Baseline,
  upstream: string | undefined,
): string {
  const compared = `Compared with ${baseline.name} of customers-as-code`;
  const later =
    upstream === undefined
      ? ""
      : `\nThe next preview also shows what customers-as-code itself changed since then: ${docsUrl("fork-to-package.md")}`;
  if (changes.length === 0) return `${compared}, the fork has changed nothing but its data.${later}`;
  const remedies = [...new Set(changes.map(({ remedy }) => remedy))];
  const lines = remedies.flatMap((remedy) => [
    "",
    remedy,
    ...changes.filter((change) => change.remedy === remedy).map(({ file, how }) => `  ${how}  ${file}`),
  ]);
  return `${compared}, the fork has changed these files. They are not in the new folder.\n${lines.join("\n")}${later}`;
}
