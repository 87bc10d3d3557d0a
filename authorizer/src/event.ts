// What API Gateway asks: events of REST APIs and HTTP APIs, and the request behind them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html

import { isRecord } from "./json";

/** The request to authorize. */
export interface AuthorizerRequest {
  /** Of REST APIs (and HTTP APIs with payload 1.0), or of HTTP APIs with payload 2.0. */
  api: "rest" | "http";
  /** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE` */
  stageArn: string;
  method: string;
  /** Without the stage. */
  path: string;
  /** All values of the Authorization header. */
  authorization: string[];
}

/** Undefined for anything else than an authorizer's event. */
export function readEvent(event: unknown): AuthorizerRequest | undefined {
  if (!isRecord(event)) return undefined;
  const { type, version, methodArn, routeArn, authorizationToken } = event;
  if (type === "TOKEN") {
    return typeof authorizationToken === "string" ? read("rest", methodArn, [authorizationToken]) : undefined;
  }
  if (type !== "REQUEST") return undefined;
  const authorization = valuesOf(event.multiValueHeaders, event.headers);
  return version === "2.0" ? read("http", routeArn, authorization) : read("rest", methodArn, authorization);
}

/** `arn:PARTITION:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH` */
function read(
  api: AuthorizerRequest["api"],
  arn: unknown,
  authorization: string[],
): AuthorizerRequest | undefined {
  if (typeof arn !== "string") return undefined;
  const [, stageArn, method, path = "/"] =
    /^(arn:[^:]+:execute-api:[^:/]*:[^:/]*:[^/]+\/[^/]+)\/([^/]+)(\/.*)?$/s.exec(arn) ?? [];
  return stageArn === undefined || method === undefined
    ? undefined
    : { api, stageArn, method, path, authorization };
}

/** REST APIs keep the case in which the client wrote the header's name, and list its values; HTTP APIs do neither. */
function valuesOf(multiValueHeaders: unknown, headers: unknown): string[] {
  const source = isRecord(multiValueHeaders) ? multiValueHeaders : isRecord(headers) ? headers : {};
  return Object.entries(source)
    .filter(([name]) => name.toLowerCase() === "authorization")
    .flatMap(([, value]) => value)
    .filter((value) => typeof value === "string");
}

/** RFC 6750 section 2.1. Two headers are no header: which one counts would depend on who reads. */
export function bearerToken([header, ...more]: string[]): string | undefined {
  if (header === undefined || more.length > 0) return undefined;
  return /^bearer +([^ ,]+)$/i.exec(header)?.[1];
}
