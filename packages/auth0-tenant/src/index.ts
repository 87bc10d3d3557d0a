// An Auth0 tenant on localhost, over TLS, which Auth0's own clients can't tell from a real one. This is the package's whole interface.
import { mkdirSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { createApp } from "./app";
import { openAuthority } from "./authority";
import { openTenant } from "./bootstrap";
import { Faults } from "./faults";
import { newHono } from "./hono-app";
import { serveStatusPage } from "./page";
import type { Plan } from "./plans";
import { ensurePrivateFolder } from "./private-files";
import { type Randomness, systemRandomness } from "./randomness";
import { RateLimits } from "./rate-limits";
import { RequestLog } from "./request-log";
import type { SeedRequest } from "./seed";
import { Store } from "./store";
import { trustingFetch } from "./trusting-fetch";

export { managementScopes } from "./management-scopes";
export { onEndOfNpx } from "./npx";
export { type Plan, planNames } from "./plans";
export { type Randomness, randomFraction, seededRandomness } from "./randomness";
export { parseSeed, type SeedRequest } from "./seed";
export { trustingFetch } from "./trusting-fetch";

export interface TenantOptions {
  /** Where the tenant keeps its state, keys and certificates. */
  directory: string;
  /** Default: the port that the directory remembers, or a free one. */
  port?: number;
  /** Default: enterprise. */
  plan?: Plan;
  /** The plan whose rate limits hold; default: no rate limits. */
  rateLimits?: Plan;
  /** Runs when the directory is new. */
  seed?: readonly SeedRequest[];
  /** Such as `POST /api/v2/clients 500-after count=1`. */
  faults?: string[];
  /** Milliseconds since 1970. */
  clock?: () => number;
  random?: Randomness;
}

export interface RunningTenant {
  /** `localhost:PORT` */
  domain: string;
  /** `https://localhost:PORT` */
  url: string;
  /** PEM file of the tenant's own authority. */
  caFile: string;
  /** A client with every scope of the Management API, like the one that a user makes for Pulumi. */
  clientId: string;
  clientSecret: string;
  /** What the requests of the seed saved. */
  seeded: Readonly<Record<string, string>>;
  /** Trusts the tenant's authority. */
  fetch: typeof fetch;
  /** Replaces the faults that happen from now on. */
  setFaults(specs: string[]): void;
  close(): Promise<void>;
}

/** Another program listens at the port that the tenant was given, or that its directory remembers. */
export class PortTaken extends Error {
  constructor(
    message: string,
    readonly port: number,
  ) {
    super(message);
  }
}

/** @throws {PortTaken} */
export async function startTenant(options: TenantOptions): Promise<RunningTenant> {
  const { directory, clock = Date.now, random = systemRandomness } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const authority = await openAuthority(directory);
  ensurePrivateFolder(join(directory, "store"));
  const store = Store.open(join(directory, "store"));
  const requests = new RequestLog(join(directory, "requests.jsonl"), clock);
  const faults = new Faults(options.faults ?? [], clock);
  // The port makes the domain, and the domain is all over the tenant: so the server listens before the app is there.
  // Requests wait until then, since Hono takes no more routes once it has answered.
  const hono = newHono();
  let admitRequests = () => {};
  const isComplete = new Promise<void>((resolve) => {
    admitRequests = resolve;
  });
  const server = createAdaptorServer({
    async fetch(request, env) {
      await isComplete;
      return hono.fetch(request, env);
    },
    createServer,
    // A client that reuses a connection just as we close it would see a reset: so an idle one stays open for long.
    serverOptions: { ...authority.tls, minVersion: "TLSv1.2", keepAliveTimeout: 120_000 },
  });
  try {
    const remembered = store.read((view) => view.getMeta<number>("port"));
    const port = await listen(server, options.port ?? remembered ?? 0);
    const domain = `localhost:${port}`;
    const plan = options.plan ?? "enterprise";
    const opened = await openTenant({ store, clock, random, plan, domain }, port, options.seed);
    const { tenant, clientId, clientSecret, seeded } = opened;
    hono.use(requests.middleware, faults.middleware);
    if (options.rateLimits) hono.use(new RateLimits(options.rateLimits, clock).middleware);
    serveStatusPage(hono, tenant, requests);
    createApp(tenant, hono);
    admitRequests();
    return {
      domain,
      url: `https://${domain}`,
      caFile: authority.caFile,
      clientId,
      clientSecret,
      seeded,
      fetch: trustingFetch(authority.caFile),
      setFaults: (specs) => faults.set(specs),
      async close() {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          if ("closeAllConnections" in server) server.closeAllConnections();
        });
        await tenant.events.close();
        await requests.close();
        await store.close();
      },
    };
  } catch (error) {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    await requests.close();
    await store.close();
    throw error;
  }
}

function listen(server: ReturnType<typeof createAdaptorServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new PortTaken(
              `port ${port} of the tenant is taken. Stop what uses it, or give another port.`,
              port,
            )
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
