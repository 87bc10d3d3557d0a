// Lets one process at a time run the cloud of a folder, and others find it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What other processes need to reach a cloud that runs. */
export interface CloudAddress {
  pid: number;
  tenant: { domain: string; caFile: string; clientId: string; clientSecret: string };
  /** Ports of the providers by package. */
  providers: Record<string, number>;
  backendUrl: string;
  /** Where API Gateway listens, also for an API that has a domain name of its own. */
  gatewayUrl: string;
  moesif: { ingestUrl: string; applicationId: string };
}

/** Claims the folder for this process. @throws where another one that lives has it. */
export function claimDirectory(directory: string): void {
  const holder = readHolder(directory);
  if (holder !== undefined && isAlive(holder)) {
    throw new DirectoryClaimed(
      `${directory} is in use by process ${holder}. Stop it, or name another folder with --directory. If it is another program, delete ${pidFile(directory)}.`,
    );
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  rmSync(addressFile(directory), { force: true });
  rmSync(pidFile(directory), { force: true });
  // Fails where another process was quicker.
  writeFileSync(pidFile(directory), String(process.pid), { flag: "wx", mode: 0o600 });
}

/** Another process that lives has claimed the folder. */
export class DirectoryClaimed extends Error {}

/** Shows other processes where the cloud is; it holds a secret. */
export function announceCloud(directory: string, address: CloudAddress): void {
  writeFileSync(addressFile(directory), JSON.stringify(address), { mode: 0o600 });
}

export function releaseDirectory(directory: string): void {
  rmSync(addressFile(directory), { force: true });
  rmSync(pidFile(directory), { force: true });
}

/** The cloud that runs in the folder, if there is one. */
export async function findRunning(directory: string): Promise<CloudAddress | undefined> {
  const holder = readHolder(directory);
  if (holder === undefined || !isAlive(holder)) return undefined;
  const address = readAddress(directory);
  if (address === undefined || (await answers(address))) return address;
  // A cloud that was killed has left its files, and another program has its process id by now.
  releaseDirectory(directory);
  return undefined;
}

function readAddress(directory: string): CloudAddress | undefined {
  try {
    return JSON.parse(readFileSync(addressFile(directory), "utf8"));
  } catch {
    return undefined;
  }
}

async function answers({ backendUrl }: CloudAddress): Promise<boolean> {
  try {
    const response = await fetch(backendUrl, { signal: AbortSignal.timeout(answerMilliseconds) });
    await response.body?.cancel();
    return true;
  } catch (error) {
    // One that takes long is there: only a closed port says that nobody is.
    return error instanceof DOMException;
  }
}

const answerMilliseconds = 2_000;

function readHolder(directory: string): number | undefined {
  try {
    return Number(readFileSync(pidFile(directory), "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const pidFile = (directory: string) => join(directory, "pid");
const addressFile = (directory: string) => join(directory, "cloud.json");
