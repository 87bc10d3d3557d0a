// Pulumi.STACK.yaml as the Pulumi CLI reads it, which is written in Go: the same text is another value to it than to YAML 1.2.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { CollectionTag, ScalarTag } from "yaml";
import type { Problem } from "../problems/problem";
import { asRecord, isRecord } from "../problems/record";
import { type Place, parseSource, type Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { readTextFile } from "../problems/text-file";
import { isAbsent } from "../problems/unreadable";

export interface StackFile {
  /** By key with its namespace: what the engine hands over; of one that is encrypted, what is written. */
  values: Record<string, string>;
  encrypted: string[];
  at(key: string): Place | { file: string };
  problems: Problem[];
}

/**
 * @param file name, such as `Pulumi.dev.yaml`
 * @param folder of it
 * @param project name, which is the namespace of keys without one
 */
export function readStackFile(file: string, folder: string, project: string): StackFile {
  const none = { values: {}, encrypted: [], at: () => ({ file }) };
  const path = join(folder, file);
  if (isAbsent(path))
    return { ...none, problems: [{ file, code: "stack-file-missing", message: absent(file, folder) }] };
  const remedy = "Make it readable.";
  const { text, problems } = readTextFile(file, { at: path, remedy });
  if (text === undefined) return { ...none, problems };
  const parsed = parseStackFile(file, text, project);
  return { ...parsed, problems: [...checkFilesBeside(file, folder), ...parsed.problems] };
}

/**
 * Of several project files, the CLI takes the first by name, and the stacks' files go by its ending: with Pulumi.json, nothing of
 * Pulumi.yaml or Pulumi.STACK.yaml holds (pulumi/pulumi, sdk/go/common/workspace, DetectProjectPathFrom).
 */
function checkFilesBeside(file: string, folder: string): Problem[] {
  // As they are written: to macOS, a name in capitals is the same file.
  const names = readdirSync(folder);
  const isThere = (name: string) => names.includes(name);
  const shadowing: Problem[] = isThere("Pulumi.json")
    ? [
        {
          file: "Pulumi.json",
          code: "stack-file-shadowed",
          message: `hides Pulumi.yaml: Pulumi reads it instead, and no longer reads ${file}. Remove it.`,
        },
      ]
    : [];
  const unread = namesBeside(file).filter(isThere);
  return [
    ...shadowing,
    ...unread.map(
      (name): Problem => ({
        file: name,
        code: "stack-file-shadowed",
        message: `is not read: the stack's settings are in ${file}. Move its settings there, and remove it.`,
      }),
    ),
  ];
}

function namesBeside(file: string): string[] {
  return [".yml", ".YAML", ".YML", ".json"].map((ending) => file.replace(/\.yaml$/, ending));
}

/** The CLI goes by the ending that Pulumi.yaml has (pulumi/pulumi, sdk/go/common/workspace, DetectProjectStackPath). */
function absent(file: string, folder: string): string {
  const other = namesBeside(file).find((name) => existsSync(join(folder, name)));
  return other === undefined
    ? "does not exist. Name one of the project's stacks with --stack."
    : `does not exist, and Pulumi does not read ${other}. Rename that to ${file}.`;
}

/** Like {@link readStackFile}, of a text. */
export function parseStackFile(file: string, text: string, project: string): StackFile {
  const source = parseSource(file, text, { schema: "failsafe", customTags: goTags });
  const problems = [...source.problems];
  const keys = new Map<string, string>();
  const stackFile: StackFile = {
    values: {},
    encrypted: [],
    at: (key) => {
      const written = keys.get(key);
      return written === undefined ? { file } : source.atKey(["config"], written);
    },
    problems,
  };
  if (problems.length > 0) return stackFile;
  const top = source.value ?? {};
  if (!isRecord(top)) {
    const message = `must hold a map with the keys ${topKeys.join(", ")}. Write the settings under "config".`;
    problems.push({ ...source.at([]), code: "stack-file-not-map", message });
    return stackFile;
  }
  for (const key of Object.keys(top).filter((one) => !topKeys.includes(one))) {
    const meant = suggestCandidates(key, topKeys);
    problems.push({
      ...source.atKey([], key),
      code: "stack-file-unknown-key",
      message: `"${key}" is not a key that Pulumi reads. ${meant} Settings belong under "config".`,
    });
  }
  const config = top.config ?? {};
  if (!isRecord(config)) {
    problems.push({
      ...source.at(["config"]),
      code: "stack-file-not-map",
      message: "config: must be a map of settings. Write one per line.",
    });
    return stackFile;
  }
  for (const [written, value] of Object.entries(config)) {
    const at = source.atKey(["config"], written);
    const key = fullKey(written, project);
    if (key === undefined) {
      const message = `config: "${written}" is not a key. Write it as NAME or NAMESPACE:NAME.`;
      problems.push({ ...at, code: "stack-file-invalid-key", message });
      continue;
    }
    const other = keys.get(key);
    if (other !== undefined) {
      const message = `config: "${written}" is the same setting as "${other}". Remove one.`;
      problems.push({ ...at, code: "stack-file-setting-twice", message });
      continue;
    }
    if (holdsNoNumber(value)) {
      problems.push({
        ...at,
        code: "stack-file-invalid-number",
        message: `config: "${written}" has a value that Pulumi cannot read as a number. Put it in quotes.`,
      });
      continue;
    }
    keys.set(key, written);
    stackFile.values[key] = renderValue(value);
    if (isSecure(value)) stackFile.encrypted.push(key);
  }
  return stackFile;
}

/** Pulumi.yaml as the CLI reads it. */
export function parseProjectFile(text: string): Source {
  return parseSource("Pulumi.yaml", text, { schema: "failsafe", customTags: goTags });
}

/**
 * What Pulumi.yaml gives every stack whose own file doesn't have the setting, as the engine hands it over.
 * https://www.pulumi.com/docs/iac/concepts/projects/project-file/#config-options: a value, or a map with one or a default.
 * @param text of Pulumi.yaml
 */
export function readProjectValues(text: string, project: string): Record<string, string> {
  const { value, problems } = parseProjectFile(text);
  if (problems.length > 0) return {};
  const entries = Object.entries(asRecord(asRecord(value).config)).flatMap(([written, entry]) => {
    const key = fullKey(written, project);
    const given = isRecord(entry) ? (entry.value ?? entry.default) : entry;
    return key === undefined || given === undefined || holdsNoNumber(given)
      ? []
      : [[key, renderValue(given)]];
  });
  return Object.fromEntries(entries);
}

/** https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ */
const topKeys = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

/** As the CLI parses it: `key`, `namespace:key`, or `namespace:config:key` of old (sdk/go/common/resource/config, ParseKey). */
function fullKey(written: string, project: string): string | undefined {
  const parts = written.split(":");
  const [namespace = "", second = "", third] = parts;
  if (parts.some((part) => part === "")) return undefined;
  if (parts.length === 1) return `${project}:${written}`;
  if (parts.length === 2) return written;
  return parts.length === 3 && second === "config" ? `${namespace}:${third}` : undefined;
}

/** As the CLI writes an encrypted value. */
export function isSecure(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

/** JSON has neither infinity nor NaN, so that the CLI reads nothing of a file with them. */
function holdsNoNumber(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNoNumber);
}

function renderValue(value: unknown): string {
  if (isRecord(value) || Array.isArray(value)) return renderJson(value);
  return value === null || value === undefined ? "" : String(value);
}

/** In order of the keys, as Go writes maps. Whole numbers keep all their digits. */
function renderJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderJson).join(",")}]`;
  if (isRecord(value)) {
    const pairs = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${renderJson(asRecord(value)[key])}`);
    return `{${pairs.join(",")}}`;
  }
  if (typeof value === "bigint" && value > largestInt) return String(Number(value));
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return JSON.stringify(value);
}

