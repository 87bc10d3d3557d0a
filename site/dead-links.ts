// What a build of the site must not have: links to pages, anchors and pictures that it lacks.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * All of them, as "PAGE: LINK".
 * @param folder of the built site
 * @param base first part of the site's addresses, such as "/customers-as-code/"
 */
export function findDeadLinks(folder: string, base: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) =>
    file.replaceAll("\\", "/"),
  );
  const present = new Set(files);
  const pages = new Map(
    files
      .filter((file) => file.endsWith(".html"))
      .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  );
  const anchors = new Map([...pages].map(([file, html]) => [file, new Set(valuesOf(html, "id"))]));
  const isDead = (page: string, link: string): boolean => {
    const { pathname, hash } = new URL(link, `https://site${base}${page}`);
    const file = fileOf(decodeURI(pathname).slice(base.length), present);
    if (file === undefined) return true;
    return hash !== "" && anchors.get(file)?.has(decodeURIComponent(hash.slice(1))) === false;
  };
  return [...pages].flatMap(([page, html]) =>
    [...valuesOf(html, "href"), ...valuesOf(html, "src")]
      .filter((link) => !/^[a-z]+:/.test(link) && isDead(page, link))
      .map((link) => `${page}: ${link}`),
  );
}

/** As GitHub Pages finds the file of an address. */
function fileOf(path: string, files: ReadonlySet<string>): string | undefined {
  return [path, `${path}.html`, `${path}index.html`].find((file) => files.has(file) && file !== "");
}

function valuesOf(html: string, attribute: string): string[] {
  return [...html.matchAll(new RegExp(`<[^>]* ${attribute}="([^"]*)"`, "g"))].map(([, value = ""]) =>
    value.replaceAll("&amp;", "&"),
  );
}
