// The changelog: one section a version, newest first, and what to do for each that may break something.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareVersions, nextVersion, readSections, upgradeNotesIn } from "./changelog";

const sections = readSections();
const released = sections.filter(({ version }) => version !== "Unreleased");

test("sections are versions with dates, newest first, below at most one of unreleased changes", () => {
  const versions = released.map(({ version }) => version);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect(versions).toEqual([...versions].sort((a, b) => compareVersions(b, a)));
  expect(new Set(versions).size).toBe(versions.length);
  expect(released.filter(({ date }) => date === undefined)).toEqual([]);
  expect(sections.slice(1).map(({ version }) => version)).not.toContain("Unreleased");
});

test("the newest version is that of every package", () => {
  const manifests = ["package.json", "authorizer/package.json"].concat(
    readdirSync("packages").map((name) => join("packages", name, "package.json")),
  );
  const versions = manifests.map((file) => [file, JSON.parse(readFileSync(file, "utf8")).version]);
  expect(versions).toEqual(manifests.map((file) => [file, released[0]?.version]));
});

test("every minor version but the first says how to upgrade to it, in steps", () => {
  const minors = released.filter(({ version }) => version.endsWith(".0"));
  expect(minors.length).toBeGreaterThan(1);
  const silent = minors.filter((section) => !/^1\. /m.test(upgradeNotesIn(section)));
  expect(silent.map(({ version }) => version)).toEqual([minors.at(-1)?.version]);
});

test("a section has only the headings of Keep a Changelog, and how to upgrade", () => {
  const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "How to upgrade"];
  const used = sections.flatMap(({ text }) =>
    [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading),
  );
  expect(used.filter((heading) => !known.includes(heading ?? ""))).toEqual([]);
});

test("the next version is a breaking one only if it says how to upgrade", () => {
  const next = (text: string, current: string) =>
    nextVersion(current, readSections(`# Changelog\n\n${text}`));
  const unreleased = "## Unreleased\n\n### Added\n\n- x\n";
  const breaking = `${unreleased}\n### How to upgrade\n\n1. x\n`;
  expect(next(unreleased, "0.2.0")).toBe("0.2.1");
  expect(next(breaking, "0.2.0")).toBe("0.3.0");
  expect(next(breaking, "1.2.0")).toBe("2.0.0");
  expect(next("## 0.4.0 - 2027-01-01\n\n### Added\n", "0.3.0")).toBe("0.4.0");
});
