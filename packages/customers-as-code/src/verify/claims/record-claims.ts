// What a call leaves behind for the company: Moesif's event and log lines.
import { chooseAllowed } from "../choose-operations";
import type { Claim } from "../claim";
import { awsNotAsked, noOperation } from "../judge";

export const recordClaims: readonly Claim[] = [
  {
    id: "moesif-event",
    claim: "Moesif has the customer's calls.",
    ...{ page: "docs/how-to/moesif.md", guardsCustomers: false },
    plan(stack) {
      if (!stack.sendsToMoesif)
        return {
          notTried: "the gateway of this stack does not send events to Moesif: moesifIngestUrl is not set",
        };
      if (!stack.given.hasMoesifKey)
        return { notTried: "MOESIF_MANAGEMENT_API_KEY is not set, which asking Moesif needs" };
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
    ...{ page: "docs/explanation/authorizer.md#log-and-metrics", guardsCustomers: false },
    plan(stack) {
      const { aws } = stack.given;
      if (!aws) return awsNotAsked;
      const groups = [
        stack.kind !== "jwt" && aws.authorizerLogs,
        !stack.sendsToMoesif && aws.accessLogs,
      ].filter((group) => typeof group === "object");
      if (groups.length === 0) return { notTried: "the stack has no log group with lines of calls" };
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      const { organizationId } = stack.customer;
      return {
        expected: "a line with the customer's organization, newer than this run",
        questions: [
          { to: "gateway", ...operation, token: { of: "customer" } },
          ...groups.map((group) => ({ to: "logs" as const, group, text: organizationId })),
        ],
        judge([, ...answers]) {
          const without = groups.filter((_, at) => answers[at]?.status !== 200).map(({ name }) => name);
          return without.length === 0
            ? { verdict: "holds", seen: `a line in ${groups.map(({ name }) => name).join(" and ")}` }
            : { verdict: "fails", seen: `none in ${without.join(" and ")}` };
        },
      };
    },
  },
];
