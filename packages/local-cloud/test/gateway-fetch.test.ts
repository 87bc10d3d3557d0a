// An API at its own domain name, called without DNS.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gatewayFetch } from "../src/gateway-fetch";

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () =>
      response.end([request.method, request.headers.host, request.url, body].join(" ")),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("a call of any host reaches the gateway, with the host's name", async () => {
  const response = await gatewayFetch(url)("https://api.example.com/shop/orders?a=1", {
    method: "POST",
    body: "x",
  });
  expect(await response.text()).toBe("POST api.example.com /shop/orders?a=1 x");
});

test("a call of the gateway's own address is as any other", async () => {
  const { host } = new URL(url);
  expect(await (await gatewayFetch(url)(`${url}/orders`)).text()).toBe(`GET ${host} /orders `);
});
