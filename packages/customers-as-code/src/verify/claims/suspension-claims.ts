// How fast a suspension takes effect. The command itself suspends nobody: that would change the stack.
import { chooseAllowed } from "../choose-operations";
import type { Claim } from "../claim";
import { noOperation, printAnswer, suspendedCustomer } from "../judge";

/** Of the live list, by which a function in use reads it again: docs/explanation/authorizer.md. */
const waitSeconds = 60;

export const suspensionClaims: readonly Claim[] = [
  {
    id: "suspension-delay",
    claim: "A live suspension takes effect in time.",
    ...{ page: "docs/explanation/authorizer.md#suspend-without-a-deployment", guardsCustomers: true },
    plan(stack) {
      const { kind, given, hasLiveSuspensions, authorizerCacheSeconds } = stack;
      if (kind === "jwt")
        return { notTried: "a JWT authorizer knows no suspensions (docs/reference/gateway.md)" };
      if (!hasLiveSuspensions) return { notTried: "the stack has no liveSuspensions" };
      const wait = given.awaitSuspensionSeconds;
      if (wait === undefined)
        return {
          notTried:
            "this command changes no stack: suspend the customer yourself as the page says, start the command with --await-suspension SECONDS at the same time, and resume the customer afterwards",
        };
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      const refusal = suspendedCustomer[kind];
      const limit = Math.min(wait, waitSeconds + authorizerCacheSeconds);
      return {
        expected: `${refusal.status} within ${limit} seconds`,
        questions: [
          {
            to: "gateway until",
            status: refusal.status,
            seconds: wait,
            request: { ...operation, token: { of: "customer" } },
          },
        ],
        judge([answer]) {
          if (!answer) return { verdict: "unclear", seen: "no answer" };
          const seen = `${printAnswer(answer)} after ${Math.round(answer.seconds)} seconds`;
          const isRefused = answer.status === refusal.status;
          return { verdict: isRefused && answer.seconds <= limit ? "holds" : "fails", seen };
        },
      };
    },
  },
];
