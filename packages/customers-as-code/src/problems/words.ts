// Words for what is in a file, and for how many there are.

/** `clients.ci.scopes[0]` */
export function printPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/** By the names that schemas have for them. */
export const nouns: Record<string, string> = {
  array: "a list",
  object: "a map",
  record: "a map",
  string: "a string",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
  integer: "a whole number",
};

/** `1 customer`, `2 customers`. */
export function pluralize(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
