import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDocument } from "../../src/openapi/load-document";
import { formatProblems } from "../../src/problems/problem";
import { type Files, head, problemsOf, readFiles, routesOf } from "./document-files";

const operation = "{ responses: { default: { description: Done } } }";
const idParameter = "{ name: id, in: path, required: true, schema: { type: string } }";

describe("a reference", () => {
  it("leads to a path item in another file, whole or by a pointer", () => {
    const files = {
      "api/openapi.yaml": `${head}paths:
  /orders: { $ref: paths/orders.yaml }
  /invoices: { $ref: "paths/more.json#/items/0" }
`,
      "api/paths/orders.yaml": `get: ${operation}\npost: ${operation}\n`,
      "api/paths/more.json": `{ "items": [{ "get": { "responses": { "200": { "description": "Done" } } } }] }`,
    };
    expect(routesOf(files)).toEqual(["GET /orders", "POST /orders", "GET /invoices"]);
    expect(readFiles(files).files).toBe(3);
  });

  it("is relative to the file that has it, which may be outside of the document's folder", () => {
    expect(
      routesOf({
        "api/openapi.yaml": `${head}paths:\n  /orders/{id}: { $ref: ../shared/order.yaml }\n`,
        "shared/order.yaml": `parameters: [{ $ref: "parameters/id.yaml" }]\nget: ${operation}\n`,
        "shared/parameters/id.yaml": idParameter,
      }),
    ).toEqual(["GET /orders/{id}"]);
  });

  it("leads within its own file, whichever that is", () => {
    expect(
      routesOf({
        "openapi.yaml": `${head}paths:\n  /orders/{id}: { $ref: "orders.yaml#/one" }\n`,
        "orders.yaml": `one:\n  parameters: [{ $ref: "#/id" }]\n  get: ${operation}\nid: ${idParameter}\n`,
      }),
    ).toEqual(["GET /orders/{id}"]);
  });

  it("has pointers with escapes of JSON pointers and of URLs", () => {
    expect(
      routesOf({
        "openapi.yaml": `${head}paths:
  /a/{id}: { get: ${operation}, parameters: [{ $ref: "a%20b.yaml#/x~1%7Bid%7D~0%25" }] }
  /b/{id}: { $ref: "#/paths/~1a~1%7Bid%7D" }
`,
        "a b.yaml": `"x/{id}~%": ${idParameter}\n`,
      }),
    ).toEqual(["GET /a/{id}", "GET /b/{id}"]);
  });

  it("may lead to another reference, and through one", () => {
    expect(
      routesOf({
        "openapi.yaml": `${head}paths:
  /a/{id}: { $ref: "a.yaml" }
  /b/{id}: { get: ${operation}, parameters: [{ $ref: "#/paths/~1a~1%7Bid%7D/parameters/0" }] }
`,
        "a.yaml": `$ref: b.yaml\n`,
        "b.yaml": `get: ${operation}\nparameters: [{ $ref: id.yaml }]\n`,
        "id.yaml": idParameter,
      }),
    ).toEqual(["GET /a/{id}", "GET /b/{id}"]);
  });

  it("leads to components and security schemes, alone or all of them", () => {
    const scheme = `type: oauth2
flows: { clientCredentials: { tokenUrl: /token, scopes: { "read:orders": Read } } }
`;
    const document = (components: string) => `openapi: 3.0.3
info: { title: Orders, version: 1.2.0 }
security: [{ customers: [read:orders] }]
paths: { /orders: { get: ${operation} } }
components: ${components}
`;
    const alternatives: Files[] = [
      {
        "a.yaml": document("{ securitySchemes: { customers: { $ref: scheme.yaml } } }"),
        "scheme.yaml": scheme,
      },
      {
        "a.yaml": document("{ $ref: components.yaml }"),
        "components.yaml": "securitySchemes: { customers: { $ref: scheme.yaml } }\n",
        "scheme.yaml": scheme,
      },
    ];
    for (const files of alternatives) {
      expect(readFiles(files)).toMatchObject({
        problems: [],
        api: { scopes: { "read:orders": "Read" }, operations: [{ security: [["read:orders"]] }] },
      });
    }
  });

  it("may be absolute, and stand for all schemas at once", () => {
    const files = {
      "openapi.yaml": `${head}  schemas: { $ref: /shared/schemas.yaml }\npaths: { /a: { get: ${operation} } }\n`,
      "/shared/schemas.yaml": "Order: { $ref: order.yaml }\n",
      "/shared/order.yaml": "type: object\n",
    };
    expect(routesOf(files)).toEqual(["GET /a"]);
    expect(readFiles(files).files).toBe(3);
  });

  it("within schemas may make a circle, through files too", () => {
    expect(
      routesOf({
        "openapi.yaml": `${head}  schemas: { Order: { $ref: schemas/order.yaml }, Tree: { items: { $ref: "#/components/schemas/Tree" } } }
paths:
  /orders: { get: { responses: { 200: { description: Orders, content: { "a/b": { schema: { $ref: "#/components/schemas/Order" } } } } } } }
`,
        "schemas/order.yaml": `properties: { items: { type: array, items: { $ref: item.yaml } } }\n`,
        "schemas/item.yaml": `properties: { order: { $ref: "order.yaml" } }\n`,
      }),
    ).toEqual(["GET /orders"]);
  });

  it("is none where it is data: in examples, values and extensions", () => {
    const value = "{ $ref: nowhere.yaml }";
    expect(
      problemsOf({
        "openapi.yaml": `${head}  schemas: { A: { example: ${value}, default: ${value}, enum: [${value}], properties: { $ref: { type: string } } } }
paths:
  /orders:
    get:
      x-data: ${value}
      responses:
        200:
          description: Done
          content: { "a/b": { example: ${value} }, "a/c": { examples: { one: { value: ${value} } } } }
`,
      }),
    ).toEqual([]);
  });

  it("of a path item may have more beside it", () => {
    expect(
      routesOf({
        "openapi.yaml": `${head}paths:\n  /orders: { $ref: orders.yaml, post: ${operation} }\n`,
        "orders.yaml": `get: ${operation}\n`,
      }),
    ).toEqual(["GET /orders", "POST /orders"]);
  });
});

