// Links and paths that documents and comments name: they lead to files and headings that exist.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readParts } from "../../site/pages";

const generated = new Set(["dist", "node_modules", ".git", ".local", ".stryker-tmp", "reports", "states"]);

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

const files = listFiles(".");
const documents = files.filter((file) => file.endsWith(".md")).map((file) => ({ file, text: read(file) }));
const sources = files.filter((file) => /(\.(ts|cjs|js|mjs|yml|yaml)|\/CODEOWNERS|\.ci\/run)$/.test(file));

/** Line endings as everywhere else, whatever Git has checked out. */
function read(file: string): string {
  return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
}

/** As GitHub makes anchors of headings, and the site: of several that are the same, the later ones have a number. */
function anchorsOf(text: string): Set<string> {
  const headings = [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  const numbers = new Map<string, number>();
  return new Set(
    headings.map((heading) => {
      const anchor = heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-");
      const number = numbers.get(anchor) ?? 0;
      numbers.set(anchor, number + 1);
      return number === 0 ? anchor : `${anchor}-${number}`;
    }),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}

test("relative links of documents lead to files and headings that exist", () => {
  const broken = documents.flatMap(({ file, text }) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : join(dirname(file), path);
      if (!existsSync(target)) return [`${file}: ${link}`];
      if (anchor === undefined || anchorsOf(read(target)).has(anchor)) return [];
      return [`${file}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});

test("pictures of documents are files that exist", () => {
  const pictures = documents.flatMap(({ file, text }) =>
    [...withoutCode(text).matchAll(/\b(?:src|srcset)="([^"]+)"/g)].map(([, path = ""]) => ({ file, path })),
  );
  expect(pictures.length).toBeGreaterThan(1);
  expect(pictures.filter(({ file, path }) => !existsSync(join(dirname(file), path)))).toEqual([]);
});

test("docs/README.md lists every page once", () => {
  const pages = documents.map(({ file }) => file).filter((file) => /^docs\/.*\//.test(file));
  const listed = readParts(read("docs/README.md")).flatMap(({ items }) => items.map(({ link }) => link));
  const decisions = /^docs\/explanation\/decisions\/\d/;
  expect(listed.sort()).toEqual(
    pages
      .filter((file) => !decisions.test(file))
      .map((file) => file.slice("docs".length).replace(/(README)?\.md$/, ""))
      .sort(),
  );
});

test("URLs of this repository's files name its version, and files that exist", () => {
  const { version }: { version: string } = JSON.parse(read("package.json"));
  const url =
    /https:\/\/github\.com\/customers-as-code\/customers-as-code\/(?:blob|tree)\/([^/\s]+)\/([\w./-]+)/g;
  const found = documents.flatMap(({ file, text }) =>
    [...text.matchAll(url)].map(([, tag, path = ""]) => ({ file, tag, path })),
  );
  expect(found.length).toBeGreaterThan(3);
  expect(found.filter(({ tag, path }) => tag !== `v${version}` || !existsSync(path))).toEqual([]);
});

const product = "packages/customers-as-code";
/** First folders of this repository's paths, and of those that begin at the product; paths in other repositories begin differently. */
const firstFolders = new Set(
  [...listFolders("."), ...listFolders(product), ...listFolders(join(product, "src"))].concat(
    "ci",
    "local",
    "diagnostics",
  ),
);
/** What a company has only if it needs it, or had once. */
const optional = new Set(["customers/imports.json", "policy/config/"]);
const pathOfFile =
  /(?<![\w/.@-])[\w.-]+(?:\/[\w.@-]+)+\.(?:test\.ts|tsx?|[cm]?js|json|ya?ml|md|svg|png|go|py|java)\b/g;
const pathOfFolder = /^[\w.-]+(?:\/[\w.-]+)*\/$/;

function listFolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !generated.has(entry.name) ? [entry.name] : [],
  );
}

/** @param from folders in which a path may begin */
function isMissing(path: string, from: readonly string[]): boolean {
  const [first = ""] = path.split("/");
  // Capital letters stand for a name of the reader's.
  if (!firstFolders.has(first) || optional.has(path) || /[A-Z]{2}/.test(path)) return false;
  return !from.some((folder) => existsSync(join(folder, path)));
}

const everywhere = [".", product, join(product, "src")];

test("files and folders that documents name exist", () => {
  const missing = documents.flatMap(({ file, text }) =>
    [...withoutCode(text).matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) =>
      [...(code.match(pathOfFile) ?? []), ...(code.match(pathOfFolder) ?? [])]
        .filter((path) => isMissing(path, [...everywhere, dirname(file)]))
        .map((path) => `${file}: ${path}`),
    ),
  );
  expect(missing).toEqual([]);
});

test("files that comments name exist", () => {
  const missing = sources.flatMap((file) =>
    (read(file).match(/^\s*(?:\/\/|\/?\*|#).*$/gm) ?? [])
      // "auth0/auth0-deploy-cli: FILE" is a file of another repository.
      .filter((line) => !/\b(?:auth0|pulumi|moesif)\/[\w-]+[,:] /i.test(line))
      .flatMap((line) => line.match(pathOfFile) ?? [])
      .filter((path) => isMissing(path, [...everywhere, "authorizer", dirname(file), dirname(dirname(file))]))
      .map((path) => `${file}: ${path}`),
  );
  expect(missing).toEqual([]);
});

test("each decision is in the list of decisions, under its own title", () => {
  const list = read("docs/explanation/decisions/README.md");
  const decisions = [...readdirSync("docs/explanation/decisions")].filter((name) => /^\d/.test(name)).sort();
  const rows = decisions.map((name) => {
    const [, number = "", title = ""] =
      /^# (\d{4}): (.+)\n\n- Date: \d{4}-\d\d-\d\d\n- Status: /.exec(
        read(join("docs/explanation/decisions", name)),
      ) ?? [];
    return `| [${number}](${name}) | ${title} |`;
  });
  expect(list.match(/^\| \[\d{4}\].*$/gm)).toEqual(rows);
});
