// The text of a customer file, changed as a careful person would: one line, and every other as it was.
import { Document, isNode, isScalar, type Pair, YAMLMap } from "yaml";
import type { KeyInMetadata } from "../customers/customer-schema";
import type { TokenQuota } from "../customers/plans";

export interface NewCustomer extends Partial<Record<KeyInMetadata, string>> {
  displayName: string;
  organization?: string;
  plan?: string;
  metadata?: Record<string, string>;
  /** By name. */
  clients: Record<string, NewClient>;
}

interface NewClient {
  scopes: readonly string[];
  tokenQuota?: TokenQuota;
  /** Goes above its name. */
  comment?: string;
}

/** @param schema path of schema.json, as editors find it from the file */
export function renderCustomer({ clients, ...customer }: NewCustomer, schema: string): string {
  const document = new Document({ ...customer, clients: {} });
  const map = new YAMLMap();
  for (const [name, { scopes, tokenQuota, comment }] of Object.entries(clients)) {
    const key = document.createNode(name);
    if (comment !== undefined) key.commentBefore = ` ${oneLine(comment)}`;
    const list = document.createNode(scopes);
    list.flow = true;
    map.add(document.createPair(key, { scopes: list, ...(tokenQuota && { tokenQuota }) }));
  }
  document.set("clients", map);
  return `# yaml-language-server: $schema=${schema}\n${printYaml(document)}`;
}

/** A comment ends with its line, and shows all that is in it. */
export function oneLine(comment: string): string {
  return comment.replace(/[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]+/gu, " ").trim();
}

export function printYaml(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

export function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key);
}

export function rangeOf(node: unknown): readonly number[] {
  return (isNode(node) && node.range) || [];
}

export function startOfLine(text: string, { key }: Pair): number {
  return text.lastIndexOf("\n", (rangeOf(key)[0] ?? 0) - 1) + 1;
}

/** Behind the line's end; a block scalar's value includes it. */
export function endOfLine(text: string, { key, value }: Pair): number {
  const end = rangeOf(value)[1] ?? rangeOf(key)[1] ?? 0;
  if (text[end - 1] === "\n") return end;
  const newline = text.indexOf("\n", end);
  return newline === -1 ? text.length : newline + 1;
}

/** @param line one or more, of which each but the first brings its own indentation */
export function insertAfter(text: string, pair: Pair | undefined, line: string): string {
  if (!pair) return text;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const indentation = text.slice(startOfLine(text, pair), rangeOf(pair.key)[0]);
  const at = endOfLine(text, pair);
  const before = text.slice(0, at);
  return `${before}${before.endsWith("\n") ? "" : newline}${indentation}${line}${newline}${text.slice(at)}`;
}
