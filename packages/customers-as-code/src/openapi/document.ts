// What the gateway takes from an OpenAPI document: its operations, and the scopes that each demands.
import { type CompiledRoutes, compileRoutes } from "#authorizer/build/compile";
import type { Route } from "#authorizer/config";
import { formatProblem, type Problem } from "../problems/problem";
import { asRecord } from "../problems/record";
import type { Place, Source } from "../problems/source";
import { suggestCandidates } from "../problems/suggestion";
import { pluralize } from "../problems/words";
import {
  type BackendChoice,
  checkDocumentChoice,
  readBackendChoice,
  type WantedBackend,
} from "./backend-choice";
import { listBinaryMediaTypes } from "./binary-media-types";
import { checkApi } from "./check-api";
import { operationMethods } from "./describe-path";
import { checkEncodedSlashesPlaces, readEncodedSlashes } from "./encoded-slashes";
import { readGatewayExtensions } from "./gateway-extensions";
import { type ModelSchema, Models } from "./models";
import type { OpenApiVersion } from "./openapi-schema";
import { unifyParameterNames } from "./parameter-names";
import { checkPaths, listPathParameters } from "./paths";
import type { ReadText } from "./references";
import { type RequestSchemas, type RequestShape, readRequest } from "./requests";
import { resolveDocument } from "./resolve";
import { readOAuthScheme, readSecurity } from "./security";
import { checkStructure } from "./structure";

export interface ApiDocument {
  title: string;
  version: string;
  /** Description by scope, of the document's OAuth 2.0 client credentials scheme. */
  scopes: Record<string, string>;
  /** In the order of the document. */
  operations: Operation[];
  /** By name, what the bodies of {@link RequestShape} refer to. */
  models?: Record<string, ModelSchema>;
  /** Of the bodies that are bytes, not text; absent if there are none. */
  binaryMediaTypes?: string[];
  /** Bytes from which on a REST API compresses answers; absent if it doesn't. */
  minimumCompressionSize?: number;
}

export interface Operation {
  /** Upper case. */
  method: string;
  /** As in the document: `/orders/{orderId}`. */
  path: string;
  operationId?: string;
  /** As API Gateway gets it, if its parameters have other names there: those of the first path in their place. */
  gatewayPath?: string;
  /** Names of the path's parameters, as API Gateway gets them. */
  pathParameters: string[];
  /** Alternatives, of each of which all scopes are demanded; empty for a public operation. */
  security: string[][];
  /** Where it goes; absent where the document says nothing of it. */
  backend?: BackendChoice;
  /** Whether its backend may get encoded slashes in path parameters. */
  encodedSlashes?: true;
  /** What can be checked of its requests; absent where that is nothing. */
  request?: RequestShape;
}

/** The API with its routes compiled for the authorizer, so that nobody who has read the document compiles them again. */
export interface CompiledApi extends ApiDocument {
  routes: CompiledRoutes;
}

export interface ReadDocument {
  /** Use it only if there is no problem. */
  api: CompiledApi;
  /** The backends that the operations want. */
  wanted: WantedBackend[];
  problems: Problem[];
  /** How many files were read. */
  files: number;
}

/**
 * Reads the document and finds everything that the gateway cannot serve. Passed over by design: `servers`, since
 * customers call the stage's URL and the config key "backendUrl" says what is behind it; `webhooks` and `callbacks`,
 * since those are requests that the company sends to its customers.
 * @param publicRoutes operations that may need no token, such as `GET /health`
 * @param readText reads the other files to which the document refers
 * @param needsPolicies false if API Gateway compares the scopes itself, so that no policy must tell the routes apart
 */
