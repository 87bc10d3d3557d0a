// What the local cloud reads of any company's document.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { readOperations } from "../../src/company/operations";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "operations-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : stringify(content));
  return file;
}

const scheme = {
  type: "oauth2",
  flows: { clientCredentials: { tokenUrl: "https://x/oauth/token", scopes: {} } },
};

/** Of a document whose paths are given. */
function operationsOf(paths: object, components: object = {}, more: object = {}) {
  const securitySchemes = { key: { type: "apiKey" }, m2m: scheme };
  const document = { openapi: "3.1.0", paths, components: { securitySchemes, ...components }, ...more };
  return readOperations(write("api.yaml", document));
}

const requestOf = (operation: object, components: object = {}, pathItem: object = {}) =>
  operationsOf({ "/things/{id}": { ...pathItem, post: operation } }, components)[0]?.makeRequest();

test("an operation has its own security, or else the document's; an empty requirement makes it public", () => {
  const found = operationsOf(
    {
      "/a": { get: {}, post: { security: [{ m2m: ["x", "y"] }, { m2m: [] }] } },
      "/b": {
        get: { security: [] },
        put: { security: [{ m2m: ["x"] }, {}] },
        delete: { security: [{ key: [] }] },
      },
    },
    {},
    { security: [{ m2m: ["read"] }] },
  );
  expect(found.map(({ method, path, security }) => [`${method} ${path}`, security])).toEqual([
    ["GET /a", [["read"]]],
    ["POST /a", [["x", "y"], []]],
    ["GET /b", []],
    ["PUT /b", []],
    ["DELETE /b", []],
  ]);
});

test("the backend of an operation wins over that of its path", () => {
  const found = operationsOf({
    "/a": { "x-backend": "shared", get: {}, post: { "x-backend": { name: "own", timeoutMs: 50 } } },
    "/b": { get: {} },
  });
  expect(found.map(({ backend }) => backend)).toEqual(["shared", "own", undefined]);
});

test("a request has the required parameters, by their examples or else by their schemas", () => {
  const parameters = [
    {
      name: "id",
      in: "path",
      required: true,
      schema: { type: "string" },
      examples: { one: { value: "a/b" } },
    },
    {
      name: "from",
      in: "query",
      required: true,
      schema: { type: "string", format: "date", example: "2026-12-01" },
    },
    {
      name: "sizes",
      in: "query",
      required: true,
      schema: { type: "array", items: { type: "integer", minimum: 3 } },
    },
    { name: "page", in: "query", schema: { type: "integer" } },
    { name: "X-Tenant", in: "header", required: true, schema: { enum: ["north", "south"] } },
  ];
  expect(requestOf({ parameters })).toEqual({
    path: "/things/a%2Fb?from=2026-12-01&sizes=3",
    headers: { "x-tenant": "north" },
  });
});

test("a parameter of the operation wins over that of its path, and one that says nothing is not empty", () => {
  const id = (schema: object) => ({ name: "id", in: "path", required: true, schema });
  const pathItem = { parameters: [id({ type: "integer", minimum: 7 })] };
  expect(requestOf({}, {}, pathItem)?.path).toBe("/things/7");
  expect(requestOf({ parameters: [id({ type: "string" })] }, {}, pathItem)?.path).toBe("/things/example");
  expect(operationsOf({ "/files/{path+}": { get: {} } })[0]?.makeRequest()?.path).toBe("/files/example");
});

test("a request has a JSON body by its schema, which ends where that leads back to itself", () => {
  const schemas = {
    Order: {
      type: "object",
      required: ["id", "lines"],
      properties: {
        id: { type: "string", readOnly: true },
        note: { type: "string" },
        lines: { type: "array", minItems: 1, items: { $ref: "#/components/schemas/Line" } },
      },
    },
    Line: {
      type: "object",
      required: ["sku", "parent"],
      properties: {
        sku: { type: "string", pattern: "^[A-Z]{3}$" },
        parent: { $ref: "#/components/schemas/Line" },
      },
    },
  };
  const content = { "application/vnd.acme+json": { schema: { $ref: "#/components/schemas/Order" } } };
  const request = requestOf({ requestBody: { content } }, { schemas });
  expect(request?.headers).toEqual({ "content-type": "application/vnd.acme+json" });
  const body: unknown = JSON.parse(request?.body ?? "");
  expect(body).toEqual({ lines: [{ sku: expect.stringMatching(/^[A-Z]{3}$/), parent: null }] });
});

test("an example of the media type wins over its schema", () => {
  const content = { "application/json": { example: { sku: "XYZ" }, schema: { type: "object" } } };
  expect(requestOf({ requestBody: { content } })?.body).toBe('{"sku":"XYZ"}');
});

test.each([
  [true, undefined],
  [false, { path: "/things/example", headers: {} }],
])("of an operation whose body is not JSON and required: %s, the request is %p", (required, expected) => {
  const content = { "multipart/form-data": { schema: { type: "object" } } };
  expect(requestOf({ requestBody: { required, content } })).toEqual(expected);
});

test("references lead to other files, and from there back", () => {
  write("paths/orders.json", {
    parameters: [{ $ref: "../our%20shared.yaml#%2Fparameters/Id" }],
    get: { operationId: "getOrder", security: [{ m2m: ["read"] }] },
  });
  write("our shared.yaml", {
    parameters: { Id: { name: "id", in: "path", required: true, schema: { $ref: "#/schemas/a~1b" } } },
    schemas: { "a/b": { type: "string", example: "42" } },
  });
  const [found] = operationsOf({ "/orders/{id}": { $ref: "paths/orders.json" } });
  expect(found).toMatchObject({ method: "GET", operationId: "getOrder", security: [["read"]] });
  expect(found?.makeRequest()).toEqual({ path: "/orders/42", headers: {} });
});

test.each([
  ["is missing", undefined],
  ["is no YAML", "paths: [}"],
  ["refers to itself", { paths: { $ref: "#/paths" } }],
  ["has a reference that is no URL", { paths: { $ref: "#/100%" } }],
])("a document that %s has no operations: the program says what is wrong with it", (_what, content) => {
  if (content !== undefined) write("other.yaml", content);
  expect(readOperations(join(folder, "other.yaml"))).toEqual([]);
});
