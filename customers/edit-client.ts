// The lines of one client in the text of a customer file, changed as a careful person would: every other stays as it was.
import { type Document, isMap, isScalar, type Pair, parseDocument, Scalar, type YAMLMap } from "yaml";
import { endOfLine, find, insertAfter, print, rangeOf, startOfLine } from "./edit";

/** What is to become of a client's keys, in the order of the list. */
export type ClientEdit = Setting | { drop: string } | { rename: string; to: string };

interface Setting {
  set: string;
  /** One line as YAML has it, or the lines of a literal. */
  value: string;
  /** Keys behind which a new one goes: behind the first that there is. */
  after: readonly string[];
}

/**
 * The file with the client's keys as they are to be.
 * @returns undefined where the client is written so that its lines are not its own: by an anchor, for example
 */
export function editClient(text: string, client: string, edits: readonly ClientEdit[]): string | undefined {
  return edits.reduce<string | undefined>(
    (before, edit) => (before === undefined ? undefined : editOnce(before, client, edit)),
    text,
  );
}

function editOnce(text: string, client: string, edit: ClientEdit): string | undefined {
  const document = parseDocument(text);
  const clients: unknown = document.get("clients");
  const map = isMap(clients) ? find(clients, client)?.value : undefined;
  if (!isMap(map) || !isMap(document.contents)) return undefined;
  // Of an alias or a merge of it, somewhere else in the file, these are the lines too.
  if (map.anchor !== undefined || find(map, "<<")) return undefined;
  if (document.contents.flow || (isMap(clients) && clients.flow) || map.flow) {
    return editInFlow(document, map, edit);
  }
  if ("set" in edit) return setLine(text, map, edit);
  if ("drop" in edit) {
    const pair = find(map, edit.drop);
    return pair ? text.slice(0, startOfLine(text, pair)) + text.slice(endOfLine(text, pair)) : text;
  }
  const pair = find(map, edit.rename);
  if (!pair) return text;
  const [start = 0, end = start] = rangeOf(pair.key);
  return text.slice(0, start) + edit.to + text.slice(end);
}

/** A comment behind a value stays with it. */
function setLine(text: string, map: YAMLMap, { set, value, after }: Setting): string | undefined {
  const pair = find(map, set);
  const isBlock = value.includes("\n");
  if (pair && !isBlock) {
    const [start = 0, end = start] = rangeOf(pair.value);
    return text.slice(0, start) + value + text.slice(end);
  }
  if (pair) return undefined;
  const anchor = after.map((key) => find(map, key)).find((found) => found !== undefined) ?? map.items[0];
  if (!anchor) return undefined;
  return insertAfter(text, anchor, isBlock ? block(text, anchor, set, value) : `${set}: ${value}`);
}

/** A literal, indented as its key and two more. */
function block(text: string, { key }: Pair, name: string, value: string): string {
  const start = rangeOf(key)[0] ?? 0;
  const indentation = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1) + 2);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = value.trimEnd().split(/\r?\n/);
  return [`${name}: |`, ...lines.map((line) => indentation + line)].join(newline);
}

/** A map in braces may have all its keys in one line, which is then written anew. */
function editInFlow(document: Document, map: YAMLMap, edit: ClientEdit): string {
  if ("drop" in edit) map.delete(edit.drop);
  else if ("set" in edit) {
    const node = document.createNode(/^\d+$/.test(edit.value) ? Number(edit.value) : edit.value);
    if (isScalar(node) && edit.value.includes("\n")) node.type = Scalar.QUOTE_DOUBLE;
    map.set(edit.set, node);
  } else {
    const pair = find(map, edit.rename);
    if (pair) pair.key = document.createNode(edit.to);
  }
  return print(document);
}
