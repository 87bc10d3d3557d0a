// Sends requests to backends, over connections that stay open.
import http from "node:http";
import https from "node:https";
import { inOnePiece, maxPayloadBytes } from "./payload";

/** What is behind a load balancer, as a URL: its scheme, host and port count. @param arn of it, or of its listener */
export type LoadBalancer = (arn: string) => string | undefined;

interface Outgoing {
  url: string;
  /** Where the connection goes, if it is not the URL's host. */
  through?: string | undefined;
  method: string;
  /** Names and values by turns, the Host too. */
  headers: string[];
  body: Buffer;
  timeoutMilliseconds: number;
}

interface Incoming {
  status: number;
  /** Names and values by turns. */
  rawHeaders: string[];
  body: Buffer;
}

export class TimeoutError extends Error {}

export class HttpClient {
  private readonly httpAgent = new http.Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: "lifo" });
  private readonly httpsAgent = new https.Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: "lifo" });

  /** @throws TimeoutError, or why there is no answer */
  async send(outgoing: Outgoing): Promise<Incoming> {
    try {
      return await this.sendOnce(outgoing);
    } catch (error) {
      // A connection that was kept open may have been closed by the other side at that very moment.
      if (error instanceof StaleConnectionError) return this.sendOnce(outgoing);
      throw error;
    }
  }

  close(): void {
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }

  private sendOnce(outgoing: Outgoing): Promise<Incoming> {
    const { url, through = url, method, headers, body, timeoutMilliseconds } = outgoing;
    const isTls = through.startsWith("https:");
    const { hostname, port } = new URL(through);
    return new Promise((resolve, reject) => {
      const request = (isTls ? https : http).request({
        hostname: hostname.replace(/^\[|\]$/g, ""),
        port,
        // Not from the URL, which would resolve a ".." of the caller's to another path than the authorized one.
        path: url.replace(/^\w+:\/\/[^/?]*/, "").replace(/^(?!\/)/, "/"),
        method,
        headers: headers as unknown as http.OutgoingHttpHeaders,
        agent: isTls ? this.httpsAgent : this.httpAgent,
      });
      const timer = setTimeout(
        () => request.destroy(new TimeoutError(`no answer in ${timeoutMilliseconds} ms`)),
        timeoutMilliseconds,
      );
      const fail = (error: Error) => {
        clearTimeout(timer);
        const isStale = request.reusedSocket && "code" in error && error.code === "ECONNRESET";
        reject(isStale ? new StaleConnectionError(error.message) : error);
      };
      request.on("error", fail);
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > maxPayloadBytes)
            request.destroy(new Error(`the answer has over ${maxPayloadBytes} bytes`));
        });
        response.on("error", fail);
        response.on("end", () => {
          clearTimeout(timer);
          const { statusCode = 502, rawHeaders } = response;
          resolve({ status: statusCode, rawHeaders, body: Buffer.concat(chunks) });
        });
      });
      if (body.length === 0) request.end();
      else request.end(...inOnePiece(body));
    });
  }
}

class StaleConnectionError extends Error {}
