// A tenant in a process of its own: it can be killed, and starts again with the same state on the same port.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TenantOfCloud } from "./cloud";

export interface TenantProcess extends TenantOfCloud {
  readonly pid: number;
  /** Ends it as a power cut of its machine would: nothing is closed. */
  kill(): Promise<void>;
  /** Starts it again, with other arguments where there are any. */
  restart(args?: readonly string[]): Promise<void>;
}

/** @param args of `auth0-tenant`, beside the directory */
export async function startTenantProcess(
  directory: string,
  args: readonly string[] = [],
): Promise<TenantProcess> {
  let running = await start(directory, args);
  const end = async (signal: NodeJS.Signals) => {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  const { domain, caFile, clientId, clientSecret } = running.address;
  return {
    ...{ domain, caFile, clientId, clientSecret },
    get pid() {
      return running.child.pid ?? 0;
    },
    kill: () => end("SIGKILL"),
    close: () => end("SIGTERM"),
    async restart(changed = args) {
      await end("SIGTERM");
      running = await start(directory, changed);
    },
  };
}

interface Started {
  child: ChildProcess;
  address: Record<"domain" | "caFile" | "clientId" | "clientSecret", string>;
}

async function start(directory: string, args: readonly string[]): Promise<Started> {
  const program = require.resolve("auth0-tenant/bin");
  const child = spawn(process.execPath, [program, "--dir", directory, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, address: JSON.parse(line) };
  }
  throw new Error(`the tenant in ${directory} has ended without a word`);
}
