import { type Files, head, problemsOf, readFiles } from "./document-files";

const done = "responses: { default: { description: Done } }";
const declared = (...names: string[]) =>
  `parameters: [${names.map((name) => `{ name: ${name}, in: path, required: true, schema: { type: string } }`).join(", ")}]`;

/** A document of 3.1 with the given lines under `paths`; the first of them is line 13. */
const document = (paths: string): Files => ({
  "openapi.yaml": `${head.replace("3.0.3", "3.1.0")}paths:\n${paths}`,
});

describe("operations", () => {
  it("are in the document's order, and none of its webhooks, callbacks, servers and extensions is one", () => {
    const { api, problems } = readFiles({
      "openapi.yaml": `${
        document(`  x-internal: { get: {} }
  /b:
    servers: [{ url: "https://elsewhere.example.com" }]
    x-owner: { get: {} }
    post:
      ${done}
      callbacks: { done: { "{$request.body#/url}": { post: { ${done} } } } }
    get: { ${done} }
  /a: { head: { ${done} }, options: { ${done} }, patch: { ${done} } }
`)["openapi.yaml"]
      }servers: [{ url: /v2 }]
webhooks: { orderPlaced: { post: { ${done} } } }
`,
    });
    expect(problems).toEqual([]);
    expect(api.operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /b",
      "GET /b",
      "HEAD /a",
      "OPTIONS /a",
      "PATCH /a",
    ]);
  });

  it("may have a greedy parameter at the end, declared with or without its plus", () => {
    for (const name of ["proxy", "proxy+"]) {
      const files = document(
        `  /files/{id}/{proxy+}: { get: { ${done} }, ${declared("id", `"${name}"`)} }\n`,
      );
      expect(problemsOf(files)).toEqual([]);
    }
  });

  it("may have what API Gateway allows in a path", () => {
    const path = "/A-z_0.9/v1:batch/{the-Id_1.x}";
    expect(problemsOf(document(`  ${path}: { get: { ${done} }, ${declared("the-Id_1.x")} }\n`))).toEqual([]);
  });

  it("override the document's security with their own, an empty one too", () => {
    const files = document(`  /a: { get: { ${done}, security: [{ customers: ["write:orders"] }] } }
  /b: { get: { ${done}, security: [] } }
`);
    const { api, problems } = readFiles(files);
    expect(api.operations.map(({ security }) => security)).toEqual([[["write:orders"]], []]);
    expect(problems).toHaveLength(1);
  });
});

const path =
  "each part of a path must be letters, digits and . _ - : or one {parameter}; {name+} may end it. Rename the path.";

