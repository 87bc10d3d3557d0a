// What `npx customers local call` makes of an answer; test/e2e/start.test.ts calls a deployed API.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { callApi, parseStatus } from "../src/call";

let server: Server;
let url: string;
beforeAll(async () => {
  // Answers with the status that the path names.
  server = createServer(({ url: path = "", headers }, response) => {
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
    headers: { authorization: "Bearer x" },
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
