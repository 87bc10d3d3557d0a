// Faults that a client must live with, on demand: `METHOD PATH KIND [count=N] [probability=P] [seed=S] [reset=S] [delay=MS]`.
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import type { TenantEnvironment } from "./hono-app";
import { Problem } from "./problem";
import { randomFraction, seededRandomness } from "./randomness";

export const faultKinds = [
  /** Too many requests, with `x-ratelimit-reset` in `reset` seconds. */
  "429",
  /** Before anything was written. */
  "500",
  "503",
  /** After the write has landed. */
  "500-after",
  /** The answer comes after `delay` milliseconds. */
  "slow",
  /** The connection is cut before anything was written. */
  "reset",
  /** The answer ends in its middle; the write has landed. */
  "truncate",
] as const;
type FaultKind = (typeof faultKinds)[number];

interface Fault {
  matches(method: string, path: string): boolean;
  kind: FaultKind;
  /** Times that it may still happen. */
  left: number;
  happens(): boolean;
  reset: number;
  delay: number;
}

export class Faults {
  private faults: Fault[] = [];

  constructor(
    specs: string[],
    private readonly clock: () => number,
  ) {
    this.set(specs);
  }

  /** Replaces the faults before. @throws for a spec that is not one */
  set(specs: string[]): void {
    this.faults = specs.map(parseFault);
  }

  readonly middleware: MiddlewareHandler<TenantEnvironment> = async (c, next) => {
    const { method, path } = c.req;
    const fault = this.faults.find((one) => one.left > 0 && one.matches(method, path) && one.happens());
    if (!fault) return next();
    fault.left -= 1;
    c.set("fault", fault.kind);
    switch (fault.kind) {
      case "429":
        return tooManyRequests(fault, this.clock());
      case "500":
      case "503":
        return failure(Number(fault.kind));
      case "500-after":
        await next();
        c.res = failure(500);
        return;
      case "slow":
        // A process that ends doesn't wait for it.
        await new Promise((resolve) => setTimeout(resolve, fault.delay).unref());
        return next();
      case "reset":
        connectionOf(c).destroy();
        return RESPONSE_ALREADY_SENT;
      case "truncate":
        await next();
        await truncate(c);
        // Removed first, or Hono would send a copy of it again.
        c.res = undefined;
        c.res = RESPONSE_ALREADY_SENT;
    }
  };
}

export function parseFault(spec: string): Fault {
  const [method = "", path = "", kind, ...settings] = spec.trim().split(/\s+/);
  const known = faultKinds.find((one) => one === kind);
  if (!/^(\*|[A-Z]+)$/.test(method) || !/^[/*]/.test(path) || !known) {
    throw new Error(`fault "${spec}": expected METHOD PATH KIND, with a KIND of ${faultKinds.join(", ")}`);
  }
  const values = new Map([
    ["count", Number.POSITIVE_INFINITY],
    ["probability", 1],
    ["seed", 1],
    ["reset", 1],
    ["delay", 1000],
  ]);
  for (const setting of settings) {
    const [name = "", text = ""] = setting.split("=");
    const value = Number(text);
    if (!values.has(name) || text === "" || Number.isNaN(value) || value < 0) {
      throw new Error(
        `fault "${spec}": "${setting}" is none of ${[...values.keys()].map((one) => `${one}=NUMBER`).join(", ")}`,
      );
    }
    values.set(name, value);
  }
  const pattern = new RegExp(`^${path.split("*").map(literal).join(".*")}$`);
  const random = seededRandomness(String(values.get("seed")));
  return {
    matches: (requested, at) => (method === "*" || method === requested) && pattern.test(at),
    kind: known,
    left: values.get("count") ?? 0,
    happens: () => randomFraction(random) < (values.get("probability") ?? 1),
    reset: values.get("reset") ?? 0,
    delay: values.get("delay") ?? 0,
  };
}

const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

function failure(status: number): Response {
  return Response.json(new Problem(status, "A fault that was asked for.").body, { status });
}

function tooManyRequests({ reset }: Fault, now: number): Response {
  const headers = {
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.ceil(now / 1000) + reset),
    "retry-after": String(reset),
  };
  const { body } = new Problem(429, "Global limit has been reached", "too_many_requests");
  return Response.json(body, { status: 429, headers });
}

async function truncate(c: Context<TenantEnvironment>): Promise<void> {
  const { outgoing } = c.env;
  if (!outgoing || !("socket" in outgoing)) throw noConnection();
  const body = Buffer.from(await c.res.arrayBuffer());
  outgoing.writeHead(c.res.status, { ...Object.fromEntries(c.res.headers), "content-length": body.length });
  const half = body.subarray(0, Math.floor(body.length / 2));
  await new Promise<void>((resolve) => outgoing.write(half, () => resolve()));
  outgoing.socket?.destroy();
}

function connectionOf(c: Context<TenantEnvironment>): { destroy(): unknown } {
  const socket = c.env.outgoing?.socket;
  if (!socket) throw noConnection();
  return socket;
}

const noConnection = () => new Error("this fault needs a connection; in-process there is none");
