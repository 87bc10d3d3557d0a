// GitHub's REST API, as far as the commands of CI need it.
import { UsageError } from "../diagnostics/command";
import { isRecord } from "../diagnostics/record";

export interface Repository {
  /** Such as `https://api.github.com`. */
  api: string;
  /** `owner/name` */
  name: string;
  token: string;
}

/** Of a comment or an issue, as GitHub lists them. */
export interface Entry {
  number: number;
  title: string;
  body: string;
  /** Whether a person made it: anyone may write what looks like ours. */
  isOfPerson: boolean;
  url: string;
  /** What else GitHub says. */
  more: Record<string, unknown>;
}

/** @throws where GitHub refuses; without the token */
export async function call(
  { api, name, token }: Repository,
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${api}/repos/${name}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "customers-as-code",
      "x-github-api-version": "2022-11-28",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response.json();
  const hint = response.status === 403 ? " Has the job the permission that this needs (docs/ci.md)?" : "";
  throw new Error(`GitHub refuses ${method} ${path}: ${response.status} ${await response.text()}${hint}`);
}

/** Every page of a list. @param path with a query already, or none */
export async function list(repository: Repository, path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const size = 100;
  for (let page = 1; ; page++) {
    const separator = path.includes("?") ? "&" : "?";
    const found = await call(repository, "GET", `${path}${separator}per_page=${size}&page=${page}`);
    const items: unknown[] = Array.isArray(found) ? found : [];
    entries.push(...items.filter(isRecord).map(toEntry));
    if (items.length < size) return entries;
  }
}

export function toEntry(item: Record<string, unknown>): Entry {
  const { id, number, title, body, user, html_url: url } = item;
  return {
    // A comment has no number, but an id.
    number: Number(number ?? id),
    title: String(title ?? ""),
    body: String(body ?? ""),
    isOfPerson: !isRecord(user) || user.type !== "Bot",
    url: String(url ?? ""),
    more: item,
  };
}

/** Of the environment that GitHub Actions gives. @throws {UsageError} that names what is missing */
export function repositoryOf(environment: Readonly<Record<string, string | undefined>>): Repository {
  return {
    api: environment.GITHUB_API_URL || "https://api.github.com",
    name: demand(environment, "GITHUB_REPOSITORY"),
    token: demand(environment, "GITHUB_TOKEN"),
  };
}

export function demand(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name];
  if (!value) throw new UsageError(`The environment has no ${name}.`);
  return value;
}
