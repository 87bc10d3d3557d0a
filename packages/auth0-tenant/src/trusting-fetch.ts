// A `fetch` that trusts the tenant: Node reads additional authorities for its own `fetch` only as the process starts.
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request as sendRequest } from "node:https";

/**
 * A `fetch` for servers whose certificates come from the authority in `caFile` (PEM).
 *
 * @example
 * const { url, caFile } = JSON.parse(lineThatTheProgramPrinted);
 * const keys = await trustingFetch(caFile)(`${url}/.well-known/jwks.json`);
 */
export function trustingFetch(caFile: string): typeof fetch {
  const agent = new Agent({ ca: readFileSync(caFile), keepAlive: true, maxSockets: 64 });
  return async (input, options) => {
    const { url, method, headers, body, signal } = new Request(input, options);
    const payload = body ? Buffer.from(await new Response(body).arrayBuffer()) : undefined;
    // Node doesn't announce the body of a DELETE by itself.
    if (payload) headers.set("content-length", String(payload.length));
    return new Promise((resolve, reject) => {
      const sent = sendRequest(
        url,
        { agent, method, headers: Object.fromEntries(headers), signal },
        (received) => void readResponse(received).then(resolve),
      );
      sent.on("error", reject);
      sent.end(payload);
    });
  };
}

/** As in Node's own `fetch`, a response that breaks off has its status, and fails when its body is read. */
function readResponse(received: IncomingMessage): Promise<Response> {
  const headers = new Headers();
  for (const [name, values] of Object.entries(received.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = received.statusCode ?? 0;
  const init = { status, statusText: received.statusMessage, headers };
  const chunks: Buffer[] = [];
  received.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    received.on("error", (error) =>
      resolve(new Response(new ReadableStream({ start: (body) => body.error(error) }), init)),
    );
    received.on("end", () => {
      const hasBody = status !== 204 && status !== 304;
      resolve(new Response(hasBody ? Buffer.concat(chunks) : null, init));
    });
  });
}
