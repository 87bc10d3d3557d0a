// Every command of README and docs is run by test/e2e/copied-commands.test.ts, or listed there with the reason why not.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isNotRun, notRun } from "./commands/not-run";
import { normalize, readPage, readPages, root } from "./commands/read-commands";
import { scenarios } from "./commands/scenarios";

const pages = readPages();

test("every page whose commands are run has a scenario, and every scenario a page", () => {
  const run = pages.filter(({ name, commands }) => commands.some(({ text }) => !isNotRun(name, text)));
  expect(Object.keys(scenarios).sort()).toEqual(run.map(({ name }) => name).sort());
});

test("a block of commands names the language of the shell", () => {
  expect(pages.flatMap(({ path, unmarked }) => unmarked.map(({ line }) => `${path}:${line}`))).toEqual([]);
});

test("every command that is listed as not run is on its page, and is listed once", () => {
  const shown = new Set(
    pages.flatMap(({ name, commands }) =>
      ["*", ...commands.map(({ text }) => text)].map((text) => `${name}: ${text}`),
    ),
  );
  const listed = notRun.map(({ page, command }) => `${page}: ${command}`);
  expect(listed.filter((row) => !shown.has(row))).toEqual([]);
  expect(listed.filter((row, index) => listed.indexOf(row) !== index)).toEqual([]);
});

test("every reason says what is missing, and the tests that it names exist", () => {
  for (const { command, reason } of notRun) {
    expect({ command, words: reason.split(" ").length > 3 }).toEqual({ command, words: true });
    const named = reason.match(/\btest\/[\w/-]+\.test\.ts/g) ?? [];
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  }
});

test("what a scenario prepares is for a command that its page shows and that is run", () => {
  for (const [name, { before = {}, serves = {} }] of Object.entries(scenarios)) {
    const run = pages.filter((page) => page.name === name).flatMap(({ commands }) => commands);
    const texts = run.map(({ text }) => text).filter((text) => !isNotRun(name, text));
    const unknown = [...Object.keys(before), ...Object.keys(serves)].filter((text) => !texts.includes(text));
    expect({ name, unknown }).toEqual({ name, unknown: [] });
  }
});

test("every output that is shown belongs to a command of its page that is run", () => {
  const unknown = pages.flatMap(({ name, commands, outputs }) =>
    outputs.filter(({ of }) => !commands.some(({ text }) => outputsOf(text) === of && !isNotRun(name, text))),
  );
  expect(unknown).toEqual([]);
});

/** `npm ci && npm start` shows what `npm start` prints. */
const outputsOf = (text: string) => text.replace(/^npm ci && /, "");

test("commands are read from shell blocks, in lists too, line by line, and outputs by the comment before them", () => {
  const page = readPage(
    "docs/how-to/page.md",
    [
      "1. Do this:",
      "   ```sh",
      "   # First of all",
      "   one --two   # a comment",
      "   three \\",
      "     four",
      "   ```",
      "",
      "<!-- output of: one --two -->",
      "",
      "```",
      "done 0.3 s",
      "```",
      "```",
      "not a command",
      "```",
      "```yaml",
      "key: value",
      "```",
      "```bash",
      "five 'a # b'",
      "```",
      "```sh run",
      "which npm run test:readme runs",
      "```",
      "```",
      "npx customers list",
      "```",
    ].join("\n"),
  );
  expect(page).toEqual({
    name: "page.md",
    path: "docs/how-to/page.md",
    commands: [
      { text: "one --two", line: 4 },
      { text: "three \\\n  four", line: 5 },
      { text: "five 'a # b'", line: 21 },
    ],
    outputs: [{ of: "one --two", lines: ["done 0.3 s"], line: 12 }],
    unmarked: [{ text: "npx customers list", line: 27 }],
  });
  expect(normalize("done 0.3 s\n")).toEqual(["done", ""]);
});
