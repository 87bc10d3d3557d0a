// One call of the deployed API, and whether its answer is the one that was asked for.
import pc from "picocolors";

export interface Call {
  /** Of the API. */
  url: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** The status that the caller expects; without it, any from 200 to 299. */
  expected?: number;
  /** How the API is reached; default: as anything is. */
  fetch?: typeof fetch;
}

/** Prints the body on the standard output and the rest on the standard error. @returns whether the status is as expected */
export async function callApi({
  url,
  method,
  path,
  headers,
  body,
  expected,
  fetch: fetchApi = fetch,
}: Call): Promise<boolean> {
  const response = await fetchApi(url + path, { method, headers, ...(body !== undefined && { body }) });
  console.error(`${response.status} ${response.statusText}`);
  for (const [name, value] of response.headers) console.error(pc.dim(`${name}: ${value}`));
  console.log(await response.text());
  if (expected === undefined ? response.ok : response.status === expected) return true;
  const hint = expected === undefined ? `If you expect it: --expect ${response.status}` : "";
  console.error(
    pc.red(`The status is ${response.status}, and not ${expected ?? "200 to 299"}. ${hint}`.trimEnd()),
  );
  return false;
}

/** @returns nothing if it is no status */
export function parseStatus(value: string): number | undefined {
  return /^[1-5]\d\d$/.test(value) ? Number(value) : undefined;
}
