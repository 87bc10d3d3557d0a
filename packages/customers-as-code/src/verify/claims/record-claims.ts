// What a call leaves behind for the company: Moesif's event and log lines.
import { chooseAllowed } from "../choose-operations";
import type { Claim } from "../claim";
import { noOperation } from "../judge";

export const recordClaims: readonly Claim[] = [
  {
    id: "moesif-event",
    claim: "Moesif has the customer's calls.",
    ...{ page: "docs/moesif.md", guardsCustomers: false },
    plan(stack) {
      if (!stack.sendsToMoesif)
        return {
          notTried: "the gateway of this stack does not send events to Moesif: moesifIngestUrl is not set",
        };
      if (!stack.given.hasMoesifKey)
        return { notTried: "MOESIF_MANAGEMENT_API_KEY is not set, by which Moesif can be asked" };
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      const { organizationId } = stack.customer;
      return {
        expected: "an event of the customer's organization, newer than this run",
        questions: [
          { to: "gateway", ...operation, token: { of: "customer" } },
          { to: "moesif", organizationId },
        ],
        judge([, answer]) {
          if (answer?.status === 200)
            return { verdict: "holds", seen: `an event after ${Math.round(answer.seconds)} seconds` };
          if (answer?.status === 404)
            return { verdict: "fails", seen: `none in ${Math.round(answer.seconds)} seconds` };
          return { verdict: "unclear", seen: answer?.body.toString() ?? "no answer" };
        },
      };
    },
  },
  {
    id: "log-lines",
    claim: "CloudWatch has the authorizer's line and, without Moesif, the access log's line of a call.",
    ...{ page: "docs/authorizer.md#log-and-metrics", guardsCustomers: false },
    plan: () => ({
      notTried:
        "this program has no client of AWS. Look for the customer's organization: aws logs tail LOG-GROUP --since 10m --filter-pattern ORGANIZATION",
    }),
  },
];
