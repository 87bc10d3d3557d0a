// By what a tenant is read: Auth0's own SDK, which pages, and waits when Auth0 says so.
import { ManagementClient, ManagementError } from "auth0";
import { CodedError } from "../problems/command";
import { asRecord, isRecord } from "../problems/record";

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
export class TenantError extends CodedError {
  constructor(
    message: string,
    /** Of the answer; absent where there was none. */
    readonly statusCode?: number,
  ) {
    super("tenant-unreadable", message);
  }
}

/** The SDK, and what says in a {@link TenantError} which of its requests has failed. */
export function createTenantReader(access: TenantAccess) {
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

/** Says what is wrong with an answer that has a good status. */
class UnexpectedAnswer extends Error {}

/** A page of the SDK, which turns itself into the next one. */
interface Page<T> {
  readonly data: T[];
  readonly response: unknown;
  hasNextPage(): boolean;
  getNextPage(): Promise<unknown>;
}

/**
 * Every entry of every page. The SDK takes any answer with a status below 400 that has no such list, a proxy's HTML for example,
 * for an empty last page (auth0 5, management/core/fetcher/getResponseBody.js and the `getItems` of each list).
 * @param member of the answer that holds the list
 * @throws {UnexpectedAnswer} for less than the whole list, or an entry twice
 */
export async function readAllPages<T>(pages: Promise<Page<T>>, member: string): Promise<T[]> {
  const items: T[] = [];
  const ids = new Set<string>();
  const cursors = new Set<unknown>();
  const page = await pages;
  for (let number = 1; ; number += 1) {
    for (const entry of entriesOf(page.response, member, `page ${number}`)) {
      const id = idOf(entry);
      if (id === undefined) throw unexpected(`page ${number} has an entry without an id`);
      if (ids.has(id))
        throw unexpected(`page ${number} repeats ${id} of an earlier page: the list is changing`);
      ids.add(id);
    }
    items.push(...page.data);
    if (!page.hasNextPage()) break;
    const { next } = asRecord(page.response);
    if (next && cursors.has(next)) throw unexpected(`page ${number} leads back to an earlier page`);
    cursors.add(next);
    await page.getNextPage();
  }
  // Auth0's own deploy-cli refuses such a list too (auth0/auth0-deploy-cli: src/tools/auth0/client.ts). Some lists count 0 whatever they have.
  const { total } = asRecord(page.response);
  if (typeof total === "number" && total > 0 && total !== items.length) {
    throw unexpected(
      `Auth0 counts ${total} and returns ${items.length}: the list is changing, or ends early`,
    );
  }
  return items;
}

/** A list that comes at once. @throws {UnexpectedAnswer} */
export async function readWholeList<T>(answer: Promise<T[]>): Promise<T[]> {
  const items: unknown = await answer;
  if (!Array.isArray(items)) throw unexpected(`the answer ${lackOf(items, "is no list")}`);
  return answer;
}

/** An entity by its id. @throws {UnexpectedAnswer} */
export async function readEntity<T>(answer: Promise<T>): Promise<T> {
  const found: unknown = await answer;
  if (idOf(found) === undefined) throw unexpected(`the answer ${lackOf(found, "has no id")}`);
  return answer;
}

function entriesOf(response: unknown, member: string, place: string): unknown[] {
  const entries = isRecord(response) ? response[member] : undefined;
  if (!Array.isArray(entries)) throw unexpected(`${place} ${lackOf(response, `has no list "${member}"`)}`);
  return entries;
}

function idOf(entry: unknown): string | undefined {
  const { id, client_id, user_id } = asRecord(entry);
  return [id, client_id, user_id].find((each) => typeof each === "string");
}

/** The SDK's word for what it could not parse is an answer like any other. */
function lackOf(answer: unknown, otherwise: string): string {
  return answer === undefined || asRecord(asRecord(answer).error).reason === "non-json"
    ? "is not JSON"
    : otherwise;
}

function unexpected(what: string): UnexpectedAnswer {
  return new UnexpectedAnswer(`${what}. Try again later. If it happens again, look for a proxy in between.`);
}

export async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ManagementError && error.statusCode === 404) return undefined;
    throw error;
  }
}

/** @throws {TenantError} where Auth0 has left out what it always has */
export function requireValue(value: string | undefined): string {
  if (value === undefined) throw new TenantError("Auth0 left out an id or a name. Try again later.");
  return value;
}

function explain(error: unknown, clientId: string): string {
  if (error instanceof UnexpectedAnswer) return error.message;
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
