// The measure for the gateway's speed: a proxy that hands on a request and its answer with Node's own HTTP, and does no
// more. Prints its URL.
import { Agent, createServer, request as send } from "node:http";
import { listen } from "./listen";

const [backend = ""] = process.argv.slice(2);
const { hostname, port } = new URL(backend);
const agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: "lifo" });

const server = createServer((request, response) => {
  const { method, url: path, headers } = request;
  const outgoing = send({ hostname, port, method, path, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  request.pipe(outgoing);
});
server.keepAliveTimeout = 60_000;
void listen(server).then((url) => console.log(url));
