// The events of payload format 2.0, and the answers of functions to them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { isObject } from "../../property";
import type { HttpExchange } from "./http-exchange";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
export function createAuthorizerEvent(exchange: HttpExchange, identitySource: string[]) {
  return {
    version: "2.0",
    type: "REQUEST",
    routeArn: exchange.routeArn,
    identitySource,
    ...requestFacts(exchange, exchange.headers, exchange.query),
    requestContext: requestContext(exchange),
  };
}

/** @param headers and query as mappings have changed them */
export function createIntegrationEvent(
  exchange: HttpExchange,
  headers: ReadonlyMap<string, string>,
  query: URLSearchParams,
) {
  const { caller, body } = exchange;
  const text = body.toString();
  const isText = Buffer.from(text).equals(body);
  const authorizer =
    caller.claims !== undefined
      ? { jwt: { claims: caller.claims, scopes: caller.scopes ?? null } }
      : caller.context !== undefined
        ? { lambda: caller.context }
        : undefined;
  return withoutUndefined({
    version: "2.0",
    ...requestFacts(exchange, headers, query),
    requestContext: withoutUndefined({ ...requestContext(exchange), authorizer }),
    body: body.length === 0 ? undefined : isText ? text : body.toString("base64"),
    isBase64Encoded: !isText,
  });
}

function requestFacts(
  { routeKey, rawPath, rawQuery, found, stage, domainName, sourceIp, traceId, body }: HttpExchange,
  given: ReadonlyMap<string, string>,
  query: URLSearchParams,
) {
  const { cookie, connection: _, ...headers } = Object.fromEntries(given);
  const { pathParameters = {} } = found ?? {};
  const names = [...new Set(query.keys())];
  return withoutUndefined({
    routeKey,
    rawPath,
    rawQueryString: rawQuery,
    cookies: cookie?.split(/; */),
    headers: {
      "content-length": String(body.length),
      ...headers,
      host: domainName,
      "x-amzn-trace-id": traceId,
      "x-forwarded-for": headers["x-forwarded-for"] ? `${headers["x-forwarded-for"]}, ${sourceIp}` : sourceIp,
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    },
    queryStringParameters: orUndefined(
      Object.fromEntries(names.map((name) => [name, query.getAll(name).join(",")])),
    ),
    pathParameters: orUndefined(pathParameters),
    stageVariables: orUndefined(stage.variables),
  });
}

function requestContext(exchange: HttpExchange) {
  const { stage, domainName, method, rawPath, request, sourceIp, requestId, routeKey, receivedAt } = exchange;
  return {
    accountId: stage.accountId,
    apiId: stage.apiId,
    domainName,
    domainPrefix: exchange.variable("context.domainPrefix"),
    http: {
      method,
      path: rawPath,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp,
      userAgent: exchange.headers.get("user-agent") ?? "",
    },
    requestId,
    routeKey,
    stage: stage.stageName,
    time: exchange.variable("context.requestTime"),
    timeEpoch: receivedAt,
  };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}

/** What is empty is not in the event at all. */
function orUndefined<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

export interface FunctionResponse {
  status: number;
  /** Names and values by turns, so that repeated headers stay. */
  headers: string[];
  body: Buffer;
}

/** A function's response; undefined where it is none. Without a status code, all of it is the body. */
export function readFunctionResponse(payload: unknown): FunctionResponse | undefined {
  if (!isObject(payload) || payload.statusCode === undefined) {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    return { status: 200, headers: ["content-type", "application/json"], body: Buffer.from(text ?? "") };
  }
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded } = payload;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (!isObject(headers) || !Array.isArray(cookies)) return undefined;
  if (body !== null && typeof body !== "string") return undefined;
  return {
    status,
    headers: [
      ...Object.entries(headers).flatMap(([name, value]) => [name, String(value)]),
      ...cookies.flatMap((cookie) => ["set-cookie", String(cookie)]),
    ],
    body: Buffer.from(body ?? "", isBase64Encoded === true ? "base64" : "utf8"),
  };
}
