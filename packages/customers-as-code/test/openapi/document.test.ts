import { readFileSync } from "node:fs";
import { compileRoutes } from "../../../../authorizer/build/compile";
import { readDocument } from "../../src/openapi/document";
import { loadDocument } from "../../src/openapi/load-document";
import { documentOptions } from "../../src/openapi/references";
import { formatProblem } from "../../src/problems/problem";
import { parseSource } from "../../src/problems/source";

const head = `openapi: 3.0.3
info: { title: Orders, version: 1.2.0 }
components:
  securitySchemes:
    customers:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: https://example.eu.auth0.com/oauth/token
          scopes:
            read:orders: Read orders
            write:orders: ""
`;

const read = (text: string, publicRoutes: string[] = []) =>
  readDocument(parseSource("openapi.yaml", text), publicRoutes, () => {
    throw new Error("the document is one file");
  });
const problemsOf = (text: string, publicRoutes: string[] = []) =>
  read(text, publicRoutes).problems.map(formatProblem);

const otherSchemes = `    key: { type: apiKey, in: header, name: X-Key }
    bearer: { type: http, scheme: bearer }
    login: { type: openIdConnect, openIdConnectUrl: https://example.com/.well-known/openid-configuration }
`;

/** A document with one operation whose `security` is given. */
const secured = (security: string) =>
  `${head}paths:\n  /orders:\n    get:\n      security: ${security}\n      responses: { 200: { description: Orders } }\n`;

describe("an OpenAPI document", () => {
  it("has its routes compiled for the authorizer, none of them if it has a problem", () => {
    const { api } = read(secured("[{ customers: [read:orders] }]"));
    expect(api.routes).toEqual(
      compileRoutes([{ method: "GET", path: "/orders", scopes: [["read:orders"]] }]),
    );
    expect(api.routes.patterns).not.toEqual([]);
    expect(read(secured("[{ customers: [read:order] }]")).api.routes.patterns).toEqual([]);
  });

  it("declares the API's scopes by its client credentials scheme, a scope without words by its name", () => {
    const { api, problems } = read(secured("[{ customers: [read:orders] }]"));
    expect(problems).toEqual([]);
    expect(api).toMatchObject({
      title: "Orders",
      version: "1.2.0",
      scopes: { "read:orders": "Read orders", "write:orders": "write:orders" },
    });
  });

  it("has operations with the scopes of their own security, or of the document's if they don't have any", () => {
    const { api } = read(`${head}security: [{ customers: [read:orders] }]
paths:
  /orders:
    get: { responses: &done { default: { description: Done } } }
    post: { security: [{ customers: [read:orders, write:orders] }], responses: *done }
  /orders/{orderId}/items/{itemId}:
    parameters:
      - { name: orderId, in: path, required: true, schema: { type: string } }
    delete:
      operationId: removeItem
      security: [{ customers: [] }]
      parameters:
        - { name: itemId, in: path, required: true, schema: { type: string } }
      responses: *done
`);
    expect(api.operations).toEqual([
      {
        method: "GET",
        path: "/orders",
        operationId: undefined,
        pathParameters: [],
        security: [["read:orders"]],
      },
      {
        method: "POST",
        path: "/orders",
        operationId: undefined,
        pathParameters: [],
        security: [["read:orders", "write:orders"]],
      },
      {
        method: "DELETE",
        path: "/orders/{orderId}/items/{itemId}",
        operationId: "removeItem",
        pathParameters: ["orderId", "itemId"],
        security: [[]],
      },
    ]);
  });

  it("offers alternatives as OpenAPI says: any requirement suffices, with all of its scopes", () => {
    const { api } = read(secured("[{ customers: [read:orders] }, { customers: [write:orders] }]"));
    expect(api.operations[0]?.security).toEqual([["read:orders"], ["write:orders"]]);
  });

  it("has public operations only where the config allows each of them", () => {
    const allowed = "GET /orders";
    const demand = 'openapi.yaml:15:5  GET /orders needs no token. Require scopes with "security"';
    const optional =
      'openapi.yaml:16:48  GET /orders needs no token, since {} is one of the alternatives in "security". Remove {}';
    for (const [security, reason] of [
      ["[]", demand],
      ["[{}]", demand],
      ["[{ customers: [read:orders] }, {}]", optional],
    ] as const) {
      expect(read(secured(security), [allowed])).toMatchObject({
        problems: [],
        api: { operations: [{ security: [] }] },
      });
      expect(problemsOf(secured(security))).toEqual([
        `${reason}, or list "GET /orders" in the config key "publicRoutes".`,
      ]);
    }
  });

  it("reports once that the document makes tokens optional, for whichever operations take after it", () => {
    const optional = `${head}security: [{}, { customers: [read:orders] }]\n`;
    const get = "{ get: { responses: { 200: { description: Done } } } }";
    const paths = ["/a", "/b", "/c", "/d", "/e", "/f"].map((path) => `  ${path}: ${get}\n`).join("");
    const own = get.replace("get: {", "get: { security: [{ customers: [read:orders] }],");
    expect(problemsOf(`${optional}paths:\n${paths}  /own: ${own}\n`)).toEqual([
      'openapi.yaml:13:12  security: {} is one of the alternatives for the whole document, so that no token is needed for GET /a, GET /b, GET /c, GET /d, GET /e and 1 more. Remove {}, or list these operations in the config key "publicRoutes".',
    ]);
  });

  it("reports once where many references lead, and that there are no scopes", () => {
    const get = '{ get: { responses: { 200: { $ref: "#/components/responses/None" } } } }';
    const listed = head.replace(/scopes:[\s\S]*$/, "scopes: [read:orders]\n");
    expect(
      problemsOf(
        `${listed}security: [{ customers: [read:orders] }]\npaths:\n  /a: ${get}\n  /b: ${get}\n  /c: ${get}\n`,
      ),
    ).toEqual([
      expect.stringMatching(
        /^openapi.yaml:13:\d+ {2}\$ref: .* leads nowhere: .* The same in 2 more places\.$/,
      ),
      expect.stringContaining("scopes: must be a map, not a list"),
    ]);
  });

  it("is read from JSON too", () => {
    const document = {
      openapi: "3.1.0",
      info: { title: "Orders", version: "1" },
      security: [{ customers: ["read:orders"] }],
      paths: { "/orders": { get: {} } },
      components: {
        securitySchemes: {
          customers: {
            type: "oauth2",
            flows: { clientCredentials: { tokenUrl: "/t", scopes: { "read:orders": "Read" } } },
          },
        },
      },
    };
    expect(read(JSON.stringify(document, null, 2))).toMatchObject({
      problems: [],
      api: { operations: [{ method: "GET", security: [["read:orders"]] }] },
    });
  });
});

