// The tenant's page as a browser shows it. What runs in the browser is text here: this program knows no DOM.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type RunningTenant, startTenant } from "../../src";
import { launchBrowser } from "../../testing/browser";
import { temporaryDirectory } from "../../testing/in-process";
import { openSession, type Session } from "../../testing/main-session";
import { fillTenant, hostileStrings } from "../page-content";

const contrastsOnPage = readFileSync(join(__dirname, "contrasts.js"), "utf8");
const { directory, remove } = temporaryDirectory();
let browser: Browser;
let tenant: RunningTenant;
let session: Session;

beforeAll(async () => {
  browser = await launchBrowser();
  tenant = await startTenant({ directory });
  session = await openSession(tenant);
  await fillTenant(session);
});

afterAll(async () => {
  await browser?.close();
  await tenant?.close();
  remove();
});

async function see<R>(options: BrowserContextOptions, look: (page: Page) => Promise<R>): Promise<R> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  try {
    const page = await context.newPage();
    await page.goto(tenant.url);
    return await look(page);
  } finally {
    await context.close();
  }
}

/** What the browser complained of, and what it asked for beside the page. */
async function watch(page: Page) {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => void dialog.dismiss().then(() => complaints.push(dialog.message())));
  page.on("request", (request) => requests.push(request.url()));
  await page.reload();
  return { complaints, requests };
}

it("shows the content of its tables, and a heading for each", async () => {
  await see({}, async (page) => {
    expect(await page.title()).toBe(tenant.domain);
    const headings = await page.getByRole("heading").allInnerTexts();
    expect(headings).toEqual([
      tenant.domain,
      "Organizations 5",
      "Clients 6",
      "Client grants 6",
      "Last requests",
    ]);
    const organizations = page.locator("section", { hasText: "Organizations" }).first().locator("tbody tr");
    expect(await organizations.count()).toBe(5);
    const acme = await organizations.first().locator("td").allInnerTexts();
    expect(acme).toEqual(["acme", "acme Ltd", expect.stringMatching(/^org_/), "1 client"]);
  });
});

it("shows markup in names as text, and runs none of it", async () => {
  await see({}, async (page) => {
    const { complaints, requests } = await watch(page);
    expect(await page.getByText(hostileStrings.displayName, { exact: true }).count()).toBe(1);
    expect(await page.getByText(hostileStrings.audience, { exact: true }).count()).toBe(5);
    const titles = await page
      .locator("[title]")
      .evaluateAll((all) => all.map((one) => one.getAttribute("title")));
    expect(titles.filter((title) => title?.endsWith(hostileStrings.scope))).toHaveLength(10);
    await page.locator("[title]").last().hover();
    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(complaints).toEqual([]);
    expect(requests).toEqual([`${tenant.url}/`]);
  });
});

it("finds a customer by the form, shows its client with its scopes, and goes back to all", async () => {
  await see({}, async (page) => {
    const { complaints } = await watch(page);
    await page.getByRole("searchbox", { name: "Name, id or scope" }).fill("globex");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Organizations 1 of 5" }).waitFor();
    const clients = page.locator("details li");
    expect(await clients.allInnerTexts()).toEqual([
      expect.stringMatching(/^globex & sons \w{32}\s+https:.*: read:orders write:orders/),
    ]);
    expect(await page.getByRole("searchbox").inputValue()).toBe("globex");
    await page.getByRole("link", { name: "Show all" }).click();
    await page.getByRole("heading", { name: "Organizations 5" }).waitFor();
    expect(await page.locator("details[open]").count()).toBe(0);
    await page.getByText("1 client").first().click();
    expect(await page.locator("details[open] li").allInnerTexts()).toEqual([
      expect.stringMatching(/^acme & sons /),
    ]);
    expect(complaints).toEqual([]);
  });
});

it("would not run markup either if there were any", async () => {
  await see({}, async (page) => {
    const { complaints } = await watch(page);
    await page.evaluate(`
      const script = document.createElement("script");
      script.textContent = "window.pwned = 1";
      document.body.append(script);
    `);
    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(complaints).toEqual([expect.stringContaining("Content Security Policy")]);
  });
});

it("leads to the tenant's keys and configuration", async () => {
  for (const [link, text] of [
    ["Keys", '"kid"'],
    ["Configuration", `"issuer":"${tenant.url}/"`],
  ] as const) {
    await see({}, async (page) => {
      await page.getByRole("link", { name: link }).click();
      await page.waitForURL(/well-known/);
      expect(await page.locator("body").textContent()).toContain(text);
    });
  }
});

it.each([
  ["a phone", 390],
  ["a tablet", 820],
  ["a screen", 1400],
])("needs no sideways scrolling on %s, but for wide tables in their frames", async (_, width) => {
  await see({ viewport: { width, height: 800 } }, async (page) => {
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(overflow).toBe(0);
  });
});

it("has the last requests beside the rest where there is room, and below it where there is none", async () => {
  const places = async (width: number) =>
    see({ viewport: { width, height: 800 } }, async (page) => {
      const left = await page.getByRole("heading", { name: "Organizations" }).boundingBox();
      const right = await page.getByRole("heading", { name: "Last requests" }).boundingBox();
      return { beside: left?.y === right?.y, below: (right?.y ?? 0) > (left?.y ?? 0) };
    });
  expect(await places(1400)).toEqual({ beside: true, below: false });
  expect(await places(800)).toEqual({ beside: false, below: true });
});

it("is readable by day and by night", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const contrasts = await see({ colorScheme }, (page) => page.evaluate<number[]>(contrastsOnPage));
    expect(contrasts.length).toBeGreaterThan(50);
    // WCAG 2.2, AA.
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
  }
});

it("shows what has happened since when it is loaded again", async () => {
  await see({ viewport: { width: 1280, height: 720 } }, async (page) => {
    tenant.setFaults(["POST /api/v2/organizations 503 count=1"]);
    await session.call("POST", "/organizations", { name: "hooli" });
    await page.reload();
    const requests = page.locator("section", { hasText: "Last requests" }).locator("tbody tr");
    const newest = await requests.first().locator("td").allInnerTexts();
    expect(newest[1]).toBe("POST /api/v2/organizations");
    expect(newest[2]).toMatch(/^503\s+fault 503$/);
    expect(await page.getByRole("heading", { name: "Organizations" }).textContent()).toBe("Organizations 5");
  });
});
