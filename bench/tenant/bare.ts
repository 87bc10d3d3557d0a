// The measure for the tenant's speed: Node's own HTTPS server, which reads the request and sends one answer.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import type { Answer } from "./loads";
import { startProcess } from "./process";

/** In a process of its own, with the certificate of the tenant in `directory`. */
export async function bareServer(directory: string, answer: Answer) {
  const file = join(directory, "bare.json");
  writeFileSync(file, JSON.stringify(answer));
  const started = await startProcess([
    "--conditions=@customers-as-code/source",
    "--import",
    "tsx",
    "bench/tenant/bare.ts",
    directory,
    file,
  ]);
  return { port: Number(started.line), end: started.end };
}

function serve(directory: string, file: string): void {
  const { status, headers, body }: Answer = JSON.parse(readFileSync(file, "utf8"));
  const tls = (name: string) => readFileSync(join(directory, "tls", name));
  const server = createServer(
    { key: tls("localhost.key"), cert: tls("localhost.pem"), minVersion: "TLSv1.2" },
    (request, response) => {
      request.resume();
      request.on("end", () => {
        response.writeHead(status, headers);
        response.end(body);
      });
    },
  );
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    console.log(typeof address === "object" ? address?.port : address);
  });
}

if (require.main === module) {
  const [directory = "", file = ""] = process.argv.slice(2);
  serve(directory, file);
}
