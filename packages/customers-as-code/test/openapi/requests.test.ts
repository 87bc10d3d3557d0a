// What the program has API Gateway check of requests: never more than the document demands.

import { describeRequiredHeaders } from "../../src/gateway/rest/request-parameters";
import { renderRestApiBody, type ValidationSettings } from "../../src/gateway/rest/rest-api-body";
import type { ApiDocument } from "../../src/openapi/document";
import type { ModelSchema } from "../../src/openapi/models";
import { type Files, head, readFiles } from "../gateway/document-files";

function read(files: Files): ApiDocument {
  const { api, problems } = readFiles(files);
  expect(problems).toEqual([]);
  return api;
}

const render = (api: ApiDocument, validateRequests: ValidationSettings["validateRequests"]) =>
  JSON.parse(
    renderRestApiBody(api, {
      authorizerUri: "arn",
      authorizerCacheSeconds: 0,
      backends: { default: { kind: "http", url: "https://backend.example.com" } },
      validateRequests,
    }),
  );

const responses = "responses: { default: { description: Done. } }";
const orders = `${head}    # more schemas
  schemas:
    Order-Line: { type: object, required: [sku, id], properties: { id: { readOnly: true }, sku: { type: string } } }
paths:
  /orders/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { name: page, in: query, schema: { type: integer } }
      - { name: X-Tenant, in: header, required: true, schema: { type: string } }
    post:
      parameters:
        - { name: page, in: query, required: true, schema: { type: integer } }
        - { name: "filter[a]", in: query, required: true, schema: { type: string } }
        - { name: Authorization, in: header, required: true, schema: { type: string } }
        - { name: session, in: cookie, required: true, schema: { type: string } }
      requestBody:
        required: true
        content:
          application/json: { schema: { $ref: "#/components/schemas/Order-Line" } }
          application/vnd.example+json: { schema: { type: array, items: { type: string } } }
          text/plain: { schema: { type: string } }
      ${responses}
    put:
      requestBody: { content: { application/json: { schema: { type: object } } } }
      ${responses}
`;

