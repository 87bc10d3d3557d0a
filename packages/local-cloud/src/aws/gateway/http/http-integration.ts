// What a route of an HTTP API is connected to, as its document declares it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
import { parseArn } from "../../arn";
import { isObject, type ReportProblem } from "../../property";
import { functionOf, type VpcLinkTarget } from "../rest-api-body";
import { type HttpMapping, readMappings } from "./parameter-mapping";

export interface HttpIntegration {
  kind: "http_proxy" | "aws_proxy";
  /** Upper case; ANY for that of the request. */
  httpMethod: string;
  uri: string;
  functionArn: string;
  timeoutMilliseconds: number;
  /** Of a private integration. */
  vpcLink: VpcLinkTarget | undefined;
  requestMappings: HttpMapping[];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxTimeoutMilliseconds = 30_000;

export function readHttpIntegration(given: Record<string, unknown>, report: ReportProblem): HttpIntegration {
  const kind = String(given.type).toLowerCase() === "aws_proxy" ? "aws_proxy" : "http_proxy";
  const { uri, httpMethod, payloadFormatVersion, timeoutInMillis = maxTimeoutMilliseconds } = given;
  if (String(given.type).toLowerCase() !== kind) {
    report(`type "${given.type}": HTTP APIs support only Lambda proxy and HTTP proxy integrations`);
  }
  const vpcLink = readVpcLink(given, report);
  for (const name of ["integrationSubtype", "responseParameters"]) {
    if (given[name] !== undefined) {
      report(`the integration has ${name}, which the local gateway does not support`);
    }
  }
  checkPayloadFormat(kind, payloadFormatVersion, report);
  const target = typeof uri === "string" ? uri : "";
  const functionArn = functionOf(target) ?? (parseArn(target)?.service === "lambda" ? target : undefined);
  if (kind === "aws_proxy" && !functionArn) report(`Invalid ARN specified in the request: "${target}"`);
  if (kind === "http_proxy" && !vpcLink && !/^https?:\/\/[^\s]+$/.test(target)) {
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
    vpcLink,
    requestMappings: readMappings(isObject(given.requestParameters) ? given.requestParameters : {}, report),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html */
function readVpcLink(
  { uri, connectionType = "INTERNET", connectionId, tlsConfig }: Record<string, unknown>,
  report: ReportProblem,
): VpcLinkTarget | undefined {
  if (connectionType === "INTERNET") {
    if (tlsConfig !== undefined) report("TlsConfig is supported only for private integrations");
    return undefined;
  }
  if (connectionType !== "VPC_LINK") {
    report(`Invalid connection type: ${connectionType}`);
    return undefined;
  }
  if (typeof connectionId !== "string") report("connectionId is required for VPC_LINK");
  const { service, resource = "" } = parseArn(String(uri)) ?? {};
  if (service !== "elasticloadbalancing" || !/^listener\/(app|net)\//.test(resource)) {
    report(`Invalid integration uri: "${uri}" is not the ARN of a load balancer's listener`);
  }
  return { id: String(connectionId), targetArn: String(uri) };
}

function checkPayloadFormat(kind: HttpIntegration["kind"], version: unknown, report: ReportProblem): void {
  if (version === undefined) report("payloadFormatVersion is required for HTTP APIs");
  else if (kind === "http_proxy" && String(version) !== "1.0") {
    report(`payloadFormatVersion "${version}": an HTTP proxy integration has 1.0 only`);
  } else if (kind === "aws_proxy" && String(version) !== "2.0") {
    // The local gateway's limit; AWS takes 1.0 as well.
    report(`the local gateway speaks the payload format 2.0 to functions, not ${version}`);
  }
}