const largestInt = 2n ** 63n - 1n;
const smallestInt = -(2n ** 63n);
const largestUint = 2n ** 64n - 1n;

/**
 * How a plain scalar is read: by go-yaml's rules, in its order. https://github.com/go-yaml/yaml/blob/v3/resolve.go
 * Numbers are written as Go's encoding/json does, which goes by the same rules as JavaScript.
 */
const goTags: (ScalarTag | CollectionTag)[] = [
  tag("null", /^(~|null|Null|NULL)?$/, () => null),
  tag("bool", /^(true|True|TRUE|false|False|FALSE)$/, (text) => text.toLowerCase() === "true"),
  tag("timestamp", /^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$/, (text) => goTime(text) ?? text),
  tag("int", /^[-+]?[0-9][0-9a-fA-FxXoObB_]*$/, (text) => goNumber(text) ?? text),
  tag("float", /^[-+]?(\.[0-9]|[0-9])[0-9_.eE+-]*$/, (text) => goNumber(text) ?? text),
  tag("float", /^[-+]?\.(inf|Inf|INF)$/, (text) => (text.startsWith("-") ? -Infinity : Infinity)),
  tag("float", /^\.(nan|NaN|NAN)$/, () => Number.NaN),
];

function tag(name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag {
  return { default: true, tag: `tag:yaml.org,2002:${name}`, test, resolve };
}

/** A whole number of 64 bits as a BigInt; a greater one, and one with a fraction or an exponent, as a float. */
function goNumber(text: string): bigint | number | undefined {
  const plain = text.replaceAll("_", "");
  const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(plain) ?? [];
  const isWhole = /^(0|[1-9]\d*|0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+)$/.test(digits);
  if (isWhole) {
    const absolute = BigInt(digits.replace(/^0(?=[0-7])/, "0o"));
    const value = sign === "-" ? -absolute : absolute;
    if (value >= smallestInt && value <= (sign === "" ? largestUint : largestInt)) return value;
  }
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain)) return undefined;
  // What is too great stays a string; there is no negative zero.
  const float = Number(plain) + 0;
  return Number.isFinite(float) ? float : undefined;
}

/** A date or time as Go prints it: the CLI has no other form for one. */
function goTime(text: string): string | undefined {
  const [, year = "", month = "", day = "", time] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| )(.+))?$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const written = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (time === undefined) return `${written} 00:00:00 +0000 UTC`;
  const [, hour = "", minute = "", second = "", fraction = "", zone] =
    /^(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(time) ?? [];
  if (hour === "" || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  // With a letter between day and time there must be a zone, with a space there is none.
  if ((zone === undefined) !== text.includes(" ")) return undefined;
  const clock = [hour, minute, second].map((part) => part.padStart(2, "0")).join(":");
  const offset = zone?.replace(":", "") ?? "Z";
  const suffix =
    offset === "Z" || offset === "+0000" || offset === "-0000" ? "+0000 UTC" : `${offset} ${offset}`;
  return `${written} ${clock}${fraction.replace(/\.?0+$/, "")} ${suffix}`;
}
