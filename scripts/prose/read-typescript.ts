// The prose of a TypeScript file: comments, and strings that have a space in them. Of a test's strings, only its name.
import {
  type BinaryExpression,
  createSourceFile,
  forEachChild,
  forEachLeadingCommentRange,
  isBinaryExpression,
  isCallExpression,
  isStringLiteralLike,
  isTemplateExpression,
  type Node,
  ScriptTarget,
  type SourceFile,
  SyntaxKind,
} from "typescript";
import { type Part, type Passage, placeholder } from "./passage";

/** Reads a source, or a test, whose other strings are samples and expectations. */
export function readTypeScript(file: string, text: string): Passage[] {
  const source = createSourceFile(file, text, ScriptTarget.Latest, true);
  return [...readComments(source), ...readStrings(source, /\.test\.ts$/.test(file))];
}

function readComments(source: SourceFile): Passage[] {
  const ranges = new Map<number, number>();
  const visit = (node: Node): void => {
    forEachLeadingCommentRange(source.text, node.pos, (start, end) => {
      ranges.set(start, end);
    });
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  const passages: Part[][] = [];
  let last = { line: -1, column: -1 };
  for (const [start, end] of [...ranges].sort(([one], [other]) => one - other)) {
    const place = source.getLineAndCharacterOfPosition(start);
    const goesOn = place.line === last.line + 1 && place.character === last.column;
    const parts = readCommentLines(source, start, end);
    const previous = passages.at(-1);
    // Line comments below each other are one.
    if (goesOn && previous && source.text.startsWith("//", start)) previous.push(...parts);
    else passages.push(parts);
    last = { line: place.line, column: place.character };
  }
  return passages.flatMap(splitAtBlankLines).map((parts) => ({ kind: "comment", parts }));
}

function readCommentLines(source: SourceFile, start: number, end: number): Part[] {
  let offset = start;
  return source.text
    .slice(start, end)
    .split("\n")
    .map((whole) => {
      const from = offset;
      offset += whole.length + 1;
      const lead = /^\s*(?:\/\/+|\/\*+|\*+(?!\/))?\s?/.exec(whole)?.[0].length ?? 0;
      const words = whole.slice(lead).replace(/\s*\*\/$/, "");
      const { line, character } = source.getLineAndCharacterOfPosition(from + lead);
      // Code keeps its length, and so the place of what follows.
      const prose = words.replace(/`[^`]*`/g, (code) => placeholder.padEnd(code.length, "x"));
      return { text: `${prose} `, line: line + 1, column: character + 1 };
    });
}

function splitAtBlankLines(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [[]];
  for (const part of parts) {
    if (part.text.trim() === "" || part.text.startsWith("@")) groups.push([]);
    groups.at(-1)?.push(part);
  }
  return groups.filter((group) => group.some(({ text }) => text.trim() !== ""));
}

function readStrings(source: SourceFile, isTest: boolean): Passage[] {
  const passages: Passage[] = [];
  const visit = (node: Node): void => {
    if (isImportOrType(node)) return;
    const parts = readString(source, node);
    if (parts) {
      const prose = parts.map(({ text }) => text).join("");
      if (prose.includes(" ") && (!isTest || isTestName(node))) passages.push({ kind: "string", parts });
      findValues(node).forEach(visit);
    } else {
      forEachChild(node, visit);
    }
  };
  visit(source);
  return passages;
}

function isImportOrType({ kind }: Node): boolean {
  return [SyntaxKind.ImportDeclaration, SyntaxKind.ExportDeclaration, SyntaxKind.LiteralType].includes(kind);
}

function isTestName(node: Node): boolean {
  const { parent } = node;
  return (
    isCallExpression(parent) &&
    parent.arguments[0] === node &&
    /^(describe|it|test)\b/.test(parent.expression.getText())
  );
}

/** What a template or joined strings have between them, which may hold strings of their own. */
function findValues(node: Node): Node[] {
  if (isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => expression);
  if (isJoined(node))
    return [node.left, node.right].flatMap((side) => (isString(side) ? findValues(side) : [side]));
  return [];
}

function isString(node: Node): boolean {
  return isStringLiteralLike(node) || isTemplateExpression(node) || isJoined(node);
}

function isJoined(node: Node): node is BinaryExpression {
  return isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.PlusToken;
}

/** A string, a template, or several joined by `+`; undefined for anything else, and for a part of one that is joined. */
function readString(source: SourceFile, node: Node): Part[] | undefined {
  const part = (text: string, at: number): Part => {
    const { line, character } = source.getLineAndCharacterOfPosition(at);
    return { text, line: line + 1, column: character + 1 };
  };
  if (isStringLiteralLike(node)) return [part(node.text, node.getStart(source) + 1)];
  if (isTemplateExpression(node)) {
    return [
      part(node.head.text, node.head.getStart(source) + 1),
      ...node.templateSpans.flatMap(({ expression, literal }) => [
        part(placeholder, expression.getStart(source)),
        part(literal.text, literal.getStart(source) + 1),
      ]),
    ];
  }
  if (isJoined(node)) {
    const left = readString(source, node.left);
    const right = readString(source, node.right);
    if (left || right) {
      return [
        ...(left ?? [part(placeholder, node.left.getStart(source))]),
        ...(right ?? [part(placeholder, node.right.getStart(source))]),
      ];
    }
  }
  return undefined;
}
