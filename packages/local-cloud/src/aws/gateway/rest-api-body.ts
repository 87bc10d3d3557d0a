// The OpenAPI document of a REST API, as API Gateway imports it.
import { parseArn } from "../arn";
import { isObject, type ReportProblem } from "../property";
import { derivedId } from "../resource-type";
import { type ContentHandling, readBinaryMediaTypes, readContentHandling } from "./binary-media";
import { readMinimumCompressionSize } from "./compression";
import { type GatewayResponses, readGatewayResponses } from "./gateway-responses";
import { warnOfComponents, warnOfReferences } from "./import-warnings";
import { checkModelSchema } from "./model-schemas";
import { findDirective, parseTemplate, type Template } from "./template";

export interface RestApiDefinition {
  methods: Method[];
  authorizers: Map<string, RestAuthorizer>;
  gatewayResponses: GatewayResponses;
  /** Where the API key of a request comes from. */
  apiKeySource: ApiKeySource;
  /** Types of the bodies that are bytes, not text. */
  binaryMediaTypes: string[];
  /** Bytes from which on answers are compressed; undefined if none are. */
  minimumCompressionSize?: number;
  /** By name, for references within the schemas of bodies. */
  schemas: Record<string, unknown>;
}

type ApiKeySource = "HEADER" | "AUTHORIZER";

export interface Method {
  /** Upper case; ANY for every method. */
  httpMethod: string;
  /** `/orders/{orderId}` */
  resourcePath: string;
  resourceId: string;
  operationId: string | undefined;
  /** Name of the authorizer; undefined for a method that anyone may call. */
  authorizer: string | undefined;
  /** Whether it takes requests with an API key of one of the stage's usage plans only. */
  apiKeyRequired: boolean;
  /** `method.request.header.NAME` and the like by whether they must be there. */
  parameters: Map<string, boolean>;
  validator: Validator;
  /** Schemas of bodies, by content type. */
  models: Map<string, unknown>;
  integration: RestIntegration | undefined;
}

/** What is checked of requests. */
interface Validator {
  parameters: boolean;
  body: boolean;
}

export interface RestAuthorizer {
  id: string;
  name: string;
  kind: "TOKEN" | "REQUEST";
  functionArn: string;
  /** `method.request.header.Authorization`, `context.path` and the like. */
  identitySources: string[];
  identityValidation: RegExp | undefined;
  resultTtlSeconds: number;
}

export interface RestIntegration {
  kind: "http_proxy" | "mock" | "aws_proxy";
  httpMethod: string;
  uri: string;
  functionArn: string;
  timeoutMilliseconds: number;
  /** Of a private integration. */
  vpcLink: VpcLinkTarget | undefined;
  /** `integration.request.header.X-Org-Id` and the like by their source. */
  requestParameters: RestMapping[];
  /** Of a mock, by content type: what says the status. */
  requestTemplates: Map<string, Template>;
  /** What becomes of a body for whose content type there is no template. */
  passthroughBehavior: "when_no_match" | "when_no_templates" | "never";
  /** Of a mock: what becomes of a binary body before the template. */
  contentHandling: ContentHandling;
  responses: IntegrationResponse[];
}

/** A load balancer in a VPC. */
export interface VpcLinkTarget {
  id: string;
  /** Of a load balancer for a REST API, of its listener for an HTTP API. */
  targetArn: string;
}

interface RestMapping {
  place: "header" | "querystring" | "path";
  name: string;
  /** The text between quotes, or undefined where the value comes from the request. */
  literal: string | undefined;
  source: string;
}

interface IntegrationResponse {
  /** `default`, or an expression that the integration's status must match. */
  pattern: string;
  statusCode: number;
  headers: { name: string; literal: string }[];
  templates: Map<string, Template>;
  contentHandling: ContentHandling;
}

