// From API Gateway's event to its answer.
import { Authorizer, type Verdict } from "./authorizer";
import type { CompiledConfig } from "./config";
import { type AuthorizerRequest, bearerToken, readEvent } from "./event";
import { type DecisionFacts, decisionLine, failureLine } from "./log";
import { denyAll, type PolicyDocument } from "./policy";
import { type AllowReason, type DenyReason, Fault, Refusal } from "./reason";
import { findRoute, suffices } from "./routes";

/** What the backend and the logs learn; API Gateway takes texts only. */
export interface AnswerContext {
  org_id: string;
  client_id: string;
  /** Separated by spaces; "-" where there is none. */
  scopes: string;
  /** Names the token without giving it away. */
  token_id: string;
  /**
   * Why the request is refused, where it is: RFC 6750 section 3.1, or `access_denied` (RFC 6749 section 4.1.2.1). Not
   * `error`: `$context.authorizer.error` is the access log's word for an authorizer that failed.
   */
  oauth_error: string;
  oauth_error_description: string;
}

export interface PolicyAnswer {
  principalId: string;
  policyDocument: PolicyDocument;
  context?: AnswerContext;
  /** REST APIs only. */
  usageIdentifierKey?: string | undefined;
}

/** HTTP APIs only. */
export interface SimpleAnswer {
  isAuthorized: boolean;
  context?: AnswerContext;
}

export type Handler = (event: unknown) => Promise<PolicyAnswer | SimpleAnswer>;

/** @param write takes one line of JSON for each decision */
export function createHandler(config: CompiledConfig, write: (line: string) => void): Handler {
  const authorizer = new Authorizer(config, (error) => write(failureLine(error, Date.now())));
  const name = { Api: config.name };
  const isSimple = config.answers === "simple";
  const denied = new RegExp(config.denied.expression);
  let isColdStart = true;

  return async (event) => {
    const started = performance.now();
    const log = (facts: Pick<DecisionFacts, "reason" | "message" | "caller" | "request">) => {
      const microseconds = (performance.now() - started) * 1000;
      const { keysAgeSeconds } = authorizer;
      write(decisionLine({ ...facts, microseconds, keysAgeSeconds, isColdStart }, name, Date.now()));
      isColdStart = false;
    };
    const request = readEvent(event);
    try {
      if (!request) throw new Fault("event_unknown", "the event is not one of an authorizer");
      const token = bearerToken(request.authorization);
      if (token === undefined) throw new Refusal("token_missing", "there is no bearer token");
      const verdict = await authorizer.decide(token);
      const reason = verdict.denied ?? judge(config, denied, verdict, request);
      const answer = render(authorizer, verdict, request, isSimple ? reason : undefined);
      log({ reason, caller: verdict.caller, request });
      return answer;
    } catch (error) {
      if (error instanceof Refusal) {
        log({ reason: error.reason, message: error.message, request });
        return refuse(request, isSimple);
      }
      const fault = error instanceof Fault ? error : new Fault("internal_error", String(error));
      const { cause } = fault;
      const because = cause instanceof Error ? `: ${cause.message}` : "";
      log({ reason: fault.reason, message: `${fault.message}${because}`, request });
      // Any error but "Unauthorized" is answered with a 500 status, for our fault is not the caller's.
      throw new Error(fault.reason);
    }
  };
}

/** Of the request that brought the token; others may come under the same answer. */
function judge(
  { routes }: CompiledConfig,
  denied: RegExp,
  { caller }: Verdict,
  { method, path }: AuthorizerRequest,
): AllowReason {
  const route = denied.test(method + path) ? undefined : findRoute(routes, method, path);
  return route && suffices(caller.scopes, route) ? "allowed" : "insufficient_scope";
}

function render(
  authorizer: Authorizer,
  verdict: Verdict,
  { stageArn }: AuthorizerRequest,
  simple: AllowReason | DenyReason | undefined,
): PolicyAnswer | SimpleAnswer {
  const { caller, denied } = verdict;
  const context: AnswerContext = {
    org_id: caller.organizationId,
    client_id: caller.clientId,
    // Never empty: it is not documented that API Gateway overwrites a caller's own header with nothing.
    scopes: caller.scope || "-",
    token_id: caller.tokenId,
    ...(denied ? denials[denied] : insufficientScope),
  };
  if (simple) return { isAuthorized: simple === "allowed", context };
  return {
    principalId: caller.clientId,
    policyDocument: authorizer.policy(verdict, stageArn),
    context,
    usageIdentifierKey: authorizer.usageKey(caller),
  };
}

const insufficientScope = {
  oauth_error: "insufficient_scope",
  oauth_error_description: "The access token's scopes do not suffice for this operation.",
};

const denied = (words: string) => ({ oauth_error: "access_denied", oauth_error_description: words });

const denials: Record<DenyReason, Pick<AnswerContext, "oauth_error" | "oauth_error_description">> = {
  organization_suspended: denied("The organization is suspended."),
  organization_not_listed: denied("The organization may not use this API."),
  client_suspended: denied("The client is suspended."),
  token_revoked: denied("The access token was revoked."),
};

/** REST APIs answer this very error with 401; HTTP APIs have no way to that, and answer with 403. */
function refuse(request: AuthorizerRequest | undefined, isSimple: boolean): PolicyAnswer | SimpleAnswer {
  if (request?.api !== "http") throw new Error("Unauthorized");
  if (isSimple) return { isAuthorized: false };
  return { principalId: "anonymous", policyDocument: denyAll(request.stageArn) };
}
