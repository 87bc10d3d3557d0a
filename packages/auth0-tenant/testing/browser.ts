// A Chromium of the machine's own: Playwright's would be a download.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** @throws where there is none, since a test that is skipped proves nothing */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? places.find(existsSync);
  if (!executablePath) {
    throw new Error(`No browser at ${places.join(", ")}. Install Chromium, or set CHROMIUM_PATH.`);
  }
  return chromium.launch({
    executablePath,
    args: [
      // In a container there is no sandbox to have; the page is our own.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
