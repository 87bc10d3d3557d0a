// zod's issues in the form of Auth0's messages: `Payload validation error: 'Missing required property: name'.`
import type { z } from "zod";
import { badRequest } from "./problem";

/** Where a value was found, as Auth0 names it, with the errorCode. */
const places = {
  body: ["Payload", "invalid_body"],
  query: ["Query", "invalid_query_string"],
  path: ["Path", "invalid_uri"],
} as const;

/** @throws Problem with status 400 that reports the first mistake. */
export function validateInput(schema: z.ZodType, value: unknown, place: keyof typeof places): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [name, errorCode] = places[place];
  const issue = result.error.issues[0];
  throw badRequest(
    `${name} validation error: ${issue ? describe(issue, value) : "'Invalid value'."}`,
    errorCode,
  );
}

function describe(issue: z.core.$ZodIssue, root: unknown): string {
  const path = [...issue.path];
  const found = valueAt(root, path);
  const quote = (text: string) => `'${text}'${path.length > 0 ? ` on property ${render(path)}` : ""}.`;
  switch (issue.code) {
    case "unrecognized_keys":
      return quote(`Additional properties not allowed: ${issue.keys.join(",")}`);
    case "invalid_type": {
      if (found === undefined && path.length > 0) {
        const missing = String(path.pop());
        return quote(`Missing required property: ${missing}`);
      }
      return quote(`Expected type ${typeName(issue.expected)} but found type ${typeOf(found)}`);
    }
    case "invalid_value":
      if (found === undefined && path.length > 0)
        return quote(`Missing required property: ${String(path.pop())}`);
      return quote(`No enum match for: ${found}`);
    case "too_small":
      if (issue.origin === "string")
        return quote(`String is too short (${String(found).length} chars), minimum ${issue.minimum}`);
      if (issue.origin === "array")
        return quote(`Array is too short (${lengthOf(found)}), minimum ${issue.minimum}`);
      return quote(`Value ${found} is less than minimum ${issue.minimum}`);
    case "too_big":
      if (issue.origin === "string")
        return quote(`String is too long (${String(found).length} chars), maximum ${issue.maximum}`);
      if (issue.origin === "array")
        return quote(`Array is too long (${lengthOf(found)}), maximum ${issue.maximum}`);
      if (issue.origin === "int" || issue.origin === "number")
        return quote(`Value ${found} is greater than maximum ${issue.maximum}`);
      return quote(`Object has too many properties defined (${lengthOf(found)}), maximum ${issue.maximum}`);
    case "invalid_format":
      if (issue.format === "regex") return quote(`String does not match pattern ${issue.pattern}: ${found}`);
      return quote(`Object didn't pass validation for format ${issue.format}: ${found}`);
    case "invalid_union": {
      // The alternative that came furthest is the one that was meant.
      const [first] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
      const inner = first?.[0];
      if (inner) return describe({ ...inner, path: [...path, ...inner.path] }, root);
      return quote(`Expected a different type but found type ${typeOf(found)}`);
    }
    case "invalid_key":
      return quote(`Object has an invalid property name: ${String(path.at(-1))}`);
    default:
      return quote(issue.message);
  }
}

const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map(({ path }) => path.length));

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
    root,
  );
}

function render(path: PropertyKey[]): string {
  return path
    .map((name, at) => (typeof name === "number" ? `[${name}]` : `${at > 0 ? "." : ""}${String(name)}`))
    .join("");
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && Number.isInteger(value)) return "integer";
  return typeof value;
}

function typeName(expected: string): string {
  return { int: "integer", record: "object", map: "object" }[expected] ?? expected;
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
