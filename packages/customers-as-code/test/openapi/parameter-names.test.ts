import { unifyParameterNames } from "../../src/openapi/parameter-names";

const unify = (paths: string[], taken: Record<string, string[]> = {}) =>
  Object.fromEntries(unifyParameterNames(paths.map((path) => ({ path, taken: taken[path] ?? [] }))));

test.each<[what: string, paths: string[], unified: Record<string, string>]>([
  ["alike everywhere stay", ["/users/{id}", "/users/{id}/x", "/orders/{order}"], {}],
  [
    "of one place become the first",
    ["/users/{id}", "/users/{userId}/x", "/users/{user}/y/{y}"],
    { "/users/{userId}/x": "/users/{id}/x", "/users/{user}/y/{y}": "/users/{id}/y/{y}" },
  ],
  [
    "are not twice in a path",
    ["/users/{id}", "/users/{userId}/orders/{id}", "/users/{userId}/orders/{orderId}/items"],
    {
      "/users/{userId}/orders/{id}": "/users/{id}/orders/{orderId}",
      "/users/{userId}/orders/{orderId}/items": "/users/{id}/orders/{orderId}/items",
    },
  ],
  [
    "get a number if there is no other name",
    ["/users/{id}", "/users/{userId}/files/{id+}"],
    { "/users/{userId}/files/{id+}": "/users/{id}/files/{id2+}" },
  ],
])("names of path parameters that are %s", (_, paths, unified) => {
  expect(unify(paths)).toEqual(unified);
});

test("the name of a path parameter is not that of a query parameter, if there is another", () => {
  const paths = ["/users/{id}", "/users/{userId}/x"];
  expect(unify(paths, { "/users/{userId}/x": ["id"] })).toEqual({ "/users/{id}": "/users/{userId}" });
  expect(unify(paths, { "/users/{id}": ["id", "userId"] })).toEqual({
    "/users/{userId}/x": "/users/{id}/x",
  });
});
