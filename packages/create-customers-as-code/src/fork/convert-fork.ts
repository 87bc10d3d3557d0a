// From a fork of customers-as-code to a company's repository. The project keeps its name, which is part of each resource's URN, and its
// data; the next preview is empty. The fork is read, and never changed.
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { type CiSystem, defaults, type Language } from "../answers";
import {
  type CompanyFiles,
  gitignore,
  renderCi,
  renderPackageJson,
  renderProgram,
  renderProject,
} from "../company-files";
import { readCompanyDocument } from "../document";
import { errorCode, type Problem, RefusedError } from "../problem";
import { renderForkReadme } from "../readme";
import { asRecord } from "../record";
import { type Baseline, readGitBaseline, readReleasedBaseline } from "./baseline";
import { compareFork, isSame, type ProductChange } from "./compare-fork";
import { addSettings, checkYaml, type ForkProject, readForkProject, readSetting } from "./settings";

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
  /** What to expect of the next preview. */
  preview: string;
}

/** @throws {RefusedError} if the next preview would not be empty, or if something cannot be read */
export function convertFork(fork: string, options: ConversionOptions): Conversion {
  checkIsFork(fork);
  const baseline =
    options.upstream === undefined ? readReleasedBaseline() : readGitBaseline(fork, options.upstream);
  const project = readForkProject(readText(join(fork, "Pulumi.yaml")), baseline.read("Pulumi.yaml"));
  const problems = [...project.problems];
  const stacks = readStacks(fork, project, problems);
  const data = readData(fork, baseline, project, stacks, problems);
  const dependencies = readDependencies(fork, baseline, stacks, project.name, problems);
  const changes = compareFork(fork, baseline).filter(({ file }) => !data.has(file));
  const ofProgram = changes.filter(({ isOfProgram }) => isOfProgram);
  const report = [reportChanges(changes, baseline), ...reportEnvironments(stacks, project)].join("\n\n");
  if (ofProgram.length > 0 && !options.leaveChanges) {
    problems.push(...ofProgram.map(refuseChange), leaveHint(options.upstream));
  }
  if (problems.length > 0) throw new RefusedError(problems, 1, report);
  const owners = ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"].filter((path) =>
    existsSync(join(fork, path)),
  );
  const names = stacks.map(({ name }) => name);
  const ci = renderCi(options.ci, defaults.owner, names).filter(
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
    ["README.md", renderForkReadme(options.name, names)],
    [".gitignore", gitignore],
  ]);
  const preview =
    ofProgram.length > 0
      ? "Make the fork's changes of the program in the new folder. Then the next preview must be empty:"
      : "The next preview must be empty:";
  return { files, report, preview };
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
    refuse(`cannot be read (${errorCode(error)}). Name the folder of the fork.`);
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
  /** Whether one was added. */
  added: boolean;
}

function readStacks(
  fork: string,
  { name: project, changedDefaults }: ForkProject,
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
    const before = readText(join(fork, file));
    problems.push(...checkYaml(file, before));
    const text = addSettings(before, changedDefaults, project);
    return { name, file, text, added: text !== before };
  });
}

/** Customers, the API's document and the settings of policies, from where the settings say that they are. */
function readData(
  fork: string,
  baseline: Baseline,
  project: ForkProject,
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
    const { document, problems: ofDocument } = readCompanyDocument(join(fork, path), { place: "openapi" });
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
  const policies = "policy/config";
  for (const file of existsSync(join(fork, policies)) ? readdirSync(join(fork, policies)) : []) {
    const fault = checkRegularFile(fork, `${policies}/${file}`);
    if (fault) problems.push(fault);
    else files.set(`policy/${file}`, readFileSync(join(fork, policies, file)));
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
  const names = existsSync(path) && statSync(path).isDirectory() ? readdirSync(path) : [];
  if (!names.some((name) => /\.ya?ml$/.test(name))) {
    problems.push({
      place: "customers",
      message: `is "${folder}", which has no customer files. Correct the setting.`,
    });
    return;
  }
  const schema = baseline.blobs.get("customers/schema.json") ?? "";
  const isOurSchema = (file: string) => file === "schema.json" && isSame(join(path, file), schema);
  for (const file of names) {
    if (isOurSchema(file)) continue;
    const fault = checkRegularFile(fork, `${folder}/${file}`);
    if (fault) {
      problems.push(fault);
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

/** A folder or a link would be lost. */
function checkRegularFile(fork: string, file: string): Problem | undefined {
  if (lstatSync(join(fork, file)).isFile()) return undefined;
  const message = "is not a regular file. Move it out of the folder, or replace it with a file.";
  return { place: file, message };
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
function readDependencies(
  fork: string,
  baseline: Baseline,
  stacks: readonly ForkStack[],
  project: string,
  problems: Problem[],
): Record<string, string> {
  const dependenciesOf = (text: string): Record<string, unknown> =>
    asRecord(asRecord(JSON.parse(text)).dependencies);
  const before = dependenciesOf(baseline.read("package.json"));
  let now: Record<string, unknown> = {};
  try {
    now = dependenciesOf(readText(join(fork, "package.json")));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ place: "package.json", message: `cannot be read: ${reason}. Correct it.` });
  }
  const own = Object.entries(now).filter(([name]) => !Object.hasOwn(before, name));
  const hasPortal = stacks.some(
    ({ text }) => Object.keys(asRecord(readSetting(text, "portal", project))).length > 0,
  );
  // Only the portal needs it, so that it doesn't come with the product.
  const awsx = "@pulumi/awsx";
  return Object.fromEntries(
    [...own, ...(hasPortal ? [[awsx, now[awsx] ?? before[awsx]]] : [])].map(([name, version]) => [
      name,
      String(version),
    ]),
  );
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

function leaveHint(upstream: string | undefined): Problem {
  const other =
    upstream === undefined
      ? " If you forked another commit than version 0.1.0, name it with --upstream."
      : "";
  const message = `converts the fork without these changes. Then make them in the new folder.${other}`;
  return { place: "--leave-changes", message };
}

/** Also what doesn't refuse the conversion: nothing of the fork is lost without a word. */
function reportChanges(changes: readonly ProductChange[], baseline: Baseline): string {
  const compared = `Compared with ${baseline.name} of customers-as-code`;
  const later = baseline.isReleased
    ? ""
    : "\n\nThe next preview also shows what customers-as-code has changed since that commit.";
  if (changes.length === 0) return `${compared}, the fork has changed nothing but its data.${later}`;
  const remedies = [...new Set(changes.map(({ remedy }) => remedy))];
  const groups = remedies.map((remedy) => {
    const group = changes.filter((change) => change.remedy === remedy);
    return [remedy, ...group.map(({ file, how }) => `  ${how}  ${file}`)].join("\n");
  });
  return (
    [`${compared}, the fork has changed these files. They are not in the new folder.`, ...groups].join(
      "\n\n",
    ) + later
  );
}

/** A stack's file wins over its environment, which wins over a default. */
function reportEnvironments(stacks: readonly ForkStack[], { changedDefaults }: ForkProject): string[] {
  return stacks.flatMap(({ file, text, added }) =>
    added && /^environment:/m.test(text)
      ? `${file} imports an environment. If that sets ${[...changedDefaults.keys()].join(" or ")}, remove the setting from the file.`
      : [],
  );
}
