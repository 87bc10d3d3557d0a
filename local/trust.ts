// fetch() that trusts a certificate authority of its own: Node takes one for its built-in fetch only as it starts.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";

/** A `fetch` for https URLs whose servers' certificates come from the authority in `caFile` (PEM). */
export function trustingFetch(caFile: string): typeof fetch {
  const agent = new Agent({ ca: readFileSync(caFile), keepAlive: true, maxSockets: 64 });
  return async (input, init) => {
    const { url, method, headers, body, signal } = new Request(input, init);
    const payload = body ? Buffer.from(await new Response(body).arrayBuffer()) : undefined;
    // Node announces no body of a DELETE by itself.
    if (payload) headers.set("content-length", String(payload.length));
    return new Promise((resolve, reject) => {
      const sent = request(url, { agent, method, headers: Object.fromEntries(headers), signal }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          const received = new Headers();
          for (const [name, values] of Object.entries(answer.headersDistinct)) {
            for (const value of values ?? []) received.append(name, value);
          }
          const hasBody = status !== 204 && status !== 304;
          resolve(
            new Response(hasBody ? Buffer.concat(chunks) : null, {
              status,
              statusText: answer.statusMessage,
              headers: received,
            }),
          );
        });
      });
      sent.on("error", reject);
      sent.end(payload);
    });
  };
}
