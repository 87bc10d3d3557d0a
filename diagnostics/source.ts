// A YAML or JSON file together with the place of everything in it.
import { isMap, isNode, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { Problem } from "./problem";

export interface Place {
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
}

export interface Source {
  /** The file as plain data; undefined where it is not valid YAML. */
  value: unknown;
  /** Syntax errors and duplicate keys. */
  problems: Problem[];
  /** Place of the value at a path, or of the nearest thing above it that exists. */
  at(path: readonly PropertyKey[]): Place;
  /** Place of a key in the map at a path. */
  atKey(path: readonly PropertyKey[], key: string): Place;
}

/**
 * Parses YAML 1.2, of which JSON is a part. Never throws.
 * @param file path of the file as it is to show in problems
 */
export function parseSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const placeOf = (node: unknown): Place => placeAt(isNode(node) ? (node.range?.[0] ?? 0) : 0);
  const nodeAt = (path: readonly PropertyKey[]): unknown => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node)) return node;
    }
    return document.contents;
  };
  const problems: Problem[] = document.errors.map((error) => {
    // The library's message goes on with the place and an excerpt.
    const [summary = error.code] = error.message.split(/ at line \d+|:\n/);
    return { ...placeAt(error.pos[0]), message: `is not valid YAML: ${summary}` };
  });
  const value = problems.length === 0 ? toPlain(document.toJS.bind(document), file, problems) : undefined;
  return {
    value,
    problems,
    at: (path) => placeOf(nodeAt(path)),
    atKey: (path, key) => {
      const map = path.length === 0 ? document.contents : document.getIn(path, true);
      if (!isMap(map)) return placeOf(nodeAt(path));
      return placeOf(keyNode(map, key) ?? map);
    },
  };
}

/** Aliases that expand without end are found only while converting. */
function toPlain(convert: () => unknown, file: string, problems: Problem[]): unknown {
  try {
    return convert();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ file, line: 1, column: 1, message: `is not valid YAML: ${reason}` });
    return undefined;
  }
}

function keyNode(map: YAMLMap, key: string): unknown {
  return map.items.find((item) => isNode(item.key) && item.key.toJSON() === key)?.key;
}
