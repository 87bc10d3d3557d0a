// What AWS lets others do beside the API. This program has no client of AWS, so that a person has to help.
import { chooseAllowed } from "../choose-operations";
import type { Claim } from "../claim";
import { endpointOff, judgeRefusals, noOperation, printRefusal } from "../judge";

const noAwsClient = "this program has no client of AWS.";

export const roleClaims: readonly Claim[] = [
  {
    id: "least-privilege",
    claim: "The roles have no rights beyond those that the program declares.",
    ...{ page: "SECURITY.md", guardsCustomers: true },
    plan: () => ({
      notTried: `${noAwsClient} Compare the stack's roles: pulumi preview --refresh, then aws iam list-attached-role-policies --role-name ROLE`,
    }),
  },
  {
    id: "default-endpoint",
    claim: "With customDomain, nobody reaches the API at its own endpoint.",
    ...{ page: "docs/gateway.md#to-try-once-on-aws", guardsCustomers: true },
    plan(stack) {
      if (!stack.hasCustomDomain) return { notTried: "the stack has no customDomain" };
      if (stack.keepsDefaultEndpoint)
        return { notTried: "customDomain has defaultEndpoint: true, which keeps the endpoint open" };
      const { defaultEndpoint } = stack.given;
      if (defaultEndpoint === undefined)
        return {
          notTried:
            "the stack's outputs have no id of the API: --default-endpoint https://ID.execute-api.REGION.amazonaws.com",
        };
      const operation = chooseAllowed(stack);
      if (!operation) return noOperation(stack, "that allows");
      const refusal = endpointOff[stack.kind];
      const stage = stack.stageName === "$default" ? "" : `/${stack.stageName}`;
      return {
        expected: printRefusal(refusal),
        // By a good token: without one, an endpoint that is open refuses as well.
        questions: [
          {
            ...{ to: "gateway", ...operation },
            ...{ token: { of: "customer" }, baseUrl: defaultEndpoint + stage },
          },
        ],
        judge: (answers) => judgeRefusals(answers, [refusal]),
      };
    },
  },
];
