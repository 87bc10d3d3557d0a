// Plain requests to a running tenant: a token, then the Management API.
import { type RunningTenant, startTenant, type TenantOptions, trustingFetch } from "../src";
import { temporaryDirectory } from "./in-process";
import type { Printed } from "./main-process";

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface Session {
  fetch: typeof fetch;
  /** The header's value. */
  authorization: string;
  /** @param path below /api/v2 */
  call(method: string, path: string, body?: object): Promise<Answer>;
}

export async function openSession(tenant: Omit<Printed, "domain">): Promise<Session> {
  const { url, caFile, clientId: client_id, clientSecret: client_secret } = tenant;
  const trusting = trustingFetch(caFile);
  const request = { grant_type: "client_credentials", audience: `${url}/api/v2/`, client_id, client_secret };
  const response = await trusting(`${url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams(request),
  });
  const token: unknown = await response.json();
  if (typeof token !== "object" || !token || !("access_token" in token)) {
    throw new Error(`no token: ${response.status} ${JSON.stringify(token)}`);
  }
  const authorization = `Bearer ${token.access_token}`;
  const headers = { authorization, "content-type": "application/json" };
  return {
    fetch: trusting,
    authorization,
    async call(method, path, body) {
      const answer = await trusting(`${url}/api/v2${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
  };
}

/** Runs a tenant for the time of `use`, whether that fails or not. */
export async function withTenant(
  options: Partial<TenantOptions>,
  use: (tenant: RunningTenant, session: Session) => Promise<void>,
): Promise<void> {
  const { directory, remove } = temporaryDirectory();
  const tenant = await startTenant({ directory, ...options });
  try {
    await use(tenant, await openSession(tenant));
  } finally {
    await tenant.close();
    remove();
  }
}
