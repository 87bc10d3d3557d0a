// Which route a request belongs to, and whether scopes suffice for it.
import type { Route } from "./config";

/** The first route, in their order of precedence, of a request's method and path; none for a path with an empty part. */
export function findRoute(routes: readonly Route[], method: string, path: string): Route | undefined {
  if (path.includes("//")) return undefined;
  // A slash at the end leads to the same resource.
  const segments = (path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  return routes.find(
    (route) =>
      (route.method === method || route.method === "ANY") && matches(route.path.split("/"), segments),
  );
}

/** Whether the scopes include all of at least one of the route's alternatives. */
export function suffices(scopes: ReadonlySet<string>, route: Route): boolean {
  return route.scopes.some((all) => all.every((scope) => scopes.has(scope)));
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.at(-1)?.endsWith("+}")) {
    if (segments.length < pattern.length) return false;
  } else if (segments.length !== pattern.length) return false;
  // A greedy part needs something too: `/{proxy+}` takes no request for `/`.
  return pattern.every((part, index) =>
    part.startsWith("{") ? segments[index] !== "" : part === segments[index],
  );
}
