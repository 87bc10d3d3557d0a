// Markdown of the generated sections.
import { posix } from "node:path";

/** @param rows cells as Markdown; those that are undefined stay empty */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  const line = (cells: readonly (string | undefined)[]) =>
    `| ${cells.map((cell = "") => escapeCell(cell)).join(" | ")} |`;
  return [line(header), `|${header.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

/** A string without line breaks, as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/**
 * A description of the program, with a link wherever it names a page.
 * @param from the page that has the description, such as "docs/reference/settings.md"
 */
export function linkPages(description: string, from: string): string {
  return description.replaceAll(
    /\b(docs\/[\w/-]+\.md)(#[\w-]+)?/g,
    (_, page: string, anchor = "") =>
      `[${posix.basename(page)}](${posix.relative(posix.dirname(from), page)}${anchor})`,
  );
}
