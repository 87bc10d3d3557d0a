// The published codes of problems, held together with the page about them and with the code that reports them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ProblemDescription, problemCodes } from "../../src/problems/codes";

const page = readFileSync("docs/reference/problems.md", "utf8");
const src = join(__dirname, "../../src");
const all = Object.values(problemCodes).flatMap((area) => Object.entries<ProblemDescription>(area));

test("docs/reference/problems.md has exactly the codes, each with its meaning and its remedy", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toEqual(all.map(([code, { meaning, remedy }]) => `| \`${code}\` | ${meaning} | ${remedy} |`));
});

test("docs/reference/problems.md has a section for each area", () => {
  const sections = page.split("\n## ").slice(1);
  const codes = sections.map((section) => [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, code]) => code));
  expect(codes).toEqual(Object.values(problemCodes).map((area) => Object.keys(area)));
});

test("a code is in kebab case, and of one area only", () => {
  const codes = all.map(([code]) => code);
  expect(codes.filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(code))).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
});

test("every code is reported somewhere", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".ts") && file !== join("problems", "codes.ts"))
    .map((file) => readFileSync(join(src, file), "utf8"));
  expect(all.flatMap(([code]) => (texts.some((text) => text.includes(`"${code}"`)) ? [] : [code]))).toEqual(
    [],
  );
});

test("every area has a golden file with the wording of its problems", () => {
  const files = readdirSync(join(__dirname, ".."), { recursive: true, encoding: "utf8" });
  const areas = files.flatMap((file) => /(?:^|\/)__golden__\/(.+)\.txt$/.exec(file)?.[1] ?? []);
  expect(areas.sort()).toEqual(Object.keys(problemCodes).sort());
});

test("no decision goes by the wording of a problem", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const branch =
    /\b(problem|other|issue|fault)\.message\s*(\.(includes|startsWith|endsWith|match)\(|[!=]==)|\.test\((problem\.|issue\.)?message\)/;
  const found = files.filter((file) => branch.test(readFileSync(join(src, file), "utf8")));
  // The engine's own diagnostics, which have no code.
  expect(found).toEqual([join("stacks", "plan.ts")]);
});
