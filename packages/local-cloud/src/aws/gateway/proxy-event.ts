// The event that a REST API hands to a function.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
import type { RestExchange } from "./rest-exchange";

export function createProxyEvent(exchange: RestExchange) {
  const { stage, method, body, binaryMedia } = exchange;
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of listHeaders(exchange)) {
    headers[name] = value;
    multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value];
  }
  const names = [...new Set(exchange.query.keys())];
  const isBinary = body.length > 0 && binaryMedia.includes(exchange.header("content-type"));
  return {
    resource: method?.resourcePath ?? "",
    path: exchange.eventPath,
    httpMethod: exchange.httpMethod,
    headers,
    multiValueHeaders,
    queryStringParameters: orNull(names.map((name) => [name, exchange.query.getAll(name).at(-1)])),
    multiValueQueryStringParameters: orNull(names.map((name) => [name, exchange.query.getAll(name)])),
    // Still encoded, as recorded (invocation-payload-with-path-encoded-email of localstack/localstack).
    pathParameters: orNull(Object.entries(exchange.pathParameters)),
    stageVariables: orNull(Object.entries(stage.variables)),
    requestContext: {
      accountId: stage.accountId,
      apiId: stage.apiId,
      deploymentId: stage.deploymentId,
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
        ...noIamIdentity,
        ...(exchange.apiKey && { apiKey: exchange.apiKey.value, apiKeyId: exchange.apiKey.id }),
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
    body: body.length === 0 ? null : body.toString(isBinary ? "base64" : "utf8"),
    isBase64Encoded: isBinary,
  };
}

/** What is in the event where no method asks for IAM (test_lambda_aws_proxy_integration of localstack/localstack). */
const noIamIdentity = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/** Of the connection to the gateway, or set by it. */
const leftOut = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  ...["x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"],
]);

function listHeaders(exchange: RestExchange): [name: string, value: string][] {
  const { rawHeaders } = exchange.request;
  const headers: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!leftOut.has(name.toLowerCase())) headers.push([name, value]);
  }
  return [...headers, ...exchange.forwardingHeaders];
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
