// Where a REST API sends an operation's requests.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html

import type { Operation } from "../../openapi/document";
import {
  type Backend,
  type Backends,
  defaultBackend,
  defaultTimeoutMs,
  type HttpBackend,
  type MockBackend,
  type VpcLinkBackend,
} from "../backends/backend";
import { identityHeaders } from "../backends/identity-headers";
import { asText, contentEncoding } from "./binary-bodies";

export interface BackendArgs {
  backends: Backends;
  /** Ids of the VPC links, by the backend's name. */
  vpcLinkIds?: Readonly<Record<string, string>>;
}

interface IntegrationArgs extends BackendArgs {
  /** Whether the API has binary media types. */
  hasBinary?: boolean;
  /** Under which name a method declares Content-Encoding; given if the backend must get it. */
  encodingHeader?: string;
}

export interface RenderedIntegration {
  /** Of the operation in OpenAPI: the statuses that are mapped must be there. */
  responses: Record<string, unknown>;
  integration: Record<string, unknown>;
  /** Whether the method must declare Content-Encoding, which goes on to the backend. */
  mapsEncoding?: true;
}

export function renderRestIntegration(operation: Operation, args: IntegrationArgs): RenderedIntegration {
  const { name, backend, timeoutMs } = chooseBackend(operation, args.backends);
  const passedOn = { default: { description: "The backend's answer." } };
  const { encodingHeader, hasBinary } = args;
  const encoding = encodingHeader !== undefined && mayHaveBody(operation) ? encodingHeader : undefined;
  const mapping = encoding === undefined ? {} : { mapsEncoding: true as const };
  switch (backend.kind) {
    case "http":
      return {
        responses: passedOn,
        integration: renderProxy(operation, backend, timeoutMs, encoding),
        ...mapping,
      };
    case "vpcLink":
      return {
        responses: passedOn,
        integration: {
          ...renderProxy(operation, backend, timeoutMs, encoding),
          connectionType: "VPC_LINK",
          connectionId: args.vpcLinkIds?.[name],
          integrationTarget: backend.loadBalancerArn,
        },
        ...mapping,
      };
    case "lambda":
      return {
        responses: passedOn,
        integration: {
          type: "aws_proxy",
          httpMethod: "POST",
          uri: renderInvocationUri(backend.functionArn),
          timeoutInMillis: timeoutMs,
        },
      };
    case "mock":
      return renderMock(backend, hasBinary ? asText : {});
  }
}

export interface ChosenBackend {
  name: string;
  backend: Backend;
  timeoutMs: number;
}

/** @throws if there is no such backend, which is reported before */
export function chooseBackend(
  { method, path, backend: choice }: Operation,
  backends: Backends,
): ChosenBackend {
  const name = choice?.name ?? defaultBackend;
  const backend = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (!backend) throw new Error(`${method} ${path} has no backend "${name}"`);
  const own = backend.kind === "mock" ? undefined : backend.timeoutMs;
  return { name, backend, timeoutMs: choice?.timeoutMs ?? own ?? defaultTimeoutMs };
}

/** `https://backend.example.com/base` and `/files/{path+}` → `https://backend.example.com/base/files/{path}` */
export function renderTargetUrl(url: string, path: string): string {
  return url.replace(/\/$/, "") + path.replace("+}", "}");
}

function renderProxy(
  { method, path, gatewayPath = path, pathParameters, security }: Operation,
  { url }: HttpBackend | VpcLinkBackend,
  timeoutMs: number,
  encodingHeader: string | undefined,
): Record<string, unknown> {
  return {
    type: "http_proxy",
    httpMethod: method,
    uri: renderTargetUrl(url, gatewayPath),
    passthroughBehavior: "when_no_match",
    timeoutInMillis: timeoutMs,
    requestParameters: {
      ...Object.fromEntries(
        pathParameters.map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]),
      ),
      ...Object.fromEntries(
        Object.entries(identityHeaders).map(([header, property]) => [
          `integration.request.header.${header}`,
          // A public operation has no caller; "-" keeps one from claiming to be somebody.
          security.length === 0 ? "'-'" : `context.authorizer.${property}`,
        ]),
      ),
      ...(encodingHeader !== undefined && {
        [`integration.request.header.${contentEncoding}`]: `method.request.header.${encodingHeader}`,
      }),
    },
  };
}

/** `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION/invocations` */
export function renderInvocationUri(functionArn: string): string {
  const [, partition = "", , region = ""] = functionArn.split(":");
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html */
function renderMock(
  { statusCode, body }: MockBackend,
  handling: Partial<typeof asText>,
): RenderedIntegration {
  return {
    responses: { [statusCode]: { description: "API Gateway's own answer." } },
    integration: {
      type: "mock",
      // A body of another type than JSON has no template, and would be taken for the template's result.
      passthroughBehavior: "never",
      ...handling,
      requestTemplates: { "application/json": JSON.stringify({ statusCode }) },
      responses: {
        default: {
          statusCode: String(statusCode),
          ...handling,
          responseTemplates: { "application/json": body === undefined ? "" : literal(JSON.stringify(body)) },
        },
      },
    },
  };
}

function mayHaveBody({ method }: Operation): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method);
}

/** JSON that is no template: in texts, `$` and `#` begin what the Velocity Template Language would run. */
function literal(json: string): string {
  return json.replaceAll("$", "\\u0024").replaceAll("#", "\\u0023");
}
