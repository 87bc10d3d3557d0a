// The tenant's Management API as the provider calls it: tokens and retries are the official SDK's.
import { ManagementClient } from "auth0";
import type { Properties } from "../engine/provider";

export interface ManagementApiOptions {
  domain: string;
  clientId: string;
  clientSecret: string;
  fetch: typeof fetch;
}

/** An answer that is no success, with Auth0's own words. */
export class ManagementApiError extends Error {
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
    this.client = new ManagementClient({ domain, clientId, clientSecret, fetch, maxRetries: 5 });
  }

  /**
   * @param path without a slash at the beginning, such as `clients/abc`
   * @returns the answer's body; empty where there is none
   * @throws {ManagementApiError} for any status but 2xx
   */
  async send(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<Properties> {
    const response = await this.client.fetch(this.baseUrl + path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
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

/** A value as one part of a path, escaped as the official provider's Go does it: `https:%2F%2Fapi%2F`. */
export function segment(value: string): string {
  return encodeURIComponent(value).replace(/%(24|26|2B|3A|3D|40)/g, decodeURIComponent);
}
