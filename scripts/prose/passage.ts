// What the checker of the words reads: prose, with the place of every part in its file.

/** Prose that belongs together: a paragraph, a cell of a table, a comment, a string. */
export interface Passage {
  kind: "docs" | "comment" | "string";
  /** Joined without separators, they are the prose. */
  parts: readonly Part[];
}

export interface Part {
  text: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** What stands for code, a link's address or a value within prose: a word that no rule is about. */
export const placeholder = "CODE";

/** The prose as one string. */
export function joinParts({ parts }: Passage): string {
  return parts.map(({ text }) => text).join("");
}

/** Where a character of the joined prose is in its file. */
export function locate({ parts }: Passage, index: number): { line: number; column: number } {
  let rest = index;
  for (const { text, line, column } of parts) {
    if (rest < text.length) return { line, column: column + rest };
    rest -= text.length;
  }
  return { line: parts[0]?.line ?? 1, column: parts[0]?.column ?? 1 };
}
