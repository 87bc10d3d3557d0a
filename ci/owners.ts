// Whose a file is by GitHub's CODEOWNERS: pure functions. The rules are
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners

export interface Rule {
  pattern: RegExp;
  /** `@user`, `@organization/team` or an e-mail address; none where a file is nobody's. */
  owners: string[];
}

/** In the order of the file, of which the last that fits counts. */
export function parseOwners(text: string): Rule[] {
  return text.split("\n").flatMap((line) => {
    // A space in a pattern is written as `\ `; a comment may follow the owners.
    const words = line.replace(/(^|\s)#.*$/, "").match(/(?:\\.|\S)+/g) ?? [];
    const [pattern, ...owners] = words;
    // GitHub passes over lines with what gitignore files have and this has not.
    if (pattern === undefined || /^!|^\\#|\[/.test(pattern)) return [];
    return [{ pattern: toRegExp(pattern.replaceAll("\\ ", " ")), owners }];
  });
}

/** @param path with `/` between folders, from the repository's root */
export function ownersOf(rules: readonly Rule[], path: string): string[] {
  return rules.findLast(({ pattern }) => pattern.test(path))?.owners ?? [];
}

/** A pattern with a slash before its end begins at the root, another one fits in any folder. */
function toRegExp(pattern: string): RegExp {
  const isFolder = pattern.endsWith("/");
  const body = pattern.replace(/^\//, "").replace(/\/$/, "");
  const isAnchored = pattern.slice(0, -1).includes("/");
  const expression = body
    .split("/")
    .map((part) =>
      part === "**"
        ? part
        : part
            .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
            .replaceAll(/\*+/g, "[^/]*")
            .replaceAll("?", "[^/]"),
    )
    .join("/")
    .replace(/^\*\*\//, "(?:.*/)?")
    .replaceAll("/**/", "/(?:.*/)?")
    .replace(/(^|\/)\*\*$/, "$1.*");
  // `docs/*` stands for the files of the folder alone; a name without a wildcard at its end, for all below it.
  const end = isFolder ? "/.*" : /(^|\/)\*$/.test(body) && isAnchored ? "" : "(?:/.*)?";
  return new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${expression}${end}$`);
}
