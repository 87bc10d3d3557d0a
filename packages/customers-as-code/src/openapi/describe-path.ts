// How a place in an OpenAPI document is named in a problem: by its operation, where it is in one.
import { printPath } from "../problems/words";

/** `GET /orders: parameters[0].name`, `/orders: parameters[0]` or `components.securitySchemes.customers` */
export function describePath(path: readonly PropertyKey[]): string {
  const [first, route, method, ...inOperation] = path.map((key) =>
    typeof key === "number" ? key : String(key),
  );
  if (first !== "paths" || typeof route !== "string" || !route.startsWith("/")) return printPath(path);
  if (typeof method !== "string" || !operationMethods.includes(method)) return prefixed(route, path.slice(2));
  return prefixed(`${method.toUpperCase()} ${route}`, inOperation);
}

/** The operations that a path item may have; `query` since OpenAPI 3.2. */
export const operationMethods: readonly string[] = [
  "get",
  "put",
  "post",
  "delete",
  "options",
  "head",
  "patch",
  "trace",
  "query",
];

function prefixed(prefix: string, rest: readonly PropertyKey[]): string {
  return rest.length === 0 ? prefix : `${prefix}: ${printPath(rest)}`;
}
