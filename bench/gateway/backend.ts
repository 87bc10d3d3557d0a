// The company's own service for the benchmark: answers at once, with 200 bytes. Prints its URL.
import { createServer } from "node:http";
import { listen } from "./listen";

const body = JSON.stringify({ orders: "x".repeat(200 - '{"orders":""}'.length) });

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
void listen(server).then((url) => console.log(url));
