// By what a tenant is read: Auth0's own SDK, which pages, and waits where it is told to.
import { ManagementClient, ManagementError } from "auth0";
import { isRecord } from "../diagnostics/record";

export interface TenantAccess {
  /** Such as `example.eu.auth0.com`. */
  domain: string;
  clientId: string;
  clientSecret: string;
  /** For tests; Node's own otherwise. */
  fetch?: typeof fetch;
}

/** The most that Auth0 gives at once. */
export const pageSize = 100;

/** So often the SDK asks again after 429, as late as Auth0 says; a tenant with many organizations meets its limits often. */
const maxRetries = 10;

/** Says what could not be read and why, in words for people. */
export class TenantError extends Error {
  constructor(
    message: string,
    /** Of the answer; absent where there was none. */
    readonly statusCode?: number,
  ) {
    super(message);
  }
}

/** The SDK, and what says in a {@link TenantError} which of its requests has failed. */
export function reading(access: TenantAccess) {
  const { domain, clientId } = access;
  const api = new ManagementClient({ ...access, maxRetries });
  const read = async <T>(what: string, request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      const statusCode = error instanceof ManagementError ? error.statusCode : undefined;
      throw new TenantError(
        `The ${what} of ${domain} cannot be read: ${explain(error, clientId)}`,
        statusCode,
      );
    }
  };
  return { api, read };
}

export async function all<T>(pages: Promise<AsyncIterable<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of await pages) items.push(item);
  return items;
}

export async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ManagementError && error.statusCode === 404) return undefined;
    throw error;
  }
}

/** @throws where Auth0 has left out what it always has */
export function text(value: string | undefined): string {
  if (value === undefined) throw new Error("Auth0 left out an id or a name");
  return value;
}

function explain(error: unknown, clientId: string): string {
  if (!(error instanceof ManagementError) || error.statusCode === undefined) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `${cause instanceof Error ? cause.message : String(cause)}. Is AUTH0_DOMAIN right?`;
  }
  const { statusCode, body } = error;
  const { error: code, message, error_description: description } = isRecord(body) ? body : {};
  const said = `${statusCode} ${description ?? message ?? code ?? ""}`.trimEnd();
  if (statusCode === 401) return `${said}. Are AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET right?`;
  // Auth0 names the scopes that are wanting.
  return statusCode === 403 ? `${said}. Grant them to the client ${clientId}.` : `${said}. Try again later.`;
}
