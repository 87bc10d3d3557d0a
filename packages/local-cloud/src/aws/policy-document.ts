// IAM policy documents: what AWS accepts as one, and what one decides.

import { UNKNOWN } from "../engine/provider";
import { isRecord } from "../record";
import { matchesPattern, parseArn } from "./arn";

/** Who a policy is attached to: it decides which elements must and must not be there. */
export type PolicyKind = "identity" | "trust" | "resource";

/** Every reason for which IAM would refuse the document. */
export function checkPolicyDocument(value: unknown, kind: PolicyKind): string[] {
  let document = value;
  if (typeof value === "string") {
    try {
      document = JSON.parse(value);
    } catch (error) {
      return [`MalformedPolicyDocument: is not JSON: ${error instanceof Error ? error.message : error}`];
    }
  }
  if (!isRecord(document)) return ["MalformedPolicyDocument: must be a JSON object"];
  const problems: string[] = [];
  const { Version, Statement } = document;
  if (Version !== undefined && Version !== UNKNOWN && Version !== "2012-10-17" && Version !== "2008-10-17") {
    problems.push(`Version must be "2012-10-17", not ${JSON.stringify(Version)}`);
  }
  for (const key of Object.keys(document)) {
    if (!["Version", "Statement", "Id"].includes(key))
      problems.push(`"${key}" is not an element of a policy`);
  }
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  if (Statement === undefined || statements.length === 0) problems.push("Statement is missing");
  else {
    for (const [index, statement] of statements.entries()) {
      if (statement === UNKNOWN) continue;
      problems.push(...checkStatement(statement, kind).map((reason) => `Statement[${index}]: ${reason}`));
    }
  }
  return problems.map((reason) => `MalformedPolicyDocument: ${reason}`);
}

function checkStatement(statement: unknown, kind: PolicyKind): string[] {
  if (!isRecord(statement)) return ["must be an object"];
  const problems: string[] = [];
  const known = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
  if (kind !== "identity") known.push("Principal", "NotPrincipal");
  for (const key of Object.keys(statement)) {
    if (!known.includes(key)) problems.push(`"${key}" is not allowed here`);
  }
  const { Effect } = statement;
  if (Effect !== "Allow" && Effect !== "Deny" && Effect !== UNKNOWN) {
    problems.push(`Effect must be "Allow" or "Deny", not ${JSON.stringify(Effect)}`);
  }
  requireOne(statement, "Action", problems);
  for (const action of texts(statement.Action ?? statement.NotAction)) {
    if (action !== "*" && !/^[a-zA-Z0-9-]+:[\w*?]+$/.test(action)) {
      problems.push(`Action "${action}" must be of the form service:Action`);
    }
    if (kind === "trust" && !/^sts:[A-Za-z]/.test(action)) {
      problems.push(`Action "${action}" is not one of sts, as a trust policy needs`);
    }
  }
  if (kind === "trust") {
    if ("Resource" in statement || "NotResource" in statement) problems.push("Has prohibited field Resource");
  } else {
    requireOne(statement, "Resource", problems);
    for (const resource of texts(statement.Resource ?? statement.NotResource)) {
      if (resource !== "*" && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/.test(resource)) {
        problems.push(`Resource "${resource}" must be in ARN format or "*"`);
      }
    }
  }
  if (kind !== "identity") requireOne(statement, "Principal", problems);
  return problems;
}

function requireOne(statement: Record<string, unknown>, element: string, problems: string[]): void {
  const found = [element, `Not${element}`].filter((name) => statement[name] !== undefined);
  if (found.length === 0) problems.push(`${element} is missing`);
  if (found.length === 2) problems.push(`${element} and Not${element} exclude each other`);
}

/** Services that the trust policy lets take on its role. */
export function trustedServices(trustPolicy: unknown): string[] {
  const document: unknown = typeof trustPolicy === "string" ? JSON.parse(trustPolicy) : trustPolicy;
  if (!isRecord(document)) return [];
  const statements: unknown[] = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return statements.flatMap((statement) =>
    isRecord(statement) && statement.Effect === "Allow" && isRecord(statement.Principal)
      ? texts(statement.Principal.Service)
      : [],
  );
}

/** Whether a resource's policy lets everybody in, as far as its statements have no condition. */
export function isPublic(document: unknown): boolean {
  const parsed: unknown = typeof document === "string" ? JSON.parse(document) : document;
  if (!isRecord(parsed)) return false;
  const statements: unknown[] = Array.isArray(parsed.Statement) ? parsed.Statement : [parsed.Statement];
  return statements.some((statement) => {
    if (!isRecord(statement) || statement.Effect !== "Allow" || statement.Condition !== undefined)
      return false;
    const { Principal, NotPrincipal } = statement;
    const principals = isRecord(Principal) ? Object.values(Principal).flatMap(texts) : texts(Principal);
    return NotPrincipal !== undefined || principals.includes("*");
  });
}

type Decision = "allow" | "explicit deny" | "implicit deny";

