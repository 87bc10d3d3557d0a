// One process runs the cloud of a folder, and others find it.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { announceCloud, type CloudAddress, claimDirectory, findRunning } from "../src/presence";

let directory: string;
let other: ChildProcess;
let server: Server;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "presence-"));
  other = spawn("sleep", ["60"], { stdio: "ignore" });
  server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  other.kill();
  server.close();
  rmSync(directory, { recursive: true });
});

const pidFile = () => join(directory, "pid");

/** A cloud that the other process has announced. */
function announce(): CloudAddress {
  const address: CloudAddress = {
    pid: other.pid ?? 0,
    tenant: { domain: "localhost:1", caFile: "", clientId: "", clientSecret: "" },
    providers: {},
    backendUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    gatewayUrl: "",
    moesif: { ingestUrl: "", applicationId: "" },
  };
  writeFileSync(pidFile(), String(other.pid));
  announceCloud(directory, address);
  return address;
}

test("a cloud that another process runs is found", async () => {
  expect(await findRunning(directory)).toBeUndefined();
  const address = announce();
  expect(await findRunning(directory)).toEqual(address);
});

test("a folder that another process has claimed is refused, with the way out", () => {
  writeFileSync(pidFile(), String(other.pid));
  expect(() => claimDirectory(directory)).toThrow(
    `${directory} is in use by process ${other.pid}. Stop it, or name another folder with --directory. If it is another program, delete ${pidFile()}.`,
  );
});

test("what a killed cloud has left is no cloud, also if another program has its process id", async () => {
  announce();
  await new Promise((resolve) => server.close(resolve));
  expect(await findRunning(directory)).toBeUndefined();
  claimDirectory(directory);
  expect(readFileSync(pidFile(), "utf8")).toBe(String(process.pid));
  expect(existsSync(join(directory, "cloud.json"))).toBe(false);
});

test("the folder of a process that is gone is free", async () => {
  announce();
  const gone = new Promise((resolve) => other.once("exit", resolve));
  other.kill("SIGKILL");
  await gone;
  expect(await findRunning(directory)).toBeUndefined();
  claimDirectory(directory);
  expect(readFileSync(pidFile(), "utf8")).toBe(String(process.pid));
});
