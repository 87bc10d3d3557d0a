// Whether an IAM pattern can match a request of a route.

/**
 * @param pattern IAM's: `*` is any text, slashes too
 * @param template a route's: `+` is a text without slash, `*` any text; neither is empty
 */
export function intersects(pattern: string, template: string): boolean {
  const width = template.length + 1;
  // States of both read side by side; `entered` says that a + or * of the template has had its first character.
  const seen = new Uint8Array((pattern.length + 1) * width * 2);
  const visit = (i: number, j: number, entered: boolean): boolean => {
    const state = (i * width + j) * 2 + Number(entered);
    if (seen[state] === 1) return false;
    seen[state] = 1;
    if (entered && visit(i, j + 1, false)) return true;
    const a = pattern[i];
    const b = template[j];
    const isOpen = b === "+" || b === "*";
    if (a === undefined) return b === undefined;
    if (a === "*") {
      if (visit(i + 1, j, entered)) return true;
      return b !== undefined && (isOpen ? visit(i, j, true) : visit(i, j + 1, false));
    }
    if (b === undefined) return false;
    if (!isOpen) return a === b && visit(i + 1, j + 1, false);
    return (b === "*" || a !== "/") && visit(i + 1, j, true);
  };
  return visit(0, 0, false);
}
