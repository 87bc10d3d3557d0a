import { Command } from "@commander-js/extra-typings";
import { columns } from "../edit/describe-customers";
import { ProblemsError } from "../problems/command";
import type { Problem } from "../problems/problem";
import { parseSource } from "../problems/source";
import { describeSettings, type SettingDescription } from "../settings/effective-settings";
import { isSecretKey, shortKey } from "../settings/settings-keys";
import { projectName, readConfig, readStack } from "../stacks/stack-settings";
import { commonOptions, describeExamples } from "./options";

export const configCommand = new Command("config")
  .description(
    "Lists the settings of a stack: each with its value, where the value comes from, and what it means. Those that no file has are at their defaults, which `pulumi config` doesn't show. Secrets are not printed.",
  )
  .requiredOption("--stack <name>", "stack whose settings in Pulumi.NAME.yaml are listed")
  .addOption(commonOptions.json)
  .addHelpText("after", describeExamples("config --stack dev"))
  .action(({ stack, json }) => {
    const problems: Problem[] = [];
    readStack(stack, problems);
    if (problems.length > 0) throw new ProblemsError(problems, 1);
    const settings = settingsOfStack(stack);
    if (json) console.log(JSON.stringify(settings, null, 2));
    else
      console.log(
        columns(settings.map(({ name, value, from, description }) => [name, show(value), from, description])),
      );
  });

interface StackSetting extends SettingDescription {
  /** Absent if the setting doesn't have one, or is a secret. */
  value?: unknown;
  /** `default`, `not set`, or a place in a file. */
  from: string;
}

/** The program's own, and then whatever else the files have. */
function settingsOfStack(stack: string): StackSetting[] {
  const project = projectName();
  const { values, encrypted, at } = readConfig(stack);
  const described = describeSettings();
  const known = described.map(({ name }) => `${project}:${name}`);
  const others = Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key): SettingDescription => ({ name: shortKey(key, project), type: "string", description: "" }));
  return [...described, ...others].map((setting) => {
    const key = setting.name.includes(":") ? setting.name : `${project}:${setting.name}`;
    const given = values[key];
    if (given === undefined) return withoutFile(setting);
    const { file, line } = { line: undefined, ...at(key) };
    const from = line === undefined ? file : `${file}:${line}`;
    const isSecret = encrypted.includes(key) || isSecretKey(key, project);
    if (isSecret) return { ...setting, type: "secret", from: given === "" ? "not set" : from };
    return { ...setting, value: parseValue(setting, given), from };
  });
}

function withoutFile(setting: SettingDescription): StackSetting {
  const { default: value } = setting;
  return value === undefined ? { ...setting, from: "not set" } : { ...setting, value, from: "default" };
}

/** The engine hands over strings. */
function parseValue({ type }: SettingDescription, given: string): unknown {
  return type === "string" ? given : (parseSource("", given).value ?? given);
}

/** A long value shows in the file. */
function show(value: unknown): string {
  const text = value === undefined ? "-" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > mostOfValue ? `${text.slice(0, mostOfValue - 1)}…` : text || '""';
}

const mostOfValue = 40;
