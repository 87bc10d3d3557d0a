// HTTP as the authorizer needs it: one small document, in little time, with Node's own trust store.
import type { RequestOptions } from "node:http";

/** How much may come, and how long it may take. The fetch API would need 10 times as long to load. */
const maxBytes = 150_000;
const timeoutMilliseconds = 1_500;

/**
 * The body of a 200 answer; redirects are not followed.
 * @throws with the URL's origin and the reason
 */
export function fetchText(url: string, options: RequestOptions = {}, body = ""): Promise<string> {
  const { origin, protocol } = new URL(url);
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      request.destroy();
      reject(new Error(`${origin}: ${reason}`));
    };
    // Loaded only now: a cold start needs neither.
    const client = process.getBuiltinModule(protocol === "http:" ? "node:http" : "node:https");
    const request = client.request(url, options, (response) => {
      if (response.statusCode !== 200) return fail(`answered with status ${response.statusCode}`);
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > maxBytes) fail(`the answer is longer than ${maxBytes} bytes`);
      });
      response.on("end", () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks).toString("utf8"));
      });
      response.on("error", (error) => fail(error.message));
    });
    const timer = setTimeout(() => fail(`no answer within ${timeoutMilliseconds} ms`), timeoutMilliseconds);
    request.on("error", (error) => fail(error.message));
    request.end(body);
  });
}
