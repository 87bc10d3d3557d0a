// The pull request's comment on a terminal.
import pc from "picocolors";
import { renderForTerminal } from "../../src/pr/render-comment";

const plain = { colors: pc.createColors(false), width: Number.POSITIVE_INFINITY };
const colored = { colors: pc.createColors(true), width: Number.POSITIVE_INFINITY };

const comment = `<!-- customers-as-code: preview of dev -->

### Preview of \`dev\`: customers: 1 added; ⚠️ check 1 first

⚠️ **Check first:**

- **cuts off**: suspends \`globex\` (*Globex \\(EU\\)*): its 2 clients get 403

- **owners**: a\\_b belongs to @<!-- -->example/platform &lt;x&gt;, see https:<!-- -->//example.com

<details><summary>The plan: 1 to create, 1 to delete</summary>

\`\`\`diff
+ auth0:index/client:Client hooli/*shop*
- auth0:index/client:Client initech/default
! a
\`\`\`

</details>

<sub>commit 5d961290a1 · [log](https://github.com/example/customers/actions/runs/1)</sub>
`;

test("the comment reads as plain text, without marks of Markdown or HTML", () => {
  expect(renderForTerminal(comment, plain)).toBe(`Preview of dev: customers: 1 added; ⚠️ check 1 first

⚠️ Check first:

• cuts off: suspends globex (Globex (EU)): its 2 clients get 403

• owners: a_b belongs to @example/platform <x>, see https://example.com

The plan: 1 to create, 1 to delete

  + auth0:index/client:Client hooli/*shop*
  - auth0:index/client:Client initech/default
  ! a

commit 5d961290a1 · log (https://github.com/example/customers/actions/runs/1)`);
});

test("headings, reasons and the plan's lines have colors", () => {
  const { bold, cyan, green, red, yellow } = colored.colors;
  const rendered = renderForTerminal(comment, colored);
  for (const part of [
    bold(`Preview of ${cyan("dev")}: customers: 1 added; ⚠️ check 1 first`),
    `• ${bold("cuts off")}: suspends ${cyan("globex")}`,
    green("+ auth0:index/client:Client hooli/*shop*"),
    red("- auth0:index/client:Client initech/default"),
    yellow("! a"),
  ]) {
    expect(rendered).toContain(part);
  }
});

test("code with backticks in it stays as it is, and nothing in it is Markdown", () => {
  expect(renderForTerminal("- `` a`b *c* \\d ``", plain)).toBe("• a`b *c* \\d");
});

test("a code block ends only with its own fence", () => {
  expect(renderForTerminal("````text\n```\n### no heading\n````\n- item", plain)).toBe(
    "  ```\n  ### no heading\n• item",
  );
});

test("long lines wrap at words, and the lines of an item are indented, whatever the colors are", () => {
  const wrapped = "• one two\n  three\n  four";
  expect(renderForTerminal("- one two three four", { ...plain, width: 9 })).toBe(wrapped);
  const inColors = renderForTerminal("- one **two** three `four`", { ...colored, width: 9 });
  expect(inColors.split("\n")).toHaveLength(3);
});

test("a word that is longer than a line has a line of its own", () => {
  expect(renderForTerminal("a muchlongerword b", { ...plain, width: 5 })).toBe("a\nmuchlongerword\nb");
});
