// What AWS accepts as a property's value.
import { Archive, Asset } from "@pulumi/pulumi/asset";
import { UNKNOWN } from "../engine/provider";
import { isRecord } from "../record";
import { parseArn } from "./arn";
import { checkPolicyDocument, type PolicyKind } from "./policy-document";

export type ReportFailure = (property: string, reason: string) => void;

/** Takes a reason for which the import of an OpenAPI document is refused. */
export type ReportProblem = (problem: string) => void;

/** A property of a resource, or of an object within one. */
export interface PropertyRule {
  required: boolean;
  /** A change makes a new resource. */
  replace: boolean;
  default: unknown;
  /** Whether the value is an archive, which is kept as files and compared by its contents. */
  isArchive: boolean;
  /** What a value can be refused for beside its type: each needs a row of its own among the provider's tests. */
  demands: readonly string[];
  /** The rules for what is in the value: `.NAME` of an object, `[0]` of a list, `.*` of a map. */
  parts: Readonly<Record<string, PropertyRule>>;
  check(value: unknown, path: string, report: ReportFailure): void;
  /** The form in which values are kept and compared. */
  normalize(value: unknown): unknown;
}

interface Options {
  required?: boolean;
  replace?: boolean;
  default?: unknown;
}

export function stringRule(
  options: Options & { pattern?: RegExp; values?: readonly string[]; hint?: string; maxLength?: number } = {},
): PropertyRule {
  const { pattern, values, hint, maxLength } = options;
  const demands = demandsOf({ values, maxLength, pattern });
  return createRule({ ...options, demands }, (value, path, report) => {
    if (typeof value !== "string") return report(path, `must be a string, not ${describe(value)}`);
    if (values && !values.includes(value))
      report(path, `must be one of ${values.join(", ")}, not "${value}"`);
    if (maxLength !== undefined && value.length > maxLength) {
      report(path, `must have at most ${maxLength} characters, has ${value.length}`);
    }
    if (pattern && !pattern.test(value)) {
      report(path, `"${value}" is not valid: ${hint ?? `must match ${pattern.source}`}`);
    }
  });
}

export function numberRule(
  options: Options & { min?: number; max?: number; values?: readonly number[] } = {},
): PropertyRule {
  const { min = -Infinity, max = Infinity, values } = options;
  const demands = demandsOf({ values, min: options.min, max: options.max });
  return createRule({ ...options, demands }, (value, path, report) => {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      return report(path, `must be a number, not ${describe(value)}`);
    }
    if (values && !values.includes(value)) report(path, `must be one of ${values.join(", ")}, not ${value}`);
    if (value < min || value > max) report(path, `must be from ${min} to ${max}, not ${value}`);
  });
}

export function booleanRule(options: Options = {}): PropertyRule {
  return createRule(options, (value, path, report) => {
    if (typeof value !== "boolean") report(path, `must be true or false, not ${describe(value)}`);
  });
}

export function listRule(item: PropertyRule, options: Options = {}): PropertyRule {
  return createRule(
    { ...options, parts: { "[0]": item } },
    (value, path, report) => {
      if (!Array.isArray(value)) return report(path, `must be a list, not ${describe(value)}`);
      for (const [index, element] of value.entries())
        checkKnownValue(item, element, `${path}[${index}]`, report);
    },
    (value) => (Array.isArray(value) ? value.map((element) => normalizeKnownValue(item, element)) : value),
  );
}

export function mapRule(item: PropertyRule, options: Options = {}): PropertyRule {
  return createRule(
    { ...options, parts: { ".*": item } },
    (value, path, report) => {
      if (!isObject(value)) return report(path, `must be a map, not ${describe(value)}`);
      for (const [key, element] of Object.entries(value))
        checkKnownValue(item, element, `${path}.${key}`, report);
    },
    (value) =>
      isObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, element]) => [key, normalizeKnownValue(item, element)]),
          )
        : value,
  );
}

export function objectRule(properties: Record<string, PropertyRule>, options: Options = {}): PropertyRule {
  const parts = Object.fromEntries(Object.entries(properties).map(([name, part]) => [`.${name}`, part]));
  return createRule(
    { ...options, parts },
    (value, path, report) => {
      if (!isObject(value)) return report(path, `must be an object, not ${describe(value)}`);
      checkProperties(properties, value, path, report);
    },
    (value) => (isObject(value) ? normalizeProperties(properties, value) : value),
  );
}

