// Works out, while deploying, what the authorizer needs to know of the routes. Not part of its bundle.
import type { AuthorizerConfig, CompiledConfig, Route, RoutePattern } from "./config";
import { findRoute, suffices } from "./routes";

/**
 * Checks the settings and works out the routes.
 * @throws with every problem, each with what to do
 */
export function compileConfig(config: AuthorizerConfig): CompiledConfig {
  const { routes, ...settings } = config;
  const problems = [...settings.issuers.flatMap(checkIssuer), ...routeProblems(routes)];
  if (settings.issuers.length === 0) problems.push("issuers: needs one at least");
  const names = settings.issuers.map(({ issuer }) => issuer);
  for (const name of new Set(names.filter((issuer, index) => names.indexOf(issuer) !== index))) {
    problems.push(`issuer "${name}": is there twice; leave one out`);
  }
  if (problems.length > 0)
    throw new Error(`The authorizer cannot be configured:\n  ${problems.join("\n  ")}`);
  return { ...settings, ...compileRoutes(routes) };
}

/** What is wrong with the routes, each with what to do; empty where nothing is. */
export function routeProblems(routes: readonly Route[]): string[] {
  const problems = [...routes.flatMap(checkRoute), ...checkTwins(routes)];
  if (problems.length > 0) return problems;
  const entangled = findEntangled(compileRoutes(routes));
  if (!entangled) return [];
  const [allowed, denied] = [entangled.allowed.join(", "), entangled.denied.join(", ")];
  return [
    `${allowed}: no policy can allow these and deny ${denied}, because each of the paths lies within another. Let two neighbours among ${entangled.all.join(" > ")} demand the same scopes`,
  ];
}

function compileRoutes(routes: readonly Route[]): Pick<CompiledConfig, "routes" | "patterns"> {
  const ordered = [...routes].sort(byPrecedence);
  const patterns = ordered.flatMap((route, index) => patternsOf(route, index, ordered));
  // A pattern that is never its requests' route's, such as GET of an ANY beside a GET, says nothing.
  const live = patterns.filter((pattern) => reaches(pattern, pattern, ordered));
  for (const pattern of live) {
    pattern.covers = live.flatMap((other, index) =>
      other.route !== pattern.route && reaches(pattern, other, ordered) ? [index] : [],
    );
  }
  return { routes: ordered, patterns: live };
}

function checkIssuer({ issuer, audience, jwksUri, kind }: AuthorizerConfig["issuers"][number]): string[] {
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

function checkRoute({ method, path, scopes }: Route): string[] {
  const name = `${method} ${path}`;
  const problems: string[] = [];
  if (method !== "ANY" && !methods.includes(method)) {
    problems.push(`${name}: the method must be ANY or one of ${methods.join(", ")}`);
  }
  // API Gateway takes no other characters; `*` and `?` would be wildcards in a policy.
  if (!/^\/$|^(\/([\w.:-]+|\{[\w.-]+\}))*(\/\{[\w.-]+\+\})?$/.test(path) || path === "") {
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

/** Whether a request that API Gateway sends to the target matches the pattern as IAM reads it. */
function reaches(pattern: RoutePattern, target: RoutePattern, routes: readonly Route[]): boolean {
  const wanted = pattern.template.split("/").map((part) => (part === "+" ? "*" : part));
  const parts = target.template.split("/");
  const [method = ""] = parts;
  const isRouted = (words: readonly string[]) =>
    findRoute(routes, method, `/${words.slice(1).join("/")}`) === routes[target.route];
  /** Side by side: a `*` takes one part or more. Where nothing is demanded of a part, it is one that no route has. */
  const search = (i: number, words: readonly string[]): boolean => {
    const part = parts[words.length];
    const want = wanted[i];
    if (part === undefined) return want === undefined && isRouted(words);
    if (want === undefined) return false;
    const isFree = part === "+" || part === "*";
    if (want !== "*") {
      const isMatch = isFree ? want !== "" : want === part;
      return isMatch && search(i + 1, [...words, want]);
    }
    const next = [...words, isFree ? unnamed : part];
    return search(i + 1, next) || search(i, next);
  };
  return wanted[0] === method && search(0, []);
}

/** A part of a request's path that no route names: `~` is not allowed in them. */
const unnamed = "~";

/**
 * Five routes, each within the one before, of which a token may have the first, third and fifth only: one more
 * alternation than the statements of a policy can express.
 */
function findEntangled({
  routes,
  patterns,
}: Pick<CompiledConfig, "routes" | "patterns">):
  | { all: string[]; allowed: string[]; denied: string[] }
  | undefined {
  const within = (pattern: RoutePattern) => pattern.covers.flatMap((index) => patterns[index] ?? []);
  const visit = (
    chain: readonly RoutePattern[],
    sets: readonly ReadonlySet<string>[],
  ): RoutePattern[] | undefined => {
    if (sets.length === 0) return undefined;
    if (chain.length === 5) return [...chain];
    const last = chain.at(-1);
    for (const next of last ? within(last) : patterns.filter(({ shadow }) => !shadow)) {
      const route = routes[next.route];
      if (!route) continue;
      const isAllowed = chain.length % 2 === 0;
      if (isAllowed && next.shadow) continue;
      const denied = chain
        .filter((_, index) => index % 2 === 1)
        .flatMap((pattern) => routes[pattern.route] ?? []);
      const extended = isAllowed
        ? sets.flatMap((set) => route.scopes.map((all) => new Set([...set, ...all])))
        : sets;
      if (!isAllowed) denied.push(route);
      const possible = extended.filter((set) => denied.every((other) => !suffices(set, other)));
      const found = visit([...chain, next], possible);
      if (found) return found;
    }
    return undefined;
  };
  const chain = visit([], [new Set()]);
  if (!chain) return undefined;
  const all = chain.map(({ route }) => `${routes[route]?.method} ${routes[route]?.path}`);
  const [allowed, denied] = [0, 1].map((odd) => [...new Set(all.filter((_, index) => index % 2 === odd))]);
  return { all, allowed: allowed ?? [], denied: denied ?? [] };
}
