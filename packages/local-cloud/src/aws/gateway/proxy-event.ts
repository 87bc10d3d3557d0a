// The event that a REST API hands to a function.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
import type { RestExchange } from "./rest-exchange";

export function createProxyEvent(exchange: RestExchange) {
  const { stage, method, request, body } = exchange;
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name = "", value = ""] = request.rawHeaders.slice(index, index + 2);
    headers[name] = value;
    multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value];
  }
  const names = [...new Set(exchange.query.keys())];
  const pathParameters = Object.entries(exchange.pathParameters).map(([name, value]) => [
    name,
    decodeLeniently(value),
  ]);
  const text = body.toString();
  const isText = body.length === 0 || Buffer.from(text).equals(body);
  return {
    resource: method?.resourcePath ?? "",
    path: exchange.eventPath,
    httpMethod: exchange.httpMethod,
    headers,
    multiValueHeaders,
    queryStringParameters: orNull(names.map((name) => [name, exchange.query.getAll(name).at(-1)])),
    multiValueQueryStringParameters: orNull(names.map((name) => [name, exchange.query.getAll(name)])),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(Object.entries(stage.variables)),
    requestContext: {
      accountId: stage.accountId,
      apiId: stage.apiId,
      authorizer: exchange.authorizer && {
        ...exchange.authorizer.context,
        principalId: exchange.authorizer.principalId,
        integrationLatency: exchange.authorizer.integrationLatency ?? 0,
      },
      domainName: exchange.domainName,
      domainPrefix: exchange.variable("context.domainPrefix"),
      extendedRequestId: exchange.extendedRequestId,
      httpMethod: exchange.httpMethod,
      identity: {
        apiKey: exchange.apiKey?.value ?? null,
        ...(exchange.apiKey && { apiKeyId: exchange.apiKey.id }),
        sourceIp: exchange.sourceIp,
        userAgent: exchange.userAgent ?? null,
      },
      path: exchange.variable("context.path"),
      protocol: exchange.variable("context.protocol"),
      requestId: exchange.requestId,
      requestTime: exchange.variable("context.requestTime"),
      requestTimeEpoch: exchange.receivedAt,
      resourceId: method?.resourceId,
      resourcePath: method?.resourcePath,
      stage: stage.stageName,
    },
    body: body.length === 0 ? null : isText ? text : body.toString("base64"),
    isBase64Encoded: !isText,
  };
}

/** A path parameter without its percent signs; as it is where they are wrong. */
export function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function orNull(entries: (readonly [string, unknown] | unknown[])[]): Record<string, unknown> | null {
  return entries.length === 0
    ? null
    : Object.fromEntries(entries.map(([name, value]) => [String(name), value]));
}
