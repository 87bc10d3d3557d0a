// The site of the documentation, built and read in a browser. It needs its packages: npm ci --prefix site.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "../../packages/auth0-tenant/testing/browser";
import { readParts } from "../../site/pages";

const vitepress = "site/node_modules/vitepress/bin/vitepress.js";
const built = "site/.vitepress/dist";
const origin = "https://docs.example";
const base = "/customers-as-code/";
const parts = readParts(readFileSync("docs/README.md", "utf8"));

let browser: Browser;

beforeAll(async () => {
  if (!existsSync(vitepress)) throw new Error("The site's packages are missing. Run: npm ci --prefix site");
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitepress, "build", "site"], {
    encoding: "utf8",
    // VitePress builds with the production version of Vue.
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  browser = await launchBrowser();
}, 600_000);

afterAll(() => browser?.close());

/** The built file of an address, found as GitHub Pages finds it. */
function findFile(pathname: string): string | undefined {
  const path = join(built, decodeURI(pathname).slice(base.length));
  return [path, `${path}.html`, join(path, "index.html")].find(
    (file) => existsSync(file) && statSync(file).isFile() && extname(file) !== "",
  );
}

interface Visit {
  page: Page;
  /** Errors and warnings in the console, and requests for what the site doesn't have. */
  complaints: string[];
}

async function visit(
  path: string,
  look: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: string[] = [];
  try {
    await context.route("**", (route) => {
      const url = new URL(route.request().url());
      const file = url.origin === origin ? findFile(url.pathname) : undefined;
      if (file !== undefined) return route.fulfill({ path: file });
      complaints.push(`no ${url}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${origin}${base}${path}`, { waitUntil: "networkidle" });
    await look({ page, complaints });
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Of the page, not of its frame. */
const backgroundOf = (page: Page) => page.evaluate("getComputedStyle(document.body).backgroundColor");

it("begins with a home page that leads to each of the four parts", async () => {
  await visit("", async ({ page }) => {
    expect(await page.title()).toBe("Customers as code");
    expect(await page.locator(".VPNavBarTitle").textContent()).toBe("Customers as code");
    for (const { text } of parts) {
      const link = page.locator(".VPNavBarMenu").getByRole("link", { name: text, exact: true });
      expect(await link.count()).toBe(1);
    }
  });
});

it("has a page of each part, with the sidebar of all four", async () => {
  expect(parts.map(({ text }) => text)).toEqual(["Tutorial", "How-to", "Reference", "Explanation"]);
  for (const { items } of parts) {
    const [first] = items;
    await visit(first?.link.slice(1) ?? "", async ({ page }) => {
      expect(await page.locator("main h1").count()).toBe(1);
      const sidebar = await page.locator("aside.VPSidebar h2").allInnerTexts();
      expect(sidebar).toEqual(parts.map(({ text }) => text));
    });
  }
});

it("finds the page about rotation by a search for a word of it", async () => {
  await visit("", async ({ page }) => {
    await page.locator("#local-search button").click();
    await page.locator("#localsearch-input").fill("rotate");
    await page.locator("#localsearch-list a[href*='rotation']").first().click();
    await page.waitForURL(/\/how-to\/rotation/);
    expect(await page.locator("main h1").textContent()).toContain("Rotation");
  });
});

it.each(["light", "dark"] as const)(
  "draws diagrams in the %s theme that the reader's system has",
  async (colorScheme) => {
    await visit(
      "explanation/architecture",
      async ({ page }) => {
        const diagrams = page.locator("main .diagram");
        await page
          .locator("main .diagram svg")
          .nth((await diagrams.count()) - 1)
          .waitFor();
        expect(await page.locator("main pre.diagram").count()).toBe(0);
        const cut = await page
          .locator("main .diagram foreignObject")
          .evaluateAll((boxes) =>
            boxes.filter(
              (box) => box.firstElementChild && box.firstElementChild.scrollHeight > box.clientHeight + 1,
            ),
          );
        expect(cut).toEqual([]);
        expect(await backgroundOf(page)).toBe(
          colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(27, 27, 31)",
        );
      },
      { colorScheme },
    );
  },
);

it("changes between light and dark by its switch, diagrams included", async () => {
  await visit("explanation/architecture", async ({ page }) => {
    const drawing = page.locator("main .diagram svg").first();
    const before = await drawing.evaluate((svg) => svg.outerHTML);
    await page.locator(".VPNavBarAppearance button").click();
    await page.waitForFunction(
      "(before) => document.querySelector('main .diagram svg').outerHTML !== before",
      before,
    );
    expect(await backgroundOf(page)).toBe("rgb(27, 27, 31)");
  });
});

it("needs no sideways scrolling on a phone", async () => {
  for (const path of ["", "reference/settings", "reference/commands", "explanation/architecture"]) {
    await visit(
      path,
      async ({ page }) => {
        const overflow = await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        expect({ path, overflow }).toEqual({ path, overflow: 0 });
      },
      { viewport: { width: 390, height: 800 } },
    );
  }
});

it("leads to GitHub for files outside the site", async () => {
  await visit("explanation/architecture", async ({ page }) => {
    const link = page.locator("main a", { hasText: "CONTRIBUTING.md" }).first();
    expect(await link.getAttribute("href")).toBe(
      "https://github.com/customers-as-code/customers-as-code/blob/main/CONTRIBUTING.md",
    );
  });
});