export function readDocument(
  root: Source,
  publicRoutes: readonly string[],
  readText: ReadText,
  needsPolicies = true,
): ReadDocument {
  const { openapi, swagger } = asRecord(root.value);
  const version = versionOf(openapi);
  // What the references of another version lead to would be misread.
  if (root.problems.length > 0 || !version) {
    const message =
      "openapi: must be 3.0.x, 3.1.x or 3.2.x. Convert the document, for example from Swagger 2.0.";
    const place = root.at([swagger === undefined ? "openapi" : "swagger"]);
    const problems: Problem[] =
      root.problems.length > 0 ? [...root.problems] : [{ ...place, code: "openapi-version", message }];
    return { api: emptyApi(), wanted: [], problems, files: 1 };
  }
  const { source, schemas, findSchemaElement, references, files } = resolveDocument(root, readText);
  const models = new Models(references, version !== "3.0");
  const problems = [...source.problems];
  const { info } = asRecord(source.value);
  const api: CompiledApi = {
    ...emptyApi(),
    title: text(asRecord(info).title) ?? "API",
    version: text(asRecord(info).version) ?? "1",
    models: models.schemas,
  };
  const wanted: WantedBackend[] = [];
  problems.push(...checkStructure(source, schemas, version));
  const scheme = readOAuthScheme(source);
  api.scopes = scheme.scopes;
  // That there is no scheme would be said again of one that is written in a wrong way.
  if (problems.length === 0) problems.push(...scheme.problems);
  problems.push(
    ...checkApi(source, scheme),
    ...checkPaths(source),
    ...checkDocumentChoice(source),
    ...checkEncodedSlashesPlaces(source),
  );
  const requestSchemas: RequestSchemas = {
    model: (schema) => {
      const element = findSchemaElement(schema);
      return element && models.renderModel(element);
    },
    mayBeObject: (schema) => {
      const element = findSchemaElement(schema);
      return element !== undefined && models.mayBeObject(element);
    },
  };
  let publicBy: Place | undefined;
  const publicByDocument: string[] = [];
  for (const [path, method, operation] of operationsOf(source)) {
    const {
      alternatives,
      optionalBy,
      problems: wrong,
    } = readSecurity(source, ["paths", path, method], scheme);
    problems.push(...wrong);
    const route = `${method.toUpperCase()} ${path}`;
    if (alternatives?.length === 0 && !publicRoutes.includes(route)) {
      if (optionalBy?.isShared) {
        publicBy = optionalBy.place;
        publicByDocument.push(route);
      } else {
        const reason = optionalBy
          ? `needs no token, since {} is one of the alternatives in "security". Remove {}`
          : `needs no token. Require scopes with "security"`;
        const message = `${route} ${reason}, or list "${route}" in the config key "publicRoutes".`;
        const place = optionalBy?.place ?? source.atKey(["paths", path], method);
        problems.push({ ...place, code: "operation-public", message });
      }
    }
    const item = asRecord(asRecord(asRecord(source.value).paths)[path]);
    const request = readRequest(item, operation, requestSchemas);
    const choice = readBackendChoice(source, path, method);
    problems.push(...choice.problems);
    wanted.push(choice.wanted);
    const { problems: unclear, ...slashes } = readEncodedSlashes(source, path, method);
    problems.push(...unclear);
    api.operations.push({
      method: method.toUpperCase(),
      path,
      operationId: text(operation.operationId),
      pathParameters: listPathParameters(path),
      security: alternatives ?? [],
      ...chosen(choice.wanted),
      ...slashes,
      ...(request && { request }),
    });
  }
  if (publicBy) problems.push(refuseOptionalTokens(publicBy, publicByDocument));
  problems.push(...models.problems);
  nameParameters(api.operations);
  const extensions = readGatewayExtensions(source);
  problems.push(...extensions.problems);
  const binaryMediaTypes = [
    ...new Set([...listBinaryMediaTypes(source.value), ...extensions.binaryMediaTypes]),
  ].sort();
  if (binaryMediaTypes.length > 0) api.binaryMediaTypes = binaryMediaTypes;
  const { minimumCompressionSize } = extensions;
  if (minimumCompressionSize !== undefined) api.minimumCompressionSize = minimumCompressionSize;
  problems.push(...checkPublicRoutes(source, api, publicRoutes));
  if (problems.length === 0) {
    api.routes = compileRoutes(listAuthorizedRoutes(api.operations));
    problems.push(...checkRoutes(source, api, needsPolicies));
  }
  return { api, wanted, problems: withoutRepetition(problems), files };
}

/** Of a document that cannot be read. */
export function emptyApi(): CompiledApi {
  return { title: "API", version: "1", scopes: {}, operations: [], routes: compileRoutes([]) };
}

