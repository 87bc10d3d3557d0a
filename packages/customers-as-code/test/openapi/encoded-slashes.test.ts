// `x-encoded-slashes` in the document, and public operations within whose paths others need a token.

import { type CheckApiTypeArgs, checkApiType } from "../../src/gateway/api-type";
import { listAuthorizedRoutes, type Operation } from "../../src/openapi/document";
import { formatProblem } from "../../src/problems/problem";
import { head, readFiles } from "../gateway/document-files";

const responses = "responses: { default: { description: An order. } }";
const declared = "parameters: [{ name: id, in: path, required: true, schema: { type: string } }]";

const documentWith = (own: string, { item = "", root = "", path = "/orders/{id}" } = {}) =>
  `${head}${root}paths:\n  ${path}:\n${item}    get:\n      ${path.includes("{") ? declared : "summary: Orders"}\n${own}      security: [{ customers: [read:orders] }]\n      ${responses}\n`;

const read = (text: string) => readFiles({ "openapi.yaml": text });

it("of an operation reaches the authorizer's route", () => {
  const { api, problems } = read(documentWith("      x-encoded-slashes: allow\n"));
  expect(problems.map(formatProblem)).toEqual([]);
  expect(listAuthorizedRoutes(api.operations)).toEqual([
    { method: "GET", path: "/orders/{id}", scopes: [["read:orders"]], encodedSlashes: true },
  ]);
  expect(listAuthorizedRoutes(read(documentWith("")).api.operations)).toEqual([
    { method: "GET", path: "/orders/{id}", scopes: [["read:orders"]] },
  ]);
});

it.each([
  [documentWith("      x-encoded-slashes: true\n"), 'GET /orders/{id}: x-encoded-slashes: must be "allow".'],
  [documentWith("      x-encoded-slashes: deny\n"), 'GET /orders/{id}: x-encoded-slashes: must be "allow".'],
  [
    documentWith("      x-encoded-slashes: allow\n", { path: "/orders" }),
    "GET /orders: x-encoded-slashes: the path has no parameter. Remove it.",
  ],
  [
    documentWith("", { item: "    x-encoded-slashes: allow\n" }),
    "/orders/{id}: x-encoded-slashes: belongs to operations. Move it",
  ],
  [
    documentWith("", { root: "x-encoded-slashes: allow\n" }),
    "x-encoded-slashes: belongs to operations. Move it",
  ],
])("is refused elsewhere, and with other values, at its place", (text, message) => {
  const problems = read(text).problems.map(formatProblem);
  expect(problems).toEqual([expect.stringContaining(message)]);
  expect(problems[0]).toMatch(/^openapi\.yaml:\d+:\d+ {2}/);
});

describe("a kind of API", () => {
  const settings: CheckApiTypeArgs["settings"] = {
    file: "Pulumi.dev.yaml",
    openapi: "openapi.yaml",
    apiType: "rest",
    httpAuthorizer: "lambda",
    stageName: "v1",
    liveSuspensions: false,
    webAclArn: undefined,
    tracing: false,
    customDomain: undefined,
    validateRequests: "none",
    binaryMediaTypes: [],
    corsAllowedOrigins: [],
    plans: {},
  };
  const operation = (request: string, security: string[][], more: Partial<Operation> = {}): Operation => {
    const [method = "", path = ""] = request.split(" ");
    return { method, path, pathParameters: path.includes("{") ? ["id"] : [], security, ...more };
  };
  const problemsOf = (apiType: "rest" | "http", ...operations: Operation[]) =>
    checkApiType({
      settings: { ...settings, apiType },
      api: { title: "Orders", version: "1", scopes: {}, operations },
      customers: [],
    }).problems.map(({ message }) => message);

  const open = operation("GET /orders/{id}", []);
  const items = operation("GET /orders/{id}/items", [["read"]]);

  it.each([
    ["GET /orders/{id}", "GET /orders/{id}/items"],
    ["GET /orders/{id}", "GET /orders/export"],
    ["GET /{path+}", "GET /orders/{id}"],
  ])("rest: %s is not public beside %s, which needs a token", (outer, inner) => {
    const problems = problemsOf("rest", operation(outer, []), operation(inner, [["read"]]));
    expect(problems).toEqual([
      expect.stringMatching(
        /^GET \S+ needs no token, and GET \S+ within its path does: .*decoded path parameters.* Require a token for both, or set "x-encoded-slashes: allow"/,
      ),
    ]);
    expect(problemsOf("http", operation(outer, []), operation(inner, [["read"]]))).toEqual([]);
  });

  it("rest: a public operation is fine beside others that do not lie within, or if it says so", () => {
    expect(problemsOf("rest", operation("GET /health", []), items)).toEqual([]);
    expect(problemsOf("rest", open, operation("POST /orders/{id}/items", [["read"]]))).toEqual([]);
    expect(problemsOf("rest", open, operation("GET /orders", [["read"]]))).toEqual([]);
    expect(problemsOf("rest", { ...open, encodedSlashes: true }, items)).toEqual([]);
  });

  it("http: has no encoded slashes to allow", () => {
    const allowed = operation("GET /notes/{id}", [["read"]], { encodedSlashes: true });
    expect(problemsOf("http", allowed)).toEqual([
      expect.stringMatching(
        /^GET \/notes\/\{id\} allows encoded slashes: an HTTP API decodes .* set apiType to rest\.$/,
      ),
    ]);
    expect(problemsOf("rest", allowed)).toEqual([]);
  });
});
