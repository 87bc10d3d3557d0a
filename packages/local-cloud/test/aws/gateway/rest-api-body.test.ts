// Which documents API Gateway imports: those that it refuses are in rows/rest-documents.ts.
import { readRestApiBody } from "../../../src/aws/gateway/rest-api-body";
import type { Properties } from "../../../src/engine/provider";
import { proxied } from "../../../testing/fixture";
import { document, restDocuments, secured, uri } from "../rows/rest-documents";
import { refusedOf } from "../rows/row";

const greedyUri = `${uri}{proxy}`;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html; those that are refused each name
// the page that they come from in rows/rest-documents.ts
describe("a document", () => {
  const problemsOf = (document: Properties) => readRestApiBody(JSON.stringify(document)).problems;
  it("that API Gateway imports has no problems", () => {
    expect(
      problemsOf(document({ "/a/{b}": { get: proxied(uri) }, "/{proxy+}": { get: proxied(uri) } })),
    ).toEqual([]);
    expect(problemsOf(secured({ identityValidationExpression: "^Bearer .+$" }))).toEqual([]);
  });

  it.each(refusedOf(restDocuments))("with %s is refused (%s)", (_title, _source, given, problem) => {
    expect(problemsOf(given)).toEqual([expect.stringMatching(problem)]);
  });

  it("that is no JSON is refused", () => {
    expect(readRestApiBody("openapi: 3.0.1").problems).toEqual([
      expect.stringMatching(/Invalid OpenAPI input/),
    ]);
    expect(readRestApiBody("[]").problems).toEqual([expect.stringMatching(/^Invalid OpenAPI input\.$/)]);
  });

  it("is refused with all its problems", () => {
    const paths = { a: { get: proxied("") }, "/{b+}/c": { get: proxied(greedyUri, { timeoutInMillis: 1 }) } };
    expect(problemsOf(document(paths))).toHaveLength(4);
  });
});
