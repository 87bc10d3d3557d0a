// Works out, while deploying, what the authorizer needs to know of the routes. Not part of its bundle.
import { ambiguousPaths, expressionOf } from "../src/ambiguous-paths";
import type { AuthorizerConfig, CompiledConfig, IssuerConfig, Route, RoutePattern } from "../src/config";
import { findRoute, suffices } from "../src/routes";

/**
 * Checks the settings and works out the routes.
 * @throws with every problem, each with what to do
 */
export function compileConfig(config: AuthorizerConfig<Route[] | CompiledRoutes>): CompiledConfig {
  const { routes, ...settings } = config;
  const compiled = Array.isArray(routes) ? compileRoutes(routes) : routes;
  const problems = [
    ...checkIssuers(settings.issuers),
    ...checkUsageKeys(settings),
    ...compiled.problems,
    ...compiled.policyProblems,
  ];
  if (problems.length > 0)
    throw new Error(`The authorizer cannot be configured:\n  ${problems.join("\n  ")}`);
  const { routes: ordered, patterns, denied } = compiled;
  return { ...settings, routes: ordered, patterns, denied };
}

export interface CompiledRoutes extends Pick<CompiledConfig, "routes" | "patterns" | "denied"> {
  /** What is wrong with the routes, each with what to do; empty if nothing is. */
  problems: string[];
  /** What no policy can express; it doesn't matter to an API whose authorizer returns none. */
  policyProblems: string[];
}

/** Works out the routes. It takes long if there are many, so a deployment does it once and passes the result along. */
export function compileRoutes(routes: readonly Route[]): CompiledRoutes {
  const problems = [...routes.flatMap(checkRoute), ...checkTwins(routes)];
  if (problems.length > 0)
    return { routes: [], patterns: [], denied: { globs: [], expression: "" }, problems, policyProblems: [] };
  const ordered = [...routes].sort(byPrecedence);
  const patterns = ordered.flatMap((route, index) => patternsOf(route, index, ordered));
  // A pattern that is never its requests' route's, such as GET of an ANY beside a GET, says nothing.
  const shapes = patterns
    .map((pattern) => shapeOf(pattern, ordered))
    .filter((shape) => reaches(shape, shape, ordered));
  for (const shape of shapes) {
    shape.pattern.covers = shapes.flatMap((other, index) =>
      other.pattern.route !== shape.pattern.route && reaches(shape, other, ordered) ? [index] : [],
    );
  }
  const live = shapes.map(({ pattern }) => pattern);
  const { globs, problems: ambiguous } = ambiguousPaths(ordered, live);
  return {
    routes: ordered,
    patterns: live,
    denied: { globs, expression: expressionOf(globs) },
    problems: [],
    policyProblems: [...untangle(ordered, shapes), ...ambiguous],
  };
}

/** Gives up as few requests as it takes for a policy to tell the routes apart. @returns why that is not enough */
function untangle(routes: readonly Route[], shapes: readonly Shape[]): string[] {
  const patterns = shapes.map(({ pattern }) => pattern);
  const chain = findEntangled(routes, patterns);
  if (!chain) return [];
  for (const isLikely of [isNoSibling(routes), () => false]) {
    for (const shape of shapes) {
      const { pattern } = shape;
      const usual = pattern.covers.filter((index) => {
        const target = shapes[index];
        return target !== undefined && reaches(shape, target, routes, isLikely);
      });
      if (usual.length < pattern.covers.length) pattern.usual = usual;
    }
    if (!findEntangled(routes, patterns, new Set())) return [];
  }
  for (const pattern of patterns) delete pattern.usual;
  return [explainEntangled(routes, chain)];
}

/** Whether a caller may well give a parameter this value. */
type IsLikely = (value: string, target: Shape, position: number) => boolean;

/** In place of `{id}`, API Gateway prefers the path that has the value there. */
function isNoSibling(routes: readonly Route[]): IsLikely {
  const nodes = new Set(
    routes.flatMap(({ path }) => {
      const parts = path.replaceAll(/\{[^}]*\}/g, "+").split("/");
      return parts.map((_, index) => parts.slice(1, index + 1).join("/"));
    }),
  );
  return (value, { parts }, position) => !nodes.has([...parts.slice(0, position), value].join("/"));
}

function checkIssuers(issuers: readonly IssuerConfig[]): string[] {
  if (issuers.length === 0) return ["issuers: needs one at least"];
  const names = issuers.map(({ issuer }) => issuer);
  const twice = new Set(names.filter((issuer, index) => names.indexOf(issuer) !== index));
  return [
    ...issuers.flatMap(checkIssuer),
    ...[...twice].map((issuer) => `issuer "${issuer}": is there twice; leave one out`),
  ];
}

