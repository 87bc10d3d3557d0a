// Faults on demand, as a client meets them over HTTPS.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { type RunningTenant, startTenant } from "../src";
import { parseFault } from "../src/faults";
import { temporaryDirectory } from "../testing/in-process";
import { openSession, type Session, withTenant } from "../testing/main-session";

const { directory, remove } = temporaryDirectory();
// Tokens are good for a day of this clock, which nothing moves.
const now = Date.UTC(2030, 0, 1);
let tenant: RunningTenant;
let session: Session;
let organizations = 0;

beforeAll(async () => {
  tenant = await startTenant({ directory, clock: () => now });
  session = await openSession(tenant);
});

afterEach(() => tenant.setFaults([]));

afterAll(async () => {
  await tenant.close();
  remove();
});

const newName = () => {
  organizations += 1;
  return `organization-${organizations}`;
};
const create = (name: string) => session.call("POST", "/organizations", { name });
const isThere = async (name: string) =>
  (await session.call("GET", `/organizations/name/${name}`)).status === 200;

it.each([
  ["429", 429, false],
  ["500", 500, false],
  ["503", 503, false],
  ["500-after", 500, true],
])("%s answers %d, and the write has landed: %s", async (kind, status, landed) => {
  tenant.setFaults([`POST /api/v2/organizations ${kind} count=1`]);
  const name = newName();
  expect(await create(name)).toMatchObject({
    status,
    body: { statusCode: status, error: expect.any(String) },
  });
  expect(await isThere(name)).toBe(landed);
  expect(await create(name)).toMatchObject({ status: landed ? 409 : 201 });
});

it.each([
  ["reset", false],
  ["truncate", true],
])("%s cuts the connection, and the write has landed: %s", async (kind, landed) => {
  tenant.setFaults([`POST /api/v2/organizations ${kind} count=1`]);
  const name = newName();
  await expect(create(name)).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(await isThere(name)).toBe(landed);
  expect(await create(name)).toMatchObject({ status: landed ? 409 : 201 });
});

it("truncates in the middle of the body that it has announced", async () => {
  const name = newName();
  const { body } = await create(name);
  tenant.setFaults(["GET /api/v2/organizations/name/* truncate count=1"]);
  const whole = JSON.stringify(body);
  const { headers, received } = await readUntilCut(`/api/v2/organizations/name/${name}`);
  expect(headers).toMatch(/^HTTP\/1.1 200 /);
  expect(headers).toContain(`content-length: ${whole.length}`);
  expect(received).toBe(whole.slice(0, Math.floor(whole.length / 2)));
});

it("429 says when to come back", async () => {
  tenant.setFaults(["GET /api/v2/clients 429 reset=7"]);
  const { status, headers, body } = await session.call("GET", "/clients");
  expect({ status, body }).toEqual({
    status: 429,
    body: {
      statusCode: 429,
      error: "Too Many Requests",
      message: "Global limit has been reached",
      errorCode: "too_many_requests",
    },
  });
  expect(Object.fromEntries(headers)).toMatchObject({
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(now / 1000 + 7),
    "retry-after": "7",
  });
});

it("slow lets a later request overtake", async () => {
  tenant.setFaults(["POST /api/v2/organizations slow delay=500 count=1"]);
  const answered: string[] = [];
  const name = newName();
  const slow = create(name).then(({ status }) => answered.push(`slow ${status}`));
  const quick = session.call("GET", "/clients").then(({ status }) => answered.push(`quick ${status}`));
  await Promise.all([slow, quick]);
  expect(answered).toEqual(["quick 200", "slow 201"]);
});

it("closes without the requests that are still slow", async () => {
  let slow = Promise.resolve();
  await withTenant({ faults: ["GET / slow delay=3600000"] }, async ({ url }, { fetch }) => {
    slow = expect(fetch(url)).rejects.toMatchObject({ code: "ECONNRESET" });
    // Answered on a connection of its own, so the slow one has most likely arrived before.
    await (await fetch(`${url}/.well-known/jwks.json`)).text();
  });
  await slow;
});

it("happens as often as count says", async () => {
  tenant.setFaults(["GET /api/v2/clients 503 count=3"]);
  expect(await statuses(5)).toEqual([503, 503, 503, 200, 200]);
});

