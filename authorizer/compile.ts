// Works out, while deploying, what the authorizer needs to know of the routes. Not part of its bundle.
import type { AuthorizerConfig, CompiledConfig, Route, RoutePattern } from "./config";
import { findRoute, suffices } from "./routes";

/**
 * Checks the settings and works out the routes.
 * @throws with every problem, each with what to do
 */
export function compileConfig(config: AuthorizerConfig): CompiledConfig {
  const { routes, ...settings } = config;
  const problems = [...settings.issuers.flatMap(checkIssuer), ...routes.flatMap(checkRoute)];
  if (settings.issuers.length === 0) problems.push("issuers: needs one at least");
  const names = settings.issuers.map(({ issuer }) => issuer);
  if (new Set(names).size < names.length) problems.push("issuers: one is there twice");
  if (problems.length > 0)
    throw new Error(`The authorizer cannot be configured:\n  ${problems.join("\n  ")}`);

  const ordered = [...routes].sort(byPrecedence);
  const patterns = ordered.flatMap((route, index) => patternsOf(route, index, ordered));
  // A pattern that is never its requests' route's, such as GET of an ANY beside a GET, says nothing.
  const live = patterns.filter((pattern) => reaches(pattern, pattern, ordered));
  for (const pattern of live) {
    pattern.covers = live.flatMap((other, index) =>
      other.route !== pattern.route && reaches(pattern, other, ordered) ? [index] : [],
    );
  }
  const entangled = findEntangled(ordered, live);
  if (entangled) {
    throw new Error(
      `The authorizer cannot be configured: no policy can allow ${entangled.allowed.join(", ")} and deny ${entangled.denied.join(", ")}, ` +
        "because each of these paths lies within the one before. Let two neighbours among them demand the same scopes.",
    );
  }
  return { ...settings, routes: ordered, patterns: live };
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
    const template = [method, ...route.path.slice(1).split("/")].map((part) =>
      part.endsWith("+}") ? "*" : part.startsWith("{") ? "+" : part,
    );
    const pattern = (parts: string[], shadow?: true): RoutePattern => ({
      route: index,
      template: parts.join("/"),
      ...(shadow && { shadow }),
      covers: [],
    });
    if (template.at(-1) !== "*") {
      const isRoot = route.path === "/";
      return [pattern(template), ...(isRoot ? [] : [pattern([...template, ""], true)])];
    }
    const prefix = template.slice(0, -1);
    const deepest = Math.max(
      ...all
        .filter(({ method: other }) => other === method || other === "ANY")
        .map(({ path }) => path.split("/").length),
    );
    const lengths = Array.from({ length: deepest - prefix.length + 1 }, (_, extra) => extra);
    return lengths.map((extra) => {
      const isLast = extra === lengths.length - 1;
      return pattern([...prefix, ...Array.from({ length: extra }, () => "+"), isLast ? "*" : "+"]);
    });
  });
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
function findEntangled(
  routes: readonly Route[],
  patterns: readonly RoutePattern[],
): { allowed: string[]; denied: string[] } | undefined {
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
  const names = chain.map(({ route }) => `${routes[route]?.method} ${routes[route]?.path}`);
  return {
    allowed: names.filter((_, index) => index % 2 === 0),
    denied: names.filter((_, index) => index % 2 === 1),
  };
}
