// A stage of an HTTP API: takes a request from the route to the access log.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "../../account";
import { parseArn } from "../../arn";
import type { LogFiles } from "../../logs";
import type { Metrics } from "../../metrics";
import { isObject } from "../../property";
import { textOf } from "../../resource-type";
import { httpApiType, httpStageType } from "../../services/api-gateway-v2";
import { accessLogLine } from "../access-log";
import { ApiMeter } from "../api-meter";
import { headerBytes, maxHeaderBytes, maxPayloadBytes, readBody } from "../payload";
import type { StageFacts } from "../rest-exchange";
import { parseTemplate, type Template } from "../template";
import { type Cors, isPreflight, preflightHeaders, readCors, withCors } from "./cors";
import { type HttpApiDefinition, readHttpApiBody } from "./http-api-body";
import { HttpExchange } from "./http-exchange";
import type { HttpIntegrations } from "./http-integrations";
import { type FoundHttpRoute, HttpRoutes } from "./http-routes";
import type { JwtAuthorization } from "./jwt-authorization";
import type { LambdaAuthorization } from "./lambda-authorization";
import type { FunctionResponse } from "./payload-format";
import { type HttpRefusal, headersTooLargeRefusal, notFoundRefusal, payloadTooLargeRefusal } from "./refusal";

interface HttpStageServices {
  account: Account;
  lambdaAuthorization: LambdaAuthorization;
  jwtAuthorization: JwtAuthorization;
  integrations: HttpIntegrations;
  logs: LogFiles;
  metrics: Metrics;
  /** Milliseconds since 1970. */
  clock: () => number;
}

export class HttpStage {
  private readonly routes: HttpRoutes;

  private constructor(
    private readonly facts: StageFacts,
    private readonly definition: HttpApiDefinition,
    private readonly accessLog: { group: string; format: Template } | undefined,
    private readonly cors: Cors | undefined,
    private readonly meter: ApiMeter,
    private readonly services: HttpStageServices,
  ) {
    this.routes = new HttpRoutes(definition.routes);
  }

  /** The stage as it is deployed by itself; undefined where there is none. */
  static load(apiId: string, stageName: string, services: HttpStageServices): HttpStage | undefined {
    const { account } = services;
    const api = account.get(httpApiType, apiId);
    const stage = account.get(httpStageType, `${apiId}/${stageName}`);
    if (!api || !stage) return undefined;
    const { stageVariables, accessLogSettings } = stage.inputs;
    const variables = isObject(stageVariables) ? stageVariables : {};
    const facts: StageFacts = {
      apiId,
      stageName,
      accountId: account.id,
      region: account.region,
      variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
    };
    const { body } = api.inputs;
    const { definition } = readHttpApiBody(typeof body === "string" ? body : "{}");
    const accessLog = isObject(accessLogSettings)
      ? {
          group: groupOf(textOf(accessLogSettings.destinationArn)),
          format: parseTemplate(textOf(accessLogSettings.format)),
        }
      : undefined;
    const cors = readCors(api.inputs.corsConfiguration);
    const meter = new ApiMeter({ type: "http", id: apiId }, stageName, services.metrics, services.clock);
    return new HttpStage(facts, definition, accessLog, cors, meter, services);
  }

  /**
   * @param path without the stage
   * @param basePath under which a custom domain name has the stage, with a slash or empty; undefined at the default endpoint
   */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
    basePath?: string,
  ): Promise<void> {
    const exchange = new HttpExchange(request, this.facts, path, query, this.services.clock, basePath);
    const origin = exchange.headers.get("origin");
    if (this.cors && origin !== undefined && isPreflight(exchange.method, exchange.headers)) {
      request.resume();
      const headers = preflightHeaders(this.cors, origin);
      return this.send(exchange, response, { status: 204, headers, body: Buffer.alloc(0) });
    }
    const answer = await this.answer(exchange, response);
    if ("body" in answer) {
      const headers = this.cors ? withCors(this.cors, origin, answer.headers) : answer.headers;
      return this.send(exchange, response, { ...answer, headers });
    }
    const { status, message, type, headers = {} } = answer;
    exchange.error = { type, message };
    this.send(exchange, response, {
      status,
      headers: ["content-type", "application/json", ...Object.entries(headers).flat()],
      body: Buffer.from(JSON.stringify({ message })),
    });
  }

  private async answer(
    exchange: HttpExchange,
    response: ServerResponse,
  ): Promise<FunctionResponse | HttpRefusal> {
    const { request } = exchange;
    const tooLarge = sizeRefusal(request);
    const found = tooLarge ? undefined : this.routes.find(exchange.method, exchange.path);
    if (tooLarge || !found) {
      request.resume();
      // What is still on its way is not waited for.
      if (tooLarge) response.setHeader("Connection", "close");
      return tooLarge ?? notFoundRefusal;
    }
    exchange.found = found;
    const body = await readBody(request);
    if (!body) {
      response.setHeader("Connection", "close");
      return payloadTooLargeRefusal;
    }
    exchange.body = body;
    const refusal = await this.authorize(found, exchange);
    return refusal ?? this.services.integrations.call(found.route.integration, exchange);
  }

  private async authorize(
    { route }: FoundHttpRoute,
    exchange: HttpExchange,
  ): Promise<HttpRefusal | undefined> {
    const { lambdaAuthorization, jwtAuthorization } = this.services;
    const authorizer =
      route.authorizer === undefined ? undefined : this.definition.authorizers.get(route.authorizer);
    switch (authorizer?.kind) {
      case "lambda":
        return lambdaAuthorization.refuse(authorizer, exchange);
      case "jwt":
        return jwtAuthorization.refuse(authorizer, route.scopes, exchange);
      case undefined:
        return undefined;
    }
  }

  private send(
    exchange: HttpExchange,
    response: ServerResponse,
    { status, headers, body }: FunctionResponse,
  ): void {
    exchange.finish(status, body.length);
    this.meter.record({
      status,
      latency: exchange.responseLatency,
      integrationLatency: exchange.integration?.latency,
    });
    const isBodiless = exchange.method === "HEAD" || status === 204 || status === 304;
    for (let index = 0; index < headers.length; index += 2) {
      response.appendHeader(headers[index] ?? "", headers[index + 1] ?? "");
    }
    if (!isBodiless) response.setHeader("Content-Length", String(body.length));
    response.setHeader("apigw-requestid", exchange.requestId);
    response.writeHead(status);
    response.end(isBodiless ? undefined : body);
    if (this.accessLog) {
      this.services.logs.append(this.accessLog.group, accessLogLine(this.accessLog.format, exchange));
    }
  }
}

function sizeRefusal(request: IncomingMessage): HttpRefusal | undefined {
  if (headerBytes(request) > maxHeaderBytes) return headersTooLargeRefusal;
  return Number(request.headers["content-length"] ?? 0) > maxPayloadBytes
    ? payloadTooLargeRefusal
    : undefined;
}

function groupOf(arn: string): string {
  return (parseArn(arn)?.resource ?? "").replace(/^log-group:/, "").replace(/:\*$/, "");
}
