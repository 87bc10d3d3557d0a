// What is denied since a backend may read another path: authorizer/test/policy.test.ts has it tried with policies.
import { compileRoutes } from "../build/compile";
import { Running, restEvent, settings, stopClock } from "../testing/fixture";
import { makeKey, token } from "../testing/tokens";

stopClock();

const key = makeKey("key-1");
const operation = (request: string, scope: string, more: { encodedSlashes?: true } = {}) => {
  const [method = "", path = ""] = request.split(" ");
  return { method, path, scopes: [[scope]], ...more };
};
const allows = { encodedSlashes: true } as const;
const routes = [
  operation("GET /orders/{id}", "read"),
  operation("GET /orders/{id}/items", "items"),
  operation("GET /orders/export", "export"),
  operation("GET /notes/{id}", "read", allows),
  operation("GET /files/{path+}", "read"),
  operation("GET /docs/{path+}", "read"),
  operation("GET /docs/{id}/secret", "items"),
];

it.each([
  ["/orders/7", 200],
  ["/orders/a%20b", 200],
  ["/orders/%C3%BC%40%3A%7C", 200],
  ["/orders/100%25", 200],
  ["/orders/7%2Fitems", 403],
  ["/orders/7%2fitems", 403],
  ["/orders/7%5Citems", 403],
  ["/orders/7%252Fitems", 403],
  ["/orders/7%255citems", 403],
  ["/orders/%65xport", 403],
  ["/orders/ex%70ort", 403],
  ["/orders/..", 403],
  ["/orders/%2e%2e", 403],
  ["/orders/%2E", 403],
  ["/orders/../refunds", 403],
  ["/notes/a%2Fb", 200],
  ["/notes/a%5Cb", 200],
  ["/notes/a%252Fb", 200],
  ["/notes/a%2F..%2Fb", 403],
  ["/files/a%2Fb", 200],
  ["/files/a%2F%2Fb", 403],
  ["/files/%2Fa", 403],
  ["/files/..%2Forders", 403],
  ["/files/a%5Cb", 403],
  // The operation of more scopes lies within.
  ["/docs/7%2Fsecret", 403],
  ["/docs/7/secret", 403],
  ["/docs/7/public", 200],
])("GET %s of a token that may read gets %i, and the log says the same", async (path, status) => {
  const running = new Running(settings(key, { routes }));
  const request = `GET ${path}`;
  const reason = status === 200 ? "allowed" : "insufficient_scope";
  expect(
    await running.answer(restEvent(`Bearer ${token(key, { scope: "read" })}`, request), request),
  ).toEqual([status, reason]);
});

it("a greedy operation takes encoded slashes from a token that may call all that lies within", () => {
  const own = [operation("GET /docs/{path+}", "read"), operation("GET /docs/{id}/secret", "read")];
  expect(compileRoutes(own).policyProblems).toEqual([]);
});

it("is refused where one operation allows what another denies, and no policy tells them apart", () => {
  expect(
    compileRoutes([
      operation("GET /orders/{id}", "read"),
      operation("GET /orders/{id}/notes/{note}", "read", allows),
    ]).policyProblems,
  ).toEqual([
    "GET /orders/{id}/notes/{note}: no policy can allow its encoded slashes and deny those of the other operations; allow them for the operations within whose paths it lies, or for none",
  ]);
});
