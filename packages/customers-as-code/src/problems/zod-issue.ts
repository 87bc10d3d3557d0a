// What a schema found, in the terms of a person's file: the one place that knows the issues of zod. Customer files, import data, settings
// and backends each make their own problems of it.
import type { z } from "zod";
import { asRecord, isRecord } from "./record";
import { suggestCandidates } from "./suggestion";
import { nouns } from "./words";

export type Issue = z.core.$ZodIssue;

/** Every area has a code for each. */
export type IssueKind = "unknownKey" | "missingValue" | "wrongType" | "invalidKey" | "invalidValue";

export interface IssueFinding {
  kind: IssueKind;
  /** To the value that is wrong; to the map that has the key, if it is the key. */
  path: PropertyKey[];
  /** The key that is wrong, if it isn't its value. */
  key?: string;
  /** What there must be, if it is one of these. */
  expected?: "map" | "list";
  /** The predicate of a sentence about the value or the key, as the schema words it. */
  message: string;
  issue: Issue;
}

/** One for each mistake of the person. @param root the value that the schema was given */
export function explainIssue(issue: Issue, root: unknown): IssueFinding[] {
  const { path, message } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ kind: "unknownKey", path, key, message, issue }));
  }
  const [above, key] = [path.slice(0, -1), String(path.at(-1))];
  if (issue.code === "invalid_key") return [{ kind: "invalidKey", path: above, key, message, issue }];
  const { kind = kindOf(issue, readValue(root, path)), expected = expectedBy(issue) } = paramsOf(issue);
  const finding = { kind, ...(expected && { expected }), message, issue };
  return [kind === "invalidKey" ? { ...finding, path: above, key } : { ...finding, path }];
}

/** For an issue of one's own: a key of a map is wrong, and not its value. Its path ends with the key. */
export const invalidKey = { kind: "invalidKey" } satisfies IssueParams;

/** For an issue of one's own: there must be a map or a list. */
export function wrongType(expected: "map" | "list") {
  return { kind: "wrongType", expected } satisfies IssueParams;
}

interface IssueParams {
  kind?: IssueKind;
  expected?: "map" | "list";
}

const kinds: readonly unknown[] = ["wrongType", "invalidKey", "invalidValue"] satisfies IssueKind[];

function paramsOf(issue: Issue): IssueParams {
  const { kind, expected } = asRecord(issue.code === "custom" ? issue.params : undefined);
  return {
    ...(isOwnKind(kind) && { kind }),
    ...((expected === "map" || expected === "list") && { expected }),
  };
}

function isOwnKind(kind: unknown): kind is IssueKind {
  return kinds.includes(kind);
}

function kindOf({ code }: Issue, value: unknown): IssueKind {
  const isAboutType = code === "invalid_type" || code === "invalid_union" || code === "invalid_value";
  if (isAboutType && (value === undefined || value === null)) return "missingValue";
  // No alternative of a union fits: one of them may have the type of a value that is no map or list.
  if (code === "invalid_type" || (code === "invalid_union" && typeof value === "object")) return "wrongType";
  return "invalidValue";
}

function expectedBy(issue: Issue): "map" | "list" | undefined {
  if (issue.code === "too_small" || issue.code === "too_big") {
    return issue.origin === "array" ? "list" : undefined;
  }
  if (issue.code !== "invalid_type") return undefined;
  if (issue.expected === "array") return "list";
  return issue.expected === "object" || issue.expected === "record" ? "map" : undefined;
}

/** The value that a path leads to, if there is one. */
export function readValue(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner) && typeof key === "number") return inner[key];
    return isRecord(inner) && Object.hasOwn(inner, key) ? inner[String(key)] : undefined;
  }, root);
}

/** All that is wrong with a value, as the predicate of a sentence, if the schema has no words of its own for most of it. */
export function describeIssues(issues: readonly Issue[], value: unknown): string {
  return issues.map((issue) => describeIssue(issue, value)).join(", and ");
}

function describeIssue(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return describeType(nouns[issue.expected] ?? issue.expected, value);
    case "invalid_value": {
      const values = issue.values.map(String);
      const near =
        typeof value === "string" ? suggestCandidates(value, values) : `Known: ${values.join(", ")}.`;
      return `${JSON.stringify(value)} is not allowed. ${near}`;
    }
    case "too_small":
      if (issue.origin === "string") return "must not be empty";
      return issue.origin === "array"
        ? `needs at least ${issue.minimum} entry`
        : `must be at least ${issue.minimum}`;
    case "too_big":
      return `is ${String(value).length} characters long; Auth0 allows ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function describeType(noun: string, value: unknown): string {
  if (value === undefined || value === null) return `is missing; it must be ${noun}`;
  // YAML reads 42, true and 1e3 as other things than texts.
  const remedy = noun === nouns.string && typeof value !== "object" ? ": put it in quotes" : "";
  return `must be ${noun}, not ${JSON.stringify(value)}${remedy}`;
}
