// Lambda authorizers of HTTP APIs: who is asked, what is remembered, and what the answer means.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
import type { Account } from "../../account";
import type { Lambda } from "../../lambda-runtime";
import { Policy } from "../../policy-document";
import { isObject } from "../../property";
import { mayInvoke } from "../../services/lambda";
import { AuthorizerResults, authorizerMilliseconds } from "../authorizer-results";
import { settleWithin } from "../within";
import type { LambdaAuthorizer } from "./http-authorizers";
import type { HttpExchange } from "./http-exchange";
import { createAuthorizerEvent } from "./payload-format";
import { forbiddenRefusal, type HttpRefusal, refuseInternalError, unauthorizedRefusal } from "./refusal";

interface Result {
  /** Of the request that it was asked for, or a policy that each request is judged by. */
  decision: boolean | Policy;
  principalId?: string;
  context: Record<string, unknown>;
}

/** The Lambda authorizers of one stage, with their cache, which outlives deployments. */
export class LambdaAuthorization {
  private readonly results: AuthorizerResults<Result>;

  constructor(
    private readonly account: Account,
    private readonly lambda: Lambda,
    clock: () => number,
  ) {
    this.results = new AuthorizerResults(clock);
  }

  /** Decides about the request, and notes in it what the authorizer said; undefined lets it pass. */
  async refuse(authorizer: LambdaAuthorizer, exchange: HttpExchange): Promise<HttpRefusal | undefined> {
    const identity = authorizer.identitySources.map((source) => exchange.variable(source.slice(1)) ?? "");
    if (identity.includes("")) return unauthorizedRefusal;
    const key = JSON.stringify([authorizer.id, ...identity]);
    const result = this.results.recall(key) ?? (await this.ask(authorizer, exchange, key, identity));
    if ("status" in result) {
      exchange.caller = { error: result.reason };
      return result;
    }
    const { decision, principalId, context } = result;
    exchange.caller = { principalId, context };
    const isAllowed =
      typeof decision === "boolean"
        ? decision
        : decision.decide("execute-api:Invoke", exchange.routeArn, {
            "aws:SourceIp": exchange.sourceIp,
            "aws:UserAgent": exchange.headers.get("user-agent") ?? "",
            "aws:SecureTransport": "true",
          }) === "allow";
    return isAllowed ? undefined : forbiddenRefusal;
  }

  /** Forgets every cached result. */
  flush(): void {
    this.results.flush();
  }

  private async ask(
    authorizer: LambdaAuthorizer,
    exchange: HttpExchange,
    key: string,
    identity: string[],
  ): Promise<Result | HttpRefusal> {
    const sourceArn = this.account.arn("execute-api", `${exchange.stage.apiId}/authorizers/${authorizer.id}`);
    if (!mayInvoke(this.account, authorizer.functionArn, "apigateway.amazonaws.com", sourceArn)) {
      return failure("The IAM role or the function's policy does not let API Gateway invoke the authorizer");
    }
    const answer = await settleWithin(
      authorizerMilliseconds,
      this.lambda.invoke(authorizer.functionArn, createAuthorizerEvent(exchange, identity)),
    );
    if (!answer) return failure("the authorizer did not answer within 10 seconds");
    if ("error" in answer) return failure(answer.error.errorMessage);
    const result = readResult(answer.payload, authorizer.simpleResponses);
    if (typeof result === "string") return failure(result);
    this.results.remember(key, result, authorizer.resultTtlSeconds);
    return result;
  }
}

function failure(reason: string): HttpRefusal {
  return refuseInternalError("AUTHORIZER_FAILURE", reason);
}

/** A function's answer, or why it is none. */
function readResult(payload: unknown, simpleResponses: boolean): Result | string {
  if (!isObject(payload)) return "the authorizer must return an object";
  const { isAuthorized, policyDocument, principalId, context = {} } = payload;
  if (!isObject(context)) return "context must be an object";
  if (simpleResponses) {
    if (typeof isAuthorized !== "boolean") return "isAuthorized must be true or false in a simple response";
    return { decision: isAuthorized, context };
  }
  if (typeof principalId !== "string") return "principalId must be a string";
  const decision = Policy.parse(policyDocument);
  return decision ? { decision, principalId, context } : "policyDocument is not a policy";
}