test.each<[what: string, paths: string, problems: string[]]>([
  [
    "a greedy parameter that does not end its path",
    `  /{all+}/more: { get: { ${done} }, ${declared("all")} }\n`,
    [
      "13:3  /{all+}/more: {name+} matches the rest of the path, so nothing may follow it. Move it to the end.",
    ],
  ],
  ["a slash at the end", `  /a/: { get: { ${done} } }\n`, [`13:3  /a/: ${path}`]],
  [
    "a part with a parameter and more",
    `  /a/{b}.json: { get: { ${done} } }\n`,
    [`13:3  /a/{b}.json: ${path}`],
  ],
  ["letters that it does not allow", `  /größe: { get: { ${done} } }\n`, [`13:3  /größe: ${path}`]],
  ["a parameter name that it does not allow", `  /{a b}: { get: { ${done} } }\n`, [`13:3  /{a b}: ${path}`]],
  [
    "wildcards of a policy",
    `  /a*: { get: { ${done} } }\n  /b?: { get: { ${done} } }\n`,
    [`13:3  /a*: ${path}`, `14:3  /b?: ${path}`],
  ],
  [
    "one parameter twice in a path",
    `  /{a}/b/{a}: { get: { ${done} }, ${declared("a")} }\n`,
    ["13:3  /{a}/b/{a}: has {a} twice. Give each parameter a name of its own."],
  ],
  [
    "two paths that differ in the name of a parameter only",
    `  /a/{x}: { get: { ${done} }, ${declared("x")} }\n  /a/{y}: { put: { ${done} }, ${declared("y")} }\n`,
    ["14:3  /a/{y}: is the same path as /a/{x}. Move its operations there."],
  ],
  [
    "a greedy parameter beside a plain one",
    `  /a/{x}: { get: { ${done} }, ${declared("x")} }\n  /a/{all+}: { get: { ${done} }, ${declared("all")} }\n`,
    [
      "14:3  /a/{all+}: API Gateway takes one parameter in a place, here {all+} and in /a/{x} {x}. Use one of them.",
    ],
  ],
  [
    "TRACE, and a method that stands for all",
    `  /a: { trace: { ${done} }, x-amazon-apigateway-any-method: { ${done} }, get: { ${done} } }\n`,
    [
      "13:9  TRACE /a: API Gateway does not support TRACE. Remove the operation.",
      "13:67  /a: x-amazon-apigateway-any-method is not followed. Write an operation for each method instead.",
    ],
  ],
  [
    "a parameter that is not declared for one of the operations",
    `  /a/{x}:\n    get: { ${done}, ${declared("x")} }\n    put: { ${done} }\n`,
    ['15:5  PUT /a/{x}: the path\'s {x} is not declared. Add it to "parameters" with "in: path".'],
  ],
  [
    "a parameter that is declared as something else than the path's",
    `  /a/{x}: { get: { ${done}, parameters: [{ name: x, in: query, schema: {} }] } }\n`,
    ['13:13  GET /a/{x}: the path\'s {x} is not declared. Add it to "parameters" with "in: path".'],
  ],
  [
    "a misspelt parameter, of an operation and of all",
    `  /a/{orderId}:\n    get: { ${done}, ${declared("orderID")} }\n  /b/{orderId}:\n    ${declared("ordrId")}\n    get: { ${done} }\n`,
    [
      '14:80  GET /a/{orderId}: the path has no parameter {orderID}. Did you mean "orderId"?',
      '16:26  /b/{orderId}: the path has no parameter {ordrId}. Did you mean "orderId"?',
    ],
  ],
  [
    "one operationId for two operations",
    `  /a: { get: { ${done}, operationId: x } }\n  /b: { get: { ${done}, operationId: x } }\n`,
    ['14:76  GET /b: operationId: "x" is also the operationId of GET /a. Rename one.'],
  ],
])("a document is refused for %s", (_what, paths, expected) => {
  expect(problemsOf(document(paths))).toEqual(expected.map((problem) => `openapi.yaml:${problem}`));
});

test("routes that no policy can express are refused while the document is read", () => {
  // Each within the one before, so that a policy would have to allow, deny, allow, deny and allow.
  const scopes = ["read:orders", "write:orders"];
  const paths = ["/{all+}", "/a/{all+}", "/a/b/{all+}", "/a/b/c/{all+}", "/a/b/c/d/{all+}"].map(
    (one, index) =>
      `  ${one}: { get: { ${done}, security: [{ customers: ["${scopes[index % 2]}"] }] }, ${declared("all")} }\n`,
  );
  const problems = problemsOf(document(paths.join("")));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^openapi\.yaml:13:3 {2}paths: .*GET \/a\/b\/c\/d\/\{all\+\}/);
});

test("routes that no policy can express are served where API Gateway compares the scopes itself", () => {
  const paths = ["/{all+}", "/a/{all+}", "/a/b/{all+}", "/a/b/c/{all+}", "/a/b/c/d/{all+}"].map(
    (one, index) =>
      `  ${one}: { get: { ${done}, security: [{ customers: ["${index % 2 === 0 ? "read" : "write"}:orders"] }] }, ${declared("all")} }\n`,
  );
  expect(readFiles(document(paths.join("")), { needsPolicies: false }).problems).toEqual([]);
});
