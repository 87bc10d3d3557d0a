// The settings of a stack without their secrets: pure functions from a stack's file to what a preview needs of it.
import { createHash } from "node:crypto";
import { parseDocument } from "yaml";
import { z } from "zod";
import { asRecord, isRecord } from "../../problems/record";

/** Beside the states, what a preview without secrets must know of the settings. */
export const blankSettingsSchema = z.object({
  /** Name of the main stack, without an organization. */
  stack: z.string(),
  /** Placeholders by {@link digestCiphertext} of the ciphertexts in the stack's file. */
  placeholders: z.record(z.string(), z.string()),
  /** Settings that the stack's ESC environments give, by key; the secret ones are placeholders. */
  fromEnvironments: z.record(z.string(), z.object({ value: z.string(), isSecret: z.boolean() })),
});
export type BlankSettings = z.output<typeof blankSettingsSchema>;

/** Of a value in the stack's file. */
export interface EncryptedSetting {
  /** Key, and path within its value. */
  path: (string | number)[];
  ciphertext: string;
}

/** Ciphertext is in the repository; it becomes a name that has a fixed length. */
export function digestCiphertext(ciphertext: string): string {
  return createHash("sha256").update(ciphertext).digest("hex");
}

/** The encrypted values of a stack's file. */
export function encryptedSettings(text: string): EncryptedSetting[] {
  const found: EncryptedSetting[] = [];
  const collect = (value: unknown, path: (string | number)[]): void => {
    if (Array.isArray(value)) for (const [at, item] of value.entries()) collect(item, [...path, at]);
    if (!isRecord(value)) return;
    const { secure } = value;
    if (typeof secure === "string") found.push({ path, ciphertext: secure });
    else for (const [key, item] of Object.entries(value)) collect(item, [...path, key]);
  };
  collect(asRecord(parseDocument(text).toJS()).config ?? {}, []);
  return found;
}

/** What the CLI decrypts at the path. @param config as `pulumi config --json --show-secrets` gives it */
export function valueAt(
  config: Record<string, { value: string }>,
  path: EncryptedSetting["path"],
): string | undefined {
  const [key, ...rest] = path;
  const whole = config[String(key)]?.value;
  if (whole === undefined || rest.length === 0) return whole;
  let value: unknown = JSON.parse(whole);
  for (const part of rest)
    value = isRecord(value) || Array.isArray(value) ? Reflect.get(value, part) : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Settings that come from ESC environments: those that neither the stack's file nor the project has. */
export function fromEnvironments(
  text: string,
  config: Record<string, { value: string; secret?: boolean | undefined }>,
  defaults: readonly string[],
): Record<string, { value: string; isSecret: boolean }> {
  const file = asRecord(parseDocument(text).toJS());
  if (file.environment === undefined) return {};
  const own = Object.keys(asRecord(file.config));
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => !own.includes(key) && !defaults.includes(key))
      .map(([key, { value, secret = false }]) => [key, { value, isSecret: secret }]),
  );
}

export interface OpenSettings {
  /** The stack's file without anything that must be decrypted. */
  text: string;
  /** What must be set as a secret again, with its placeholder. */
  secrets: { path: EncryptedSetting["path"]; value: string }[];
}

/**
 * The pull request's own settings, with placeholders. A ciphertext that the deployment doesn't know is a new value: it gets a
 * placeholder of its own, so that the preview shows the change.
 */
export function blankSettings(text: string, { placeholders, fromEnvironments }: BlankSettings): OpenSettings {
  const document = parseDocument(text);
  const secrets = encryptedSettings(text).map(({ path, ciphertext }) => {
    const name = digestCiphertext(ciphertext);
    return { path, value: placeholders[name] ?? `blank${name}` };
  });
  // In clear until they are set again, so that a list keeps its length.
  for (const { path, value } of secrets) document.setIn(["config", ...path], value);
  for (const key of ["environment", "secretsprovider", "encryptedkey", "encryptionsalt"])
    document.delete(key);
  const own = Object.keys(asRecord(asRecord(document.toJS()).config));
  const missing = Object.entries(fromEnvironments).filter(
    ([key]) => !own.includes(key) && !secrets.some(({ path }) => path[0] === key),
  );
  for (const [key, { value, isSecret }] of missing) {
    if (isSecret) secrets.push({ path: [key], value });
    else document.setIn(["config", key], value);
  }
  return { text: String(document), secrets };
}
