// Who owns a file by GitHub's CODEOWNERS: pure functions. The rules are
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners

export interface Rule {
  pattern: RegExp;
  /** `@user`, `@organization/team` or an e-mail address; empty if the files have no owner. */
  owners: string[];
}

/** In the order of the file; the last one that matches a path counts. */
export function parseOwners(text: string): Rule[] {
  return readLines(text).flatMap(({ rule }) => rule ?? []);
}

/** Numbers of the lines that GitHub skips because of their syntax: what they mean to protect, an earlier line decides, or none. */
export function skippedLines(text: string): number[] {
  return readLines(text).flatMap(({ number, rule }) => (rule ? [] : [number]));
}

function readLines(text: string): { number: number; rule?: Rule }[] {
  return text.split("\n").flatMap((line, index) => {
    const number = index + 1;
    // A space in a pattern is written as `\ `; a comment may follow the owners.
    const words = line.replace(/(^|\s)#.*$/, "").match(/(?:\\.|\S)+/g) ?? [];
    const [pattern, ...owners] = words;
    if (pattern === undefined) return [];
    // What .gitignore files allow, and CODEOWNERS files don't.
    if (/^!|^\\#|\[/.test(pattern) || !owners.every((name) => owner.test(name))) return [{ number }];
    return [{ number, rule: { pattern: toRegExp(pattern.replaceAll("\\ ", " ")), owners } }];
  });
}

const owner = /^@[\w-]+(\/[\w.-]+)?$|^[^@\s]+@[^@\s]+$/;

/** @param path with `/` between folders, from the repository's root */
export function ownersOf(rules: readonly Rule[], path: string): string[] {
  return rules.findLast(({ pattern }) => pattern.test(path))?.owners ?? [];
}

/** A pattern with a slash before its end begins at the root; any other pattern matches in every folder. */
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
  // A file's name may have line breaks.
  return new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${expression}${end}$`, "s");
}
