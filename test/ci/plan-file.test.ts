import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPreviewed, writePreviewed } from "../../ci/plan-file";
import { PlainLines, printable, withoutCommands } from "../../ci/workflow-commands";
import { customer, plan } from "./plans";

const folder = mkdtempSync(join(tmpdir(), "plan-"));
const file = join(folder, "plan.json");
afterAll(() => rmSync(folder, { recursive: true }));

const found = {
  main: plan(
    customer("acme", {
      before: "active",
      displayName: "Acme",
      clients: { ci: [["read:orders"], undefined] },
    }),
  ),
  others: [],
  shards: { number: 2, concerned: ["dev-shard-1"] },
};
const { stack } = found.main;

test("a plan is read as it was written", () => {
  writePreviewed(file, found);
  expect(readPreviewed(file, stack)).toEqual(JSON.parse(JSON.stringify(found)));
});

describe("what is no plan refuses the pull request, and nothing of it is shown", () => {
  const wrong: [what: string, write: () => void, words: RegExp][] = [
    ["nothing", () => undefined, /^There is no plan/],
    ["no JSON", () => writeFileSync(file, "secret"), /not as ci:preview writes it/],
    ["a list", () => writeFileSync(file, "[]"), /not as ci:preview writes it/],
    [
      "steps of another kind",
      () => writeFileSync(file, JSON.stringify({ ...found, main: { ...found.main, steps: ["secret"] } })),
      /not as ci:preview/,
    ],
    [
      "another stack's plan",
      () => writePreviewed(file, { ...found, main: { ...found.main, stack: "secret" } }),
      /^The plan is not of /,
    ],
    ["a link", () => symlinkSync("/etc/passwd", file), /^The plan is no file/],
  ];
  test.each(wrong)("%s", (_, write, words) => {
    rmSync(file, { force: true });
    write();
    const { main, others } = readPreviewed(file, stack);
    expect({ ...main, others }).toMatchObject({ stack, steps: [], violations: [], others: [] });
    expect(main.errors).toEqual([expect.stringMatching(words)]);
    expect(main.errors.join()).not.toMatch(/secret|root/);
  });
});

describe("a line of a log", () => {
  test.each([
    ["::set-output name=x::y", ": :set-output name=x::y"],
    ["a\n  ::error::x\nb", "a\n  : :error::x\nb"],
    ["say ##[add-mask]x", "say ## [add-mask]x"],
    ["a::b", "a::b"],
  ])("is no command to the runner: %j", (text, expected) => {
    expect(withoutCommands(text)).toBe(expected);
  });

  test("is none either if it arrives in pieces, and has its prefix once", () => {
    let written = "";
    const lines = new PlainLines((line) => (written += line), "[dev] ");
    for (const piece of ["a", "b\n", ":", ":error::x", "\n\n::", "warning::y"]) lines.push(piece);
    expect(written).toBe("[dev] ab\n[dev] : :error::x\n\n");
    lines.end();
    expect(written).toBe("[dev] ab\n[dev] : :error::x\n\n[dev] : :warning::y");
  });

  test("shows what is invisible in a name", () => {
    expect(printable("a\nb\u202ec\u200bd\u0007é")).toBe("a\\u{a}b\\u{202e}c\\u{200b}d\\u{7}é");
  });
});
