// A deployed stage: takes a request from the route to the access log.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "../account";
import { parseArn } from "../arn";
import type { Firehose } from "../firehose-delivery";
import type { LogFiles } from "../logs";
import type { Metrics } from "../metrics";
import { isObject } from "../property";
import { textOf } from "../resource-type";
import { deploymentType, restApiType, stageType } from "../services/api-gateway";
import { logGroupType } from "../services/cloudwatch-logs";
import { accessLogLine } from "./access-log";
import { ApiMeter } from "./api-meter";
import { BinaryMedia } from "./binary-media";
import { compressAnswer, decompressRequest } from "./compression";
import type { ResponseType, RestRefusal } from "./gateway-responses";
import { headerBytes, inOnePiece, maxHeaderBytes, maxPayloadBytes, readBody } from "./payload";
import { RequestValidation } from "./request-validation";
import { isApiKeySource, type RestApiDefinition, readRestApiBody } from "./rest-api-body";
import type { RestAuthorization } from "./rest-authorization";
import { RestExchange, type StageFacts } from "./rest-exchange";
import type { RestIntegrations } from "./rest-integrations";
import { RestRoutes } from "./rest-routes";
import { parseTemplate, type Template } from "./template";
import { Throttle } from "./throttle";
import type { PlanUsage } from "./usage";

interface RestStageServices {
  account: Account;
  authorization: RestAuthorization;
  usage: PlanUsage;
  integrations: RestIntegrations;
  firehose: Firehose;
  logs: LogFiles;
  metrics: Metrics;
  clock: () => number;
}

/** A method ARN over 1600 bytes gives 414 (API Gateway quotas). */
const maxMethodArnBytes = 1600;

interface AccessLog {
  destinationArn: string;
  format: Template;
}

export class RestStage {
  private readonly routes: RestRoutes;
  private readonly validation: RequestValidation;
  private readonly binaryMedia: BinaryMedia;

  private constructor(
    private readonly facts: StageFacts,
    private readonly definition: RestApiDefinition,
    private readonly accessLog: AccessLog | undefined,
    private readonly throttle: Throttle,
    private readonly meter: ApiMeter,
    private readonly services: RestStageServices,
  ) {
    this.routes = new RestRoutes(definition.methods);
    this.validation = new RequestValidation(definition);
    this.binaryMedia = new BinaryMedia(definition.binaryMediaTypes);
  }

  /** The stage as it is deployed; undefined where there is none. */
  static load(apiId: string, stageName: string, services: RestStageServices): RestStage | undefined {
    const { account } = services;
    const stage = account.get(stageType, `ags-${apiId}-${stageName}`);
    const deployment = stage && account.get(deploymentType, textOf(stage.inputs.deployment));
    const restApi = account.get(restApiType, apiId);
    if (!stage || !deployment || !restApi) return undefined;
    const variables = {
      ...(isObject(deployment.state.variables) ? deployment.state.variables : {}),
      ...(isObject(stage.inputs.variables) ? stage.inputs.variables : {}),
    };
    const facts: StageFacts = {
      apiId,
      stageName,
      accountId: account.id,
      region: account.region,
      deploymentId: deployment.id,
      variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
    };
    const { apiKeySource, binaryMediaTypes, minimumCompressionSize: size, body } = deployment.state;
    const imported = readRestApiBody(textOf(body)).definition;
    // The API's, which need not be the body's.
    const definition = {
      ...imported,
      ...(isApiKeySource(apiKeySource) && { apiKeySource }),
      ...(Array.isArray(binaryMediaTypes) && { binaryMediaTypes: binaryMediaTypes.map(String) }),
      ...(typeof size === "string" && { minimumCompressionSize: Number(size) }),
    };
    const settings = stage.inputs.accessLogSettings;
    const accessLog = isObject(settings)
      ? {
          destinationArn: textOf(settings.destinationArn).replace(/:\*$/, ""),
          format: parseTemplate(textOf(settings.format)),
        }
      : undefined;
    const throttle = Throttle.load(facts, account, services.clock);
    const name = textOf(restApi.inputs.name);
    const meter = new ApiMeter({ type: "rest", name }, stageName, services.metrics, services.clock);
    return new RestStage(facts, definition, accessLog, throttle, meter, services);
  }