function checkIssuer({ issuer, audience, jwksUri, kind }: IssuerConfig): string[] {
  const problems: string[] = [];
  if (!URL.canParse(issuer) || !issuer.startsWith("https://")) {
    problems.push(`issuer "${issuer}": must be an https URL`);
  } else if (kind === "auth0" && !issuer.endsWith("/")) {
    problems.push(`issuer "${issuer}": an Auth0 issuer ends with a slash; write "${issuer}/"`);
  }
  if (audience === "") problems.push(`issuer "${issuer}": the audience is empty`);
  if (jwksUri !== undefined && !(URL.canParse(jwksUri) && jwksUri.startsWith("https://"))) {
    problems.push(`issuer "${issuer}": the JWKS URI "${jwksUri}" must be an https URL`);
  }
  return problems;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html */
function checkUsageKeys({ answers, usageKeys }: Omit<AuthorizerConfig, "routes">): string[] {
  if (!usageKeys) return [];
  if (answers === "simple")
    return ["usageKeys: a simple answer has no place for a key; answer with a policy"];
  const { own, shared } = usageKeys;
  const named = [...Object.entries(own), ...(shared === undefined ? [] : [["all others", shared] as const])];
  const names = new Map<string, string>();
  return named.flatMap(([name, value]) => {
    const twin = names.get(value);
    names.set(value, name);
    if (twin !== undefined) return [`usageKeys: ${twin} and ${name} have the same key; give each its own`];
    return /^[A-Za-z0-9]{20,128}$/.test(value)
      ? []
      : [`usageKeys: the key of ${name} must be 20 to 128 letters and digits`];
  });
}

function checkRoute({ method, path, scopes }: Route): string[] {
  const name = `${method} ${path}`;
  const problems: string[] = [];
  if (method !== "ANY" && !methods.includes(method)) {
    problems.push(`${name}: the method must be ANY or one of ${methods.join(", ")}`);
  }
  if (!isRoutable(path)) {
    problems.push(
      `${name}: a path consists of parts with the characters A-Z a-z 0-9 . _ - : or {name}, with {name+} at the end only`,
    );
  }
  if (scopes.length === 0) {
    problems.push(
      `${name}: demands nothing, not even a token; leave it out, or write [[]] for any valid token`,
    );
  }
  return problems;
}

/** API Gateway takes no other characters; `*` and `?` would be wildcards in a policy. */
export function isRoutable(path: string): boolean {
  return path !== "" && /^\/$|^(\/([\w.:-]+|\{[\w.-]+\}))*(\/\{[\w.-]+\+\})?$/.test(path);
}

/** Two routes that take the same requests: the second of them would never be asked for its scopes. */
function checkTwins(routes: readonly Route[]): string[] {
  const seen = new Map<string, string>();
  return routes.flatMap(({ method, path }) => {
    const name = `${method} ${path}`;
    const shape = name.replace(/\{[^}]*?(\+?)\}/g, "{$1}");
    const twin = seen.get(shape);
    seen.set(shape, twin ?? name);
    return twin === undefined ? [] : [`${name}: takes the same requests as ${twin}; leave one out`];
  });
}

