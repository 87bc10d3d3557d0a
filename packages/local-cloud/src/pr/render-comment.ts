// The pull request's comment on a terminal: a pure function from the Markdown that the product writes.
import { stripVTControlCharacters } from "node:util";
import type { Colors } from "picocolors/types";

interface Page {
  colors: Colors;
  /** Where lines wrap; Infinity if they don't. */
  width: number;
}

/** What is folded on GitHub is unfolded here. */
export function renderForTerminal(markdown: string, page: Page): string {
  const { colors } = page;
  const lines: string[] = [];
  let fence = "";
  for (const line of markdown.split("\n")) {
    const [, mark = ""] = /^(`{3,})/.exec(line) ?? [];
    if (fence !== "") {
      if (line === fence) fence = "";
      else lines.push(`  ${colorDifference(line, colors)}`);
    } else if (mark !== "") fence = mark;
    else lines.push(...renderLine(line, page));
  }
  // Folded parts and marks leave blank lines around them.
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
}

function renderLine(line: string, page: Page): string[] {
  const { colors } = page;
  const [, heading] = /^#{1,6} (.*)$/.exec(line) ?? [];
  if (heading !== undefined) return wrap(colors.bold(renderInline(heading, colors)), "", "", page);
  const [, summary] = /^<details><summary>(.*)<\/summary>$/.exec(line) ?? [];
  if (summary !== undefined) return [colors.bold(renderInline(summary, colors))];
  const [, small] = /^<sub>(.*)<\/sub>$/.exec(line) ?? [];
  if (small !== undefined) return [colors.dim(renderInline(small, colors))];
  if (/^(<!--.*-->|<\/details>)$/.test(line)) return [];
  const [, item] = /^- (.*)$/.exec(line) ?? [];
  if (item !== undefined) return wrap(renderInline(item, colors), "• ", "  ", page);
  return wrap(renderInline(line, colors), "", "", page);
}

const inline = new RegExp(
  [
    /<!--.*?-->/,
    /(?<ticks>`+)(?<code>.+?)(?<!`)\k<ticks>(?!`)/,
    /\*\*(?<strong>(?:\\.|[^*\\])+)\*\*/,
    /\*(?<emphasis>(?:\\.|[^*\\])+)\*/,
    /\[(?<label>(?:\\.|[^\]\\])*)\]\((?<address>[^)]*)\)/,
    /\\(?<escaped>.)/,
    /&(?<entity>lt|gt|amp);/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

function renderInline(text: string, colors: Colors): string {
  return text.replace(inline, (...found) => {
    const { code, strong, emphasis, label, address, escaped, entity }: Record<string, string | undefined> =
      found.at(-1);
    // A code that has a backtick itself stands between spaces.
    if (code !== undefined) return colors.cyan(code.replace(/^ (.*) $/, "$1"));
    if (strong !== undefined) return colors.bold(renderInline(strong, colors));
    if (emphasis !== undefined) return colors.italic(renderInline(emphasis, colors));
    if (label !== undefined) return `${renderInline(label, colors)} (${address})`;
    if (entity !== undefined) return entities[entity] ?? "";
    return escaped ?? "";
  });
}

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&" };

function colorDifference(line: string, colors: Colors): string {
  if (line.startsWith("+")) return colors.green(line);
  if (line.startsWith("-")) return colors.red(line);
  return line.startsWith("!") ? colors.yellow(line) : line;
}

function wrap(text: string, first: string, next: string, { width }: Page): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (isEmpty || stripVTControlCharacters(longer).length <= width) line = longer;
    else {
      lines.push(line);
      line = `${next}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line];
}
