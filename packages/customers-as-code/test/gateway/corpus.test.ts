import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readRestApiBody } from "../../../local-cloud/src/aws/gateway/rest-api-body";
import { singleBackend } from "../../src/gateway/backends/backend";
import { renderRestApiBody } from "../../src/gateway/rest/rest-api-body";
import { type ReadDocument, readDocument } from "../../src/openapi/document";
import { loadDocument } from "../../src/openapi/load-document";
import { formatProblem } from "../../src/problems/problem";
import { parseSource } from "../../src/problems/source";
import { largeDocument, largeYaml } from "../../testing/large-document";

const folder = join(__dirname, "corpus");

/** What each document offers: routes with the scopes that they demand, `any` for a token of any. */
const corpus: Record<string, { publicRoutes?: string[]; files?: number; routes: string[] }> = {
  "petstore.yaml": {
    publicRoutes: ["GET /status"],
    routes: [
      "GET /pets: read:pets",
      "POST /pets: write:pets",
      "GET /pets/{petId}: read:pets",
      "DELETE /pets/{petId}: write:pets + read:pets",
      "GET /pets/findByStatus: read:pets",
      "GET /status: public",
    ],
  },
  "webhooks.yaml": {
    routes: [
      "GET /payments: payments:read",
      "POST /payments: payments:write",
      "GET /payments/{paymentId}: payments:read",
    ],
  },
  "invoices.json": {
    routes: [
      "GET /invoices: invoices",
      "POST /invoices: invoices",
      "GET /invoices/{number}: invoices",
      "GET /invoices/{number}/lines: invoices",
    ],
  },
  "bookshop/openapi.yaml": {
    publicRoutes: ["GET /health"],
    files: 10,
    routes: [
      "GET /books: books:read",
      "POST /books: books:write",
      "GET /books/{isbn}: books:read",
      "POST /books/{isbn}/reviews: books:read + reviews:write",
      "GET /reviews: books:read",
      "GET /health: public",
    ],
  },
  "nested.yaml": {
    routes: [
      "GET /: read",
      "GET /sites/{siteId}: read",
      "GET /sites/{siteId}/buildings/{buildingId}: read",
      "GET /sites/{siteId}/buildings/{buildingId}/floors/{floor}/rooms/{room}/sensors/{sensor}: read",
      "PATCH /sites/{siteId}/buildings/{buildingId}/floors/{floor}/rooms/{room}/sensors/{sensor}: write",
      "POST /sites/search: read",
    ],
  },
  "proxy.yaml": {
    routes: ["GET /{proxy+}: files", "PUT /{proxy+}: files", "GET /archive/{year}/{rest+}: archive"],
  },
  "alternatives.yaml": {
    publicRoutes: ["GET /rates"],
    routes: [
      "GET /accounts: read | audit | admin",
      "POST /accounts: read + write | admin | audit + write + read",
      "GET /me: any",
      "GET /rates: public",
    ],
  },
  "unicode.yaml": { routes: ["GET /orders: lesen:auftraege"] },
  "extensions.yaml": { routes: ["GET /things: use"] },
  "anchors.yaml": {
    routes: [
      "GET /things: read",
      "POST /things: write",
      "GET /things/{id}: read",
      "DELETE /things/{id}: write",
    ],
  },
  "uploads.yaml": {
    publicRoutes: ["OPTIONS /uploads/{id}"],
    routes: ["POST /uploads: put", "HEAD /uploads/{id}: get", "OPTIONS /uploads/{id}: public"],
  },
};

const load = (name: string) => loadDocument(join(folder, name), corpus[name]?.publicRoutes ?? []);

const render = ({ api }: ReadDocument) =>
  renderRestApiBody(api, {
    authorizerUri:
      "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:authorizer/invocations",
    authorizerCacheSeconds: 60,
    backends: singleBackend("https://backend.example.com"),
  });

function routesOf({ api }: ReadDocument): string[] {
  return api.operations.map(({ method, path, security }) => {
    const alternatives = security.map((scopes) => scopes.join(" + ") || "any").join(" | ");
    return `${method} ${path}: ${alternatives || "public"}`;
  });
}

describe.each(Object.keys(corpus))("the document %s", (name) => {
  it("has no problem, and the routes that a reader sees in it", () => {
    const document = load(name);
    expect(document.problems.map(formatProblem)).toEqual([]);
    expect(routesOf(document)).toEqual(corpus[name]?.routes);
    expect(document.files).toBe(corpus[name]?.files ?? 1);
  });

  it("becomes a body that API Gateway imports, with each of its routes", () => {
    const document = load(name);
    const { definition, problems } = readRestApiBody(render(document));
    expect(problems).toEqual([]);
    expect(definition.methods.map(({ httpMethod, resourcePath }) => `${httpMethod} ${resourcePath}`)).toEqual(
      document.api.operations.map(({ method, path }) => `${method} ${path}`),
    );
  });

  it("gives the same bytes each time", () => {
    expect(render(load(name))).toBe(render(load(name)));
  });

  it("gives the same bytes when it is written as JSON", () => {
    const file = join(folder, name);
    const json = JSON.stringify(parse(readFileSync(file, "utf8"), { merge: true }));
    const rewritten = readDocument(parseSource(file, json), corpus[name]?.publicRoutes ?? [], (path) =>
      readFileSync(path, "utf8"),
    );
    expect(render(rewritten)).toBe(render(load(name)));
  });
});

test.each(["petstore.yaml", "webhooks.yaml", "bookshop/openapi.yaml"])(
  "the body of %s is as it was",
  (name) => {
    expect(JSON.parse(render(load(name)))).toMatchSnapshot();
  },
);

describe("a document of 300 operations", () => {
  const read = (text: string) =>
    readDocument(parseSource("large.yaml", text), [], (file) => {
      throw new Error(`${file} is not part of it`);
    });

  it("has no problem and becomes a body that API Gateway imports, the same from YAML and from JSON", () => {
    const document = read(largeYaml());
    expect(document.problems).toEqual([]);
    expect(document.api.operations).toHaveLength(300);
    const body = render(document);
    expect(readRestApiBody(body).problems).toEqual([]);
    expect(render(read(JSON.stringify(largeDocument())))).toBe(body);
  });

  it("has every one of its mistakes reported", () => {
    const misspelt = largeYaml().replaceAll("operationId: put-", "operationID: put-");
    const problems = read(misspelt).problems.map(({ message }) => message);
    expect(problems).toHaveLength(100);
    expect(problems[99]).toBe(
      'PUT /resource-99/{id}: "operationID" is not a known key. Did you mean "operationId"?',
    );
  });
});
