// The four parts of the documentation, as docs/README.md lists them: the sidebar is that list.

export interface PageLink {
  text: string;
  /** Path of the page in docs/, without its ending, such as "/how-to/deploy". */
  link: string;
}

export interface Part {
  text: string;
  /** What the part answers: the sentence under its heading. */
  description: string;
  items: readonly PageLink[];
}

/** @param list docs/README.md */
export function readParts(list: string): Part[] {
  const [, ...sections] = list.split(/^## /m);
  return sections.map((section) => {
    const [text = "", description = ""] = section.split(/\n+/);
    const links = [...section.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)/gm)];
    const items = links.map(([, title = "", path = ""]) => ({ text: title, link: toRoute(path) }));
    return { text, description, items };
  });
}

/** The address of a page of docs/ within the site. */
function toRoute(path: string): string {
  return `/${path.replace(/\.md$/, "").replace(/(^|\/)README$/, "$1")}`;
}
