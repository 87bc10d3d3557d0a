// docs/explanation/comparison.md: fair by form. Each product has a reason to choose it, and each of its claims a source.
import { readFileSync } from "node:fs";

const page = readFileSync("docs/explanation/comparison.md", "utf8");
const table = page.split("\n").filter((line) => line.startsWith("| "));
const cellsOf = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const [header = "", ...rows] = table;

test("every other product has a section with a source and a reason to choose it", () => {
  const sections = page.split(/^## /m).slice(2, -1);
  expect(sections.map((section) => section.split("\n")[0])).toEqual([
    "Terraform's provider and a module",
    "auth0-deploy-cli",
    "Kong",
    "Zuplo",
  ]);
  for (const section of sections) {
    expect(section).toMatch(/\]\(https:/);
    expect(section).toContain("**Choose it if**");
  }
});

test("the table says something about each product in each row, with a source for each product", () => {
  const products = cellsOf(header).slice(1);
  expect(products).toHaveLength(5);
  for (const row of rows) expect([row, cellsOf(row).length]).toEqual([row, 6]);
  for (const [index] of products.entries()) {
    const sources = rows.filter((row) => /\]\(/.test(cellsOf(row)[index + 1] ?? ""));
    expect(sources.length).toBeGreaterThan(0);
  }
});

test("it says when this was looked up, and what this project has not shown", () => {
  expect(page).toMatch(/as of [A-Z][a-z]+ \d{4}/);
  expect(page).toContain("nothing has run against real accounts");
});
