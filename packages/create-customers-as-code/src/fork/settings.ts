// Settings of the fork: what it changed in Pulumi.yaml goes into each Pulumi.STACK.yaml, since the package has the defaults.
import { isDeepStrictEqual } from "node:util";
import { Document, isMap, isNode, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import type { Problem } from "../problem";
import { asRecord } from "../record";

export interface ForkProject {
  name: string;
  description: string;
  /** Settings whose defaults the fork changed, with their new values as they are written. */
  changedDefaults: ReadonlyMap<string, Node>;
  /** What Pulumi.yaml has beside that, as it is written there: a backend, for example, and the company's own settings. */
  kept: string;
  problems: Problem[];
}

/** @param text of the fork's Pulumi.yaml @param baseline that of what was forked */
export function readForkProject(text: string, baseline: string): ForkProject {
  const file = "Pulumi.yaml";
  const document = parseDocument(text, asWritten);
  const problems = checkYaml(file, text);
  const fork = asRecord(document.toJS());
  const before = asRecord(parseDocument(baseline, asWritten).toJS());
  const released = asRecord(before.config);
  if (problems.length === 0 && (typeof fork.name !== "string" || fork.name === "")) {
    problems.push({
      place: file,
      message: 'has no "name", which is part of the name of each resource. Add it.',
    });
  }
  for (const key of ["main", "runtime"]) {
    if (!isDeepStrictEqual(fork[key], before[key])) {
      const message = `has another "${key}" than what was forked. How Pulumi starts the program is the package's from now on: change it back, and deploy the fork once.`;
      problems.push({ place: file, message });
    }
  }
  const changedDefaults = new Map<string, Node>();
  const config = document.get("config", true);
  for (const pair of isMap(config) ? config.items : []) {
    const key = keyOf(pair);
    const node = defaultNode(pair.value);
    if (!Object.hasOwn(released, key) || node === undefined) continue;
    const before = defaultNode(parseDocument(baseline, asWritten).getIn(["config", key], true));
    if (isDeepStrictEqual(node.toJS(document), before?.toJS(document))) continue;
    if (asRecord(released[key]).secret === "true") {
      const message = `has a value for "${key}", which is a secret. Set it in each stack with: pulumi config set --secret ${key}`;
      problems.push({ place: file, message });
    } else changedDefaults.set(key, node);
  }
  return {
    name: String(fork.name),
    description: typeof fork.description === "string" ? fork.description : "",
    changedDefaults,
    kept: isMap(document.contents) ? keptSource(text, document.contents, released) : "",
    problems,
  };
}

/** What keeps a file from being read. */
export function checkYaml(file: string, text: string): Problem[] {
  const { errors, contents } = parseDocument(text);
  if (errors.length === 0 && contents !== null && !isMap(contents)) {
    return [{ place: file, message: "doesn't hold a map. Correct it." }];
  }
  return errors.map(({ message }) => ({
    place: file,
    message: `cannot be read: ${message.split("\n")[0]} Correct the YAML.`,
  }));
}

/** Every scalar as a string: Pulumi reads some in another way than YAML 1.2 does. */
const asWritten = { schema: "failsafe" } as const;

/** Both forms of an entry: its value, or a map with its type and its default. */
function defaultNode(entry: unknown): Node | undefined {
  const value = isMap(entry) ? (entry.get("value", true) ?? entry.get("default", true)) : entry;
  return isNode(value) ? value : undefined;
}

/** Lines of the top-level keys that the new Pulumi.yaml doesn't write itself, and of the settings that the fork added. */
function keptSource(text: string, top: YAMLMap, released: Record<string, unknown>): string {
  const written = ["name", "description", "main", "runtime", "config"];
  const others = blocksOf(text, top).filter(({ key }) => !written.includes(key));
  const config = top.get("config", true);
  const own = isMap(config) ? blocksOf(text, config).filter(({ key }) => !Object.hasOwn(released, key)) : [];
  return [
    ...others.map(({ source }) => source),
    ...(own.length > 0 ? ["config:\n", ...own.map(({ source }) => source)] : []),
  ].join("");
}

/** Each pair of a map with the comment above it. */
function blocksOf(text: string, map: YAMLMap): { key: string; source: string }[] {
  const starts = map.items.map((pair) => blockStart(text, pair));
  const end = endOfMap(text, map);
  return map.items.map((pair, index) => ({
    key: keyOf(pair),
    source: withLineFeed(text.slice(starts[index], starts[index + 1] ?? end)),
  }));
}

function blockStart(text: string, { key }: Pair): number {
  const [offset = 0] = (isScalar(key) && key.range) || [];
  let start = text.lastIndexOf("\n", offset - 1) + 1;
  for (;;) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    if (start === 0 || !/^\s*#/.test(text.slice(above, start))) return start;
    start = above;
  }
}

/** Where the map's last line ends. */
function endOfMap(text: string, map: YAMLMap): number {
  const end = map.range?.[1] ?? text.length;
  const before = text.slice(0, end).trimEnd().length;
  const feed = text.indexOf("\n", before);
  return feed === -1 ? text.length : feed + 1;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function withLineFeed(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/**
 * Adds settings that a stack's file doesn't have, below the last one. Everything else stays as it is, byte by byte.
 * @param project its name, which is the namespace of its settings
 */
export function addSettings(text: string, settings: ReadonlyMap<string, Node>, project: string): string {
  const document = parseDocument(text, asWritten);
  const config = document.get("config", true);
  const has = new Set(isMap(config) ? config.items.map((pair) => fullKey(keyOf(pair), project)) : []);
  const missing = [...settings].filter(([key]) => !has.has(fullKey(key, project)));
  if (missing.length === 0) return text;
  const [first] = isMap(config) && !config.flow ? config.items : [];
  if (!isMap(config) || first === undefined) {
    for (const [key, value] of missing) document.setIn(["config", fullKey(key, project)], value);
    return document.toString({ lineWidth: 0 });
  }
  const added = new Document({}, asWritten);
  for (const [key, value] of missing) added.set(fullKey(key, project), value);
  const indent = " ".repeat(columnOf(text, first));
  const lines = added.toString({ lineWidth: 0 }).trimEnd().split("\n");
  const block = ["# Defaults of the fork's Pulumi.yaml:", ...lines]
    .map((line) => `${indent}${line}\n`)
    .join("");
  const end = endOfMap(text, config);
  return withLineFeed(text.slice(0, end)) + block + text.slice(end);
}

function columnOf(text: string, { key }: Pair): number {
  const [offset = 0] = (isScalar(key) && key.range) || [];
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** The value of a setting in a stack's file; undefined if the file doesn't set it. */
export function readSetting(text: string, key: string, project: string): unknown {
  const config = asRecord(asRecord(parseDocument(text, asWritten).toJS()).config);
  const found = Object.keys(config).find((written) => fullKey(written, project) === fullKey(key, project));
  return found === undefined ? undefined : config[found];
}

/** As the Pulumi CLI reads a key: `key`, `namespace:key`, or `namespace:config:key` of old. */
function fullKey(written: string, project: string): string {
  const parts = written.split(":");
  if (parts.length === 1) return `${project}:${written}`;
  return parts.length === 3 && parts[1] === "config" ? `${parts[0]}:${parts[2]}` : written;
}
