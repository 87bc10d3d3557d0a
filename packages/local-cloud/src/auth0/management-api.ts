// The tenant's Management API as the provider calls it: tokens are the official SDK's, retries are the official provider's.
import { setTimeout as delay } from "node:timers/promises";
import { ManagementClient } from "auth0";
import type { Properties } from "../engine/provider";

interface ManagementApiOptions {
  domain: string;
  clientId: string;
  clientSecret: string;
  fetch: typeof fetch;
}

/** An answer that is no success, with Auth0's own words. */
class ManagementApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class ManagementApi {
  private readonly client: ManagementClient;
  private readonly baseUrl: string;

  constructor({ domain, clientId, clientSecret, fetch }: ManagementApiOptions) {
    // The SDK would take the query of a relative URL for a part of its path.
    this.baseUrl = `https://${domain}/api/v2/`;
    this.client = new ManagementClient({ domain, clientId, clientSecret, fetch, maxRetries: 0 });
  }

  /**
   * @param path without a slash at the beginning, such as `clients/abc`
   * @returns the answer's body; empty where there is none
   * @throws {ManagementApiError} for any status but 2xx
   */
  async send(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<Properties> {
    const response = await retried(() =>
      this.client.fetch(this.baseUrl + path, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        }),
      }),
    );
    const text = await response.text();
    const answer: unknown = text === "" ? {} : JSON.parse(text);
    const properties: Properties = Array.isArray(answer) ? { list: answer } : (answer as Properties);
    if (response.ok) return properties;
    const { error = response.statusText, message = text } = properties;
    throw new ManagementApiError(
      response.status,
      `${response.status} ${error}: ${message} (${method} ${path})`,
    );
  }

  /** Like `send("GET", ...)`; undefined where the thing does not exist. */
  async find(path: string): Promise<Properties | undefined> {
    try {
      return await this.send("GET", path);
    } catch (error) {
      if (error instanceof ManagementApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Deletes; what is gone already is no error. */
  async remove(path: string): Promise<void> {
    try {
      await this.send("DELETE", path);
    } catch (error) {
      if (!(error instanceof ManagementApiError && error.status === 404)) throw error;
    }
  }
}

/**
 * Retries as go-auth0 does with the official provider's settings (terraform-provider-auth0, internal/config): without end
 * where there were too many requests, and three times where the server failed or nothing came at all. That is so with POST too:
 * what had landed before its answer was lost is made twice. An answer that breaks off in its body is not asked for again.
 */
async function retried(request: () => Promise<Response>): Promise<Response> {
  for (let failures = 0; ; ) {
    const outcome = await request().catch((error: unknown) => ({ error }));
    if ("error" in outcome) {
      if (failures === mostFailures) throw outcome.error;
    } else if (outcome.status === 429) {
      await delay(untilReset(outcome.headers.get("x-ratelimit-reset")));
      continue;
    } else if (!failureStatuses.includes(outcome.status) || failures === mostFailures) {
      return outcome;
    }
    const longest = Math.min(10_000, 500 * 2 ** failures);
    failures += 1;
    await delay(500 + Math.random() * (longest - 500));
  }
}

const mostFailures = 3;
const failureStatuses = [500, 502, 503, 504, 524];

/** @param reset seconds since 1970 @returns milliseconds */
function untilReset(reset: string | null): number {
  const at = Number(reset ?? Number.NaN) * 1000;
  return Number.isNaN(at) ? 5000 : Math.max(0, at - Date.now());
}

/** A value as one part of a path, escaped as the official provider's Go does it: `https:%2F%2Fapi%2F`. */
export function encodeSegment(value: string): string {
  return encodeURIComponent(value).replace(/%(24|26|2B|3A|3D|40)/g, decodeURIComponent);
}
