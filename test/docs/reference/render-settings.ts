import {
  describeSettings,
  type SettingDescription,
} from "../../../packages/customers-as-code/src/settings/effective-settings";
import { code, linkPages, renderTable } from "./markdown";

/** All settings of a stack, in the order of their schema. */
export function renderSettings(page: string): string {
  return renderTable(
    ["Setting", "Type", "Default", "Meaning"],
    describeSettings().map((setting) => [
      code(setting.name),
      setting.type,
      renderDefault(setting),
      linkPages(setting.description, page).replaceAll("*/*", "`*/*`"),
    ]),
  );
}

function renderDefault({ name, default: value }: SettingDescription): string {
  if (name === "audience") return "required";
  if (value === undefined || value === "") return "none";
  return code(typeof value === "string" ? value : JSON.stringify(value));
}
