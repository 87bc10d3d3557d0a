// CHANGELOG.md as data: its versions, and what each has companies do.
import { readFileSync } from "node:fs";
import { compare, inc, major, valid } from "semver";

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
  if (upgradeNotesIn(newest) === "") return inc(current, "patch") ?? current;
  return inc(current, major(current) === 0 ? "minor" : "major") ?? current;
}

/** What a section says below "How to upgrade". */
export function upgradeNotesIn({ text }: ChangelogSection): string {
  const [, notes = ""] = text.split(/^### How to upgrade\n/m);
  return notes.split(/^### /m)[0]?.trim() ?? "";
}

/** Of all versions after one. */
export function readUpgradeNotes(after: string): string {
  return readSections()
    .filter(({ version }) => valid(version) === null || compare(version, after) > 0)
    .map(upgradeNotesIn)
    .join("\n");
}
