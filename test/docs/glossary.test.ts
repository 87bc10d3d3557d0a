// The glossary: what makes it one page with one word for each thing.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const product = "packages/customers-as-code/src/*.ts";
const file = "docs/reference/glossary.md";
const rows = readFileSync(file, "utf8")
  .split("\n")
  .slice(1)
  .filter((line) => /^\| [^-]/.test(line))
  .slice(1);
const terms = rows.map((row) => row.split("|")[1]?.trim() ?? "");

test("the glossary has each term once, in alphabetical order", () => {
  const sorted = [...terms].sort((one, other) => one.localeCompare(other, "en"));
  expect(terms).toEqual(sorted);
  expect(new Set(terms).size).toBe(terms.length);
});

test("the glossary explains only words that other pages, or the product, use", () => {
  const pages = execFileSync("git", ["ls-files", "--cached", "--others", "README.md", "docs/*.md", product], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((page) => page !== "" && page !== file)
    .map((page) => readFileSync(page, "utf8").toLowerCase());
  expect(terms.filter((term) => !pages.some((page) => page.includes(term.toLowerCase())))).toEqual([]);
});
