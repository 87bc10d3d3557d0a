// What nobody can deploy: one row for each change, from files and the last deployment to the guard that refuses it.
import { readFileSync } from "node:fs";
import { refusalsOf } from "./refusals";
import { deploymentRows } from "./refused-deployments";
import { fileAndSettingRows } from "./refused-files";
import { reviewRows } from "./refused-reviews";

const rows = [...deploymentRows, ...fileAndSettingRows, ...reviewRows];

test.each(rows.map((row) => [row.what, row] as const))("refuses %s", async (_, row) => {
  const refusals = await refusalsOf(row);
  const found = refusals.filter(
    ({ guard, message }) => guard === row.guard && row.says.every((part) => message.includes(part)),
  );
  expect({ refusals, found: found.length > 0 }).toEqual({ refusals, found: true });
});

test("refuses nothing of a company that stays as it is", async () => {
  expect(await refusalsOf({ edit: () => undefined })).toEqual([]);
});

test("has a row for each guard of docs/explanation/ci.md, and 120 or more in all", () => {
  const page = readFileSync("docs/explanation/ci.md", "utf8");
  const [, table = ""] = /\n\| guard \|.*\n\|[-|]+\n((?:\|.*\n)+)/.exec(page) ?? [];
  const guards = [...table.matchAll(/^\| `?([^|`]+?)`? \|/gm)].map(([, guard]) => guard);
  expect(guards.length).toBeGreaterThan(12);
  expect(guards.filter((name) => !rows.some(({ guard }) => guard === name))).toEqual([]);
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThanOrEqual(120);
});