it("happens by probability, the same for the same seed", async () => {
  const fault = "GET /api/v2/clients 500 probability=0.3";
  const runs: number[][] = [];
  for (const seed of [7, 7, 8]) {
    tenant.setFaults([`${fault} seed=${seed}`]);
    runs.push(await statuses(100));
  }
  const [first, again, other] = runs;
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  const failed = first?.filter((status) => status === 500).length;
  expect(failed).toBeGreaterThan(15);
  expect(failed).toBeLessThan(45);
});

it("goes on to the next fault when one is used up, and counts both", async () => {
  tenant.setFaults([
    "GET /api/v2/clients 429 count=1",
    "* /api/v2/* 503 count=2",
    "GET /api/v2/clients 500 count=1 probability=1",
  ]);
  expect(await statuses(5)).toEqual([429, 503, 503, 500, 200]);
});

it("stands in the request log", async () => {
  const { directory, remove } = temporaryDirectory();
  const faults = ["GET /api/v2/clients 503 count=1", "GET /api/v2/clients reset count=1"];
  await withTenant({ faults, directory }, async (_, { call }) => {
    await call("GET", "/clients");
    await expect(call("GET", "/clients")).rejects.toMatchObject({ code: "ECONNRESET" });
    await call("GET", "/clients");
  });
  const text = readFileSync(join(directory, "requests.jsonl"), "utf8").trimEnd();
  const [, ...lines]: unknown[] = text.split("\n").map((line) => JSON.parse(line));
  const line = { method: "GET", path: "/api/v2/clients" };
  expect(lines).toMatchObject([{ ...line, status: 503, fault: "503" }, { ...line, fault: "reset" }, line]);
  expect(lines[2]).not.toHaveProperty("fault");
  remove();
});

it.each([
  ["POST /api/v2/clients 503", [200, 200, 200]],
  ["GET /api/v2/clients 503", [503, 200, 200]],
  ["* /api/v2/clients 503", [503, 200, 200]],
  ["* /api/v2/client* 503", [503, 503, 200]],
  ["GET * 503", [503, 503, 503]],
  // A dot is a dot.
  ["GET /api.v2/clients 503", [200, 200, 200]],
])("%s meets only what it names", async (fault, expected) => {
  tenant.setFaults([fault]);
  const found: number[] = [];
  for (const path of ["/clients", "/client-grants", "/users"]) {
    found.push((await session.call("GET", path)).status);
  }
  expect(found).toEqual(expected);
});

it("meets the token endpoint as well", async () => {
  tenant.setFaults(["POST /oauth/token 503 count=1"]);
  await expect(openSession(tenant)).rejects.toThrow("no token: 503");
  await openSession(tenant);
});

it.each([
  ["", "expected METHOD PATH KIND"],
  ["GET /", "expected METHOD PATH KIND"],
  ["get / 500", "expected METHOD PATH KIND"],
  ["GET api 500", "expected METHOD PATH KIND"],
  ["GET / 502", "429, 500, 503, 500-after, slow, reset, truncate"],
  ["GET / 500 twice", '"twice" is none of count=NUMBER, probability=NUMBER'],
  ["GET / 500 count=", '"count=" is none of'],
  ["GET / 500 count=many", '"count=many" is none of'],
  ["GET / 500 count=-1", '"count=-1" is none of'],
  ["GET / 500 times=2", '"times=2" is none of'],
])("refuses the fault %p", (spec, message) => {
  expect(() => parseFault(spec)).toThrow(`fault "${spec}": `);
  expect(() => parseFault(spec)).toThrow(message);
});

it("keeps the faults that it had where the new ones say nothing", async () => {
  tenant.setFaults(["GET /api/v2/clients 503"]);
  expect(() => tenant.setFaults(["GET /api/v2/clients 500", "nonsense"])).toThrow('fault "nonsense"');
  expect(await statuses(1)).toEqual([503]);
});

async function statuses(requests: number): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < requests; n += 1) found.push((await session.call("GET", "/clients")).status);
  return found;
}

/** What comes over the wire before the connection ends. */
function readUntilCut(path: string): Promise<{ headers: string; received: string }> {
  const { authorization } = session;
  const { host, port } = new URL(tenant.url);
  return new Promise((resolve) => {
    const socket = connect({ host: "localhost", port: Number(port), ca: readFileSync(tenant.caFile) });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      const [headers = "", received = ""] = text.split("\r\n\r\n");
      resolve({ headers, received });
    });
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n\r\n`);
  });
}
