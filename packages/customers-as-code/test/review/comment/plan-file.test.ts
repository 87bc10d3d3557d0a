import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPreviewed, writePreviewed } from "../../../src/review/comment/plan-file";
import { customer, plan } from "../../../testing/preview-events";

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
    ["no JSON", () => writeFileSync(file, "secret"), /not as customers preview writes it/],
    ["a list", () => writeFileSync(file, "[]"), /not as customers preview writes it/],
    [
      "steps of another kind",
      () => writeFileSync(file, JSON.stringify({ ...found, main: { ...found.main, steps: ["secret"] } })),
      /not as customers preview/,
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
