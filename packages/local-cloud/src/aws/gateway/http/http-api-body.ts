// The OpenAPI document of an HTTP API, as API Gateway imports it with "fail on warnings".
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
import { isObject, type ReportProblem } from "../../property";
import { warnOfComponents, warnOfReferences } from "../import-warnings";
import { type HttpAuthorizer, readHttpAuthorizers } from "./http-authorizers";
import { type HttpIntegration, readHttpIntegration } from "./http-integration";

export interface HttpApiDefinition {
  routes: HttpRoute[];
  /** By name. */
  authorizers: Map<string, HttpAuthorizer>;
  /** Whether it says that the API's own endpoint is off. */
  isEndpointOff: boolean;
  /** Its title and version, by what the API calls them. */
  info: { name?: string; version?: string };
}

export interface HttpRoute {
  /** `GET /orders/{orderId}`, or `$default`. */
  routeKey: string;
  /** Upper case; ANY for every method. */
  method: string;
  /** `/orders/{orderId}` */
  path: string;
  operationId: string | undefined;
  /** Name of the authorizer; undefined for a route that anyone may call. */
  authorizer: string | undefined;
  /** Of which a token needs one, by a JWT authorizer. */
  scopes: string[];
  integration: HttpIntegration;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxRoutes = 300;
const maxScopes = 10;

/** Reads the document and finds every reason for which the import would be refused. */
export function readHttpApiBody(body: string): { definition: HttpApiDefinition; problems: string[] } {
  const problems: string[] = [];
  const report: ReportProblem = (problem) => problems.push(problem);
  const document = parse(body, report);
  if (!document) {
    return { definition: { routes: [], authorizers: new Map(), isEndpointOff: false, info: {} }, problems };
  }
  if (!/^3\.0\.\d$/.test(String(document.openapi))) {
    report("Invalid OpenAPI input: HTTP APIs support the OpenAPI 3.0 specification only");
  }
  for (const name of unsupported) {
    if (name in document) report(`the document has ${name}, which the local gateway does not support`);
  }
  warnOfComponents(document, report);
  warnOfReferences(document, report);
  const authorizers = readHttpAuthorizers(document, report);
  const routes = readRoutes(document, authorizers, report);
  if (routes.length > maxRoutes) {
    report(`${routes.length} routes: an HTTP API has at most ${maxRoutes} routes and integrations`);
  }
  const isEndpointOff = readEndpoint(document.servers, report);
  return {
    definition: { routes, authorizers, isEndpointOff, info: readInfo(document.info, report) },
    problems,
  };
}

const endpointConfiguration = "x-amazon-apigateway-endpoint-configuration";

/** They change what the gateway does, but not the local one: better refused than passed over. */
const unsupported = ["x-amazon-apigateway-cors", endpointConfiguration];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html */
function readEndpoint(servers: unknown, report: ReportProblem): boolean {
  const found = (Array.isArray(servers) ? servers : []).flatMap((server) =>
    isObject(server) && isObject(server[endpointConfiguration]) ? [server[endpointConfiguration]] : [],
  );
  if (found.some((settings) => typeof settings.disableExecuteApiEndpoint !== "boolean")) {
    report(`the local gateway knows disableExecuteApiEndpoint of ${endpointConfiguration} only`);
  }
  return found.some((settings) => settings.disableExecuteApiEndpoint === true);
}

function parse(body: string, report: ReportProblem): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(body);
    if (isObject(document)) return document;
    report("Invalid OpenAPI input: must be an object");
  } catch (error) {
    report(`Invalid OpenAPI input: ${error instanceof Error ? error.message : error}`);
  }
  return undefined;
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html */
function readInfo(info: unknown, report: ReportProblem): HttpApiDefinition["info"] {
  const { title, version } = isObject(info) ? info : {};
  if (typeof title === "string" && title.length > 128) report("the title has over 128 characters");
  if (typeof version === "string" && version.length > 64) report("the version has over 64 characters");
  return {
    ...(typeof title === "string" && { name: title }),
    ...(typeof version === "string" && { version }),
  };
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch"];
const anyMethod = "x-amazon-apigateway-any-method";

function readRoutes(
  document: Record<string, unknown>,
  authorizers: ReadonlyMap<string, HttpAuthorizer>,
  report: ReportProblem,
): HttpRoute[] {
  if (!isObject(document.paths)) {
    report("Invalid OpenAPI input: paths is missing");
    return [];
  }
  return Object.entries(document.paths).flatMap(([path, item]) => {
    if (!isPath(path)) report(`Invalid route path: ${path}`);
    return Object.entries(isObject(item) ? item : {}).flatMap(([key, operation]) => {
      if ((key !== anyMethod && !methods.includes(key)) || !isObject(operation)) return [];
      const method = key === anyMethod ? "ANY" : key.toUpperCase();
      const routeKey = path === defaultPath ? "$default" : `${method} ${path}`;
      const tell: ReportProblem = (problem) => report(`${routeKey}: ${problem}`);
      const integration = operation["x-amazon-apigateway-integration"];
      if (!isObject(integration)) {
        // API Gateway makes a route without a target then, which answers every request with 500.
        tell("has no integration");
        return [];
      }
      return [
        {
          routeKey,
          method,
          path,
          operationId: typeof operation.operationId === "string" ? operation.operationId : undefined,
          ...readSecurity(operation.security ?? document.security, authorizers, tell),
          integration: readHttpIntegration(integration, tell),
        },
      ];
    });
  });
}

/** How API Gateway exports the route that catches all other requests. */
const defaultPath = "/$default";

function isPath(path: string): boolean {
  return path === defaultPath || /^\/$|^(\/([^{}/]+|\{[\w.-]+\}))*(\/\{[\w.-]+\+\})?$/.test(path);
}

/** An operation has one authorizer at most. */
function readSecurity(
  security: unknown,
  authorizers: ReadonlyMap<string, HttpAuthorizer>,
  report: ReportProblem,
): Pick<HttpRoute, "authorizer" | "scopes"> {
  const requirements = (Array.isArray(security) ? security.filter(isObject) : []).flatMap(Object.entries);
  if (requirements.length > 1) report("multiple security requirements are not supported");
  const [name, given] = requirements[0] ?? [];
  const scopes: unknown[] = Array.isArray(given) ? given : [];
  const authorizer = name === undefined ? undefined : authorizers.get(name);
  if (name !== undefined && !authorizer) report(`Unable to find the authorizer "${name}" of its security`);
  if (scopes.length > 0 && authorizer?.kind === "lambda") report("only a JWT authorizer takes scopes");
  if (scopes.length > maxScopes) report(`${scopes.length} scopes: a route has at most ${maxScopes}`);
  return { authorizer: name, scopes: scopes.map(String) };
}
