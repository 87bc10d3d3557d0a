// One request through a stage and its answer, with everything that $context has about it.
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BinaryMedia } from "./binary-media";
import type { ResponseType } from "./gateway-responses";
import type { Method } from "./rest-api-body";

/** What is known of the stage that a request went to. */
export interface StageFacts {
  apiId: string;
  stageName: string;
  accountId: string;
  region: string;
  /** Of a REST API. */
  deploymentId?: string;
  variables: Readonly<Record<string, string>>;
}

export interface AuthorizerFacts {
  /** Of the policy and the context; absent where the authorizer gave none. */
  principalId?: string;
  context: Readonly<Record<string, string>>;
  /** Value of the caller's API key. */
  usageIdentifierKey?: string | undefined;
  /** Status of the authorizer: 200, or what the request is refused with. */
  status?: number;
  latency?: number;
  integrationLatency?: number;
  integrationStatus?: number;
  requestId?: string;
  error?: string;
}

interface RestIntegrationFacts {
  status?: number;
  latency: number;
  error?: string;
  requestId?: string;
}

export class RestExchange {
  readonly requestId: string;
  readonly extendedRequestId = `${randomUUID().replaceAll("-", "").slice(0, 14)}=`;
  readonly receivedAt = Date.now();
  private readonly started = performance.now();
  readonly traceId: string;
  readonly httpMethod: string;
  readonly domainName: string;
  readonly userAgent: string | undefined;
  readonly sourceIp: string;
  /** Without the stage and the query. */
  readonly path: string;
  readonly rawQuery: string;
  method: Method | undefined;
  /** Still encoded. */
  pathParameters: Readonly<Record<string, string>> = {};
  body: Buffer = Buffer.alloc(0);
  /** Of the API: which bodies are bytes. */
  binaryMedia = new BinaryMedia([]);
  authorizer: AuthorizerFacts | undefined;
  /** Where the method demands one. */
  apiKey: { id: string; value: string } | undefined;
  integration: RestIntegrationFacts | undefined;
  error: { type: ResponseType; message: string | null } | undefined;
  status = 0;
  responseLength = 0;
  responseLatency = 0;
  private parsedQuery: URLSearchParams | undefined;

  constructor(
    readonly request: IncomingMessage,
    readonly stage: StageFacts,
    pathAndQuery: string,
    private readonly basePath?: string,
  ) {
    const end = pathAndQuery.indexOf("?");
    this.path = (end < 0 ? pathAndQuery : pathAndQuery.slice(0, end)) || "/";
    this.rawQuery = end < 0 ? "" : pathAndQuery.slice(end + 1);
    this.httpMethod = request.method ?? "GET";
    this.domainName = (request.headers.host ?? "").replace(/:\d+$/, "");
    this.userAgent = request.headers["user-agent"];
    this.requestId = requestIdOf(this.header("x-amzn-requestid"));
    this.sourceIp = request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "127.0.0.1";
    this.traceId = traceIdOf(this.header("x-amzn-trace-id"), this.receivedAt);
  }

  /** What API Gateway reports to integrations about the way that the request took. */
  get forwardingHeaders(): [name: string, value: string][] {
    const forwarded = this.header("x-forwarded-for");
    return [
      ["X-Amzn-Trace-Id", this.traceId],
      ["X-Forwarded-For", forwarded === undefined ? this.sourceIp : `${forwarded}, ${this.sourceIp}`],
      ["X-Forwarded-Port", "443"],
      ["X-Forwarded-Proto", "https"],
    ];
  }

  /**
   * As events for functions have it. A base path of a custom domain name stays in it, which AWS's guide does not say, but
   * CodeGenieApp/serverless-express#86 and localstack/localstack#12295 have seen; the stage is in neither. Of the slashes
   * after the stage, one is left (invocation-payload-with-prepended-slash of localstack/localstack).
   */
  get eventPath(): string {
    return `${this.basePath ?? ""}${this.path.replace(/^\/+/, "/")}`;
  }

  /** As `$context.path` has it: with the stage at the default endpoint, with the base path at a custom domain name. */
  get contextPath(): string {
    return `${this.basePath ?? `/${this.stage.stageName}`}${this.path}`;
  }

  get elapsed(): number {
    return Math.round(performance.now() - this.started);
  }

  get query(): URLSearchParams {
    this.parsedQuery ??= new URLSearchParams(this.rawQuery);
    return this.parsedQuery;
  }

  /** What a Lambda authorizer's policy speaks of. */
  get methodArn(): string {
    const { region, accountId, apiId, stageName } = this.stage;
    return `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stageName}/${this.httpMethod}${this.path}`;
  }

