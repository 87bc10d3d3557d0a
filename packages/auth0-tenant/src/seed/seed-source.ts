// The text of a seed as data, with the place of everything in it. JSON is a part of YAML 1.2.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLError,
} from "yaml";
import { type Path, renderPath, SeedError, type SeedFault, type SeedProblem } from "./seed-problem";

export interface SeedSource {
  value: unknown;
  /** The problem of a fault, with its place. */
  locate(fault: SeedFault): SeedProblem;
}

/** A seed that is a value in the program. */
export function sourceOfValue(value: unknown): SeedSource {
  return { value, locate: ({ code, path, message }) => ({ code, path: renderPath(path), message }) };
}

/** @throws {SeedError} if the text is not YAML */
export function sourceOfText(text: string, file: string): SeedSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, stringKeys: true });
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw new SeedError(
      document.errors.map((error) => ({
        ...{ code: "invalid-yaml", path: "", message: describeError(error) },
        ...placeOf(error.pos[0]),
      })),
    );
  }
  return {
    value: toPlain(document, file),
    locate: ({ code, path, message, isKey = false }) => ({
      code,
      path: renderPath(path),
      message,
      ...placeOf(offsetOf(document, path, isKey)),
    }),
  };
}

function describeError({ code, message }: YAMLError): string {
  if (code === "MULTIPLE_DOCS")
    return "A second document begins here. A seed is one document: remove one of them.";
  // The library's message goes on with the place and an excerpt.
  const [summary = message] = message.split(/ at line \d+|:\n/);
  return `This is not valid YAML: ${summary}.`;
}

/** @throws {SeedError} if aliases expand without end, or an anchor is used within itself */
function toPlain(document: Document, file: string): unknown {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return value;
  } catch {
    const message = "An anchor is used within itself, or too often. Write out what it stands for.";
    throw new SeedError([{ code: "invalid-yaml", path: "", message, file, line: 1, column: 1 }]);
  }
}

/** Of the value at the path, or of the nearest thing above it that exists. */
function offsetOf(document: Document, path: Path, isKey: boolean): number {
  let found: unknown = document.contents;
  for (const [index, part] of path.entries()) {
    const collection = isAlias(found) ? found.resolve(document) : found;
    const pair = isMap(collection)
      ? collection.items.find(({ key }) => isNode(key) && key.toJSON() === part)
      : undefined;
    const isLast = index === path.length - 1;
    const next = isSeq(collection) && typeof part === "number" ? collection.items[part] : pair?.value;
    const wanted = isKey && isLast ? pair?.key : next;
    if (!isNode(wanted)) return offsetIn(isNode(pair?.key) ? pair.key : found);
    found = wanted;
  }
  return offsetIn(found);
}

const offsetIn = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
