// Query parameters of lists: the two styles of paging, and the selection of fields.
import { z } from "zod";
import { badRequest } from "./problem";
import type { RecordList } from "./store";

export const noQuery = z.strictObject({});

const integer = (minimum: number, maximum: number) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value),
    z.int().min(minimum).max(maximum).optional(),
  );

export const booleanParameter = z.preprocess(
  (value) => (value === "true" ? true : value === "false" ? false : value),
  z.boolean().optional(),
);

const selection = { fields: z.string().optional(), include_fields: booleanParameter };
const pages = { page: integer(0, 1_000_000), per_page: integer(0, 100), include_totals: booleanParameter };
const checkpoints = { from: z.string().optional(), take: integer(1, 100) };

/** `fields` and `include_fields`. */
export const selectingQuery = z.strictObject(selection);
/** `page`, `per_page`, `include_totals`. */
export const pagingQuery = z.strictObject(pages);
/** Pages, or `from` and `take`. */
export const checkpointQuery = z.strictObject({ ...pages, ...checkpoints });
export const selectingPagingQuery = z.strictObject({ ...selection, ...pages });
export const selectingCheckpointQuery = z.strictObject({ ...selection, ...pages, ...checkpoints });

/**
 * A parameter that is given twice is a list, as are `name[]` and `name[0]`; `name[key]` is an object (OpenAPI 3, `deepObject`).
 */
export function nestParameters(given: Record<string, string[]>): Record<string, unknown> {
  const lists = new Map<string, string[]>();
  const objects = new Map<string, Record<string, unknown>>();
  for (const [parameter, values] of Object.entries(given)) {
    const [, name = parameter, key] = /^([^[\]]+)\[([^[\]]*)\]$/.exec(parameter) ?? [];
    if (key === undefined || /^\d*$/.test(key)) {
      lists.set(name, [...(lists.get(name) ?? []), ...values]);
    } else {
      objects.set(name, { ...objects.get(name), [key]: values.length === 1 ? values[0] : values });
    }
  }
  const isList = (name: string, values: string[]) => values.length > 1 || !(name in given);
  const plain = [...lists].map(([name, values]) => [name, isList(name, values) ? values : values[0]]);
  return { ...Object.fromEntries(plain), ...Object.fromEntries(objects) };
}

export interface FieldSelection {
  fields?: string;
  include_fields?: boolean;
}

export interface PageRequest {
  page?: number;
  per_page?: number;
  include_totals?: boolean;
  from?: string;
  take?: number;
}

/** Keeps the fields that `fields` names, or all but those. */
export function selectFields(
  record: object,
  { fields, include_fields = true }: FieldSelection,
  always: string[] = [],
): object {
  if (!fields) return record;
  const named = new Set(fields.split(",").map((field) => field.trim()));
  return Object.fromEntries(
    Object.entries(record).filter(([name]) =>
      include_fields ? named.has(name) || always.includes(name) : !named.has(name),
    ),
  );
}

export interface PageStyle<T> {
  /** Name of the array, if the answer is an object. */
  name: string;
  render?(record: T): unknown;
  /** Records that pages reach at most; checkpoints reach all. */
  reach?: number;
  /** Every page that is not empty has a `next`, as members' lists do. */
  alwaysNext?: boolean;
  /** The totals of a page, if they are others than `start`, `limit` and `total`. */
  totals?(totals: PageTotals, shown: readonly unknown[]): object;
}

export interface PageTotals {
  start: number;
  limit: number;
  total: number;
}

/** An answer of Auth0's list endpoints: a bare array, an object with totals, or a checkpoint page with `next`. */
export function renderPage<T>(list: RecordList<T>, query: PageRequest, style: PageStyle<T>): unknown {
  const { name, render = (record: T) => record, reach = Number.POSITIVE_INFINITY } = style;
  const { page = 0, per_page = 50, from, take } = query;
  if (from !== undefined || take !== undefined) {
    const limit = take ?? 50;
    const found = list.after(from === undefined ? 0 : sequenceOf(from), limit + 1);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const more = found.length > limit || style.alwaysNext;
    const next = last && more ? { next: Buffer.from(`${last.sequence}`).toString("base64url") } : {};
    return { [name]: shown.map(({ record }) => render(record)), ...next };
  }
  if (page * per_page >= reach && page > 0) {
    throw badRequest(
      `Requesting page ${page} exceeds the allowed maximum of ${reach} records. To fetch results beyond ${reach}, use the checkpoint pagination method.`,
      "invalid_paging",
    );
  }
  return renderNumberedPage(list, query, style);
}

/** What pages by number need of a list. */
type NumberedList<T> = Pick<RecordList<T>, "slice" | "count">;

/** A list that is part of one record. */
export function numberedList<T>(items: readonly T[]): NumberedList<T> {
  return {
    slice: (offset, count) => items.slice(offset, offset + count),
    count: () => items.length,
  };
}

/** A bare array, or an object with totals. */
export function renderNumberedPage<T>(
  list: NumberedList<T>,
  { page = 0, per_page = 50, include_totals = false }: Omit<PageRequest, "from" | "take">,
  { name, render = (record: T) => record, totals: renderTotals }: PageStyle<T>,
): unknown {
  const shown = list.slice(page * per_page, per_page).map(render);
  if (!include_totals) return shown;
  const totals = { start: page * per_page, limit: per_page, total: list.count() };
  return { [name]: shown, ...(renderTotals?.(totals, shown) ?? totals) };
}

function sequenceOf(from: string): number {
  const text = Buffer.from(from, "base64url").toString();
  if (!/^\d{1,15}$/.test(text)) {
    throw badRequest("The checkpoint in from is not one that was given as next.", "invalid_query_string");
  }
  return Number(text);
}
