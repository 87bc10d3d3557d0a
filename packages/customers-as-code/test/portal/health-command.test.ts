// The command by which ECS sees that a container is well, run as ECS does, against a server on this machine.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { healthCommand } from "../../src/portal/containers";

/** What the command ends with where the server answers so; without a status, nobody listens. */
async function exitCode(status?: number): Promise<number> {
  const server = createServer((_request, response) => response.writeHead(status ?? 0).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  if (status === undefined) server.close();
  const [kind, command = "", ...args] = healthCommand(address.port);
  expect(kind).toBe("CMD");
  const [code] = await once(spawn(command, args, { stdio: "ignore" }), "exit");
  server.close();
  return code;
}

test.each([
  ["a page", 200, 0],
  ["no such page, as the portal's API does", 404, 0],
  ["an error of its own", 500, 1],
  ["nothing", undefined, 1],
])("a container that answers %s", async (_what, status, code) => {
  expect(await exitCode(status)).toBe(code);
});
