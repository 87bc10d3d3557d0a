// Where an HTTP API sends an operation's requests.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html

import type { Operation } from "../../openapi/document";
import type { VpcLinkBackend } from "../backends/backend";
import { identityHeaders } from "../backends/identity-headers";
import {
  type BackendArgs,
  chooseBackend,
  renderInvocationUri,
  renderTargetUrl,
} from "../rest/rest-integration";

/** @param authorizer of the API; a public operation asks none */
export function renderHttpIntegration(
  operation: Operation,
  args: BackendArgs,
  authorizer: "lambda" | "jwt",
): Record<string, unknown> {
  const { method, path, gatewayPath = path, security } = operation;
  const { name, backend, timeoutMs } = chooseBackend(operation, args.backends);
  const requestParameters = renderIdentity(security.length === 0 ? "public" : authorizer);
  const proxy = {
    type: "http_proxy",
    httpMethod: method,
    payloadFormatVersion: "1.0",
    timeoutInMillis: timeoutMs,
  };
  switch (backend.kind) {
    case "http":
      return { ...proxy, uri: renderTargetUrl(backend.url, gatewayPath), requestParameters };
    case "vpcLink":
      return {
        ...proxy,
        uri: backend.listenerArn,
        connectionType: "VPC_LINK",
        connectionId: args.vpcLinkIds?.[name],
        ...renderTls(backend),
        requestParameters: { ...requestParameters, "overwrite:path": pathOf(backend) },
      };
    case "lambda":
      return {
        type: "aws_proxy",
        httpMethod: "POST",
        uri: renderInvocationUri(backend.functionArn),
        payloadFormatVersion: "2.0",
        timeoutInMillis: timeoutMs,
        requestParameters,
      };
    case "mock":
      throw new Error(`HTTP APIs have no mock integrations, but ${method} ${path} goes to "${name}"`);
  }
}

/** What the backend learns of the caller, instead of whatever the caller wrote there. */
function renderIdentity(caller: "public" | "lambda" | "jwt"): Record<string, string> {
  return Object.fromEntries(
    Object.entries(identityHeaders).map(([header, property]) => {
      const name = header.toLowerCase();
      // A token may lack the claims, and it is not documented that a mapping without a value takes the caller's header
      // away. So there are no such headers at all: the backend reads the token, which API Gateway has verified.
      // The value is that of AWS's own sample (https://serverlessland.com/snippets/http-api-parameter-mapping-for-remove-action):
      // UpdateIntegration takes a mapping with an empty one away.
      if (caller === "jwt") return [`remove:header.${name}`, "''"];
      return [`overwrite:header.${name}`, caller === "public" ? "-" : `$context.authorizer.${property}`];
    }),
  );
}

/** Traffic to the load balancer is plain HTTP unless a name says what its certificate must be for. */
function renderTls({ url }: VpcLinkBackend): { tlsConfig?: { serverNameToVerify: string } } {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" ? { tlsConfig: { serverNameToVerify: hostname } } : {};
}

/** Without this, the stage's name would be the first part of the path (http-api-develop-integrations-private.html). */
function pathOf({ url }: VpcLinkBackend): string {
  return `${new URL(url).pathname.replace(/\/$/, "")}\${request.path}`;
}
