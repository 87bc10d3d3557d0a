// fetch() that trusts a certificate authority of its own: Node takes one for its built-in fetch only as it starts.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";

/** A `fetch` for https URLs whose servers' certificates come from the authority in `caFile` (PEM). */
export function trustingFetch(caFile: string): typeof fetch {
  const agent = new Agent({ ca: readFileSync(caFile), keepAlive: true, maxSockets: 64 });
  return async (input, options) => {
    const { url, method, headers, body, signal } = new Request(input, options);
    const payload = body ? Buffer.from(await new Response(body).arrayBuffer()) : undefined;
    // Node announces no body of a DELETE by itself.
    if (payload) headers.set("content-length", String(payload.length));
    return new Promise((resolve, reject) => {
      const sent = request(url, { agent, method, headers: Object.fromEntries(headers), signal }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        const received = new Headers();
        for (const [name, values] of Object.entries(answer.headersDistinct)) {
          for (const value of values ?? []) received.append(name, value);
        }
        const status = answer.statusCode ?? 0;
        const init = { status, statusText: answer.statusMessage, headers: received };
        // As Node's own: what breaks off in its body has had a status, and fails where the body is read.
        answer.on("error", (error) =>
          resolve(new Response(new ReadableStream({ start: (body) => body.error(error) }), init)),
        );
        answer.on("end", () => {
          const hasBody = status !== 204 && status !== 304;
          resolve(new Response(hasBody ? Buffer.concat(chunks) : null, init));
        });
      });
      sent.on("error", reject);
      sent.end(payload);
    });
  };
}
