// What the schema found wrong with a seed, as sentences for the person who wrote it.
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { renderPath, type SeedFault } from "./seed-problem";

type Issue = z.core.$ZodIssue;

/** One fault for each mistake. @param root the value that the schema was given */
export function explainIssue(issue: Issue, schema: z.core.$ZodType, root: unknown): SeedFault[] {
  const { path } = issue;
  const name = path.length > 0 ? renderPath(path) : "The seed";
  const found = valueAt(root, path);
  const fault = (code: SeedFault["code"], message: string): SeedFault[] => [{ code, path, message }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        code: "unknown-key" as const,
        path: [...path, key],
        message: `${renderPath([...path, key])} is not a known key. ${suggest(key, keysAt(schema, path))}`,
        isKey: true,
      }));
    case "invalid_type":
      if (found === undefined || found === null) return fault("missing-value", `${name} is missing. Add it.`);
      return fault(
        "wrong-type",
        `${name} must be ${nounOf(issue.expected)}, not ${show(found)}.${quotes(issue.expected, found)}`,
      );
    case "invalid_value": {
      if (found === undefined || found === null) return fault("missing-value", `${name} is missing. Add it.`);
      return fault(
        "invalid-value",
        `${name} can't be ${show(found)}. ${suggest(String(found), issue.values.map(String))}`,
      );
    }
    case "invalid_union":
      return explainUnion(issue, schema, root);
    case "too_small":
    case "too_big":
      return fault("invalid-value", `${name} ${describeSize(issue)}.`);
    case "invalid_format":
      return fault("invalid-value", `${name} ${describeFormat(issue)}; it is ${show(found)}.`);
    case "invalid_key":
      return fault("invalid-value", `${name} has an invalid name.`);
    default:
      return fault("invalid-value", `${name}: ${issue.message}.`);
  }
}

/** The alternative whose type is the value's is the one that was meant. */
function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.core.$ZodType,
  root: unknown,
): SeedFault[] {
  const { path } = issue;
  const found = valueAt(root, path);
  const meant = issue.errors.find((inner) =>
    inner.every(
      ({ code, path: below }) => below.length > 0 || (code !== "invalid_type" && code !== "invalid_value"),
    ),
  );
  if (meant) {
    return meant.flatMap((one) =>
      explainIssue({ ...one, path: [...path, ...one.path] } as Issue, schema, root),
    );
  }
  const nouns = issue.errors.flatMap(([first]) => {
    if (first?.code === "invalid_type") return [nounOf(first.expected)];
    return first?.code === "invalid_value" ? first.values.map((value) => `"${String(value)}"`) : [];
  });
  const name = renderPath(path);
  if (found === undefined || found === null)
    return [{ code: "missing-value", path, message: `${name} is missing. Add it.` }];
  const expected = [...new Set(nouns)].join(" or ");
  return [{ code: "wrong-type", path, message: `${name} must be ${expected}, not ${show(found)}.` }];
}

/** `Did you mean "x"?` if a candidate is near, otherwise the known ones. */
export function suggest(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "Remove it.";
  const near = closest(word, [...candidates]);
  if (distance(word, near) <= Math.max(2, Math.floor(word.length / 3))) return `Did you mean "${near}"?`;
  const shown = candidates.slice(0, mostListed).map((one) => `"${one}"`);
  const more = candidates.length - shown.length;
  return `Known: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

const mostListed = 12;

const nouns: Record<string, string> = {
  ...{ array: "a list", boolean: "true or false", int: "a whole number", number: "a number" },
  ...{ object: "a map", record: "a map", string: "a string" },
};

const nounOf = (expected: string): string => nouns[expected] ?? expected;

/** YAML reads 42 and true as other things than strings. */
const quotes = (expected: string, found: unknown): string =>
  expected === "string" && typeof found !== "object" ? " Put it in quotes." : "";

/** Not the whole of a long value. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function describeSize(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.code === "too_small" && Number(issue.minimum) === 1 && issue.origin !== "number")
    return "must not be empty";
  const limit = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === "string") return `must have ${limit} characters`;
  return issue.origin === "array" ? `must have ${limit} entries` : `must be ${limit}`;
}

function describeFormat(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.message.startsWith("must ")) return issue.message;
  if (issue.format === "regex") return `must match ${issue.pattern}`;
  return `must be ${issue.format === "email" ? "an email address" : `of the format ${issue.format}`}`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
    root,
  );
}

/** The keys that the map at the path may have. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let reached: readonly z.core.$ZodType[] = [schema];
  for (const part of path) reached = reached.flatMap((one) => schemasBelow(one, part));
  const maps = reached.flatMap(alternatives).filter((one) => one instanceof z.ZodObject);
  return maps.flatMap(({ shape }) => Object.keys(shape)).filter((key) => key !== "$schema");
}

function schemasBelow(schema: z.core.$ZodType, part: PropertyKey): z.core.$ZodType[] {
  return alternatives(schema).flatMap((one) => {
    if (one instanceof z.ZodArray) return [one.element];
    const shape: Record<string, z.core.$ZodType> = one instanceof z.ZodObject ? one.shape : {};
    const inner = shape[String(part)];
    return inner ? [inner] : [];
  });
}

/** Without what makes a schema optional, and each one of a union. */
function alternatives(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return alternatives(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.flatMap(alternatives) : [schema];
}
