// What the gateway takes from an OpenAPI document: its operations, and the scopes that each demands.
import type { Problem } from "../diagnostics/problem";
import type { Source } from "../diagnostics/source";
import { suggestion } from "../diagnostics/suggestion";

export interface ApiDocument {
  title: string;
  version: string;
  /** Description by scope, of the document's OAuth 2.0 client credentials scheme. */
  scopes: Record<string, string>;
  /** In the order of the document. */
  operations: Operation[];
}

export interface Operation {
  /** Upper case. */
  method: string;
  /** As in the document: `/orders/{orderId}`. */
  path: string;
  operationId?: string;
  /** Names of the path's parameters. */
  pathParameters: string[];
  /** Alternatives, of each of which all scopes are demanded; empty for a public operation. */
  security: string[][];
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch"];

/**
 * Reads the document and finds everything that the gateway cannot serve.
 * @param publicRoutes operations that may need no token, such as `GET /health`
 */
export function readDocument(
  source: Source,
  publicRoutes: readonly string[],
): { api: ApiDocument; problems: Problem[] } {
  const problems = [...source.problems];
  const root = record(source.value);
  const api: ApiDocument = {
    title: text(record(root.info).title) ?? "API",
    version: text(record(root.info).version) ?? "1",
    scopes: {},
    operations: [],
  };
  if (problems.length > 0) return { api, problems };

  const report = (path: PropertyKey[], message: string) => problems.push({ ...source.at(path), message });
  if (!/^3\.[01]\./.test(text(root.openapi) ?? "")) {
    report(
      ["openapi"],
      "openapi: must be 3.0.x or 3.1.x. Convert the document, for example from Swagger 2.0.",
    );
  }
  const scheme = readScheme(root, report);
  api.scopes = scheme?.scopes ?? {};
  for (const [path, item] of Object.entries(record(root.paths))) {
    problems.push(...checkPath(source, path, record(item)));
    for (const method of methods) {
      const operation = record(item)[method];
      if (operation === undefined) continue;
      const at = ["paths", path, method];
      const declared = record(operation).security;
      const securityAt = declared === undefined ? ["security"] : [...at, "security"];
      const security = readSecurity(declared ?? root.security, scheme, securityAt, report);
      const route = `${method.toUpperCase()} ${path}`;
      if (security?.length === 0 && !publicRoutes.includes(route)) {
        const message = `${route} needs no token. Demand scopes with "security", or list "${route}" in the config key "publicRoutes".`;
        problems.push({ ...source.atKey(["paths", path], method), message });
      }
      api.operations.push({
        method: method.toUpperCase(),
        path,
        operationId: text(record(operation).operationId),
        pathParameters: [...path.matchAll(/\{([^}]+)\}/g)].flatMap(([, name]) => name ?? []),
        security: security ?? [],
      });
    }
  }
  if (api.operations.length === 0 && problems.length === 0) report(["paths"], "paths: has no operation");
  const routes = api.operations.map(({ method, path }) => `${method} ${path}`);
  for (const route of publicRoutes) {
    if (routes.includes(route)) continue;
    const message = `the config key "publicRoutes" lists "${route}", which the document does not have. ${suggestion(route, routes)}`;
    problems.push({ ...source.at(["paths"]), message });
  }
  return { api, problems };
}

/** What would be lost without a word, or refused by AWS only half way through a deployment. */
function checkPath(source: Source, path: string, item: Record<string, unknown>): Problem[] {
  const at = ["paths", path];
  const problems: Problem[] = [];
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  if (!/^\/$|^(\/([\w.:-]+|\{[\w.-]+\}))*(\/\{[\w.-]+\+\})?$/.test(path) || path === "") {
    const message = `${path}: each part of a path must be letters, digits and . _ - : or one {parameter}; {name+} may end it. Rename the path.`;
    problems.push({ ...source.atKey(["paths"], path), message });
  }
  if (item.$ref !== undefined) {
    const message = `${path}: is a reference ($ref), which is not followed. Bundle the document into one file first.`;
    problems.push({ ...source.atKey(at, "$ref"), message });
  }
  if (item.trace !== undefined) {
    const message = `TRACE ${path}: API Gateway serves no TRACE. Remove the operation.`;
    problems.push({ ...source.atKey(at, "trace"), message });
  }
  return problems;
}

interface Scheme {
  name: string;
  scopes: Record<string, string>;
}

type Report = (path: PropertyKey[], message: string) => void;

/** The one security scheme with the OAuth 2.0 client credentials flow. */
function readScheme(root: Record<string, unknown>, report: Report): Scheme | undefined {
  const schemes = record(record(root.components).securitySchemes);
  const found = Object.entries(schemes).flatMap(([name, scheme]) => {
    const flow = record(record(scheme).flows).clientCredentials;
    return record(scheme).type === "oauth2" && flow !== undefined ? [{ name, flow: record(flow) }] : [];
  });
  const [first, second] = found;
  if (!first || second) {
    const what = first ? `both "${first.name}" and "${second?.name}"` : "none";
    report(
      ["components", "securitySchemes"],
      `components.securitySchemes: needs one scheme of type oauth2 with the clientCredentials flow, whose scopes become the API's; found ${what}`,
    );
    return undefined;
  }
  const scopes = Object.entries(record(first.flow.scopes));
  if (scopes.length === 0) {
    report(
      ["components", "securitySchemes", first.name, "flows", "clientCredentials", "scopes"],
      `components.securitySchemes.${first.name}.flows.clientCredentials.scopes: must declare the API's scopes`,
    );
  }
  return {
    name: first.name,
    scopes: Object.fromEntries(scopes.map(([scope, description]) => [scope, text(description) || scope])),
  };
}

/** The alternatives that a `security` list stands for; undefined where it has problems. */
function readSecurity(
  security: unknown,
  scheme: Scheme | undefined,
  at: PropertyKey[],
  report: Report,
): string[][] | undefined {
  const requirements = Array.isArray(security) ? security.map(record) : [];
  // An empty requirement makes the token optional, so that anyone may call.
  if (requirements.some((requirement) => Object.keys(requirement).length === 0)) return [];
  if (!scheme) return undefined;
  let valid = true;
  const alternatives = requirements.map((requirement, index) => {
    for (const name of Object.keys(requirement)) {
      if (name === scheme.name) continue;
      valid = false;
      report(
        [...at, index, name],
        `security: "${name}" cannot be served; the gateway checks tokens of "${scheme.name}" only`,
      );
    }
    const scopes = requirement[scheme.name];
    return (Array.isArray(scopes) ? scopes : []).map((scope: unknown, position) => {
      if (typeof scope === "string" && Object.hasOwn(scheme.scopes, scope)) return scope;
      valid = false;
      report(
        [...at, index, scheme.name, position],
        `security: "${scope}" is not a scope of "${scheme.name}". ${suggestion(String(scope), Object.keys(scheme.scopes))}`,
      );
      return String(scope);
    });
  });
  return valid ? alternatives : undefined;
}

/** The value as a map; an empty one where it is none. */
function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
