import fc from "fast-check";
import { codeBlock, emphasis, inlineCode, plainText, showInvisible } from "../../src/review/markdown";

const unseen: [what: string, character: string, shown: string][] = [
  ["right-to-left override", "\u202e", "⟨U+202E⟩"],
  ["isolate", "\u2066", "⟨U+2066⟩"],
  ["right-to-left mark", "\u200f", "⟨U+200F⟩"],
  ["space of no width", "\u200b", "⟨U+200B⟩"],
  ["byte order mark", "\ufeff", "⟨U+FEFF⟩"],
  ["soft hyphen", "\u00ad", "⟨U+00AD⟩"],
  ["space that does not break", "\u00a0", "⟨U+00A0⟩"],
  ["filler of Hangul", "\u3164", "⟨U+3164⟩"],
  ["blank of Braille", "\u2800", "⟨U+2800⟩"],
  ["selector of a variation", "\ufe0f", "⟨U+FE0F⟩"],
  ["tag", "\u{e0041}", "⟨U+E0041⟩"],
  ["separator of lines", "\u2028", "⟨U+2028⟩"],
  ["line's end", "\n", "⟨U+000A⟩"],
  ["escape", "\u001b", "⟨U+001B⟩"],
];

test.each(unseen)("a %s shows", (_, character, shown) => {
  expect(showInvisible(`a${character}b`)).toBe(`a${shown}b`);
  expect(emphasis(`a${character}b`)).toBe(`*a${shown}b*`);
  expect(inlineCode(`a${character}b`)).toBe(`\`a${shown}b\``);
});

test("spaces that Markdown drops show, and others stay", () => {
  expect(showInvisible(" a b  c ")).toBe("⟨U+0020⟩a b ⟨U+0020⟩c⟨U+0020⟩");
});

test("a message and a block of code keep their lines, and show what nobody sees", () => {
  expect(plainText("a\n\u202eb")).toBe("a ⟨U+202E⟩b");
  expect(codeBlock("a\n\u202eb", "diff")).toBe("```diff\na\n⟨U+202E⟩b\n```");
});

test("two strings that differ never show as the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      fc.pre(a !== b && !/[⟨⟩]/.test(a + b));
      expect(inlineCode(a)).not.toBe(inlineCode(b));
    }),
  );
});
