// What a route of an HTTP API is connected to: an HTTP endpoint or a function.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html
import type { Account } from "../../account";
import type { Lambda } from "../../lambda-runtime";
import { mayInvoke } from "../../services/lambda";
import { HttpClient, type LoadBalancer } from "../http-client";
import { parseTemplate } from "../template";
import { settleWithin } from "../within";
import type { HttpExchange } from "./http-exchange";
import type { HttpIntegration } from "./http-integration";
import { applyMappings, type Parameters } from "./parameter-mapping";
import { createIntegrationEvent, type FunctionResponse, readFunctionResponse } from "./payload-format";
import { type HttpRefusal, refuseInternalError, refuseUnavailable } from "./refusal";

export class HttpIntegrations {
  private readonly client = new HttpClient();

  constructor(
    private readonly account: Account,
    private readonly lambda: Lambda,
    private readonly loadBalancer: LoadBalancer,
  ) {}

  async call(integration: HttpIntegration, exchange: HttpExchange): Promise<FunctionResponse | HttpRefusal> {
    const parameters: Parameters = {
      headers: new Map(exchange.headers),
      query: new URLSearchParams(exchange.query),
      path: undefined,
    };
    applyMappings(integration.requestMappings, parameters, (name) => exchange.variable(name));
    const started = performance.now();
    const answer =
      integration.kind === "aws_proxy"
        ? await this.invoke(integration, exchange, parameters)
        : await this.proxy(integration, exchange, parameters);
    exchange.integration = {
      latency: Math.round(performance.now() - started),
      status: "body" in answer ? answer.status : undefined,
      error: "reason" in answer ? answer.reason : undefined,
    };
    return answer;
  }

  close(): void {
    this.client.close();
  }

  private async proxy(
    { uri, vpcLink, httpMethod, timeoutMilliseconds }: HttpIntegration,
    exchange: HttpExchange,
    parameters: Parameters,
  ): Promise<FunctionResponse | HttpRefusal> {
    const through = vpcLink && this.loadBalancer(vpcLink.targetArn);
    if (vpcLink && through === undefined) return refuseUnavailable(`nothing is behind ${vpcLink.targetArn}`);
    const url =
      through === undefined
        ? targetOf(uri, exchange, parameters)
        : privateTargetOf(through, exchange, parameters);
    if (!URL.canParse(url))
      return refuseInternalError("INTEGRATION_FAILURE", `Invalid endpoint address: ${url}`);
    const { body } = exchange;
    const method = httpMethod === "ANY" ? exchange.method : httpMethod;
    const headers = headersFor(exchange, parameters.headers, new URL(url).host, method);
    try {
      const answer = await this.client.send({ url, method, headers, body, timeoutMilliseconds });
      return { status: answer.status, headers: withoutHop(answer.rawHeaders), body: answer.body };
    } catch (error) {
      return refuseUnavailable(error instanceof Error ? error.message : String(error));
    }
  }

  private async invoke(
    { functionArn, timeoutMilliseconds }: HttpIntegration,
    exchange: HttpExchange,
    { headers, query }: Parameters,
  ): Promise<FunctionResponse | HttpRefusal> {
    const { apiId, stageName } = exchange.stage;
    const { route } = exchange.found ?? {};
    const source = `${apiId}/${stageName}/${route?.routeKey.replace(" ", "").replace("ANY", "*") ?? ""}`;
    const sourceArn = this.account.arn("execute-api", source);
    if (!mayInvoke(this.account, functionArn, "apigateway.amazonaws.com", sourceArn)) {
      return refuseInternalError("INTEGRATION_FAILURE", "API Gateway may not invoke the function");
    }
    const event = createIntegrationEvent(exchange, headers, query);
    const result = await settleWithin(timeoutMilliseconds, this.lambda.invoke(functionArn, event));
    if (!result) return refuseUnavailable(`no answer in ${timeoutMilliseconds} ms`);
    if ("error" in result) return refuseInternalError("INTEGRATION_FAILURE", result.error.errorMessage);
    const malformed = () =>
      refuseInternalError("INTEGRATION_FAILURE", "the function's response is malformed");
    return readFunctionResponse(result.payload) ?? malformed();
  }
}

function targetOf(uri: string, exchange: HttpExchange, { query, path }: Parameters): string {
  const filled = parseTemplate(uri)
    .fill((variable) => exchange.variable(variable), "")
    .replace(/\{([^{}]+?)\+?\}/g, (_, name: string) =>
      encodePath(exchange.found?.pathParameters[name] ?? ""),
    );
  const { routeKey } = exchange;
  // The request's whole path goes on from the route that catches all.
  const whole = routeKey === "$default" ? filled.replace(/\/$/, "") + encodePath(exchange.path) : filled;
  const url =
    path === undefined
      ? whole
      : whole.replace(/^(\w+:\/\/[^/?]+).*$/s, `$1/${encodePath(path.replace(/^\//, ""))}`);
  // Nothing mapped: the query goes on exactly as it came.
  const isSame = query.toString() === exchange.query.toString();
  const rest = isSame ? exchange.rawQuery : query.toString();
  if (rest === "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}${rest}`;
}

/**
 * The stage's name is a part of the path, unless that is overwritten.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
 */
function privateTargetOf(base: string, exchange: HttpExchange, { query, path }: Parameters): string {
  const whole = `${base.replace(/\/$/, "")}${encodePath(path ?? exchange.rawPath)}`;
  const rest = query.toString() === exchange.query.toString() ? exchange.rawQuery : query.toString();
  return rest === "" ? whole : `${whole}?${rest}`;
}

/** Of what was decoded, only what cannot stand in a path is encoded again: a slash or a ".." stays what it became. */
function encodePath(decoded: string): string {
  return encodeURI(decoded).replace(/[?#]/g, encodeURIComponent);
}

/** Of one hop only (RFC 9110, section 7.6.1), or set by the gateway itself. */
const ownHeaders = new Set([
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-amzn-trace-id",
]);

function headersFor(
  { domainName, sourceIp, traceId, body }: HttpExchange,
  given: ReadonlyMap<string, string>,
  host: string,
  method: string,
): string[] {
  const headers = ["Host", host];
  for (const [name, value] of given) if (!ownHeaders.has(name)) headers.push(name, value);
  headers.push(
    "Forwarded",
    `for=${sourceIp};host=${domainName};proto=https`,
    "Via",
    "HTTP/1.1 AmazonAPIGateway",
    "X-Amzn-Trace-Id",
    traceId,
  );
  if (body.length > 0 || !["GET", "HEAD", "OPTIONS", "DELETE"].includes(method)) {
    headers.push("Content-Length", String(body.length));
  }
  return headers;
}

function withoutHop(rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (hopHeaders.has(name.toLowerCase())) continue;
    headers.push(name, rawHeaders[index + 1] ?? "");
  }
  return headers;
}

const hopHeaders = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);
