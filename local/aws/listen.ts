// Ports that stay the same from run to run.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";

/**
 * Listens on the loopback interface: on the given port, or on that of the last run, or on a free one, which is then
 * remembered in the directory.
 */
export async function listen(server: Server, directory: string, given?: number): Promise<number> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "port");
  const remembered = readPort(file);
  let port: number;
  if (given !== undefined && given !== 0) port = await bind(server, given);
  else if (remembered === undefined) port = await bind(server, 0);
  else
    port = await bind(server, remembered).catch((error) => (isTaken(error) ? bind(server, 0) : fail(error)));
  writeFileSync(file, `${port}\n`);
  return port;
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, "utf8"));
    return Number.isInteger(port) && port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function fail(error: unknown): never {
  throw error;
}
