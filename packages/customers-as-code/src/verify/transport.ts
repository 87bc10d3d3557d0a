// Sends a request to the letter: header names in their case, headers twice, paths that a URL would normalize; by HTTP/1.1 and HTTP/2.
import { request as requestPlain } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as requestSecure } from "node:https";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Protocol } from "./claim";

interface HttpRequest {
  /** Scheme, host and port. */
  origin: string;
  /** With the query. */
  path: string;
  method: string;
  headers: readonly (readonly [string, string])[];
  body?: Buffer | undefined;
  protocol?: Protocol | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** The server does not speak the protocol. */
export class ProtocolUnavailable extends Error {}

/** API Gateway gives a backend 29 seconds. */
const patience = 45_000;

/** @param ca certificate authorities instead of Node's own, as PEM */
export function createTransport(ca?: string): Send {
  const trust = ca === undefined ? {} : { ca };
  return (request) => (request.protocol === "h2" ? sendHttp2(request, trust) : sendHttp1(request, trust));
}

interface Trust {
  ca?: string;
}

function sendHttp1({ origin, path, method, headers, body }: HttpRequest, trust: Trust): Promise<HttpAnswer> {
  const { protocol, hostname, port, host } = new URL(origin);
  // A flat list keeps the case of names and what is sent twice.
  const flat = [["Host", host], ...headers, ...lengthOf(body), ["Connection", "close"]].flat();
  return new Promise((resolve, reject) => {
    const open = protocol === "https:" ? requestSecure : requestPlain;
    const options = {
      ...{ hostname: hostname.replace(/^\[|\]$/g, ""), port, path, method, headers: flat, agent: false },
      ...{ ...trust, signal: AbortSignal.timeout(patience) },
    };
    const outgoing = open(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: joinHeaders(incoming.headers),
          body: Buffer.concat(chunks),
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function sendHttp2(
  { origin, path, method, headers, body }: HttpRequest,
  trust: Trust,
): Promise<HttpAnswer> {
  const socket = await negotiateHttp2(new URL(origin), trust);
  const session = connectHttp2(origin, { createConnection: () => socket });
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      session.on("error", reject);
      const fields: Record<string, string | string[]> = { ":method": method, ":path": path };
      for (const [name, value] of [...headers, ...lengthOf(body)]) fields[name.toLowerCase()] = value;
      const stream = session.request(fields, { signal: AbortSignal.timeout(patience) });
      const chunks: Buffer[] = [];
      let answered: NodeJS.Dict<string | string[] | number> = {};
      stream.on("response", (given) => (answered = given as typeof answered));
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("end", () =>
        resolve({
          status: Number(answered[":status"] ?? 0),
          headers: joinHeaders(answered),
          body: Buffer.concat(chunks),
        }),
      );
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}

/** A server that speaks HTTP/1.1 only either chooses no protocol or ends the handshake. */
function negotiateHttp2({ hostname, port }: URL, trust: Trust): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      ...{ host: hostname, port: Number(port || 443), servername: hostname, ALPNProtocols: ["h2"] },
      ...trust,
    });
    socket.setTimeout(patience, () => socket.destroy(new Error("no answer in time")));
    socket.once("error", (error) => {
      const isRefused = "code" in error && error.code === "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL";
      reject(isRefused ? new ProtocolUnavailable("the server does not speak HTTP/2") : error);
    });
    socket.once("secureConnect", () => {
      if (socket.alpnProtocol === "h2") return resolve(socket);
      socket.destroy();
      reject(new ProtocolUnavailable("the server does not speak HTTP/2"));
    });
  });
}

function lengthOf(body: Buffer | undefined): [string, string][] {
  return body === undefined ? [] : [["Content-Length", String(body.length)]];
}

function joinHeaders(given: NodeJS.Dict<string | string[] | number>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