const httpMethods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Reads the document and finds every reason for which the import would be refused. */
export function readRestApiBody(
  body: string,
  failOnWarnings = false,
): { definition: RestApiDefinition; problems: string[] } {
  const problems: string[] = [];
  const report: ReportProblem = (problem) => problems.push(problem);
  const empty = (): RestApiDefinition => ({
    methods: [],
    authorizers: new Map(),
    gatewayResponses: readGatewayResponses({}, report),
    apiKeySource: "HEADER",
    binaryMediaTypes: [],
    schemas: {},
  });
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    // Reported below like any value that is no object: AWS says no more (test_import_api_bad_file of localstack/localstack).
  }
  if (!isObject(document)) {
    report("Invalid OpenAPI input.");
    return { definition: empty(), problems };
  }
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html: 3.1 is not supported.
  if (document.openapi !== undefined && !/^3\.0\.\d$/.test(String(document.openapi))) {
    report(`Invalid OpenAPI input: version "${document.openapi}" is not 3.0`);
  }
  checkExtensions("the document", document, report);
  if (failOnWarnings) {
    warnOfComponents(document, report);
    warnOfReferences(document, report);
  }
  const authorizers = readAuthorizers(document, report);
  const methods = readMethods(document, authorizers, report);
  checkResources(methods, report);
  const resources = countResources(methods);
  if (resources > maxResources) {
    report(`${resources} resources: a REST API has at most ${maxResources}, unless AWS raises the quota`);
  }
  const gatewayResponses = readGatewayResponses(document["x-amazon-apigateway-gateway-responses"], report);
  const apiKeySource = readApiKeySource(document, report);
  const binaryMediaTypes = readBinaryMediaTypes(document, report);
  const minimumCompressionSize = readMinimumCompressionSize(document, report);
  const schemas = readSchemas(document, report);
  return {
    definition: {
      methods,
      authorizers,
      gatewayResponses,
      apiKeySource,
      binaryMediaTypes,
      ...(minimumCompressionSize !== undefined && { minimumCompressionSize }),
      schemas,
    },
    problems,
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-api-key-source.html */
function readApiKeySource(document: Record<string, unknown>, report: ReportProblem): ApiKeySource {
  const { "x-amazon-apigateway-api-key-source": source = "HEADER" } = document;
  if (isApiKeySource(source)) return source;
  report(`Invalid API key source: ${source}. It is HEADER or AUTHORIZER.`);
  return "HEADER";
}

export function isApiKeySource(value: unknown): value is ApiKeySource {
  return value === "HEADER" || value === "AUTHORIZER";
}

/** Extensions that change what the gateway does, but not the local one: better refused than passed over. */
const unsupportedExtensions = [
  "x-amazon-apigateway-cors",
  "x-amazon-apigateway-endpoint-configuration",
  "x-amazon-apigateway-policy",
];

function checkExtensions(where: string, element: Record<string, unknown>, report: ReportProblem): void {
  for (const name of unsupportedExtensions) {
    if (name in element) report(`${where} has ${name}, which the local gateway does not support`);
  }
}

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html: a model's name is alphanumeric.
 */
function readSchemas(document: Record<string, unknown>, report: ReportProblem): Record<string, unknown> {
  const components = isObject(document.components) ? document.components : {};
  const schemas = isObject(components.schemas) ? components.schemas : {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (!/^[A-Za-z0-9]+$/.test(name)) report(`Model name must be alphanumeric: ${name}`);
    checkModelSchema(name, schema, report);
  }
  return schemas;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validator.html */
function readValidator(
  document: Record<string, unknown>,
  operation: Record<string, unknown>,
  report: ReportProblem,
): Validator {
  const key = "x-amazon-apigateway-request-validator";
  const name = operation[key] ?? document[key];
  const all = document["x-amazon-apigateway-request-validators"];
  const found = isObject(all) && typeof name === "string" ? all[name] : undefined;
  if (name !== undefined && !isObject(found)) report(`Invalid Request Validator: there is no "${name}"`);
  const { validateRequestParameters, validateRequestBody } = isObject(found) ? found : {};
  return { parameters: validateRequestParameters === true, body: validateRequestBody === true };
}

function readModels(operation: Record<string, unknown>, report: ReportProblem): Map<string, unknown> {
  const requestBody = isObject(operation.requestBody) ? operation.requestBody : {};
  const content = isObject(requestBody.content) ? requestBody.content : {};
  const models = new Map(
    Object.entries(content).flatMap(([type, media]) =>
      isObject(media) && media.schema !== undefined ? [[type, media.schema]] : [],
    ),
  );
  for (const [type, schema] of models) checkModelSchema(type, schema, report);
  return models;
}

function schemesOf(document: Record<string, unknown>): Record<string, unknown> {
  const components = isObject(document.components) ? document.components : {};
  return isObject(components.securitySchemes) ? components.securitySchemes : {};
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-usage-plan-oas.html */
function isApiKeyScheme(scheme: unknown): boolean {
  return (
    isObject(scheme) &&
    scheme.type === "apiKey" &&
    scheme.in === "header" &&
    String(scheme.name).toLowerCase() === "x-api-key" &&
    scheme["x-amazon-apigateway-authorizer"] === undefined
  );
}

function readAuthorizers(
  document: Record<string, unknown>,
  report: ReportProblem,
): Map<string, RestAuthorizer> {
  const authorizers = new Map<string, RestAuthorizer>();
  for (const [name, scheme] of Object.entries(schemesOf(document))) {
    const settings = isObject(scheme) ? scheme["x-amazon-apigateway-authorizer"] : undefined;
    if (!isObject(scheme) || !isObject(settings)) continue;
    const authorizer = readAuthorizer(name, scheme, settings, (problem) =>
      report(`the authorizer "${name}": ${problem}`),
    );
    if (authorizer) authorizers.set(name, authorizer);
  }
  return authorizers;
}

function readAuthorizer(
  name: string,
  scheme: Record<string, unknown>,
  settings: Record<string, unknown>,
  report: ReportProblem,
): RestAuthorizer | undefined {
  const kind = String(settings.type).toUpperCase();
  if (kind !== "TOKEN" && kind !== "REQUEST") {
    report(`type "${settings.type}" is not token or request, which are what the local gateway runs`);
    return undefined;
  }
  const functionArn = functionOf(settings.authorizerUri);
  if (!functionArn) {
    report(`Invalid Authorizer URI: ${settings.authorizerUri}. Give the function's invocation ARN.`);
  }
  const { authorizerResultTtlInSeconds: ttl = 300 } = settings;
  if (typeof ttl !== "number" || !Number.isInteger(ttl) || ttl < 0 || ttl > 3600) {
    report(`Authorizer result TTL must be from 0 to 3600 seconds, not ${ttl}`);
  }
  const given = typeof settings.identitySource === "string" ? settings.identitySource : "";
  const identitySources = given
    .split(",")
    .map((source) => source.trim())
    .filter((source) => source !== "");
  if (kind === "TOKEN" && identitySources.length === 0) {
    identitySources.push(`method.request.header.${scheme.name ?? "Authorization"}`);
  }
  for (const source of identitySources) {
    const pattern =
      kind === "TOKEN"
        ? /^method\.request\.header\.[\w-]+$/
        : /^(method\.request\.(header|querystring)\.[\w-]+|stageVariables\.\w+|context\.[\w.]+)$/;
    if (!pattern.test(source)) report(`Invalid identity source: ${source}`);
  }
  if (kind === "TOKEN" && identitySources.length > 1) report("a token authorizer has one identity source");
  if (kind === "REQUEST" && identitySources.length === 0 && ttl !== 0) {
    report("an identity source is required where results are cached. Set it, or a TTL of 0.");
  }
  let identityValidation: RegExp | undefined;
  const { identityValidationExpression: expression } = settings;
  if (typeof expression === "string") {
    try {
      // The whole token must match (Java's matches()).
      identityValidation = new RegExp(`^(?:${expression})$`);
    } catch {
      report(`Invalid identity validation expression: ${expression}`);
    }
  }
  return {
    id: derivedId(name, 6),
    name,
    kind,
    functionArn: functionArn ?? "",
    identitySources,
    identityValidation,
    resultTtlSeconds: Number(ttl),
  };
}

function readMethods(
  document: Record<string, unknown>,
  authorizers: Map<string, RestAuthorizer>,
  report: ReportProblem,
): Method[] {
  if (!isObject(document.paths)) {
    report("Invalid OpenAPI input: paths is missing");
    return [];
  }
  const methods: Method[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    if (!path.startsWith("/")) report(`Invalid Resource path: ${path} must begin with /`);
    if (!isObject(item)) continue;
    for (const [key, operation] of Object.entries(item)) {
      const isAny = key === "x-amazon-apigateway-any-method";
      if ((!isAny && !httpMethods.includes(key)) || !isObject(operation)) continue;
      const httpMethod = isAny ? "ANY" : key.toUpperCase();
      methods.push(
        readMethod(httpMethod, path, operation, item, document, authorizers, (problem) =>
          report(`${httpMethod} ${path}: ${problem}`),
        ),
      );
    }
  }
  return methods;
}

function readMethod(
  httpMethod: string,
  resourcePath: string,
  operation: Record<string, unknown>,
  item: Record<string, unknown>,
  document: Record<string, unknown>,
  authorizers: Map<string, RestAuthorizer>,
  report: ReportProblem,
): Method {
  checkExtensions("the operation", operation, report);
  const parameters = new Map<string, boolean>();
  const places = new Map<string, string>();
  for (const list of [item.parameters, operation.parameters]) {
    for (const parameter of Array.isArray(list) ? list.filter(isObject) : []) {
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
      // With a colon, as measured for floci-io/floci#3549.
      if (!/^[\w:.$-]+$/.test(String(parameter.name))) {
        report(`Invalid mapping expression parameter specified: ${parameter.name}`);
      }
      const place = { header: "header", query: "querystring", path: "path" }[String(parameter.in)];
      // test_method_request_parameters of localstack/localstack
      if (place && places.has(String(parameter.name)) && places.get(String(parameter.name)) !== place)
        report("Parameter names must be unique across querystring, header and path");
      if (place) places.set(String(parameter.name), place);
      if (place)
        parameters.set(`method.request.${place}.${String(parameter.name)}`, parameter.required === true);
    }
  }
  const security = operation.security ?? document.security;
  const demanded = (Array.isArray(security) ? security.filter(isObject) : []).flatMap((requirement) =>
    Object.keys(requirement),
  );
  const schemes = schemesOf(document);
  const names = demanded.filter((name) => !isApiKeyScheme(schemes[name]));
  for (const name of names)
    if (!authorizers.has(name)) report(`Unable to find the authorizer "${name}" of its security`);
  if (names.length > 1) report("a method has one authorizer at most");
  const integration = operation["x-amazon-apigateway-integration"];
  return {
    httpMethod,
    resourcePath,
    resourceId: derivedId(resourcePath, 6),
    operationId: typeof operation.operationId === "string" ? operation.operationId : undefined,
    authorizer: names[0],
    apiKeyRequired: names.length < demanded.length,
    parameters,
    validator: readValidator(document, operation, report),
    models: readModels(operation, report),
    integration: isObject(integration) ? readIntegration(integration, parameters, report) : undefined,
  };
}

function readIntegration(
  integration: Record<string, unknown>,
  parameters: Map<string, boolean>,
  report: ReportProblem,
): RestIntegration | undefined {
  const kind = String(integration.type).toLowerCase();
  if (kind !== "http_proxy" && kind !== "mock" && kind !== "aws_proxy") {
    report(
      `the integration's type "${integration.type}" is not http_proxy, mock or aws_proxy, which the local gateway runs`,
    );
    return undefined;
  }
  const uri = typeof integration.uri === "string" ? integration.uri : "";
  const functionArn = functionOf(uri);
  if (kind === "http_proxy" && !/^(https?:\/\/|\$\{stageVariables\.)[^\s]+$/.test(uri)) {
    report(`Invalid HTTP endpoint specified for URI: "${uri}"`);
  }
  if (kind === "aws_proxy" && !functionArn) report(`Invalid ARN specified in the request: "${uri}"`);
  const { httpMethod = kind === "mock" ? "POST" : undefined, timeoutInMillis = 29_000 } = integration;
  if (typeof httpMethod !== "string")
    report("Enumeration value for HttpMethod must be non-empty: the integration has no httpMethod");
  if (typeof timeoutInMillis !== "number" || timeoutInMillis < 50 || timeoutInMillis > 29_000) {
    report(`Timeout should be between 50 ms and 29000 ms, not ${timeoutInMillis}`);
  }
  const templates = Object.entries(
    kind === "mock" && isObject(integration.requestTemplates) ? integration.requestTemplates : {},
  );
  if (kind === "mock" && templates.length === 0) {
    report("a mock needs requestTemplates that say the statusCode");
  }
  return {
    kind,
    httpMethod: String(httpMethod),
    uri,
    functionArn: functionArn ?? "",
    timeoutMilliseconds: Number(timeoutInMillis),
    vpcLink: readVpcLink(integration, report),
    requestParameters: readMappings(integration.requestParameters, parameters, uri, report),
    requestTemplates: new Map(templates.map(([type, template]) => [type, readTemplate(template, report)])),
    passthroughBehavior: readPassthroughBehavior(integration.passthroughBehavior, report),
    contentHandling: readIntegrationHandling(kind, integration, report),
    responses: readIntegrationResponses(integration.responses, report),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html */
function readVpcLink(
  { type, connectionType = "INTERNET", connectionId, integrationTarget }: Record<string, unknown>,
  report: ReportProblem,
): VpcLinkTarget | undefined {
  if (connectionType === "INTERNET") return undefined;
  if (connectionType !== "VPC_LINK") {
    report(`Invalid connection type: ${connectionType}`);
    return undefined;
  }
  if (String(type).toLowerCase() !== "http_proxy") report("a VPC link is for http_proxy integrations only");
  if (typeof connectionId !== "string") report("connectionId is required for VPC_LINK");
  if (integrationTarget === undefined) report(`IntegrationTarget is required for VpcLinkV2 ${connectionId}.`);
  else if (!isLoadBalancer(integrationTarget)) report(`Invalid integration target: ${integrationTarget}`);
  return { id: String(connectionId), targetArn: String(integrationTarget) };
}

function isLoadBalancer(target: unknown): boolean {
  const { service, resource = "" } = parseArn(String(target)) ?? {};
  return service === "elasticloadbalancing" && /^loadbalancer\/(app|net)\/[^/]+\/[^/]+$/.test(resource);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html */
function readPassthroughBehavior(
  given: unknown,
  report: ReportProblem,
): RestIntegration["passthroughBehavior"] {
  const behavior = String(given ?? "when_no_match").toLowerCase();
  if (behavior === "when_no_match" || behavior === "when_no_templates" || behavior === "never")
    return behavior;
  report(`Invalid passthrough behavior: ${given}`);
  return "when_no_match";
}

function readMappings(
  value: unknown,
  parameters: Map<string, boolean>,
  uri: string,
  report: ReportProblem,
): RestMapping[] {
  return Object.entries(isObject(value) ? value : {}).flatMap(([target, given]) => {
    const [, place, name] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(target) ?? [];
    const source = String(given);
    const literal = /^'(.*)'$/s.exec(source)?.[1];
    const isDeclared = source.startsWith("method.request.") ? parameters.has(source) : true;
    const isSource =
      literal !== undefined ||
      /^(method\.request\.(header|querystring|path)\.\S+|context\.[\w.-]+|stageVariables\.\w+)$/.test(source);
    if (!place || !name || !isSource || !isDeclared) {
      report(
        `Invalid mapping expression specified: ${target} <- ${source}` +
          (isDeclared ? "" : ": the method does not declare this parameter"),
      );
      return [];
    }
    if (place === "path" && !uri.includes(`{${name}}`)) {
      report(`Invalid mapping expression specified: ${target}: the URI has no {${name}}`);
    }
    return [{ place: place as RestMapping["place"], name, literal, source }];
  });
}

function readIntegrationResponses(value: unknown, report: ReportProblem): IntegrationResponse[] {
  return Object.entries(isObject(value) ? value : {}).map(([pattern, given]) => {
    const response = isObject(given) ? given : {};
    const { responseParameters, responseTemplates } = response;
    return {
      pattern,
      statusCode: Number(response.statusCode ?? 200),
      headers: Object.entries(isObject(responseParameters) ? responseParameters : {}).flatMap(
        ([target, source]) => {
          const literal = /^'(.*)'$/s.exec(String(source))?.[1];
          if (literal === undefined)
            report(`the response parameter ${target} must be a string in quotes for the local gateway`);
          return literal === undefined
            ? []
            : [{ name: target.replace("method.response.header.", ""), literal }];
        },
      ),
      templates: new Map(
        Object.entries(isObject(responseTemplates) ? responseTemplates : {}).map(
          ([contentType, template]) => [contentType, readTemplate(template, report)],
        ),
      ),
      contentHandling: readContentHandling(response, report),
    };
  });
}

function readIntegrationHandling(
  kind: RestIntegration["kind"],
  integration: Record<string, unknown>,
  report: ReportProblem,
): ContentHandling {
  const handling = readContentHandling(integration, report);
  if (handling !== undefined && kind !== "mock")
    report("the local gateway has contentHandling for mocks only");
  return handling;
}

function readTemplate(template: unknown, report: ReportProblem): Template {
  const source = typeof template === "string" ? template : "";
  const directive = findDirective(source);
  if (directive) report(`the local gateway does not run "${directive}" in a mapping template`);
  return parseTemplate(source);
}

/** The default: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const maxResources = 300;

/** Every part of a path is one, with the root. */
function countResources(methods: Method[]): number {
  const resources = new Set(["/"]);
  for (const { resourcePath } of methods) {
    const parts = resourcePath.split("/").filter((part) => part !== "");
    for (const index of parts.keys()) resources.add(parts.slice(0, index + 1).join("/"));
  }
  return resources.size;
}

/** Resources form a tree, in which a path part with a variable stands alone among its siblings' variables. */
function checkResources(methods: Method[], report: ReportProblem): void {
  const variableParts = new Map<string, string>();
  const seen = new Set<string>();
  for (const { resourcePath } of methods) {
    if (seen.has(resourcePath)) continue;
    seen.add(resourcePath);
    const parts = resourcePath.split("/").slice(1);
    for (const [index, part] of parts.entries()) {
      if (part === "" && resourcePath !== "/") {
        report(`Invalid Resource path: ${resourcePath} has an empty part`);
      }
      if (/[{}]/.test(part) && !/^\{[\w.-]+\+?\}$/.test(part)) {
        report(
          `Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end: ${part} of ${resourcePath}`,
        );
        continue;
      }
      if (part.endsWith("+}") && index < parts.length - 1) {
        report(`Invalid Resource path: ${resourcePath}: nothing may follow the greedy ${part}`);
      }
      if (!part.startsWith("{")) continue;
      const parent = `/${parts.slice(0, index).join("/")}`;
      const sibling = variableParts.get(parent);
      if (sibling !== undefined && sibling !== part) {
        report(
          `A sibling (${sibling}) of this resource already has a variable path part -- only one is allowed: ${resourcePath}`,
        );
      }
      variableParts.set(parent, part);
    }
  }
}

/** The function within `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION/invocations`. */
export function functionOf(uri: unknown): string | undefined {
  const match =
    /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/.exec(
      typeof uri === "string" ? uri : "",
    );
  return match?.[1] && parseArn(match[1]) ? match[1].replace(/:\$LATEST$/, "") : undefined;
}
