// The requests that are measured, and what the tenant answers to them.
import { trustingFetch } from "../../packages/auth0-tenant/src";
import type { Filled } from "./fill";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Load {
  name: string;
  /** The next request, as HTTP/1.1 sends it. */
  next(): string;
  /** That to one of them, for the bare server to copy. */
  answer: Answer;
}

/** Lists everything once before, so that the process has touched all that it holds. */
export async function loadsFor(filled: Filled, port: number): Promise<Load[]> {
  const { url, caFile, clientId: client_id, clientSecret: client_secret, organizationIds } = filled;
  const trusting = trustingFetch(caFile);
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const response = await trusting(url + path, { method, headers, ...(body !== undefined && { body }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    audience: `${url}/api/v2/`,
    client_id,
    client_secret,
  }).toString();
  const formType = { "content-type": "application/x-www-form-urlencoded" };
  const token = await ask("POST", "/oauth/token", formType, form);
  const { access_token }: { access_token: string } = JSON.parse(token.body);
  const authorization = { authorization: `Bearer ${access_token}` };
  const json = { ...authorization, "content-type": "application/json" };
  for (const list of ["organizations", "clients", "client-grants"]) {
    for (let from = ""; ; ) {
      const { body } = await ask("GET", `/api/v2/${list}?take=100${from}`, authorization);
      const { next }: { next?: string } = JSON.parse(body);
      if (next === undefined) break;
      from = `&from=${next}`;
    }
  }
  const raw = (method: string, path: string, headers: Record<string, string>, body = "") => {
    const all = { host: `localhost:${port}`, ...headers, "content-length": String(Buffer.byteLength(body)) };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
  };
  let number = 0;
  const [first = ""] = organizationIds;
  const organizationAt = (n: number) =>
    `/api/v2/organizations/${organizationIds[n % organizationIds.length]}`;
  return [
    {
      name: "GET an organization",
      next: () => raw("GET", organizationAt(number++), authorization),
      answer: await ask("GET", `/api/v2/organizations/${first}`, authorization),
    },
    {
      name: "POST an organization",
      next: () => raw("POST", "/api/v2/organizations", json, `{"name":"new-${number++}"}`),
      answer: await ask("POST", "/api/v2/organizations", json, '{"name":"new"}'),
    },
    { name: "POST for a token", next: () => raw("POST", "/oauth/token", formType, form), answer: token },
  ];
}
