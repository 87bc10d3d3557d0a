// The contract with companies as data: each of its sections is one row of docs/reference/compatibility.md.

/** Names, or names by what they belong to. */
type Section = readonly string[] | Readonly<Record<string, readonly string[]>>;

export type Contract = Readonly<Record<string, Section>>;

/** One line for each name, such as `configKeys: shards` or `outputs of http-api/local: url`. */
export function linesOf(contract: Contract): string[] {
  return Object.entries(contract).flatMap(([section, names]) => {
    if (isList(names)) return names.map((name) => `${section}: ${name}`);
    return Object.entries(names).flatMap(([owner, own]) =>
      own.map((name) => `${section} of ${owner}: ${name}`),
    );
  });
}

function isList(section: Section): section is readonly string[] {
  return Array.isArray(section);
}

export interface Release {
  /** The last released version. */
  version: string;
  /** What it promised. */
  contract: Contract;
}

/** The next version, and what the changelog has companies do for it. */
export interface NextVersion {
  version: string;
  contract: Contract;
  /** Sections "How to upgrade" of CHANGELOG.md that are newer than the release. */
  upgradeNotes: string;
}

/**
 * What keeps the next version from being released: names that it takes away must come with a new minor version (before 1.0.0) or a new
 * major one, and the changelog must say what companies do about each.
 */
export function findBrokenPromises({ version, contract }: Release, next: NextVersion): string[] {
  const now = new Set(linesOf(next.contract));
  const gone = linesOf(contract).filter((line) => !now.has(line));
  if (gone.length === 0) return [];
  const mayBreak = breakingPart(version) !== breakingPart(next.version);
  const unexplained = gone.filter((line) => !next.upgradeNotes.includes(`\`${nameIn(line)}\``));
  return [
    ...(mayBreak
      ? []
      : gone.map((line) => `${next.version} may not take away "${line}": it is no breaking version`)),
    ...unexplained.map(
      (line) => `CHANGELOG.md, "How to upgrade", says nothing of \`${nameIn(line)}\` (${line})`,
    ),
  ];
}

/** Of a version, what changes if a version may break something. */
function breakingPart(version: string): string {
  const [major, minor] = version.split(".");
  return major === "0" ? `0.${minor}` : String(major);
}

/** What the changelog calls it: of a resource's type and name, and of an option with its values, the first word. */
function nameIn(line: string): string {
  return (line.split(": ").at(-1) ?? line).split(" ")[0] ?? line;
}
