// GitHub's REST API, as far as the commands of CI need it.
import { UsageError } from "../../problems/command";
import { asRecord, isRecord } from "../../problems/record";
import { errorCode } from "../../problems/unreadable";

export interface Repository {
  /** Such as `https://api.github.com`. */
  api: string;
  /** `owner/name` */
  name: string;
  token: string;
}

/** A comment or an issue, as GitHub lists them. */
export interface Entry {
  number: number;
  title: string;
  body: string;
  /** Login of its author; absent if GitHub names none. */
  author?: string;
  /** Whether a person made it: anyone can write what looks like ours. */
  isOfPerson: boolean;
  url: string;
  /** All that GitHub says of it. */
  more: Record<string, unknown>;
}

/** @throws if GitHub refuses, or answers with something else than JSON; the message doesn't have the token */
export async function callGitHub(
  { api, name, token }: Repository,
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await send(api, `/repos/${name}${path}`, {
    method,
    headers: headersOf(token),
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return parse(text, `${method} ${path}`);
  const hint =
    response.status === 403
      ? " Does the job have the permission that this needs (docs/explanation/ci.md)?"
      : "";
  throw new Error(`GitHub refuses ${method} ${path}: ${response.status} ${text}${hint}`);
}

/** @throws if no answer comes, with the reason that the network gives */
async function send(api: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${api}${path}`, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    // Of several addresses, none of which answers, the error has a code and no message.
    const reason = (cause instanceof Error && cause.message) || errorCode(cause);
    throw new Error(
      `GitHub cannot be reached at ${api}: ${reason}. Run the job again; on a server of your own, check GITHUB_API_URL.`,
    );
  }
}

/** Login of the person whose token it is; absent for the token of a job or of an app, which GitHub doesn't answer. */
export async function readOwnLogin({ api, token }: Repository): Promise<string | undefined> {
  const response = await send(api, "/user", { headers: headersOf(token) });
  const text = await response.text();
  if (!response.ok) return undefined;
  const { login } = asRecord(parse(text, "GET /user"));
  return typeof login === "string" ? login : undefined;
}

/** Every page of a list. @param path with or without a query @throws if a page is no list: it must not pass for the last one */
export async function listEntries(repository: Repository, path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const size = 100;
  for (let page = 1; ; page++) {
    const separator = path.includes("?") ? "&" : "?";
    const found = await callGitHub(repository, "GET", `${path}${separator}per_page=${size}&page=${page}`);
    if (!Array.isArray(found)) {
      throw new Error(`GitHub's answer to GET ${path} is no list (page ${page}). Run the command again.`);
    }
    const items: unknown[] = found;
    entries.push(...items.filter(isRecord).map(toEntry));
    if (items.length < size) return entries;
  }
}

function headersOf(token: string): Record<string, string> {
  return {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "user-agent": "customers-as-code",
    "x-github-api-version": "2022-11-28",
  };
}

function parse(text: string, request: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`GitHub's answer to ${request} is no JSON. Run the command again.`);
  }
}

export function toEntry(item: Record<string, unknown>): Entry {
  const { id, number, title, body, user, html_url: url } = item;
  return {
    // A comment has no number, but an id.
    number: Number(number ?? id),
    title: String(title ?? ""),
    body: String(body ?? ""),
    ...(isRecord(user) && typeof user.login === "string" && { author: user.login }),
    isOfPerson: !isRecord(user) || user.type !== "Bot",
    url: String(url ?? ""),
    more: item,
  };
}

/** From the environment of GitHub Actions. @throws {UsageError} that names what is missing */
export function repositoryOf(environment: Readonly<Record<string, string | undefined>>): Repository {
  return {
    api: environment.GITHUB_API_URL || "https://api.github.com",
    name: requireVariable(environment, "GITHUB_REPOSITORY"),
    token: requireVariable(environment, "GITHUB_TOKEN"),
  };
}

export function requireVariable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string {
  const value = environment[name];
  if (!value) throw new UsageError(`The environment has no ${name}.`);
  return value;
}
