// What a method is connected to: an HTTP endpoint, a function or a mock.
import type { Account } from "../account";
import type { Lambda } from "../lambda-runtime";
import { isObject } from "../property";
import { mayInvoke } from "../services/lambda";
import { asText } from "./binary-media";
import type { RestRefusal } from "./gateway-responses";
import { HttpClient, type LoadBalancer, TimeoutError } from "./http-client";
import { createProxyEvent, decodeLeniently } from "./proxy-event";
import type { RestIntegration } from "./rest-api-body";
import type { RestExchange } from "./rest-exchange";
import { parseTemplate, type Template } from "./template";
import { settleWithin } from "./within";

interface IntegrationAnswer {
  status: number;
  /** Names and values by turns, so that repeated headers stay. */
  headers: string[];
  body: Buffer;
}

/**
 * Which of the caller's headers a mapping to one of that name replaces. AWS says of REST APIs that "header names [...] are
 * processed in a case-sensitive way", and not what becomes of a header of another case beside a mapped one:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export type HeaderNames = "in any case" | "by case";

export class RestIntegrations {
  private readonly client = new HttpClient();

  constructor(
    private readonly account: Account,
    private readonly lambda: Lambda,
    private readonly loadBalancer: LoadBalancer,
    private readonly headerNames: HeaderNames,
  ) {}

  async call(integration: RestIntegration, exchange: RestExchange): Promise<IntegrationAnswer | RestRefusal> {
    const started = performance.now();
    const answer = await this.dispatch(integration, exchange);
    exchange.integration = {
      latency: Math.round(performance.now() - started),
      status: "body" in answer ? answer.status : undefined,
      error: "reason" in answer ? answer.reason : undefined,
      requestId: exchange.requestId,
    };
    return answer;
  }

  close(): void {
    this.client.close();
  }

  private dispatch(integration: RestIntegration, exchange: RestExchange) {
    switch (integration.kind) {
      case "http_proxy":
        return this.proxy(integration, exchange);
      case "aws_proxy":
        return this.invoke(integration, exchange);
      case "mock":
        return answerMock(integration, exchange);
    }
  }

  private async proxy(
    integration: RestIntegration,
    exchange: RestExchange,
  ): Promise<IntegrationAnswer | RestRefusal> {
    const url = targetOf(integration, exchange);
    if (!URL.canParse(url)) return configurationError(`Invalid endpoint address: ${url}`);
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html: no mapping may set it.
    if (integration.requestParameters.some(({ name }) => name.toLowerCase() === "content-length"))
      return configurationError("Content-Length cannot be mapped");
    const body = exchange.binaryMedia.convertRequest(exchange.body, exchange.header("content-type"));
    const headers = headersFor(integration, exchange, new URL(url).host, this.headerNames, body.length);
    const { httpMethod: method, timeoutMilliseconds, vpcLink } = integration;
    // The URI's host is who is spoken to, and the load balancer where: the link leads there.
    const through = vpcLink && this.loadBalancer(vpcLink.targetArn);
    if (vpcLink && through === undefined)
      return describeFailure(new Error(`nothing is behind ${vpcLink.targetArn}`));
    try {
      const answer = await this.client.send({ url, through, method, headers, body, timeoutMilliseconds });
      const { binaryMedia } = exchange;
      const isBinary = binaryMedia.includes(findHeader(answer.rawHeaders, "content-type"));
      const converted = binaryMedia.convertResponse(answer.body, isBinary, exchange.header("accept"));
      if (!converted)
        return configurationError("the answer is not Base64, which the caller's Accept asks for");
      return { status: answer.status, headers: remap(answer.rawHeaders), body: converted };
    } catch (error) {
      return describeFailure(error);
    }
  }

  private async invoke(
    integration: RestIntegration,
    exchange: RestExchange,
  ): Promise<IntegrationAnswer | RestRefusal> {
    const { apiId, stageName } = exchange.stage;
    const { httpMethod = "", resourcePath = "" } = exchange.method ?? {};
    const methodPattern = httpMethod === "ANY" ? "*" : httpMethod;
    const sourceArn = this.account.arn(
      "execute-api",
      `${apiId}/${stageName}/${methodPattern}${resourcePath.replace(/\{[^}]+\}/g, "*")}`,
    );
    if (!mayInvoke(this.account, integration.functionArn, "apigateway.amazonaws.com", sourceArn)) {
      return configurationError("Invalid permissions on Lambda function");
    }
    // The import takes any method, but Lambda's API has this one only (test_lambda_aws_proxy_integration_non_post_method of
    // localstack/localstack).
    if (integration.httpMethod.toUpperCase() !== "POST")
      return configurationError(`Lambda is not invoked by ${integration.httpMethod}`);
    const result = await settleWithin(
      integration.timeoutMilliseconds,
      this.lambda.invoke(integration.functionArn, createProxyEvent(exchange)),
    );
    if (!result) return timeout(`no answer in ${integration.timeoutMilliseconds} ms`);
    if ("error" in result) return badGateway(result.error.errorMessage);
    return readProxyResponse(result.payload, exchange) ?? badGateway("Malformed Lambda proxy response");
  }
}

function describeFailure(error: unknown): RestRefusal {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof TimeoutError) return timeout(reason);
  if (error instanceof Error && "code" in error && error.code === "ENOTFOUND") {
    return configurationError(`Invalid endpoint address: ${reason}`);
  }
  return { type: "INTEGRATION_FAILURE", message: "Network error communicating with endpoint", reason };
}

function timeout(reason: string): RestRefusal {
  return { type: "INTEGRATION_TIMEOUT", message: "Endpoint request timed out", reason };
}

function configurationError(reason: string): RestRefusal {
  return { type: "API_CONFIGURATION_ERROR", message: "Internal server error", reason };
}

/** https://repost.aws/knowledge-center/malformed-502-api-gateway */
function badGateway(reason: string): RestRefusal {
  return { type: "INTEGRATION_FAILURE", message: "Internal server error", status: 502, reason };
}

