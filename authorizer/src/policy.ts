// The one answer to a token: which operations of the whole API it may call. It is the same for whatever request brought
// the token, so that API Gateway may remember it for any time.
import type { CompiledConfig, RoutePattern } from "./config";
import { intersects } from "./pattern";
import { suffices } from "./routes";

/** IAM's JSON, as an authorizer returns it. */
export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: Statement[];
}

export interface Statement {
  Action: "execute-api:Invoke";
  Effect: "Allow" | "Deny";
  Resource?: string[];
  NotResource?: string[];
}

/** API Gateway publishes no limit for REST APIs; 8 KB is the one that it has for WebSocket APIs. */
const sparingBytes = 7_000;

/** Allows what the scopes suffice for. @param stageArn `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE` */
export function policyFor(
  config: Pick<CompiledConfig, "routes" | "patterns" | "denied">,
  scopes: ReadonlySet<string>,
  stageArn: string,
): PolicyDocument {
  const permitted = config.routes.map((route) => suffices(scopes, route));
  const slashes = config.patterns.filter(({ shadow, route }) => shadow && permitted[route]);
  const policyWith = (count: number, groupings?: typeof group) => {
    const selection = select(config.patterns, permitted, new Set(slashes.slice(0, count)), groupings);
    return selection && render(selection, stageArn, config.denied.globs);
  };
  const fitting = (...args: Parameters<typeof policyWith>) => {
    const policy = policyWith(...args);
    return policy && JSON.stringify(policy).length <= sparingBytes ? policy : undefined;
  };
  const all = slashes.length;
  const whole = fitting(all) ?? fitting(all, group);
  if (whole) return whole;
  for (const groupings of [undefined, group]) {
    let policy = fitting(0, groupings);
    if (!policy) continue;
    let count = 0;
    for (let more = all / 2; more > all / 9; more /= 2) {
      const larger = fitting(count + more, groupings);
      if (!larger) continue;
      policy = larger;
      count += more;
    }
    return policy;
  }
  return policyWith(0, group) ?? denyAll(stageArn);
}

/** Denies everything. */
export function denyAll(stageArn: string): PolicyDocument {
  return render({ allow: [], deny: [] }, stageArn, []);
}

/** Resources relative to the stage. */
interface Selection {
  allow: string[];
  /** Allows all but these. */
  allowExcept?: string[];
  deny: string[];
  /** Denies all but these. */
  denyExcept?: string[];
}

/** Wildcards that stand for several patterns each; undefined where a pattern has only its own. */
interface Grouping {
  allow(pattern: RoutePattern): string | undefined;
  deny(pattern: RoutePattern): string | undefined;
  /** Denied patterns that the wildcards of the allowed ones match too. */
  leaks: RoutePattern[];
}

/**
 * In a policy, `*` passes slashes: `GET/orders/*` covers `GET /orders/1/items` too. What is covered so but not permitted
 * is denied explicitly. Where that would in turn deny something permitted, the covered is excepted instead of denied; unless only
 * requests are at stake that nobody makes (`usual`).
 * @param slashes the patterns with a slash at the end whose requests are allowed as well, which a REST API sends to the same
 * resource as those without
 * @returns undefined where something permitted would be denied all the same: compileConfig sees to it that it is a request
 * with a slash at the end which makes it so
 */
function select(
  patterns: readonly RoutePattern[],
  permitted: readonly boolean[],
  slashes: ReadonlySet<RoutePattern>,
  groupings?: typeof group,
): Selection | undefined {
  const isPermitted = ({ route }: RoutePattern) => permitted[route] === true;
  const isAllowed = (pattern: RoutePattern) =>
    isPermitted(pattern) && (!pattern.shadow || slashes.has(pattern));
  const covered = (by: readonly RoutePattern[], key: "covers" | "usual") => [
    ...new Set(by.flatMap((one) => (one[key] ?? one.covers).flatMap((index) => patterns[index] ?? []))),
  ];
  const leaksOf = (by: readonly RoutePattern[]) =>
    covered(by, "covers").filter((pattern) => !isPermitted(pattern));
  const hiddenBy = (by: readonly RoutePattern[]) => covered(by, "usual").filter(isAllowed);
  const allowed = patterns.filter(isAllowed);
  const denied = patterns.filter((pattern) => !isPermitted(pattern));
  const groups = groupings?.(allowed, denied, leaksOf(allowed));

  const allow = allowed.map((pattern) => groups?.allow(pattern) ?? glob(pattern));
  const single = allowed.filter((pattern) => groups?.allow(pattern) === undefined);
  const leaks = [...new Set([...leaksOf(single), ...(groups?.leaks ?? [])])];
  const deny = leaks.map((pattern) => groups?.deny(pattern) ?? glob(pattern));
  const hidden = hiddenBy(leaks);
  if (hidden.length === 0) return { allow, deny };
  const within = leaksOf(hidden);
  if (slashes.size > 0 && hiddenBy(within).length > 0) return undefined;
  return { allow: hidden.map(glob), allowExcept: deny, deny: within.map(glob), denyExcept: allow };
}