  /** A header as API Gateway's mappings see it: of repeated ones, the last. */
  header(name: string): string | undefined {
    const lower = name.toLowerCase();
    const { rawHeaders } = this.request;
    for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
      if (rawHeaders[index]?.toLowerCase() === lower) return rawHeaders[index + 1];
    }
    return undefined;
  }

  /** A source of a mapping, such as `method.request.path.orderId` or `context.authorizer.org_id`. */
  source(name: string): string | undefined {
    const match = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(name);
    if (!match) return this.variable(name);
    const [, place, key = ""] = match;
    if (place === "header") return this.header(key);
    if (place === "querystring") return this.query.getAll(key).at(-1);
    return this.pathParameters[key];
  }

  /** The value of a variable, such as `context.requestId` or `stageVariables.backend`. */
  variable(name: string): string | undefined {
    const read = contextVariables.get(name);
    if (read) return asText(read(this));
    if (name.startsWith("context.authorizer.")) {
      return this.authorizer?.context[name.slice("context.authorizer.".length)];
    }
    if (name.startsWith("stageVariables.")) return this.stage.variables[name.slice("stageVariables.".length)];
    return undefined;
  }

  finish(status: number, responseLength: number): void {
    this.status = status;
    this.responseLength = responseLength;
    this.responseLatency = this.elapsed;
  }
}

/**
 * A caller may choose the id, if it is a UUID.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html
 */
function requestIdOf(chosen: string | undefined): string {
  if (chosen === undefined) return randomUUID();
  const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(chosen);
  return isUuid ? chosen : `${randomUUID()}_REPLACED_INVALID_REQUEST_ID`;
}

/**
 * A caller may choose the root of the trace.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceIdOf(given: string | undefined, receivedAt: number): string {
  const root = /(?:^|;)\s*Root=(1-[\da-f]{8}-[\da-f]{24})(?:;|$)/.exec(given ?? "")?.[1];
  const time = Math.floor(receivedAt / 1000).toString(16);
  return `Root=${root ?? `1-${time}-${randomUUID().replaceAll("-", "").slice(0, 24)}`}`;
}

type Reader = (exchange: RestExchange) => string | number | undefined | null;

const authorizerLatency: Reader = ({ authorizer }) => authorizer?.latency;
const authorizerStatus: Reader = ({ authorizer }) => authorizer?.status;
// A context key "error" would have the same name; which wins in AWS is not documented.
const authorizerError: Reader = ({ authorizer }) => authorizer?.error;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const contextVariables = new Map<string, Reader>(
  Object.entries<Reader>({
    accountId: ({ stage }) => stage.accountId,
    apiId: ({ stage }) => stage.apiId,
    "authorize.error": ({ authorizer }) => authorizer?.error,
    "authorize.latency": authorizerLatency,
    "authorize.status": authorizerStatus,
    "authorizer.error": authorizerError,
    "authorizer.integrationLatency": ({ authorizer }) => authorizer?.integrationLatency,
    "authorizer.integrationStatus": ({ authorizer }) => authorizer?.integrationStatus,
    "authorizer.latency": authorizerLatency,
    "authorizer.principalId": ({ authorizer }) => authorizer?.principalId,
    "authorizer.requestId": ({ authorizer }) => authorizer?.requestId,
    "authorizer.status": authorizerStatus,
    domainName: ({ domainName }) => domainName,
    domainPrefix: ({ domainName }) => domainName.split(".")[0],
    "error.message": ({ error }) => error?.message,
    "error.messageString": ({ error }) => error && JSON.stringify(error.message),
    "error.responseType": ({ error }) => error?.type,
    extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
    httpMethod: ({ httpMethod }) => httpMethod,
    "identity.apiKey": ({ apiKey }) => apiKey?.value,
    "identity.apiKeyId": ({ apiKey }) => apiKey?.id,
    "identity.sourceIp": ({ sourceIp }) => sourceIp,
    "identity.userAgent": ({ userAgent }) => userAgent,
    "integration.error": ({ integration }) => integration?.error,
    "integration.integrationStatus": ({ integration }) => integration?.status,
    "integration.latency": ({ integration }) => integration?.latency,
    "integration.requestId": ({ integration }) => integration?.requestId,
    "integration.status": ({ integration }) => integration?.status,
    integrationLatency: ({ integration }) => integration?.latency,
    integrationStatus: ({ integration }) => integration?.status,
    path: ({ contextPath }) => contextPath,
    protocol: ({ request }) => `HTTP/${request.httpVersion}`,
    requestId: ({ requestId }) => requestId,
    requestTime: ({ receivedAt }) => commonLogTime(receivedAt),
    requestTimeEpoch: ({ receivedAt }) => receivedAt,
    resourceId: ({ method }) => method?.resourceId,
    resourcePath: ({ method }) => method?.resourcePath,
    responseLatency: ({ responseLatency }) => responseLatency,
    responseLength: ({ responseLength }) => responseLength,
    stage: ({ stage }) => stage.stageName,
    status: ({ status }) => status || undefined,
    xrayTraceId: ({ traceId }) => traceId.replace("Root=", ""),
  }).map(([name, read]) => [`context.${name}`, read]),
);

function asText(value: string | number | undefined | null): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `24/Nov/2026:16:08:00 +0000` */
export function commonLogTime(milliseconds: number): string {
  const [date = "", time = ""] = new Date(milliseconds).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
