// CHANGELOG.md as data: its versions, and what each has companies do.
import { readFileSync } from "node:fs";

/** A section of the changelog. */
export interface ChangelogSection {
  /** `Unreleased`, or a version. */
  version: string;
  date?: string;
  text: string;
}

export function readSections(text = readFileSync("CHANGELOG.md", "utf8")): ChangelogSection[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [, version = "", date] = /^(\S+)(?: - (\d{4}-\d{2}-\d{2}))?\n/.exec(section) ?? [];
      return { version, text: section, ...(date !== undefined && { date }) };
    });
}

/** The version that the changes after the current one make: unreleased ones that need an upgrade make one that may break something. */
export function nextVersion(current: string, [newest] = readSections()): string {
  if (newest?.version !== "Unreleased") return newest?.version ?? current;
  const [major = 0, minor = 0, patch = 0] = current.split(".").map(Number);
  if (upgradeNotesIn(newest) === "") return `${major}.${minor}.${patch + 1}`;
  return major === 0 ? `0.${minor + 1}.0` : `${major + 1}.0.0`;
}

/** What a section says below "How to upgrade". */
export function upgradeNotesIn({ text }: ChangelogSection): string {
  const [, notes = ""] = text.split(/^### How to upgrade\n/m);
  return notes.split(/^### /m)[0]?.trim() ?? "";
}

/** Of all versions after one. */
export function readUpgradeNotes(after: string): string {
  return readSections()
    .filter(({ version }) => version === "Unreleased" || compareVersions(version, after) > 0)
    .map(upgradeNotesIn)
    .join("\n");
}

/** For `sort`, oldest first. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
