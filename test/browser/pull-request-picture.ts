// Takes docs/images/pull-request*.png, light and dark: npm run ts -- test/browser/pull-request-picture.ts
// Each is the comment that `customers local pr` writes for a branch of the example company, with the style sheet of GitHub's Markdown.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { marked } from "marked";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../packages/auth0-tenant/testing/browser";
import { createPullRequestCompany, customerFile, type PullRequestCompany } from "../e2e/pull-request-company";

const images = join(__dirname, "../../docs/images");

type Theme = "light" | "dark";

const styles: Record<Theme, string> = {
  light: require.resolve("github-markdown-css/github-markdown-light.css"),
  dark: require.resolve("github-markdown-css/github-markdown-dark.css"),
};

/** Of GitHub's page around a comment. */
const frames: Record<Theme, { page: string; header: string; border: string; text: string }> = {
  light: { page: "#ffffff", header: "#f6f8fa", border: "#d1d9e0", text: "#59636e" },
  dark: { page: "#0d1117", header: "#151b23", border: "#3d444d", text: "#9198a1" },
};

/** By the name of the picture: what the branch changes. */
const branches: Record<string, (company: PullRequestCompany) => void> = {
  "pull-request": ({ write, folder }) => {
    const edit = (id: string, change: (text: string) => string) => {
      const name = `customers/${id}.yaml`;
      write(name, change(readFileSync(join(folder, name), "utf8")));
    };
    write("customers/hooli.yaml", customerFile("Hooli", "shop", "read:orders"));
    edit("globex", (text) => text.replace("[read:invoices]", "[read:invoices, read:orders]"));
    edit("initech", (text) => text.replace(/^status: suspended.*\n/m, ""));
    edit("acme", (text) => text.replace("clients:", "status: suspended\nclients:"));
  },
  "pull-request-refused": ({ remove }) => remove("customers/globex.yaml"),
};

async function main(): Promise<void> {
  const company = createPullRequestCompany();
  const browser = await launchBrowser();
  try {
    for (const [name, change] of Object.entries(branches)) {
      company.git("checkout", "--quiet", "main");
      change(company);
      company.commit(name);
      const { stdout, stderr } = await company.pr("--comment", ".local/comment.md");
      console.log(`${stdout}${stderr}`);
      const comment = readFileSync(join(company.folder, ".local/comment.md"), "utf8");
      for (const theme of ["light", "dark"] as const) {
        await takePicture(browser, renderPage(comment, theme), join(images, `${name}-${theme}.png`));
      }
    }
  } finally {
    await browser.close();
    company.close();
  }
}

function renderPage(comment: string, theme: Theme): string {
  const { page, header, border, text } = frames[theme];
  const style = readFileSync(styles[theme], "utf8");
  return `<!doctype html>
<meta charset="utf-8">
<style>
${style}
body { margin: 0; padding: 16px; background: ${page}; }
.comment { border: 1px solid ${border}; border-radius: 6px; overflow: hidden; }
.by { padding: 8px 16px; background: ${header}; border-bottom: 1px solid ${border}; color: ${text};
  font: 14px -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
.markdown-body { padding: 16px; font-size: 14px; }
</style>
<div class="comment">
  <div class="by"><strong>github-actions</strong> bot commented</div>
  <div class="markdown-body">${marked.parse(comment)}</div>
</div>`;
}

async function takePicture(browser: Browser, html: string, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 880, height: 200 }, deviceScaleFactor: 2 });
  try {
    await page.setContent(html);
    await page.screenshot({ path, fullPage: true });
  } finally {
    await page.close();
  }
}

void main();
