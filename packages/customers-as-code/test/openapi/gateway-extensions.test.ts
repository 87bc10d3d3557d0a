import { renderRestApiBody } from "../../src/gateway/rest/rest-api-body";
import { head, problemsOf, readFiles } from "../gateway/document-files";

const paths = "paths:\n  /a: { get: { responses: { 200: { description: Done } } } }\n";
const with_ = (line: string) => ({ "openapi.yaml": `${head}${paths}${line}\n` });

test("binary media types of the document are taken, beside those of its bodies", () => {
  const { api, problems } = readFiles(
    with_("x-amazon-apigateway-binary-media-types: [font/woff2, image/*, a/x_b]"),
  );
  expect(problems).toEqual([]);
  expect(api.binaryMediaTypes).toEqual(["a/x_b", "font/woff2", "image/*"]);
});

test.each([
  ["x-amazon-apigateway-request-validators: {}", "validateRequests"],
  ["x-amazon-apigateway-gateway-responses: {}", "API Gateway's own answers"],
  ["x-amazon-apigateway-endpoint-configuration: {}", "defaultEndpoint"],
  ["x-amazon-apigateway-cors: {}", "corsAllowedOrigins"],
  ["x-amazon-apigateway-policy: {}", "webAclArn"],
  ["x-amazon-apigateway-new: 1", "Remove it."],
])("%s is refused with what to do instead", (line, remedy) => {
  expect(problemsOf(with_(line))).toEqual([
    expect.stringMatching(/^openapi\.yaml:14:1 {2}"x-amazon-apigateway-[a-z-]+" is not followed\. /),
  ]);
  expect(problemsOf(with_(line))[0]).toContain(remedy);
});

test("an extension is found where it is, and in no schema or example", () => {
  const text = `${head.replace("      type: oauth2\n", "      type: oauth2\n      x-amazon-apigateway-authtype: custom\n")}paths:
  /a:
    x-amazon-apigateway-request-validator: all
    get:
      responses:
        200:
          description: Done
          content:
            application/json: { schema: { x-amazon-apigateway-model: A }, example: { x-amazon-apigateway-policy: 1 } }
`;
  expect(problemsOf({ "openapi.yaml": text })).toEqual([
    expect.stringContaining("openapi.yaml:8:7  components.securitySchemes.customers:"),
    expect.stringContaining(
      'openapi.yaml:15:5  /a: "x-amazon-apigateway-request-validator" is not followed.',
    ),
  ]);
});

test("an extension is found below whatever has the name of a keyword, and where it means nothing", () => {
  const text = `${head}  parameters:
    schema: { name: a, in: query, schema: { type: string }, x-amazon-apigateway-a: 1 }
paths:
  /a:
    get:
      x-amazon-apigateway-any-method: {}
      responses:
        200:
          description: Done
          headers: { x-limit: { schema: { type: string }, x-amazon-apigateway-b: 1 } }
`;
  expect(problemsOf({ "openapi.yaml": text })).toEqual([
    expect.stringContaining('components.parameters.schema: "x-amazon-apigateway-a" is not followed.'),
    expect.stringContaining('GET /a: "x-amazon-apigateway-any-method" is not followed.'),
    expect.stringContaining('"x-amazon-apigateway-b" is not followed.'),
  ]);
});

test("a minimum compression size is taken, if it is one", () => {
  const line = "x-amazon-apigateway-minimum-compression-size";
  const { api, problems } = readFiles(with_(`${line}: 1024`));
  expect(problems).toEqual([]);
  const body = renderRestApiBody(api, {
    authorizerUri: "arn",
    authorizerCacheSeconds: 0,
    backends: { default: { kind: "http", url: "https://backend.example.com" } },
  });
  expect(JSON.parse(body)[line]).toBe(1024);
  expect(problemsOf(with_(`${line}: -1`))).toEqual([
    expect.stringContaining("must be a whole number of bytes from 0 to 10485760"),
  ]);
});

test("binary media types that are none are refused", () => {
  expect(problemsOf(with_("x-amazon-apigateway-binary-media-types: [PNG]"))).toEqual([
    expect.stringContaining("must be a list of media types in lower case"),
  ]);
});
