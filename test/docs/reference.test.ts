// Sections of the reference that the code describes. `npm run docs:reference` writes them again.
import { readFileSync, writeFileSync } from "node:fs";
import { problemCodes } from "../../packages/customers-as-code/src/problems/codes";
import {
  renderCreateCommand,
  renderCustomersCommands,
  renderLocalCommands,
  renderTenantProgram,
} from "./reference/render-commands";
import { renderCustomerFile } from "./reference/render-customer-file";
import { renderMetrics } from "./reference/render-metrics";
import { renderOutputs } from "./reference/render-outputs";
import { renderProblems } from "./reference/render-problems";
import { renderSettings } from "./reference/render-settings";

/** By page: its sections, each between the lines `<!-- NAME: begin -->` and `<!-- NAME: end -->`. */
const pages: Readonly<Record<string, Readonly<Record<string, (page: string) => string>>>> = {
  "docs/reference/commands.md": {
    customers: renderCustomersCommands,
    local: renderLocalCommands,
    create: renderCreateCommand,
    tenant: renderTenantProgram,
  },
  "docs/reference/customers.md": {
    customer: (page) => renderCustomerFile("customer", page),
    client: (page) => renderCustomerFile("client", page),
  },
  "docs/reference/metrics.md": { metrics: renderMetrics },
  "docs/reference/outputs.md": { outputs: renderOutputs },
  "docs/reference/problems.md": Object.fromEntries(
    Object.entries(problemCodes).map(([area, codes]) => [area, () => renderProblems(codes)]),
  ),
  "docs/reference/settings.md": { settings: renderSettings },
};

const marker = /<!-- ([a-z]+): begin -->\n[\s\S]*?<!-- \1: end -->/g;

test.each(Object.entries(pages))("%s has the sections that the code describes", (page, sections) => {
  const before = readFileSync(page, "utf8");
  const found: string[] = [];
  const expected = before.replace(marker, (section, name: string) => {
    found.push(name);
    const render = sections[name];
    return render ? `<!-- ${name}: begin -->\n${render(page)}\n<!-- ${name}: end -->` : section;
  });
  expect(found).toEqual(Object.keys(sections));
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(page, expected);
  expect(readFileSync(page, "utf8")).toBe(expected);
});
