// What happens if another program has a port that the cloud had before.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudOptions, startCloud } from "../src/cloud";

let directory: string;
const holders: Server[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ports-"));
});

afterEach(async () => {
  for (const holder of holders.splice(0)) await new Promise((resolve) => holder.close(resolve));
  rmSync(directory, { recursive: true });
});

/** Starts the cloud and ends it. @returns its ports */
async function portsOf(options: CloudOptions = {}) {
  const { address, aws, close } = await startCloud(directory, options);
  await close();
  const urls = [`https://${address.tenant.domain}`, address.backendUrl, address.moesif.ingestUrl];
  return [...urls, aws.url, aws.ssmUrl].map((url) => Number(new URL(url).port));
}

async function hold(port: number): Promise<void> {
  const holder = createServer();
  holders.push(holder);
  await new Promise<void>((resolve) => holder.listen(port, "127.0.0.1", resolve));
}

test("each server whose port is taken names the option for another one, and gets one with it", async () => {
  const before = await portsOf();
  expect(await portsOf({ newPorts: true })).toEqual(before);
  const owners = ["Auth0 tenant", "backend", "Moesif collector", "gateway", "parameter store"];
  for (const [at, owner] of owners.entries()) {
    const port = before[at] ?? 0;
    await hold(port);
    await expect(startCloud(directory)).rejects.toThrow(
      `port ${port}, which the ${owner} had before, is taken. Stop what uses it, or start with --new-ports for another one.`,
    );
    await new Promise((resolve) => holders.pop()?.close(resolve));
  }
  for (const port of before) await hold(port);
  const after = await portsOf({ newPorts: true });
  expect(after.filter((port) => before.includes(port))).toEqual([]);
  // They are remembered.
  expect(await portsOf()).toEqual(after);
});
