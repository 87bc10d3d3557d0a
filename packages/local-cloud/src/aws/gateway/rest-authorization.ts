// Lambda authorizers: who is asked, what is remembered, and what the answer means.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
import type { Account } from "../account";
import type { Lambda } from "../lambda-runtime";
import { Policy } from "../policy-document";
import { isObject } from "../property";
import { mayInvoke } from "../services/lambda";
import { AuthorizerResults, authorizerMilliseconds } from "./authorizer-results";
import type { ResponseType, RestRefusal } from "./gateway-responses";
import { createProxyEvent } from "./proxy-event";
import type { RestAuthorizer } from "./rest-api-body";
import type { AuthorizerFacts, RestExchange } from "./rest-exchange";
import { settleWithin } from "./within";

interface Result {
  policy: Policy;
  principalId: string;
  context: Record<string, string>;
  usageIdentifierKey: string | undefined;
}

/** The authorizers of one stage, with its cache, which outlives deployments. */
export class RestAuthorization {
  private readonly results: AuthorizerResults<Result>;

  constructor(
    private readonly account: Account,
    private readonly lambda: Lambda,
    clock: () => number,
  ) {
    this.results = new AuthorizerResults(clock);
  }

  /** Decides about the request, and notes in it what the authorizer said; undefined lets it pass. */
  async refuse(authorizer: RestAuthorizer, exchange: RestExchange): Promise<RestRefusal | undefined> {
    const identity = authorizer.identitySources.map((source) => exchange.source(source));
    const [token] = identity;
    if (identity.some((value) => value === undefined || value === "")) return unauthorized;
    if (authorizer.kind === "TOKEN" && !(authorizer.identityValidation?.test(token ?? "") ?? true)) {
      return unauthorized;
    }
    const key = JSON.stringify([authorizer.id, ...identity]);
    const started = performance.now();
    const result = this.results.recall(key) ?? (await this.ask(authorizer, exchange, key, token ?? ""));
    const facts: AuthorizerFacts = { ...exchange.authorizer, context: {}, status: 200 };
    facts.latency = Math.round(performance.now() - started);
    exchange.authorizer = facts;
    if ("type" in result) {
      facts.status = statusOf[result.type] ?? 500;
      facts.error = result.reason ?? result.message ?? undefined;
      return result;
    }
    facts.principalId = result.principalId;
    facts.context = result.context;
    facts.usageIdentifierKey = result.usageIdentifierKey;
    return this.apply(result.policy, exchange, facts);
  }

  /** Forgets every cached result. */
  flush(): void {
    this.results.flush();
  }

  private apply(policy: Policy, exchange: RestExchange, facts: AuthorizerFacts): RestRefusal | undefined {
    const decision = policy.decide("execute-api:Invoke", exchange.methodArn, {
      "aws:SourceIp": exchange.sourceIp,
      "aws:UserAgent": exchange.userAgent ?? "",
      "aws:SecureTransport": "true",
    });
    if (decision === "allow") return undefined;
    const explicit = decision === "explicit deny" ? " with an explicit deny in an identity-based policy" : "";
    const message = `User is not authorized to access this resource${explicit}`;
    facts.status = 403;
    facts.error = message;
    return { type: "ACCESS_DENIED", message };
  }

  private async ask(
    authorizer: RestAuthorizer,
    exchange: RestExchange,
    key: string,
    token: string,
  ): Promise<Result | RestRefusal> {
    const { apiId } = exchange.stage;
    const sourceArn = this.account.arn("execute-api", `${apiId}/authorizers/${authorizer.id}`);
    if (!mayInvoke(this.account, authorizer.functionArn, "apigateway.amazonaws.com", sourceArn)) {
      return configurationError("Invalid permissions on Lambda function");
    }
    const started = performance.now();
    const answer = await settleWithin(
      authorizerMilliseconds,
      this.lambda.invoke(authorizer.functionArn, eventFor(authorizer, exchange, token)),
    );
    exchange.authorizer = {
      context: {},
      integrationLatency: Math.round(performance.now() - started),
      integrationStatus: answer && "payload" in answer ? 200 : 500,
      requestId: exchange.requestId,
    };
    if (!answer) return failure("the authorizer did not answer within 10 seconds");
    if ("error" in answer) {
      // The exact text is the contract.
      if (answer.error.errorMessage === "Unauthorized") return unauthorized;
      return failure(answer.error.errorMessage);
    }
    const result = readResult(answer.payload);
    if (typeof result === "string") return configurationError(result);
    this.results.remember(key, result, authorizer.resultTtlSeconds);
    return result;
  }
}

const unauthorized: RestRefusal = { type: "UNAUTHORIZED", message: "Unauthorized" };
const statusOf: Partial<Record<ResponseType, number>> = { UNAUTHORIZED: 401, ACCESS_DENIED: 403 };

function failure(reason: string): RestRefusal {
  return { type: "AUTHORIZER_FAILURE", message: null, reason };
}

function configurationError(reason: string): RestRefusal {
  return { type: "AUTHORIZER_CONFIGURATION_ERROR", message: null, reason };
}

function eventFor(authorizer: RestAuthorizer, exchange: RestExchange, token: string): unknown {
  const { methodArn } = exchange;
  if (authorizer.kind === "TOKEN") return { type: "TOKEN", methodArn, authorizationToken: token };
  const { body: _body, isBase64Encoded: _encoded, ...event } = createProxyEvent(exchange);
  return { type: "REQUEST", methodArn, ...event };
}

/**
 * An authorizer's output, or why it is none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
function readResult(payload: unknown): Result | string {
  if (!isObject(payload)) return "Invalid JSON in response: the authorizer must return an object";
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = payload;
  if (typeof principalId !== "string") return "Invalid JSON in response: principalId must be a string";
  const policy = Policy.parse(policyDocument);
  if (!policy) return "Invalid JSON in response: policyDocument is not a policy";
  if (!isObject(context)) return "Invalid JSON in response: context must be an object";
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(context)) {
    if (value === null) continue;
    if (typeof value === "object")
      return `Invalid JSON in response: context.${name} is no text, number or boolean`;
    texts[name] = String(value);
  }
  return {
    policy,
    principalId,
    context: texts,
    usageIdentifierKey: typeof usageIdentifierKey === "string" ? usageIdentifierKey : undefined,
  };
}