/** The operations that need a token, as the authorizer knows them, in the document's order. */
export function listAuthorizedRoutes(operations: readonly Operation[]): Route[] {
  return operations
    .filter(({ security }) => security.length > 0)
    .map(({ method, path, security, encodedSlashes }) => ({
      method,
      path,
      scopes: security,
      ...(encodedSlashes && { encodedSlashes }),
    }));
}

/** One problem, however many operations take after the document. */
function refuseOptionalTokens(place: Place, routes: readonly string[]): Problem {
  const listed = routes.slice(0, 5).join(", ");
  const more = routes.length > 5 ? ` and ${routes.length - 5} more` : "";
  const message = `security: {} is one of the alternatives for the whole document, so that no token is needed for ${listed}${more}. Remove {}, or list these operations in the config key "publicRoutes".`;
  return { ...place, code: "operation-public", message };
}

function nameParameters(operations: readonly Operation[]): void {
  const paths = operations.map(({ path, request }) => ({
    path,
    taken: (request?.parameters ?? []).map(({ name }) => name),
  }));
  const unified = unifyParameterNames(paths);
  for (const operation of operations) {
    const gatewayPath = unified.get(operation.path);
    if (gatewayPath === undefined) continue;
    operation.gatewayPath = gatewayPath;
    operation.pathParameters = listPathParameters(gatewayPath);
  }
}

function chosen({ name, timeoutMs }: WantedBackend): Pick<Operation, "backend"> {
  if (!name && !timeoutMs) return {};
  return {
    backend: { ...(name && { name: name.value }), ...(timeoutMs && { timeoutMs: timeoutMs.value }) },
  };
}

/** What several paths refer to is wrong once, and so is what many references lead to. */
function withoutRepetition(problems: readonly Problem[]): Problem[] {
  const places = new Map<string, Set<string>>();
  for (const problem of problems.filter(isReference)) {
    places.set(problem.message, (places.get(problem.message) ?? new Set()).add(formatProblem(problem)));
  }
  const once = new Map<string, Problem>();
  for (const problem of problems) {
    const key = isReference(problem) ? problem.message : formatProblem(problem);
    if (!once.has(key)) once.set(key, problem);
  }
  return [...once.values()].map((problem) => {
    const others = isReference(problem) ? (places.get(problem.message)?.size ?? 1) - 1 : 0;
    if (others === 0) return problem;
    return {
      ...problem,
      message: `${problem.message} The same in ${pluralize(others, "more place")}.`,
    };
  });
}

function isReference({ code }: Problem): boolean {
  return code === "openapi-reference-broken";
}

/** API Gateway serves no other methods; paths.ts reports them. */
const served = operationMethods.filter((method) => method !== "trace" && method !== "query");

function operationsOf({ value }: Source): [path: string, method: string, Record<string, unknown>][] {
  return Object.entries(asRecord(asRecord(value).paths))
    .filter(([path]) => path.startsWith("/"))
    .flatMap(([path, item]) =>
      Object.entries(asRecord(item))
        .filter(([key]) => served.includes(key))
        .map(([method, operation]): [string, string, Record<string, unknown>] => [
          path,
          method,
          asRecord(operation),
        ]),
    );
}

function checkPublicRoutes(source: Source, api: ApiDocument, publicRoutes: readonly string[]): Problem[] {
  const routes = api.operations.map(({ method, path }) => `${method} ${path}`);
  return publicRoutes
    .filter((route) => !routes.includes(route))
    .map((route) => ({
      ...source.at(["paths"]),
      code: "public-route-unknown",
      message: `the config key "publicRoutes" lists "${route}", which the document does not have. ${suggestCandidates(route, routes)}`,
    }));
}

/** What only all routes together show. */
function checkRoutes(source: Source, { operations, routes }: CompiledApi, needsPolicies: boolean): Problem[] {
  const place = source.at(["paths"]);
  if (operations.length === 0) {
    return [{ ...place, code: "operations-none", message: "paths: has no operation" }];
  }
  return [...routes.problems, ...(needsPolicies ? routes.policyProblems : [])].map((reason) => ({
    ...place,
    code: "routes-ambiguous",
    message: `paths: ${reason}`,
  }));
}

function versionOf(openapi: unknown): OpenApiVersion | undefined {
  const [version] = /^3\.[012](?=\.)/.exec(text(openapi) ?? "") ?? [];
  return version === "3.0" || version === "3.1" || version === "3.2" ? version : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
