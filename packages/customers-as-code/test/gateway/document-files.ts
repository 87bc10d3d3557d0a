import { type ReadDocument, readDocument } from "../../src/openapi/document";
import { formatProblem } from "../../src/problems/problem";
import { parseSource } from "../../src/problems/source";

/** Texts by path; the first is the document. */
export type Files = Record<string, string>;

/** Everything of a document but its paths: one scheme with two scopes, of which every operation demands one. */
export const head = `openapi: 3.0.3
info: { title: Orders, version: 1.2.0 }
security: [{ customers: [read:orders] }]
components:
  securitySchemes:
    customers:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: https://example.eu.auth0.com/oauth/token
          scopes: { "read:orders": Read, "write:orders": Write }
`;

export function readFiles(files: Files, { needsPolicies = true } = {}): ReadDocument {
  const [file = "", text = ""] = Object.entries(files)[0] ?? [];
  const readText = (path: string) => {
    const found = files[path];
    if (found === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
    return found;
  };
  return readDocument(parseSource(file, text), [], readText, needsPolicies);
}

export function problemsOf(files: Files): string[] {
  return readFiles(files).problems.map(formatProblem);
}

/** `GET /orders` and the like. */
export function routesOf(files: Files): string[] {
  const { api, problems } = readFiles(files);
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
  return api.operations.map(({ method, path }) => `${method} ${path}`);
}
