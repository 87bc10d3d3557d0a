// Every request as a line of JSON: time, method, path, status, the scope that it used, its fault, milliseconds.
import { createWriteStream, type WriteStream } from "node:fs";
import type { MiddlewareHandler } from "hono";
import type { TenantEnvironment } from "./hono-app";
import { closeFileToOthers } from "./private-files";

export interface LoggedRequest {
  time: string;
  method: string;
  path: string;
  /** Meaningless if the fault has cut the connection. */
  status: number;
  scope?: string;
  clientId?: string;
  fault?: string;
  ms: number;
}

/** What the page shows. */
const remembered = 50;

export class RequestLog {
  readonly last: LoggedRequest[] = [];
  private readonly stream: WriteStream;

  constructor(
    file: string,
    private readonly clock: () => number,
  ) {
    closeFileToOthers(file);
    this.stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  }

  readonly middleware: MiddlewareHandler<TenantEnvironment> = async (c, next) => {
    const started = performance.now();
    await next();
    const scope = c.get("scope");
    const clientId = c.get("clientId");
    const fault = c.get("fault");
    this.add({
      time: new Date(this.clock()).toISOString(),
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ...(scope !== undefined && { scope }),
      ...(clientId !== undefined && { clientId }),
      ...(fault !== undefined && { fault }),
      ms: Math.round((performance.now() - started) * 100) / 100,
    });
  };

  close(): Promise<void> {
    return new Promise((resolve) => this.stream.end(resolve));
  }

  private add(request: LoggedRequest): void {
    this.stream.write(`${JSON.stringify(request)}\n`);
    this.last.push(request);
    if (this.last.length > remembered) this.last.shift();
  }
}
