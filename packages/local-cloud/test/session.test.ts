// How a command of the local cloud hears that it has to end, and which cloud it can join.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { announceCloud } from "../src/presence";
import { withCloud } from "../src/session";

let directory: string;
const { npm_lifecycle_event: event } = process.env;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-"));
  jest.spyOn(console, "error").mockImplementation();
});

afterEach(() => {
  if (event === undefined) delete process.env.npm_lifecycle_event;
  else process.env.npm_lifecycle_event = event;
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

test("a command that waits for Ctrl-C also ends with one that came before it waited", async () => {
  const isAborted = await withCloud({ directory }, async ({ signal, interrupted }) => {
    process.emit("SIGINT");
    await new Promise(setImmediate);
    await interrupted;
    return signal.aborted;
  });
  expect(isAborted).toBe(true);
});

test("a command that npx started ends when npx's shell is gone, since npx passes no signal on", async () => {
  process.env.npm_lifecycle_event = "npx";
  await withCloud({ directory }, async ({ interrupted }) => {
    jest.replaceProperty(process, "ppid", 1);
    await interrupted;
  });
});

describe("with a cloud that another process runs, without the Developer Portal's plugin", () => {
  const server = createServer((_request, response) => response.end());
  const other = spawn("sleep", ["60"], { stdio: "ignore" });
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    other.kill();
    server.close();
  });
  beforeEach(() => {
    writeFileSync(join(directory, "pid"), String(other.pid));
    const caFile = join(directory, "ca.pem");
    writeFileSync(caFile, "");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    announceCloud(directory, {
      pid: other.pid ?? 0,
      tenant: { domain: "localhost:1", caFile, clientId: "", clientSecret: "" },
      providers: {},
      backendUrl: url,
      gatewayUrl: url,
      moesif: { ingestUrl: url, applicationId: "" },
    });
  });
  const joinCloud = (deploys?: { hasPortal: boolean }) =>
    withCloud({ directory, ...(deploys && { deploys }) }, async () => "joined");
  const missing = "was started without the Developer Portal's plugin. End it with Ctrl-C";

  test("a command that deploys the portal is refused, and any other joins", async () => {
    await expect(joinCloud({ hasPortal: true })).rejects.toThrow(missing);
    expect(await joinCloud({ hasPortal: false })).toBe("joined");
    expect(await joinCloud()).toBe("joined");
  });

  test("a command that would delete the portal is refused, too", async () => {
    const stacks = join(directory, "engine/state/.pulumi/stacks/acme");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "local.json"), '{ "type": "pulumi:providers:awsx" }');
    await expect(joinCloud({ hasPortal: false })).rejects.toThrow(missing);
    expect(await joinCloud()).toBe("joined");
  });
});
