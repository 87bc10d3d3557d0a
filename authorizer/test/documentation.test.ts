// docs/explanation/authorizer.md says what the code does.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { metricsNamespace } from "../src/log";
import { maxTokenLength } from "../src/token";
import { statuses } from "../testing/fixture";

const folder = join(__dirname, "../../docs/explanation");
const page = readFileSync(join(folder, "authorizer.md"), "utf8");

it("lists every reason with its answer, and no other", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, reason = "", status]) => [
    reason,
    Number(status),
  ]);
  expect(rows).toHaveLength(Object.keys(statuses).length);
  expect(Object.fromEntries(rows)).toEqual(statuses);
});

it("names the limits and the metrics' namespace as they are", () => {
  expect(page).toContain(`at most ${maxTokenLength.toLocaleString("en-US")} characters`);
  expect(page).toContain(`Metric in \`${metricsNamespace}\``);
});

it("links to files that exist", () => {
  const links = [...page.matchAll(/\]\((\.\.\/[^)#]+)/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(15);
  expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
});