/** What ANY stands for in a REST API. */
const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** Part by part, API Gateway prefers plain text to {name}, and that to {name+}; then a method to ANY. */
function byPrecedence(a: Route, b: Route): number {
  const [left, right] = [rank(a), rank(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank({ method, path }: Route): string {
  const kinds = path.split("/").map((part) => (part.endsWith("+}") ? 2 : part.startsWith("{") ? 1 : 0));
  return `${kinds.join("")} ${method === "ANY" ? 1 : 0} ${path} ${method}`;
}

/**
 * A greedy part is written out for each number of segments that another route of the method may have, so that the
 * requests which only it takes have patterns of their own.
 */
function patternsOf(route: Route, index: number, all: readonly Route[]): RoutePattern[] {
  return (route.method === "ANY" ? methods : [route.method]).flatMap((method) => {
    const parts = [method, ...route.path.slice(1).split("/")].map((part) =>
      part.endsWith("+}") ? "*" : part.startsWith("{") ? "+" : part,
    );
    const deepest = Math.max(
      ...all
        .filter(({ method: other }) => other === method || other === "ANY")
        .map(({ path }) => path.split("/").length),
    );
    const templates = parts.at(-1) === "*" ? writtenOut(parts.slice(0, -1), deepest) : [parts];
    return templates.flatMap((template): RoutePattern[] => [
      { route: index, template: template.join("/"), covers: [] },
      // A slash at the end leads to the same resource.
      ...(route.path === "/"
        ? []
        : [{ route: index, template: [...template, ""].join("/"), shadow: true as const, covers: [] }]),
    ]);
  });
}

function writtenOut(prefix: readonly string[], deepest: number): string[][] {
  const rest = Array.from({ length: Math.max(deepest - prefix.length, 0) }, () => "+");
  return [...rest.map((_, index) => [...prefix, ...rest.slice(0, index + 1)]), [...prefix, ...rest, "*"]];
}

/** A pattern taken apart, so that comparing it with each other one need not. */
interface Shape {
  pattern: RoutePattern;
  method: string;
  /** Of the path as IAM reads it, where `*` takes one part or more. */
  wanted: string[];
  parts: string[];
  /** How many of the parts come before a greedy one. */
  beforeGreedy: number;
}

function shapeOf(pattern: RoutePattern, routes: readonly Route[]): Shape {
  const { template } = pattern;
  const [, ...inRoute] = routes[pattern.route]?.path.split("/") ?? [];
  return {
    pattern,
    method: methodOf(pattern),
    wanted: template.replaceAll("+", "*").split("/").slice(1),
    parts: template.split("/").slice(1),
    beforeGreedy: inRoute.at(-1)?.endsWith("+}") ? inRoute.length - 1 : Number.POSITIVE_INFINITY,
  };
}

/**
 * Whether a request that API Gateway sends to the target matches the pattern as IAM reads it.
 * @param isLikely asked for each value that the pattern demands of a parameter of the target
 */
function reaches(
  pattern: Shape,
  target: Shape,
  routes: readonly Route[],
  isLikely: IsLikely = () => true,
): boolean {
  return pattern.method === target.method && search(pattern.wanted, target, routes, isLikely, 0, 0, []);
}

/** Side by side. Where nothing is demanded of a part, it is one that no route has. */
function search(
  wanted: readonly string[],
  target: Shape,
  routes: readonly Route[],
  isLikely: IsLikely,
  i: number,
  j: number,
  words: readonly string[],
): boolean {
  const [want, part] = [wanted[i], target.parts[j]];
  if (part === undefined) {
    if (want !== undefined) return false;
    return findRoute(routes, target.method, `/${words.join("/")}`) === routes[target.pattern.route];
  }
  if (want === undefined) return false;
  const isFree = part === "+" || part === "*";
  if (want !== "*" && (isFree ? want === "" : want !== part)) return false;
  // A greedy parameter takes whole paths, so any value is a usual one.
  if (want !== "*" && isFree && j < target.beforeGreedy && !isLikely(want, target, j)) return false;
  const next = [...words, want !== "*" ? want : isFree ? unnamed : part];
  // A part that both take, and go on with their `*`, could be left out.
  return (
    search(wanted, target, routes, isLikely, i + 1, j + 1, next) ||
    (want === "*" && search(wanted, target, routes, isLikely, i, j + 1, next)) ||
    (part === "*" && search(wanted, target, routes, isLikely, i + 1, j, next))
  );
}

function methodOf({ template }: RoutePattern): string {
  return template.slice(0, template.indexOf("/"));
}

/** A part of a request's path that no route names: `~` is not allowed in them. */
const unnamed = "~";

/**
 * Looks for five routes, each within the one before, of which a token may have the first, third and fifth only: one more
 * alternation than the statements of a policy can express.
 * @param hopeless remembers beginnings that lead nowhere: of use where there are many, as in APIs whose paths overlap
 */
function findEntangled(
  routes: readonly Route[],
  patterns: readonly RoutePattern[],
  hopeless?: Set<string>,
): readonly RoutePattern[] | undefined {
  const visit = (
    chain: readonly RoutePattern[],
    denied: readonly Route[],
    sets: readonly ReadonlySet<string>[],
  ): readonly RoutePattern[] | undefined => {
    if (sets.length === 0 || chain.length === 5) return sets.length === 0 ? undefined : chain;
    const isAllowed = chain.length % 2 === 0;
    const last = chain.at(-1);
    const state = hopeless && describeState(chain, denied, sets);
    if (state !== undefined && hopeless?.has(state)) return undefined;
    const within = isAllowed ? (last?.usual ?? last?.covers) : last?.covers;
    for (const next of within?.flatMap((index) => patterns[index] ?? []) ?? patterns) {
      const route = routes[next.route];
      if (!route || (isAllowed && next.shadow)) continue;
      const others = isAllowed ? denied : [...denied, route];
      const extended = isAllowed
        ? sets.flatMap((set) => route.scopes.map((all) => new Set([...set, ...all])))
        : sets;
      const possible = extended.filter((set) => others.every((other) => !suffices(set, other)));
      const found = visit([...chain, next], others, possible);
      if (found) return found;
    }
    if (state !== undefined) hopeless?.add(state);
    return undefined;
  };
  return visit([], [], [new Set()]);
}

/** What decides on how the chain can go on. */
function describeState(
  chain: readonly RoutePattern[],
  denied: readonly Route[],
  sets: readonly ReadonlySet<string>[],
): string {
  return JSON.stringify([
    chain.length,
    chain.at(-1)?.template,
    denied.map(({ scopes }) => JSON.stringify(scopes)).sort(),
    sets.map((set) => [...set].sort()),
  ]);
}

function explainEntangled(routes: readonly Route[], chain: readonly RoutePattern[]): string {
  const names = chain.map(({ route }) => `${routes[route]?.method} ${routes[route]?.path}`);
  const [allowed, denied] = [0, 1].map((odd) => [...new Set(names.filter((_, index) => index % 2 === odd))]);
  return `${names.join(" > ")}: each has requests that lie within the paths of the one before, so that no policy can allow ${allowed?.join(", ")} and deny ${denied?.join(", ")}; let two neighbours demand the same scopes`;
}
