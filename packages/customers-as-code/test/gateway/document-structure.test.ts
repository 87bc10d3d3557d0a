import { head, problemsOf } from "./document-files";

const done = "responses: { default: { description: Done } }";
const component = "components.securitySchemes";

interface Row {
  what: string;
  /** Lines under `paths`. */
  paths?: string;
  /** Lines under `components`, indented by two. */
  components?: string;
  /** Without the file and the place. */
  told: string[];
  /** Where 3.1 differs. */
  told31?: string[];
}

const parameter = (text: string) => `  /a:\n    parameters:\n      - ${text}\n    get: { ${done} }\n`;

const rows: Row[] = [
  {
    what: "a misspelt method",
    paths: `  /a: { gett: { ${done} }, put: { ${done} } }\n`,
    told: ['/a: "gett" is not a known key. Did you mean "get"?'],
  },
  {
    what: "a misspelt key of an operation",
    paths: `  /a: { get: { ${done}, operationID: x } }\n`,
    told: ['GET /a: "operationID" is not a known key. Did you mean "operationId"?'],
  },
  {
    what: "a path without a slash",
    paths: `  a: { get: { ${done} } }\n  /b: { get: { ${done} } }\n`,
    told: ['paths: "a" must begin with "/", as every path does'],
  },
  {
    what: "values of the wrong type",
    paths: `  /a: { get: { ${done}, tags: orders, deprecated: "no", summary: 1, description: } }\n`,
    told: [
      'GET /a: tags: must be a list, not "orders"',
      'GET /a: deprecated: must be true or false, not "no"',
      "GET /a: summary: must be a string, not 1. Put it in quotes.",
      "GET /a: description: is empty; it must be a string",
    ],
  },
  {
    what: "an operation that is a list",
    paths: `  /a: { get: { ${done} }, put: [x] }\n`,
    told: ["PUT /a: must be a map, not a list"],
  },
  {
    what: "an operation without responses, which 3.1 allows",
    paths: "  /a: { get: {} }\n",
    told: ["GET /a: responses: is missing"],
    told31: [],
  },
  {
    what: "no response at all",
    paths: "  /a: { get: { responses: {} } }\n",
    told: ["GET /a: responses: must not be empty"],
  },
  {
    what: "what is no status code",
    paths:
      "  /a: { get: { responses: { 20: { description: Done }, 2xx: { description: Done }, 200: { description: Done } } } }\n",
    told: [
      'GET /a: responses: "20" is not a status code: write one such as "200" or "4XX", or "default"',
      'GET /a: responses: "2xx" is not a status code: write one such as "200" or "4XX", or "default"',
    ],
  },
  {
    what: "a key that is missing, misspelt",
    paths: "  /a: { get: { responses: { 200: { descripton: Done } } } }\n",
    told: [
      "GET /a: responses.200.description: is missing",
      'GET /a: responses.200: "descripton" is not a known key. Did you mean "description"?',
    ],
  },
  {
    what: "security that is no list of maps",
    paths: `  /a: { get: { ${done}, security: { customers: [] } }, put: { ${done}, security: [customers] } }\n`,
    told: [
      "GET /a: security: must be a list, not a map",
      'PUT /a: security[0]: must be a map, not "customers"',
    ],
  },
  {
    what: "a parameter without a name or a place",
    paths: parameter("{ schema: { type: string } }"),
    told: ["/a: parameters[0].name: is missing", "/a: parameters[0].in: is missing"],
  },
  {
    what: "a parameter of an unknown place",
    paths: parameter("{ name: a, in: qury, schema: { type: string } }"),
    told: ['/a: parameters[0].in: "qury" is not allowed. Did you mean "query"?'],
  },
  {
    what: "a parameter of no type",
    paths: parameter("{ name: a, in: query }"),
    told: ['/a: parameters[0]: needs "schema" or "content"'],
  },
  {
    what: "a parameter of no type with another mistake",
    paths: parameter("{ name: a, in: query, description: [] }"),
    told: [
      '/a: parameters[0]: needs "schema" or "content"',
      "/a: parameters[0].description: must be a string, not a list",
    ],
  },
  {
    what: "a parameter of two types",
    paths: parameter("{ name: a, in: query, schema: {}, content: { a/b: {} } }"),
    told: ['/a: parameters[0]: has "schema" and "content", but only one of them is allowed'],
  },
  {
    what: "a parameter with a style of what it is not",
    paths: parameter("{ name: a, in: query, content: { a/b: {} }, style: form }"),
    told: ['/a: parameters[0]: "style" is not allowed beside the other keys. Remove it.'],
  },
  {
    what: "a parameter with two kinds of examples",
    paths: parameter("{ name: a, in: query, schema: {}, example: 1, examples: {} }"),
    told: ['/a: parameters[0]: has "example" and "examples", but only one of them is allowed'],
  },
  {
    what: "a parameter that is a text",
    paths: parameter("nothing"),
    told: ['/a: parameters[0]: must be a map, not "nothing"'],
  },
  {
    what: "the same parameter twice, by the values of 3.0",
    paths: parameter("&a { name: a, in: query, schema: {} }\n      - *a"),
    told: ["/a: parameters: lists the same value twice, as [0] and [1]"],
    told31: [],
  },
  {
    what: "a path's parameter that is not required",
    paths: parameter("{ name: a, in: path, schema: {} }").replace("/a:", "/{a}:"),
    told: ["/{a}: parameters[0].required: is missing"],
  },
  {
    what: "a security scheme of an unknown type",
    components: "    key: { type: apikey, in: header, name: X }\n",
    told: [`${component}.key.type: "apikey" is not allowed. Did you mean "apiKey"?`],
  },
  {
    what: "a security scheme of no type",
    components: "    none: {}\n",
    told: [`${component}.none.type: is missing`],
  },
  {
    what: "a security scheme with keys of another",
    components:
      "    basic: { type: http, scheme: basic, bearerFormat: JWT }\n    more: { type: oauth2, flow: {} }\n",
    told: [
      `${component}.basic: "bearerFormat" is not allowed beside the other keys. Remove it.`,
      `${component}.more.flows: is missing`,
      `${component}.more: "flow" is not a known key. Did you mean "flows"?`,
    ],
  },
  {
    what: "a status code in lower case",
    paths: "  /a: { get: { responses: { 2xx: { description: Done } } } }\n",
    told: ['GET /a: responses: "2xx" is not a status code: write one such as "200" or "4XX", or "default"'],
  },
  {
    what: "a flow that is not complete",
    components: "    most: { type: oauth2, flows: { implicit: { scopes: [a] } } }\n",
    told: [
      `${component}.most.flows.implicit.authorizationUrl: is missing`,
      `${component}.most.flows.implicit.scopes: must be a map, not a list`,
    ],
  },
  {
    what: "schemas that are none, which 3.1 leaves to a dialect",
    components: `  schemas:
    A: { type: [string, "null"], required: a, enum: [] }
    B: { properties: { a: { requred: [x], additionalProperties: 3 } }, items: [] }
`,
    told: [
      "components.schemas.A.type: must be a string, not a list",
      'components.schemas.A.required: must be a list, not "a"',
      "components.schemas.A.enum: must not be empty",
      'components.schemas.B.properties.a: "requred" is not a known key. Did you mean "required"?',
      "components.schemas.B.properties.a.additionalProperties: must be a map or true or false, not 3",
      "components.schemas.B.items: must be a map, not a list",
    ],
    told31: [],
  },
  {
    what: "a schema that is a number",
    components: "  schemas: { A: 5 }\n",
    told: ["components.schemas.A: must be a map, not 5"],
    told31: ["components.schemas.A: must be a map or true or false, not 5"],
  },
  {
    what: "a component whose name has a space, which 3.0 does not check",
    components: '  schemas: { "A B": { type: object } }\n',
    told: [],
    told31: ['components.schemas: "A B" does not match ^[a-zA-Z0-9._-]+$'],
  },
  {
    what: "a pattern of another language, on which nothing depends",
    components: '  schemas: { A: { type: string, pattern: "(?i)\\\\A[a-z]\\\\-" } }\n',
    told: [],
  },
];

