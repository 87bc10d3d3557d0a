// What a change of Pulumi.yaml, of a stack's file beside its settings, or of the program itself means.
import { isDeepStrictEqual } from "node:util";
import { getOwn } from "../../problems/record";
import { describeSettings } from "../../settings/effective-settings";
import { describeChange, differencesOf, type ValueDifference } from "../compare-values";
import { type ProgramPart, partOf, programParts } from "../declared/declared-program";
import { inlineCode } from "../markdown";
import { type Change, grave, type Meaning, plain } from "./declared-change";

/** Of a stack's file: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ */
const stackKeys: Record<string, Meaning> = {
  environment: grave("elsewhere", "settings and credentials come from it"),
  secretsprovider: grave("guard", "secrets are encrypted in another way"),
  encryptionsalt: grave("guard", "secrets are encrypted with another passphrase"),
  encryptedkey: grave("guard", "secrets are encrypted with another key"),
};

/** Of Pulumi.yaml: https://www.pulumi.com/docs/iac/concepts/projects/project-file/ */
const projectKeys: Record<string, Meaning> = {
  name: grave("program", "the stacks and settings are those of another project"),
  description: plain(),
  main: grave("program", "another program runs"),
  runtime: grave("program", "the program runs in another way"),
  backend: grave("elsewhere", "the state is kept elsewhere"),
  plugins: grave("program", "other providers run"),
  packages: grave("program", "other providers run"),
  options: grave("program", "Pulumi works in another way"),
  template: plain(),
  stackConfigDir: grave("program", "the stacks' settings are read from another folder"),
};
/** Of a setting that it documents; the value shows as the setting's. */
export const projectSettingKeys: Record<string, Meaning> = {
  type: plain(),
  items: plain(),
  description: plain(),
  secret: grave("guard", "whether the value must be encrypted"),
};

const unknown = grave("unknown", "what it does is not known here");

export function compareStackFiles(before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  return differencesOf(before, after).map(({ path, before: old, after: next }) =>
    changeOf(
      "stack",
      path.join("."),
      "in the stack's file",
      old,
      next,
      getOwn(stackKeys, path[0] ?? "") ?? unknown,
    ),
  );
}

export function compareProjects(before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  const differences = differencesOf(before, after);
  const documentation = differences.filter(isDocumentation);
  const others = differences.filter((one) => !documentation.includes(one));
  return [...describeDocumentation(documentation), ...describeProject(others)];
}

/** Whether an entry of a setting that the program documents itself comes or goes. What it says of the value is the setting's change. */
function isDocumentation({ path, before, after }: ValueDifference): boolean {
  const [key, name = "", part] = path;
  if (key !== "config" || part !== undefined) return false;
  const isKnown = describeSettings().some((setting) => setting.name === name.split(":").at(-1));
  return isKnown && (before === undefined || after === undefined);
}

/** One sentence each for those that come and those that go: an upgrade drops all of them. */
function describeDocumentation(differences: readonly ValueDifference[]): Change[] {
  const says = { add: "documents settings", remove: "no longer documents settings" };
  return (["add", "remove"] as const).flatMap((what) => {
    const of = differences.filter(({ before }) => (before === undefined) === (what === "add"));
    if (of.length === 0) return [];
    const names = of.map(({ path }) => inlineCode(path[1] ?? "")).join(", ");
    const meaning = plain("the package has the type, the default and the description of each");
    const does = `${says[what]} in Pulumi.yaml: ${names}`;
    const [name, at] = ["Pulumi.yaml", `project: config (${what})`];
    return [{ at, name: inlineCode(name), does, sentence: `${does}: ${meaning.means}`, ...meaning }];
  });
}

function describeProject(differences: readonly ValueDifference[]): Change[] {
  return differences.map(({ path, before: old, after: next }) => {
    const [key = "", , part] = path;
    const known =
      key === "config"
        ? part === undefined
          ? plain()
          : getOwn(projectSettingKeys, part)
        : getOwn(projectKeys, key);
    return changeOf("project", path.join("."), "in Pulumi.yaml", old, next, known ?? unknown);
  });
}

function changeOf(
  file: string,
  key: string,
  where: string,
  before: unknown,
  after: unknown,
  meaning: Meaning,
): Change {
  const does = describeChange(`${inlineCode(key)} ${where}`, before, after);
  return {
    at: `${file}: ${key}`,
    name: inlineCode(key),
    does,
    sentence: meaning.means === undefined ? does : `${does}: ${meaning.means}`,
    ...meaning,
  };
}

const ofParts: Record<ProgramPart, Meaning> = {
  owners: grave("guard", "other people must approve changes"),
  workflows: grave("guard", "CI may check less, or hand out its rights"),
  guards: grave("guard", "they may refuse less"),
  dependencies: grave("program", "other code of others runs, with the rights of a deployment"),
  code: grave("program", "it can do anything that a deployment may do"),
};

/** One sentence for each part. @param before,after what identifies a content, by path */
export function comparePrograms(before: Record<string, string>, after: Record<string, string>): Change[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = paths.filter((path) => !isDeepStrictEqual(getOwn(before, path), getOwn(after, path)));
  const parts = Object.keys(programParts) as ProgramPart[];
  return parts.flatMap((part) => {
    const files = changed.filter((path) => partOf(path) === part);
    if (files.length === 0) return [];
    const meaning = ofParts[part];
    const does = `changes ${programParts[part]}: ${describeFiles(files)}`;
    return [
      {
        at: `program: ${part}`,
        name: programParts[part],
        does,
        sentence: `${does}: ${meaning.means}`,
        ...meaning,
      },
    ];
  });
}

/** Each, or of many how many there are in each folder. */
function describeFiles(files: readonly string[]): string {
  if (files.length <= 20) return files.map((file) => inlineCode(file)).join(", ");
  const folders = new Map<string, number>();
  for (const file of files) {
    const folder = file.includes("/") ? `${file.split("/")[0]}/` : "./";
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  return [...folders].map(([folder, number]) => `${inlineCode(folder)} (${number} files)`).join(", ");
}
