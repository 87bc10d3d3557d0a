// One call of the deployed API, and whether its answer is the one that was asked for.
import { existsSync, readFileSync } from "node:fs";
import pc from "picocolors";

/** Name and value. */
export type Header = [name: string, value: string];

export interface Call {
  /** Of the API. */
  url: string;
  method: string;
  path: string;
  headers: readonly Header[];
  body?: string | Buffer;
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
  const response = await fetchApi(url + path, {
    method,
    headers: headers.map(([name, value]): Header => [name, value]),
    ...(body !== undefined && { body: typeof body === "string" ? body : new Uint8Array(body) }),
  });
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

/** @returns nothing if it is no header */
export function parseHeader(text: string): Header | undefined {
  const [, name = "", value = ""] = /^([^:]+):(.*)$/.exec(text) ?? [];
  try {
    new Headers([[name.trim(), value.trim()]]);
    return [name.trim(), value.trim()];
  } catch {
    return undefined;
  }
}

export const hasHeader = (headers: readonly Header[], wanted: string): boolean =>
  headers.some(([name]) => name.toLowerCase() === wanted);

/** @param text the body, or `@FILE` @throws {Error} if there is no such file */
export function readData(text: string): string | Buffer {
  if (!text.startsWith("@")) return text;
  const file = text.slice(1);
  try {
    return readFileSync(file);
  } catch (error) {
    if (!existsSync(file)) throw new Error(`There is no file "${file}".`);
    throw new Error(`"${file}" can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @returns nothing if it is no status */
export function parseStatus(value: string): number | undefined {
  return /^[1-5]\d\d$/.test(value) ? Number(value) : undefined;
}
