// What arrives at a server is what was asked for, to the letter.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createTransport } from "../../src/verify/transport";

const server = createServer((request, response) => {
  received = request;
  response.setHeader("X-Answer", ["a", "b"]).end(Buffer.from([0xff, 0x00]));
});
let received: IncomingMessage | undefined;
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test("header names keep their case, headers come twice, and dot segments stay", async () => {
  const answer = await createTransport()({
    ...{ origin: origin(), path: "//orders/../%2e%2E?x=%2F", method: "GET" },
    headers: [
      ["X-ORG-ID", "one"],
      ["x-org-id", "two"],
      ["X_Org_Id", "three"],
    ],
  });
  expect(received?.url).toBe("//orders/../%2e%2E?x=%2F");
  expect(received?.rawHeaders).toEqual([
    ...["Host", origin().slice("http://".length)],
    ...["X-ORG-ID", "one", "x-org-id", "two", "X_Org_Id", "three"],
    ...["Connection", "close"],
  ]);
  expect(answer).toEqual({
    status: 200,
    headers: expect.objectContaining({ "x-answer": "a, b" }),
    body: Buffer.from([0xff, 0x00]),
  });
});

test("a server that is not there is an error", async () => {
  const { port } = server.address() as AddressInfo;
  const request = { origin: `http://127.0.0.1:${port === 1 ? 2 : 1}`, path: "/", method: "GET", headers: [] };
  await expect(createTransport()(request)).rejects.toThrow("ECONNREFUSED");
});
