// The site: the pages of docs/, with a search, light and dark.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { slug } from "github-slugger";
import { defineConfig, type Plugin } from "vitepress";
import { findDeadLinks } from "../dead-links";
import { readParts } from "../pages";
import { resolveLink } from "../repository-links";

const root = fileURLToPath(new URL("../..", import.meta.url));
const base = "/customers-as-code/";
const parts = readParts(readFileSync(new URL("../../docs/README.md", import.meta.url), "utf8"));
const description =
  "Add an API's customers by pull requests, with Pulumi, Auth0, AWS API Gateway and Moesif.";

/** The pages are outside of this folder, and so of its node_modules. */
const resolveVue: Plugin = {
  name: "resolve-vue",
  enforce: "pre",
  resolveId(source, importer) {
    if (!importer?.endsWith(".md") || !/^vue($|\/)/.test(source)) return null;
    return this.resolve(source, fileURLToPath(import.meta.url), { skipSelf: true });
  },
};

export default defineConfig({
  title: "Customers as code",
  description,
  lang: "en",
  base,
  cleanUrls: true,
  srcDir: "../docs",
  vite: { plugins: [resolveVue] },
  srcExclude: ["snippets/**"],
  rewrites: (page) => page.replace(/(^|\/)README\.md$/, "$1index.md"),
  markdown: {
    // Anchors as GitHub makes them, so that a link works in both places.
    anchor: { slugify: slug },
    config(markdown) {
      // A page is text: GitHub's expressions, which have the same braces, are not Vue's.
      const renderCode = markdown.renderer.rules.code_inline;
      markdown.renderer.rules.code_inline = (tokens, index, options, env, self) => {
        tokens[index]?.attrSet("v-pre", "");
        return renderCode?.(tokens, index, options, env, self) ?? "";
      };
      const renderFence = markdown.renderer.rules.fence;
      markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (token?.info.trim() !== "mermaid") return renderFence?.(tokens, index, options, env, self) ?? "";
        return `<MermaidDiagram source="${encodeURIComponent(token.content)}" />`;
      };
      markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const link = token.type === "link_open" ? token.attrGet("href") : null;
          if (link) token.attrSet("href", resolveLink(link, env.relativePath, root));
        }
      });
    },
  },
  transformPageData(page) {
    if (page.relativePath !== "index.md") return;
    page.title = "";
    page.frontmatter = {
      ...page.frontmatter,
      layout: "home",
      hero: {
        name: "Customers as code",
        text: "A customer is a file. A pull request adds it.",
        tagline: description,
        actions: parts.flatMap(({ items: [first] }, index) =>
          first ? [{ theme: index === 0 ? "brand" : "alt", text: first.text, link: first.link }] : [],
        ),
      },
    };
  },
  buildEnd({ outDir }) {
    const dead = findDeadLinks(outDir, base);
    if (dead.length > 0) throw new Error(`${dead.length} dead links:\n${dead.join("\n")}`);
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: parts.map(({ text, items }) => ({ text, items: [...items], collapsed: false })),
    nav: parts.flatMap(({ text, items: [first] }) =>
      first ? [{ text, link: first.link, activeMatch: first.link.replace(/[^/]+$/, "") }] : [],
    ),
    socialLinks: [{ icon: "github", link: "https://github.com/customers-as-code/customers-as-code" }],
    editLink: { pattern: "https://github.com/customers-as-code/customers-as-code/edit/main/docs/:path" },
  },
});
