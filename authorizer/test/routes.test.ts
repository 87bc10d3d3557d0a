// Which route a request belongs to, and whether scopes suffice for it.
import { findRoute, suffices } from "../src/routes";

const routes = [
  { method: "GET", path: "/", scopes: [["root"]] },
  { method: "GET", path: "/orders", scopes: [["list"]] },
  { method: "GET", path: "/orders/new", scopes: [["new"]] },
  { method: "GET", path: "/orders/{id}", scopes: [["read"]] },
  { method: "ANY", path: "/orders/{id}", scopes: [["any"]] },
  { method: "ANY", path: "/files/{path+}", scopes: [["files"]] },
];

it.each<[string, string, string | undefined]>([
  ["GET", "/", "root"],
  ["POST", "/", undefined],
  ["GET", "/orders", "list"],
  ["GET", "/orders/", "list"],
  ["GET", "/orders//", undefined],
  ["GET", "//orders", undefined],
  ["GET", "/files/a//b", undefined],
  ["GET", "/Orders", undefined],
  ["GET", "/orders/new", "new"],
  ["GET", "/orders/1", "read"],
  ["GET", "/orders/1/", "read"],
  ["GET", "/orders/1/2", undefined],
  ["GET", "orders/1", undefined],
  ["DELETE", "/orders/new", "any"],
  ["DELETE", "/orders", undefined],
  ["GET", "/files", undefined],
  ["GET", "/files/", undefined],
  ["GET", "/files/a", "files"],
  ["PUT", "/files/a/b/c", "files"],
  ["PUT", "/file/a", undefined],
])("%s %s is a request of the first route that matches: %s", (method, path, scope) => {
  expect(findRoute(routes, method, path)?.scopes).toEqual(scope === undefined ? undefined : [[scope]]);
});

it.each<[string[][], string[], boolean]>([
  [[["a"]], ["a"], true],
  [[["a"]], ["b"], false],
  [[["a", "b"]], ["a"], false],
  [[["a", "b"]], ["b", "a", "c"], true],
  [[["a", "b"], ["c"]], ["c"], true],
  [[["a"], ["b"]], [], false],
  [[[]], [], true],
  [[], ["a"], false],
])("of %j, scopes %j suffice: %s", (scopes, granted, expected) => {
  expect(suffices(new Set(granted), { method: "GET", path: "/", scopes })).toBe(expected);
});