const cases = rows.flatMap((row): [version: string, what: string, Row, string[]][] => [
  ["3.0.4", row.what, row, row.told],
  ["3.1.1", row.what, row, row.told31 ?? row.told],
]);

test.each(cases)("of %s, %s", (version, _what, { paths, components }, told) => {
  const text = `${head.replace("3.0.3", version)}${components ?? ""}paths:\n${paths ?? `  /a: { get: { ${done} } }\n`}`;
  const messages = problemsOf({ "openapi.yaml": text }).map((problem) => problem.replace(/^\S+ {2}/, ""));
  expect(messages.sort()).toEqual([...told].sort());
});

test.each([
  [
    "openapi: 3.1.0\ninfo: { title: 1, version: 1.0, contact: { email: nobody }, licence: {} }\nmore: 1\npaths: {}\n",
    [
      "a.yaml:2:16  info.title: must be a string, not 1. Put it in quotes.",
      'a.yaml:2:51  info.contact.email: "nobody" is not an e-mail address',
      "a.yaml:2:28  info.version: must be a string, not 1. Put it in quotes.",
      'a.yaml:2:61  info: "licence" is not a known key. Did you mean "license"?',
      'a.yaml:3:1  "more" is not a known key. Known: "openapi", "info", "jsonSchemaDialect", "servers", "paths", "webhooks", "components", "security", "tags", "externalDocs".',
    ],
  ],
  ["openapi: 3.0.0\n", ["a.yaml:1:1  info: is missing", "a.yaml:1:1  paths: is missing"]],
  [
    "openapi: 3.1.0\ninfo: { title: A, version: '1' }\n",
    ['a.yaml:1:1  needs "paths", "components" or "webhooks"'],
  ],
  [
    "openapi: 3.0.1.2\ninfo: []\npaths: []\ncomponents: x\n",
    [
      'a.yaml:1:10  openapi: "3.0.1.2" does not match ^3\\.0\\.\\d(-.+)?$',
      "a.yaml:2:7  info: must be a map, not a list",
      "a.yaml:3:8  paths: must be a map, not a list",
      'a.yaml:4:13  components: must be a map, not "x"',
    ],
  ],
])("the document as a whole is checked too: %j", (text, expected) => {
  expect(problemsOf({ "a.yaml": text })).toEqual(expected);
});

test("what is wrong is reported once, at its place, however many operations refer to it", () => {
  const operations = ["/a", "/b", "/c"].map(
    (path) => `  ${path}: { get: { responses: { 200: { $ref: "#/components/responses/done" } } } }\n`,
  );
  const text = `${head}  responses:\n    done: { description: [] }\npaths:\n${operations.join("")}`;
  expect(problemsOf({ "openapi.yaml": text })).toEqual([
    "openapi.yaml:13:26  GET /a: responses.200.description: must be a string, not a list",
  ]);
});
