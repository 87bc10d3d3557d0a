// Pulumi.yaml: what a new version has changed in how the program is started, and defaults that the package has itself.
import { isDeepStrictEqual } from "node:util";
import { isMap, isPair, isScalar, LineCounter, type Pair, parseDocument } from "yaml";
import type { Problem } from "../problems/problem";
import { asRecord, isRecord } from "../problems/record";
import { type Place, parseSource } from "../problems/source";
import { secretSettings, settingsSchema } from "../settings/settings-schema";
import type { ReplacedNodeArgument } from "./migrations";

export interface ProjectChange {
  text: string;
  changes: { place: Place; message: string }[];
  problems: Problem[];
}

/** Replaces an argument in `runtime.options.nodeargs`. */
export function replaceNodeArgument(
  file: string,
  text: string,
  migration: ReplacedNodeArgument,
): ProjectChange {
  const path = ["runtime", "options", "nodeargs"];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const node = document.getIn(path, true);
  if (!isScalar(node) || typeof node.value !== "string" || !migration.from.test(node.value)) {
    return { text, changes: [], problems: [] };
  }
  const [start = 0, end = start] = node.range ?? [];
  const expected = node.value.replace(migration.from, migration.to);
  const replaced =
    text.slice(0, start) + text.slice(start, end).replace(migration.from, migration.to) + text.slice(end);
  const { line, col } = lines.linePos(start);
  const place = { file, line, column: col };
  if (parseDocument(replaced).getIn(path) !== expected) {
    const message = `runtime.options.nodeargs: must be "${expected}". It is written over several lines: change it by hand.`;
    return { text, changes: [], problems: [{ ...place, code: "upgrade-by-hand", message }] };
  }
  return {
    text: replaced,
    changes: [{ place, message: `runtime.options.nodeargs becomes "${expected}".` }],
    problems: [],
  };
}

/** Removes the entries of `config` that declare a setting of the program with the default that it has anyway. */
export function dropDefaults(file: string, text: string): ProjectChange {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const unchanged: ProjectChange = { text, changes: [], problems: [] };
  const { contents: root } = document;
  const config = isMap(root) ? root.items.find((pair) => keyOf(pair) === "config") : undefined;
  if (!config || !isMap(config.value)) return unchanged;
  const { name, config: declared } = asRecord(parseSource(file, text).value);
  const project = String(name);
  const dropped = Object.entries(asRecord(declared)).flatMap(([key, entry]) =>
    repeatsDefault(settingOf(key, project), entry) ? [key] : [],
  );
  if (dropped.length === 0) return unchanged;
  const pairs = config.value.items.filter((pair) => dropped.includes(keyOf(pair) ?? ""));
  const isWhole = dropped.length === config.value.items.length;
  const changed = removeLines(text, isWhole ? [config] : pairs);
  const place = (pair: Pair): Place => {
    const { line, col } = lines.linePos(startOf(pair));
    return { file, line, column: col };
  };
  const rest = Object.entries(asRecord(declared)).filter(([key]) => !dropped.includes(key));
  const { config: _, ...others } = asRecord(parseSource(file, text).value);
  const expected = { ...others, ...(rest.length > 0 && { config: Object.fromEntries(rest) }) };
  if (!isDeepStrictEqual(parseSource(file, changed).value, expected)) {
    const message = `config: repeats defaults of the package (${dropped.join(", ")}). Remove them by hand.`;
    return { ...unchanged, problems: [{ ...place(config), code: "upgrade-by-hand", message }] };
  }
  const changes = isWhole
    ? [{ place: place(config), message: "config is removed, because it only repeats defaults." }]
    : pairs.map((pair) => ({
        place: place(pair),
        message: `config.${keyOf(pair)} is removed, because it only repeats the default.`,
      }));
  return { text: changed, changes, problems: [] };
}

function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) && typeof key.value === "string" ? key.value : undefined;
}

function startOf(pair: Pair): number {
  return isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

function settingOf(key: string, project: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

/** Whether the declaration has no more to say than the program knows. A `value` is a setting of all stacks. */
function repeatsDefault(setting: string, entry: unknown): boolean {
  if (!isRecord(entry) || "value" in entry) return false;
  if (secretSettings.some((one) => one === setting)) return (entry.default ?? "") === "";
  if (!isSetting(setting)) return false;
  if (entry.default === undefined) return true;
  const schema = settingsSchema.shape[setting];
  // As the engine hands it over.
  const given = typeof entry.default === "string" ? entry.default : JSON.stringify(entry.default);
  const [stated, assumed] = [schema.safeParse(given), schema.safeParse(undefined)];
  return stated.success && assumed.success && isDeepStrictEqual(stated.data, assumed.data);
}

function isSetting(name: string): name is keyof typeof settingsSchema.shape {
  return Object.hasOwn(settingsSchema.shape, name);
}

/** Without the lines of these pairs and the comments right above them. */
function removeLines(text: string, pairs: readonly Pair[]): string {
  return [...pairs]
    .sort((a, b) => startOf(b) - startOf(a))
    .reduce((before, pair) => {
      const start = aboveComments(before, before.lastIndexOf("\n", startOf(pair) - 1) + 1);
      return before.slice(0, start) + before.slice(endOf(before, pair));
    }, text);
}

/** Behind the line in which it ends. */
function endOf(text: string, pair: Pair): number {
  const end = lastOffset(pair);
  if (text[end - 1] === "\n") return end;
  const newline = text.indexOf("\n", end);
  return newline === -1 ? text.length : newline + 1;
}

/** Where its content ends: a map's own range goes on with the comments behind it. */
function lastOffset(pair: Pair): number {
  const { value } = pair;
  if (isMap(value) && !value.flow) {
    const last = value.items.at(-1);
    if (isPair(last)) return lastOffset(last);
  }
  const node = value ?? pair.key;
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) ? Number(range[1]) : startOf(pair);
}

function aboveComments(text: string, start: number): number {
  const above = text.lastIndexOf("\n", start - 2) + 1;
  return above < start && /^\s*#/.test(text.slice(above, start)) ? aboveComments(text, above) : start;
}
