// Sections of the reference that are generated from the code: `npm run docs:reference` writes them again.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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

type Render = (page: string) => string;

/** Each is between `<!-- NAME: begin -->` and `<!-- NAME: end -->`. */
const sections: Readonly<Record<string, Readonly<Record<string, Render>>>> = {
  "docs/reference/settings.md": { settings: renderSettings },
  "docs/reference/customer-file.md": {
    customer: () => renderCustomerFile("customer"),
    client: () => renderCustomerFile("client"),
  },
  "docs/reference/commands.md": {
    "customers commands": renderCustomersCommands,
    "local commands": renderLocalCommands,
    "create command": renderCreateCommand,
    "tenant program": renderTenantProgram,
  },
  "docs/reference/problems.md": Object.fromEntries(
    Object.keys(problemCodes)
      .filter((area) => area in problemCodes)
      .map((area) => [area, () => renderProblems(area as keyof typeof problemCodes)]),
  ),
  "docs/reference/outputs.md": { outputs: renderOutputs },
  "docs/reference/metrics.md": { metrics: renderMetrics },
};
