// Requests that reach the tenant's port before the tenant is complete, such as those of an engine that never stopped asking.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { startTenant } from "../src";
import { temporaryDirectory } from "../testing/in-process";

/** The first answer at `url`, asked for without a pause from before the server listens. */
async function firstAnswer(fetch: typeof globalThis.fetch, url: string): Promise<Response> {
  for (let attempts = 0; attempts < 100_000; attempts += 1) {
    try {
      return await fetch(url);
    } catch {
      await nextTurn();
    }
  }
  throw new Error(`${url} never answered`);
}

test("answers a request that came while it was starting, and starts", async () => {
  const { directory, remove } = temporaryDirectory();
  // The first start makes the authority. Without a store the second one makes its keys again while the server listens.
  const first = await startTenant({ directory });
  await first.close();
  rmSync(join(directory, "store"), { recursive: true });
  const port = Number(new URL(first.url).port);
  const waiting = firstAnswer(first.fetch, `${first.url}/.well-known/jwks.json`);
  const second = await startTenant({ directory, port });
  try {
    const { status } = await waiting;
    expect(status).toBe(200);
  } finally {
    await second.close();
    remove();
  }
});
