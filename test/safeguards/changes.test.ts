// Whoever reviews a pull request sees each change that it makes: one row for each, from files to the comment.
import { compareDeclared } from "../../packages/customers-as-code/src/review/changes/compare";
import { renderComment } from "../../packages/customers-as-code/src/review/comment/comment-text";
import { checkReviewable } from "../../packages/customers-as-code/src/review/comment/grave-changes";
import { settingsSchema } from "../../packages/customers-as-code/src/settings/settings";
import { plan } from "../../packages/customers-as-code/testing/preview-events";
import { company, declaredBy } from "../support/company";
import { customerRows } from "./customers";
import { documentRows, fileRows } from "./rest";
import type { Row } from "./row";
import { settingRows } from "./settings";

const rows = [...settingRows, ...customerRows, ...documentRows, ...fileRows];

function commentOf({ before, edit }: Row): string {
  const [base, head] = [company(), company()];
  before?.(base);
  before?.(head);
  edit(head);
  const changes = compareDeclared(declaredBy(base), declaredBy(head));
  return renderComment({ plan: plan(), refusals: checkReviewable(changes), lastSeen: {}, changes });
}

test.each(rows.map((row) => [row.what, row] as const))("reports %s", (_, row) => {
  const text = commentOf(row);
  const isMarked = (line: string) => /^- \*\*[a-z ]+\*\*: /.test(line);
  const first = text.split("\n").slice(0, 40);
  const found = text.split("\n").filter((line) => row.says.every((part) => line.includes(part)));
  expect({ text, found: found.length > 0 }).toEqual({ text, found: true });
  const isGrave = found.some((line) => first.includes(line) && isMarked(line));
  expect({ text, isGrave }).toEqual({ text, isGrave: row.verdict === "grave" });
  expect(text).not.toContain("nothing changes");
});

test("there are rows for every setting, and 120 or more in all", () => {
  const edited = settingRows.map(({ says }) => says.join(" ")).join(" ");
  const settings = [...Object.keys(settingsSchema.shape)];
  expect(settings.filter((key) => !new RegExp(`\`${key}[\`.]`).test(edited))).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(120);
});

test("the company of the rows can be read as a whole, and does not differ from itself", () => {
  const declared = declaredBy(company());
  expect(declared.unreadable).toEqual([]);
  expect(compareDeclared(declared, declaredBy(company()))).toEqual([]);
});
