// What fits into a comment or an issue of GitHub: pure functions.

/** GitHub takes no more characters in either: https://github.com/orgs/community/discussions/41331 */
export const mostCharacters = 65_536;

/** The first items that have room, each whole, since a part of one may not be well-formed; then how many more there are. */
export function takeFitting(
  items: readonly string[],
  room: number,
  more = "more, see the run's log",
): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const item of items) {
    // With what joins them.
    length += item.length + 3;
    if (length > room) return [...shown, `… ${items.length - shown.length} ${more}`];
    shown.push(item);
  }
  return shown;
}

/** Lines of a text that is shown as it is: of one that has no room by itself, there is its beginning. */
export function fittingLines(text: string, room: number): string {
  const most = Math.floor(room / 4);
  const lines = text.split("\n").map((line) => (line.length > most ? `${line.slice(0, most)}…` : line));
  return takeFitting(lines, room, "more lines, see the run's log").join("\n");
}
