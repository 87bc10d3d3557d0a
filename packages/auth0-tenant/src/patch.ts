// How a PATCH changes a record: it replaces the fields that it names, and null removes one.
import { z } from "zod";

/**
 * The schema of a PATCH body from the fields that it may change: all optional.
 * @param nullable fields that null removes, as the official SDK's types have it; null for any other is refused
 */
export function patchSchema(fields: z.ZodRawShape, nullable: string[] = []) {
  const optional = Object.entries(fields).map(([name, schema]) => {
    const inner = schema as z.ZodType;
    return [name, (nullable.includes(name) ? z.nullable(inner) : inner).optional()];
  });
  return z.strictObject(Object.fromEntries(optional) as Record<string, z.ZodType>);
}

/**
 * The record as the PATCH leaves it.
 * @param merged fields whose objects are merged rather than replaced, as metadata are
 */
export function applyPatch<T extends object>(record: T, patch: object, merged: string[] = []): T {
  const result = new Map<string, unknown>(Object.entries(record));
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) result.delete(name);
    else if (merged.includes(name) && !erases(name, value))
      result.set(name, mergedObject(result.get(name), value));
    else result.set(name, value);
  }
  // Every value has passed the schema of its field.
  return Object.fromEntries(result) as T;
}

function mergedObject(before: unknown, value: object): object {
  return withoutNulls({ ...(typeof before === "object" ? before : {}), ...value });
}

/** Auth0 docs, "Manage Metadata with the Management API". */
const erases = (name: string, value: object) => name.endsWith("metadata") && Object.keys(value).length === 0;

export function withoutNulls<T>(value: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null));
}

/** Strings by name, as in metadata; null removes an entry. */
export function stringMapSchema(entries: number, length = 255) {
  return z
    .record(z.string().min(1).max(length), z.string().max(length).nullable())
    .refine(
      (map) => Object.keys(map).length <= entries,
      `Object has too many properties defined, maximum ${entries}`,
    );
}

const quota = z
  .strictObject({
    enforce: z.boolean().default(true),
    per_hour: z.int().min(1).optional(),
    per_day: z.int().min(1).optional(),
  })
  .refine(
    ({ per_hour, per_day }) => per_hour !== undefined || per_day !== undefined,
    "Missing required property: per_hour or per_day",
  );

/** How many machine-to-machine tokens may be issued. */
export const tokenQuotaSchema = z.strictObject({ client_credentials: quota });
export type TokenQuota = z.output<typeof tokenQuotaSchema>;
