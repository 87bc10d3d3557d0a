// Stands before the local gateway and the tenant's token endpoint, by TLS and HTTP/2 as API Gateway does, and tells one lie at a time.
import { readFileSync } from "node:fs";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { changeClaims, readClaims } from "../../packages/customers-as-code/src/verify/forge-token";
import {
  createTransport,
  type HttpAnswer,
  type Send,
} from "../../packages/customers-as-code/src/verify/transport";
import type { TestCloud } from "./local-cloud";

export interface LyingGateway {
  /** The lie that it speaks; without one, it passes everything on. */
  lie: Lie | undefined;
  /** The stack's outputs, with this gateway's address instead of the true ones. */
  redirect(outputs: Record<string, unknown>): Record<string, unknown>;
  close(): Promise<void>;
}

export type Lie = (request: GatewayRequest, pass: () => Promise<HttpAnswer>) => Promise<HttpAnswer>;

interface GatewayRequest {
  method: string;
  /** Behind the stage. */
  path: string;
  /** In their case; of HTTP/2 without pseudo-headers. */
  headers: [string, string][];
  body: Buffer;
  isHttp2: boolean;
  isForToken: boolean;
  /** Of the form, for a token. */
  form: Record<string, string>;
  /** Of the bearer token; empty without one. */
  claims: Record<string, unknown>;
  /** Whether the tenant has issued exactly this token. */
  isIssued: boolean;
  /** Whether it has issued a token with these claims. */
  areClaimsIssued: boolean;
  /** `alg` of the token's header. */
  algorithm: unknown;
}

export async function startLyingGateway({ cloud, stack }: TestCloud): Promise<LyingGateway> {
  const { domain, caFile } = cloud.address.tenant;
  const send = createTransport(readFileSync(caFile, "utf8"));
  const outputs = await stack.outputs();
  const api = new URL(String(outputs.url?.value));
  const issued = new Set<string>();
  const gateway: LyingGateway = { lie: undefined, redirect, close };
  const [key, cert] = ["key", "pem"].map((kind) => readFileSync(join(dirname(caFile), `localhost.${kind}`)));
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(599).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  return gateway;

  async function answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const read = await readRequest(request, api.pathname, issued);
    const target = read.isForToken ? `https://${domain}` : api.origin;
    const pass = () => forward(send, target, request.url, read);
    const { status, headers, body } = await (gateway.lie ? gateway.lie(read, pass) : pass());
    if (read.isForToken && status === 200) issued.add(JSON.parse(body.toString()).access_token);
    const { connection, "transfer-encoding": _, "keep-alive": __, ...kept } = headers;
    response.writeHead(status, { ...kept, "content-length": body.length });
    response.end(body);
  }

  function redirect(known: Record<string, unknown>): Record<string, unknown> {
    const text = JSON.stringify(known);
    return JSON.parse(
      text.replaceAll(api.origin, origin).replaceAll(`https://${domain}/oauth`, `${origin}/oauth`),
    );
  }

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
    });
  }
}

async function readRequest(
  request: Http2ServerRequest,
  base: string,
  issued: ReadonlySet<string>,
): Promise<GatewayRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { rawHeaders, url, method } = request;
  const headers = rawHeaders.flatMap((name, at): [string, string][] =>
    at % 2 === 0 && !/^(:|host$|connection$|content-length$)/i.test(name)
      ? [[name, rawHeaders[at + 1] ?? ""]]
      : [],
  );
  const bearer = /^Bearer (.+)$/.exec(headers.find(([name]) => /^authorization$/i.test(name))?.[1] ?? "");
  const token = bearer?.[1] ?? "";
  const isForToken = url === "/oauth/token";
  return {
    ...{ method, headers, body, isForToken, path: url.replace(base, "") },
    isHttp2: request.httpVersionMajor === 2,
    form: isForToken ? Object.fromEntries(new URLSearchParams(body.toString())) : {},
    claims: readClaims(token),
    isIssued: issued.has(token),
    areClaimsIssued: [...issued].some((one) => one.split(".")[1] === token.split(".")[1]),
    algorithm: readClaims(`.${token.split(".")[0]}`).alg,
  };
}

function forward(send: Send, origin: string, path: string, request: GatewayRequest): Promise<HttpAnswer> {
  const { method, headers, body } = request;
  return send({ origin, path, method, headers, ...(body.length > 0 && { body }) });
}