const wrong: [what: string, files: Files, problems: string[]][] = [
  [
    "is remote",
    {
      "openapi.yaml": `${head}paths:\n  /a: { $ref: "https://example.com/a.yaml" }\n  /b: { $ref: //example.com/b.yaml#/x }\n`,
    },
    [
      'openapi.yaml:13:15  $ref: "https://example.com/a.yaml" is remote; bundle the document first',
      'openapi.yaml:14:15  $ref: "//example.com/b.yaml#/x" is remote; bundle the document first',
    ],
  ],
  [
    "leads to a file that is not there",
    { "api/openapi.yaml": `${head}paths:\n  /a: { $ref: ../paths/a.yaml }\n` },
    [
      'api/openapi.yaml:13:15  $ref: "../paths/a.yaml" cannot be read (ENOENT): it is paths/a.yaml, since a path is relative to its own file',
    ],
  ],
  [
    "leads to nothing in a file",
    {
      "openapi.yaml": `${head}paths:\n  /a: { $ref: "a.yaml#/ordres" }\n  /b: { $ref: "a.yaml#/orders/pots/x" }\n`,
      "a.yaml": `orders: { post: ${operation} }\n`,
    },
    [
      'openapi.yaml:13:15  $ref: "a.yaml#/ordres" leads nowhere: "ordres" is not in a.yaml. Did you mean "orders"?',
      'openapi.yaml:14:15  $ref: "a.yaml#/orders/pots/x" leads nowhere: "pots" is not in orders of a.yaml. Did you mean "post"?',
    ],
  ],
  [
    "leads nowhere from another file than the document",
    {
      "openapi.yaml": `${head}paths:\n  /a: { $ref: a.yaml }\n`,
      "a.yaml": `get:\n  parameters:\n    - $ref: "#/limit"\n  responses: { default: { description: Done } }\n`,
    },
    ['a.yaml:3:13  $ref: "#/limit" leads nowhere: "limit" is not in a.yaml. Known: "get".'],
  ],
  [
    "leads nowhere from within a schema, once for all that refer to the schema",
    {
      "openapi.yaml": `${head}  schemas:
    A: { $ref: a.yaml }
    B: { items: { $ref: "a.yaml" } }
paths: { /a: { get: ${operation} } }
`,
      "a.yaml": `properties:\n  b: { $ref: b.yaml }\n`,
    },
    [
      'a.yaml:2:14  $ref: "b.yaml" cannot be read (ENOENT): it is b.yaml, since a path is relative to its own file',
    ],
  ],
  [
    "leads nowhere from a header, whatever its name",
    {
      "openapi.yaml": `${head}paths:
  /a:
    get:
      responses:
        default:
          description: Done
          headers:
            x-next: { $ref: "#/components/headers/next" }
`,
    },
    [
      'openapi.yaml:19:29  $ref: "#/components/headers/next" leads nowhere: "headers" is not in components of openapi.yaml. Known: "securitySchemes".',
    ],
  ],
  [
    "leads nowhere in the place of all paths",
    { "openapi.yaml": `${head}paths: { $ref: paths.yaml }\n` },
    [
      'openapi.yaml:12:16  $ref: "paths.yaml" cannot be read (ENOENT): it is paths.yaml, since a path is relative to its own file',
    ],
  ],
  [
    "is no JSON pointer",
    { "openapi.yaml": `${head}paths:\n  /a: { $ref: "#components" }\n  /b: { $ref: "%zz.yaml" }\n` },
    [
      'openapi.yaml:13:15  $ref: "#components" must have a JSON pointer after the "#", such as #/components/parameters/page',
      'openapi.yaml:14:15  $ref: "%zz.yaml" is not percent-encoded as a URL is',
    ],
  ],
  [
    "leads back to itself",
    {
      "openapi.yaml": `${head}paths:
  /a: { $ref: a.yaml }
  /b: { $ref: "#/paths/~1c" }
  /c: { $ref: "#/paths/~1b" }
  /d: { $ref: "#/paths/~1d/x" }
`,
      "a.yaml": "$ref: b.yaml\n",
      "b.yaml": "$ref: a.yaml\n",
    },
    [
      'b.yaml:1:7  $ref: "a.yaml" leads back to itself. Only schemas may be recursive.',
      'openapi.yaml:14:15  $ref: "#/paths/~1c" leads back to itself. Only schemas may be recursive.',
      'openapi.yaml:16:15  $ref: "#/paths/~1d/x" leads nowhere: "x" is not in /d of openapi.yaml. Known: "$ref".',
    ],
  ],
  [
    "leads to the document as a whole",
    { "openapi.yaml": `${head}paths:\n  /a: { $ref: openapi.yaml }\n` },
    ['openapi.yaml:13:15  $ref: "openapi.yaml" leads back to itself. Only schemas may be recursive.'],
  ],
  [
    "leads to a file that is not valid YAML",
    {
      "openapi.yaml": `${head}paths:\n  /a: { $ref: a.yaml }\n  /b: { $ref: a.yaml }\n`,
      "a.yaml": "get: [\n",
    },
    [
      "a.yaml:2:1  is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ],
  [
    "has something beside it that would be lost",
    {
      "openapi.yaml": `${head}paths:
  /a: { get: { $ref: a.yaml, security: [] } }
  /b: { $ref: b.yaml, get: ${operation} }
`,
      "a.yaml": operation,
      "b.yaml": `get: ${operation}\n`,
    },
    [
      'openapi.yaml:13:30  "security" is ignored beside "$ref". Move it to the object that "$ref" refers to.',
      'openapi.yaml:14:23  "get" is also in the object that "$ref" refers to. Keep one.',
    ],
  ],
];

test.each(wrong)("a reference is refused that %s", (_what, files, problems) => {
  expect(problemsOf(files)).toEqual(problems);
});

test("a problem is reported at its place in the file that has it, whichever way leads there", () => {
  expect(
    problemsOf({
      "openapi.yaml": `${head}paths:
  /a/{id}: { $ref: paths.yaml#/a }
  /b/{id}: { $ref: paths.yaml#/a }
`,
      "paths.yaml": `a:
  parameters: [{ $ref: parameters.yaml#/id }]
  get:
    security:
      - customers: [read:order]
    responses: { default: { description: Done } }
`,
      "parameters.yaml": "id:\n  name: id\n  in: path\n  required: true\n  schema: { type: strng }\n",
    }),
  ).toEqual([
    'parameters.yaml:5:19  /a/{id}: parameters[0].schema.type: "strng" is not allowed. Did you mean "string"?',
    'paths.yaml:5:21  security: "read:order" is not a scope of "customers". Did you mean "read:orders"?',
  ]);
});

test("what is missing is reported where it should be, what is too much where it is", () => {
  expect(
    problemsOf({
      "openapi.yaml": `${head}paths:
  /a: { $ref: a.yaml, gett: ${operation} }
`,
      "a.yaml": `get: { responses: { 200: { $ref: b.yaml } } }\n`,
      "b.yaml": "# An answer.\ncontent: {}\n",
    }),
  ).toEqual([
    'openapi.yaml:13:23  /a: "gett" is not a known key. Did you mean "get"?',
    "b.yaml:2:1  GET /a: responses.200.description: is missing",
  ]);
});

test("a schema in another file is checked as one in the document, once", () => {
  expect(
    problemsOf({
      "openapi.yaml": `${head}  schemas: { A: { $ref: "a.yaml#/a" }, B: { items: { $ref: "a.yaml#/a" } } }
paths: { /a: { get: ${operation} } }
`,
      "a.yaml": "a:\n  type: strng\n  properties: { b: { $ref: b.yaml } }\n",
      "b.yaml": "requred: [c]\n",
    }),
  ).toEqual([
    'a.yaml:2:9  a.type: "strng" is not allowed. Did you mean "string"?',
    'b.yaml:1:1  "requred" is not a known key. Did you mean "required"?',
  ]);
});

test("on the disk, all files that were read are counted", () => {
  const folder = mkdtempSync(join(tmpdir(), "document-"));
  try {
    mkdirSync(join(folder, "api"));
    writeFileSync(
      join(folder, "api/openapi.yaml"),
      `${head}paths:\n  /a: { $ref: a.yaml }\n  /b: { $ref: ../b.yaml }\n`,
    );
    writeFileSync(join(folder, "api/a.yaml"), `get: ${operation}\n`);
    writeFileSync(join(folder, "b.yaml"), `gett: ${operation}\n`);
    const { problems, files } = loadDocument(join(folder, "api/openapi.yaml"), []);
    expect(formatProblems(problems, files).replaceAll(folder, "")).toBe(
      '/b.yaml:1:1  /b: "gett" is not a known key. Did you mean "get"?\n1 problem in 1 of 3 files. docs/reference/problems.md explains openapi-structure',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
