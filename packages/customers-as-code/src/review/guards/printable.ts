// Names from a pull request, such as paths, in a line for people.

/** In one line, with the characters escaped that are invisible, change the direction or begin another line. */
export function escapeUnprintable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return `\\u{${point.toString(16)}}`;
  });
}
