// Which version of this product's workflows a repository calls, on GitHub and on GitLab, and whether the installed package fits it.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { major, minor, parse, valid } from "semver";
import { isScalar, LineCounter, parseDocument, visit, type YAMLMap } from "yaml";
import { compareStrings } from "../problems/problem";
import { readTextFile } from "../problems/text-file";

export interface WorkflowCall {
  file: string;
  line: number;
  column: number;
  /** As it is written, such as `v0.2.0`. */
  ref: string;
  /** Absent if the reference doesn't name one. */
  version?: string;
}

/**
 * Workflows call commands with their options. Before 1.0.0, a minor version may change them; from then on, one of them may only need more
 * than an older package has.
 */
export function fitsWorkflows(installed: string, workflows: string): boolean {
  if (major(installed) !== major(workflows)) return false;
  return major(installed) === 0
    ? minor(installed) === minor(workflows)
    : minor(installed) >= minor(workflows);
}

/** What to do if they don't fit, in one sentence. */
export function explainWorkflows(installed: string, workflows: string): string {
  return `The workflows of version ${workflows} don't fit the installed customers-as-code ${installed}: take the workflows of the tag v${installed}, or run npm install --save-exact customers-as-code@${workflows}.`;
}

/** `0.2.0` of `v0.2.0`; undefined for anything that isn't a whole version. */
export function readVersion(ref: string): string | undefined {
  return valid(ref) === null ? undefined : parse(ref)?.version;
}

/** @param project folder of Pulumi.yaml, in a repository or at its root */
export function findWorkflowCalls(project: string): WorkflowCall[] {
  const root = repositoryRoot(project);
  const folder = join(root, ".github", "workflows");
  const workflows = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  const files = [
    ...workflows.sort(compareStrings).map((name) => join(folder, name)),
    ...[".gitlab-ci.yml"].map((name) => join(root, name)).filter(existsSync),
  ];
  return files.flatMap((path) => {
    const { text } = readTextFile(path, { remedy: "" });
    return text === undefined ? [] : findCalls(relative(".", path), text);
  });
}

/** The folder with `.git`; without one, the project's. */
function repositoryRoot(project: string): string {
  const start = resolve(project);
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (folder === dirname(folder)) return start;
  }
}

/** @param text of a workflow of GitHub, or of GitLab's file */
export function findCalls(file: string, text: string): WorkflowCall[] {
  const lines = new LineCounter();
  // GitLab's files have tags of their own, such as !reference, which the parser warns of.
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error" });
  const calls: WorkflowCall[] = [];
  const add = (offset: number, ref: string, comment?: string | null) => {
    const { line, col } = lines.linePos(offset);
    const version = readVersion(ref) ?? versionOfCommit(ref, comment);
    calls.push({ file, line, column: col, ref, ...(version !== undefined && { version }) });
  };
  visit(document, {
    Scalar: (_, { value, range, comment }) => {
      if (typeof value !== "string") return;
      const start = range?.[0] ?? 0;
      for (const pattern of references) {
        for (const [, ref = ""] of value.matchAll(pattern)) add(start, ref, comment);
      }
    },
    Pair: (_, { key, value }) => {
      // What these workflows, and files that are copied from the product, call their own version.
      if (!isScalar(key) || key.value !== "WORKFLOWS_VERSION" || !isScalar(value)) return;
      add(value.range?.[0] ?? 0, String(value.value), value.comment);
    },
    Map: (_, map) => {
      // https://docs.gitlab.com/ci/yaml/#includeproject
      if (!/(^|\/)customers-as-code$/.test(stringIn(map, "project") ?? "")) return;
      const ref = map.get("ref", true);
      if (isScalar(ref)) add(ref.range?.[0] ?? 0, String(ref.value), ref.comment);
    },
  });
  return calls.sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * GitHub's `uses`, GitLab's `include:component` and `include:remote`, and the step that names a version itself.
 * https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows
 * https://docs.gitlab.com/ci/yaml/#include
 */
const references = [
  /(?:^|\/)customers-as-code\/[\w./-]+@(\S+)$/g,
  /\/customers-as-code\/(?:-\/)?raw\/(?:refs\/tags\/)?([^/\s]+)\//g,
  /customers doctor (?:[^\n]* )?--workflows[= ]["']?([^\s"'$;&|]+)/g,
];

/** Dependabot and Renovate write the version behind a commit's hash, as a comment. */
function versionOfCommit(ref: string, comment: string | null | undefined): string | undefined {
  if (!/^[0-9a-f]{40}$/.test(ref)) return undefined;
  const [word = ""] = /v?\d+\.\d+\.\d+\S*/.exec(comment ?? "") ?? [];
  return readVersion(word);
}

function stringIn(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key);
  return typeof value === "string" ? value : undefined;
}
