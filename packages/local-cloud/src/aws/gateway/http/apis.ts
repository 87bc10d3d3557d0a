// The stages of all HTTP APIs, and which of them a request goes to.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "../../account";
import type { Lambda } from "../../lambda-runtime";
import type { LogFiles } from "../../logs";
import type { Metrics } from "../../metrics";
import { httpApiType, httpStageType } from "../../services/api-gateway-v2";
import type { LoadBalancer } from "../http-client";
import { decodeLeniently } from "../proxy-event";
import { defaultStage } from "./http-exchange";
import { HttpIntegrations } from "./http-integrations";
import { HttpStage } from "./http-stage";
import { JwtAuthorization } from "./jwt-authorization";
import { LambdaAuthorization } from "./lambda-authorization";

interface HttpApisOptions {
  account: Account;
  lambda: Lambda;
  logs: LogFiles;
  metrics: Metrics;
  clock: () => number;
  /** How JWT authorizers reach their issuers. */
  fetchIssuer: typeof fetch;
  loadBalancer: LoadBalancer;
}

export class HttpApis {
  private readonly integrations: HttpIntegrations;
  private readonly stages = new Map<string, HttpStage>();
  /** By stage; a new deployment does not empty the cache. */
  private readonly authorizations = new Map<string, LambdaAuthorization>();
  private readonly jwtAuthorization: JwtAuthorization;
  private readonly stopListening: () => void;

  constructor(private readonly options: HttpApisOptions) {
    const { account, lambda, clock, fetchIssuer, loadBalancer } = options;
    this.integrations = new HttpIntegrations(account, lambda, loadBalancer);
    this.jwtAuthorization = new JwtAuthorization(fetchIssuer, clock);
    this.stopListening = account.onChange(({ type }) => {
      if (type === httpApiType || type === httpStageType) this.stages.clear();
    });
  }

  has(apiId: string): boolean {
    return this.options.account.get(httpApiType, apiId) !== undefined;
  }

  /**
   * "If the request explicitly matches a stage, API Gateway sends the request to that stage. If no stage fully matches
   * the request, API Gateway sends the request to the $default stage."
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
   * @param pathAndQuery of the API's endpoint
   */
  async serve(
    apiId: string,
    pathAndQuery: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { path, query } = split(pathAndQuery);
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html: its stages deploy by themselves.
    const isOff = this.options.account.get(httpApiType, apiId)?.outputs.disableExecuteApiEndpoint === true;
    if (isOff) return notFound(request, response);
    const [, first = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
    const named = this.findStage(apiId, first);
    if (named) return named.serve(request, response, rest || "/", query);
    const fallback = this.findStage(apiId, defaultStage);
    if (fallback) return fallback.serve(request, response, path, query);
    notFound(request, response);
  }

  /** Serves the stage that a custom domain name is mapped to: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html */
  async serveMapped(
    { apiId, stageName, prefix, pathAndQuery }: MappedRequest,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { path, query } = split(pathAndQuery);
    const stage = this.findStage(apiId, stageName);
    if (!stage) return notFound(request, response);
    await stage.serve(request, response, path, query, prefix);
  }

  /** Forgets the cached authorizations of a stage, as `aws apigatewayv2 reset-authorizers-cache` does. */
  resetAuthorizersCache(apiId: string, stageName: string): void {
    this.authorizations.get(`${apiId}/${stageName}`)?.flush();
  }

  close(): void {
    this.stopListening();
    this.integrations.close();
  }

  private findStage(apiId: string, stageName: string): HttpStage | undefined {
    const key = `${apiId}/${stageName}`;
    const known = this.stages.get(key);
    if (known) return known;
    const { account, lambda, clock } = this.options;
    const lambdaAuthorization =
      this.authorizations.get(key) ?? new LambdaAuthorization(account, lambda, clock);
    const { integrations, jwtAuthorization } = this;
    const stage = HttpStage.load(apiId, stageName, {
      ...this.options,
      lambdaAuthorization,
      jwtAuthorization,
      integrations,
    });
    if (!stage) return undefined;
    this.stages.set(key, stage);
    this.authorizations.set(key, lambdaAuthorization);
    return stage;
  }
}

interface MappedRequest {
  apiId: string;
  stageName: string;
  /** The base path with a slash before it, or nothing. */
  prefix: string;
  /** What follows the base path. */
  pathAndQuery: string;
}

/** "... and does not generate CloudWatch logs." */
function notFound(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(404, { "content-type": "application/json" });
  response.end('{"message":"Not Found"}');
}

function split(pathAndQuery: string): { path: string; query: string } {
  const end = pathAndQuery.indexOf("?");
  return {
    path: decodePath(end < 0 ? pathAndQuery : pathAndQuery.slice(0, end)) || "/",
    query: end < 0 ? "" : pathAndQuery.slice(end + 1),
  };
}

/**
 * "API Gateway decodes URL-encoded request parameters" (http-api-develop-routes.html): all of the path, and before it looks
 * for a route, so that %2F is a slash like any other. Events of that are in fastify/aws-lambda-fastify#169 and, by AWS's own
 * hand, aws/aws-lambda-dotnet#1901; that a decoded question mark ends the path, in middleapi/standard-server#93.
 */
function decodePath(encoded: string): string {
  return decodeLeniently(encoded).split("?")[0] ?? "";
}
