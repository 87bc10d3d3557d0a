// Texts of other people in GitHub's Markdown: nothing in a customer's name may format, link, mention or break out.

/**
 * Characters that nobody sees, or that reorder what is seen: a name could pass for another with them. Control and format characters
 * (Unicode's Cc and Cf, with the bidirectional ones of CVE-2021-42574), line and paragraph separators, characters that nobody has
 * assigned, those that Unicode has programs leave out (Default_Ignorable_Code_Point), the blank of Braille, and every space but U+0020.
 */
const unseen =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]|(?! )\p{Zs}/gu;
/** Spaces that Markdown drops or joins. */
const lostSpaces = /^ +| +$|(?<= ) +/g;

/** The string with every character that is not seen as `⟨U+202E⟩`. */
export function showInvisible(text: string): string {
  return text.replaceAll(unseen, mark).replaceAll(lostSpaces, (spaces) => [...spaces].map(mark).join(""));
}

function mark(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return `⟨U+${point.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** A message in a line. */
export function plainText(text: string): string {
  return (
    text
      .replaceAll(/[ \t\r\n]+/g, " ")
      .replaceAll(unseen, mark)
      // Within the mark of an unseen character, nothing is a list or a sum.
      .replaceAll(/[\\`*_{}[\]()!|~&-]|(?<!⟨U)\+/g, "\\$&")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      // A mention notifies its bearer, a number links to an issue, an address to its page: an empty comment prevents it.
      .replaceAll(/[@#]/g, "$&<!-- -->")
      .replaceAll("://", ":<!-- -->//")
      .replaceAll("www.", "www<!-- -->.")
  );
}

/** A name. */
export function emphasis(text: string): string {
  return `*${plainText(showInvisible(text))}*`;
}

/** Code in a line. */
export function inlineCode(text: string): string {
  const flat = showInvisible(text);
  const fence = "`".repeat(longestRun(flat) + 1);
  return flat.includes("`") ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`;
}

/** Lines of code. */
export function codeBlock(text: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  const lines = text.split("\n").map((line) => line.replaceAll("\t", "  ").replaceAll(unseen, mark));
  return `${fence}${language}\n${lines.join("\n")}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
