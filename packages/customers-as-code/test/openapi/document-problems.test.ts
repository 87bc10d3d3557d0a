// The wording of every problem of an OpenAPI document, in one file.
import { join } from "node:path";
import { readDocument } from "../../src/openapi/document";
import { parseSource } from "../../src/problems/source";
import { expectGolden } from "../problems/golden";

const scopes = `            read:orders: Read orders
            write:orders: Write orders
`;
const head = (ofScheme = scopes) => `openapi: 3.0.3
info: { title: Orders, version: 1.2.0 }
security: [{ customers: [read:orders] }]
components:
  securitySchemes:
    customers:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: https://example.eu.auth0.com/oauth/token
          scopes:
${ofScheme}`;
const responses = "responses: { 200: { description: Done } }";
const get = (more = "") => `{ get: { ${more}${responses} } }`;

function readText(text: string, publicRoutes: string[] = []) {
  return () =>
    readDocument(parseSource("openapi.yaml", text), publicRoutes, () => {
      throw new Error("the document is one file");
    }).problems;
}
/** @param paths each with what it has */
const read = (paths: Record<string, string>, publicRoutes: string[] = []) =>
  readText(
    `${head()}paths:\n${Object.entries(paths)
      .map(([path, item]) => `  ${path}: ${item}\n`)
      .join("")}`,
    publicRoutes,
  );
const withScopes = (...lines: string[]) =>
  readText(`${head(lines.map((line) => `            ${line}\n`).join(""))}paths:\n  /orders: ${get()}\n`);
const parameter = (name: string) => `{ name: ${name}, in: path, required: true, schema: { type: string } }`;
const routeScopes = ["all", "orders", "users"].map((name) => `            read:${name}: Read\n`).join("");
const manyScopes = Array.from({ length: 1001 }, (_, n) => `read:${n}: Read`);

test("the wording of a document's problems is that of the golden file", () => {
  expectGolden("openapi", join(__dirname, "__golden__/openapi.txt"), {
    "openapi-version": readText('swagger: "2.0"\n'),
    "openapi-structure": read({ "/orders": "{ get: { responses: {} } }" }),
    "openapi-reference-broken": read({ "/orders": get('parameters: [{ $ref: "#/components/none" }], ') }),
    "openapi-reference-sibling": read({
      "/orders":
        '{ get: { responses: { 200: { $ref: "#/paths/~1orders/put/responses/200", content: {} } } }, put: { responses: { 200: { description: Done } } } }',
    }),
    "openapi-title": readText(
      `${head().replace("title: Orders", 'title: "<Orders>"')}paths:\n  /orders: ${get()}\n`,
    ),
    "openapi-scheme-count": readText(
      `${head().replace("clientCredentials", "password")}paths:\n  /orders: ${get()}\n`,
    ),
    "openapi-no-scopes": readText(
      `${head("").replace("scopes:", "scopes: {}")}paths:\n  /orders: ${get()}\n`,
    ),
    "openapi-too-many-scopes": withScopes("read:orders: Read orders", ...manyScopes),
    "openapi-scope-invalid": withScopes("read:orders: Read orders", '"write orders": Write orders'),
    "openapi-scope-description": withScopes(`read:orders: ${"x".repeat(501)}`),
    "security-scheme-unknown": read({ "/orders": get("security: [{ customer: [read:orders] }], ") }),
    "security-scope-unknown": read({ "/orders": get("security: [{ customers: [read:order] }], ") }),
    "operation-public": read({ "/health": get("security: [], ") }),
    "public-route-unknown": read({ "/orders": get() }, ["GET /healht"]),
    "operations-none": readText(`${head()}paths: {}\n`),
    "routes-ambiguous": readText(
      `${head(routeScopes)}paths:
  /{rest+}: ${get(`parameters: [${parameter("rest")}], security: [{ customers: [read:all] }], `)}
  /orders/{id}: ${get(`parameters: [${parameter("id")}], `)}
  /users/{id}/orders: ${get(`parameters: [${parameter("id")}], security: [{ customers: [read:users] }], `)}
`,
    ),
    "path-invalid": read({ "/orders,all": get() }),
    "path-parameters-differ": read({
      "/orders/{id}": get(`parameters: [${parameter("id")}], `),
      "/orders/{order}": `{ put: { parameters: [${parameter("order")}], ${responses} } }`,
    }),
    "parameter-not-in-path": read({ "/orders/{id}": get(`parameters: [${parameter("ID")}], `) }),
    "parameter-not-declared": read({ "/orders/{id}": get() }),
    "method-not-served": read({ "/orders": `{ trace: { ${responses} } }` }),
    "header-parameter-twice": read({
      "/orders": get(
        "parameters: [{ name: X-Tenant, in: header, schema: {} }, { name: x-tenant, in: header, schema: {} }], ",
      ),
    }),
    "gateway-extension": read({ "/orders": get("x-amazon-apigateway-integration: { type: mock }, ") }),
    "operation-id-twice": read({
      "/orders": get("operationId: list, "),
      "/invoices": get("operationId: list, "),
    }),
    "backend-choice-invalid": read({ "/orders": get("x-backend: 5, ") }),
    "encoded-slashes-invalid": read({ "/orders": get("x-encoded-slashes: deny, ") }),
  });
});
