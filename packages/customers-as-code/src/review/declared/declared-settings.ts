// A stack's settings as data: what its file says, over what Pulumi.yaml says of every stack, without what is secret.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { getOwn, isRecord } from "../../problems/record";
import { secretSettings, settingsSchema } from "../../settings/settings";
import { isSecure } from "../../settings/stack-file";
import { Secret } from "../compare-values";

/** The namespace of the program's own settings, whatever the project's name is. */
export const ownNamespace = "customers-as-code";

/** @param project the name in Pulumi.yaml, the namespace of its own settings */
export function mergeSettings(
  ofProject: Record<string, unknown>,
  ofStack: Record<string, unknown>,
  project: string,
): Record<string, unknown> {
  const full = (key: string) => {
    const name = key.includes(":") ? key : `${project}:${key}`;
    return name.startsWith(`${project}:`) ? `${ownNamespace}${name.slice(project.length)}` : name;
  };
  const defaults = Object.entries(ofProject).flatMap(([key, entry]): [string, unknown][] => {
    // https://www.pulumi.com/docs/iac/concepts/projects/project-file/#config-options: a value, or a map with one or a default.
    const value = isRecord(entry) ? (getOwn(entry, "value") ?? getOwn(entry, "default")) : entry;
    const name = full(key);
    return value === undefined || isDefault(name, value) ? [] : [[name, value]];
  });
  const stacks = Object.entries(ofStack).map(([key, value]): [string, unknown] => [full(key), value]);
  return Object.fromEntries(
    [...defaults, ...stacks].map(([key, value]) => [key, hideSecrets(value, key.split(":").at(-1))]),
  );
}

/** Whether Pulumi.yaml only repeats what the program does without it. A secret that has a value is never a default. */
function isDefault(full: string, value: unknown): boolean {
  if (!full.startsWith(`${ownNamespace}:`)) return false;
  const key = full.slice(ownNamespace.length + 1);
  if (value === "" && isSecretName(key)) return true;
  return (
    Object.hasOwn(settingsSchema.shape, key) &&
    isDeepStrictEqual(effectiveValue(key, value), effectiveValue(key, undefined))
  );
}

/** The value of a setting of the program's own, as its file has it. */
export function settingOf(settings: Record<string, unknown>, key: string): unknown {
  return getOwn(settings, `${ownNamespace}:${key}`);
}

/** The value that the program sees, with its defaults; if it is not valid, as the file has it. */
export function effectiveValue(key: string, given: unknown): unknown {
  const schema = getOwn<SettingSchema>(settingsSchema.shape, key);
  if (!schema || hasSecret(given)) return given;
  // As the engine hands it over.
  const text = given === undefined || typeof given === "string" ? given : JSON.stringify(given);
  const { success, data } = schema.safeParse(text);
  return success ? data : given;
}

function hasSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

interface SettingSchema {
  safeParse(value: unknown): { success: boolean; data?: unknown };
}

/** A pull request's comment is public to whoever reads the repository: nothing that may be a secret is in it. */
export function hideSecrets(value: unknown, name = ""): unknown {
  if (isRecord(value) && isSecure(value)) return secretOf(String(value.secure));
  if (typeof value === "string" && value !== "" && (isSecretName(name) || isSecretValue(value))) {
    return secretOf(value);
  }
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, name));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hideSecrets(inner, key)]));
}

/** The digest is never shown: that of a short secret in clear gives it away. */
function secretOf(text: string): Secret {
  return new Secret(createHash("sha256").update(text).digest("hex"));
}

function isSecretName(name: string): boolean {
  const isKnown = secretSettings.some((secret) => secret === name);
  return (
    isKnown ||
    /(secret|password|passphrase|token|(private|secret|access|api|signing)key)$/i.test(
      name.replaceAll(/[_-]/g, ""),
    )
  );
}

function isSecretValue(value: string): boolean {
  return /PRIVATE KEY|^(Bearer )?(sk|rk|whsec)_/i.test(value);
}