describe("of a document", () => {
  const api = read({ "openapi.yaml": orders });

  it("nothing is checked unless a setting asks for it: the body is that of before", () => {
    const body = render(api, "none");
    expect(body.paths["/orders/{id}"].post.parameters).toHaveLength(1);
    expect(JSON.stringify(body)).not.toMatch(/requestBody|validator|schemas"/);
  });

  it("parameters are checked that API Gateway can see, an operation's own before its path's", () => {
    const body = render(api, "parameters");
    expect(body.paths["/orders/{id}"].post.parameters).toEqual([
      { name: "id", in: "path", required: true, schema: { type: "string" } },
      { name: "page", in: "query", required: true, schema: { type: "string" } },
      { name: "X-Tenant", in: "header", required: true, schema: { type: "string" } },
    ]);
    expect(body.paths["/orders/{id}"].put.parameters).toContainEqual(
      expect.objectContaining({ name: "page", required: false }),
    );
    expect(body["x-amazon-apigateway-request-validators"]).toEqual({
      requests: { validateRequestParameters: true, validateRequestBody: false },
    });
    expect(body["x-amazon-apigateway-request-validator"]).toBe("requests");
    expect(JSON.stringify(body)).not.toMatch(/requestBody"|schemas"/);
  });

  it("JSON bodies are checked that must be there, by models with names that API Gateway takes", () => {
    const body = render(api, "body");
    expect(body.paths["/orders/{id}"].post.requestBody).toEqual({
      required: true,
      content: {
        "application/json": { schema: { $ref: "#/components/schemas/OrderLine" } },
        "application/vnd.example+json": { schema: { type: "array", items: { type: "string" } } },
      },
    });
    // An empty body, which the document accepts, would be refused.
    expect(body.paths["/orders/{id}"].put).not.toHaveProperty("requestBody");
    expect(body.components.schemas).toEqual({
      OrderLine: {
        type: "object",
        required: ["sku"],
        properties: { id: {}, sku: { type: "string" } },
      },
    });
    expect(body["x-amazon-apigateway-request-validators"]).toEqual({
      requests: { validateRequestParameters: false, validateRequestBody: true },
    });
  });

  it("both are checked by all", () => {
    expect(render(api, "all")["x-amazon-apigateway-request-validators"]).toEqual({
      requests: { validateRequestParameters: true, validateRequestBody: true },
    });
  });
});

test.each<[what: string, parameter: string, required: boolean]>([
  ["a map, whose properties come by their names", "schema: { type: object }", false],
  ["a deep object", "style: deepObject, explode: true, schema: { properties: { a: {} } }", false],
  ["a list with names as deep objects have them", "style: deepObject, schema: { type: array }", false],
  ["perhaps a map", "schema: { oneOf: [{ type: string }, { type: object }] }", false],
  ["a map in one value", "explode: false, schema: { type: object }", true],
  ["a map as JSON", "content: { application/json: { schema: { type: object } } }", true],
  ["an empty value", "allowEmptyValue: true, schema: { type: boolean }", false],
  ["a list", "schema: { type: array, items: { type: string } }", true],
])("a required parameter of the query that is %s", (_, parameter, required) => {
  const api = read({
    "openapi.yaml": `${head}paths:
  /a: { get: { parameters: [{ name: a, in: query, required: true, ${parameter} }], ${responses} } }
`,
  });
  expect(api.operations[0]?.request?.parameters).toEqual([{ name: "a", in: "query", required }]);
});

describe("a model", () => {
  const modelOf = (schema: string, version = "3.0.3") => {
    const text = `${head.replace("3.0.3", version)}paths:
  /a:
    post:
      requestBody: { required: true, content: { application/json: { schema: ${schema} } } }
      ${responses}
`;
    return read({ "openapi.yaml": text }).operations[0]?.request?.body["application/json"];
  };

  const kept = [
    '{"type":"string","minLength":1,"maxLength":9,"pattern":"^a"}',
    '{"pattern":"^(?:[A-Z]{2}|\\\\d+)\\\\\\\\p(?!x)\\\\.\\\\u00e9$"}',
    '{"type":"number","minimum":1,"maximum":9,"multipleOf":2}',
    '{"type":"object","minProperties":1,"maxProperties":9,"additionalProperties":false}',
    '{"type":"object","additionalProperties":{"type":"integer"}}',
    '{"type":"array","items":{"type":"boolean"},"uniqueItems":true}',
    '{"enum":["a","b"]}',
    '{"allOf":[{"type":"object"},{"required":["a"]}]}',
    '{"anyOf":[{"type":"object"},{"type":"array","items":{}}]}',
  ];

  it.each(kept)("has %s as it is", (schema) => {
    expect(modelOf(schema)).toEqual(JSON.parse(schema));
  });

  const changed: [why: string, schema: string, model: ModelSchema, version?: string][] = [
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    [
      "exclusiveMinimum is not supported",
      '{"type":"number","minimum":1,"exclusiveMinimum":true}',
      { type: "number", minimum: 1 },
    ],
    [
      "minItems and maxItems are not checked",
      '{"type":"array","items":{},"minItems":1,"maxItems":2}',
      { type: "array", items: {} },
    ],
    [
      "a discriminator is not supported",
      '{"type":"object","discriminator":{"propertyName":"a"}}',
      { type: "object" },
    ],
    ["null may come", '{"type":"string","nullable":true,"enum":["a"],"maxLength":3}', { maxLength: 3 }],
    [
      "null may come, though a part does not say so",
      '{"nullable":true,"maxProperties":3,"allOf":[{"type":"object"}]}',
      { maxProperties: 3 },
    ],
    ["null may be one alternative", '{"nullable":true,"oneOf":[{"type":"string"},{"type":"number"}]}', {}],
    ["null may be any alternative", '{"nullable":true,"anyOf":[{"type":"string"}]}', {}],
    [
      "null may come beside its type",
      '{"type":["object","null"],"allOf":[{"type":"object"}],"enum":[{}],"maxProperties":3}',
      { maxProperties: 3 },
      "3.1.0",
    ],
    ["a part says that null may come", '{"allOf":[{"type":"object"},{"nullable":true}]}', {}],
    [
      "a pattern is of another language",
      '{"pattern":"(?i)^a","items":{"pattern":"^\\\\p{L}+$"},"properties":{"a":{"pattern":"(?<=a)b"},"b":{"pattern":"("}}}',
      { items: {}, properties: { a: {}, b: {} } },
    ],
    ["a value is there twice", '{"enum":["a","b","a"]}', { enum: ["a", "b"] }],
    ["a name is there twice", '{"required":["a","a"]}', { required: ["a"] }, "3.1.0"],
    ["null is no type of OpenAPI 3.0", '{"type":["string","null"],"maxLength":3}', { maxLength: 3 }, "3.1.0"],
    ["one type among itself is one", '{"type":["string"]}', { type: "string" }, "3.1.0"],
    ["a constant is an enum of one", '{"const":"a"}', { enum: ["a"] }, "3.1.0"],
    [
      "numbers as limits are of later drafts",
      '{"type":"number","exclusiveMinimum":0}',
      { type: "number" },
      "3.1.0",
    ],
    [
      "items by position are of later drafts",
      '{"type":"array","prefixItems":[{}],"items":{"type":"string"}}',
      { type: "array" },
      "3.1.0",
    ],
    ["formats differ", '{"type":"string","format":"date"}', { type: "string" }],
    // A branch that is looser than the document's may hold beside the right one.
    [
      "just one alternative cannot be told",
      '{"oneOf":[{"type":"string"},{"type":"number"}]}',
      { anyOf: [{ type: "string" }, { type: "number" }] },
    ],
    [
      "both kinds of alternatives count",
      '{"anyOf":[{"type":"string"}],"oneOf":[{"maxLength":1}]}',
      { allOf: [{ anyOf: [{ maxLength: 1 }] }], anyOf: [{ type: "string" }] },
    ],
    ["what is looser within not is stricter as a whole", '{"not":{"type":"string","format":"date"}}', {}],
    [
      "patterns of names allow what the model does not know",
      '{"type":"object","patternProperties":{"^x":{}},"additionalProperties":false}',
      { type: "object" },
      "3.1.0",
    ],
    [
      "examples and words are nothing to check",
      '{"type":"string","description":"A","example":"b","default":"c"}',
      { type: "string" },
    ],
  ];

  it.each(changed)("is looser where %s: %s", (...row) => {
    const [, schema, model, version] = row;
    expect(modelOf(schema, version)).toEqual(model);
  });

  const withSchemas = (schemas: string, schema: string, version = "3.0.3") => ({
    "openapi.yaml": `${head.replace("3.0.3", version)}  schemas:
${schemas}paths:
  /a:
    post:
      requestBody: { required: true, content: { application/json: { schema: ${schema} } } }
      ${responses}
`,
  });
  const id = "    Id: { type: string, readOnly: true }\n";
  const base =
    "    Base: { type: object, required: [id, name], properties: { id: { readOnly: true }, name: {} } }\n";

  it.each<[where: string, schemas: string, schema: string, required: string[]]>([
    [
      "behind a reference",
      id,
      '{ required: [id, name], properties: { id: { $ref: "#/components/schemas/Id" }, name: {} } }',
      ["name"],
    ],
    [
      "in a part of the property",
      id,
      '{ required: [id], properties: { id: { allOf: [{ $ref: "#/components/schemas/Id" }] } } }',
      [],
    ],
    [
      "in another part of the schema",
      base,
      '{ allOf: [{ $ref: "#/components/schemas/Base" }, { required: [id, name] }] }',
      ["name"],
    ],
    [
      "in a part, while the whole demands it",
      base,
      '{ required: [id, size], allOf: [{ $ref: "#/components/schemas/Base" }] }',
      ["name", "size"],
    ],
    [
      "beside a part that demands it",
      "    Plain: { type: object, required: [id, name], properties: { id: {}, name: {} } }\n",
      '{ allOf: [{ $ref: "#/components/schemas/Plain" }, { properties: { id: { readOnly: true } } }] }',
      ["name"],
    ],
    [
      "beside the reference that demands it",
      "    Plain: { type: object, required: [id, name], properties: { id: {}, name: {} } }\n",
      '{ $ref: "#/components/schemas/Plain", properties: { id: { readOnly: true } } }',
      ["name"],
    ],
  ])("demands no property of requests that is read only %s", (_, schemas, schema, required) => {
    const api = read(withSchemas(schemas, schema));
    const body = api.operations[0]?.request?.body["application/json"];
    const demanded = JSON.stringify([body, api.models]).matchAll(/"required":\[([^\]]*)\]/g);
    const names = [...demanded].flatMap(([, list = ""]) => JSON.parse(`[${list}]`));
    expect([...new Set(names)].sort()).toEqual(required);
  });

  it("demands it still where another operation's schema does", () => {
    const plain = "    Plain: { type: object, required: [id] }\n";
    const api = read(
      withSchemas(
        plain,
        '{ properties: { a: { allOf: [{ $ref: "#/components/schemas/Plain" }, { properties: { id: { readOnly: true } } }] }, b: { $ref: "#/components/schemas/Plain" } } }',
      ),
    );
    expect(api.models).toEqual({ Plain: { type: "object" }, Plain2: { type: "object", required: ["id"] } });
  });

  it("may be null where a reference is nullable", () => {
    const api = read(
      withSchemas(base, '{ properties: { a: { nullable: true, $ref: "#/components/schemas/Base" } } }'),
    );
    expect(api.operations[0]?.request?.body).toEqual({ "application/json": { properties: { a: {} } } });
  });

  it("is refused with all its wrong keywords where OpenAPI leaves them to JSON Schema", () => {
    const wrong =
      '{ type: text, maxLength: "9", required: a, properties: { b: { multipleOf: 0, allOf: {} } } }';
    const { problems } = readFiles(withSchemas("    Unused: { maxLength: -1 }\n", wrong, "3.1.0"));
    const at = "POST /a: requestBody.content.application/json.schema";
    expect(problems.map(({ code }) => code)).toEqual(problems.map(() => "openapi-structure"));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(`${at}.type: must be one of array, boolean,`),
      `${at}.required: must be a list of names, not "a"`,
      `${at}.maxLength: must be a whole number of 0 or more, not "9"`,
      `${at}.properties.b.multipleOf: must be a number above 0, not 0`,
      `${at}.properties.b.allOf: must be a list of schemas, not {}`,
    ]);
  });

  it("follows references through files and circles, each to a name of its own", () => {
    const api = read({
      "openapi.yaml": `${head}paths:
  /a:
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: "tree.yaml#/Node" } } } }
      ${responses}
  /b:
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: "other.yaml#/Node" } } } }
      ${responses}
`,
      "tree.yaml":
        "Node: { type: object, properties: { next: { $ref: '#/Node' }, leaf: { $ref: 'leaf.yaml' } } }\n",
      "leaf.yaml": "type: object\n",
      "other.yaml": "Node: { type: string }\n",
    });
    const body = (index: number) => api.operations[index]?.request?.body["application/json"];
    expect(body(0)).toEqual({ $ref: "#/components/schemas/Node" });
    expect(body(1)).toEqual({ $ref: "#/components/schemas/Node2" });
    expect(api.models).toEqual({
      Node: {
        type: "object",
        properties: {
          next: { $ref: "#/components/schemas/Node" },
          leaf: { $ref: "#/components/schemas/leaf" },
        },
      },
      leaf: { type: "object" },
      Node2: { type: "string" },
    });
  });
});

// AWS: "Parameter names must be unique across querystring, header and path".
test("a REST API declares each name in one place, of which a required one comes first", () => {
  const api = read({
    "openapi.yaml": `${head}paths:
  /a/{id}:
    get:
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: id, in: query, schema: { type: string } }
        - { name: tenant, in: query, schema: { type: string } }
        - { name: tenant, in: header, required: true, schema: { type: string } }
      ${responses}
`,
  });
  const { parameters } = render(api, "all").paths["/a/{id}"].get;
  expect(parameters.map((one: { name: string; in: string }) => [one.name, one.in])).toEqual([
    ["id", "path"],
    ["tenant", "header"],
  ]);
});

test("a preview names the required headers, whose case AWS may mind", () => {
  const { operations } = read({ "openapi.yaml": orders });
  expect(describeRequiredHeaders(operations)).toEqual([expect.stringContaining("(X-Tenant)")]);
  expect(describeRequiredHeaders([])).toEqual([]);
});
