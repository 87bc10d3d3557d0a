// Says in a person's words what the schema found, at its place in the file.
import type { z } from "zod";
import type { Problem } from "../problems/problem";
import type { Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { nouns, printPath } from "../problems/words";
import { clientFile, clientOverride, customerFile, deliverySchema, overrideFile } from "./customer-schema";
import { tokenQuota } from "./plans";

type Issue = z.core.$ZodIssue;

/** The problems that one issue stands for, at their places. */
export function explainIssue(source: Source, issue: Issue): Problem[] {
  const prefix = issue.path.length === 0 ? "" : `${printPath(issue.path)}: `;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      ...source.atKey(issue.path, key),
      message: `${prefix}"${key}" is not a known key. ${suggestCandidates(key, knownKeys(issue.path))}`,
    }));
  }
  if (issue.code === "invalid_key") {
    const key = String(issue.path.at(-1));
    const message = `${prefix}the name "${key}" ${describeIssues(issue.issues, key)}`;
    return [{ ...source.atKey(issue.path.slice(0, -1), key), message }];
  }
  if (issue.path.length === 0) {
    const message = `the file must hold a map with the keys ${knownKeys([]).join(", ")}`;
    return [{ ...source.at([]), message }];
  }
  return [
    { ...source.at(issue.path), message: prefix + describeIssue(issue, valueAt(source.value, issue.path)) },
  ];
}

/** All that is wrong with a value, as the predicate of a sentence. */
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
  if (value === undefined || value === null) return `is missing; it takes ${noun}`;
  // YAML reads 42, true and 1e3 as other things than texts.
  const remedy = noun === nouns.string && typeof value !== "object" ? ": put it in quotes" : "";
  return `must be ${noun}, not ${JSON.stringify(value)}${remedy}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  if (path.at(-1) === "tokenQuota") return Object.keys(tokenQuota.shape);
  const [first, , ...within] = path;
  const isOfStack = first === "stacks" && path.length > 1;
  const [key] = isOfStack ? within : path;
  if (key === "delivery") return Object.keys(deliverySchema.shape);
  if (key === "clients") return Object.keys(isOfStack ? clientOverride.shape : clientFile.shape);
  return Object.keys(isOfStack ? overrideFile.shape : customerFile.shape);
}
