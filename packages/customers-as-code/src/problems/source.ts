// A YAML or JSON file together with the place of everything in it.
import {
  type Document,
  type DocumentOptions,
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { Fault, Problem } from "./problem";

export interface Place {
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
}

export interface Source {
  /** Path of the file as it shows in problems. */
  file: string;
  /** The file as plain data; undefined where it is not valid YAML. */
  value: unknown;
  /** Syntax errors, duplicate keys, tags, and more than one document. */
  problems: Problem[];
  /** Place of the value at a path, or of the nearest thing above it that exists. */
  at(path: readonly PropertyKey[]): Place;
  /** Place of a key in the map at a path. */
  atKey(path: readonly PropertyKey[], key: string): Place;
}

export interface SourceOptions
  extends ParseOptions,
    DocumentOptions,
    Pick<SchemaOptions, "schema" | "customTags"> {
  /** How many values the aliases of one anchor may stand for, those within it counted; default 100. */
  maxAliasCount?: number;
}

/**
 * Parses YAML 1.2, of which JSON is a part, with the merge key `<<` of YAML 1.1. Never throws.
 * @param file path of the file as it is to show in problems
 * @param options how scalars are read, if not by YAML's core schema
 */
export function parseSource(
  file: string,
  text: string,
  { maxAliasCount = 100, ...options }: SourceOptions = {},
): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...options,
    lineCounter: lines,
    uniqueKeys: true,
    stringKeys: true,
    merge: true,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const placeOf = (node: unknown): Place => placeAt(isNode(node) ? (node.range?.[0] ?? 0) : 0);
  const nodeAt = (path: readonly PropertyKey[]): unknown => {
    let node: unknown = document.contents;
    for (const key of path) {
      const next = childNode(document, node, key);
      if (!isNode(next)) return node;
      node = next;
    }
    return node;
  };
  const conflict = findConflict(text, document.errors.length > 0);
  const problems: Problem[] =
    conflict !== undefined
      ? [
          {
            ...placeAt(conflict),
            code: "yaml-merge-conflict",
            message:
              "has an unresolved merge conflict. Keep the lines that you want, and delete the markers <<<<<<<, ======= and >>>>>>>.",
          },
        ]
      : selectErrors(document.errors).map((error) => ({
          ...placeAt(error.pos[0]),
          ...explainError(error),
        }));
  if (problems.length === 0) problems.push(...checkTags(document, placeOf));
  const value =
    problems.length === 0 ? toPlain(() => document.toJS({ maxAliasCount }), file, problems) : undefined;
  return {
    file,
    value,
    problems,
    at: (path) => placeOf(nodeAt(path)),
    atKey: (path, key) => {
      const map = dealiased(document, nodeAt(path));
      return placeOf((isMap(map) ? keyNode(document, map, key) : undefined) ?? map);
    },
  };
}

/**
 * Where the first marker of a merge conflict is. In a list in brackets, markers are valid YAML: there, a pair of them counts.
 * @param isInvalid whether the text is no valid YAML, of which any marker may be the reason
 */
function findConflict(text: string, isInvalid: boolean): number | undefined {
  const first = /^(<{7}|\|{7}|={7}|>{7})(?= |\r?$)/m.exec(text);
  if (!first) return undefined;
  return isInvalid || (first[1]?.startsWith("<") && /^>{7}(?= |\r?$)/m.test(text)) ? first.index : undefined;
}

/** Up to the first one after which the parser has lost its way: what follows is mostly not wrong at all. */
function selectErrors(errors: readonly YAMLError[]): readonly YAMLError[] {
  const inOrder = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  const first = inOrder.findIndex(({ code }) => !harmless.includes(code));
  return first < 0 ? inOrder : inOrder.slice(0, first + 1);
}

/** Of one key, value or tag each. */
const harmless: readonly string[] = [
  "BAD_ALIAS",
  "BAD_DQ_ESCAPE",
  "DUPLICATE_KEY",
  "KEY_OVER_1024_CHARS",
  "NON_STRING_KEY",
  "TAG_RESOLVE_FAILED",
];

function explainError(error: YAMLError): Fault {
  if (error.code === "MULTIPLE_DOCS") {
    return {
      code: "yaml-second-document",
      message:
        "begins a second YAML document. Remove this line, or move what follows it into a file of its own.",
    };
  }
  // The library's message goes on with the place and an excerpt.
  const [summary = error.code] = error.message.split(/ at line \d+|:\n/);
  return { code: "yaml-invalid", message: `is not valid YAML: ${summary}` };
}

/** Programs that read YAML do not agree on what tags mean: of the plain ones, those that JSON has values for. */
const plainTag = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

function checkTags(document: Document.Parsed, placeOf: (node: unknown) => Place): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Node: (_, node) => {
      const tag = "tag" in node && typeof node.tag === "string" ? node.tag : undefined;
      if (tag === undefined || plainTag.test(tag)) return;
      const written = tag.replace("tag:yaml.org,2002:", "!!");
      problems.push({
        ...placeOf(node),
        code: "yaml-tag",
        message: `has the tag ${written}, which is not read. Remove it.`,
      });
    },
  });
  return problems;
}

/** Aliases that expand without end are found only while converting. */
function toPlain(convert: () => unknown, file: string, problems: Problem[]): unknown {
  const refuse = (reason: string) => {
    problems.push({
      file,
      line: 1,
      column: 1,
      code: "yaml-invalid",
      message: `is not valid YAML: ${reason}`,
    });
    return undefined;
  };
  try {
    const value = convert();
    return containsItself(value) ? refuse("An anchor is used within itself") : value;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function containsItself(value: unknown, above = new Set<unknown>(), checked = new Set<unknown>()): boolean {
  if (typeof value !== "object" || value === null || checked.has(value)) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((inner) => containsItself(inner, above, checked));
  above.delete(value);
  checked.add(value);
  return found;
}

/** What an alias stands for; anything else as it is. */
function dealiased(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function childNode(document: Document, node: unknown, key: PropertyKey): unknown {
  const collection = dealiased(document, node);
  if (isSeq(collection)) return collection.get(key, true);
  return isMap(collection) ? pairOf(document, collection, String(key))?.value : undefined;
}

function keyNode(document: Document, map: YAMLMap, key: string): unknown {
  return pairOf(document, map, key)?.key;
}

/** Its own entry, or one that `<<` merges into it. */
function pairOf(document: Document, map: YAMLMap, key: string): YAMLMap["items"][number] | undefined {
  const named = (name: string) => map.items.find((item) => isNode(item.key) && item.key.toJSON() === name);
  const own = named(key);
  if (own) return own;
  const merged = dealiased(document, named("<<")?.value);
  for (const one of isSeq(merged) ? merged.items : [merged]) {
    const from = dealiased(document, one);
    const pair = isMap(from) ? pairOf(document, from, key) : undefined;
    if (pair) return pair;
  }
  return undefined;
}
