// An Auth0 tenant on localhost, over TLS, which Auth0's own clients use as they use a real one. This is the package's whole interface.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo, isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { createApp } from "./app";
import { openAuthority } from "./authority";
import { openTenant } from "./bootstrap";
import { lockDirectory } from "./directory-lock";
import { Faults } from "./faults";
import { newHono } from "./hono-app";
import { serveStatusPage } from "./page";
import type { Plan } from "./plans";
import { ensurePrivateFolder } from "./private-files";
import { type Randomness, systemRandomness } from "./randomness";
import { RateLimits } from "./rate-limits";
import { RequestLog } from "./request-log";
import type { SeededIds } from "./seed/fill-tenant";
import { type ReadSeed, readSeed } from "./seed/read-seed";
import type { SeedRequest } from "./seed/seed-requests";
import type { Seed } from "./seed/seed-schema";
import { Store } from "./store";
import { trustingFetch } from "./trusting-fetch";

export { SeedChanged } from "./bootstrap";
export { DirectoryInUse } from "./directory-lock";
export { managementScopes } from "./management-scopes";
export { onEndOfNpx } from "./npx";
export { type Plan, planNames } from "./plans";
export { type Randomness, randomFraction, seededRandomness } from "./randomness";
export type { SeededIds } from "./seed/fill-tenant";
export { parseSeed, type ReadSeed } from "./seed/read-seed";
export { SeedError, type SeedProblem, type SeedProblemCode } from "./seed/seed-problem";
export type { SeedRequest } from "./seed/seed-requests";
export type { Seed } from "./seed/seed-schema";
export { trustingFetch } from "./trusting-fetch";

/**
 * How a tenant starts. Every option has a default.
 *
 * @example
 * const options: TenantOptions = {
 *   seed: "tenant.yaml",
 *   plan: "free",
 *   faults: ["POST /api/v2/clients 500-after count=1"],
 * };
 */
export interface TenantOptions {
  /** Where the tenant keeps its state, keys and certificates. Default: a temporary folder, which `close()` removes. */
  directory?: string;
  /** Default: the port that the directory remembers, or a free one. */
  port?: number;
  /** Address that the server listens at, such as `0.0.0.0` in a container. Default: `127.0.0.1`. */
  host?: string;
  /**
   * Domain by which clients reach the tenant, such as `auth0` for a container of that name. Its port is that of the server unless it has one
   * itself; `auth0.test:443` is `auth0.test`. The certificate is for this host as well as for `localhost`. Default: `localhost`.
   */
  domain?: string;
  /** Default: enterprise. */
  plan?: Plan;
  /** The plan whose rate limits hold; default: no rate limits. */
  rateLimits?: Plan;
  /** Fills a new tenant: the path of a YAML or JSON file, a value, or what `parseSeed()` returned. */
  seed?: string | Seed | readonly SeedRequest[] | ReadSeed;
  /** Whether the directory's state is deleted first. Its certificates, signing keys and port stay. Default: false. */
  reset?: boolean;
  /** Such as `POST /api/v2/clients 500-after count=1`. */
  faults?: string[];
  /** Milliseconds since 1970. */
  clock?: () => number;
  random?: Randomness;
}

/**
 * A tenant that answers requests.
 *
 * @example
 * const { domain, clientId, clientSecret, fetch } = tenant;
 * const management = new ManagementClient({ domain, clientId, clientSecret, fetch });
 */
export interface RunningTenant {
  /** `localhost:PORT`, or the domain that was given. */
  domain: string;
  /** `https://DOMAIN` */
  url: string;
  /** PEM file of the tenant's own authority. */
  caFile: string;
  /** A client with every scope of the Management API, like the one that a user makes for Pulumi. */
  clientId: string;
  clientSecret: string;
  /** Ids of what the seed made, by name. */
  seeded: SeededIds;
  /** Trusts the tenant's authority. */
  fetch: typeof fetch;
  /** Replaces the faults that happen from now on. */
  setFaults(specs: string[]): void;
  close(): Promise<void>;
  /** Closes the tenant at the end of a block: `await using tenant = await startTenant();` */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Another program listens at the port that the tenant was given, or that its directory remembers.
 *
 * @example
 * if (error instanceof PortTaken) await startTenant({ directory, port: 0 });
 */
export class PortTaken extends Error {
  override readonly name = "PortTaken";

