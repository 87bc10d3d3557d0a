// Ports that stay the same from run to run, since URLs with them end up in the stack's state.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { privateFolder } from "./private-files";

/**
 * Listens on the loopback interface at the port that `file` remembers, or at a free one that it then remembers.
 * @throws where the remembered port is taken, with the way out
 */
export async function listenAtRememberedPort(server: Server, file: string, owner: string): Promise<number> {
  const remembered = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(takenMessage(remembered, owner)) : error),
    );
    server.listen(remembered, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : remembered);
    });
  });
  privateFolder(dirname(file));
  writeFileSync(file, `${port}\n`, { mode: 0o600 });
  return port;
}

/** The option is one of `customers local`. */
export const takenMessage = (port: number, owner: string) =>
  `port ${port}, which ${owner} had before, is taken. Stop what uses it, or start with --new-ports for another one.`;

/** Has the servers of these folders choose another port at their start, if the remembered one is taken. */
export async function forgetTakenPorts(folders: readonly string[]): Promise<void> {
  for (const file of folders.map((folder) => join(folder, "port")).filter(existsSync)) {
    if (!(await isFree(Number(readFileSync(file, "utf8"))))) rmSync(file);
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Closes the server and every connection to it. */
export function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
