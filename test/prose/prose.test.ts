// The checker of the words, on samples. `npm run prose` runs it on the repository.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPassage } from "../../scripts/prose/check-passage";
import { readMarkdown } from "../../scripts/prose/read-markdown";
import { readTypeScript } from "../../scripts/prose/read-typescript";

function checkMarkdown(text: string): string[] {
  return readMarkdown(text).flatMap(checkPassage).map(show);
}

function checkTypeScript(text: string, file = "sample.ts"): string[] {
  return readTypeScript(file, text).flatMap(checkPassage).map(show);
}

function show({ line, column, message }: { line: number; column: number; message: string }): string {
  return `${line}:${column}  ${message}`;
}

describe("A page of the docs", () => {
  test.each([
    ["a paragraph", "One line,\nand Pulumi is told.\n", '2:15  "told": write '],
    ["a heading", "# What to mend\n", '1:11  "mend": write '],
    ["an item of a list", "- a\n- It has none.\n", '2:6  "has none": write '],
    ["a cell of a table", "| a | b |\n|---|---|\n| x | is to be set |\n", '3:7  "is to be": write '],
    ["a phrase that a line ends in", "It asks once\nmore.\n", '1:9  "once more": write '],
    ["a link", "See [what it tells](a.md).\n", '1:14  "tells": write '],
    ["a phrase in capitals", "Mend it.\n", '1:1  "Mend": write '],
    ["a page with front matter", "---\ntitle: x\n---\n\nTold.\n", '5:1  "Told": write '],
    [
      "a passive sentence with an actor",
      "It is refused by the engine.\n",
      '1:4  "is refused by the": write ',
    ],
  ])("has its words checked in %s.", (_, page, start) => {
    expect(checkMarkdown(page)).toEqual([expect.stringContaining(start)]);
  });

  test.each([
    ["code", "Run `npm run tell`.\n"],
    ["a code block", "```sh\nnpm run tell\n```\n"],
    ["a link's address", "[a](https://example.com/told)\n"],
    ["a longer word", "A teller tells-all amended it.\n"],
    ["a comment", "<!-- told -->\n"],
  ])("may have any word in %s.", (_, page) => {
    expect(checkMarkdown(page)).toEqual([]);
  });

  test("has sentences of at most 35 words, in which code is one.", () => {
    const words = (count: number) => `Word${" word".repeat(count - 1)}`;
    expect(checkMarkdown(`Short.\n${words(34)} \`a b c\`. ${words(35)}; ${words(35)}.\n`)).toEqual([]);
    expect(checkMarkdown(`Short. ${words(36)}.\n`)).toEqual([
      "1:8  A sentence of 36 words: split it, 35 is the most.",
    ]);
  });
});

describe("A source", () => {
  test.each([
    ["a string", 'fail("It is told.");\n', '1:13  "told": write '],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source has it.
    ["a template, around its values", "fail(`${a} is told, ${b}.`);\n", '1:15  "told": write '],
    ["strings that are joined", 'fail("It asks once " +\n  "more.");\n', '1:15  "once more": write '],
    ["one of joined strings", 'fail("It " + a + " is told.");\n', '1:23  "told": write '],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source has it.
    ["a string within a template", 'fail(`${a ? "it is told" : ""} so`);\n', '1:20  "told": write '],
    ["a line comment", "const a = 1;\n// Asks once\n// more.\n", '2:9  "once more": write '],
    ["a comment at the end of a line", "f(\n  1,\n  // It is told.\n);\n", '3:12  "told": write '],
    ["a doc comment", "/**\n * It asks once\n * more.\n */\nconst a = 1;\n", '2:12  "once more": write '],
  ])("has its words checked in %s.", (_, source, start) => {
    expect(checkTypeScript(source)).toEqual([expect.stringContaining(start)]);
  });

  test.each([
    ["the name of something", "const told = tell.tells;\n"],
    ["a string of one word", 'const a = { told: "told" };\n'],
    ["the name of a module", 'import a from "tell a/b";\n'],
    ["code within a comment", "// Reads `told`.\nconst a = 1;\n"],
  ])("may have any word in %s.", (_, source) => {
    expect(checkTypeScript(source)).toEqual([]);
  });

  test("has only its names of tests checked if it is a test.", () => {
    const source = 'test("it is told", () => {\n  expect(a).toBe("it is told");\n});\n';
    expect(checkTypeScript(source, "a.test.ts")).toEqual([expect.stringContaining('1:13  "told": write ')]);
  });
});

test("The command names the place of each finding, and ends with 1 if there are any.", () => {
  const folder = mkdtempSync(join(tmpdir(), "prose-"));
  try {
    const bad = join(folder, "bad.md");
    const good = join(folder, "good.md");
    writeFileSync(bad, "It is told.\n");
    writeFileSync(good, "It works.\n");
    const run = (file: string) =>
      spawnSync("npm", ["run", "--silent", "prose", "--", file], { encoding: "utf8" });
    expect(run(bad)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`${bad}:1:7  "told": write `),
    });
    expect(run(good)).toMatchObject({ status: 0, stdout: "" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
