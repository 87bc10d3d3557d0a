import { escapeUnprintable } from "../../src/review/guards/printable";
import { PrefixedLines } from "../../src/stacks/prefixed-lines";

test("each line has the prefix once, however the text arrives", () => {
  let written = "";
  const lines = new PrefixedLines((line) => (written += line), "[dev] ");
  for (const piece of ["a", "b\n", "c", "d\n", "\n", "e"]) lines.push(piece);
  expect(written).toBe("[dev] ab\n[dev] cd\n\n");
  lines.end();
  expect(written).toBe("[dev] ab\n[dev] cd\n\n[dev] e");
});

test("what is invisible in a name is shown", () => {
  expect(escapeUnprintable("a\nb\u202ec\u200bd\u0007é")).toBe("a\\u{a}b\\u{202e}c\\u{200b}d\\u{7}é");
});