/**
 * Finds wildcards for many patterns at once, such as `GET/orders*`: for denied ones those that match no permitted request,
 * for allowed ones those that match no other than permitted requests, except what is denied in any case.
 */
function group(
  allowed: readonly RoutePattern[],
  denied: readonly RoutePattern[],
  leaks: readonly RoutePattern[],
): Grouping {
  const isFree = once((wide: string) => !allowed.some(({ template }) => intersects(wide, template)));
  const deny = once((pattern: RoutePattern) => candidates(pattern).find(isFree));
  const denials = new Set(leaks.map(deny));
  const isSafe = once((wide: string) =>
    denied.every((pattern) => {
      if (!intersects(wide, pattern.template)) return true;
      const denial = leaks.length > 0 ? deny(pattern) : undefined;
      return denial !== undefined && denials.has(denial);
    }),
  );
  const allow = once((pattern: RoutePattern) => candidates(pattern).find(isSafe));
  const chosen = new Set(allowed.map(allow));
  chosen.delete(undefined);
  const isLeak = ({ template }: RoutePattern) =>
    [...chosen].some((wide) => wide !== undefined && intersects(wide, template));
  return { allow, deny, leaks: leaks.length > 0 ? denied.filter(isLeak) : [] };
}

/** Remembers the answers. */
function once<K, V>(answer: (question: K) => V): (question: K) => V {
  const known = new Map<K, { value: V }>();
  return (question) => {
    const entry = known.get(question) ?? { value: answer(question) };
    known.set(question, entry);
    return entry.value;
  };
}

/** From the widest to the narrowest; each covers the pattern itself. */
function candidates(pattern: RoutePattern): string[] {
  const [method = "", ...segments] = glob(pattern).split("/");
  const found = [`${method}/*`];
  for (let length = 1; length <= segments.length; length += 1) {
    const path = segments.slice(0, length).join("/");
    for (const verb of ["*", method]) {
      found.push(`${verb}/${path}*`);
      if (length < segments.length) found.push(`${verb}/${path}/*`);
    }
  }
  return found;
}

function glob({ template }: RoutePattern): string {
  return template.replaceAll("+", "*");
}

function render(
  { allow, allowExcept, deny, denyExcept }: Selection,
  stageArn: string,
  denied: readonly string[],
): PolicyDocument {
  // The API's id says enough: shorter names leave room for more of them.
  const stage = stageArn.replace(/^(arn:[^:]+:execute-api):[^:]*:[^:]*:/, "$1:*:*:");
  const api = stage.slice(0, stage.lastIndexOf(":") + 1);
  const always = denied.map((path) => (path.startsWith("*") ? api + path : `${stage}/${path}`));
  const statement = (
    Effect: "Allow" | "Deny",
    element: "Resource" | "NotResource",
    paths: string[] = [],
    more: string[] = [],
  ) => {
    const resources = [...withoutRedundant(paths).map((path) => `${stage}/${path}`), ...more];
    return resources.length === 0
      ? []
      : [{ Action: "execute-api:Invoke" as const, Effect, [element]: resources }];
  };
  const isNothing = allow.length === 0 && allowExcept === undefined;
  return {
    Version: "2012-10-17",
    Statement: isNothing
      ? statement("Deny", "Resource", ["*"])
      : [
          ...statement("Allow", "Resource", allow),
          ...statement("Allow", "NotResource", allowExcept),
          ...statement("Deny", "Resource", deny, always),
          ...statement("Deny", "NotResource", denyExcept),
        ],
  };
}

/** Leaves out what another pattern of the list covers. */
function withoutRedundant(patterns: readonly string[]): string[] {
  const kept: string[] = [];
  for (const pattern of [...new Set(patterns)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    if (!kept.some((wide) => coversGlob(wide, pattern))) kept.push(pattern);
  }
  return kept;
}

/** Only the sure case: a wildcard at the end of an otherwise plain prefix. */
function coversGlob(wide: string, narrow: string): boolean {
  return wide.endsWith("*") && narrow.startsWith(wide.slice(0, -1));
}