/** By the claim that it breaks. */
export const lies: Readonly<Record<string, Lie>> = {
  "token-default-organization": changeToken(() => true, { org_id: "org_other" }),
  "token-named-organization": changeToken(({ form }) => form.organization !== undefined, { sub: "other" }),
  "token-lifetime": changeToken(() => true, { exp: 1 }),
  "token-foreign-organization": issue(({ form }) => form.organization !== undefined),
  "token-management-api": issue(({ form }) => form.audience?.endsWith("/api/v2/") === true),
  "token-wrong-secret": issue(({ form }) => form.client_secret?.endsWith("is-no-secret") === true),
  "token-accepted": (request, pass) =>
    request.isForToken ? pass() : Promise.resolve(json(403, { error: "access_denied" })),
  "no-token": accept(({ headers }) => !headers.some(([name]) => name === "Authorization")),
  "other-scheme": accept(({ headers }) => headers.some(([, value]) => value.startsWith("Basic "))),
  "broken-signature": accept(
    ({ areClaimsIssued, isIssued, algorithm }) => areClaimsIssued && !isIssued && algorithm === "RS256",
  ),
  "changed-organization": accept(
    ({ areClaimsIssued, claims: { org_id, aud } }) =>
      !areClaimsIssued && org_id !== undefined && !String(aud).startsWith("https://verify"),
  ),
  "other-audience": accept(({ claims }) => String(claims.aud).startsWith("https://verify")),
  "unsigned-token": accept(({ algorithm }) => algorithm === "none"),
  "management-token": accept(({ claims }) => String(claims.aud).endsWith("/api/v2/")),
  "expired-token": accept(({ claims }) => Number(claims.exp) * 1000 < Date.now()),
  "missing-scope": accept(({ claims, path }) => claims.scope === "read:orders" && path === "/invoices"),
  "suspended-customer": replaceAnswer(403, "access_denied"),
  "spoofed-headers-exact": passOnHeaders((name) => name === "X-Org-Id"),
  "spoofed-headers-lower-case": passOnHeaders((name) => name === "x-client-id"),
  "spoofed-headers-upper-case": passOnHeaders((name) => name === "X-SCOPES"),
  "spoofed-headers-twice": passOnHeaders(
    (name, value) => name === "X-Org-Id" && value.startsWith("org_lie01"),
  ),
  "spoofed-headers-lower-case-http2": passOnHeaders((name, _, isHttp2) => isHttp2 && name === "x-org-id"),
  "underscored-headers": dropLies(({ isHttp2 }) => !isHttp2),
  "underscored-headers-http2": dropLies(({ isHttp2 }) => isHttp2),
  "forwarded-for": async (_, pass) => {
    const { status, headers, body } = await pass();
    return { status, headers, body: Buffer.from(body.toString().replace(/(192\.0\.2\.17), [^"]+/, "$1")) };
  },
  "double-slash": accept(({ path, claims }) => path.startsWith("//") && claims.scope === "read:orders"),
  "double-slash-allowed": accept(({ path }) => path.startsWith("//orders")),
  "slash-at-the-end": accept(({ path }) => path === "/invoices/"),
  "slash-at-the-end-identity": passOnHeaders(
    (name, _, __, path) => path.endsWith("/") && name === "X-Org-Id",
  ),
  "encoded-slash": accept(({ path }) => path.includes("%5C")),
  "dot-segments": accept(({ path }) => path.endsWith("/%2E")),
  "binary-body": async (request, pass) => {
    const answer = await pass();
    return request.path === "/echo" ? { ...answer, body: Buffer.from(answer.body.toString()) } : answer;
  },
  "compressed-answer": async (request, pass) => {
    const answer = await pass();
    const isAsked = request.headers.some(([name]) => name === "Accept-Encoding");
    return isAsked ? { ...answer, body: gzipSync(answer.body) } : answer;
  },
  timeout: accept(({ path }) => path === "/slow"),
  // Nobody has suspended the customer.
  "suspension-delay": (_, pass) => pass(),
};

function accept(isMeant: (request: GatewayRequest) => boolean): Lie {
  return async (request, pass) => (!request.isForToken && isMeant(request) ? json(200, {}) : pass());
}

/** Answers with what the caller sent, as a backend does that was given it. */
function passOnHeaders(
  isMeant: (name: string, value: string, isHttp2: boolean, path: string) => boolean,
): Lie {
  return async (request, pass) => {
    const { headers, isHttp2, path } = request;
    const passed = headers.filter(([name, value]) => isMeant(name, value, isHttp2, path));
    return passed.length === 0 || request.isForToken ? pass() : json(200, passed);
  };
}

/** As a gateway or a backend that passes no such headers on. */
function dropLies(isMeant: (request: GatewayRequest) => boolean): Lie {
  return async (request, pass) => {
    const answer = await pass();
    if (request.isForToken || !isMeant(request)) return answer;
    return { ...answer, body: Buffer.from(answer.body.toString().replace(/lie\d+verify\w+/g, "gone")) };
  };
}

function replaceAnswer(status: number, error: string): Lie {
  return async (_, pass) => {
    const answer = await pass();
    return answer.status === status && answer.body.includes(error) ? json(200, {}) : answer;
  };
}

function issue(isMeant: (request: GatewayRequest) => boolean): Lie {
  return async (request, pass) =>
    request.isForToken && isMeant(request) ? json(200, { access_token: "a.b.c" }) : pass();
}

function changeToken(isMeant: (request: GatewayRequest) => boolean, claims: Record<string, unknown>): Lie {
  return async (request, pass) => {
    const answer = await pass();
    if (!request.isForToken || !isMeant(request) || answer.status !== 200) return answer;
    const { access_token, ...others } = JSON.parse(answer.body.toString());
    return json(200, { ...others, access_token: changeClaims(access_token, claims) });
  };
}

function json(status: number, value: unknown): HttpAnswer {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}