/** A policy as a Lambda authorizer returns it, ready to decide about many requests. */
export class Policy {
  private constructor(private readonly statements: Statement[]) {}

  /** Undefined where the document is not a policy that API Gateway takes from an authorizer. */
  static parse(document: unknown): Policy | undefined {
    if (!isRecord(document)) return undefined;
    const list: unknown[] = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
    const statements = list.map(parseStatement);
    return statements.every((statement) => statement !== undefined) && statements.length > 0
      ? new Policy(statements)
      : undefined;
  }

  /** @param values of condition keys, such as `aws:SourceIp` */
  decide(action: string, resource: string, values: Readonly<Record<string, string>>): Decision {
    let decision: Decision = "implicit deny";
    for (const statement of this.statements) {
      if (!covers(statement, action, resource, values)) continue;
      if (!statement.allows) return "explicit deny";
      decision = "allow";
    }
    return decision;
  }
}

interface Statement {
  allows: boolean;
  actions: string[];
  exceptActions: boolean;
  resources: string[];
  exceptResources: boolean;
  conditions: Condition[];
}

interface Condition {
  operator: string;
  key: string;
  values: string[];
}

function parseStatement(statement: unknown): Statement | undefined {
  if (!isRecord(statement)) return undefined;
  const { Effect, Action, NotAction, Resource, NotResource, Condition: conditions } = statement;
  const allows = Effect === "Allow";
  if (!allows && Effect !== "Deny") return undefined;
  const actions = texts(Action ?? NotAction);
  const resources = texts(Resource ?? NotResource);
  if (actions.length === 0 || resources.length === 0) return undefined;
  // "Resource ARN in a policy <= 512 characters" (API Gateway quotas).
  if (resources.some((resource) => resource !== "*" && (!parseLoosely(resource) || resource.length > 512))) {
    return undefined;
  }
  return {
    allows,
    actions: actions.map((action) => action.toLowerCase()),
    exceptActions: Action === undefined,
    resources,
    exceptResources: Resource === undefined,
    conditions: isRecord(conditions)
      ? Object.entries(conditions).flatMap(([operator, keys]) =>
          isRecord(keys)
            ? Object.entries(keys).map(([key, value]) => ({ operator, key, values: texts(value) }))
            : [],
        )
      : [],
  };
}

function covers(
  statement: Statement,
  action: string,
  resource: string,
  values: Readonly<Record<string, string>>,
): boolean {
  const lowerAction = action.toLowerCase();
  const actionMatches = statement.actions.some((pattern) => matchesPattern(pattern, lowerAction));
  if (actionMatches === statement.exceptActions) return false;
  const resourceMatches = statement.resources.some((pattern) => matchesPattern(pattern, resource));
  if (resourceMatches === statement.exceptResources) return false;
  return statement.conditions.every((condition) => {
    const holds = conditionHolds(condition, values);
    // An operator that is not known here must neither open nor close by mistake: it never allows, and always denies.
    return holds ?? !statement.allows;
  });
}

function conditionHolds(
  { operator, key, values: expected }: Condition,
  values: Readonly<Record<string, string>>,
): boolean | undefined {
  const optional = operator.endsWith("IfExists");
  const actual = Object.entries(values).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  const test = operators[operator.replace(/IfExists$/, "")];
  if (!test) return undefined;
  if (actual === undefined) return optional || test.negative;
  return expected.some((value) => test.matches(value, actual)) !== test.negative;
}

const equals = (expected: string, actual: string) => expected === actual;
const equalsIgnoringCase = (expected: string, actual: string) =>
  expected.toLowerCase() === actual.toLowerCase();

const operators: Record<string, { matches(expected: string, actual: string): boolean; negative: boolean }> = {
  StringEquals: { matches: equals, negative: false },
  StringNotEquals: { matches: equals, negative: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoringCase, negative: false },
  StringNotEqualsIgnoreCase: { matches: equalsIgnoringCase, negative: true },
  StringLike: { matches: matchesPattern, negative: false },
  StringNotLike: { matches: matchesPattern, negative: true },
  ArnEquals: { matches: matchesPattern, negative: false },
  ArnLike: { matches: matchesPattern, negative: false },
  Bool: { matches: equalsIgnoringCase, negative: false },
  IpAddress: { matches: inNetwork, negative: false },
  NotIpAddress: { matches: inNetwork, negative: true },
};

/** Whether an IPv4 address is in a network such as `10.0.0.0/8`. */
function inNetwork(network: string, address: string): boolean {
  const [base = "", bits = "32"] = network.split("/");
  const [left, right] = [ipv4(base), ipv4(address)];
  if (left === undefined || right === undefined) return false;
  const shift = 2 ** (32 - Number(bits));
  return Math.floor(left / shift) === Math.floor(right / shift);
}

function ipv4(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function parseLoosely(resource: string): boolean {
  return parseArn(resource) !== undefined || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/.test(resource);
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
}
