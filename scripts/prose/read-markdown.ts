// The prose of a Markdown file: paragraphs, headings, items and cells, without code blocks and HTML.
import MarkdownIt from "markdown-it";
import { type Part, type Passage, placeholder } from "./passage";

const parser = new MarkdownIt({ html: true });

/** Reads a page of the docs. Code within a sentence counts as one word. */
export function readMarkdown(source: string): Passage[] {
  const lines = source.split("\n");
  // Front matter keeps its lines, so that the places stay right.
  const body = source.replace(/^---\n.*?\n---\n/s, (matter) => matter.replace(/[^\n]/g, ""));
  let line = 1;
  return parser.parse(body, {}).flatMap((token) => {
    if (token.map) line = token.map[0] + 1;
    if (token.type !== "inline") return [];
    return [{ kind: "docs" as const, parts: readInline(token.children ?? [], line, lines) }];
  });
}

function readInline(
  tokens: readonly { type: string; content: string }[],
  first: number,
  lines: readonly string[],
): Part[] {
  let line = first;
  let column = 1;
  return tokens.flatMap(({ type, content }) => {
    if (type === "softbreak" || type === "hardbreak") {
      const part = { text: " ", line, column };
      line += 1;
      column = 1;
      return [part];
    }
    if (type === "text") {
      // Markdown's escapes have no place of their own; a line's beginning is near enough for them.
      const found = (lines[line - 1] ?? "").indexOf(content, column - 1);
      if (found >= 0) column = found + 1;
      const part = { text: content, line, column };
      column += found >= 0 ? content.length : 0;
      return [part];
    }
    return type === "code_inline" || type === "image" ? [{ text: placeholder, line, column }] : [];
  });
}