export function arnRule(service: string, options: Options = {}): PropertyRule {
  return createRule({ ...options, demands: ["arn"] }, (value, path, report) => {
    const parsed = typeof value === "string" ? parseArn(value) : undefined;
    if (parsed?.service === service) return;
    const example = `arn:aws:${service}:...`;
    report(
      path,
      `must be the ARN of a resource of ${service}, such as ${example}; is ${JSON.stringify(value)}`,
    );
  });
}

/** A policy document: JSON text, or an object, which is kept as JSON text. */
export function policyRule(kind: PolicyKind, options: Options = {}): PropertyRule {
  return createRule(
    { ...options, demands: ["policy"] },
    (value, path, report) => {
      for (const reason of checkPolicyDocument(value, kind)) report(path, reason);
    },
    (value) => {
      if (holdsUnknown(value)) return UNKNOWN;
      return typeof value === "string" ? value : JSON.stringify(value);
    },
  );
}

export function archiveRule(options: Options = {}): PropertyRule {
  return {
    ...createRule(options, (value, path, report) => {
      if (!Archive.isInstance(value)) report(path, `must be an archive, not ${describe(value)}`);
    }),
    isArchive: true,
  };
}

/** A property of a resource that is only stored: any value, kept as it is. */
export function anyRule(options: Options = {}): PropertyRule {
  return createRule(options, () => undefined);
}

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export function tagsRule(): PropertyRule {
  const values = mapRule(stringRule({ maxLength: 256 }));
  return {
    ...values,
    check(value, path, report) {
      values.check(value, path, report);
      const names = isObject(value) ? Object.keys(value) : [];
      if (names.length > 50) report(path, `are ${names.length}; a resource has 50 tags at most`);
      for (const name of names) {
        if (/^aws:/i.test(name))
          report(`${path}.${name}`, 'has a name that begins with "aws:", which is reserved');
        if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(name)) {
          report(`${path}.${name}`, 'must have a name of 1 to 128 letters, digits, spaces and "_.:/=+-@"');
        }
      }
    },
  };
}

/** Reports every property that is missing, unknown or wrong. */
export function checkProperties(
  properties: Record<string, PropertyRule>,
  values: Record<string, unknown>,
  path: string,
  report: ReportFailure,
  { takesAnyProperty = false } = {},
): void {
  const at = (name: string) => (path ? `${path}.${name}` : name);
  for (const [name, propertyRule] of Object.entries(properties)) {
    const value = values[name];
    if (value === undefined || value === null) {
      if (propertyRule.required) report(at(name), "is required");
    } else {
      checkKnownValue(propertyRule, value, at(name), report);
    }
  }
  for (const name of takesAnyProperty ? [] : Object.keys(values)) {
    if (!(name in properties)) report(at(name), "is not supported by the local cloud");
  }
}

/** The values with defaults filled in, without those that are not set. */
export function normalizeProperties(
  properties: Record<string, PropertyRule>,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const propertyRule = properties[name];
    result[name] = propertyRule ? normalizeKnownValue(propertyRule, value) : value;
  }
  for (const [name, propertyRule] of Object.entries(properties)) {
    if (result[name] === undefined && propertyRule.default !== undefined) result[name] = propertyRule.default;
  }
  return result;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !Asset.isInstance(value) && !Archive.isInstance(value);
}

export function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}

function createRule(
  options: Options & Partial<Pick<PropertyRule, "demands" | "parts">>,
  checkValue: PropertyRule["check"],
  normalizeValue: PropertyRule["normalize"] = (value) => value,
): PropertyRule {
  return {
    required: options.required ?? false,
    replace: options.replace ?? false,
    default: options.default,
    isArchive: false,
    demands: [...demandsOf({ required: options.required || undefined }), ...(options.demands ?? [])],
    parts: options.parts ?? {},
    check: checkValue,
    normalize: normalizeValue,
  };
}

function demandsOf(options: Record<string, unknown>): string[] {
  return Object.keys(options).filter((name) => options[name] !== undefined);
}

function checkKnownValue(
  propertyRule: PropertyRule,
  value: unknown,
  path: string,
  report: ReportFailure,
): void {
  if (value !== UNKNOWN) propertyRule.check(value, path, report);
}

function normalizeKnownValue(propertyRule: PropertyRule, value: unknown): unknown {
  return value === UNKNOWN ? UNKNOWN : propertyRule.normalize(value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : JSON.stringify(value);
}
