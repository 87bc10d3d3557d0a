// Characters that a reviewer cannot see, or that make a line look different from what a machine reads.

/**
 * Control characters; what Unicode has programs show as nothing, the bidirectional controls of "Trojan Source" among it
 * (https://trojansource.codes, https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point); other format characters, line and
 * paragraph separators; halves of characters; and the blank Braille pattern, which is no space to any program.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const hiddenButLayout = new RegExp(`(?![\\t\\r\\n])${hidden.source}`, "u");

/** The first such character in a string. Line breaks and tabs count too, unless `layout` is true. */
export function findHidden(
  text: string,
  { layout }: { layout: boolean },
): { index: number; name: string } | undefined {
  const found = (layout ? hiddenButLayout : hidden).exec(text);
  return found ? { index: found.index, name: nameOf(found[0]) } : undefined;
}

/** Such as `U+202E`, by which it can be looked up. */
function nameOf(character: string): string {
  if (character === "\t") return "U+0009, a tab";
  if (character === "\n" || character === "\r") return "U+000A, a line break";
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
