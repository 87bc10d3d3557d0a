// What the program has API Gateway check of requests: never more than the document demands.

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

  it("nothing is checked unless it is wanted: the body is that of before", () => {
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
    // An empty body, which the document lets pass, would be refused.
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
