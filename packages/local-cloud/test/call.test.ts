// What `npx customers local call` makes of an answer; test/e2e/start.test.ts calls a deployed API.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callApi, hasHeader, parseHeader, parseStatus, readData } from "../src/call";

let server: Server;
let url: string;
let received: { headers: IncomingHttpHeaders; body: Buffer };
beforeAll(async () => {
  // Answers with the status that the path names.
  server = createServer(async (request, response) => {
    const { url: path = "", headers } = request;
    received = { headers, body: Buffer.concat(await request.toArray()) };
    response.writeHead(Number(path.slice(1)), { "content-type": "text/plain" });
    response.end(headers.authorization);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

let [stdout, stderr] = ["", ""];
beforeEach(() => {
  [stdout, stderr] = ["", ""];
  jest.spyOn(console, "log").mockImplementation((text) => (stdout += text));
  jest.spyOn(console, "error").mockImplementation((text) => (stderr += `${text}\n`));
});
afterEach(() => jest.restoreAllMocks());

const call = (path: string, expected?: number) =>
  callApi({
    url,
    method: "GET",
    path,
    headers: [["authorization", "Bearer x"]],
    ...(expected && { expected }),
  });

test.each([
  ["/200", undefined, true],
  ["/202", undefined, true],
  ["/403", undefined, false],
  ["/503", undefined, false],
  ["/403", 403, true],
  ["/200", 403, false],
  ["/401", 403, false],
])("the answer to %s, if %s is expected: %s", async (path, expected, isAsExpected) => {
  expect(await call(path, expected)).toBe(isAsExpected);
  expect(stdout).toBe("Bearer x");
  expect(stderr.startsWith(`${path.slice(1)} `)).toBe(true);
});

test("an unexpected answer is explained, with the option that expects it", async () => {
  await call("/503");
  expect(stderr).toContain("The status is 503, and not 200 to 299. If you expect it: --expect 503");
  await call("/200", 403);
  expect(stderr).toContain("The status is 200, and not 403.");
});

test("a status has three digits", () => {
  expect(["200", "403", "99", "600", "ok", ""].map(parseStatus)).toEqual([200, 403, ...Array(4)]);
});

test("sends the headers and the body as they are, byte for byte", async () => {
  const body = Buffer.from([0, 255, 128]);
  await callApi({
    url,
    method: "POST",
    path: "/200",
    headers: [
      ["Accept", "text/csv"],
      ["X-Tag", "a"],
      ["x-tag", "b"],
    ],
    body,
  });
  expect(received.body).toEqual(body);
  expect(received.headers).toMatchObject({ accept: "text/csv", "x-tag": "a, b" });
});

test.each([
  ["Accept: text/csv", ["Accept", "text/csv"]],
  ["If-Match:*", ["If-Match", "*"]],
  ["X-Time: 10:30", ["X-Time", "10:30"]],
  ["X-Empty:", ["X-Empty", ""]],
  ["Accept", undefined],
  [": text/csv", undefined],
  ["Not a name: x", undefined],
])("reads the header %p as %p", (text, header) => {
  expect(parseHeader(text)).toEqual(header);
});

test("finds a header by its name in any case", () => {
  expect(hasHeader([["Content-TYPE", "text/plain"]], "content-type")).toBe(true);
  expect(hasHeader([["Accept", "text/plain"]], "content-type")).toBe(false);
});

test("reads a body from the command line or from a file, and reports a file that is missing", () => {
  const folder = mkdtempSync(join(tmpdir(), "call-"));
  const file = join(folder, "order.json");
  writeFileSync(file, '{"sku": "A-1"}\n');
  expect(readData('{"sku": "A-2"}')).toBe('{"sku": "A-2"}');
  expect(String(readData(`@${file}`))).toBe('{"sku": "A-1"}\n');
  rmSync(folder, { recursive: true });
  expect(() => readData(`@${file}`)).toThrow(`There is no file "${file}".`);
});
