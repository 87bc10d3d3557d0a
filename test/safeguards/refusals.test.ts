// What nobody can deploy: one row for each change, from files and the last deployment to the guard that refuses it.
import { refusalsOf } from "./refusals";
import { deploymentRows } from "./refused-deployments";

const rows = [...deploymentRows];

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