  constructor(
    message: string,
    readonly port: number,
  ) {
    super(message);
  }
}

/**
 * Starts a tenant in this process.
 *
 * @example
 * const tenant = await startTenant({ seed: { organizations: [{ name: "acme" }] } });
 * const keys = await tenant.fetch(`${tenant.url}/.well-known/jwks.json`);
 * console.log(tenant.seeded.organizations.acme, keys.status);
 * await tenant.close();
 *
 * @throws {SeedError} if the seed is wrong or refused
 * @throws {SeedChanged} if the directory isn't new, and was filled by another seed
 * @throws {PortTaken}
 * @throws {DirectoryInUse}
 */
export async function startTenant(options: TenantOptions = {}): Promise<RunningTenant> {
  const seed = options.seed === undefined ? undefined : readSeed(options.seed);
  if (options.directory !== undefined) return startIn(options.directory, options, seed);
  const directory = mkdtempSync(join(tmpdir(), "auth0-tenant-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const tenant = await startIn(directory, options, seed);
    const close = () => tenant.close().finally(remove);
    return { ...tenant, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    remove();
    throw error;
  }
}

async function startIn(directory: string, options: TenantOptions, seed?: ReadSeed): Promise<RunningTenant> {
  const { clock = Date.now, random = systemRandomness, domain: wanted = "localhost" } = options;
  const faults = new Faults(options.faults ?? [], clock);
  const firstMade = makeDirectory(directory);
  // In the reverse order of their opening; whatever was opened is closed, also if a later step fails.
  const closers: (() => unknown)[] = [await lockDirectory(directory)];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const authority = await openAuthority(directory, parseDomain(wanted).host);
    ensurePrivateFolder(join(directory, "store"));
    const store = Store.open(join(directory, "store"));
    closers.push(() => store.close());
    const requests = new RequestLog(join(directory, "requests.jsonl"), clock);
    closers.push(() => requests.close());
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
    const remembered = store.read((view) => view.getMeta<number>("port"));
    const port = await listen(server, options.port ?? remembered ?? 0, options.host ?? "127.0.0.1");
    let closeLog = () => Promise.resolve();
    closers.push(async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
      await closeLog();
    });
    const domain = renderDomain(wanted, port);
    const plan = options.plan ?? "enterprise";
    const filling = { ...(seed && { seed }), reset: options.reset ?? false, directory };
    const opened = await openTenant({ store, clock, random, plan, domain }, port, filling);
    const { tenant, clientId, clientSecret, seeded } = opened;
    closeLog = () => tenant.events.close();
    hono.use(requests.middleware, faults.middleware);
    if (options.rateLimits) hono.use(new RateLimits(options.rateLimits, clock).middleware);
    serveStatusPage(hono, tenant, requests, authority.caFile);
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
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    // A folder of a tenant that never was would be taken for an old one.
    if (firstMade !== undefined) rmSync(firstMade, { recursive: true, force: true });
    throw error;
  }
}

/** @returns the first folder that was not there, if there was one. @throws with what to do */
function makeDirectory(directory: string): string | undefined {
  try {
    return mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code = "", message = "" } = Object(error);
    const isFile = code === "EEXIST" || code === "ENOTDIR";
    const reason = isFile ? "there is a file of that name" : message;
    throw new Error(`The directory ${directory} can't be made: ${reason}. Choose another one.`);
  }
}

/** @throws if it has a scheme, a path or no host */
function parseDomain(domain: string): { host: string; port?: number } {
  const [, host, port] = /^([\w.-]+|\[[\da-fA-F:]+\])(?::(\d{1,5}))?$/.exec(domain) ?? [];
  if (host === undefined) {
    throw new Error(
      `"${domain}" is not a domain. Give a host without https:// and without a path, such as localhost:8443.`,
    );
  }
  const bare = host.replace(/^\[|\]$/g, "");
  return { host: isIP(bare) === 0 ? host : bare, ...(port !== undefined && { port: Number(port) }) };
}

/** Without the port of HTTPS, which clients leave out. */
function renderDomain(wanted: string, listening: number): string {
  const { port = listening } = parseDomain(wanted);
  const name = wanted.replace(/:\d{1,5}$/, "");
  return port === 443 ? name : `${name}:${port}`;
}

function listen(server: ReturnType<typeof createAdaptorServer>, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explainListenError(error, port, host)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function explainListenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new PortTaken(
        `Port ${port} of the tenant is taken. Stop what uses it, or give another port.`,
        port,
      );
    case "EACCES":
      return new Error(`This user can't listen at port ${port}. Choose a port from 1024.`);
    case "EADDRNOTAVAIL":
    case "EAI_AGAIN":
    case "ENOTFOUND":
      return new Error(
        `This machine has no address ${host}. Choose 127.0.0.1, or 0.0.0.0 for all of its addresses.`,
      );
    default:
      return error;
  }
}
