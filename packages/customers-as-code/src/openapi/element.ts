// A part of one of the document's files.
import { isRecord } from "../problems/record";
import type { Source } from "../problems/source";

export interface DocumentElement {
  source: Source;
  /** Where it is in its file. */
  path: readonly PropertyKey[];
  value: unknown;
}

/** All that is in the file. */
export function getRootElement(source: Source): DocumentElement {
  return { source, path: [], value: source.value };
}

/** What a map or list has under a key; undefined where it has no such key. */
export function getChildElement(
  { source, path, value }: DocumentElement,
  key: PropertyKey,
): DocumentElement | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return { source, path: [...path, key], value: Reflect.get(value, key) };
}

/** By its key: every entry of a map or list. */
export function listChildElements(element: DocumentElement): [key: string, child: DocumentElement][] {
  const { value } = element;
  return Object.keys(typeof value === "object" && value !== null ? value : {}).flatMap((key) => {
    const child = getChildElement(element, key);
    return child ? [[key, child]] : [];
  });
}

/** The same for the same part of the same file. */
export function identifyElement({ source, path }: DocumentElement): string {
  return JSON.stringify([source.file, ...path.map(String)]);
}

/** What it refers to, where it is a reference. */
export function readReference({ value }: DocumentElement): string | undefined {
  return isRecord(value) && typeof value.$ref === "string" ? value.$ref : undefined;
}

/** The keys of a JSON pointer: https://datatracker.ietf.org/doc/html/rfc6901#section-4 */
export function parseJsonPointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
