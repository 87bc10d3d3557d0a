// What a route of an HTTP API is connected to, as its document declares it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
import { parseArn } from "../../arn";
import { isObject } from "../../property";
import { functionOf } from "../rest-api-body";
import type { Report } from "./api-body";
import { type Mapping, readMappings } from "./parameter-mapping";

export interface Integration {
  kind: "http_proxy" | "aws_proxy";
  /** Upper case; ANY for that of the request. */
  httpMethod: string;
  uri: string;
  functionArn: string;
  timeoutMilliseconds: number;
  requestMappings: Mapping[];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxTimeoutMilliseconds = 30_000;

export function readIntegration(given: Record<string, unknown>, report: Report): Integration {
  const kind = String(given.type).toLowerCase() === "aws_proxy" ? "aws_proxy" : "http_proxy";
  const { uri, httpMethod, payloadFormatVersion, timeoutInMillis = maxTimeoutMilliseconds } = given;
  if (String(given.type).toLowerCase() !== kind) {
    report(`type "${given.type}": HTTP APIs support only Lambda proxy and HTTP proxy integrations`);
  }
  for (const name of ["connectionType", "connectionId", "integrationSubtype", "responseParameters"]) {
    if (given[name] !== undefined && given[name] !== "INTERNET") {
      report(`the integration has ${name}, which the local gateway does not support`);
    }
  }
  checkPayloadFormat(kind, payloadFormatVersion, report);
  const target = typeof uri === "string" ? uri : "";
  const functionArn = functionOf(target) ?? (parseArn(target)?.service === "lambda" ? target : undefined);
  if (kind === "aws_proxy" && !functionArn) report(`Invalid ARN specified in the request: "${target}"`);
  if (kind === "http_proxy" && !/^https?:\/\/[^\s]+$/.test(target)) {
    report(`Invalid HTTP endpoint specified for URI: "${target}"`);
  }
  if (kind === "http_proxy" && typeof httpMethod !== "string") report("the integration has no httpMethod");
  if (
    typeof timeoutInMillis !== "number" ||
    timeoutInMillis < 50 ||
    timeoutInMillis > maxTimeoutMilliseconds
  ) {
    report(`Timeout should be between 50 ms and ${maxTimeoutMilliseconds} ms, not ${timeoutInMillis}`);
  }
  return {
    kind,
    httpMethod: String(httpMethod ?? "POST").toUpperCase(),
    uri: target,
    functionArn: functionArn ?? "",
    timeoutMilliseconds: Number(timeoutInMillis),
    requestMappings: readMappings(isObject(given.requestParameters) ? given.requestParameters : {}, report),
  };
}

function checkPayloadFormat(kind: Integration["kind"], version: unknown, report: Report): void {
  if (version === undefined) report("payloadFormatVersion is required for HTTP APIs");
  else if (kind === "http_proxy" && String(version) !== "1.0") {
    report(`payloadFormatVersion "${version}": an HTTP proxy integration has 1.0 only`);
  } else if (kind === "aws_proxy" && String(version) !== "2.0") {
    // The local gateway's limit; AWS takes 1.0 as well.
    report(`the local gateway speaks the payload format 2.0 to functions, not ${version}`);
  }
}
