// Whom the gateway accepts, and every kind of refusal.

import { chooseAllowed, chooseDenied } from "../choose-operations";
import type { Claim, GatewayRequest, NotTried, StackUnderTest, TokenSource } from "../claim";
import { breakSignature, changeClaims, readClaims, unsign } from "../forge-token";
import {
  badToken,
  type ExpectedRefusal,
  judgeRefusals,
  missingScope,
  noOperation,
  printAnswer,
  printRefusal,
  suspendedCustomer,
  withoutToken,
} from "../judge";

const page = "docs/explanation/authorizer.md#what-is-refused";

/** Without it, refusals prove nothing: a gateway that refuses everybody would pass. */
export const acceptedToken = "token-accepted";

export const refusalClaims: readonly Claim[] = [
  {
    id: acceptedToken,
    claim: "The customer's token is accepted.",
    ...{ page: "docs/explanation/authorizer.md#what-is-accepted", guardsCustomers: false },
    plan(stack) {
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      return {
        expected: "an answer below 400",
        questions: [{ to: "gateway", ...operation, token: { of: "customer" } }],
        judge([answer]) {
          if (!answer) return { verdict: "unclear", seen: "no answer" };
          const isRefused = answer.status === 401 || answer.status === 403;
          return {
            verdict: answer.status < 400 ? "holds" : isRefused ? "fails" : "unclear",
            seen: printAnswer(answer),
          };
        },
      };
    },
  },
  {
    id: "no-token",
    claim: "A request without a token is refused.",
    ...{ page, guardsCustomers: true },
    plan: (stack) => attempt(stack, {}, withoutToken[stack.kind]),
  },
  {
    id: "other-scheme",
    claim: "A token under another scheme than Bearer is refused.",
    ...{ page, guardsCustomers: true },
    plan: (stack) =>
      attempt(
        stack,
        { headers: [["Authorization", `Basic ${Buffer.from(stack.marker).toString("base64")}`]] },
        badToken[stack.kind],
      ),
  },
  {
    id: "broken-signature",
    claim: "A token whose signature is broken is refused.",
    ...{ page, guardsCustomers: true },
    plan: (stack) => attemptForged(stack, breakSignature),
  },
  {
    id: "changed-organization",
    claim: "A token that somebody has changed to another organization is refused.",
    ...{ page, guardsCustomers: true },
    plan: (stack) =>
      attemptForged(stack, (token) =>
        changeClaims(token, { org_id: stack.foreignOrganizationId ?? `org_${stack.marker}` }),
      ),
  },
  {
    id: "other-audience",
    claim: "A token that somebody has changed to another audience is refused.",
    ...{ page, guardsCustomers: true },
    plan: (stack) =>
      attemptForged(stack, (token) => changeClaims(token, { aud: `https://${stack.marker}/` })),
  },
  {
    id: "unsigned-token",
    claim: 'A token with "alg": "none" is refused.',
    ...{ page, guardsCustomers: true },
    plan: (stack) => attemptForged(stack, unsign),
  },
  {
    id: "management-token",
    claim: "A token of the tenant for another API, without an organization, is refused.",
    ...{ page, guardsCustomers: true },
    plan(stack) {
      if (stack.given.hasManagementToken)
        return attempt(stack, { token: { of: "management" } }, badToken[stack.kind]);
      return {
        notTried:
          "it would send a token of Pulumi's client to the gateway, with one scope for reading: --management-token does that",
      };
    },
  },
  {
    id: "expired-token",
    claim: "An expired token is refused.",
    ...{ page, guardsCustomers: true },
    plan(stack) {
      const { expiredToken } = stack.given;
      if (expiredToken === undefined)
        return {
          notTried: "Auth0 issues no expired tokens: keep one, and give it with --expired-token FILE",
        };
      const { exp } = readClaims(expiredToken);
      if (typeof exp !== "number" || exp * 1000 > Date.now() - 60_000)
        return { notTried: "the token of --expired-token has not been expired for a minute" };
      return attempt(stack, { token: { of: "expired" } }, badToken[stack.kind]);
    },
  },
  {
    id: "missing-scope",
    claim: "A token without the required scopes is refused.",
    ...{ page, guardsCustomers: true },
    plan(stack) {
      const denied = chooseDenied(stack);
      if (!denied) return noOperation(stack, "that forbids a token of");
      const { scope, ...operation } = denied;
      const token: TokenSource = { of: "customer", ...(scope !== undefined && { scope }) };
      const refusal = missingScope[stack.kind];
      return {
        expected: printRefusal(refusal),
        questions: [{ to: "gateway", ...operation, token }],
        judge: (answers) => judgeRefusals(answers, [refusal]),
      };
    },
  },
  {
    id: "suspended-customer",
    claim: "A suspended customer's token is refused.",
    ...{ page: "docs/explanation/authorizer.md#who-may-call", guardsCustomers: true },
    plan(stack) {
      if (stack.kind === "jwt")
        return { notTried: "a JWT authorizer knows no suspensions (docs/reference/gateway.md)" };
      if (!stack.suspended)
        return { notTried: "the stack has no suspended customer whose client has a secret" };
      return attempt(stack, { token: { of: "suspended" } }, suspendedCustomer[stack.kind]);
    },
  },
];

function attempt(
  stack: StackUnderTest,
  request: Partial<GatewayRequest>,
  refusal: ExpectedRefusal,
): ReturnType<Claim["plan"]> {
  const operation = chooseAllowed(stack);
  if (!operation) return noOperation(stack, "that allows");
  return {
    expected: printRefusal(refusal),
    questions: [{ to: "gateway", ...operation, ...request }],
    judge: (answers) => judgeRefusals(answers, [refusal]),
  };
}

function attemptForged(
  stack: StackUnderTest,
  forge: (token: string) => string,
): ReturnType<Claim["plan"]> | NotTried {
  return attempt(stack, { token: { of: "customer" }, forge }, badToken[stack.kind]);
}
