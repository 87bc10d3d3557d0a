// The table of settings in docs/reference/settings.md is the schema's. Write it again with UPDATE_GOLDEN=1.
import { readFileSync, writeFileSync } from "node:fs";
import {
  describeSettings,
  type SettingDescription,
} from "../../packages/customers-as-code/src/settings/effective-settings";

const [begin, end] = ["<!-- settings: begin -->", "<!-- settings: end -->"];

test("docs/reference/settings.md lists every setting with its type, its default and its description", () => {
  const page = readFileSync("docs/reference/settings.md", "utf8");
  const [before = "", rest = ""] = page.split(`${begin}\n`);
  const [, after] = rest.split(end);
  expect(after).toBeDefined();
  const expected = `${before}${begin}\n${renderTable()}\n${end}${after}`;
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync("docs/reference/settings.md", expected);
  expect(readFileSync("docs/reference/settings.md", "utf8")).toBe(expected);
});

function renderTable(): string {
  const rows = describeSettings().map(
    (setting) =>
      `| \`${setting.name}\` | ${setting.type} | ${renderDefault(setting)} | ${renderDescription(setting)} |`,
  );
  return ["| Setting | Type | Default | |", "|---|---|---|---|", ...rows].join("\n");
}

function renderDefault({ name, default: value }: SettingDescription): string {
  if (name === "audience") return "required";
  if (value === undefined || value === "") return "none";
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** Other pages are named as they are found from the repository's root. */
function renderDescription({ description }: SettingDescription): string {
  return description
    .replaceAll("|", "\\|")
    .replaceAll("*/*", "`*/*`")
    .replaceAll(/docs\/([\w-]+\.md)/g, "[$1]($1)");
}
