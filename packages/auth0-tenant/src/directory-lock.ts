// One process at a time has a tenant's directory. A listening socket says so: the kernel closes it however the process ends, so that
// no lock outlives a killed process, and no other process is taken for it because it got the same number.
import { createHash } from "node:crypto";
import { chmodSync, realpathSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Another tenant, in this process or another one, runs in the directory.
 *
 * @example
 * if (error instanceof DirectoryInUse) console.error(`Stop the other tenant in ${error.directory}.`);
 */
export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";

  constructor(readonly directory: string) {
    super(
      `The directory ${directory} is in use by another running tenant. Stop that one, or choose another directory with --dir.`,
    );
  }
}

/**
 * Takes the directory, which must exist.
 * @returns gives it back
 * @throws {DirectoryInUse}
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const address = addressOf(directory);
  const server = createServer((socket) => socket.destroy()).unref();
  if (!(await listens(server, address))) {
    if (await answers(address)) throw new DirectoryInUse(directory);
    // Its process was killed.
    rmSync(address, { force: true });
    if (!(await listens(server, address))) throw new DirectoryInUse(directory);
  }
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** In the directory, unless its path is too long for the path of a socket, which has about a hundred bytes. */
function addressOf(directory: string): string {
  const real = realpathSync(directory);
  const hash = createHash("sha256").update(real).digest("hex").slice(0, 24);
  if (process.platform === "win32") return `\\\\.\\pipe\\auth0-tenant-${hash}`;
  const inside = join(real, "lock");
  return Buffer.byteLength(inside) < 100 ? inside : join(tmpdir(), `auth0-tenant-${hash}.lock`);
}

/** @returns false if there is a socket already */
function listens(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error);
    server.once("error", fail);
    server.listen(address, () => {
      server.off("error", fail);
      if (process.platform !== "win32") chmodSync(address, 0o600);
      resolve(true);
    });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