  /** @param basePath under which a custom domain name has the stage, with a slash or empty; undefined at the default endpoint */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    pathAndQuery: string,
    basePath?: string,
  ): Promise<void> {
    const exchange = new RestExchange(request, this.facts, pathAndQuery, basePath);
    const refusal = sizeRefusal(exchange);
    if (refusal) {
      request.resume();
      // What is still on its way is not waited for.
      response.setHeader("Connection", "close");
      return this.refuse(exchange, response, refusal);
    }
    const route = this.routes.find(exchange.httpMethod, exchange.path);
    if (!route) {
      request.resume();
      return this.refuse(exchange, response, {
        type: "MISSING_AUTHENTICATION_TOKEN",
        message: "Missing Authentication Token",
      });
    }
    exchange.method = route.method;
    if (!this.throttle.admits(route.method)) {
      request.resume();
      return this.refuse(exchange, response, { type: "THROTTLED", message: "Too Many Requests" });
    }
    exchange.pathParameters = route.pathParameters;
    const body = await readBody(request);
    if (!body) {
      response.setHeader("Connection", "close");
      return this.refuse(exchange, response, payloadTooLarge);
    }
    const plain =
      this.definition.minimumCompressionSize === undefined
        ? body
        : decompressRequest(body, exchange.header("content-encoding"));
    if (!plain) {
      const message = "Unsupported Media Type";
      return this.refuse(exchange, response, { type: "UNSUPPORTED_MEDIA_TYPE", message });
    }
    exchange.body = plain;
    exchange.binaryMedia = this.binaryMedia;
    const { authorizer: name, integration } = route.method;
    const authorizer = name === undefined ? undefined : this.definition.authorizers.get(name);
    if (authorizer) {
      const denied = await this.services.authorization.refuse(authorizer, exchange);
      if (denied) return this.refuse(exchange, response, denied);
    }
    // The page on throttling has the plan's limits before the stage's; but the authorizer must have named the key first.
    const unplanned = route.method.apiKeyRequired ? this.checkUsage(exchange) : undefined;
    if (unplanned) return this.refuse(exchange, response, unplanned);
    const invalid = this.validation.refuse(route.method, exchange);
    if (invalid) return this.refuse(exchange, response, invalid);
    if (!integration) throw new Error(`${route.method.resourcePath} was deployed without an integration`);
    const answer = await this.services.integrations.call(integration, exchange);
    if ("type" in answer) return this.refuse(exchange, response, answer);
    this.answer(exchange, response, answer.status, answer.headers, answer.body);
  }

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html */
  private checkUsage(exchange: RestExchange): RestRefusal | undefined {
    const value =
      this.definition.apiKeySource === "HEADER"
        ? exchange.header("x-api-key")
        : exchange.authorizer?.usageIdentifierKey;
    const subscription = this.services.usage.find(this.facts, value);
    if (!subscription) return { type: "INVALID_API_KEY", message: "Forbidden" };
    exchange.apiKey = { id: subscription.keyId, value: subscription.keyValue };
    return this.services.usage.refuse(subscription);
  }

  /** Answers for API Gateway itself, in the form that the API gives to this type of response. */
  private refuse(exchange: RestExchange, response: ServerResponse, refusal: RestRefusal): void {
    const { type, message } = refusal;
    exchange.error = { type, message };
    const shape = this.definition.gatewayResponses.get(type);
    const status = refusal.status ?? shape?.statusCode ?? 500;
    exchange.status = status;
    const [contentType, template] = chooseTemplate(shape?.templates, exchange.header("accept"));
    const body = Buffer.from(template?.fill((variable) => exchange.variable(variable), "") ?? "");
    const headers = [
      "Content-Type",
      contentType,
      "x-amzn-ErrorType",
      errorTypes[type] ?? "InternalServerErrorException",
    ];
    for (const { name, value, isMapped } of shape?.headers ?? []) {
      const filled = isMapped ? exchange.source(value) : value;
      if (filled !== undefined) headers.push(name, filled);
    }
    this.answer(exchange, response, status, headers, body);
  }

  private answer(
    exchange: RestExchange,
    response: ServerResponse,
    status: number,
    headers: string[],
    plain: Buffer,
  ): void {
    const body = this.compress(exchange, headers, plain);
    exchange.finish(status, body.length);
    this.meter.record({
      status,
      latency: exchange.responseLatency,
      integrationLatency: exchange.integration?.latency,
    });
    const isBodiless = exchange.httpMethod === "HEAD" || status === 204 || status === 304;
    if (!isBodiless) headers.push("Content-Length", String(body.length));
    headers.push("x-amzn-RequestId", exchange.requestId, "x-amz-apigw-id", exchange.extendedRequestId);
    // Of all answers, only functions' have it (test_invocation_trace_id of localstack/localstack).
    if (exchange.method?.integration?.kind === "aws_proxy" && !exchange.error) {
      headers.push("X-Amzn-Trace-Id", exchange.traceId);
    }
    response.writeHead(status, headers);
    if (isBodiless) response.end();
    else response.end(...inOnePiece(body));
    this.log(exchange);
  }

  private compress(exchange: RestExchange, headers: string[], body: Buffer): Buffer {
    const { minimumCompressionSize: minimumSize } = this.definition;
    if (minimumSize === undefined) return body;
    const accepted = exchange.header("accept-encoding") ?? "";
    const compressed = compressAnswer(body, { accepted, headers, minimumSize });
    if (!compressed) return body;
    headers.push("Content-Encoding", compressed.encoding);
    return compressed.body;
  }

  private log(exchange: RestExchange): void {
    if (!this.accessLog) return;
    const { destinationArn, format } = this.accessLog;
    const line = accessLogLine(format, exchange);
    const { service, resource = "" } = parseArn(destinationArn) ?? {};
    if (service === "firehose") this.services.firehose.put(destinationArn, `${line}\n`);
    else if (this.services.account.findByArn(logGroupType, destinationArn))
      this.services.logs.append(resource.replace(/^log-group:/, ""), line);
  }
}

