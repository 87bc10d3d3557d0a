// Links of pages, which are written for readers of the repository: one to a file outside the site leads to GitHub.
import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";

const repository = "https://github.com/customers-as-code/customers-as-code";

/** Files that the site has itself. */
const isOnSite = /^docs\/.*\.(md|svg|png)$/;

/**
 * The link of a page as the site has it. One to a file that doesn't exist stays as it is, so that the check of dead links reports it.
 * @param link as the page has it
 * @param page path of the page in docs/
 * @param root folder of the repository
 */
export function resolveLink(link: string, page: string, root: string): string {
  if (/^([a-z]+:|\/|#)/.test(link)) return link;
  const [path = "", anchor] = link.split("#");
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  const target = posix.join("docs", posix.dirname(page), path);
  const file = join(root, target);
  if (isOnSite.test(target)) return link.replace(/(^|\/)README\.md(#|$)/, "$1index.md$2");
  if (!existsSync(file)) return link;
  return `${repository}/${statSync(file).isDirectory() ? "tree" : "blob"}/main/${target}${suffix}`;
}
