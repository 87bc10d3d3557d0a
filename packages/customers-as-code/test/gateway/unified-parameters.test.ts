// Paths that name the parameter of one place differently, as they are served.
import type { Backends } from "../../src/gateway/backends/backend";
import { renderHttpApiBody } from "../../src/gateway/http/http-api-body";
import { describeRenamedParameters } from "../../src/gateway/renamed-parameters";
import { renderRestApiBody } from "../../src/gateway/rest/rest-api-body";
import { asRecord } from "../../src/problems/record";
import { head, readFiles } from "./document-files";

const operation = (name: string) =>
  `parameters: [{ name: ${name}, in: path, required: true, schema: { type: string } }], responses: { 200: { description: Done } }`;
const { api, problems } = readFiles({
  "openapi.yaml": `${head}paths:
  /users/{id}: { get: { ${operation("id")} } }
  /users/{userId}/orders: { get: { ${operation("userId")} } }
`,
});
const backends: Backends = { default: { kind: "http", url: "https://backend.example.com" } };
const cors = { corsAllowedOrigins: ["https://app.example.com"] };
const bodies = {
  rest: renderRestApiBody(api, { backends, ...cors, authorizerUri: "arn", authorizerCacheSeconds: 60 }),
  http: renderHttpApiBody(api, { backends, authorizer: { kind: "lambda", uri: "arn", cacheSeconds: 60 } }),
};

test("they are no problem, and keep their names in the document's operations", () => {
  expect(problems).toEqual([]);
  expect(api.operations.map(({ path }) => path)).toEqual(["/users/{id}", "/users/{userId}/orders"]);
});

test.each(Object.entries(bodies))("the body of a %s API has one name in a place", (_, body) => {
  const { paths } = asRecord(JSON.parse(body));
  expect(Object.keys(asRecord(paths))).toEqual(["/users/{id}", "/users/{id}/orders"]);
  const { get } = asRecord(asRecord(paths)["/users/{id}/orders"]);
  expect(get).toMatchObject({
    parameters: [{ name: "id", in: "path" }],
    "x-amazon-apigateway-integration": { uri: "https://backend.example.com/users/{id}/orders" },
  });
});

test("a REST API maps the parameter by that name, and answers browsers at the path", () => {
  const { paths } = asRecord(JSON.parse(bodies.rest));
  expect(asRecord(paths)["/users/{id}/orders"]).toMatchObject({
    get: {
      "x-amazon-apigateway-integration": {
        requestParameters: { "integration.request.path.id": "method.request.path.id" },
      },
    },
    options: { parameters: [{ name: "id" }] },
  });
});

test("a function's event has other names than the document, which is reported", () => {
  const functions: Backends = {
    default: { kind: "lambda", functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:users" },
  };
  expect(describeRenamedParameters(api, functions)).toEqual([
    'GET /users/{userId}/orders: the event of its function has the path parameter "userId" as "id", since API Gateway takes one name in a place and gets /users/{id}/orders.',
  ]);
  expect(describeRenamedParameters(api, backends)).toEqual([]);
});
