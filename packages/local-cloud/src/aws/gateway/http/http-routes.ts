// Which route of an HTTP API takes a request: the most specific one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
import type { HttpRoute } from "./http-api-body";

export interface FoundHttpRoute {
  route: HttpRoute;
  pathParameters: Record<string, string>;
}

export class HttpRoutes {
  /** The most specific ones first. */
  private readonly candidates: { route: HttpRoute; parts: string[] }[];
  private readonly fallback: HttpRoute | undefined;

  constructor(routes: readonly HttpRoute[]) {
    this.fallback = routes.find(({ routeKey }) => routeKey === "$default");
    this.candidates = routes
      .filter((route) => route !== this.fallback)
      .map((route) => ({ route, parts: route.path.split("/") }))
      .sort((a, b) => compare(rank(a), rank(b)));
  }

  /** @param path without the stage, decoded */
  find(method: string, path: string): FoundHttpRoute | undefined {
    const segments = path.split("/");
    for (const { route, parts } of this.candidates) {
      if (route.method !== method && route.method !== "ANY") continue;
      const pathParameters = match(parts, segments);
      if (pathParameters) return { route, pathParameters };
    }
    return this.fallback && { route: this.fallback, pathParameters: {} };
  }
}

/**
 * A full match comes before one with a greedy variable, and a text before a variable. That a route's own method comes
 * before ANY is said by "all methods that you haven't defined".
 */
function rank({ route, parts }: { route: HttpRoute; parts: readonly string[] }): string {
  const kinds = parts.map((part) => (part.endsWith("+}") ? 2 : part.startsWith("{") ? 1 : 0)).join("");
  return `${kinds.endsWith("2") ? 1 : 0}${kinds}${route.method === "ANY" ? 1 : 0}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A slash at the end belongs to the path: nothing says that an HTTP API passes over it, as a REST API does. */
function match(parts: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const isGreedy = parts.at(-1)?.endsWith("+}") ?? false;
  if (isGreedy ? segments.length < parts.length : segments.length !== parts.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== segment) return undefined;
      continue;
    }
    if (segment === "") return undefined;
    const name = part.slice(1, part.endsWith("+}") ? -2 : -1);
    found[name] = part.endsWith("+}") ? segments.slice(index).join("/") : segment;
  }
  return found;
}