function targetOf(integration: RestIntegration, exchange: RestExchange): string {
  const mapped = new Map(
    integration.requestParameters.map((mapping) => [
      `${mapping.place}.${mapping.name}`,
      mapping.literal ?? exchange.source(mapping.source),
    ]),
  );
  const url = templateOf(integration)
    .fill((variable) => exchange.variable(variable), "")
    .replace(/\{([^{}]+)\}/g, (_, name: string) => encodePath(mapped.get(`path.${name}`) ?? ""));
  const query = new URLSearchParams();
  for (const [key, value] of mapped) {
    if (key.startsWith("querystring.") && value !== undefined) {
      query.set(key.slice("querystring.".length), value);
    }
  }
  // Nothing mapped: the query goes on exactly as it came.
  const rest = query.size === 0 ? exchange.rawQuery : mergeQueries(exchange.query, query);
  if (rest === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}${rest}`;
}

/** Taken apart for the first request. */
const templates = new WeakMap<RestIntegration, Template>();

function templateOf(integration: RestIntegration): Template {
  const known = templates.get(integration);
  if (known) return known;
  const template = parseTemplate(integration.uri);
  templates.set(integration, template);
  return template;
}

function mergeQueries(given: URLSearchParams, mapped: URLSearchParams): string {
  const merged = new URLSearchParams([...given].filter(([name]) => !mapped.has(name)));
  for (const [name, value] of mapped) merged.append(name, value);
  return merged.toString();
}

/**
 * A path parameter, decoded once, as public reports say, with its slashes as they are then: AWS's pages do not say
 * (https://github.com/ustayready/fireprox/issues/44).
 */
function encodePath(value: string): string {
  return decodeLeniently(value).split("/").map(encodeURIComponent).join("/");
}

/**
 * Of one hop only (RFC 9110, section 7.6.1), set by the gateway itself, or dropped unless a mapping has them
 * (test_apigateway_header_remapping_http of localstack/localstack).
 */
const ownHeaders = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-md5",
  "expect",
  "host",
  "keep-alive",
  "max-forwards",
  "proxy-authenticate",
  "proxy-authorization",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "www-authenticate",
  "x-amzn-apigateway-api-id",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

function headersFor(
  integration: RestIntegration,
  exchange: RestExchange,
  host: string,
  names: HeaderNames,
  bodyBytes: number,
): string[] {
  const known = (name: string) => (names === "by case" ? name : name.toLowerCase());
  const mappings = integration.requestParameters.filter(({ place }) => place === "header");
  // A mapping takes the caller's own header away, also where it has no value to put in its place.
  const mapped = new Set(mappings.map(({ name }) => known(name)));
  const headers = ["Host", host];
  const { rawHeaders } = exchange.request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!ownHeaders.has(name.toLowerCase()) && !mapped.has(known(name)))
      headers.push(name, rawHeaders[index + 1] ?? "");
  }
  for (const { name, literal, source } of mappings) {
    const value = literal ?? exchange.source(source);
    if (value !== undefined) headers.push(name, value);
  }
  headers.push(...exchange.forwardingHeaders.flat(), "x-amzn-apigateway-api-id", exchange.stage.apiId);
  if (bodyBytes > 0 || !["GET", "HEAD", "OPTIONS", "DELETE"].includes(integration.httpMethod)) {
    headers.push("Content-Length", String(bodyBytes));
  }
  return headers;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html, table of headers. */
const remapped = new Set([
  "connection",
  "content-length",
  "date",
  "server",
  "transfer-encoding",
  "www-authenticate",
  "x-amzn-requestid",
]);

function findHeader(rawHeaders: readonly string[], wanted: string): string | undefined {
  const index = rawHeaders.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === wanted);
  return index < 0 ? undefined : rawHeaders[index + 1];
}

function remap(rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (lower === "transfer-encoding" || lower === "keep-alive") continue;
    headers.push(remapped.has(lower) ? `x-amzn-Remapped-${name}` : name, rawHeaders[index + 1] ?? "");
  }
  return headers;
}

async function answerMock(
  integration: RestIntegration,
  exchange: RestExchange,
): Promise<IntegrationAnswer | RestRefusal> {
  const lookup = (variable: string) => exchange.variable(variable);
  const { requestTemplates, passthroughBehavior } = integration;
  const contentType = exchange.header("content-type")?.split(";")[0]?.trim() || "application/json";
  const requestTemplate = requestTemplates.get(contentType.toLowerCase());
  if (!requestTemplate && passthroughBehavior !== "when_no_match") {
    const message = "Unsupported Media Type";
    return { type: "UNSUPPORTED_MEDIA_TYPE", message, reason: `no template for ${contentType}` };
  }
  // Templates take text: a binary body has to be converted, and without a body its type still counts, as browsers' questions
  // show that answer 500 (squidfunk/terraform-aws-api-gateway-enable-cors#11).
  const isBinary = exchange.binaryMedia.includes(exchange.header("content-type"));
  if (isBinary && integration.contentHandling !== "CONVERT_TO_TEXT")
    return configurationError("Unable to transform a binary request");
  let status: unknown;
  try {
    const request = parseLeniently(requestTemplate?.fill(lookup, "") ?? asText(exchange.body).toString());
    status = isObject(request) ? request.statusCode : undefined;
  } catch {
    status = undefined;
  }
  if (status === undefined) return configurationError("the mock's request template gives no statusCode");
  const response =
    integration.responses.find(
      ({ pattern }) => pattern !== "default" && new RegExp(`^(?:${pattern})$`).test(String(status)),
    ) ?? integration.responses.find(({ pattern }) => pattern === "default");
  if (!response) return configurationError("No match for output mapping and no default output mapping");
  const [answerType = "application/json", template] = [...response.templates][0] ?? [];
  const body = exchange.binaryMedia.convertResponse(
    Buffer.from(template?.fill(lookup, "") ?? ""),
    // What a template writes is text, whatever its type.
    false,
    exchange.header("accept"),
    response.contentHandling,
  );
  if (!body) return configurationError("the answer is not Base64, which the caller's Accept asks for");
  return {
    status: response.statusCode,
    headers: [
      "Content-Type",
      answerType,
      ...response.headers.flatMap(({ name, literal }) => [name, literal]),
    ],
    body,
  };
}

/** AWS takes keys without quotes (test_integration_mock_with_path_param of localstack/localstack). */
function parseLeniently(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return JSON.parse(json.replace(/([{,]\s*)([A-Za-z_]\w*)(?=\s*:)/g, '$1"$2"'));
  }
}

const responseKeys = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];

/**
 * A function's answer in the format of Lambda proxy integrations; undefined where it is malformed, as by any other key
 * (test_aws_proxy_response_payload_format_validation of localstack/localstack).
 */
function readProxyResponse(payload: unknown, exchange: RestExchange): IntegrationAnswer | undefined {
  if (!isObject(payload) || Object.keys(payload).some((key) => !responseKeys.includes(key))) return undefined;
  const { statusCode, isBase64Encoded } = payload;
  const [headers, multiValueHeaders, body] = [
    payload.headers ?? {},
    payload.multiValueHeaders ?? {},
    payload.body ?? "",
  ];
  const status = Number(statusCode ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (!isObject(headers) || !isObject(multiValueHeaders) || typeof body !== "string") return undefined;
  const list: string[] = [];
  for (const [name, values] of Object.entries(multiValueHeaders)) {
    if (!Array.isArray(values)) return undefined;
    for (const value of values) list.push(name, String(value));
  }
  for (const [name, value] of Object.entries(headers)) list.push(name, String(value));
  if (!list.some((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type")) {
    list.push("Content-Type", "application/json");
  }
  // The type that the answer says it has does not count (localstack/localstack#12199).
  const isDecoded = isBase64Encoded === true && exchange.binaryMedia.includes(exchange.header("accept"));
  return { status, headers: list, body: Buffer.from(body, isDecoded ? "base64" : "utf8") };
}
