// A tenant without a server: the app is called as a function.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../src/app";
import { openTenant } from "../src/bootstrap";
import type { Plan } from "../src/plans";
import { seededRandomness } from "../src/randomness";
import { Store } from "../src/store";

export interface TestTenant {
  domain: string;
  clientId: string;
  clientSecret: string;
  fetch: typeof fetch;
  close(): Promise<void>;
}

/** In memory where the machine has such a place: a tenant writes to the disk at each change. */
export function temporaryDirectory(): { directory: string; remove(): void } {
  const memory = "/dev/shm";
  const directory = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "tenant-"));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export interface InProcessOptions {
  plan?: Plan;
  clock?: () => number;
  /** Makes ids and secrets the same in each run. */
  seed?: string;
}

export async function inProcessTenant(options: InProcessOptions = {}) {
  const { plan = "enterprise", clock = Date.now, seed = "tenant" } = options;
  const { directory, remove } = temporaryDirectory();
  const store = Store.open(directory);
  const parts = { store, clock, random: seededRandomness(seed), plan, domain: "tenant.example" };
  const { tenant, clientId, clientSecret } = await openTenant(parts, 443);
  const app = createApp(tenant);
  return {
    tenant,
    domain: tenant.domain,
    clientId,
    clientSecret,
    fetch: async (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
      app.fetch(new Request(input, init)),
    async close() {
      await tenant.events.flush();
      await store.close();
      remove();
    },
  };
}
