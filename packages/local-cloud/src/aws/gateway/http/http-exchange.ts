// One request through a stage of an HTTP API and its answer, with everything that $context has about it.
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { commonLogTime, type StageFacts, traceIdOf } from "../rest-exchange";
import type { FoundHttpRoute } from "./http-routes";

/** What the authorizer of the route said. */
export interface Caller {
  /** Of a Lambda authorizer. */
  context?: Readonly<Record<string, unknown>>;
  principalId?: string;
  /** Of a JWT authorizer: its claims as texts. */
  claims?: Readonly<Record<string, string>>;
  /** Those of the token, where it has any and the route demands one. */
  scopes?: string[] | null;
  error?: string;
}

interface HttpIntegrationFacts {
  status?: number;
  latency: number;
  error?: string;
}

/** The stage that is served without a name in the path. */
export const defaultStage = "$default";

export class HttpExchange {
  readonly requestId = `${randomUUID().replaceAll("-", "").slice(0, 14)}=`;
  readonly traceId: string;
  readonly receivedAt: number;
  readonly method: string;
  readonly domainName: string;
  readonly sourceIp: string;
  /** With the stage, if it has a name; decoded, whatever AWS calls it. */
  readonly rawPath: string;
  readonly rawQuery: string;
  /** Names in lower case; of repeated ones, the values with commas between. */
  readonly headers: ReadonlyMap<string, string>;
  body: Buffer = Buffer.alloc(0);
  found: FoundHttpRoute | undefined;
  caller: Caller = {};
  integration: HttpIntegrationFacts | undefined;
  error: { type: string; message: string } | undefined;
  status = 0;
  responseLength = 0;
  responseLatency = 0;
  private readonly started = performance.now();
  private parsedQuery: URLSearchParams | undefined;

  /** @param path without the stage, decoded */
  constructor(
    readonly request: IncomingMessage,
    readonly stage: StageFacts,
    readonly path: string,
    query: string,
    clock: () => number,
    basePath?: string,
  ) {
    this.receivedAt = clock();
    this.method = request.method ?? "GET";
    // That a base path stays in it like a named stage is not in AWS's guide.
    this.rawPath = `${basePath ?? (stage.stageName === defaultStage ? "" : `/${stage.stageName}`)}${path}`;
    this.rawQuery = query;
    this.headers = combine(request.rawHeaders);
    this.domainName = (this.headers.get("host") ?? "").replace(/:\d+$/, "");
    this.sourceIp = request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "127.0.0.1";
    this.traceId = traceIdOf(this.headers.get("x-amzn-trace-id"), this.receivedAt);
  }

  /** What a Lambda authorizer's policy speaks of. */
  get routeArn(): string {
    const { region, accountId, apiId, stageName } = this.stage;
    return `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stageName}/${this.method}${this.path}`;
  }

  get query(): URLSearchParams {
    this.parsedQuery ??= new URLSearchParams(this.rawQuery);
    return this.parsedQuery;
  }

  /** Of repeated ones, the values with commas between. */
  queryValue(name: string): string | undefined {
    const values = this.query.getAll(name);
    return values.length === 0 ? undefined : values.join(",");
  }

  get routeKey(): string | undefined {
    return this.found?.route.routeKey;
  }

  /** The value of `request.header.NAME`, `context.requestId`, `stageVariables.NAME` and the like. */
  variable(name: string): string | undefined {
    const [, place, key] = /^request\.(header|querystring|path)(?:\.(.+))?$/.exec(name) ?? [];
    if (place === "header") return this.headers.get((key ?? "").toLowerCase());
    if (place === "querystring") return this.queryValue(key ?? "");
    if (place === "path") return key === undefined ? this.path : this.found?.pathParameters[key];
    if (name.startsWith("stageVariables.")) return this.stage.variables[name.slice("stageVariables.".length)];
    const read = contextVariables.get(name);
    if (read) return asText(read(this));
    if (name.startsWith("context.authorizer.claims.")) {
      return this.caller.claims?.[name.slice("context.authorizer.claims.".length)];
    }
    if (name.startsWith("context.authorizer.")) {
      return asText(this.caller.context?.[name.slice("context.authorizer.".length)]);
    }
    return undefined;
  }

  finish(status: number, responseLength: number): void {
    this.status = status;
    this.responseLength = responseLength;
    this.responseLatency = Math.round(performance.now() - this.started);
  }
}

function combine(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

type Reader = (exchange: HttpExchange) => string | number | undefined;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html, as far as they have a value here. */
const contextVariables = new Map<string, Reader>(
  Object.entries<Reader>({
    accountId: ({ stage }) => stage.accountId,
    apiId: ({ stage }) => stage.apiId,
    "authorizer.error": ({ caller }) => caller.error,
    "authorizer.principalId": ({ caller }) => caller.principalId,
    domainName: ({ domainName }) => domainName,
    domainPrefix: ({ domainName }) => domainName.split(".")[0],
    "error.message": ({ error }) => error?.message,
    "error.messageString": ({ error }) => error && JSON.stringify(error.message),
    "error.responseType": ({ error }) => error?.type,
    extendedRequestId: ({ requestId }) => requestId,
    httpMethod: ({ method }) => method,
    "identity.sourceIp": ({ sourceIp }) => sourceIp,
    "identity.userAgent": ({ headers }) => headers.get("user-agent"),
    "integration.error": ({ integration }) => integration?.error,
    "integration.latency": ({ integration }) => integration?.latency,
    "integration.status": ({ integration }) => integration?.status,
    integrationErrorMessage: ({ integration }) => integration?.error,
    integrationLatency: ({ integration }) => integration?.latency,
    integrationStatus: ({ integration }) => integration?.status,
    path: ({ rawPath }) => rawPath,
    protocol: ({ request }) => `HTTP/${request.httpVersion}`,
    requestId: ({ requestId }) => requestId,
    requestTime: ({ receivedAt }) => commonLogTime(receivedAt),
    requestTimeEpoch: ({ receivedAt }) => receivedAt,
    responseLatency: ({ responseLatency }) => responseLatency,
    responseLength: ({ responseLength }) => responseLength,
    routeKey: ({ routeKey }) => routeKey,
    stage: ({ stage }) => stage.stageName,
    status: ({ status }) => status || undefined,
  }).map(([name, read]) => [`context.${name}`, read]),
);

/** Lists and maps of a context have no documented form as a text. */
function asText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}