const wrong: [what: string, text: string, publicRoutes: string[], expected: string[]][] = [
  [
    "a version that is not OpenAPI 3",
    secured("[{ customers: [] }]").replace("openapi: 3.0.3", 'openapi: "2.0"'),
    [],
    [
      "openapi.yaml:1:10  openapi: must be 3.0.x, 3.1.x or 3.2.x. Convert the document, for example from Swagger 2.0.",
    ],
  ],
  [
    "a scope that the scheme does not declare",
    secured("[{ customers: [read:order] }]"),
    [],
    ['openapi.yaml:16:32  security: "read:order" is not a scope of "customers". Did you mean "read:orders"?'],
  ],
  [
    "schemes that the gateway cannot check, alone and beside its own",
    secured(
      "[{ key: [] }, { bearer: [] }, { customers: [read:orders], login: [] }, { custmers: [] }]",
    ).replace("  securitySchemes:\n", `  securitySchemes:\n${otherSchemes}`),
    [],
    [
      'openapi.yaml:19:20  security: "key" cannot be served; the gateway checks tokens of "customers" only',
      'openapi.yaml:19:33  security: "bearer" cannot be served; the gateway checks tokens of "customers" only',
      'openapi.yaml:19:75  security: "login" cannot be served; the gateway checks tokens of "customers" only',
      'openapi.yaml:19:90  security: "custmers" is not in components.securitySchemes. Did you mean "customers"?',
    ],
  ],
  [
    "only schemes that the gateway cannot check",
    `openapi: 3.1.0
info: { title: A, version: "1" }
security: [{ bearer: [] }]
paths: { /a: { get: {} } }
components:
  securitySchemes:
${otherSchemes}`,
    [],
    [
      `openapi.yaml:7:5  components.securitySchemes: needs one scheme of type oauth2 with the clientCredentials flow, whose scopes become the API's; found none, only "key" of type apiKey, "bearer" of type http, "login" of type openIdConnect`,
    ],
  ],
  [
    "no scheme",
    "openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths:\n  /a: { get: { security: [{ customers: [] }] } }\n",
    [],
    [
      "openapi.yaml:1:1  components.securitySchemes: needs one scheme of type oauth2 with the clientCredentials flow, whose scopes become the API's; found none",
    ],
  ],
  [
    "two schemes",
    `${secured("[{ customers: [] }]")}`.replace(
      "    customers:\n",
      "    partners: { type: oauth2, flows: { clientCredentials: { tokenUrl: /t, scopes: { a: b } } } }\n    customers:\n",
    ),
    [],
    [
      `openapi.yaml:5:5  components.securitySchemes: needs one scheme of type oauth2 with the clientCredentials flow, whose scopes become the API's; found both "partners" and "customers"`,
    ],
  ],
  [
    "an operation that API Gateway cannot serve",
    secured("[{ customers: [] }]").replace("    get:", "    trace:"),
    [],
    ["openapi.yaml:15:5  TRACE /orders: API Gateway does not support TRACE. Remove the operation."],
  ],
  [
    "a path that API Gateway cannot route",
    secured("[{ customers: [] }]").replace("/orders:", "/orders/{id}.json:"),
    [],
    [
      "openapi.yaml:14:3  /orders/{id}.json: each part of a path must be letters, digits and . _ - : or one {parameter}; {name+} may end it. Rename the path.",
    ],
  ],
  [
    "a title that Auth0 does not take",
    secured("[{ customers: [] }]").replace("Orders,", "Orders <beta>,"),
    [],
    [
      "openapi.yaml:2:16  info.title: is the API's name in Auth0, which has 200 characters at most, and neither < nor >. Rename the API.",
    ],
  ],
  [
    "a title that is too long",
    secured("[{ customers: [] }]").replace("Orders,", `${"O".repeat(201)},`),
    [],
    [
      "openapi.yaml:2:16  info.title: is the API's name in Auth0, which has 200 characters at most, and neither < nor >. Rename the API.",
    ],
  ],
  [
    "scopes that no token can list, or Auth0 does not take",
    secured("[{ customers: [] }]").replace(
      "read:orders: Read orders",
      `read orders: Read orders\n            ${"s".repeat(281)}: Long\n            long: ${"d".repeat(501)}`,
    ),
    [],
    [
      'openapi.yaml:11:13  components.securitySchemes.customers.flows.clientCredentials.scopes: "read orders" must be 1 to 280 visible ASCII characters, without space, quote and backslash. Rename the scope.',
      `openapi.yaml:12:13  components.securitySchemes.customers.flows.clientCredentials.scopes: "${"s".repeat(281)}" must be 1 to 280 visible ASCII characters, without space, quote and backslash. Rename the scope.`,
      'openapi.yaml:13:19  components.securitySchemes.customers.flows.clientCredentials.scopes: the description of "long" has 501 characters; Auth0 takes 500 at most. Shorten it.',
    ],
  ],
  [
    "more scopes than an API in Auth0 has",
    secured("[{ customers: [] }]").replace(
      '            write:orders: ""\n',
      Array.from({ length: 1000 }, (_, index) => `            scope:${index}: ""\n`).join(""),
    ),
    [],
    [
      "openapi.yaml:11:13  components.securitySchemes.customers.flows.clientCredentials.scopes: has 1001 scopes; an API in Auth0 has 1000 at most. Remove some, or merge scopes that always go together.",
    ],
  ],
  ["no operation", `${head}paths: {}\n`, [], ["openapi.yaml:13:8  paths: has no operation"]],
  [
    "a public route in the config that the document lacks",
    secured("[{ customers: [] }]"),
    ["GET /order"],
    [
      'openapi.yaml:14:3  the config key "publicRoutes" lists "GET /order", which the document does not have. Did you mean "GET /orders"?',
    ],
  ],
  [
    "broken YAML",
    "openapi: [\n",
    [],
    [
      "openapi.yaml:2:1  is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ],
];

test.each(wrong)("a document is refused for %s", (_what, text, publicRoutes, expected) => {
  expect(problemsOf(text, publicRoutes)).toEqual(expected);
});

describe("an anchor", () => {
  const anchored = (security: string) => `${head}x-orders: &orders
  get:
    security: &security ${security}
    responses: { 200: { description: Orders } }
paths:
  /orders: *orders
  /copies:
    <<: *orders
    put: { security: *security, responses: { 200: { description: Orders } } }
`;

  it("stands for what it names, merged or not", () => {
    const { api, problems } = read(anchored("[{ customers: [read:orders] }]"));
    expect(problems).toEqual([]);
    expect(api.operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "GET /copies",
      "GET /orders",
      "PUT /copies",
    ]);
  });

  it("has a problem once, where it is written", () => {
    expect(problemsOf(anchored("[{ customers: [read:order] }]"))).toEqual([
      'openapi.yaml:15:40  security: "read:order" is not a scope of "customers". Did you mean "read:orders"?',
    ]);
  });

  it("is refused within itself", () => {
    expect(problemsOf(`${head}paths: &paths { /orders: *paths }\n`)).toEqual([
      "openapi.yaml:1:1  is not valid YAML: An anchor is used within itself",
    ]);
  });
});

test("all problems of a document come at once", () => {
  expect(problemsOf(secured("[{ customers: [a, read:orders] }, { other: [] }]"), ["POST /x"])).toHaveLength(
    3,
  );
});

test("a document that cannot be read is a problem with the way out", () => {
  expect(loadDocument("missing.yaml", []).problems).toEqual([
    {
      file: "missing.yaml",
      code: "file-unreadable",
      message: `cannot be read (ENOENT). Write the API's OpenAPI document there, or set the config key "openapi" to its path.`,
    },
  ]);
});

test("the project's own document has no problem, and one public route", () => {
  expect(loadDocument("openapi.yaml", ["GET /health"]).problems).toEqual([]);
  expect(read(readFileSync("openapi.yaml", "utf8")).problems).toHaveLength(1);
});

test("a document of Swagger 2.0 has one problem, whatever its references lead to", () => {
  const text = `swagger: "2.0"
info: { title: A, version: "1" }
paths: { /a: { get: { parameters: [{ $ref: "#/none/a" }, { $ref: "#/none/b" }] } } }
`;
  expect(read(text).problems).toMatchObject([{ code: "openapi-version", line: 1, column: 10 }]);
});

test("a document of OpenAPI 3.2 is read, and its responses need no description", () => {
  const text = secured("[{ customers: [read:orders] }]")
    .replace("openapi: 3.0.3", "openapi: 3.2.0")
    .replace("{ description: Orders }", "{ summary: Done }");
  expect(text).toContain("summary: Done");
  expect(read(text).problems).toEqual([]);
});

test("methods that only OpenAPI 3.2 has are not served", () => {
  const { problems } = read(
    `${secured("[{ customers: [read:orders] }]").replace("openapi: 3.0.3", "openapi: 3.2.0")}  /b:
    query: { responses: { 200: {} } }
    additionalOperations: { LINK: { responses: { 200: {} } } }
`,
  );
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ["method-not-served", "QUERY /b: API Gateway does not support QUERY. Remove the operation."],
    [
      "method-not-served",
      "/b: additionalOperations: API Gateway supports only the methods of OpenAPI 3.1. Remove them.",
    ],
  ]);
});

test("an anchor is used as often as a document needs", () => {
  const uses = Array.from({ length: 500 }, () => "*owner").join(", ");
  const text = `${secured("[{ customers: [read:orders] }]")}x-owner: &owner { name: a }\nx-list: [${uses}]\n`;
  const readWhole = (all: string) =>
    readDocument(parseSource("openapi.yaml", all, documentOptions), [], () => "").problems;
  expect(readWhole(text)).toEqual([]);
  const nested = ["b", "c", "d", "e"].reduce(
    (all, name, index) => `${all}x-${name}: &${name} [${`*${"abcd"[index]},`.repeat(9)}]\n`,
    "x-a: &a [1]\n",
  );
  expect(readWhole(`${secured("[{ customers: [read:orders] }]")}${nested}`)).toMatchObject([
    { code: "yaml-invalid" },
  ]);
});

test("one mistake in YAML is one problem", () => {
  const paths = Array.from({ length: 50 }, (_, n) => `  /a${n}:\n    get: { tags: [x] }\n`).join("");
  expect(read(`openapi: 3.0.3\npaths:\n  /x: { get: {\n${paths}`).problems).toMatchObject([
    { code: "yaml-invalid" },
  ]);
});
