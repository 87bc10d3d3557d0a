// policy/STACK.json: the settings of the policy pack for a stack. The CLI passes over what it does not know in them, and so a
// misspelt policy would be switched on or off for nobody.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { grantedScopes, protectedCustomers } from "../../policy/protected-customers";
import { publicRoutes } from "../../policy/public-routes";
import { formatProblem, type Problem } from "../../problems/problem";
import { isRecord } from "../../problems/record";
import { parseSource, type Source } from "../../problems/source";
import { suggestCandidates } from "../../problems/suggestion";
import { readTextFile } from "../../problems/text-file";
import { isAbsent } from "../../problems/unreadable";
import { checkPolicyPlaces, locatePolicySettings, policySettingsOnDisk } from "../../stacks/policy-settings";
import type { Target } from "../../stacks/pulumi-cli";
import { checkFollowed, filesAtCommit, readFileOf } from "../git/files";
import type { Refusal } from "./guards";

/** What is wrong with the file, if there is one. */
function checkPolicyConfig(file: string): Problem[] {
  if (isAbsent(file)) return [];
  const { text, problems } = readTextFile(file, { remedy: "Make it readable." });
  return text === undefined ? problems : parsePolicyConfig(file, text);
}

/** What is wrong with the settings of a stack, wherever they are. @param project folder of Pulumi.yaml */
export function checkPolicySettings(stack: string, project = "."): Problem[] {
  return [
    ...checkPolicyPlaces(stack, (path) => existsSync(join(project, path))),
    ...checkPolicyConfig(policySettingsOnDisk(stack, project)),
  ];
}

/** What refuses the settings as they are on the disk. */
export function refusePolicySettings({
  stack,
  project,
  policyConfig,
}: Pick<Target, "stack" | "project" | "policyConfig">): Refusal[] {
  const problems =
    policyConfig === undefined ? checkPolicySettings(stack, project) : checkPolicyConfig(policyConfig);
  return problems.map(refusal);
}

/** What refuses the settings of a stack as a pull request has them. */
export function refusePolicySettingsAt(commit: string, stack: string, folder = "."): Refusal[] {
  try {
    const files = filesAtCommit(commit, folder);
    const isThere = (path: string) => files.kindOf(path) !== undefined;
    const file = locatePolicySettings(stack, isThere);
    const text = readFileOf(files, file);
    const problems = text === undefined ? [] : parsePolicyConfig(file, text);
    return [...checkPolicyPlaces(stack, isThere), ...checkFollowed(files, file), ...problems].map(refusal);
  } catch {
    // If the commit cannot be read, checkPullRequest refuses that.
    return [];
  }
}

function refusal(problem: Problem): Refusal {
  return { guard: "policy settings", message: formatProblem(problem) };
}

/** Like {@link checkPolicyConfig}, of a text. */
export function parsePolicyConfig(file: string, text: string): Problem[] {
  const source = parseSource(file, text);
  if (source.problems.length > 0) return source.problems;
  if (!isJson(text) || !isRecord(source.value)) {
    const message = "is not a JSON object. Write the policies by name, as in {}.";
    return [{ ...source.at([]), code: "policy-config-not-object", message }];
  }
  return Object.entries(source.value).flatMap(([name, settings]) => checkPolicy(source, name, settings));
}

/** What the pack has; `all` stands for each of them: https://www.pulumi.com/docs/insights/policy/configuration/ */
const policies = [protectedCustomers, grantedScopes, publicRoutes];
const names = [...policies.map(({ name }) => name), "all"];
const levels = ["advisory", "mandatory", "remediate", "disabled"];

function checkPolicy(source: Source, name: string, settings: unknown): Problem[] {
  if (!names.includes(name)) {
    const message = `"${name}" is not a policy. ${suggestCandidates(name, names)}`;
    return [{ ...source.atKey([], name), code: "policy-unknown", message }];
  }
  if (!isRecord(settings)) return checkLevel(source, [name], settings);
  const { enforcementLevel, ...properties } = settings;
  const known = Object.keys(policies.find((policy) => policy.name === name)?.configSchema?.properties ?? {});
  return [
    ...(enforcementLevel === undefined
      ? []
      : checkLevel(source, [name, "enforcementLevel"], enforcementLevel)),
    ...Object.keys(properties)
      .filter((key) => !known.includes(key))
      .map(
        (key): Problem => ({
          ...source.atKey([name], key),
          code: "policy-unknown-key",
          message: `${name}: "${key}" is not a setting of the policy. ${suggestCandidates(key, ["enforcementLevel", ...known])}`,
        }),
      ),
    ...(name === publicRoutes.name ? checkAllowed(source, properties.allowed) : []),
  ];
}

function checkLevel(source: Source, path: readonly string[], level: unknown): Problem[] {
  if (typeof level === "string" && levels.includes(level)) return [];
  const message = `${path.join(".")}: must be an enforcement level. ${suggestCandidates(String(level), levels)}`;
  return [{ ...source.at(path), code: "policy-invalid-level", message }];
}

function checkAllowed(source: Source, allowed: unknown): Problem[] {
  if (allowed === undefined) return [];
  if (Array.isArray(allowed) && allowed.every((route) => typeof route === "string")) return [];
  const path = [publicRoutes.name, "allowed"];
  const message = `${path.join(".")}: must be a list such as ["GET /health"].`;
  return [{ ...source.at(path), code: "policy-invalid-routes", message }];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
