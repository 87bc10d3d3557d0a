// Route sets to try policies on: as companies have them, at random, and as nobody should have them.
import * as fc from "fast-check";
import type { Route } from "../src/config";
import { findRoute, suffices } from "../src/routes";
import { methodArn } from "../testing/fixture";

/** Routes, three tokens' scopes, and requests, most of which are some route's. */
export interface Case {
  routes: Route[];
  grants: string[][];
  requests: Request[];
}

export interface Request {
  method: string;
  path: string;
}

const words = ["a", "ab", "c", "x.y"];

export function cases(path: fc.Arbitrary<string>): fc.Arbitrary<Case> {
  return fc
    .uniqueArray(route(path), {
      minLength: 1,
      maxLength: 14,
      selector: ({ method, path }) => `${method} ${path}`,
    })
    .chain((routes) =>
      fc.record({
        routes: fc.constant(routes),
        grants: fc.array(fc.subarray(scopes), { minLength: 3, maxLength: 3 }),
        requests: fc.array(request(routes), { minLength: 24, maxLength: 24 }),
      }),
    );
}

/** Resources within resources, operations beside them, and now and then a greedy part. */
export function usualPath(): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words);
  const variable = { weight: 6, arbitrary: fc.constant("{}") };
  const operation = { weight: 1, arbitrary: word };
  return path(
    fc.tuple(word, fc.oneof(variable, operation), word, fc.oneof(variable, operation)),
    fc.integer({ min: 0, max: 19 }).map((number) => number === 0),
  );
}

/** Variables and greedy parts anywhere. */
export function wildPath(): fc.Arbitrary<string> {
  const part = fc.oneof(fc.constantFrom(...words), fc.constant("{}"));
  return path(fc.tuple(part, part, part, part), fc.boolean());
}

/** Variables anywhere in long paths of few words, and no greedy part. */
export function overlappingPath(): fc.Arbitrary<string> {
  const part = fc.oneof(fc.constantFrom("a", "c"), fc.constant("{}"));
  return path(fc.tuple(part, part, part, part), fc.constant(false));
}

function path(
  parts: fc.Arbitrary<[string, string, string, string]>,
  isGreedy: fc.Arbitrary<boolean>,
): fc.Arbitrary<string> {
  return fc.tuple(parts, fc.nat(4), isGreedy).map(([all, length, greedy]) => {
    const taken = all.slice(0, length).map((part, index) => (part === "{}" ? `{id${index}}` : part));
    return `/${[...taken, ...(greedy ? ["{rest+}"] : [])].join("/")}`;
  });
}

const scopes = ["read:a", "write:a", "read:c", "admin"];

function route(path: fc.Arbitrary<string>): fc.Arbitrary<Route> {
  const all = fc.uniqueArray(fc.constantFrom(...scopes), { minLength: 1, maxLength: 2 });
  return fc.record({
    method: fc.constantFrom("GET", "GET", "GET", "POST", "DELETE", "ANY"),
    path,
    scopes: fc.oneof(
      { weight: 9, arbitrary: fc.array(all, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constant<string[][]>([[]]) },
    ),
  });
}

/** Variables take any word, so that a request is often of several routes' shape. */
function request(routes: readonly Route[]): fc.Arbitrary<Request> {
  const values = fc.array(fc.constantFrom(...words, "1", "~"), { minLength: 8, maxLength: 8 });
  return fc
    .record({
      route: fc.constantFrom(...routes),
      method: fc.constantFrom("GET", "GET", "GET", "POST", "DELETE", "PUT"),
      values,
      extra: fc.nat(3),
      slash: fc.constantFrom("", "", "/"),
      doubled: fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat() }),
    })
    .map(({ route, method, values, extra, slash, doubled }) => {
      const parts = route.path
        .split("/")
        .slice(1)
        .flatMap((part, index) =>
          part.endsWith("+}")
            ? values.slice(index, index + 1 + extra)
            : part.startsWith("{")
              ? values.slice(index, index + 1)
              : [part],
        );
      const plain = `/${parts.join("/")}`;
      const path = plain === "/" ? plain : plain + slash;
      return { method, path: doubled === undefined ? path : doubleSlash(path, doubled) };
    });
}

/** The nth of its slashes, counted round and round. */
function doubleSlash(path: string, n: number): string {
  const parts = path.split("/");
  const at = (n % (parts.length - 1)) + 1;
  return [...parts.slice(0, at), "", ...parts.slice(at)].join("/");
}

/** What each shape makes of a resource's name. */
const resources: Record<string, (name: string) => Route[]> = {
  "two levels": (name) => [
    operation("GET", `/v1/${name}`, `read:${name}`),
    operation("POST", `/v1/${name}`, `write:${name}`),
    operation("GET", `/v1/${name}/{id}`, `read:${name}`),
    operation("PUT", `/v1/${name}/{id}`, `write:${name}`),
    operation("DELETE", `/v1/${name}/{id}`, `write:${name}`),
  ],
  "three levels with operations": (name) => [
    operation("GET", `/${name}`, `read:${name}`),
    operation("POST", `/${name}`, `write:${name}`),
    operation("POST", `/${name}/search`, `read:${name}`),
    operation("GET", `/${name}/{id}`, `read:${name}`),
    operation("PATCH", `/${name}/{id}`, `write:${name}`),
    operation("POST", `/${name}/{id}/cancel`, `write:${name}`),
  ],
  "four levels": (name) => [
    operation("GET", `/${name}`, `read:${name}`),
    operation("POST", `/${name}`, `write:${name}`),
    operation("GET", `/${name}/{id}`, `read:${name}`),
    operation("GET", `/${name}/{id}/items`, `read:${name}`),
    operation("POST", `/${name}/{id}/items`, `write:${name}`),
    operation("DELETE", `/${name}/{id}/items/{item}`, `write:${name}`),
  ],
  "four levels below a variable": (name) => [
    operation("GET", `/accounts/{account}/${name}`, `read:${name}`),
    operation("POST", `/accounts/{account}/${name}`, `write:${name}`),
    operation("GET", `/accounts/{account}/${name}/{id}`, `read:${name}`),
    operation("PUT", `/accounts/{account}/${name}/{id}`, `write:${name}`),
    operation("DELETE", `/accounts/{account}/${name}/{id}`, `write:${name}`),
  ],
};

/** APIs of 300 routes, by shape. */
export const largeApis: [shape: string, Route[]][] = Object.entries(resources).map(([shape, of]) => [
  shape,
  names().flatMap(of).slice(0, 300),
]);

/** Some are the beginning of others, as "order" is of "orders". */
function names(): string[] {
  const nouns = ["order", "orders", "invoice", "customer", "product", "shipment", "payment", "refund"];
  const kinds = ["", "-lines", "-events", "-notes", "-files", "-labels", "-drafts", "s-archive"];
  return kinds.flatMap((kind) => nouns.map((noun) => noun + kind));
}

function operation(method: string, path: string, scope: string): Route {
  return { method, path, scopes: [[scope]] };
}

/** The decision that a policy has to express; undefined where API Gateway would not ask. */
export function isPermitted(
  routes: readonly Route[],
  scopes: ReadonlySet<string>,
  { method, path }: Request,
): boolean | undefined {
  if (path.includes("//")) return false;
  const route = findRoute(routes, method, path);
  return route && suffices(scopes, route);
}

export function arnOf({ method, path }: Request, stage: string): string {
  return methodArn(`${method} ${path}`, stage);
}