const payloadTooLarge: RestRefusal = {
  type: "REQUEST_TOO_LARGE",
  message: `HTTP content length exceeded ${maxPayloadBytes} bytes.`,
};

/** Values of the header x-amzn-ErrorType. */
const errorTypes: Partial<Record<ResponseType, string>> = {
  ACCESS_DENIED: "AccessDeniedException",
  AUTHORIZER_CONFIGURATION_ERROR: "AuthorizerConfigurationException",
  BAD_REQUEST_BODY: "BadRequestException",
  BAD_REQUEST_PARAMETERS: "BadRequestException",
  INVALID_API_KEY: "ForbiddenException",
  MISSING_AUTHENTICATION_TOKEN: "MissingAuthenticationTokenException",
  QUOTA_EXCEEDED: "LimitExceededException",
  REQUEST_TOO_LARGE: "RequestTooLargeException",
  THROTTLED: "TooManyRequestsException",
  UNAUTHORIZED: "UnauthorizedException",
  UNSUPPORTED_MEDIA_TYPE: "BadRequestException",
};

function sizeRefusal(exchange: RestExchange): RestRefusal | undefined {
  if (headerBytes(exchange.request) > maxHeaderBytes)
    return { type: "REQUEST_TOO_LARGE", message: "Request Too Long" };
  if (Number(exchange.request.headers["content-length"] ?? 0) > maxPayloadBytes) return payloadTooLarge;
  if (exchange.methodArn.length > maxMethodArnBytes) {
    return { type: "REQUEST_TOO_LARGE", message: "Request-URI Too Long", status: 414 };
  }
  return undefined;
}

/** The template for the content type that the caller accepts, or the first one. */
function chooseTemplate(
  templates: ReadonlyMap<string, Template> | undefined,
  accept: string | undefined,
): [string, Template | undefined] {
  const wanted = accept?.split(",").map((type) => type.split(";")[0]?.trim() ?? "") ?? [];
  for (const type of [...wanted, "application/json"]) {
    const template = templates?.get(type);
    if (template) return [type, template];
  }
  const [first] = templates ?? [];
  return first ?? ["application/json", undefined];
}
