// What a stack's file Pulumi.STACK.yaml says, as the commands read it that run without the engine.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../diagnostics/problem";
import { isRecord, record } from "../diagnostics/record";
import { parseSource } from "../diagnostics/source";
import { type PlanSettings, plansSchema } from "./plans";
import { mainOf, plainName } from "./shards";

/** @param stack as `pulumi stack select` takes it */
export function settingsFile(stack: string): string {
  return `Pulumi.${plainName(stack)}.yaml`;
}

/**
 * All of the settings, by their names with the project's, such as `customers-as-code:audience`. What is encrypted stays so. Those of a
 * shard are its main stack's, whether there is a copy for it yet or not.
 * @param project folder of Pulumi.yaml
 */
export function readConfig(stack: string, problems: Problem[], project = "."): Record<string, unknown> {
  const file = settingsFile(mainOf(stack) ?? stack);
  const path = join(project, file);
  if (!existsSync(path)) {
    problems.push({ file, message: "does not exist. Name one of the project's stacks with --stack." });
    return {};
  }
  const source = parseSource(file, readFileSync(path, "utf8"));
  problems.push(...source.problems);
  return record(record(source.value).config);
}

export function isEncrypted(value: unknown): boolean {
  return isRecord(value) && typeof value.secure === "string";
}

/** The settings that are in clear, by their names without the project's; what has a structure, as the engine hands it over. */
export function readStack(
  stack: string,
  problems: Problem[],
  project = ".",
): Record<string, string | undefined> {
  const settings = Object.entries(readConfig(stack, problems, project))
    .filter(([, value]) => !isEncrypted(value))
    .map(([key, value]) => [
      key.replace(/^[^:]*:/, ""),
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
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
    const message = "plans are not valid; a preview of the stack says why. Mend them first.";
    problems.push({ file: settingsFile(stack), message });
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
