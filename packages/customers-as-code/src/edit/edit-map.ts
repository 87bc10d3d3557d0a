// The lines of one map in the text of a customer file, changed as a careful person would: every other stays as it was.
import { type Document, isMap, isScalar, type Pair, parse, parseDocument, Scalar, type YAMLMap } from "yaml";
import { endOfLine, findPair, insertAfter, printYaml, rangeOf, startOfLine } from "./edit";

/** What is to become of a map's keys, in the order of the list. */
export type Edit = Setting | { drop: string } | { rename: string; to: string };

interface Setting {
  set: string;
  /** One line as YAML has it, or the lines of a literal. */
  value: string;
  /** Keys behind which a new one goes: behind the first that there is; with `first`, in front of all where there is none. */
  after: readonly string[];
  first?: boolean;
  /** Goes behind the value, in place of what is there; the empty text takes that away. */
  comment?: string;
  /** What is there stays. */
  keep?: boolean;
}

/**
 * The file with the map's keys as they must be. Maps on the way that are not there are made, and those in `stacks` that have nothing
 * left go.
 * @param path of the map
 * @returns undefined where it is written so that its lines are not its own: by an anchor, for example
 */
export function editMap(text: string, path: readonly string[], edits: readonly Edit[]): string | undefined {
  return edits.reduce<string | undefined>(
    (before, edit) => (before === undefined ? undefined : editOnce(before, path, edit)),
    text,
  );
}

function editOnce(text: string, path: readonly string[], edit: Edit): string | undefined {
  const document = parseDocument(text);
  const { contents: root } = document;
  if (!isMap(root)) return undefined;
  let map: YAMLMap = root;
  let isFlow = root.flow === true;
  let depth = 0;
  for (const key of path) {
    const pair = findPair(map, key);
    if (!pair) break;
    if (!isMap(pair.value)) return undefined;
    map = pair.value;
    // Of an alias or a merge of it, somewhere else in the file, these are the lines too.
    if (map.anchor !== undefined) return undefined;
    isFlow ||= map.flow === true;
    depth++;
  }
  const isThere = depth === path.length;
  if (isThere && path.length > 0 && findPair(map, "<<")) return undefined;
  if ("set" in edit) {
    if (edit.keep && isThere && findPair(map, edit.set)) return text;
    if (isFlow) return setInFlow(document, path, edit);
    return isThere ? setLine(text, map, edit) : addMap(text, root, map, path.slice(depth), edit);
  }
  if (!isThere) return text;
  if ("drop" in edit) return drop(text, document, path, edit.drop, isFlow);
  const pair = findPair(map, edit.rename);
  if (!pair) return text;
  if (isFlow) {
    pair.key = document.createNode(edit.to);
    return printYaml(document);
  }
  const [start = 0, end = start] = rangeOf(pair.key);
  return text.slice(0, start) + edit.to + text.slice(end);
}

/** A comment behind a value stays with it, unless there is another. */
function setLine(text: string, map: YAMLMap, setting: Setting): string | undefined {
  const { set, value, after, first = false, comment } = setting;
  const pair = findPair(map, set);
  const isBlock = value.includes("\n");
  if (pair && isBlock) return undefined;
  if (pair) {
    const [start = 0, end = start] = rangeOf(pair.value);
    const endOfPair = endOfLine(text, pair);
    const newline = /(\r?\n)?$/.exec(text.slice(start, endOfPair))?.[0] ?? "";
    const said = comment === undefined ? text.slice(end, endOfPair).trimEnd() : "";
    return text.slice(0, start) + line(setting) + said + newline + text.slice(endOfPair);
  }
  const anchor = after.map((key) => findPair(map, key)).find((found) => found !== undefined);
  const [head] = map.items;
  if (!head) return undefined;
  if (!anchor && first) {
    const indentation = " ".repeat(columnOf(text, head));
    const start = aboveComments(text, startOfLine(text, head));
    return `${text.slice(0, start)}${indentation}${set}: ${line(setting)}${newlineOf(text)}${text.slice(start)}`;
  }
  const behind = anchor ?? head;
  const added = isBlock ? block(text, columnOf(text, behind), setting) : `${set}: ${line(setting)}`;
  return insertAfter(text, behind, added);
}

/** The maps of the path below the one that there is, with the first key of the last. */
function addMap(
  text: string,
  root: YAMLMap,
  map: YAMLMap,
  path: readonly string[],
  setting: Setting,
): string {
  const last = map.items.at(-1);
  const step = stepOf(text, root);
  const column = last ? columnOf(text, last) : 0;
  const keys = path.map((key, depth) => `${" ".repeat(depth === 0 ? 0 : column + step * depth)}${key}:`);
  const inner = column + step * path.length;
  const value = setting.value.includes("\n")
    ? block(text, inner, setting)
    : `${setting.set}: ${line(setting)}`;
  return insertAfter(text, last, [...keys, " ".repeat(inner) + value].join(newlineOf(text)));
}

/** A map of which nothing is left goes with it, where it is a stack's. */
function drop(
  text: string,
  document: Document,
  path: readonly string[],
  key: string,
  isFlow: boolean,
): string | undefined {
  const map: unknown = document.getIn(path);
  const pair = isMap(map) ? findPair(map, key) : undefined;
  if (!isMap(map) || !pair) return text;
  const parent = path.at(-1);
  if (map.items.length === 1 && parent !== undefined && path[0] === "stacks") {
    return drop(text, document, path.slice(0, -1), parent, isFlow);
  }
  if (isFlow) {
    map.delete(key);
    return printYaml(document);
  }
  return text.slice(0, startOfLine(text, pair)) + text.slice(endOfLine(text, pair));
}

/** A map in braces may have all its keys in one line, which is then rewritten. */
function setInFlow(document: Document, path: readonly string[], { set, value, comment }: Setting): string {
  const node = document.createNode(value.includes("\n") ? value : parse(value));
  if (isScalar(node) && value.includes("\n")) node.type = Scalar.QUOTE_DOUBLE;
  const before = document.getIn([...path, set], true);
  const said = isScalar(before) ? before.comment : undefined;
  node.comment = comment === undefined ? said : comment && ` ${comment}`;
  document.setIn([...path, set], node);
  return printYaml(document);
}

function line({ value, comment }: Setting): string {
  return comment ? `${value} # ${comment}` : value;
}

/** A literal, indented by two more than its key. */
function block(text: string, column: number, { set, value }: Setting): string {
  const lines = value.trimEnd().split(/\r?\n/);
  return [`${set}: |`, ...lines.map((one) => " ".repeat(column + 2) + one)].join(newlineOf(text));
}

/** Where the comments begin that stand right above. */
function aboveComments(text: string, start: number): number {
  const above = text.lastIndexOf("\n", start - 2) + 1;
  return /^\s*#/.test(text.slice(above, start)) ? aboveComments(text, above) : start;
}

function columnOf(text: string, pair: Pair): number {
  return (rangeOf(pair.key)[0] ?? 0) - startOfLine(text, pair);
}

/** By how much the file indents. */
function stepOf(text: string, root: YAMLMap): number {
  const clients = findPair(root, "clients")?.value;
  const [first] = isMap(clients) && !clients.flow ? clients.items : [];
  return first ? columnOf(text, first) : 2;
}

function newlineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
