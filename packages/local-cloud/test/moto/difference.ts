// Whether moto has what it was asked for.
import { isDeepStrictEqual } from "node:util";

/** How the two differ; nothing if they are the same. */
export function difference(name: string, asked: unknown, found: unknown): string[] {
  if (isDeepStrictEqual(plain(asked), plain(found))) return [];
  return [`${name}: asked for ${shown(asked)}, moto has ${shown(found)}`];
}

/** @throws where the two are not the same */
export function compare(name: string, asked: unknown, found: unknown): void {
  const [reason] = difference(name, asked, found);
  if (reason !== undefined) throw new Error(reason);
}

/** Texts that are JSON by what they say; without what is undefined. */
function plain(value: unknown): unknown {
  if (typeof value === "string" && /^\s*[{[]/.test(value)) return JSON.parse(value) as unknown;
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 500) ?? "nothing";
}
