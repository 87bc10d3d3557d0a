// Renames a key in the text of a YAML or JSON file. Every other byte stays as it is, and the result is compared with what it must be.
import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { Fault, Problem } from "../problems/problem";
import { isRecord } from "../problems/record";
import { type Place, parseSource } from "../problems/source";
import { printPath } from "../problems/words";

export interface KeyRename {
  /** Keys that lead to it. */
  from: readonly KeyPattern[];
  /** The last key as it was, and as it is now; what stands before it in the file, such as a namespace, stays. */
  name: string;
  to: string;
  /** The key under its new name. */
  isTaken: KeyPattern;
}

/** Whether a key of a map is meant. */
type KeyPattern = (key: string) => boolean;

export interface RenamedText {
  text: string;
  /** Of the keys that are renamed. */
  places: Place[];
  problems: Problem[];
}

/** Scalars are compared as they are written: what a number is differs between the readers of these files. */
const asWritten = { schema: "failsafe" } as const;

/** @param text of a file that can be parsed */
export function renameKey(file: string, text: string, rename: KeyRename): RenamedText {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...asWritten, merge: true, lineCounter: lines });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const found = findKeys(document, rename);
  const unchanged = (problems: Problem[]): RenamedText => ({ text, places: [], problems });
  if (found.problems.length > 0) {
    return unchanged(found.problems.map(({ offset, ...fault }) => ({ ...placeAt(offset), ...fault })));
  }
  // From the end of the file, so that the places before stay right.
  const starts = [...found.keys].sort(([a], [b]) => b - a);
  const renamed = starts.reduce(
    (before, [start, { end, key }]) => before.slice(0, start) + key + before.slice(end),
    text,
  );
  const before = parseSource(file, text, asWritten).value;
  const after = parseSource(file, renamed, asWritten);
  if (after.problems.length > 0 || !isDeepStrictEqual(after.value, renameInData(before, rename))) {
    const message = `"${rename.name}" is now "${rename.to}". An anchor or a merge key prevents the change: rename it by hand.`;
    return unchanged([{ file, code: "upgrade-by-hand", message }]);
  }
  return { text: renamed, places: starts.map(([start]) => placeAt(start)).reverse(), problems: [] };
}

interface FoundKeys {
  /** By the offset of the old one, so that two aliases of a map count once. */
  keys: Map<number, { end: number /** As it is written. */; key: string }>;
  problems: (Fault & { offset: number })[];
}

function findKeys(document: Document, rename: KeyRename): FoundKeys {
  const found: FoundKeys = { keys: new Map(), problems: [] };
  collectKeys(document, document.contents, rename.from, [], rename, found);
  return found;
}

function collectKeys(
  document: Document,
  node: unknown,
  path: readonly KeyPattern[],
  above: readonly string[],
  rename: KeyRename,
  found: FoundKeys,
): void {
  const map = isAlias(node) ? node.resolve(document) : node;
  const [isMeant, ...rest] = path;
  if (isMeant === undefined) return;
  const { name, to } = rename;
  if (isScalar(map) && holdsInString(map.value, path)) {
    const where = `${printPath(above)}: is JSON in a string`;
    found.problems.push({
      offset: map.range?.[0] ?? 0,
      code: "upgrade-by-hand",
      message: `${where}, in which "${name}" is now "${to}". Rename it by hand.`,
    });
  }
  if (!isMap(map)) return;
  for (const pair of map.items) {
    const key = keyOf(pair);
    if (key === undefined || !isMeant(key)) continue;
    if (rest.length > 0) {
      collectKeys(document, pair.value, rest, [...above, key], rename, found);
      continue;
    }
    const [start = 0, end = start] = isScalar(pair.key) ? (pair.key.range ?? []) : [];
    const other = findTaken(map, rename);
    if (other === undefined) {
      found.keys.set(start, { end, key: writeKey(pair, newKey(key, rename)) });
    } else {
      const message = `${printPath([...above, key])}: is "${other}" now, which the file already has. Keep one of them.`;
      found.problems.push({ offset: start, code: "upgrade-key-twice", message });
    }
  }
}

function keyOf({ key }: Pair): string | undefined {
  return isScalar(key) && typeof key.value === "string" ? key.value : undefined;
}

function findTaken(map: YAMLMap, { isTaken }: KeyRename): string | undefined {
  return map.items.map(keyOf).find((key) => key !== undefined && isTaken(key));
}

/** With the quotes that it had. */
function writeKey({ key }: Pair, name: string): string {
  const type = isScalar(key) ? key.type : undefined;
  const quote = type === "QUOTE_DOUBLE" ? '"' : type === "QUOTE_SINGLE" ? "'" : "";
  return quote + name + quote;
}

/** The CLI writes a setting with a structure as a string, if `pulumi config set` was given one. */
function holdsInString(value: unknown, path: readonly KeyPattern[]): boolean {
  if (typeof value !== "string" || !/^\s*\{/.test(value)) return false;
  try {
    return holdsKey(JSON.parse(value), path);
  } catch {
    return false;
  }
}

function holdsKey(value: unknown, [isMeant, ...rest]: readonly KeyPattern[]): boolean {
  if (isMeant === undefined) return true;
  return (
    isRecord(value) && Object.entries(value).some(([key, inner]) => isMeant(key) && holdsKey(inner, rest))
  );
}

/** The file's data as the renaming must leave it. */
function renameInData(value: unknown, rename: KeyRename, depth = 0): unknown {
  const isMeant = rename.from[depth];
  if (isMeant === undefined || !isRecord(value)) return value;
  const isLast = depth === rename.from.length - 1;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (!isMeant(key)) return [key, inner];
      return isLast ? [newKey(key, rename), inner] : [key, renameInData(inner, rename, depth + 1)];
    }),
  );
}

function newKey(key: string, { name, to }: KeyRename): string {
  return key.slice(0, key.length - name.length) + to;
}
