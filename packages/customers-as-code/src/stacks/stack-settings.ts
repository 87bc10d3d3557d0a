// What a stack's file Pulumi.STACK.yaml says, as the commands read it that run without the engine.
import { join } from "node:path";
import { type PlanSettings, plansSchema } from "../customers/plans";
import { mainOf, plainName } from "../customers/shard-placement";
import type { Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import { parseSource } from "../problems/source";
import { readTextFile, type TextFile } from "../problems/text-file";
import { isAbsent } from "../problems/unreadable";
import { knownKeys } from "../settings/settings-keys";
import { checkConfig } from "../settings/settings-problems";
import { parseProjectFile, readProjectValues, readStackFile, type StackFile } from "../settings/stack-file";

/** @param stack as `pulumi stack select` takes it */
export function settingsFile(stack: string): string {
  return `Pulumi.${plainName(stack)}.yaml`;
}

/** The name of the project, which is the namespace of its settings. @param folder of Pulumi.yaml */
export function projectName(folder = "."): string {
  return projectNameIn(readProjectFile(folder).text);
}

/** What it says, and why nothing can be read of it; a stack's settings need no such file. */
function readProjectFile(folder: string): TextFile {
  const file = "Pulumi.yaml";
  const at = join(folder, file);
  if (isAbsent(at)) return { problems: [] };
  const read = readTextFile(file, { at, remedy: "Make it readable." });
  if (read.text === undefined) return read;
  return { text: read.text, problems: parseProjectFile(read.text).problems };
}

/** @param text of Pulumi.yaml */
export function projectNameIn(text = ""): string {
  const { name } = asRecord(parseSource("Pulumi.yaml", text).value);
  return typeof name === "string" ? name : "customers-as-code";
}

/**
 * The stack's settings as the engine would hand them over: its file's, over those that Pulumi.yaml has for every stack. The settings of
 * a shard are its main stack's, whether there is a copy for it yet or not.
 * @param folder of Pulumi.yaml
 */
export function readConfig(stack: string, folder = "."): StackFile {
  const { text, problems } = readProjectFile(folder);
  // Without the project's name, its settings would be those of another one.
  if (problems.length > 0)
    return { values: {}, encrypted: [], at: () => ({ file: "Pulumi.yaml" }), problems };
  const project = projectNameIn(text);
  const file = readStackFile(settingsFile(mainOf(stack) ?? stack), folder, project);
  const ofProject = readProjectValues(text ?? "", project);
  return {
    ...file,
    values: { ...ofProject, ...file.values },
    at: (key) =>
      Object.hasOwn(file.values, key) || !Object.hasOwn(ofProject, key)
        ? file.at(key)
        : { file: "Pulumi.yaml" },
  };
}

/**
 * The settings of the project that are in clear, by their names without the project's; and `auth0:domain` as `domain`. What has a structure, as the
 * engine hands it over.
 * @param problems gets all that is wrong with the file, as the program would refuse it
 */
export function readStack(
  stack: string,
  problems: Problem[],
  folder = ".",
): Record<string, string | undefined> {
  const project = projectName(folder);
  const { values, encrypted, at, problems: wrong } = readConfig(stack, folder);
  const isEncrypted = (key: string) => encrypted.includes(key);
  const known = knownKeys(project, folder);
  problems.push(
    ...wrong,
    ...checkConfig({ project, known, values, isEncrypted, environment: process.env, at }),
  );
  const settings = Object.entries(values).flatMap(([key, value]) => {
    if (isEncrypted(key)) return [];
    if (key === "auth0:domain") return [["domain", value]];
    return key.startsWith(`${project}:`) ? [[key.slice(project.length + 1), value]] : [];
  });
  return Object.fromEntries(settings);
}

/** The stack's plans. @param settings as {@link readStack} has them */
export function plansOf(
  stack: string,
  { plans = "{}", defaultPlan }: Record<string, string | undefined>,
  problems: Problem[],
): PlanSettings {
  const parsed = plansSchema.safeParse(parseJson(plans));
  if (!parsed.success) {
    const message = "plans are not valid; npx customers validate reports why. Fix them first.";
    problems.push({ file: settingsFile(stack), code: "plans-invalid", message });
  }
  return { plans: parsed.data ?? {}, defaultPlan: defaultPlan || undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
