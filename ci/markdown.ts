// Texts of other people in GitHub's Markdown: nothing in a customer's name may format, link, mention or break out.

/** As it stands, in a line of text. */
export function plainText(text: string): string {
  return (
    text
      .replaceAll(/\s+/g, " ")
      .replaceAll(/[\\`*_{}[\]()+!|~&-]/g, "\\$&")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      // A mention tells its bearer, a number links to an issue, an address to its page: an empty comment prevents it.
      .replaceAll(/[@#]/g, "$&<!-- -->")
      .replaceAll("://", ":<!-- -->//")
      .replaceAll("www.", "www<!-- -->.")
  );
}

export function emphasis(text: string): string {
  return `*${plainText(text)}*`;
}

/** Code in a line. */
export function code(text: string): string {
  const flat = text.replaceAll(/\s+/g, " ");
  const fence = "`".repeat(longestRun(flat) + 1);
  return flat.includes("`") ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`;
}

/** Lines of code. */
export function codeBlock(text: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
