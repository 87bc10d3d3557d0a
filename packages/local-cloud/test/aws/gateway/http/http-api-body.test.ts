// Which documents API Gateway imports: those that it refuses are in rows/http-documents.ts.
import { readHttpApiBody } from "../../../../src/aws/gateway/http/http-api-body";
import type { Properties } from "../../../../src/engine/provider";
import { httpProxied } from "../../../../testing/http-fixture";
import {
  document,
  httpDocuments,
  invocation,
  jwt,
  jwtConfiguration,
  many,
  operation,
  request,
  texts,
  uri,
} from "../../rows/http-documents";
import { refusedOf } from "../../rows/row";

const problemsOf = (given: Properties) => readHttpApiBody(JSON.stringify(given)).problems;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
test.each<[string, Properties]>([
  [
    "variables, a greedy one, and a route for all else",
    document({
      "/a/{b}/c": { get: httpProxied(uri) },
      "/{p+}": { put: httpProxied(uri) },
      "/$default": { "x-amazon-apigateway-any-method": httpProxied(uri) },
    }),
  ],
  ["300 routes", many(300)],
  ["a function", operation({ type: "aws_proxy", uri: invocation, payloadFormatVersion: "2.0" })],
  [
    "a function by its own ARN",
    operation({
      type: "AWS_PROXY",
      uri: "arn:aws:lambda:eu-central-1:123456789012:function:f",
      payloadFormatVersion: "2.0",
    }),
  ],
  [
    "a Lambda authorizer",
    request({ authorizerResultTtlInSeconds: 3600, identitySource: "$request.header.A, $context.routeKey" }),
  ],
  [
    "a JWT authorizer with 50 audiences and a route with ten scopes",
    jwt({ jwtConfiguration: { ...jwtConfiguration, audience: texts(50) } }, [{ customers: texts(10) }]),
  ],
  [
    "mappings",
    operation({
      requestParameters: {
        "overwrite:header.x": `\${request.header.a} $context.b`,
        "remove:querystring.y": "''",
        "overwrite:path": "$request.path",
      },
    }),
  ],
])("a document with %s is imported", (_title, given) => {
  expect(problemsOf(given)).toEqual([]);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html; each names the page that it comes from in rows/http-documents.ts
test.each(refusedOf(httpDocuments))(
  "a document with %s is refused (%s)",
  (_title, _source, given, problem) => {
    expect(problemsOf(given)).toEqual([expect.stringMatching(problem)]);
  },
);

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
test.each([
  ["{", /^Invalid OpenAPI input: /],
  ["[]", /^Invalid OpenAPI input: must be an object$/],
])("the text %j is refused", (text, problem) => {
  expect(readHttpApiBody(text).problems).toEqual([expect.stringMatching(problem)]);
});
