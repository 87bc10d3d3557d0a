// Shows two values side by side, and finds where they differ: pure functions.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { getOwn, isRecord } from "../problems/record";
import { inlineCode } from "./markdown";

export interface ValueDifference {
  path: string[];
  before: unknown;
  after: unknown;
}

/** Every path at which two values differ. Maps are compared key by key; anything else as a whole. */
export function differencesOf(before: unknown, after: unknown, path: string[] = []): ValueDifference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after) || isSecret(before) || isSecret(after)) {
    return [{ path, before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differencesOf(getOwn(before, key), getOwn(after, key), [...path, key]));
}

/** What happens to a value, as the predicate of a sentence about its name. */
export function describeChange(name: string, before: unknown, after: unknown): string {
  if (isList(before) && isList(after)) return describeLists(name, before, after);
  const [shownBefore, shownAfter] = showBoth(before, after);
  if (before === undefined) return `sets ${name} to ${shownAfter}`;
  if (after === undefined) return `removes ${name} (${shownBefore})`;
  if (isSecret(before) && isSecret(after)) return `changes the secret ${name}`;
  return `changes ${name} from ${shownBefore} to ${shownAfter}`;
}

/** Stands for a value that nobody may see. Only its digest identifies it. */
export class Secret {
  constructor(readonly digest: string) {}
}

function isSecret(value: unknown): value is Secret {
  return value instanceof Secret;
}

export function showValue(value: unknown): string {
  return showBoth(value, value)[0];
}

/** Values are never cut so that a change is lost: of one that is too long, there are its ends and its digest. */
const mostOfValue = 4000;
const end = 1000;

function showBoth(before: unknown, after: unknown): [string, string] {
  return [showOne(before, after), showOne(after, before)];
}

function showOne(value: unknown, other: unknown): string {
  if (value === undefined) return "nothing";
  if (isSecret(value)) return "a secret";
  const text = textOf(value);
  if (text.length <= mostOfValue) return inlineCode(text);
  const from = Math.max(0, Math.min(commonStart(text, textOf(other)) - 100, text.length - end));
  const middle = from > end ? ` … ${inlineCode(text.slice(from, from + end))}` : "";
  const digest = createHash("sha256").update(text).digest("hex");
  return `${inlineCode(text.slice(0, end))}${middle} … ${inlineCode(text.slice(-end))} (${hostOf(text)}${text.length} characters, SHA-256 ${inlineCode(digest)})`;
}

/** Of an address, the end of what stands before the path says where it leads. */
function hostOf(text: string): string {
  return URL.canParse(text) ? `host ${inlineCode(new URL(text).host)}, ` : "";
}

/** An empty string would be no code at all. */
function textOf(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  return JSON.stringify(value, (_, inner) => (isSecret(inner) ? "[secret]" : inner)) ?? "";
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function describeLists(name: string, before: readonly unknown[], after: readonly unknown[]): string {
  const { added, removed } = compareLists(before, after);
  const listed = (items: readonly unknown[]) => items.map(showValue).join(", ");
  const sentences = [
    ...(added.length > 0 ? [`adds ${listed(added)} to ${name}`] : []),
    ...(removed.length > 0 ? [`removes ${listed(removed)} from ${name}`] : []),
  ];
  return sentences.length > 0 ? sentences.join(" and ") : `changes the order of ${name}: ${listed(after)}`;
}

export function compareLists(before: readonly unknown[], after: readonly unknown[]) {
  const has = (list: readonly unknown[], item: unknown) =>
    list.some((other) => isDeepStrictEqual(item, other));
  return {
    added: after.filter((item) => !has(before, item)),
    removed: before.filter((item) => !has(after, item)),
  };
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Undefined is none. */
export function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}
