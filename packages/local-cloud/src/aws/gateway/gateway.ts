// Serves the deployed stages of all APIs on one port: http://127.0.0.1:PORT/API-ID/STAGE/PATH, or by custom domain names.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { listenAtRememberedPort } from "../../port";
import type { Account } from "../account";
import type { Firehose } from "../firehose-delivery";
import type { Lambda } from "../lambda-runtime";
import type { LogFiles } from "../logs";
import type { Metrics } from "../metrics";
import {
  deploymentType,
  isEndpointOff,
  methodSettingsType,
  restApiType,
  stageType,
} from "../services/api-gateway";
import { findMapping, isDomainName } from "../services/domain-names";
import { HttpApis } from "./http/apis";
import type { LoadBalancer } from "./http-client";
import { RestAuthorization } from "./rest-authorization";
import { type HeaderNames, RestIntegrations } from "./rest-integrations";
import { RestStage } from "./rest-stage";
import { PlanUsage, usageTypes } from "./usage";

interface GatewayOptions {
  account: Account;
  lambda: Lambda;
  firehose: Firehose;
  logs: LogFiles;
  metrics: Metrics;
  /** Milliseconds since 1970, by which cached authorizations grow old, throttles refill and quotas begin again. */
  clock: () => number;
  /** How the JWT authorizers of HTTP APIs reach their issuers. */
  fetchIssuer: typeof fetch;
  loadBalancer: LoadBalancer;
  headerNames: HeaderNames;
}

export class Gateway {
  private readonly server: Server;
  private readonly integrations: RestIntegrations;
  private readonly httpApis: HttpApis;
  private readonly stages = new Map<string, RestStage>();
  /** By stage; a new deployment does not empty the cache, as with AWS. */
  private readonly authorizations = new Map<string, RestAuthorization>();
  private readonly usage: PlanUsage;
  private readonly stopListening: () => void;

  constructor(private readonly options: GatewayOptions) {
    const { account, lambda, loadBalancer, headerNames } = options;
    this.integrations = new RestIntegrations(account, lambda, loadBalancer, headerNames);
    this.httpApis = new HttpApis(options);
    this.usage = new PlanUsage(options.account, options.clock);
    // The gateway checks the size of headers itself, as AWS does.
    this.server = createServer(
      { maxHeaderSize: 128 * 1024, keepAliveTimeout: 60_000 },
      (request, response) => {
        this.handle(request, response).catch((error: unknown) => {
          console.error("the local gateway failed:", error);
          if (!response.headersSent) response.writeHead(500);
          response.end('{"message": "Internal server error"}');
        });
      },
    );
    this.stopListening = options.account.onChange(({ type }) => {
      if (servedTypes.includes(type)) this.stages.clear();
      if (usageTypes.includes(type)) this.usage.reload();
    });
  }

  /** @returns the port, which is the same in every run with the account's directory */
  listen(): Promise<number> {
    return listenAtRememberedPort(this.server, join(this.options.account.directory, "port"), "the gateway");
  }

  /** Forgets the cached authorizations of a stage, as `aws apigateway flush-stage-authorizers-cache` does. */
  flushAuthorizersCache(apiId: string, stageName: string): void {
    this.authorizations.get(`${apiId}/${stageName}`)?.flush();
    this.httpApis.resetAuthorizersCache(apiId, stageName);
  }

  async close(): Promise<void> {
    this.stopListening();
    this.integrations.close();
    this.httpApis.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { account } = this.options;
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (isDomainName(host, account)) return this.serveMapped(host, request, response);
    const { apiId, pathAndQuery } = endpointOf(request);
    if (this.httpApis.has(apiId)) return this.httpApis.serve(apiId, pathAndQuery, request, response);
    const target = isEndpointOff(apiId, account) ? undefined : splitTarget(apiId, pathAndQuery);
    const stage = target && this.findStage(target.apiId, target.stageName);
    if (!target || !stage) return answerForbidden(request, response);
    await stage.serve(request, response, target.pathAndQuery);
  }

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html */
  private async serveMapped(host: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = "/" } = request;
    const path = url.replace(/\?.*$/s, "");
    const mapping = findMapping(host, path, this.options.account);
    if (!mapping) return answerForbidden(request, response);
    const { apiId, stageName, basePath } = mapping;
    const prefix = basePath === "" ? "" : `/${basePath}`;
    const pathAndQuery = url.slice(prefix.length);
    if (this.httpApis.has(apiId)) {
      return this.httpApis.serveMapped({ apiId, stageName, prefix, pathAndQuery }, request, response);
    }
    const stage = this.findStage(apiId, stageName);
    if (!stage) return answerForbidden(request, response);
    await stage.serve(request, response, pathAndQuery, prefix);
  }

  private findStage(apiId: string, stageName: string): RestStage | undefined {
    const key = `${apiId}/${stageName}`;
    let stage = this.stages.get(key);
    if (!stage) {
      const { account, lambda, clock } = this.options;
      let authorization = this.authorizations.get(key);
      if (!authorization) authorization = new RestAuthorization(account, lambda, clock);
      stage = RestStage.load(apiId, stageName, {
        ...this.options,
        authorization,
        usage: this.usage,
        integrations: this.integrations,
      });
      if (!stage) return undefined;
      this.stages.set(key, stage);
      this.authorizations.set(key, authorization);
    }
    return stage;
  }
}

/** What AWS answers where a host name or a stage is not in use, no base path fits, or the default endpoint is off. */
function answerForbidden(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(403, {
    "Content-Type": "application/json",
    "x-amzn-ErrorType": "ForbiddenException",
  });
  response.end('{"message":"Forbidden"}');
  request.resume();
}

/** A change of one of these may change what a stage serves. */
const servedTypes = [restApiType, deploymentType, stageType, methodSettingsType];

interface Target {
  apiId: string;
  stageName: string;
  /** What follows the stage. */
  pathAndQuery: string;
}

/** AWS has the API's id in the host's name, which works here as well; the local URL has it in the path. */
function endpointOf({ url = "/", headers: { host = "" } }: IncomingMessage): {
  apiId: string;
  pathAndQuery: string;
} {
  const apiOfHost = /^([a-z0-9]{10})\.execute-api\./.exec(host)?.[1];
  if (apiOfHost !== undefined) return { apiId: apiOfHost, pathAndQuery: url };
  const [, apiId = "", pathAndQuery = ""] = /^\/([^/?]*)(.*)$/s.exec(url) ?? [];
  return { apiId, pathAndQuery };
}

function splitTarget(apiId: string, path: string): Target | undefined {
  // Slashes before the stage do not count (…-prepended-slash-to-stage of test_lambda_aws_proxy_integration, localstack/localstack).
  const match = /^\/+([^/?]+)(.*)$/s.exec(path);
  if (!match) return undefined;
  const [, stageName = "", pathAndQuery = ""] = match;
  return { apiId, stageName, pathAndQuery };
}
